"""Prints a header with all that it includes in place of its #include lines, but for the umbrella and what that includes.

Usage: besides.py <header that includes the umbrella fusegrad.hpp beside it>
"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^#include "([^"]+)"$')


def lines_of(header, seen):
    """The lines of a header and of what it includes, each header once."""
    seen.add(header)
    for line in header.read_text().splitlines():
        found = INCLUDE.match(line)
        if not found:
            if line != "#pragma once":
                yield line
        elif (included := (header.parent / found[1]).resolve()) not in seen:
            yield from lines_of(included, seen)


header = pathlib.Path(sys.argv[1]).resolve()
umbrella = header.parent / "fusegrad.hpp"
known = set()
list(lines_of(umbrella, known))
known.remove(umbrella)
print("#pragma once\n\n#include \"fusegrad.hpp\"\n")
known.add(umbrella)
print("\n".join(lines_of(header, known)))
