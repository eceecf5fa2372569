#!/usr/bin/env python3
"""Writes the oracle tables: value, first and second partial derivatives of every elementwise op, from mpmath.

    python3 tests/oracle/generate.py              all tables, into tests/oracle/tables/
    python3 tests/oracle/generate.py tanh pow     only these

Needs mpmath alone (gmpy2 makes it several times faster and changes no digit). The result is deterministic. Every cell
is evaluated with at least 50 correct digits for the exact arguments and rounded once to double. Nothing here knows how
the library computes anything; the conventions at kinks, ties, zeros and infinities are those of the documentation.

Row:     flag  arguments...  value  first partials  second partials (00 01 02 11 12 22)  [spreads]
flag     's': the arguments are floats exactly, for float and double; 'd': for double alone
cell     C hexfloat, inf, -inf, nan, or '-': nothing is promised here, do not check
spreads  one for each cell, left out when all are '.': k says that relative changes of size e in the arguments change
         the cell by up to e * 2^k where that exceeds e * |cell|: how much rounding a careful evaluation may amplify
"""

import math
import os
import random
import struct
import sys

import mpmath
from mpmath import mp, mpf

VERSION = 1
HERE = os.path.dirname(os.path.abspath(__file__))
TABLES = os.path.join(HERE, "tables")

inf, nan = math.inf, math.nan
UNKNOWN = None  # a cell that is not checked
REGULAR = Ellipsis  # a convention's answer for "nothing special here"


# ---------------------------------------------------------------------------------------------------------- numbers


def to_float32(x):
    if math.isnan(x) or math.isinf(x):
        return x
    try:
        return struct.unpack("<f", struct.pack("<f", x))[0]
    except OverflowError:
        return math.copysign(inf, x)


def is_float32(x):
    return math.isnan(x) or to_float32(x) == x


def next_float32(x, direction):
    """The neighbour of a float towards +inf (direction 1) or -inf (-1)."""
    if x == 0:
        return direction * 2.0**-149
    bits = struct.unpack("<i", struct.pack("<f", x))[0]
    bits += direction if x > 0 else -direction
    return struct.unpack("<f", struct.pack("<i", bits))[0]


def hexfloat(x):
    if x is None:
        return "-"
    if math.isnan(x):
        return "nan"
    if math.isinf(x):
        return "inf" if x > 0 else "-inf"
    text = x.hex()
    mantissa, exponent = text.split("p")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}p{exponent}"


def round_to_double(v):
    """Rounds an mpf (of any exponent) to the nearest double, ties to even, subnormals included."""
    if isinstance(v, (int, float)):
        return float(v)
    if mpmath.isnan(v):
        return nan
    if mpmath.isinf(v):
        return inf if v > 0 else -inf
    sign, man, exp, bits = v._mpf_
    man = int(man)
    if man == 0:
        return 0.0
    top = exp + bits  # 2^(top-1) <= |v| < 2^top
    if top > 1025:
        result = inf
    elif top < -1080:
        result = 0.0
    else:
        cut = max(bits - 53, -1074 - exp)  # bits to drop
        if cut > 0:
            low, man = man & ((1 << cut) - 1), man >> cut
            half = 1 << (cut - 1)
            if low > half or (low == half and man & 1):
                man += 1
            exp += cut
        try:
            result = math.ldexp(man, exp)
        except OverflowError:
            result = inf
    return -result if sign else result


# ------------------------------------------------------------------------------------------------- exact evaluation


class NoLimit(Exception):
    pass


def magnitude(x):
    """Bits between 1 and |x|: what a sum of x and 1 needs to be exact."""
    if x == 0:
        return 0
    return abs(mpmath.mag(x))


def adaptive(g, args):
    """g(args) to at least 180 bits: raises the precision until two evaluations agree."""
    prec = 256 + 2 * max((magnitude(a) for a in args), default=0)
    previous = None
    while prec < 200000:
        mp.prec = prec
        v = g(*args)
        if isinstance(v, mpmath.mpc):
            if abs(v.imag) > abs(v.real) * mpf(2) ** -100:
                raise NoLimit(f"complex {v}")
            v = v.real
        v = mpf(v)
        if previous is not None and abs(v - previous) <= abs(v) * mpf(2) ** -180:
            return v
        previous = v
        prec = prec * 2 + 64
    raise NoLimit("precision")


def limit(g, args, approach):
    """The limit of g where some arguments tend to infinity or to a singular point; `approach` maps index -> side."""
    seen = []
    for k in (9, 10):
        mp.prec = 4096
        at = []
        for i, a in enumerate(args):
            if math.isinf(a):
                at.append(mpf(2) ** (2**k) * (1 if a > 0 else -1))
            elif i in approach:
                at.append(mpf(a) + approach[i] * mpf(2) ** -(2**k))
            else:
                at.append(mpf(a))
        seen.append(adaptive(g, at))
    v1, v2 = seen
    if v1 == v2 or abs(v1 - v2) <= abs(v2) * mpf(2) ** -150:
        return v2
    if abs(v2) * 1.2 < abs(v1):
        return math.copysign(0.0, v2)
    if abs(v2) > abs(v1) * 1.2:
        return math.copysign(inf, v2)
    raise NoLimit(f"{v1} {v2}")


def spread(g, args, v):
    """log2 of the change of g for relative changes of the arguments, or None where it is below |g|."""
    total = mpf(0)
    mp.prec = 256 + 4 * max((magnitude(a) for a in args), default=0)
    h = mpf(2) ** -150
    for i, a in enumerate(args):
        if a == 0:
            continue
        sides = []
        for s in (1, -1):
            moved = list(args)
            moved[i] = a * (1 + s * h)
            try:
                w = adaptive(g, moved)
            except (NoLimit, ZeroDivisionError, ValueError):
                continue
            mp.prec = 2000
            sides.append(abs(w - v) / h)
            mp.prec = 256 + 4 * max((magnitude(b) for b in args), default=0)
        if sides:
            total += min(sides)
    if total <= abs(v) or total == 0:
        return None
    return int(mpmath.mag(total))


# ------------------------------------------------------------------------------------------------------ description


class Op:
    """value and partials are functions of mpf; `convention(column, *args)` answers for the special points.

    column is 'y', '0', '1', '01', ...; the answer a float, UNKNOWN, or REGULAR. `domain(*args)` is asked for arguments
    without NaN: outside it the value is NaN and no derivative is promised. `singular(*args)` gives {index: side} where
    the formulas have no value but a limit. `exact` ops have no spreads."""

    def __init__(
        self, name, value, first, second, points,
        convention=None,
        domain=None,
        singular=None,
        exact=False,
        infinite=True,
    ):
        self.name, self.value, self.first, self.second = name, value, first, second
        self.arity = len(first)
        self.points = points
        self.convention = convention or (lambda column, *a: REGULAR)
        self.domain = domain or (lambda *a: True)
        self.singular = singular or (lambda *a: {})
        self.exact = exact
        self.infinite = infinite  # infinities are in the domain
        self.warnings = []

    def columns(self):
        names = ["y"] + [str(i) for i in range(self.arity)]
        names += [f"{i}{j}" for i in range(self.arity) for j in range(i, self.arity)]
        return list(zip(names, [self.value] + list(self.first) + list(self.second)))

    def cell(self, column, g, args):
        """-> (double or None, spread or None)"""
        answer = self.convention(column, *args)
        if answer is not REGULAR:
            return answer if answer is None else round_to_double(answer), None
        if g is None:
            return UNKNOWN, None
        if any(math.isnan(a) for a in args):
            return (nan if column == "y" else UNKNOWN), None
        infinities = sum(math.isinf(a) for a in args)
        if (infinities and not self.infinite) or not self.domain(*args):
            return (nan if column == "y" else UNKNOWN), None
        approach = self.singular(*args)
        try:
            if infinities > 1:
                self.warnings.append((column, args, "several infinities and no convention"))
                return UNKNOWN, None
            if infinities or approach:
                return round_to_double(limit(g, args, approach)), None
            exact = [mpf(a) for a in args]
            v = adaptive(g, exact)
            result = round_to_double(v)
            if result == 0 and v != 0:
                result = math.copysign(0.0, v)
            s = None if self.exact else spread(g, exact, v)
            return result, s
        except (NoLimit, ZeroDivisionError, ValueError) as error:
            self.warnings.append((column, args, repr(error)))
            return UNKNOWN, None

    def rows(self):
        seen = set()
        for args in self.points:
            args = tuple(float(a) for a in args)
            key = tuple(hexfloat(a) for a in args)
            if key in seen:
                continue
            seen.add(key)
            flag = "s" if all(is_float32(a) for a in args) else "d"
            cells = [self.cell(column, g, args) for column, g in self.columns()]
            yield flag, args, [c for c, _ in cells], [s for _, s in cells]

    def write(self, folder):
        names = " ".join(c for c, _ in self.columns())
        lines = [
            f"# op={self.name} arity={self.arity} columns=flag,{self.arity} arguments,{names.replace(' ', ',')}"
            f",spreads generator={VERSION}; numbers are C hexfloats, '-' is not checked"
        ]
        for flag, args, cells, spreads in self.rows():
            words = [flag] + [hexfloat(a) for a in args] + [hexfloat(c) for c in cells]
            if any(s is not None for s in spreads):
                words += ["." if s is None else str(s) for s in spreads]
            lines.append(" ".join(words))
        with open(os.path.join(folder, self.name + ".txt"), "w", encoding="ascii") as out:
            out.write("\n".join(lines) + "\n")
        return len(lines) - 1


# ----------------------------------------------------------------------------------------------------------- points

FLT_MAX = to_float32(3.4028234663852886e38)
FLT_MIN = 2.0**-126
FLT_TINY = 2.0**-149
DBL_MAX = sys.float_info.max


def both(values):
    return [s * v for v in values for s in (1.0, -1.0)]


def around(*kinks):
    """The kink, its neighbours in float and in double."""
    out = []
    for k in kinks:
        k = to_float32(k)
        out += [k, next_float32(k, 1), next_float32(k, -1), math.nextafter(k, inf), math.nextafter(k, -inf)]
    return out


SPECIAL = (
    both([0.0, FLT_TINY, 3 * FLT_TINY, FLT_MIN, 1.0, inf])
    + [nan]
    + [
        to_float32(v)
        for v in both(
            [
                1e-38, 1e-30, 1e-20, 1e-12, 1e-8, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 1.1, 1.25, 1.5,
                2, 2.5, 3, 4, 5, 6, 7.5, 8.5, 9, 10, 13, 17, 20, 30, 40, 60, 87, 88.5, 89, 100, 103.5, 104.5, 700,
                745, 1e3, 1e5, 1e7, 1e10, 1e15, 1e20, 1e30, FLT_MAX,
            ]
        )
    ]
)
EXTREME = both(
    [
        5e-324, 2.2250738585072014e-308, 1e-300, 1e-200, 1e-100, 1e-50, 1e-17, 1.1e-16, 1e-15, 1e-9, 1e-7, 1 / 3, 0.7,
        math.pi / 2, math.pi, math.e, 5.5, 22.3, 36.05, 37.5, 38.6, 88.72283905206835, 300.1, 354.9, 708.4,
        709.782712893384, 709.9, 744.5, 745.1332191019412, 746.1, 1e8 + 0.5, 1e16, 1e22, 1e100, 1e154, 1.4e154, 1e200,
        1e300, DBL_MAX,
    ]
)


def uniform(seed, count, low, high, single):
    r = random.Random(seed)
    out = [low + (high - low) * r.random() for _ in range(count)]
    return [to_float32(v) for v in out] if single else out


def log_uniform(seed, count, low, high, single, signed=True):
    r = random.Random(seed)
    out = []
    for _ in range(count):
        v = 10.0 ** (low + (high - low) * r.random())
        if signed and r.random() < 0.5:
            v = -v
        out.append(to_float32(v) if single else v)
    return out


def unary(seed, *extra, low=-8.0, high=8.0):
    """The points of a one-argument op: special and extreme ones, those given, random ones from [low, high]."""
    values = SPECIAL + list(extra) + EXTREME
    values += uniform(f"{seed} f", 24, low, high, True) + uniform(f"{seed} d", 24, low, high, False)
    values += log_uniform(f"{seed} lf", 12, -36, 36, True) + log_uniform(f"{seed} ld", 12, -290, 290, False)
    return [(v,) for v in values]


PAIR = [
    0.0, -0.0, FLT_TINY, to_float32(-1e-30), to_float32(1e-8), -0.5, 0.5, 1.0, -1.0, 1.5, -2.0, 2.0, to_float32(3.7),
    -7.25, 20.0, -20.0, to_float32(100.3), 1e10, -1e10, to_float32(1e30), -FLT_MAX, inf, -inf, nan,
]


def cross(*sets):
    out = [()]
    for values in sets:
        out = [t + (v,) for t in out for v in values]
    return out


def random_tuples(seed, arity, count, low=-8.0, high=8.0, positive=()):
    r = random.Random(seed)
    out = []
    for k in range(2 * count):
        t = []
        for i in range(arity):
            v = low + (high - low) * r.random()
            if i in positive:
                v = abs(v)
            t.append(to_float32(v) if k % 2 == 0 else v)
        out.append(tuple(t))
    return out


def extreme_tuples(seed, arity, count, low=-150, high=150, positive=()):
    r = random.Random(seed)
    out = []
    for _ in range(count):
        t = []
        for i in range(arity):
            v = 10.0 ** (low + (high - low) * r.random())
            t.append(v if i in positive or r.random() < 0.5 else -v)
        out.append(tuple(t))
    return out


def pairs(seed, first=PAIR, second=PAIR, **how):
    extreme = {k: v for k, v in how.items() if k == "positive"}
    return (
        cross(first, second) + random_tuples(seed + " r", 2, 16, **how) + extreme_tuples(seed + " e", 2, 12, **extreme)
    )


# --------------------------------------------------------------------------------------------------- the definitions
# Formulas are chosen for exactness over the whole line (no 1 - tanh^2), never for speed. `sg` is the logistic function.


def sg(x):
    if x >= 0:
        return 1 / (1 + mp.exp(-x))
    e = mp.exp(x)
    return e / (1 + e)


def sg1(x):
    e = mp.exp(-abs(x))
    return e / (1 + e) ** 2


def sg2(x):
    return -sg1(x) * mp.tanh(x / 2)


def softplus(x):
    return max(x, mpf(0)) + mp.log1p(mp.exp(-abs(x)))


def phi(x):
    return mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)


def erfc(x):
    """mp.erfc fails on arguments above 1e154: far out, the asymptotic series has more digits than anyone asks for."""
    if x < mpf(2) ** 200:
        return mpf(2) if x < -(mpf(2) ** 200) else mp.erfc(x)
    term, total = mpf(1), mpf(1)
    for k in range(1, 12):
        term *= -(2 * k - 1) / (2 * x * x)
        total += term
    return mp.exp(-x * x) / (x * mp.sqrt(mp.pi)) * total


def Phi(x):
    return erfc(-x / mp.sqrt(2)) / 2


def sign_of(x):
    return mpf((x > 0) - (x < 0))


def zero(*_):
    return mpf(0)


def one(*_):
    return mpf(1)


def signbit(x):
    return math.copysign(1.0, x) < 0


OPS = []


def op(name, *a, **k):
    OPS.append(Op(name, *a, **k))


def keep_zero(column, x):
    """f(-0) = -0 for odd functions: an mpf has no signed zero."""
    return x if column == "y" and x == 0 else REGULAR


def first_of(*conventions):
    def ask(column, *args):
        for c in conventions:
            answer = c(column, *args)
            if answer is not REGULAR:
                return answer
        return REGULAR

    return ask


def at(point, **cells):
    """A convention for one argument value: y=, d=, dd=. Signed zeros are told apart only if `signed`."""
    signed = cells.pop("signed", False)
    names = {"y": "y", "0": "d", "00": "dd"}

    def ask(column, x):
        if x == point and (not signed or signbit(x) == signbit(point)) and names[column] in cells:
            return cells[names[column]]
        return REGULAR

    return ask


def one_sided(point):
    """A boundary at zero approached from above: -0 has an IEEE value, the sign of its infinities is not promised."""
    return lambda column, x: UNKNOWN if x == 0 and signbit(x) and column != "y" else REGULAR


# ----- arithmetic


def ieee(f):
    """Values at zeros and infinities as IEEE 754 has them, from the double operation itself."""

    def ask(column, *args):
        if column != "y" or not (any(math.isinf(a) for a in args) or any(a == 0 for a in args)):
            return REGULAR
        return f(*args)

    return ask


def ieee_add(x, y):
    return x + y


def ieee_mul(x, y):
    return x * y


def ieee_div(x, y):
    if y == 0:
        if x == 0 or math.isnan(x):
            return nan
        return math.copysign(inf, x) * math.copysign(1.0, y)
    return x / y


op(
    "add",
    lambda x, y: x + y,
    [one, one],
    [zero, zero, zero],
    pairs("add"),
    exact=True,
    convention=first_of(ieee(ieee_add), lambda c, x, y: REGULAR if c == "y" else (1.0 if len(c) == 1 else 0.0)),
)
op(
    "sub",
    lambda x, y: x - y,
    [one, lambda x, y: mpf(-1)],
    [zero, zero, zero],
    pairs("sub"),
    exact=True,
    convention=first_of(
        ieee(lambda x, y: x - y), lambda c, x, y: REGULAR if c == "y" else {"0": 1.0, "1": -1.0}.get(c, 0.0)
    ),
)


def mul_convention(c, x, y):
    return (
        {"0": y, "1": x, "00": 0.0, "01": 1.0, "11": 0.0}.get(c, REGULAR)
        if c != "y" and not (math.isnan(x) or math.isnan(y))
        else REGULAR
    )


op(
    "mul",
    lambda x, y: x * y,
    [None, None],
    [None, None, None],
    pairs("mul"),
    exact=True,
    convention=first_of(ieee(ieee_mul), mul_convention),
)


def div_convention(c, x, y):
    if math.isnan(x) or math.isnan(y):
        return REGULAR
    if math.isinf(y) and c != "y":
        return UNKNOWN if math.isinf(x) and c in ("1", "11") else 0.0
    if y == 0 and x == 0 and c in ("1", "11"):
        return UNKNOWN
    if c == "00":
        return 0.0
    return REGULAR


op(
    "div",
    lambda x, y: x / y,
    [lambda x, y: 1 / y, lambda x, y: -x / y**2],
    [zero, lambda x, y: -1 / y**2, lambda x, y: 2 * x / y**3],
    pairs("div"),
    exact=True,
    convention=first_of(ieee(ieee_div), div_convention),
    singular=lambda x, y: {1: -1 if signbit(y) else 1} if y == 0 else {},
)

op(
    "neg",
    lambda x: -x,
    [lambda x: mpf(-1)],
    [zero],
    unary("neg"),
    exact=True,
    convention=first_of(lambda c, x: -x if c == "y" and x == 0 else REGULAR),
)


def fma_value(a, b, c):
    try:
        product = a * b
    except OverflowError:
        return REGULAR
    if math.isinf(a) or math.isinf(b) or math.isinf(c):
        return (product if math.isinf(a) or math.isinf(b) else 0.0) + c
    if a == 0 or b == 0:
        return product + c
    return REGULAR


def fma_convention(column, a, b, c):
    if any(math.isnan(v) for v in (a, b, c)):
        return REGULAR
    if column == "y":
        return fma_value(a, b, c)
    return {"0": b, "1": a, "2": 1.0, "01": 1.0}.get(column, 0.0)


TRIPLE = [0.0, -0.0, to_float32(1e-8), -0.5, 1.0, to_float32(3.7), to_float32(-1e30), inf]
op(
    "fma",
    lambda a, b, c: a * b + c,
    [None] * 3,
    [None] * 6,
    cross(TRIPLE, TRIPLE, TRIPLE) + [(nan, 1.0, 2.0), (1.0, nan, 2.0), (1.0, 2.0, nan)] +
    # products whose low half decides: a separate multiplication and addition is off by many ulp
    [
        (1 + 2.0**-23, 1 - 2.0**-23, -1.0), (1 + 2.0**-12, 1 + 2.0**-12, -(1 + 2.0**-11)),
        (1 + 2.0**-52, 1 - 2.0**-52, -1.0), (1 / 3, 3.0, -1.0), (to_float32(1 / 3), 3.0, -1.0),
    ]
    + random_tuples("fma", 3, 24),
    convention=fma_convention,
    exact=True,
)


def where_convention(column, c, a, b):
    if column == "y":
        return a if c else b
    return {"1": 1.0 if c else 0.0, "2": 0.0 if c else 1.0, "11": 0.0, "12": 0.0, "22": 0.0}.get(column, UNKNOWN)


op(
    "where",
    lambda c, a, b: a,
    [None] * 3,
    [None] * 6,
    cross([0.0, 1.0], TRIPLE + [nan], TRIPLE + [nan])
    + [(float(k % 2), a, b) for k, (a, b) in enumerate(random_tuples("where", 2, 8))],
    convention=where_convention,
    exact=True,
)

# ----- comparisons, logic, predicates: piecewise constant

COMPARED = [0.0, -0.0, FLT_TINY, -0.5, 1.0, next_float32(1.0, 1), -1.0, to_float32(1e30), -1e10, inf, -inf, nan]


def predicate(name, test, points):
    op(
        name,
        None,
        [None] * len(points[0]),
        [None] * (len(points[0]) * (len(points[0]) + 1) // 2),
        points,
        exact=True,
        convention=lambda c, *a: (1.0 if test(*a) else 0.0) if c == "y" else 0.0,
    )


predicate("equal", lambda x, y: x == y, cross(COMPARED, COMPARED))
predicate("not_equal", lambda x, y: x != y, cross(COMPARED, COMPARED))
predicate("less", lambda x, y: x < y, cross(COMPARED, COMPARED))
predicate("less_equal", lambda x, y: x <= y, cross(COMPARED, COMPARED))
predicate("greater", lambda x, y: x > y, cross(COMPARED, COMPARED))
predicate("greater_equal", lambda x, y: x >= y, cross(COMPARED, COMPARED))
predicate("logical_and", lambda x, y: bool(x) and bool(y), cross([0.0, 1.0], [0.0, 1.0]))
predicate("logical_or", lambda x, y: bool(x) or bool(y), cross([0.0, 1.0], [0.0, 1.0]))
predicate("logical_not", lambda x: not x, [(0.0,), (1.0,)])
PREDICATE_POINTS = [(v,) for v in SPECIAL + [DBL_MAX, -DBL_MAX, 5e-324, 1e300]]
predicate("isnan", math.isnan, PREDICATE_POINTS)
predicate("isinf", math.isinf, PREDICATE_POINTS)
predicate("isfinite", math.isfinite, PREDICATE_POINTS)

# ----- pieces and signs

op("abs", lambda x: abs(x), [sign_of], [zero], unary("abs"), exact=True)


def sign_convention(c, x):
    if c != "y":
        return 0.0
    return UNKNOWN if math.isnan(x) else (x if x == 0 else math.copysign(1.0, x))


op("sign", None, [None], [None], unary("sign"), exact=True, convention=sign_convention)


def extremum(name, pick):
    def convention(c, x, y):
        if len(c) == 2:
            return UNKNOWN if math.isnan(x) or math.isnan(y) else 0.0
        if math.isnan(x) or math.isnan(y):
            if c == "y":
                return nan
            if math.isnan(x) and math.isnan(y):
                return UNKNOWN
            return nan if math.isnan((x, y)[int(c)]) else 0.0
        if c == "y":
            # the sign of zero of max(-0, +0) is open in IEEE 754-2008: UNKNOWN unless both agree
            if x == 0 and y == 0 and signbit(x) != signbit(y):
                return UNKNOWN
            return pick(x, y)
        if x == y:
            return 0.5
        return 1.0 if pick(x, y) == (x, y)[int(c)] else 0.0

    op(name, None, [None, None], [None] * 3, pairs(name), exact=True, convention=convention)


extremum("min", min)
extremum("max", max)


def nan_to_num_convention(c, x):
    """What becomes of infinities depends on the type."""
    if math.isfinite(x):
        return x if c == "y" else REGULAR
    return UNKNOWN if c == "y" and math.isinf(x) else 0.0


op(
    "nan_to_num",
    lambda x: x,
    [lambda x: mpf(1)],
    [zero],
    unary("nan_to_num"),
    exact=True,
    convention=nan_to_num_convention,
)


def clamp_convention(c, x, lo, hi):
    if len(c) == 2:
        return 0.0
    if math.isnan(lo) or math.isnan(hi) or lo > hi:
        return UNKNOWN
    if math.isnan(x):
        return nan if c == "y" else UNKNOWN
    if c == "y":
        if x == 0 and (lo == 0 or hi == 0):
            return abs(x) if not signbit(x) and not signbit(lo) and not signbit(hi) else UNKNOWN
        return min(max(x, lo), hi)
    below, above = x < lo, x > hi
    if lo == hi and c != "0":
        return UNKNOWN
    return {"0": 0.0 if below or above else 1.0, "1": 1.0 if below else 0.0, "2": 1.0 if above else 0.0}[c]


op(
    "clamp",
    None,
    [None] * 3,
    [None] * 6,
    cross(
        [
            0.0, -0.0, -1.0, next_float32(-1.0, 1), next_float32(-1.0, -1), 2.0, next_float32(2.0, 1),
            next_float32(2.0, -1), 0.5, FLT_TINY, to_float32(1e30), -1e10, inf, -inf, nan,
        ],
        [-1.0, 0.0, 0.5, -inf, -1e10],
        [2.0, 1.0, 0.5, inf],
    )
    + [(a, min(b, c), max(b, c)) for a, b, c in random_tuples("clamp", 3, 16)],
    exact=True,
    convention=clamp_convention,
)


def lerp_convention(column, a, b, t):
    if column in ("02",):
        return -1.0
    if column in ("12",):
        return 1.0
    if len(column) == 2:
        return 0.0
    if any(math.isinf(v) or math.isnan(v) for v in (a, b, t)):
        return UNKNOWN
    return REGULAR


op(
    "lerp",
    lambda a, b, t: a + t * (b - a),
    [lambda a, b, t: 1 - t, lambda a, b, t: t, lambda a, b, t: b - a],
    [None] * 6,
    cross(
        [0.0, -0.0, to_float32(1e-8), -0.5, 1.0, to_float32(3.7), to_float32(-1e30), inf],
        [0.0, 1.0, -2.0, to_float32(1e-8), 1e10, nan],
        [0.0, 1.0, 0.5, to_float32(0.3), -1.0, 2.5, to_float32(1e-8)],
    )
    + random_tuples("lerp", 3, 24, low=-2.0, high=2.0),
    convention=lerp_convention,
)

op("square", lambda x: x * x, [lambda x: 2 * x], [lambda x: mpf(2)], unary("square"), exact=True)
op(
    "sqrt",
    lambda x: mp.sqrt(x),
    [lambda x: 1 / (2 * mp.sqrt(x))],
    [lambda x: -1 / (4 * x * mp.sqrt(x))],
    unary("sqrt", low=0.0, high=30.0),
    convention=first_of(keep_zero, one_sided(0)),
    domain=lambda x: x >= 0,
    singular=lambda x: {0: 1} if x == 0 else {},
)
op(
    "rsqrt",
    lambda x: 1 / mp.sqrt(x),
    [lambda x: -1 / (2 * x * mp.sqrt(x))],
    [lambda x: mpf(3) / 4 / (x * x * mp.sqrt(x))],
    unary("rsqrt", low=0.0, high=30.0),
    domain=lambda x: x >= 0,
    singular=lambda x: {0: 1} if x == 0 else {},
    convention=lambda c, x: UNKNOWN if x == 0 and signbit(x) else REGULAR,
)


def root3(x):
    return sign_of(x) * mp.cbrt(abs(x))


op(
    "cbrt",
    root3,
    [lambda x: 1 / (3 * root3(x) ** 2)],
    [lambda x: -2 / (9 * x * root3(x) ** 2)],
    unary("cbrt"),
    convention=first_of(keep_zero),
    singular=lambda x: {0: -1 if signbit(x) else 1} if x == 0 else {},
)
op(
    "reciprocal",
    lambda x: 1 / x,
    [lambda x: -1 / x**2],
    [lambda x: 2 / x**3],
    unary("reciprocal"),
    exact=True,
    singular=lambda x: {0: -1 if signbit(x) else 1} if x == 0 else {},
)


# ----- powers


def is_integer(y):
    return math.isinf(y) or y == math.floor(y)


def ieee_pow(x, y):
    """pow of C for zeros, infinities and NaN."""
    if y == 0 or x == 1:
        return 1.0
    if math.isnan(x) or math.isnan(y):
        return nan
    odd = not math.isinf(y) and is_integer(y) and math.fmod(y, 2) != 0
    if math.isinf(y):
        if abs(x) == 1:
            return 1.0
        return inf if (abs(x) > 1) == (y > 0) else 0.0
    if x == 0 or math.isinf(x):
        large = (x != 0) == (y > 0)
        result = inf if large else 0.0
        return -result if odd and signbit(x) else result
    return REGULAR


def pow_convention(c, x, y):
    if c == "y":
        if math.isnan(x) or math.isnan(y):
            return ieee_pow(x, y)
        if x == 0 or math.isinf(x) or math.isinf(y) or y == 0:
            return ieee_pow(x, y)
        return REGULAR if x > 0 or is_integer(y) else nan
    if math.isnan(x) or math.isnan(y) or math.isinf(x) or math.isinf(y):
        return UNKNOWN
    if x < 0:
        if not is_integer(y):
            return UNKNOWN
        if c in ("0", "00"):
            return REGULAR
        return nan if c == "1" else UNKNOWN
    if x == 0:
        if c == "0":
            if y == 0:
                return 0.0
            if 0 < y < 1:
                return UNKNOWN if signbit(x) and y < 1e-6 else inf  # y - 1 may round to -1, which is odd
            if y >= 1:
                return 1.0 if y == 1 else 0.0
            return UNKNOWN if signbit(x) else -inf
        if c == "1" and y >= 0:
            return 0.0
        if y <= 0 or signbit(x):
            return UNKNOWN
        if c == "00":
            return -inf if y < 1 else 0.0 if y == 1 else inf if y < 2 else 2.0 if y == 2 else 0.0
        if c == "01":
            return -inf if y <= 1 else 0.0
        return 0.0
    return REGULAR


def power(x, y):
    """x^y for x > 0, or integral y."""
    if x == 0:
        return mpf(1) if y == 0 else mpf(0)
    if x > 0:
        return mp.exp(y * mp.log(x))
    even = mp.floor(y / 2) * 2 == y
    r = mp.exp(y * mp.log(-x))
    return r if even else -r


def times(factor, g):
    return mpf(0) if factor == 0 else factor * g()


POW_X = [
    0.0, -0.0, FLT_TINY, to_float32(1e-30), to_float32(1e-8), 0.5, to_float32(0.9), 1.0, next_float32(1.0, 1), 1.5,
    2.0, to_float32(3.7), 20.0, 1e10, to_float32(1e30), FLT_MAX, -0.5, -1.0, -2.0, to_float32(-1e10), inf, -inf, nan,
]
POW_Y = [
    0.0, -0.0, to_float32(1e-8), 0.5, 1.0, 1.5, 2.0, to_float32(2.5), 3.0, 4.0, 10.0, 31.0, 100.0, -0.5, -1.0, -2.0,
    -3.0, -7.5, inf, -inf, nan,
]
op(
    "pow",
    power,
    [lambda x, y: times(y, lambda: power(x, y - 1)), lambda x, y: power(x, y) * mp.log(x)],
    [
        lambda x, y: times(y * (y - 1), lambda: power(x, y - 2)),
        lambda x, y: power(x, y - 1) * (1 + y * mp.log(x)),
        lambda x, y: power(x, y) * mp.log(x) ** 2,
    ],
    cross(POW_X, POW_Y)
    + random_tuples("pow", 2, 32, low=-6.0, high=6.0, positive=(0,))
    + [
        (v, w)
        for v, w in zip(log_uniform("pow x", 40, -30, 30, False, signed=False), uniform("pow y", 40, -9.0, 9.0, False))
    ],
    convention=pow_convention,
)


def pown_convention(c, x, n):
    if "1" in c:
        return UNKNOWN
    if c == "y":
        if n == 0:
            return 1.0
        if math.isnan(x):
            return nan
        return ieee_pow(x, n)
    if math.isnan(x):
        return UNKNOWN if n not in (0, 1) else REGULAR
    if n == 0:
        return 0.0
    if x == 0 or math.isinf(x):
        order = 1 if c == "0" else 2
        factor = n if order == 1 else n * (n - 1)
        return 0.0 if factor == 0 else factor * ieee_pow(x, n - order)
    return REGULAR


op(
    "pown",
    power,
    [lambda x, n: times(n, lambda: power(x, n - 1)), None],
    [lambda x, n: times(n * (n - 1), lambda: power(x, n - 2)), None, None],
    cross(
        [
            0.0, -0.0, FLT_TINY, to_float32(-1e-30), to_float32(1e-8), -0.5, 0.5, to_float32(-0.9), 1.0, -1.0,
            next_float32(1.0, 1), 1.5, -1.5, to_float32(3.7), -7.25, 20.0, -1e10, to_float32(1e30), -FLT_MAX, inf,
            -inf, nan,
        ],
        [-7.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 13.0, 16.0, 31.0, 64.0, 100.0],
    )
    + [(v, float(k % 23 - 7)) for k, v in enumerate(uniform("pown", 60, -4.0, 4.0, False))],
    convention=pown_convention,
)


def hypot_convention(c, x, y):
    if c == "y" and (math.isinf(x) or math.isinf(y)):
        return inf if not (math.isnan(x) or math.isnan(y)) else UNKNOWN
    if math.isnan(x) or math.isnan(y):
        return REGULAR
    if x == 0 and y == 0:
        return 0.0 if len(c) == 1 else UNKNOWN
    if math.isinf(x) and math.isinf(y):
        return UNKNOWN
    return REGULAR


op(
    "hypot",
    lambda x, y: mp.sqrt(x * x + y * y),
    [lambda x, y: x / mp.sqrt(x * x + y * y), lambda x, y: y / mp.sqrt(x * x + y * y)],
    [
        lambda x, y: y * y / mp.sqrt(x * x + y * y) ** 3,
        lambda x, y: -x * y / mp.sqrt(x * x + y * y) ** 3,
        lambda x, y: x * x / mp.sqrt(x * x + y * y) ** 3,
    ],
    pairs("hypot"),
    convention=hypot_convention,
)


# ----- remainders and roundings


def quotient(x, y, ties_even):
    """trunc(x / y), or the integer nearest to it, exactly."""
    from fractions import Fraction

    q = Fraction(x) / Fraction(y)
    if ties_even:
        return round(q)
    return math.floor(q) if q >= 0 else -math.floor(-q)


def modulo(name, ties_even):
    def convention(c, x, y):
        if math.isnan(x) or math.isnan(y):
            return REGULAR
        if len(c) == 2:
            return 0.0
        if math.isinf(x) or y == 0:
            return nan if c == "y" else UNKNOWN
        if math.isinf(y):
            return {"y": x, "0": 1.0, "1": 0.0}[c]
        from fractions import Fraction

        n = quotient(x, y, ties_even)
        if c == "y":
            r = float(Fraction(x) - n * Fraction(y))
            return math.copysign(0.0, x) if r == 0 else r
        mp.prec = 4000
        return 1.0 if c == "0" else round_to_double(mpf(-n))

    op(name, None, [None, None], [None] * 3, pairs(name), exact=True, convention=convention)


modulo("fmod", False)
modulo("remainder", True)


def rounding(name, f):
    def convention(c, x):
        if c != "y":
            return 0.0
        if math.isnan(x) or math.isinf(x):
            return x
        return math.copysign(float(f(x)), x)

    halves = [k + 0.5 for k in range(-5, 5)]
    extra = (
        halves
        + around(0.5, -0.5, 1.5, -1.0, 1.0, 8388607.5, -8388607.5, 8388608.0, 16777216.0)
        + [
            4503599627370495.5, -4503599627370495.5, 4503599627370496.5, 9007199254740991.0, 2.0**31, -(2.0**31),
            2.0**63,
        ]
    )
    op(name, None, [None], [None], unary(name, *extra), exact=True, convention=convention)


rounding("floor", math.floor)
rounding("ceil", math.ceil)
rounding("trunc", math.trunc)
# as in <cmath>: halves away from zero
from fractions import Fraction

rounding("round", lambda x: math.floor(abs(Fraction(x)) + Fraction(1, 2)))


def copysign_convention(c, x, y):
    if len(c) == 2 or c == "1":
        return 0.0
    if math.isnan(y) or math.isnan(x):
        return UNKNOWN
    if c == "y":
        return math.copysign(x, y)
    return UNKNOWN if x == 0 else math.copysign(1.0, x) * math.copysign(1.0, y)


op("copysign", None, [None, None], [None] * 3, pairs("copysign"), exact=True, convention=copysign_convention)

# ----- exponentials and logarithms

op("exp", mp.exp, [mp.exp], [mp.exp], unary("exp"))
op(
    "exp2",
    lambda x: mpf(2) ** x,
    [lambda x: mp.log(2) * mpf(2) ** x],
    [lambda x: mp.log(2) ** 2 * mpf(2) ** x],
    unary(
        "exp2",
        127.0, 128.0, next_float32(128.0, -1), -126.0, -127.0, -149.0, -149.5, -150.0, -151.0, 1023.0, 1024.0,
        -1022.0, -1074.0, -1075.5, -1076.0, math.nextafter(1024.0, 0),
    ),
)
op("expm1", mp.expm1, [mp.exp], [mp.exp], unary("expm1"), convention=keep_zero)
for log_name, base in (("log", None), ("log2", 2), ("log10", 10)):

    def scale(base=base):
        return mpf(1) if base is None else 1 / mp.log(base)

    op(
        log_name,
        lambda x, s=scale: mp.log(x) * s(),
        [lambda x, s=scale: s() / x],
        [lambda x, s=scale: -s() / x**2],
        unary(log_name, *around(1.0), low=0.0, high=30.0),
        domain=lambda x: x >= 0,
        singular=lambda x: {0: 1} if x == 0 else {},
        convention=one_sided(0),
    )
op(
    "log1p",
    mp.log1p,
    [lambda x: 1 / (1 + x)],
    [lambda x: -1 / (1 + x) ** 2],
    unary("log1p", *around(-1.0), low=-1.0),
    domain=lambda x: x >= -1,
    singular=lambda x: {0: 1} if x == -1 else {},
    convention=keep_zero,
)


def logaddexp_convention(c, x, y):
    if math.isnan(x) or math.isnan(y) or not (math.isinf(x) or math.isinf(y)):
        return REGULAR
    if c == "y":
        return max(x, y)
    if len(c) == 2:
        return UNKNOWN if x == y else 0.0
    if x == y:
        return 0.0 if x < 0 else 0.5
    return 1.0 if (x > y) == (c == "0") else 0.0


op(
    "logaddexp",
    lambda x, y: max(x, y) + mp.log1p(mp.exp(-abs(x - y))),
    [lambda x, y: sg(x - y), lambda x, y: sg(y - x)],
    [lambda x, y: sg1(x - y), lambda x, y: -sg1(x - y), lambda x, y: sg1(x - y)],
    pairs("logaddexp"),
    convention=logaddexp_convention,
)


def xlogy_convention(c, x, y):
    if math.isnan(x) or math.isnan(y):
        return REGULAR
    if x == 0 and y <= 0:
        return 0.0 if y == 0 and len(c) == 1 or c == "y" and y == 0 else UNKNOWN
    if y == 0 and signbit(y):
        return UNKNOWN
    if c == "00" and y >= 0:
        return 0.0
    if math.isinf(x):
        if c == "y":
            return UNKNOWN if y == 1 else nan if y < 0 else x * (1.0 if y > 1 else -1.0)
        return REGULAR if c == "0" and y > 0 and not math.isinf(y) else UNKNOWN
    if math.isinf(y):
        if y < 0:
            return nan if c == "y" and x != 0 else UNKNOWN
        if c == "y":
            return x * inf if x != 0 else 0.0
        return {"0": inf}.get(c, 0.0)
    if x == 0 and c == "y":
        return UNKNOWN if y < 1 or signbit(x) else 0.0  # the sign of this zero is nobody's promise
    return REGULAR


op(
    "xlogy",
    lambda x, y: x * mp.log(y),
    [lambda x, y: mp.log(y), lambda x, y: x / y],
    [zero, lambda x, y: 1 / y, lambda x, y: -x / y**2],
    pairs("xlogy", second=PAIR + around(1.0)[1:3], positive=(1,)),
    domain=lambda x, y: y >= 0,
    convention=xlogy_convention,
    singular=lambda x, y: {1: 1} if y == 0 else {},
)

# ----- trigonometry

PI_POINTS = [
    to_float32(v)
    for v in both(
        [
            math.pi / 6, math.pi / 4, math.pi / 2, math.pi, 1.5 * math.pi, 2 * math.pi, 100 * math.pi, 1e5 * math.pi,
            48039.5, 3e6,
        ]
    )
]
PI_EXACT = both([math.pi / 4, 1.5 * math.pi, 2 * math.pi, 1e3 * math.pi, 6381956970095103 * 2.0**797])
op(
    "sin",
    mp.sin,
    [mp.cos],
    [lambda x: -mp.sin(x)],
    unary("sin", *PI_POINTS, *PI_EXACT),
    convention=keep_zero,
    infinite=False,
)
op("cos", mp.cos, [lambda x: -mp.sin(x)], [lambda x: -mp.cos(x)], unary("cos", *PI_POINTS, *PI_EXACT), infinite=False)
op(
    "tan",
    mp.tan,
    [lambda x: 1 + mp.tan(x) ** 2],
    [lambda x: 2 * mp.tan(x) * (1 + mp.tan(x) ** 2)],
    unary("tan", *PI_POINTS, *PI_EXACT),
    convention=keep_zero,
    infinite=False,
)


def unit(seed):
    return unary(seed, *around(1.0, -1.0, 0.5), low=-1.0, high=1.0)


def inside(x):
    return abs(x) <= 1


def at_one(x):
    return {0: -1 if x > 0 else 1} if abs(x) == 1 else {}


op(
    "asin",
    mp.asin,
    [lambda x: 1 / mp.sqrt((1 - x) * (1 + x))],
    [lambda x: x / mp.sqrt((1 - x) * (1 + x)) ** 3],
    unit("asin"),
    convention=keep_zero,
    domain=inside,
    singular=at_one,
)
op(
    "acos",
    mp.acos,
    [lambda x: -1 / mp.sqrt((1 - x) * (1 + x))],
    [lambda x: -x / mp.sqrt((1 - x) * (1 + x)) ** 3],
    unit("acos"),
    domain=inside,
    singular=at_one,
    convention=at(1.0, y=0.0),
)
op(
    "atan",
    mp.atan,
    [lambda x: 1 / (1 + x * x)],
    [lambda x: -2 * x / (1 + x * x) ** 2],
    unary("atan"),
    convention=keep_zero,
)


def atan2_convention(c, y, x):
    if math.isnan(x) or math.isnan(y):
        return REGULAR
    if c == "y":
        if y == 0 or x == 0 or math.isinf(x) or math.isinf(y):
            return math.atan2(y, x)  # a multiple of pi/4 or a signed zero: correctly rounded by every libm
        return REGULAR
    if x == 0 and y == 0:
        return 0.0 if len(c) == 1 else UNKNOWN
    if math.isinf(x) or math.isinf(y):
        return 0.0 if len(c) == 1 else UNKNOWN if math.isinf(x) and math.isinf(y) else 0.0
    return REGULAR


op(
    "atan2",
    lambda y, x: mp.atan2(y, x),
    [lambda y, x: x / (x * x + y * y), lambda y, x: -y / (x * x + y * y)],
    [
        lambda y, x: -2 * x * y / (x * x + y * y) ** 2,
        lambda y, x: (y * y - x * x) / (x * x + y * y) ** 2,
        lambda y, x: 2 * x * y / (x * x + y * y) ** 2,
    ],
    pairs("atan2"),
    convention=atan2_convention,
)

op("sinh", mp.sinh, [mp.cosh], [mp.sinh], unary("sinh"), convention=keep_zero)
op("cosh", mp.cosh, [mp.sinh], [mp.cosh], unary("cosh"))


def sech2(x):
    return 4 * sg1(2 * x)


op("tanh", mp.tanh, [sech2], [lambda x: -2 * mp.tanh(x) * sech2(x)], unary("tanh"), convention=keep_zero)
op(
    "asinh",
    mp.asinh,
    [lambda x: 1 / mp.sqrt(1 + x * x)],
    [lambda x: -x / mp.sqrt(1 + x * x) ** 3],
    unary("asinh"),
    convention=keep_zero,
)
op(
    "acosh",
    mp.acosh,
    [lambda x: 1 / mp.sqrt((x - 1) * (x + 1))],
    [lambda x: -x / mp.sqrt((x - 1) * (x + 1)) ** 3],
    unary("acosh", *around(1.0), low=1.0, high=20.0),
    domain=lambda x: x >= 1,
    singular=lambda x: {0: 1} if x == 1 else {},
    convention=at(1.0, y=0.0),
)
op(
    "atanh",
    mp.atanh,
    [lambda x: 1 / ((1 - x) * (1 + x))],
    [lambda x: 2 * x / ((1 - x) * (1 + x)) ** 2],
    unit("atanh"),
    convention=keep_zero,
    domain=inside,
    singular=at_one,
)


def sinc(x):
    return mpf(1) if x == 0 else mp.sinpi(x) / (mp.pi * x)


def sinc1(x):
    return mpf(0) if x == 0 else (mp.cospi(x) - sinc(x)) / x


def sinc2(x):
    return -mp.pi**2 / 3 if x == 0 else -mp.pi**2 * sinc(x) - 2 * sinc1(x) / x


# the normalised one, sin(pi x) / (pi x); its limit 0 at infinity is left open, as sin has none there
op(
    "sinc",
    sinc,
    [sinc1],
    [sinc2],
    unary("sinc", *both([1.0, 2.0, 3.0, 0.5, 1.5, 1e-3])),
    convention=lambda c, x: UNKNOWN if math.isinf(x) else REGULAR,
)

# ----- erf and gamma


def gauss(x):
    return 2 / mp.sqrt(mp.pi) * mp.exp(-x * x)


TAILS = both([3.9, 4.1, 5.9, 6.1, 9.2, 10.05, 12.9, 14.1, 26.2, 26.6, 27.3])
TAILS = [to_float32(v) for v in TAILS]
op("erf", mp.erf, [gauss], [lambda x: -2 * x * gauss(x)], unary("erf", *TAILS), convention=keep_zero)
op("erfc", erfc, [lambda x: -gauss(x)], [lambda x: 2 * x * gauss(x)], unary("erfc", *TAILS))


def erfinv_slope(x):
    return mp.sqrt(mp.pi) / 2 * mp.exp(mp.erfinv(x) ** 2)


op(
    "erfinv",
    mp.erfinv,
    [erfinv_slope],
    [lambda x: 2 * mp.erfinv(x) * erfinv_slope(x) ** 2],
    unit("erfinv"),
    convention=keep_zero,
    domain=inside,
    singular=at_one,
)
op("normal_cdf", Phi, [phi], [lambda x: -x * phi(x)], unary("normal_cdf", *TAILS))


def far_tail_less_one(x):
    """sqrt(2 pi) |x| Phi(x) exp(x^2 / 2) - 1 far out, by its asymptotic series."""
    term, total = mpf(1), mpf(0)
    for k in range(1, 30):
        term *= -(2 * k - 1) / (x * x)
        total += term
    return total


def log_normal_cdf(x):
    if x < -1000:
        return -x * x / 2 - mp.log(-x * mp.sqrt(2 * mp.pi)) + mp.log1p(far_tail_less_one(x))
    return mp.log1p(-Phi(-x)) if x > 0 else mp.log(Phi(x))


def normal_hazard(x):
    return -x / (1 + far_tail_less_one(x)) if x < -1000 else phi(x) / Phi(x)


def normal_hazard1(x):
    if x < -1000:
        return far_tail_less_one(x) * normal_hazard(x) ** 2
    with mp.workprec(mp.prec + 40):  # x and the hazard cancel
        return -normal_hazard(x) * (x + normal_hazard(x))


op(
    "log_normal_cdf",
    log_normal_cdf,
    [normal_hazard],
    [normal_hazard1],
    unary("log_normal_cdf", *TAILS),
    convention=at(-inf, y=-inf, d=inf, dd=-1.0),
)


def cot_derivative(n, x):
    """The n-th derivative of pi cot(pi x), as a polynomial in c = cot(pi x)."""
    c = mp.cospi(x) / mp.sinpi(x)
    p = [mpf(0), mp.pi]
    for _ in range(n):
        d = [k * p[k] for k in range(1, len(p))]
        p = [mpf(0)] * (len(d) + 2)
        for k, v in enumerate(d):
            p[k] -= mp.pi * v
            p[k + 2] -= mp.pi * v
    return sum(v * c**k for k, v in enumerate(p))


def psi(n, x):
    """The polygamma function, below 1/2 by reflection: psi_n(x) = (-1)^n psi_n(1 - x) - d^n/dx^n pi cot(pi x)."""
    if x >= 0.5:
        return mp.psi(n, x)
    return (-1) ** n * mp.psi(n, 1 - x) - cot_derivative(n, x)


def lgamma(x):
    if x >= 0.5:
        return mp.loggamma(x)
    return mp.log(mp.pi / abs(mp.sinpi(x))) - mp.loggamma(1 - x)


def at_pole(x):
    return x < 0 and not math.isinf(x) and x == math.floor(x)


def gamma_family(name, value, order, **how):
    """order: how many derivatives of lgamma the value itself is. Odd ones change sign at a pole, even ones do not."""

    def convention(c, x):
        k = order + {"y": 0, "0": 1, "00": 2}[c]
        if x == -inf:
            return inf if name == "lgamma" and c == "y" else UNKNOWN
        if not math.isnan(x) and at_pole(x):
            if c == "y" and name != "lgamma":
                return UNKNOWN
            return UNKNOWN if k % 2 == 1 else inf
        return REGULAR

    derivatives = [value] + [lambda x, n=n: psi(n, x) for n in range(0, 5)]
    op(
        name,
        derivatives[order],
        [derivatives[order + 1]],
        [derivatives[order + 2]],
        unary(
            name,
            *around(1.0, 2.0),
            to_float32(1.4616321449683623),
            1.4616321449683623,
            *[-k - 0.5 for k in range(8)],
            to_float32(-2.457024738220800), to_float32(-0.504083), -30.5, -100.25, to_float32(-1e-3), -170.5, 171.6,
            12.0, 33.3,
            low=-6.0,
            high=30.0,
        ),
        convention=convention,
        singular=lambda x: {0: -1 if signbit(x) else 1} if x == 0 else {},
        **how,
    )


gamma_family("lgamma", lgamma, 0)
gamma_family("digamma", lgamma, 1)
gamma_family("trigamma", lgamma, 2)
gamma_family("tetragamma", lgamma, 3)

# ----- incomplete gamma and beta functions


def slope_in(f, k):
    """The derivative of f with respect to argument k, from differences at a third of the digits."""

    def g(*a):
        prec, h = mp.prec, mpf(2) ** -(mp.prec // 3)
        mp.prec = 2 * prec
        moved = lambda s: f(*[v + s * h if i == k else v for i, v in enumerate(a)])
        return (moved(1) - moved(-1)) / (2 * h)

    return g


def positives(name, count, *more):
    """Tuples of shapes, and what `more` says."""
    shapes = [0.125, 0.5, 1.0, 1.5, to_float32(3.7), 10.0, 20.0, to_float32(100.3)]
    return cross(*[shapes] * count, *more)


op(
    "lbeta",
    lambda a, b: mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b),
    [lambda a, b: psi(0, a) - psi(0, a + b), lambda a, b: psi(0, b) - psi(0, a + b)],
    [lambda a, b: psi(1, a) - psi(1, a + b), lambda a, b: -psi(1, a + b), lambda a, b: psi(1, b) - psi(1, a + b)],
    positives("lbeta", 2)
    + cross([to_float32(1e-8), to_float32(1e-3), 2.0, 1e5, 1e10], [to_float32(1e-6), 0.5, 12.0, 1e7])
    + random_tuples("lbeta", 2, 24, positive=(0, 1))
    + [(-1.5, 2.0), (nan, 1.0), (2.0, nan)],
    domain=lambda a, b: a > 0 and b > 0,
)


def gamma_p(a, x):
    total = term = mpf(1)
    k = 0
    while abs(term) > total * mpf(2) ** -(mp.prec + 8):
        k += 1
        term *= x / (a + k)
        total += term
    return mp.exp(a * mp.log(x) - x - mp.loggamma(a + 1)) * total


def gamma_density(a, x):
    return mp.exp((a - 1) * mp.log(x) - x - mp.loggamma(a))


def gamma_convention(upper):
    def ask(c, a, x):
        if math.isnan(a) or math.isnan(x) or not (a > 0 and x >= 0):
            return nan if c == "y" else UNKNOWN
        if c == "00":
            return UNKNOWN
        if x == 0 or math.isinf(x):
            if c == "y":
                return 1.0 if (x > 0) != upper else 0.0
            return 0.0 if c == "0" or (c == "1" and x > 0) else UNKNOWN
        return REGULAR

    return ask


def incomplete_gamma(name, upper):
    sign = -1 if upper else 1
    op(
        name,
        (lambda a, x: 1 - gamma_p(a, x)) if upper else gamma_p,
        [lambda a, x: sign * slope_in(gamma_p, 0)(a, x), lambda a, x: sign * gamma_density(a, x)],
        [
            None,
            lambda a, x: sign * gamma_density(a, x) * (mp.log(x) - psi(0, a)),
            lambda a, x: sign * gamma_density(a, x) * ((a - 1) / x - 1),
        ],
        positives(
            name, 1, [0.0, to_float32(1e-8), 0.25, 1.0, 2.0, to_float32(9.3), 21.0, to_float32(98.7), 150.0, inf]
        )
        + [(1e-6, 0.5), (1000.0, 1010.0), (1000.0, 950.0), (-1.0, 2.0), (2.0, -1.0), (nan, 1.0), (2.0, nan)]
        + random_tuples(name, 2, 16, positive=(0, 1)),
        convention=gamma_convention(upper),
    )


incomplete_gamma("gammainc", False)
incomplete_gamma("gammaincc", True)


def beta_i(a, b, x):
    """From the series of whichever side converges: sums of positive terms."""
    if x > a / (a + b):
        return 1 - beta_i(b, a, 1 - x)
    total = term = mpf(1)
    k = 0
    while abs(term) > total * mpf(2) ** -(mp.prec + 8):
        term *= (a + b + k) * x / (a + 1 + k)
        total += term
        k += 1
    log_beta = mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)
    return mp.exp(a * mp.log(x) + b * mp.log1p(-x) - log_beta) * total / a


def beta_density(a, b, x):
    log_beta = mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)
    return mp.exp((a - 1) * mp.log(x) + (b - 1) * mp.log1p(-x) - log_beta)


def beta_convention(c, a, b, x):
    if any(math.isnan(v) for v in (a, b, x)) or not (a > 0 and b > 0 and 0 <= x <= 1):
        return nan if c == "y" else UNKNOWN
    if c in ("00", "01", "11"):
        return UNKNOWN
    if x in (0, 1):
        return x if c == "y" else 0.0 if c in ("0", "1") else UNKNOWN
    return REGULAR


op(
    "betainc",
    beta_i,
    [slope_in(beta_i, 0), slope_in(beta_i, 1), beta_density],
    [
        None,
        None,
        lambda a, b, x: beta_density(a, b, x) * (mp.log(x) - psi(0, a) + psi(0, a + b)),
        None,
        lambda a, b, x: beta_density(a, b, x) * (mp.log1p(-x) - psi(0, b) + psi(0, a + b)),
        lambda a, b, x: beta_density(a, b, x) * ((a - 1) / x - (b - 1) / (1 - x)),
    ],
    cross(
        [0.125, 1.5, 20.0],
        [1.0, to_float32(2.2), 12.0],
        [to_float32(1e-6), to_float32(0.4), 0.75],
    )
    + [(2.0, 3.0, 0.0), (2.0, 3.0, 1.0), (0.0, 1.0, 0.5), (1.0, -1.0, 0.5), (2.0, 2.0, 1.5), (nan, 1.0, 0.5)]
    + [(1.0, 1.0, nan), (30.0, 40.0, 0.4375), (20.0, 100.0, 0.125), (2.5, 0.125, to_float32(0.9)), (abs(1 / 3), 0.7, 0.3), (55.5, 7.1, 0.9)],
    convention=beta_convention,
)

# ----- activations

op("relu", lambda x: max(x, mpf(0)), [lambda x: mpf(1 if x > 0 else 0)], [zero], unary("relu"), exact=True)
op(
    "relu6",
    lambda x: min(max(x, mpf(0)), mpf(6)),
    [lambda x: mpf(1 if 0 < x < 6 else 0)],
    [zero],
    unary("relu6", *around(6.0)),
    exact=True,
)
op(
    "hardtanh",
    lambda x: min(max(x, mpf(-1)), mpf(1)),
    [lambda x: mpf(1 if -1 < x < 1 else 0)],
    [zero],
    unary("hardtanh", *around(1.0, -1.0)),
    exact=True,
    convention=keep_zero,
)
op(
    "hardsigmoid",
    lambda x: min(max(x + 3, mpf(0)), mpf(6)) / 6,
    [lambda x: mpf(1 if -3 < x < 3 else 0) / 6],
    [zero],
    unary("hardsigmoid", *around(3.0, -3.0)),
)
op(
    "hardswish",
    lambda x: mpf(0) if x <= -3 else x if x >= 3 else x * (x + 3) / 6,
    [lambda x: mpf(0) if x <= -3 else mpf(1) if x >= 3 else (2 * x + 3) / 6],
    [lambda x: mpf(0) if abs(x) >= 3 else mpf(1) / 3],
    unary("hardswish", *around(3.0, -3.0, -1.5)),
    convention=first_of(keep_zero, at(-3.0, y=UNKNOWN)),
)

SLOPES = [to_float32(0.01), 0.0, 0.25, 1.0, -0.5, 2.0]
ACTIVATION = [
    0.0, -0.0, FLT_TINY, -FLT_TINY, to_float32(-1e-30), to_float32(1e-30), to_float32(1e-8), to_float32(-1e-8), 0.5,
    -0.5, 1.0, -1.0, to_float32(-1.7), to_float32(3.7), -7.25, 20.0, -20.0, -50.0, to_float32(-87.5),
    to_float32(-103.5), 100.0, -200.0, -1e10, to_float32(1e30), -FLT_MAX, inf, -inf, nan,
]


def leaky_convention(c, x, a):
    if math.isnan(x):
        return REGULAR
    if c == "y" and x == 0:
        return 0.0 if not signbit(x) and not signbit(a) else UNKNOWN
    if c == "y":
        return REGULAR if x > 0 or not math.isinf(x) else (x * a if a != 0 else UNKNOWN)
    if len(c) == 2:
        return UNKNOWN if x == 0 and c == "01" else {"00": 0.0, "11": 0.0}.get(c, 1.0 if x < 0 else 0.0)
    if c == "0":
        return a if x <= 0 else 1.0
    return x if x < 0 else 0.0


op(
    "leaky_relu",
    lambda x, a: x if x > 0 else a * x,
    [None, None],
    [None] * 3,
    cross(ACTIVATION, SLOPES) + random_tuples("leaky_relu", 2, 20, low=-3.0, high=3.0),
    exact=True,
    convention=leaky_convention,
)


def elu_convention(c, x, a):
    if math.isnan(x):
        return REGULAR
    if x == 0:
        if c == "y":
            return UNKNOWN if signbit(x) else 0.0
        if c == "0":
            return 1.0 if a == 1 else UNKNOWN
        return 0.0 if c in ("1", "11") else UNKNOWN
    if c == "11":
        return 0.0
    if x < 0 and a == 0 and c == "y":
        return UNKNOWN  # a zero of either sign
    return REGULAR


ALPHAS = [1.0, 0.5, 2.0, to_float32(0.1), 0.0, -1.0]
op(
    "elu",
    lambda x, a: x if x > 0 else a * mp.expm1(x),
    [lambda x, a: mpf(1) if x > 0 else a * mp.exp(x), lambda x, a: mpf(0) if x > 0 else mp.expm1(x)],
    [lambda x, a: mpf(0) if x > 0 else a * mp.exp(x), lambda x, a: mpf(0) if x > 0 else mp.exp(x), zero],
    cross(ACTIVATION, ALPHAS) + random_tuples("elu", 2, 20, low=-3.0, high=3.0, positive=(1,)),
    convention=elu_convention,
)

SELU_ALPHA = "1.6732632423543772848170429916717"
SELU_SCALE = "1.0507009873554804934193349852946"


def selu_scale():
    return mpf(SELU_SCALE)


def selu_slope():
    return mpf(SELU_ALPHA) * mpf(SELU_SCALE)


op(
    "selu",
    lambda x: selu_scale() * x if x > 0 else selu_slope() * mp.expm1(x),
    [lambda x: selu_scale() if x > 0 else selu_slope() * mp.exp(x)],
    [lambda x: zero() if x > 0 else selu_slope() * mp.exp(x)],
    unary("selu"),
    convention=lambda c, x: (UNKNOWN if c != "y" or signbit(x) else 0.0) if x == 0 else REGULAR,
)


def celu_convention(c, x, a):
    if math.isnan(x):
        return REGULAR
    if x == 0:
        if c == "y":
            return UNKNOWN if signbit(x) else 0.0
        return {"0": 1.0, "1": 0.0}.get(c, UNKNOWN)
    return REGULAR


op(
    "celu",
    lambda x, a: x if x > 0 else a * mp.expm1(x / a),
    [
        lambda x, a: mpf(1) if x > 0 else mp.exp(x / a),
        lambda x, a: mpf(0) if x > 0 else mp.expm1(x / a) - x / a * mp.exp(x / a),
    ],
    [
        lambda x, a: mpf(0) if x > 0 else mp.exp(x / a) / a,
        lambda x, a: mpf(0) if x > 0 else -x / a**2 * mp.exp(x / a),
        lambda x, a: mpf(0) if x > 0 else x * x / a**3 * mp.exp(x / a),
    ],
    cross(ACTIVATION, [1.0, 0.5, 2.0, to_float32(0.1), 20.0])
    + random_tuples("celu", 2, 20, low=-3.0, high=3.0, positive=(1,)),
    convention=celu_convention,
)

op("softplus", softplus, [sg], [sg1], unary("softplus"))
op("sigmoid", sg, [sg1], [sg2], unary("sigmoid"))
op("log_sigmoid", lambda x: -softplus(-x), [lambda x: sg(-x)], [lambda x: -sg1(x)], unary("log_sigmoid"))
op(
    "logit",
    lambda x: mp.log(x) - mp.log1p(-x),
    [lambda x: 1 / (x * (1 - x))],
    [lambda x: (2 * x - 1) / (x * (1 - x)) ** 2],
    unary("logit", *around(1.0, 0.5), low=0.0, high=1.0),
    domain=lambda x: 0 <= x <= 1,
    singular=lambda x: {0: 1} if x == 0 else {0: -1} if x == 1 else {},
    convention=one_sided(0),
)
op(
    "softsign",
    lambda x: x / (1 + abs(x)),
    [lambda x: 1 / (1 + abs(x)) ** 2],
    [lambda x: -2 * sign_of(x) / (1 + abs(x)) ** 3],
    unary("softsign"),
    convention=first_of(keep_zero, at(0.0, dd=UNKNOWN)),
)
op(
    "silu",
    lambda x: x * sg(x),
    [lambda x: sg(x) + x * sg1(x)],
    [lambda x: sg1(x) * (2 - x * mp.tanh(x / 2))],
    unary("silu"),
    convention=keep_zero,
)


def mish_parts(x):
    """t = tanh(softplus(x)) with its derivatives, from e^-|x|."""
    e = mp.exp(-abs(x))
    if x > 0:
        t, rest = (1 + 2 * e) / (1 + 2 * e + 2 * e * e), 4 * e * e * (1 + e) ** 2 / (1 + 2 * e + 2 * e * e) ** 2
    else:
        t, rest = e * (e + 2) / (e * e + 2 * e + 2), 4 * (e + 1) ** 2 / (e * e + 2 * e + 2) ** 2
    t1 = rest * sg(x)
    t2 = -2 * t * rest * sg(x) ** 2 + rest * sg1(x)
    return t, t1, t2


op(
    "mish",
    lambda x: x * mish_parts(x)[0],
    [lambda x: mish_parts(x)[0] + x * mish_parts(x)[1]],
    [lambda x: 2 * mish_parts(x)[1] + x * mish_parts(x)[2]],
    unary("mish"),
    convention=keep_zero,
)
op(
    "gelu",
    lambda x: x * Phi(x),
    [lambda x: Phi(x) + x * phi(x)],
    [lambda x: phi(x) * (2 - x * x)],
    unary("gelu", *TAILS),
    convention=keep_zero,
)


def gelu_tanh_parts(x):
    k = 2 * mp.sqrt(2 / mp.pi)
    a = mpf("0.044715")
    return k * (x + a * x**3), k * (1 + 3 * a * x * x), k * 6 * a * x


def gelu_tanh1(x):
    w, w1, _ = gelu_tanh_parts(x)
    return sg(w) + x * sg1(w) * w1


def gelu_tanh2(x):
    w, w1, w2 = gelu_tanh_parts(x)
    return 2 * sg1(w) * w1 + x * (sg2(w) * w1**2 + sg1(w) * w2)


op(
    "gelu_tanh",
    lambda x: x * sg(gelu_tanh_parts(x)[0]),
    [gelu_tanh1],
    [gelu_tanh2],
    unary("gelu_tanh", *TAILS),
    convention=keep_zero,
)


def squareplus_convention(c, x, b):
    if math.isnan(x):
        return REGULAR
    if x == 0 and b == 0 and c != "y":
        return UNKNOWN
    if x == -inf and b == 0 and c == "y":
        return UNKNOWN
    return REGULAR


def sp_root(x, b):
    return mp.sqrt(x * x + b)


op(
    "squareplus",
    lambda x, b: (x + sp_root(x, b)) / 2,
    [lambda x, b: (1 + x / sp_root(x, b)) / 2, lambda x, b: 1 / (4 * sp_root(x, b))],
    [
        lambda x, b: b / (2 * sp_root(x, b) ** 3),
        lambda x, b: -x / (4 * sp_root(x, b) ** 3),
        lambda x, b: -1 / (8 * sp_root(x, b) ** 3),
    ],
    cross(ACTIVATION, [4.0, 1.0, to_float32(0.1), 0.0, 100.0])
    + random_tuples("squareplus", 2, 20, low=-5.0, high=5.0, positive=(1,)),
    convention=squareplus_convention,
)


# -------------------------------------------------------------------------------------------------------------- main


def main(names):
    os.makedirs(TABLES, exist_ok=True)
    known = {o.name for o in OPS}
    for name in names:
        if name not in known:
            sys.exit(f"no op '{name}'; known: {' '.join(sorted(known))}")
    for o in OPS:
        if names and o.name not in names:
            continue
        rows = o.write(TABLES)
        print(f"{o.name:12} {rows:4} rows", flush=True)
        for column, args, why in o.warnings:
            print(f"    not checked: {column} at {args}: {why}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
