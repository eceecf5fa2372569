#!/usr/bin/env python3
"""Writes random programs as C++ tests, together with what they must give: tests/oracle/programs/.

    python3 tests/oracle/random_programs.py              needs mpmath alone; deterministic

Each program is a generic lambda of 5 to 60 operations over one to four arrays and up to two scalars. The expected
numbers know no rule of differentiation: values come from mpmath with 160 digits, derivatives from central differences
of those values with a step of 1e-50. Nothing is shared with the library, nor with the oracle tables.

The numbers of a table are followed by their scales: how much each changes when every operand of every operation is
perturbed relatively, divided by the size of the perturbation. A result may be off by a few units of rounding times
(|number| + scale).
"""

import os
import random
import sys

import mpmath
from mpmath import mp, mpf

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, "programs")
COUNT = 100  # programs
ELEMENTS = 11
TRIALS = 4  # perturbed evaluations behind each scale
DIGITS = 160
STEP = mpf(10) ** -50
TINY = 10.0**-20  # size of the perturbations; a double is enough
MARGIN = 0.02  # no argument comes nearer to a kink


# -------------------------------------------------------------------------------------------------- the operations
# name -> C++ text with {0} {1} {2} for operands, number of operations, evaluation, distance from the nearest kink.
# `fg::` is written @ and left out in the programs that rely on argument-dependent lookup.


def sigmoid(x):
    return 1 / (1 + mp.exp(-x))


def phi(x):
    return mp.erfc(-x / mp.sqrt(2)) / 2


def far(_):
    return 1


UNARY = [
    ("@sin({0})", 1, mp.sin, None),
    ("@cos({0})", 1, mp.cos, None),
    ("@tanh({0})", 1, mp.tanh, None),
    ("@atan({0})", 1, mp.atan, None),
    ("@sigmoid({0})", 1, sigmoid, None),
    ("@softplus({0})", 1, lambda x: mp.log(1 + mp.exp(x)), None),
    ("@log_sigmoid({0})", 1, lambda x: -mp.log(1 + mp.exp(-x)), None),
    ("@silu({0})", 1, lambda x: x * sigmoid(x), None),
    ("@gelu({0})", 1, lambda x: x * phi(x), None),
    ("@mish({0})", 1, lambda x: x * mp.tanh(mp.log(1 + mp.exp(x))), None),
    ("@erf({0})", 1, mp.erf, None),
    ("@erfc({0})", 1, mp.erfc, None),
    ("@normal_cdf({0})", 1, phi, None),
    ("@asinh({0})", 1, mp.asinh, None),
    ("@square({0})", 1, lambda x: x * x, None),
    ("-{0}", 1, lambda x: -x, None),
    ("@abs({0})", 1, abs, lambda x: abs(x)),
    ("@relu({0})", 1, lambda x: max(x, mpf(0)), lambda x: abs(x)),
    ("@leaky_relu({0}, 0.125)", 1, lambda x: x if x > 0 else x / 8, lambda x: abs(x)),
    ("@elu({0}, 0.5)", 1, lambda x: x if x > 0 else mp.expm1(x) / 2, lambda x: abs(x)),
    ("@softsign({0})", 1, lambda x: x / (1 + abs(x)), lambda x: abs(x)),
    ("@squareplus({0}, 2.0)", 1, lambda x: (x + mp.sqrt(x * x + 2)) / 2, None),
    (
        "@clamp({0}, -1.5, 1.25)",
        1,
        lambda x: min(max(x, mpf("-1.5")), mpf("1.25")),
        lambda x: min(abs(x + 1.5), abs(x - 1.25)),
    ),
    ("@exp(-@abs({0}))", 3, lambda x: mp.exp(-abs(x)), lambda x: abs(x)),
    ("@exp(@tanh({0}))", 2, lambda x: mp.exp(mp.tanh(x)), None),
    ("@exp2(-@square({0}))", 3, lambda x: mpf(2) ** (-x * x), None),
    ("@expm1(0.25 * @sin({0}))", 3, lambda x: mp.expm1(mp.sin(x) / 4), None),
    ("@log(1 + @square({0}))", 3, lambda x: mp.log(1 + x * x), None),
    ("@log1p(@square({0}))", 2, lambda x: mp.log1p(x * x), None),
    ("@log2(1.5 + {0} * {0})", 3, lambda x: mp.log(x * x + 1.5) / mp.log(2), None),
    ("@sqrt(1 + @square({0}))", 3, lambda x: mp.sqrt(1 + x * x), None),
    ("@rsqrt(0.5 + @square({0}))", 3, lambda x: 1 / mp.sqrt(x * x + 0.5), None),
    ("@cbrt(2 + @square({0}))", 3, lambda x: mp.cbrt(2 + x * x), None),
    ("@reciprocal(1 + @square({0}))", 3, lambda x: 1 / (1 + x * x), None),
    ("@cosh(@tanh({0}))", 2, lambda x: mp.cosh(mp.tanh(x)), None),
    ("@sinh(@sin({0}))", 2, lambda x: mp.sinh(mp.sin(x)), None),
    ("@asin(0.5 * @tanh({0}))", 3, lambda x: mp.asin(mp.tanh(x) / 2), None),
    ("@acos(0.75 * @sin({0}))", 3, lambda x: mp.acos(mp.sin(x) * 0.75), None),
    ("@atanh(0.5 * @tanh({0}))", 3, lambda x: mp.atanh(mp.tanh(x) / 2), None),
    ("@acosh(1.5 + @square({0}))", 3, lambda x: mp.acosh(x * x + 1.5), None),
    ("@tan(0.5 * @tanh({0}))", 3, lambda x: mp.tan(mp.tanh(x) / 2), None),
    ("@lgamma(1.5 + @square({0}))", 3, lambda x: mp.loggamma(x * x + 1.5), None),
    ("@sinc(0.5 * {0})", 2, lambda x: mp.sinpi(x / 2) / (mp.pi * x / 2), lambda x: abs(x)),
    ("@pow({0}, 2)", 1, lambda x: x * x, None),
    ("@pow({0}, 3)", 1, lambda x: x**3, None),
    ("@pow(1.25 + @square({0}), -1.5)", 3, lambda x: (x * x + 1.25) ** mpf("-1.5"), None),
    ("{0} * @floor(1.5 + {0})", 3, lambda x: x * mp.floor(x + 1.5), lambda x: abs(x + 0.5 - mp.nint(x + 0.5))),
]
BINARY = [
    ("{0} + {1}", 1, lambda x, y: x + y, None),
    ("{0} - {1}", 1, lambda x, y: x - y, None),
    ("{0} * {1}", 1, lambda x, y: x * y, None),
    ("{0} * {1}", 1, lambda x, y: x * y, None),
    ("{0} / (1 + @square({1}))", 3, lambda x, y: x / (1 + y * y), None),
    ("{0} / (1.5 + @cos({1}))", 3, lambda x, y: x / (mp.cos(y) + 1.5), None),
    ("@max({0}, {1})", 1, max, lambda x, y: abs(x - y)),
    ("@min({0}, {1})", 1, min, lambda x, y: abs(x - y)),
    ("@hypot({0}, {1})", 1, mp.hypot, lambda x, y: mp.hypot(x, y)),
    ("@atan2({0}, 1.5 + @square({1}))", 3, lambda x, y: mp.atan2(x, y * y + 1.5), None),
    ("@atan2({0}, {1})", 1, mp.atan2, lambda x, y: max(abs(y), -x if x < 0 else x) if y > 0 else abs(x)),
    ("@logaddexp({0}, {1})", 1, lambda x, y: mp.log(mp.exp(x) + mp.exp(y)), None),
    ("@pow(1 + @square({0}), @tanh({1}))", 4, lambda x, y: (1 + x * x) ** mp.tanh(y), None),
    ("@xlogy(@square({0}), 1 + @square({1}))", 4, lambda x, y: x * x * mp.log(1 + y * y), None),
    ("@where({0} > {1}, @sin({0}), {1})", 3, lambda x, y: mp.sin(x) if x > y else y, lambda x, y: abs(x - y)),
    (
        "@where({0} < 0.25, {0} * {1}, @square({1}))",
        4,
        lambda x, y: x * y if x < 0.25 else y * y,
        lambda x, y: abs(x - 0.25),
    ),
    (
        "@where({0} <= {1} && {1} > -0.5, {1}, @exp(-@abs({0})))",
        6,
        lambda x, y: y if x <= y and y > -0.5 else mp.exp(-abs(x)),
        lambda x, y: min(abs(x - y), abs(y + 0.5), abs(x)),
    ),
    # the branch that is not taken has no finite value and no finite derivative
    ("@where({0} > 0, @sqrt({0}), {1})", 3, lambda x, y: mp.sqrt(x) if x > 0 else y, lambda x, y: abs(x)),
    ("@where({0} > 0, @log({0}) * {1}, {1})", 4, lambda x, y: mp.log(x) * y if x > 0 else y, lambda x, y: abs(x)),
    ("@copysign({0}, {1})", 1, lambda x, y: abs(x) if y > 0 else -abs(x), lambda x, y: min(abs(x), abs(y))),
]
TERNARY = [
    ("@fma({0}, {1}, {2})", 1, lambda x, y, z: x * y + z, None),
    ("@lerp({0}, {1}, @sigmoid({2}))", 2, lambda x, y, z: x + sigmoid(z) * (y - x), None),
    ("@where({0} > {1}, {1}, {2})", 2, lambda x, y, z: y if x > y else z, lambda x, y, z: abs(x - y)),
    (
        "@where({2} > 0 || {0} < {1}, @tanh({0}), {1})",
        5,
        lambda x, y, z: mp.tanh(x) if z > 0 or x < y else y,
        lambda x, y, z: min(abs(z), abs(x - y)),
    ),
    (
        "@clamp({0}, -1 - @square({1}), 1 + @square({2}))",
        5,
        lambda x, y, z: min(max(x, -1 - y * y), 1 + z * z),
        lambda x, y, z: min(abs(x + 1 + y * y), abs(x - 1 - z * z)),
    ),
    ("{0} * {1} - {2}", 2, lambda x, y, z: x * y - z, None),
]
LITERALS = ["0.5", "2", "1.25", "-0.75", "3", "0.125", "-1.5", "1", "0.375"]
WITH_LITERAL = [
    ("{0} * {1}", lambda x, c: x * c),
    ("{1} * {0}", lambda x, c: x * c),
    ("{0} + {1}", lambda x, c: x + c),
    ("{1} - {0}", lambda x, c: c - x),
    ("{0} - {1}", lambda x, c: x - c),
    ("{0} / {1}", lambda x, c: x / c),
]


def mean(v):
    return sum(v) / len(v)


def variance(v):
    m = mean(v)
    return sum((x - m) ** 2 for x in v) / len(v)


def gap_top(v):
    s = sorted(v)
    return s[-1] - s[-2]


def gap_low(v):
    s = sorted(v)
    return s[1] - s[0]


def product(v):
    p = mpf(1)
    for x in v:
        p *= x
    return p


REDUCTIONS = [
    ("@sum({0})", 1, sum, None),
    ("@mean({0})", 1, mean, None),
    ("@sum({0})", 1, sum, None),
    ("@mean({0})", 1, mean, None),
    ("@mean(@square({0}))", 2, lambda v: mean([x * x for x in v]), None),
    ("@max({0})", 1, max, gap_top),
    ("@min({0})", 1, min, gap_low),
    ("@logsumexp({0})", 1, lambda v: mp.log(sum(mp.exp(x) for x in v)), None),
    ("@prod(1 + 0.25 * @tanh({0}))", 4, lambda v: product([1 + mp.tanh(x) / 4 for x in v]), None),
    ("@norm({0})", 1, lambda v: mp.sqrt(sum(x * x for x in v)), None),
    ("@var({0})", 1, variance, None),
]


# ------------------------------------------------------------------------------------------------ making a program


class Program:
    """code: list of (text, evaluation, operands, frozen); values 0 .. arguments-1 are the arguments."""

    def __init__(self, number, size):
        self.number = number
        self.random = r = random.Random(f"fusegrad program {number}")
        self.arrays = 1 + r.randrange(4) if size > 10 else 1 + r.randrange(2)
        self.scalars = r.choice([0, 0, 1, 1, 2]) if size > 7 else r.randrange(2)
        self.reduced = r.random() < 0.6
        self.qualified = number % 4 != 3
        self.arguments = self.arrays + self.scalars
        self.names = [f"x{i}" for i in range(self.arrays)] + [f"c{i}" for i in range(self.scalars)]
        self.inputs = [
            [mpf(r.randrange(-128, 129)) / 64 + mpf(1) / 256 for _ in range(ELEMENTS)] for _ in range(self.arrays)
        ]
        self.constants = [
            mpf(r.randrange(16, 129) * r.choice([1, -1])) / 64 + mpf(1) / 256 for _ in range(self.scalars)
        ]
        self.tangents = [[mpf(r.randrange(-64, 65)) / 32 for _ in range(ELEMENTS)] for _ in range(self.arrays)]
        self.tangents += [mpf(r.randrange(-64, 65)) / 32 for _ in range(self.scalars)]
        self.code, self.tail = [], []
        self.operations = 0
        self.make(size)

    # values of everything at the base point, to keep numbers moderate and off the kinks
    def make(self, size):
        mp.dps = 30
        self.base = [[self.inputs[i][e] for i in range(self.arrays)] + self.constants for e in range(ELEMENTS)]
        self.uniform = [i >= self.arrays for i in range(self.arguments)]
        unused = list(range(self.arguments))
        reserve = 3 if self.reduced else 0
        while self.operations < size - reserve - max(0, len(unused) - 1) or self.operations < 3:
            self.grow(unused)
        while len(unused) > 1:
            self.grow(unused, join=True)
        self.result = unused[0]
        if self.result < self.arguments:
            self.grow(unused)
            self.result = unused[0]
        if self.reduced:
            self.reduce()

    def pick(self, unused, count):
        r = self.random
        total = self.arguments + len(self.code)
        chosen = []
        for _ in range(count):
            for _ in range(20):
                k = (
                    r.choice(unused)
                    if unused and r.random() < 0.6
                    else (total - 1 - min(r.randrange(6), total - 1) if r.random() < 0.6 else r.randrange(total))
                )
                if k not in chosen:
                    break
            chosen.append(k)
        return chosen

    def grow(self, unused, join=False):
        r = self.random
        for _ in range(1000):
            kind = r.random()
            frozen = False
            if join:
                text, cost, f, kink = r.choice(BINARY[:9])
                operands = r.sample(unused, 2)
            elif kind < 0.38:
                text, cost, f, kink = r.choice(UNARY)
                operands = self.pick(unused, 1)
            elif kind < 0.72:
                text, cost, f, kink = r.choice(BINARY)
                operands = self.pick(unused, 2)
            elif kind < 0.82:
                text, cost, f, kink = r.choice(TERNARY)
                operands = self.pick(unused, 3)
            elif kind < 0.97:
                literal = r.choice(LITERALS)
                text, g = r.choice(WITH_LITERAL)
                if text == "{0} / {1}" and literal == "1":
                    continue
                text = text.replace("{1}", literal)
                cost, kink = 1, None
                f = lambda x, g=g, c=mpf(literal): g(x, c)  # noqa: E731
                operands = self.pick(unused, 1)
            else:
                text, cost, kink, frozen = "{0} * @stop_gradient({0})", 2, None, True
                f = lambda x, s: x * s  # noqa: E731
                operands = self.pick(unused, 1)
            if len(set(operands)) != len(operands):
                continue
            # what is computed from scalars alone stays rare, or nothing else would be left of small programs
            uniform = all(self.uniform[k] for k in operands)
            if uniform and r.random() < 0.8:
                continue
            at = [[row[k] for k in operands] for row in self.base]
            if kink and min(kink(*v) for v in at) < MARGIN:
                continue
            values = [f(*v, v[0]) if frozen else f(*v) for v in at]
            if any(abs(v) > 40 for v in values) or max(values) - min(values) < 1e-3 and not uniform:
                continue
            self.uniform.append(uniform)
            for row, v in zip(self.base, values):
                row.append(v)
            self.code.append((text, f, operands, frozen))
            self.operations += cost
            for k in operands:
                if k in unused:
                    unused.remove(k)
            unused.append(self.arguments + len(self.code) - 1)
            return
        raise RuntimeError("no operation fits")

    def reduce(self):
        """One to three reductions and how they combine: tail is a list of (text, evaluation of the vector)."""
        r = self.random
        total = self.arguments + len(self.code)
        count = r.choice([1, 1, 1, 2, 3])
        self.tail = []
        candidates = [k for k in range(self.arguments, total) if not self.uniform[k]]
        targets = [self.result] + [r.choice(candidates) for _ in range(count - 1)]
        for k in targets:
            for _ in range(200):
                text, cost, f, kink = r.choice(REDUCTIONS)
                v = [row[k] for row in self.base]
                if kink and kink(v) < MARGIN:
                    continue
                if not abs(f(v)) < 500 or f(v) == 0:
                    continue
                break
            else:
                text, cost, f = "@mean({0})", 1, mean
            self.tail.append((text, f, k))
            self.operations += cost
        self.combine = r.choice(
            {
                1: [
                    ("{0}", lambda a: a),
                    ("@log1p(@square({0}))", lambda a: mp.log1p(a * a)),
                    ("0.5 * {0} + 1", lambda a: a / 2 + 1),
                    ("@tanh(0.125 * {0})", lambda a: mp.tanh(a / 8)),
                ],
                2: [
                    ("{0} / (1 + @square({1}))", lambda a, b: a / (1 + b * b)),
                    ("{0} * {1}", lambda a, b: a * b),
                    ("{0} - @atan({1})", lambda a, b: a - mp.atan(b)),
                ],
                3: [
                    ("1 - 2 * {0} / (1 + @abs({1}) + @abs({2}))", lambda a, b, c: 1 - 2 * a / (1 + abs(b) + abs(c))),
                    ("@fma({0}, @sigmoid({1}), @sin({2}))", lambda a, b, c: a * sigmoid(b) + mp.sin(c)),
                ],
            }[count]
        )
        self.operations += self.combine[0].count("@") + sum(
            self.combine[0].count(s) for s in (" + ", " - ", " * ", " / ")
        )

    # --------------------------------------------------------------------------------------------- C++ text

    def cpp(self):
        def name(k):
            return self.names[k] if k < self.arguments else f"v{k - self.arguments}"

        prefix = "fg::" if self.qualified else ""
        lines = []
        for i, (text, _, operands, _) in enumerate(self.code):
            value = text.format(*map(name, operands)).replace("@", prefix)
            plus = " + " if text == "{0} + {1}" and operands[0] >= self.arguments and i % 3 == 0 else None
            if plus:
                lines.append(f"  auto v{i} = {name(operands[0])};")
                lines.append(f"  v{i} += {name(operands[1])};")
            else:
                lines.append(f"  auto v{i} = {value};")
        if self.reduced:
            parts = []
            for i, (text, _, k) in enumerate(self.tail):
                lines.append(f"  auto s{i} = {text.format(name(k)).replace('@', prefix)};")
                parts.append(f"s{i}")
            lines.append(f"  return {self.combine[0].format(*parts).replace('@', prefix)};")
        else:
            lines.append(f"  return {name(self.result)};")
        arguments = ", ".join(f"auto {n}" for n in self.names)
        return [f"constexpr auto program_{self.number} = []({arguments}) {{"] + lines + ["};"]

    # -------------------------------------------------------------------------------------------- evaluation

    def element(self, e, arguments, noise):
        values = list(arguments)
        for i, (_, f, operands, frozen) in enumerate(self.code):
            at = [values[k] for k in operands]
            if noise is not None:
                at = [v * n for v, n in zip(at, noise[e][i])]
            values.append(f(*at, self.exact[e][operands[0]]) if frozen else f(*at))
        return values

    def finish(self, rows, noise=None):
        """The result from all elements' values: a list with one number or one for each element."""
        if not self.reduced:
            return [row[self.result] for row in rows]
        reduced = []
        for i, (_, f, k) in enumerate(self.tail):
            reduced.append(f([row[k] * (noise[e][-1][i] if noise else 1) for e, row in enumerate(rows)]))
        return [self.combine[1](*reduced)]

    def shifted(self, e, moves):
        """The arguments of element e after the moves, each (how far, direction); a direction is given by argument."""
        a = [self.inputs[i][e] for i in range(self.arrays)] + list(self.constants)
        for far_, direction in moves:
            for i, d in direction.items():
                step = d[e] if isinstance(d, (list, tuple)) else d
                if step:
                    a[i] = a[i] + far_ * STEP * step
        return a

    def results(self, noise=None):
        """All expected numbers: value, jvp, gradients of sum(cotangent * result), Hessian-vector products."""
        mp.dps = DIGITS
        base_rows = [self.element(e, self.shifted(e, []), noise) for e in range(ELEMENTS)]
        cotangent = self.cotangent

        def rows_at(moves, only=None, others=base_rows):
            return [
                self.element(e, self.shifted(e, moves), noise) if only is None or e == only else others[e]
                for e in range(ELEMENTS)
            ]

        def loss(rows):
            return sum(w * y for w, y in zip(cotangent, self.finish(rows, noise)))

        def total(rows):
            return sum(self.finish(rows, noise))

        out = {"value": self.finish(base_rows, noise)}
        everything = dict(enumerate(self.tangents))
        up, down = self.finish(rows_at([(1, everything)]), noise), self.finish(rows_at([(-1, everything)]), noise)
        out["jvp"] = [(a - b) / (2 * STEP) for a, b in zip(up, down)]
        for i in range(self.arguments):
            if i < self.arrays:
                out[f"gradient{i}"] = []
                for e in range(ELEMENTS):
                    unit = [int(k == e) for k in range(ELEMENTS)]
                    out[f"gradient{i}"].append(
                        (loss(rows_at([(1, {i: unit})], e)) - loss(rows_at([(-1, {i: unit})], e))) / (2 * STEP)
                    )
            else:
                out[f"gradient{i}"] = [(loss(rows_at([(1, {i: 1})])) - loss(rows_at([(-1, {i: 1})]))) / (2 * STEP)]
        for i in self.hvp_arguments():
            v = {i: self.tangents[i]}
            plus, minus = rows_at([(1, v)]), rows_at([(-1, v)])
            name = f"hvp{i}"
            if i < self.arrays:
                out[name] = []
                for e in range(ELEMENTS):
                    unit = {i: [int(k == e) for k in range(ELEMENTS)]}
                    d = (
                        total(rows_at([(1, v), (1, unit)], e, plus))
                        - total(rows_at([(1, v), (-1, unit)], e, plus))
                        - total(rows_at([(-1, v), (1, unit)], e, minus))
                        + total(rows_at([(-1, v), (-1, unit)], e, minus))
                    )
                    out[name].append(d / (4 * STEP * STEP))
            else:
                up, mid, low = total(rows_at([(1, {i: 1})])), total(base_rows), total(rows_at([(-1, {i: 1})]))
                out[name] = [(up - 2 * mid + low) / STEP**2 * self.tangents[i]]
        return out

    def hvp_arguments(self):
        chosen = [self.number % self.arrays]
        if self.scalars and self.number % 3 == 0:
            chosen.append(self.arrays)
        return chosen

    def solve(self):
        mp.dps = DIGITS
        r = self.random
        self.cotangent = [mpf(r.randrange(-64, 65)) / 32 for _ in range(ELEMENTS)] if not self.reduced else [mpf("1.5")]
        self.exact = [self.element_plain(e) for e in range(ELEMENTS)]
        exact = self.results()
        scales = {k: [mpf(0)] * len(v) for k, v in exact.items()}

        def factor():
            return mpf(1) + mpf(TINY * r.choice([1, -1]) * (0.5 + r.random() / 2))

        for _ in range(TRIALS):
            noise = [
                [[factor() for _ in operands] for _, _, operands, _ in self.code] + [[factor() for _ in self.tail]]
                for _ in range(ELEMENTS)
            ]
            moved = self.results(noise)
            for k, v in exact.items():
                scales[k] = [max(s, abs(a - b) / TINY) for s, a, b in zip(scales[k], v, moved[k])]
        self.expected, self.scales = exact, scales

    def element_plain(self, e):
        """The values that stop_gradient keeps: those at the base point, and they are kept without noise too."""
        values = [self.inputs[i][e] for i in range(self.arrays)] + list(self.constants)
        for _, f, operands, frozen in self.code:
            at = [values[k] for k in operands]
            values.append(f(*at, at[0]) if frozen else f(*at))
        return values

    def table(self):
        def numbers(v):
            return " ".join(mpmath.nstr(x, 18, strip_zeros=True) if x != 0 else "0" for x in v)

        kind = "reduced" if self.reduced else "elementwise"
        lines = [f"program {self.number} {kind} {self.arrays} {self.scalars} {ELEMENTS}"]
        for i in range(self.arguments):
            vector = i < self.arrays
            lines.append(f"x{i} " + numbers(self.inputs[i] if vector else [self.constants[i - self.arrays]]))
            lines.append(f"t{i} " + numbers(self.tangents[i] if vector else [self.tangents[i]]))
        lines.append("w " + numbers(self.cotangent))
        for k, v in self.expected.items():
            lines.append(f"{k} " + numbers(v))
            lines.append(f"{k}~ " + " ".join(mpmath.nstr(s, 2) if s else "0" for s in self.scales[k]))
        return lines


# ------------------------------------------------------------------------------------------------------------ output

HEADER = """\
// Random programs {first} to {last}, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {{
"""


def group(programs, limit_operations):
    """Programs of about equal weight in each file, so that none takes long to compile."""
    groups, weight = [[]], 0
    for p in programs:
        if groups[-1] and weight + p.operations > limit_operations:
            groups.append([])
            weight = 0
        groups[-1].append(p)
        weight += p.operations
    return groups


def main():
    os.makedirs(FOLDER, exist_ok=True)
    for old in os.listdir(FOLDER):
        if old.startswith("group_"):
            os.remove(os.path.join(FOLDER, old))
    programs = []
    for number in range(COUNT):
        u = number / (COUNT - 1)
        size = 5 + round(55 * u**4)
        programs.append(Program(number, size))
    limit_operations = int(os.environ.get("GROUP_OPERATIONS", "55"))
    for g, members in enumerate(group(programs, limit_operations)):
        stem = os.path.join(FOLDER, f"group_{g:02}")
        text = [HEADER.format(first=members[0].number, last=members[-1].number)]
        table, tests = [], []
        for p in members:
            p.solve()
            text += p.cpp() + [""]
            table += p.table()
            what = (
                f"{p.arrays} array{'s' * (p.arrays > 1)}, {p.scalars} scalar{'s' * (p.scalars != 1)}, "
                f"{p.operations} operations, {'reduced' if p.reduced else 'elementwise'}"
            )
            hvps = ", ".join(map(str, p.hvp_arguments()))
            shape = f"{p.arrays}, {p.scalars}, {'true' if p.reduced else 'false'}, {hvps}"
            tests += [
                f'TEST_CASE("random program {p.number}: {what}", "[oracle][programs]") {{',
                f'  oracle::check_program<{p.number}, {shape}>(program_{p.number}, "group_{g:02}");',
                "}",
                "",
            ]
        text += ["}  // namespace", ""] + tests
        with open(stem + "_test.cpp", "w", encoding="ascii") as out:
            out.write("\n".join(text).rstrip() + "\n")
        with open(stem + ".txt", "w", encoding="ascii") as out:
            out.write("\n".join(table) + "\n")
        print(
            f"group {g}: programs {members[0].number} to {members[-1].number}, "
            f"{sum(p.operations for p in members)} operations",
            flush=True,
        )


if __name__ == "__main__":
    main()
