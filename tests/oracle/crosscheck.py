#!/usr/bin/env python3
"""Checks the committed oracle tables against things that had no part in making them.

    python3 tests/oracle/crosscheck.py            needs mpmath; uses numpy, scipy and jax where installed

1. The first and second partials against numerical differentiation of the value alone (mpmath.diff, 60 digits), at every
   row where the arguments are moderate and no kink is near.
2. The values against the C library (math), NumPy and SciPy, within a few ulp of double.
3. The first and second partials against JAX on the CPU in double precision, at moderate rows.
Exits with 1 if anything disagrees. The points where JAX is known to be wrong or to follow another convention are the
special ones, and those are decided by the conventions in generate.py, not here.
"""

import math
import os
import sys

import mpmath
from mpmath import mp, mpf

import generate

TABLES = generate.TABLES
failures = 0


def read(name):
    rows = []
    with open(os.path.join(TABLES, name + ".txt"), encoding="ascii") as f:
        header = f.readline()
        arity = int(header.split("arity=")[1].split()[0])
        count = 1 + arity + arity * (arity + 1) // 2
        for line in f:
            words = line.split()
            args = [float.fromhex(w) for w in words[1 : 1 + arity]]
            cells = [None if w == "-" else float.fromhex(w) for w in words[1 + arity : 1 + arity + count]]
            spreads = words[1 + arity + count :]
            spreads = [None if w == "." else int(w) for w in spreads] or [None] * count
            assert len(cells) == count and len(spreads) == count, (name, line)
            rows.append((words[0], args, cells, spreads))
    return arity, rows


def report(kind, name, args, column, want, got):
    global failures
    failures += 1
    if failures <= 60:
        print(f"DISAGREE {kind}: {name}{tuple(args)} column {column}: table {want!r}, other {got!r}")


def moderate(args):
    return all(math.isfinite(a) and 1e-3 < abs(a) < 200 for a in args)


def close(want, got, relative, scale=0.0):
    if want is None or math.isnan(want) or math.isnan(got):
        return want is None or math.isnan(want) == math.isnan(got)
    if math.isinf(want) or math.isinf(got):
        return want == got
    return abs(want - got) <= relative * max(abs(want), abs(got), scale) + 1e-300


# ---------------------------------------------------------------------------------------- 1. numerical derivatives


def columns(arity):
    first = [tuple(int(k == i) for k in range(arity)) for i in range(arity)]
    second = [tuple(int(k == i) + int(k == j) for k in range(arity)) for i in range(arity) for j in range(i, arity)]
    return first + second


def kinked(name, args):
    near = {"relu6": (6,), "hardtanh": (-1, 1), "hardsigmoid": (-3, 3), "hardswish": (-3, 3)}.get(name, ())
    if any(abs(args[0] - k) < 1e-4 for k in near):
        return True
    if name in ("max", "min") and abs(args[0] - args[1]) < 1e-4:
        return True
    if name == "clamp":
        return min(abs(args[0] - args[1]), abs(args[0] - args[2])) < 1e-4
    if name in ("floor", "ceil", "trunc", "round"):
        return abs(2 * args[0] - round(2 * args[0])) < 1e-4
    if name in ("asin", "acos", "atanh", "acosh", "logit", "log1p"):
        return abs(abs(args[0]) - 1) < 1e-4
    if name in ("fmod", "remainder"):
        q = 2 * args[0] / args[1]
        return abs(q - round(q)) < 1e-4
    if name in ("lgamma", "digamma", "trigamma", "tetragamma"):
        return args[0] < 0 and abs(args[0] - round(args[0])) < 1e-4
    return False


# the ops whose values the generator takes from conventions, once more for mpmath
VALUES = {
    "mul": lambda x, y: x * y,
    "fma": lambda a, b, c: a * b + c,
    "where": lambda c, a, b: a if c else b,
    "sign": lambda x: mp.sign(x),
    "min": min,
    "max": max,
    "clamp": lambda x, lo, hi: min(max(x, lo), hi),
    "fmod": lambda x, y: x - y * mpf(int(x / y)),
    "remainder": lambda x, y: x - y * mp.nint(x / y),
    "floor": mp.floor,
    "ceil": mp.ceil,
    "trunc": lambda x: mpf(int(x)),
    "round": lambda x: mp.sign(x) * mp.floor(abs(x) + mpf(1) / 2),
    "copysign": lambda x, y: abs(x) * mp.sign(y),
    "leaky_relu": lambda x, a: x if x > 0 else a * x,
    # written differently from the generator's
    "sigmoid": lambda x: (1 + mp.tanh(x / 2)) / 2,
    "softplus": lambda x: mp.log(1 + mp.exp(x)),
    "log_sigmoid": lambda x: -mp.log(1 + mp.exp(-x)),
    "mish": lambda x: x * mp.tanh(mp.log(1 + mp.exp(x))),
    "silu": lambda x: x / (1 + mp.exp(-x)),
    "gelu": lambda x: x * (1 + mp.erf(x / mp.sqrt(2))) / 2,
    "gelu_tanh": lambda x: x * (1 + mp.tanh(mp.sqrt(2 / mp.pi) * (x + mpf("0.044715") * x**3))) / 2,
    "normal_cdf": lambda x: (1 + mp.erf(x / mp.sqrt(2))) / 2,
    "logit": lambda x: mp.log(x / (1 - x)),
    "logaddexp": lambda x, y: mp.log(mp.exp(x) + mp.exp(y)),
    "sinc": lambda x: mp.sin(mp.pi * x) / (mp.pi * x),
    "cbrt": lambda x: mp.sign(x) * abs(x) ** (mpf(1) / 3),
    "atanh": lambda x: (mp.log(1 + x) - mp.log(1 - x)) / 2,
    "lgamma": lambda x: mp.log(abs(mp.gamma(x))),
    "pow": lambda x, y: mp.re(mp.power(x, y)),
    "pown": lambda x, n: mp.re(mp.power(x, n)),
    "hardswish": lambda x: x * min(max(x + 3, 0), 6) / 6,
}
PIECEWISE = {
    "equal",
    "not_equal",
    "less",
    "less_equal",
    "greater",
    "greater_equal",
    "logical_and",
    "logical_or",
    "logical_not",
    "isnan",
    "isinf",
    "isfinite",
}


def check_derivatives():
    checked = 0
    for op in generate.OPS:
        if op.name in PIECEWISE:
            continue
        f = VALUES.get(op.name, op.value)
        arity, rows = read(op.name)
        seen = 0
        for _, args, cells, _ in rows:
            if not moderate(args[1:] if op.name == "where" else args) or kinked(op.name, args) or seen >= 120:
                continue
            if cells[0] is None or math.isnan(cells[0]):
                continue
            if op.name == "digamma" and args[0] < -20 or op.name in ("trigamma", "tetragamma") and args[0] < 0.01:
                continue
            if op.name in ("pow", "pown") and args[0] < 0:
                continue
            seen += 1
            exact = [mpf(a) for a in args]
            # a large working precision: in the tails of erf and tanh hundreds of digits cancel
            mp.dps = 900 if max(map(abs, args)) > 12 else 250
            v = f(*exact)
            if not close(cells[0], float(v), 4e-16, 1e-200 if op.name == "sinc" else 0.0):
                report("value", op.name, args, "y", cells[0], float(v))
            for k, order in enumerate(columns(arity)):
                want = cells[1 + k]
                if want is None or math.isinf(want) or abs(want) < 1e-290:
                    continue
                step = mpf(10) ** -40
                if sum(order) == 1:
                    i = order.index(1)
                    up, down = list(exact), list(exact)
                    up[i] += step
                    down[i] -= step
                    got = (f(*up) - f(*down)) / (2 * step)
                elif 2 in order:
                    i = order.index(2)
                    up, down = list(exact), list(exact)
                    up[i] += step
                    down[i] -= step
                    got = (f(*up) - 2 * f(*exact) + f(*down)) / step**2
                else:
                    i, j = [n for n, o in enumerate(order) if o]
                    total = mpf(0)
                    for s in (1, -1):
                        for t in (1, -1):
                            at = list(exact)
                            at[i] += s * step
                            at[j] += t * step
                            total += s * t * f(*at)
                    got = total / (4 * step**2)
                checked += 1
                if not close(want, float(got), 1e-15):
                    report("numerical derivative", op.name, args, order, want, float(got))
    print(f"numerical derivatives: {checked} cells checked")


# --------------------------------------------------------------------------------------------------- 2. other values


def other_values():
    table = {
        "exp": math.exp,
        "expm1": math.expm1,
        "log": math.log,
        "log2": math.log2,
        "log10": math.log10,
        "log1p": math.log1p,
        "sin": math.sin,
        "cos": math.cos,
        "tan": math.tan,
        "asin": math.asin,
        "acos": math.acos,
        "atan": math.atan,
        "sinh": math.sinh,
        "cosh": math.cosh,
        "tanh": math.tanh,
        "asinh": math.asinh,
        "acosh": math.acosh,
        "atanh": math.atanh,
        "erf": math.erf,
        "erfc": math.erfc,
        "sqrt": math.sqrt,
        "atan2": math.atan2,
        "hypot": math.hypot,
        "fmod": math.fmod,
        "remainder": math.remainder,
        "pow": math.pow,
        "copysign": math.copysign,
    }
    try:
        import numpy as np

        np.seterr(all="ignore")
        for name in (
            "exp2 cbrt logaddexp floor ceil trunc square reciprocal add:add sub:subtract mul:multiply "
            "div:divide neg:negative abs:absolute isnan isinf isfinite equal less less_equal greater "
            "greater_equal not_equal logical_and logical_or logical_not max:maximum min:minimum sinc".split()
        ):
            ours, _, theirs = name.partition(":")
            f = getattr(np, theirs or ours)
            table[ours] = lambda *a, f=f: float(f(*[np.float64(v) for v in a]))
        from scipy import special as sp

        for name in (
            "normal_cdf:ndtr sigmoid:expit log_sigmoid:log_expit logit:logit xlogy:xlogy digamma:psi " "lgamma:gammaln"
        ).split():
            ours, theirs = name.split(":")
            table[ours] = lambda *a, f=getattr(sp, theirs): float(f(*a))
        table["trigamma"] = lambda x: float(sp.polygamma(1, x)) if x > 0 else None
        table["tetragamma"] = lambda x: float(sp.polygamma(2, x)) if x > 0 else None
    except ImportError:
        print("numpy or scipy is missing: fewer values are compared")
    return table


def ulp_distance(a, b):
    if a == b or math.isnan(a) and math.isnan(b):
        return 0
    if math.isnan(a) or math.isnan(b) or math.isinf(a) or math.isinf(b):
        return math.inf
    return abs(a - b) / math.ulp(max(abs(a), abs(b)))


# ulp by which the other library may be off: poles and cancellation are its own
LOOSE = {
    "lgamma": 1e6,
    "cos": 10,
    "tan": 20,
    "digamma": 1e8,
    "trigamma": 1e4,
    "tetragamma": 1e4,
    "sinc": 1e18,
    "normal_cdf": 2000,
    "logit": 1e5,
    "log_sigmoid": 100,
    "logaddexp": 1e5,
    "erfc": 50,
}
# known differences of convention or defects of the other library
OTHER = {
    "digamma": lambda x: x < 0,
    "lgamma": lambda x: x < 1e-300 or abs(x - 1.5) < 0.6,
    "sinc": lambda x: abs(x) > 1e8 or math.isinf(x),
    "logaddexp": lambda x, y: math.isnan(x + y),
    "log2": lambda x: False,
    "tetragamma": lambda x: abs(x) > 1e100 or x < 1e-100,
    "trigamma": lambda x: abs(x) > 1e100 or abs(x) < 1e-100,
}


def check_values():
    checked = 0
    worst = {}
    for name, f in sorted(other_values().items()):
        _, rows = read(name)
        for _, args, cells, _ in rows:
            want = cells[0]
            if want is None:
                continue
            if name in OTHER and OTHER[name](*args):
                continue
            try:
                got = f(*args)
            except ValueError:
                got = math.nan  # domain error; at a pole Python raises too
                if math.isinf(want):
                    continue
            except OverflowError:
                got = math.copysign(math.inf, want)
            if got is None:
                continue
            checked += 1
            if isinstance(got, bool):
                got = float(got)
            u = ulp_distance(want, got)
            worst[name] = max(worst.get(name, (0, None)), (u, tuple(args)), key=lambda p: p[0])
            if u > LOOSE.get(name, 6) and not (abs(want) < 1e-300 and abs(got) < 1e-300):
                report("value", name, args, "y", want, got)
            signed = name not in ("logaddexp", "xlogy") and want == 0 and got == 0
            if signed and math.copysign(1, want) != math.copysign(1, got):
                report("sign of zero", name, args, "y", want, got)
    print(f"values: {checked} compared;", " ".join(f"{n}:{u:.2g}" for n, (u, _) in worst.items() if u > 0))


# ------------------------------------------------------------------------------------------------------------ 3. JAX


def check_jax():
    try:
        import jax
    except ImportError:
        print("jax is missing: its derivatives are not compared")
        return
    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp
    import jax.scipy.special as js
    import numpy as np

    nn = jax.nn
    table = {
        "sqrt": jnp.sqrt,
        "cbrt": jnp.cbrt,
        "exp": jnp.exp,
        "exp2": jnp.exp2,
        "expm1": jnp.expm1,
        "log": jnp.log,
        "log2": jnp.log2,
        "log10": jnp.log10,
        "log1p": jnp.log1p,
        "sin": jnp.sin,
        "cos": jnp.cos,
        "tan": jnp.tan,
        "asin": jnp.arcsin,
        "acos": jnp.arccos,
        "atan": jnp.arctan,
        "sinh": jnp.sinh,
        "cosh": jnp.cosh,
        "tanh": jnp.tanh,
        "asinh": jnp.arcsinh,
        "acosh": jnp.arccosh,
        "atanh": jnp.arctanh,
        "sinc": jnp.sinc,
        "erf": js.erf,
        "erfc": js.erfc,
        "lgamma": js.gammaln,
        "digamma": js.digamma,
        "normal_cdf": js.ndtr,
        "abs": jnp.abs,
        "sign": jnp.sign,
        "square": jnp.square,
        "reciprocal": jnp.reciprocal,
        "relu": nn.relu,
        "relu6": nn.relu6,
        "selu": nn.selu,
        "silu": nn.silu,
        "mish": nn.mish,
        "softplus": nn.softplus,
        "softsign": nn.soft_sign,
        "sigmoid": nn.sigmoid,
        "log_sigmoid": nn.log_sigmoid,
        "logit": js.logit,
        "hardtanh": nn.hard_tanh,
        "hardsigmoid": nn.hard_sigmoid,
        "hardswish": nn.hard_swish,
        "gelu": lambda x: nn.gelu(x, approximate=False),
        "gelu_tanh": lambda x: nn.gelu(x, approximate=True),
        "rsqrt": jax.lax.rsqrt,
        "add": jnp.add,
        "sub": jnp.subtract,
        "mul": jnp.multiply,
        "div": jnp.divide,
        "pow": jnp.power,
        "hypot": jnp.hypot,
        "fmod": jnp.fmod,
        "copysign": jnp.copysign,
        "logaddexp": jnp.logaddexp,
        "xlogy": js.xlogy,
        "atan2": jnp.arctan2,
        "max": jnp.maximum,
        "min": jnp.minimum,
        "leaky_relu": nn.leaky_relu,
        "celu": nn.celu,
        "elu": nn.elu,
        "squareplus": nn.squareplus,
        "clamp": jnp.clip,
        "fma": lambda a, b, c: a * b + c,
        "lerp": lambda a, b, t: a + t * (b - a),
    }
    checked = 0
    for name, f in table.items():
        arity, rows = read(name)
        chosen = [
            (a, c)
            for _, a, c, _ in rows
            if all(math.isfinite(v) and 0.01 < abs(v) < 15 for v in a)
            and not kinked(name, a)
            and not (name == "hypot" and abs(a[0]) == abs(a[1]))  # JAX: 0 there
            and c[0] is not None
            and math.isfinite(c[0])
            and not (name in ("lgamma", "digamma", "pow") and a[0] < 0)
        ][:150]
        if name in ("elu", "celu", "squareplus"):
            chosen = [(a, c) for a, c in chosen if a[1] > 0]
        points = [np.array([a[i] for a, _ in chosen]) for i in range(arity)]
        got = []
        for i in range(arity):
            got.append(np.asarray(jax.vmap(jax.grad(f, argnums=i))(*points)))
        for i in range(arity):
            for j in range(i, arity):
                if name == "clamp":
                    got.append(None)  # its second derivatives are all zero; JAX traces them slowly
                    continue
                got.append(np.asarray(jax.vmap(jax.grad(jax.grad(f, argnums=i), argnums=j))(*points)))
        for r, (args, cells) in enumerate(chosen):
            for k, column in enumerate(got):
                want = cells[1 + k]
                if want is None or column is None:
                    continue
                checked += 1
                # JAX computes 1 - tanh^2 and the like: an absolute error of some ulp of 1 is its own
                if not close(want, float(column[r]), 1e-9, 1e-3):
                    report("jax", name, args, k, want, float(column[r]))
    print(f"jax: {checked} derivatives compared")


if __name__ == "__main__":
    check_derivatives()
    check_values()
    check_jax()
    print("disagreements:", failures)
    sys.exit(1 if failures else 0)
