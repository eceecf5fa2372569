#!/usr/bin/env python3
"""Compiles functions.cpp to assembly and prints each fused function beside the one by hand.

Fails when fusegrad needs more instructions, or calls another function, than the derivative written by
hand. Usage: compare.py [--quiet] [--flags "-O3 -march=native"] [compiler ...]   (default: g++ clang++)
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
INCLUDE = HERE.parent.parent / "include"


def functions(assembly):
    """{name: [instruction, ...]} of the functions whose names end in an underscore."""
    found, name = {}, None
    for line in assembly.splitlines():
        label = re.match(r"^(\w+):", line)
        if label and re.fullmatch(r"(fused|hand)_\w+_", label.group(1)):
            name = label.group(1)
            found[name] = []
        elif name and re.match(r"\s+(\.cfi_endproc|\.size)", line):
            name = None
        elif name:
            text = re.sub(r"\s*(#.*)?$", "", line).strip()
            if text and not text.startswith(".") and not text.endswith(":"):
                text = re.sub(r"\s+", " ", text)
                if not re.match(r"(nop|endbr64|data16|xchg %ax, ?%ax)", text):
                    found[name].append(text)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quiet", action="store_true", help="counts only, no assembly")
    parser.add_argument("--flags", default="-std=c++20 -O3 -march=native")
    parser.add_argument("compilers", nargs="*", default=[])
    options = parser.parse_args()
    compilers = options.compilers or [c for c in ("g++", "clang++") if shutil.which(c)]
    worse = []
    for compiler in compilers:
        command = [compiler, *options.flags.split(), f"-I{INCLUDE}", "-S", "-o", "-", str(HERE / "functions.cpp")]
        found = functions(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
        names = [n[len("fused_"):-1] for n in found if n.startswith("fused_")]
        print(f"\n{compiler} {options.flags}")
        for name in names:
            fused, hand = found[f"fused_{name}_"], found[f"hand_{name}_"]
            verdict = "ok" if len(fused) <= len(hand) else "MORE"
            if verdict != "ok":
                worse.append(f"{compiler}: {name}")
            print(f"  {name:12} fused {len(fused):3}   hand {len(hand):3}   {verdict}")
            if not options.quiet:
                for i in range(max(len(fused), len(hand))):
                    left = fused[i] if i < len(fused) else ""
                    print(f"      {left:56} {hand[i] if i < len(hand) else ''}".rstrip())
    for line in worse:
        print(f"more instructions than by hand: {line}", file=sys.stderr)
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
