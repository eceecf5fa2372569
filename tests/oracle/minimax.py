#!/usr/bin/env python3
"""Coefficients and tables of include/fusegrad/backend/cpu/math_*.hpp and core/special_math.hpp, derived from the
functions alone.

    minimax.py [group...]            prints the groups (all of them take about ten minutes)
    minimax.py --check [group...]    tells which numbers do not stand in the headers

Needs mpmath; gmpy2 makes it several times faster. A polynomial is the best in the largest weighted error (Remez), with
coefficients that are representable: they are rounded one after the other, and those left are fitted again each time.
Errors are printed in units of half an ulp, 2^-24 or 2^-53.
"""
import functools
import pathlib
import re
import sys

import mpmath as mp

mp.mp.dps = 60
mpf = mp.mpf
FLOAT, DOUBLE = 24, 53


def rounded(x, bits, how=mp.nint):
    """The nearest number of so many bits."""
    if x == 0:
        return mpf(0)
    m, e = mp.frexp(mpf(x))
    return mp.ldexp(how(mp.ldexp(m, bits)), e - bits)


# ------------------------------------------------------------------------------------------------------------- fitting


def remez(target, weight, lo, hi, powers, grid, zero):
    """(coefficients, error) of the best sum of c_k x^powers[k]; `zero` tells whether 0 counts."""
    lo, hi = mpf(lo), mpf(hi)
    n = len(powers)
    cosine = lambda k, m: (lo + hi) / 2 - (hi - lo) / 2 * mp.cos(mp.pi * k / m)
    points = [cosine(2 * k + 1, 2 * (n + 1)) for k in range(n + 1)]
    points = [x if x != 0 else (hi - lo) / 100 for x in points]
    xs = [x for x in (cosine(k, grid) for k in range(grid + 1)) if x != 0 or zero]
    values, weights = [target(x) for x in xs], [weight(x) for x in xs]
    basis = [[x**p for p in powers] for x in xs]
    best = None
    for _ in range(40):
        a, b = mp.matrix(n + 1, n + 1), mp.matrix(n + 1, 1)
        for i, x in enumerate(points):
            w = weight(x)
            for j, p in enumerate(powers):
                a[i, j] = w * x**p
            a[i, n] = (-1) ** i
            b[i] = w * target(x)
        solution = mp.lu_solve(a, b)
        c = [solution[j] for j in range(n)]
        error = [weights[i] * (values[i] - mp.fdot(c, basis[i])) for i in range(len(xs))]
        extrema = []
        for i, e in enumerate(error):
            if extrema and (e > 0) == (error[extrema[-1]] > 0):
                if abs(e) > abs(error[extrema[-1]]):
                    extrema[-1] = i
            else:
                extrema.append(i)
        while len(extrema) > n + 1:
            if len(extrema) == n + 2:
                extrema.pop(0 if abs(error[extrema[0]]) < abs(error[extrema[-1]]) else -1)
            else:
                k = min(range(len(extrema) - 1), key=lambda i: max(abs(error[extrema[i]]), abs(error[extrema[i + 1]])))
                del extrema[k : k + 2]
        worst = max(abs(e) for e in error)
        if best is None or worst < best[1]:
            best = (c, worst)
        if len(extrema) < n + 1:
            break
        new = [xs[i] for i in extrema]
        if max(abs(p - q) for p, q in zip(new, points)) < (hi - lo) * mpf(10) ** -9:
            break
        points = new
        if worst / min(abs(error[i]) for i in extrema) < 1.0005:
            break
    return best


def fit(target, lo, hi, powers, bits, weight=None, fixed=None, quick=False):
    """({power: coefficient}, error). Weighted by 1/target unless told; `fixed` are given coefficients."""
    target = functools.cache(target)
    weight = functools.cache(weight) if weight else (lambda x: 1 / target(x))
    known = {p: mpf(v) for p, v in (fixed or {}).items()}
    free = [p for p in powers if p not in known]
    grid = 500 if quick else 1500
    while free:
        rest = lambda x: target(x) - sum(v * x**p for p, v in known.items())
        # The lowest power divided out: functions that all vanish at 0 have no unique best fit.
        m = free[0]
        c, _ = remez(lambda x: rest(x) / x**m, lambda x: abs(weight(x) * x**m), lo, hi, [p - m for p in free], grid, m == 0)
        for value in c[:1] if not quick or len(known) < 4 else c:
            known[free[0]] = rounded(value, bits)
            free.pop(0)
    xs = [mpf(lo) + (mpf(hi) - lo) * k / 1001 for k in range(1002)]
    return known, max(abs(weight(x) * (target(x) - sum(v * x**p for p, v in known.items()))) for x in xs if x != 0)


# ------------------------------------------------------------------------------------------------------------ printing

printed = []


def text(x, bits):
    if x == 0:
        return "0.0"
    return mp.nstr(x, 9 if bits == FLOAT else 17, strip_zeros=False) + ("f" if bits == FLOAT else "")


def show(name, numbers, bits, error=None):
    printed.append((name, [(x, bits) for x in numbers]))
    if not checking:
        tail = "" if error is None else f"  (error {mp.nstr(error * mpf(2) ** bits, 3)})"
        print(f"{name}{tail}\n    " + ", ".join(text(x, bits) for x in numbers))


def show_fit(name, result, bits, skip=()):
    known, error = result
    show(name, [known[p] for p in sorted(known, reverse=True) if p not in skip], bits, error)


def in_square(f, top, n, bits, name):
    """f(r) = r + r^3 P(r^2) for |r| <= top: P, weighted for the relative error of f."""
    root = lambda z: mp.sqrt(z if z != 0 else mpf(10) ** -12)
    p = lambda z: (lambda r: (f(r) - r) / r**3)(root(z))
    w = lambda z: (lambda r: r**3 / f(r))(root(z))
    show_fit(name, fit(p, mpf(10) ** -10, mpf(top) ** 2, list(range(n)), bits, weight=w, quick=True), bits)


# ------------------------------------------------------------------------------------------------------------ the groups


def exp():
    ln2 = mp.log(2)
    for bits in (FLOAT, DOUBLE):
        show("2^(j/16)", [rounded(mpf(2) ** (mpf(j) / 16), bits) for j in range(16)], bits)
        high = rounded(ln2, 16 if bits == FLOAT else 42)
        show("log(2), high and low", [high, rounded(ln2 - high, bits)], bits)
    half, step = ln2 / 2 * mpf("1.002"), ln2 / 32
    show_fit("exp, |r| <= log(2)/2", fit(mp.exp, -half, half, range(7), FLOAT, fixed={0: 1, 1: 1}), FLOAT, (0, 1))
    show_fit("exp, |r| <= log(2)/2", fit(mp.exp, -half, half, range(12), DOUBLE, fixed={0: 1, 1: 1}), DOUBLE, (0, 1))
    s = step * mpf("1.02")
    show_fit("exp, |r| <= log(2)/32", fit(mp.exp, -s, s, range(4), FLOAT, fixed={0: 1, 1: 1}), FLOAT, (0, 1))
    s = step * mpf("1.002")
    show_fit("exp, |r| <= log(2)/32", fit(mp.exp, -s, s, range(7), DOUBLE, fixed={0: 1, 1: 1}), DOUBLE, (0, 1))
    power = lambda x: mpf(2) ** x
    for limit, degrees in ((mpf(1) / 32, (3, 6)), (mpf(1) / 2, (6, 11))):
        s = limit * mpf("1.002")
        for degree, bits in zip(degrees, (FLOAT, DOUBLE)):
            show_fit(f"2^r, |r| <= {mp.nstr(limit, 5)}", fit(power, -s, s, range(degree + 1), bits, fixed={0: 1}), bits, (0,))


def near_representable(f, middle, bits, tries):
    """An argument near `middle` whose f is almost a number of so many bits."""
    ulp = mpf(2) ** (mp.floor(mp.log(middle, 2)) - bits + 1)
    best = None
    for k in range(-tries, tries + 1):
        c = rounded(middle, bits) + k * ulp
        y = f(c)
        e = abs(y - rounded(y, bits)) / abs(y)
        if best is None or e < best[0]:
            best = (e, c)
    return best[1]


def log():
    spans = [(1 + mpf(j) / 16, 1 + mpf(j + 1) / 16) if j < 8 else ((16 + mpf(j)) / 32, (17 + mpf(j)) / 32) for j in range(16)]
    ones = [(1 + mpf(j) / 16, 1 + mpf(j + 1) / 16) for j in range(16)]
    lo, hi = -mpf(1) / 32 * mpf("1.01"), mpf(1) / 16 * mpf("1.01")
    tables = (("natural", mp.e, spans, (0, 15)), ("from_one", mp.e, ones, (0,)), ("binary", 2, spans, (0, 15)), ("decimal", 10, spans, (0, 15)))
    for name, base, intervals, exact in tables:
        f = lambda c: -mp.log(c) / mp.log(base)
        for bits in (FLOAT, DOUBLE):
            c = [mpf(1) if j in exact else near_representable(f, 2 / (a + b), bits, 3000) for j, (a, b) in enumerate(intervals)]
            show(f"{name}: factor", c, bits)
            show(f"{name}: logarithm", [rounded(f(x), bits) for x in c], bits)
            if name == "natural" and bits == DOUBLE:
                show("pow: low part of the logarithm", [rounded(f(x) - rounded(f(x), bits), bits) for x in c], bits)
    for degree, bits in ((5, FLOAT), (10, DOUBLE)):
        show_fit("log(1 + r)", fit(mp.log1p, lo, hi, range(1, degree + 1), bits, fixed={1: 1}), bits, (1,))
        for base in (2, 10):
            show_fit(f"log{base}(1 + r)", fit(lambda r: mp.log1p(r) / mp.log(base), lo, hi, range(1, degree + 1), bits), bits)
    r = (mp.sqrt(mpf("0.5")) - mpf("1.0001"), mp.sqrt(2) - mpf("0.9999"))
    show_fit("log(1 + f)", fit(mp.log1p, *r, range(1, 11), FLOAT, fixed={1: 1, 2: mpf(-1) / 2}), FLOAT, (1, 2))
    show_fit("log(1 + x), [0, 1]", fit(mp.log1p, 0, 1, range(1, 11), FLOAT, fixed={1: 1}), FLOAT, (1,))
    top = (mp.sqrt(2) - 1) / (mp.sqrt(2) + 1) * mpf("1.0001")
    whole = lambda z: 2 * mp.atanh(mp.sqrt(z)) / mp.sqrt(z)
    show_fit("log(1 + f) in s^2", fit(lambda z: (whole(z) - 2) / z, mpf(10) ** -8, top**2, range(7), DOUBLE, weight=lambda z: z / whole(z)), DOUBLE)
    for bits, short in ((FLOAT, 16), (DOUBLE, 42)):
        high = rounded(mp.log10(2), short)
        show("log10(2), high and low", [high, rounded(mp.log10(2) - high, bits)], bits)


def pow():
    lo, hi = -mpf(1) / 32 * mpf("1.01"), mpf(1) / 16 * mpf("1.01")
    tail = lambda r: (mp.log1p(r) - r + r * r / 2) / r**3 if r != 0 else mpf(1) / 3
    show_fit("(log(1 + r) - r + r^2/2) / r^3", fit(tail, lo, hi, range(9), DOUBLE, weight=lambda r: r**2 + mpf(10) ** -9, quick=True), DOUBLE)
    show_fit("log2(1 + r) for float", fit(lambda r: mp.log1p(r) / mp.log(2), lo, hi, range(1, 7), DOUBLE, quick=True), DOUBLE)
    top = (mp.sqrt(2) - 1) / (mp.sqrt(2) + 1) * mpf("1.0001")
    f = lambda z: 2 * mp.atanh(mp.sqrt(z)) / mp.sqrt(z) / mp.log(2) if z > 0 else 2 / mp.log(2)
    show_fit("log2 for float in s^2", fit(f, 0, top**2, range(5), DOUBLE, quick=True), DOUBLE)


def scaled_erfc(a):
    return mp.exp(a * a) * mp.erfc(a)


def erf():
    def pieces(name, f, intervals, degree):
        rows = []
        for lo, hi, margin in intervals:
            if lo is None:
                rows.append(None)
                continue
            c = near_representable(f, (lo + hi) / 2, FLOAT, 60)
            g = lambda d: f(c + d)
            rows.append((c, fit(g, lo - c - margin, hi - c + margin, range(degree + 1), FLOAT, quick=True)[0]))
        show(f"{name}: middle", [r[0] if r else mpf(0) for r in rows], FLOAT)
        for p in range(degree, -1, -1):
            show(f"{name}: power {p}", [r[1][p] if r else mpf(0) for r in rows], FLOAT)

    octaves = {}
    for e in range(4):
        for j in range(4):
            lo, hi = (mpf(2) ** e * (1 + mpf(k) / 4) - 1 for k in (j, j + 1))
            octaves[((127 + e) << 2 | j) & 15] = (None, None, None) if lo > 10.1 else (lo, min(hi, mpf("10.2")), mpf("1e-6"))
    pieces("erfc(a) exp(a^2)", scaled_erfc, [octaves[i] for i in range(16)], 6)
    quotient = lambda a: mp.erf(a) / a if a != 0 else 2 / mp.sqrt(mp.pi)
    pieces("erf(a) / a", quotient, [(mpf(j) / 4, mpf(j + 1) / 4, mpf("1e-7")) for j in range(16)], 5)

    def rational(k):
        return lambda q: (lambda a: scaled_erfc(a) * (a + k))(k * (1 + q) / (1 - q))

    mp.mp.dps = 45
    for top, n, bits in ((mpf("10.1"), 11, FLOAT), (mpf("27.3"), 23, DOUBLE)):
        show_fit("erfc in (a - 4) / (a + 4)", fit(rational(mpf(4)), -1, (top - 4) / (top + 4), range(n), bits, quick=True), bits)
    k = mpf(2)
    w = lambda q: (lambda a: mp.erfc(a) / mp.erf(a) / (scaled_erfc(a) * (a + k)))(k * (1 + q) / (1 - q))
    show_fit("erf in (a - 2) / (a + 2)", fit(rational(k), (1 - k) / (1 + k) - mpf("0.001"), (6 - k) / (6 + k), range(13), DOUBLE, weight=w, quick=True), DOUBLE)
    z = lambda z: mp.erf(mp.sqrt(z)) / mp.sqrt(z) if z > 0 else 2 / mp.sqrt(mp.pi)
    show_fit("erf(x) / x in x^2", fit(z, 0, mpf("0.9") ** 2, range(6), FLOAT, quick=True), FLOAT)
    show_fit("erf(x) / x in x^2", fit(z, 0, 1, range(12), DOUBLE, quick=True), DOUBLE)
    w = lambda a: mp.erfc(a) / mp.erf(a)
    show_fit("log(erfc(a))", fit(lambda a: mp.log(mp.erfc(a)), mpf("0.89"), mpf(4), range(7), FLOAT, weight=w, quick=True), FLOAT)
    mp.mp.dps = 60


def trig():
    mp.mp.dps = 50
    for bits, n in ((FLOAT, 4), (DOUBLE, 8)):
        in_square(mp.sin, mp.pi / 2 * (mpf("1.0005") if bits == FLOAT else mpf("1.00001")), n, bits, "sin")
    for bits, n in ((FLOAT, 6), (DOUBLE, 14)):
        in_square(mp.tan, mp.pi / 4 * (mpf("1.0005") if bits == FLOAT else mpf("1.00001")), n, bits, "tan")
    for bits, n in ((FLOAT, 8), (DOUBLE, 19)):
        in_square(mp.atan, 1, n, bits, "atan")
    for bits, n in ((FLOAT, 5), (DOUBLE, 12)):
        in_square(mp.asin, mpf("0.5"), n, bits, "asin")
    mp.mp.dps = 60
    for how, lengths in ((mp.floor, ([24] * 3, [53] * 3)), (mp.nint, ([11, 11, 11, 24], [32, 32, 32, 53]))):
        for parts, bits in zip(lengths, (FLOAT, DOUBLE)):
            x, numbers = +mp.pi, []
            for length in parts:
                numbers.append(rounded(x, length, how))
                x -= numbers[-1]
            show(f"pi in parts of {parts} bits", numbers, bits)


def cbrt():
    show_fit("m^(-1/3)", fit(lambda m: m ** (-mpf(1) / 3), mpf("0.7499"), mpf("1.5001"), range(5), FLOAT, quick=True), FLOAT)


groups = {f.__name__: f for f in (exp, log, pow, erf, trig, cbrt)}
arguments = sys.argv[1:]
checking = "--check" in arguments
chosen = [a for a in arguments if a != "--check"] or list(groups)
for g in chosen:
    groups[g]()
if checking:
    folder = pathlib.Path(__file__).resolve().parents[2] / "include/fusegrad"
    headers = [*sorted(folder.glob("backend/cpu/math_*.hpp")), folder / "core/special_math.hpp"]
    source = "".join(p.read_text() for p in headers)
    literals = [mpf(x) for x in re.findall(r"(?<![\w.])\d+\.\d*(?:e[-+]?\d+)?", source)]
    present = {bits: {mp.nstr(rounded(x, bits), 20) for x in literals} for bits in (FLOAT, DOUBLE)}
    missing = 0
    for name, numbers in printed:
        gone = [text(x, b) for x, b in numbers if x not in (0, 1) and mp.nstr(rounded(abs(x), b), 20) not in present[b]]
        if gone:
            missing += len(gone)
            print(f"{name}: not in the headers: {', '.join(gone)}")
    sys.exit(f"{missing} numbers are missing" if missing else 0)
