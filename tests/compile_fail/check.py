#!/usr/bin/env python3
"""Compiles the files of this folder, each in a namespace of its own, twice: without -DMISTAKE there is no error; with it
the first error of each is the sentence in its `// expect:` line, and a user reads no more than 40 lines (of clang 55), or what a
`// lines:` line grants.

The first error, because nothing deeper may be what a user reads first; the mended half, because a file that is wrong
for another reason would prove nothing; all at once, because the library is parsed once then. A file with a `// flags:`
line (or `// flags of g++:`, `// flags of clang:`) is compiled by itself, with these flags if it is wrong.
Usage: check.py <compiler> <flag>...
"""
import collections
import pathlib
import re
import subprocess
import sys

compiler, *flags = sys.argv[1:]
clang = "clang" in compiler
quoted = 2  # lines of source with each error and note


class Mistake:
    def __init__(self, path):
        self.path, self.name = path, path.name
        text = path.read_text()
        self.expected = re.search(r"^// expect: (.+)$", text, re.M).group(1)
        found = re.search(rf"^// flags(?: of {'clang' if clang else 'g..'})?: (.+)$", text, re.M)
        self.flags = found.group(1).split() if found else []
        found = re.search(r"^// lines: (\d+)$", text, re.M)
        self.most_lines = int(found.group(1)) if found else 55 if clang else 40
        self.headers = re.findall(r"^#include <.+>$", text, re.M)


def compile_(mistakes, *more):
    """The lines of what the compiler says about these files, without the source that it quotes."""
    source = sorted({header for m in mistakes for header in m.headers})
    source += [f'namespace {m.path.stem} {{\n#include "{m.path}"\n}}' for m in mistakes]
    quiet = ["-fno-caret-diagnostics", "-ferror-limit=0"] if clang else ["-fno-diagnostics-show-caret"]
    command = [compiler, "-std=c++20", "-Wall", "-Wextra", "-Werror=unused-result", "-fsyntax-only", *quiet, *flags]
    result = subprocess.run([*command, *more, "-x", "c++", "-"], input="\n".join(source), capture_output=True, text=True)
    return result.returncode, result.stderr.splitlines()


def by_mistake(mistakes, lines):
    """The errors and the number of lines that belong to each file, those that quote its source included."""
    names = "|".join(re.escape(m.name) for m in mistakes)
    file_of = lambda line: next(iter(re.findall(rf"\b({names}):\d+", line)), None)
    errors, lengths, begin = collections.defaultdict(list), collections.Counter(), 0
    last = mistakes[0].name if len(mistakes) == 1 else None
    positions = [k for k, line in enumerate(lines) if "error: " in line] + [len(lines)]
    for at, following in zip(positions, positions[1:]):
        # what stands between two errors is the first one's up to its last note; clang says where it comes from in notes
        notes = [k for k in range(at + 1, following) if "note: " in lines[k]]
        stop = max(notes, default=at) + 1
        around = [lines[at], *(lines[at + 1 : stop] if clang else reversed(lines[begin:at]))]
        last = next(filter(None, map(file_of, around)), last)
        errors[last].append(lines[at])
        lengths[last] += stop - begin + quoted * (1 + len(notes))
        begin = stop
    return errors, lengths


def failures(mistakes, *more):
    code, lines = compile_(mistakes, "-DMISTAKE", *more)
    errors, lengths = by_mistake(mistakes, lines)
    for m in mistakes:
        first = errors[m.name][0] if errors[m.name] else "no error at all"
        if not code or m.expected not in first:
            yield f"{m.name}: expected\n  {m.expected}\nas the first error, got\n  {first}"
        elif lengths[m.name] > m.most_lines:
            yield f"{m.name}: a user reads {lengths[m.name]} lines:\n  " + "\n  ".join(errors[m.name])
        else:
            print(f"{m.name}: {lengths[m.name]} lines")
    if errors[None]:
        yield "errors of no file:\n  " + "\n  ".join(errors[None])


mistakes = [Mistake(path) for path in sorted(pathlib.Path(__file__).parent.glob("*.cpp"))]
code, lines = compile_(mistakes)
if code:
    sys.exit("the mended programs do not compile\n" + "\n".join(lines[:100]))
wrong = [text for m in mistakes if m.flags for text in failures([m], *m.flags)]
wrong += failures([m for m in mistakes if not m.flags])
sys.exit("\n\n".join(wrong) or None)
