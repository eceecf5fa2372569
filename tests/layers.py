#!/usr/bin/env python3
"""Checks that includes follow the layers, and that no heavy standard header costs every user compile time.

core <- ir <- ops <- {expr | passes | backend/cpu | backend/cuda | backend/reference} <- api <- interop, and those in
braces never include one another; interop may include the umbrella. Run it with the include directory; it prints each
breach and fails if there is one.
"""
import pathlib
import re
import sys

RANKS = {"core": 0, "ir": 1, "ops": 2, "expr": 3, "passes": 3, "backend/cpu": 3, "backend/cuda": 3,
         "backend/reference": 3, "api": 4, "interop": 5}
HEAVY = {"immintrin.h", "cmath", "vector", "iostream", "algorithm", "functional", "memory", "random", "map", "regex"}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)


def layer_of(path):
    """The layer of a header given relative to include/fusegrad, or None for config.hpp and the umbrella."""
    folders = path.parent.parts
    return "/".join(folders[:2] if folders[:1] == ("backend",) else folders[:1]) or None


def allowed(source, target):
    if target == pathlib.Path("config.hpp"):
        return True
    here, there = layer_of(source), layer_of(target)
    if here == "interop" and target.name == "fusegrad.hpp":  # so that it stands beside the single header as well
        return True
    if here is None:  # the umbrella, which includes all but what needs other people's headers
        return source.name == "fusegrad.hpp" and there not in ("interop", None) or (
            source.name == "debug.hpp" and (target.name == "fusegrad.hpp" or there == "api"))
    return there == here or (there in RANKS and here in RANKS and RANKS[there] < RANKS[here])


def breaches(root):
    headers = sorted(p for p in root.rglob("*") if p.suffix in (".hpp", ".cuh"))
    if not headers:
        yield f"no header under {root}"
    for header in headers:
        source = header.relative_to(root)
        text = header.read_text()
        if layer_of(source) is not None and layer_of(source) not in RANKS:
            yield f"{source}: '{layer_of(source)}' is not a layer"
        if "#pragma once" not in text:
            yield f"{source}: no #pragma once"
        for bracket, name in INCLUDE.findall(text):
            target = (header.parent if bracket == '"' else root.parent) / name
            if target.is_file() and root in target.resolve().parents:
                target = target.resolve().relative_to(root)
                if not allowed(source, target):
                    yield f"{source} includes {target}: {layer_of(source)} must not know {layer_of(target)}"
            elif bracket == '"':
                yield f"{source} includes \"{name}\", which does not exist"
            elif name in HEAVY and layer_of(source) not in ("interop", "backend/cuda"):
                yield f"{source} includes <{name}>, which every user would pay for"


if __name__ == "__main__":
    found = list(breaches(pathlib.Path(sys.argv[1]).resolve() / "fusegrad"))
    print(*found, f"layers: {len(found)} breaches", sep="\n")
    sys.exit(bool(found))
