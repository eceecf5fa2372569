#!/usr/bin/env python3
"""Checks that each C++ block of README.md stands, line for line, in a program under examples/ that CI compiles and runs.

A block may leave lines out with a line `// ...`; its pieces must then stand in one program, in that order. The list of
operations must name each one that the library lists, except those that are written as operators and the parts of others.
"""
import pathlib
import re
import sys
import textwrap

OPERATORS = "neg add sub mul div equal not_equal less less_equal logical_and logical_or logical_not".split()


def unnamed_operations(root, readme):
    lists = re.split(r"^#define FUSEGRAD_", (root / "include/fusegrad/ops/list.hpp").read_text(), flags=re.M)
    listed = [name for text in lists if not text.startswith("PARTS") for name in re.findall(r"\beach\((\w+)\)", text)]
    section = re.search(r"^## Operations\n(.*?)^## ", readme, re.M | re.S).group(1)
    return [name for name in listed if name not in OPERATORS and not re.search(rf"\b{name}\b", section)]


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
    programs = [p.read_text().split("\n") for p in [*(root / "examples").glob("*.cpp"), *(root / "examples/cuda").glob("*.cu")]]
    readme = (root / "README.md").read_text()
    blocks = re.findall(r"^```cpp\n(.*?)^```", readme, re.M | re.S)
    strays = [b for b in blocks if not any(stands_in(b, p) for p in programs)]
    for stray in strays:
        print(f"README.md has a block that stands in no example:\n{textwrap.indent(stray, '  ')}")
    unnamed = unnamed_operations(root, readme)
    print(f"README: {len(blocks)} C++ blocks, {len(strays)} strays; operations not named: {' '.join(unnamed) or 'none'}")
    sys.exit(bool(strays or unnamed) or not blocks)
