#!/usr/bin/env python3
"""Compares two folders of tables of axes, made with different backends, within the tolerances of the tests.

AXES_BACKEND=jax python3 tests/oracle/axes/generate.py   in a copy, then
python3 tests/oracle/axes/compare.py A B                 exits with 1 if a number differs by more than rounding
"""

import os
import sys

ROUNDINGS, LEAST_SCALE = 64, 0.25  # as in check.hpp


def lines(path):
    with open(path, encoding="ascii") as f:
        return f.read().splitlines()


def main():
    a, b = sys.argv[1:3]
    bad = count = 0
    for name in sorted(set(os.listdir(a)) & set(os.listdir(b))):
        if not name.endswith(".txt"):
            continue
        first, second = lines(os.path.join(a, name)), lines(os.path.join(b, name))
        if len(first) != len(second):
            print(f"{name}: {len(first)} and {len(second)} lines")
            bad += 1
        for x, y in zip(first, second):
            u, v = x.split(), y.split()
            if u[:2] != v[:2] or len(u) != len(v):
                print(f"{name}: {x} | {y}")
                bad += 1
            elif u[0] not in ("program", "case") and u[2] not in ("seed", "positive", "list"):
                extents = 1
                for e in u[1].split("x"):
                    extents *= 1 if e == "-" else int(e)
                for p, q in zip(map(float, u[3:]), map(float, v[3:])):
                    count += 1
                    scale = abs(p) + max(float(u[2]), float(v[2]), LEAST_SCALE) * (1 if extents <= 8 else extents)
                    if abs(p - q) > ROUNDINGS * 2.0**-52 * scale:
                        print(f"{name}: {u[0]} {u[1]}: {p} and {q}, scale {scale}")
                        bad += 1
    print(f"{count} numbers compared, {bad} differ")
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
