#!/usr/bin/env python3
"""Checks that each C++ block of README.md stands, line for line, in a program under examples/ that CI compiles and runs.

A block may leave lines out with a line `// ...`; its pieces must then stand in one program, in that order.
"""
import pathlib
import re
import sys
import textwrap


def find(piece, lines, start):
    """Where a run of lines, shifted left as a whole, equals the piece; None if nowhere after start."""
    for i in range(start, len(lines) - len(piece) + 1):
        if textwrap.dedent("\n".join(lines[i : i + len(piece)])).split("\n") == piece:
            return i + len(piece)
    return None


def stands_in(block, program):
    position = 0
    for piece in re.split(r"^\s*// \.\.\.\n", block, flags=re.M):
        if piece.strip():
            position = find(textwrap.dedent(piece.strip("\n")).split("\n"), program, position)
            if position is None:
                return False
    return True


if __name__ == "__main__":
    root = pathlib.Path(sys.argv[1])
    programs = [p.read_text().split("\n") for p in sorted((root / "examples").glob("*.cpp"))]
    blocks = re.findall(r"^```cpp\n(.*?)^```", (root / "README.md").read_text(), re.M | re.S)
    strays = [b for b in blocks if not any(stands_in(b, p) for p in programs)]
    for stray in strays:
        print(f"README.md has a block that stands in no example:\n{textwrap.indent(stray, '  ')}")
    print(f"README: {len(blocks)} C++ blocks, {len(strays)} strays")
    sys.exit(bool(strays) or not blocks)
