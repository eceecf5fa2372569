#!/usr/bin/env python3
"""Prints the polynomial coefficients and tables of vector_math.hpp.

Relative minimax fits by Remez exchange at 60 digits; needs mpmath. Nothing here is
used at build time: the script is kept so that every constant has a source.
"""
from mpmath import mp, mpf, matrix, lu_solve, exp, log, log1p, sqrt, erfc, pi, chop

mp.dps = 60


def remez(f, lo, hi, degree, relative=True, fixed0=None):
    """Minimax polynomial of `f` on [lo, hi]; returns (coefficients, largest error)."""
    lo, hi = mpf(lo), mpf(hi)
    first = 0 if fixed0 is None else 1
    n = degree + 1 - first
    nodes = [(lo + hi) / 2 - (hi - lo) / 2 * mp.cos(pi * k / n) for k in range(n + 1)]
    weight = (lambda x: abs(f(x))) if relative else (lambda x: mpf(1))
    grid = [(lo + hi) / 2 - (hi - lo) / 2 * mp.cos(pi * mpf(k) / 1500) for k in range(1501)]
    values = [(x, f(x), weight(x)) for x in grid]
    for _ in range(12):
        a, b = matrix(n + 1, n + 1), matrix(n + 1, 1)
        for i, x in enumerate(nodes):
            for j in range(n):
                a[i, j] = x ** (j + first)
            a[i, n] = (-1) ** i * weight(x)
            b[i] = f(x) - (fixed0 or 0)
        c = lu_solve(a, b)
        coefficients = ([mpf(fixed0)] if first else []) + [c[j] for j in range(n)]
        error = [(mp.polyval(coefficients[::-1], x) - y) / w for x, y, w in values]
        extrema, start = [], 0
        for i in range(1, len(grid) + 1):
            if i == len(grid) or (error[i] > 0) != (error[start] > 0):
                k = max(range(start, i), key=lambda m: abs(error[m]))
                extrema.append(k)
                start = i
        while len(extrema) > n + 1:
            extrema.pop(0 if abs(error[extrema[0]]) < abs(error[extrema[-1]]) else -1)
        if len(extrema) < n + 1:
            break
        nodes = [grid[k] for k in extrema]
        worst = max(abs(e) for e in error)
        if min(abs(error[k]) for k in extrema) > worst * mpf("0.999"):
            break
    return coefficients, max(abs(e) for e in error)


def show(name, fit, digits):
    coefficients, error = fit
    print(f"// {name}: largest relative error {mp.nstr(error, 2)}")
    print("  " + ", ".join(mp.nstr(c, digits) for c in coefficients))


def mills(a):
    return sqrt(pi / 2) * mp.exp(a * a / 2) * erfc(a / sqrt(2))


def mills_of_t(c, t):
    if t == 0:
        return 1 / mpf(c)                      # the limit of M(a) / t: M ~ 1/a, t ~ 1/(c a)
    a = (1 / t - 1) / c
    m = mills(a) if a < 40 else 1 / a * (1 - 1 / a**2 + 3 / a**4 - 15 / a**6 + 105 / a**8)
    return m / t


if __name__ == "__main__":
    exp2 = lambda x: mpf(2) ** x
    for degree in (5, 6, 10, 11):
        show(f"2^x on [-1/2, 1/2], degree {degree}", remez(exp2, -0.5, 0.5, degree), 18)
    quotient = lambda x: log1p(x) / x if x != 0 else mpf(1)
    for degree in (8, 9):
        show(f"log1p(x)/x on [0, 1], degree {degree}", remez(quotient, 0, 1, degree), 12)
    for degree in (7, 8):
        show(f"log1p(x)/x on [-1/4, 1/2], degree {degree}", remez(quotient, -0.25, 0.5, degree), 12)
    third = lambda x: (log1p(x) - x) / (x * x) if abs(x) > 1e-15 else mpf(-0.5)
    for degree in (6, 7, 8):
        show(f"(log1p(x)-x)/x^2 on [-1/28, 1/28], degree {degree}", remez(third, -mpf(1) / 28, mpf(1) / 28, degree), 20)
    for c, reach, degree, digits in (("0.3", 10, 7, 12), ("0.2", 12, 17, 20)):
        fit = remez(lambda t: mills_of_t(mpf(c), t) / sqrt(2 * pi), 1 / (1 + mpf(c) * reach), 1, degree)
        show(f"N(-a) / (t exp(-a^2/2)), t = 1/(1 + {c} a), 0 <= a <= {reach}, degree {degree}", fit, digits)
    print("// 1 / (1 + j step) and log(1 + j step), j = 0..15, step the double nearest to 1/15")
    step = mpf(1.0 / 15.0)
    print("  " + ", ".join(mp.nstr(1 / (1 + j * step), 20) for j in range(16)))
    print("  " + ", ".join(mp.nstr(log(1 + j * step), 20) for j in range(16)))
