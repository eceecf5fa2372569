#!/usr/bin/env python3
"""Compiles one file twice: with -DMISTAKE its first error must be the sentence in its `// expect:` line, without it none.

The first error, because nothing deeper may be what a user reads first; the mended half, because a file that is wrong
for another reason would prove nothing. Usage: check.py <file> <compiler> <flag>...
"""
import re
import subprocess
import sys

file, *command = sys.argv[1:]
with open(file) as text:
    expected = re.search(r"^// expect: (.+)$", text.read(), re.M).group(1)


def compile_(*flags):
    result = subprocess.run([*command, "-std=c++20", "-fsyntax-only", *flags, file], capture_output=True, text=True)
    return result.returncode, result.stderr


code, errors = compile_()
if code:
    sys.exit(f"{file}: the mended program does not compile\n{errors[:4000]}")

code, errors = compile_("-DMISTAKE")
first = next((line for line in errors.split("\n") if "error:" in line), "no error at all")
if not code or expected not in first:
    sys.exit(f"{file}: expected\n  {expected}\nas the first error, got\n  {first}\n\n{errors[:4000]}")
print(first)
