"""The library's names on NumPy with derivatives from elsewhere, and programs written once for both.

A program is the body of a C++ lambda. Its text, hardly changed, is Python as well: evaluated with the functions below it
gives the expected value, gradients and tangents in double precision, and printed it is the test. The derivatives are
those of HIPS autograd or, with AXES_BACKEND=jax, of JAX: the tables must not depend on which (compare.py). Neither knows
the library; where conventions differ (zero rows, constant rows, branches not taken) the functions below keep their rules
away from the point, and the conventions are those of the documentation.

Numbers of inputs are made by a hash of their position, here and in check.hpp alike, so tables hold results alone. A
result of more than FULL elements is told by PROBES sums of its elements with weights from the same hash.
"""

import os
import re
import shutil
import subprocess

import numpy as np

BACKEND = os.environ.get("AXES_BACKEND", "autograd")
if BACKEND == "jax":
    os.environ["JAX_PLATFORMS"] = "cpu"
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as xp
    import jax.scipy.special as special

    stop_gradient = jax.lax.stop_gradient

    def vjp(f, primals, cotangent):
        """The value, and the gradient of <value, cotangent(value)> with respect to each primal."""
        y, pull = jax.vjp(f, *map(xp.asarray, primals))
        return y, pull(xp.asarray(cotangent(y)))

    def jvp(f, primals, tangents):
        return jax.jvp(f, list(map(xp.asarray, primals)), list(map(xp.asarray, tangents)))[1]

    def hvp(f, x, v):
        return jax.jvp(jax.grad(f), [xp.asarray(x)], [xp.asarray(v)])[1]

else:
    import autograd
    import autograd.numpy as xp
    import autograd.scipy.special as special
    from autograd.extend import defvjp, primitive

    @primitive
    def stop_gradient(x):
        return x

    defvjp(stop_gradient, lambda y, x: lambda g: 0.0 * g)

    def vjp(f, primals, cotangent):
        """The value, and the gradient of <value, cotangent(value)> with respect to each primal."""
        y = f(*primals)
        w = cotangent(y)
        return y, tuple(autograd.grad(lambda *p: xp.sum(f(*p) * w), i)(*primals) for i in range(len(primals)))

    def jvp(f, primals, tangents):
        def along(w):
            _, gradients = vjp(f, primals, lambda y: w)
            total = 0.0
            for g, t in zip(gradients, tangents):
                total = total + xp.sum(g * t)
            return total

        return autograd.grad(along)(np.ones(np.shape(f(*primals))))

    def hvp(f, x, v):
        return autograd.grad(lambda z: xp.sum(autograd.grad(f)(z) * v))(x)


HERE = os.path.dirname(os.path.abspath(__file__))
FULL = 8  # elements of a result that is told in full
PROBES = 2
NOISE = 1e-7  # relative size of the perturbations behind a scale
TRIALS = 2

# ------------------------------------------------------------------------------------------------- numbers by position


def made(seed, shape):
    """Multiples of 1/256 between -2 and 2, none of them 0, exact in float."""
    mask = (1 << 64) - 1
    count = int(np.prod(shape, dtype=np.int64))
    out = []
    for i in range(count):
        z = ((i + 1) * 0x9E3779B97F4A7C15 + seed * 0xD1B54A32D192ED03) & mask
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        z ^= z >> 31
        out.append(((z >> 11) % 257 - 128) / 64 + 1 / 256)
    return np.array(out, dtype=np.float64).reshape(shape)


# ------------------------------------------------------------------------------------------------------ the functions


def where(c, x, y):
    shape = np.broadcast_shapes(*(getattr(v, "shape", ()) for v in (c, x, y)))  # autograd's own does not broadcast
    return xp.where(c, *(v if getattr(v, "shape", ()) == shape else v + np.zeros(shape) for v in (x, y)))


class Axis(tuple):
    pass


class Keepdims:
    pass


class Option(tuple):
    """An option of cross_entropy: name and value."""


def axis(*numbers):
    return Axis(numbers)


keepdims = Keepdims()
INFINITY = np.inf


def label_smoothing(e):
    return Option(("smoothing", e))


def ignore_index(i):
    return Option(("ignored", i))


def class_weights(w):
    return Option(("weights", w))


def options(given):
    """(axes or None, keepdims, the rest)"""
    axes, keep, rest = None, False, []
    for o in given:
        if isinstance(o, Axis):
            axes = tuple(o)
        elif isinstance(o, Keepdims):
            keep = True
        else:
            rest.append(o)
    return axes, keep, rest


def reduction(f):
    def call(x, *given):
        axes, keep, rest = options(given)
        return f(x, axes, keep, *rest)

    return call


def safe(f, x, good, instead):
    """f(x) where x is good, `instead` without a slope elsewhere."""
    return where(good, f(where(good, x, 1.0)), instead)


def root(squares):
    return safe(xp.sqrt, squares, squares > 0, 0.0)


def variance(x, axes, keep, correction=0):
    count = x.size if axes is None else int(np.prod([x.shape[a] for a in axes], dtype=np.int64))
    return xp.sum((x - xp.mean(x, axes, keepdims=True)) ** 2, axes, keepdims=keep) / (count - correction)


def log_of_sum(x, axes, keep):
    top = stop_gradient(xp.max(x, axes, keepdims=True))
    y = xp.log(xp.sum(xp.exp(x - top), axes, keepdims=True)) + top
    return y if keep else xp.reshape(y, xp.sum(x, axes).shape)


def counted(condition, axes, keep):
    return xp.sum(condition != 0, axes, keepdims=keep)


def position(f):
    def call(x, axes, keep):
        return f(x, None if axes is None else axes[0], keepdims=keep)

    return call


sum = reduction(lambda x, axes, keep: xp.sum(x, axes, keepdims=keep))
mean = reduction(lambda x, axes, keep: xp.mean(x, axes, keepdims=keep))
prod = reduction(lambda x, axes, keep: xp.prod(x, axes, keepdims=keep))
norm = reduction(lambda x, axes, keep: root(xp.sum(x * x, axes, keepdims=keep)))
norm1 = reduction(lambda x, axes, keep: xp.sum(xp.abs(x), axes, keepdims=keep))
norm_inf = reduction(lambda x, axes, keep: xp.max(xp.abs(x), axes, keepdims=keep))
logsumexp = reduction(lambda x, axes, keep: log_of_sum(x, axes, keep))
var = reduction(variance)
std = reduction(lambda *a: root(variance(*a)))
any = reduction(lambda x, axes, keep: xp.any(x, axes, keepdims=keep))
all = reduction(lambda x, axes, keep: xp.all(x, axes, keepdims=keep))
count = reduction(counted)
argmax = reduction(position(xp.argmax))
argmin = reduction(position(xp.argmin))


def extremum(f, elementwise):
    def call(x, *given):
        if len(given) == 1 and not isinstance(given[0], (Axis, Keepdims)):
            return elementwise(x, given[0])
        axes, keep, _ = options(given)
        return f(x, axes, keepdims=keep)

    return call


max = extremum(xp.max, xp.maximum)
min = extremum(xp.min, xp.minimum)


def softmax(x, along):
    return xp.exp(log_softmax(x, along))


def log_softmax(x, along):
    return x - log_of_sum(x, along[0], True)


def normalize(x, along):
    n = root(xp.sum(x * x, along[0], keepdims=True))
    return where(n > 0, x / where(n > 0, n, 1.0), 0.0)


def cosine_similarity(x, y, along):
    return xp.sum(normalize(x, along) * normalize(y, along), along[0])


def cumsum(x):
    return xp.cumsum(x, -1)


def unsqueeze(x, where_):
    return xp.expand_dims(x, where_[0])


def squeeze(x, where_):
    return xp.squeeze(x, where_[0])


def permute(x, order):
    return xp.transpose(x, tuple(k % len(order) for k in order))


def transpose(x):
    return xp.swapaxes(x, -1, -2)


def cross_entropy(logits, labels, *given):
    """As torch.nn.functional.cross_entropy with the classes last and reduction='mean'."""
    o = dict(given)
    smoothing, weights, ignored = o.get("smoothing", 0.0), o.get("weights"), o.get("ignored")
    classes = logits.shape[-1]
    logp = log_softmax(logits, (-1,))
    w = xp.ones(classes) if weights is None else weights
    if labels.dtype != np.int64:
        target = labels * (1 - smoothing) + smoothing / classes
        return -xp.sum(logp * target * w) / (logits.size // classes)
    kept = np.ones(labels.shape, bool) if ignored is None else labels != ignored
    hot = (np.arange(classes) == labels[..., None]) & kept[..., None]
    total = xp.sum(where(hot, w, 0.0))
    nll = -xp.sum(where(hot, logp * w, 0.0)) / total
    smooth = -xp.sum(where(kept[..., None], logp * w, 0.0)) / total
    return (1 - smoothing) * nll + smoothing / classes * smooth


def fma(x, y, z):
    return x * y + z


def lerp(x, y, t):
    return x + t * (y - x)


def clamp(x, low, high):
    return xp.minimum(xp.maximum(x, low), high)


def sqrt(x):
    return root(x)


def log(x):
    return safe(xp.log, x, x > 0, 0.0)


def hypot(x, y):
    return root(x * x + y * y)


def squareplus(x, b):
    return (x + xp.sqrt(x * x + b)) / 2


def sigmoid(x):
    return 1 / (1 + xp.exp(-x))


def softplus(x):
    return xp.log1p(xp.exp(x))


def log_sigmoid(x):
    return -softplus(-x)


def silu(x):
    return x * sigmoid(x)


def mish(x):
    return x * xp.tanh(softplus(x))


def normal_cdf(x):
    return special.erfc(x * -np.sqrt(0.5)) / 2


def gelu(x):
    return x * normal_cdf(x)


def relu(x):
    return where(x > 0, x, 0.0)


def leaky_relu(x, a):
    return where(x > 0, x, a * x)


def elu(x, a):
    return where(x > 0, x, a * xp.expm1(where(x > 0, 0.0, x)))


def softsign(x):
    return x / (1 + xp.abs(x))


def rsqrt(x):
    return 1 / xp.sqrt(x)


def cbrt(x):
    return x ** (1 / 3)  # of positive numbers here


def copysign(x, y):
    return where(y > 0, xp.abs(x), -xp.abs(x))


def xlogy(x, y):
    return x * xp.log(y)


def logaddexp(x, y):
    return xp.logaddexp(x, y)


def lgamma(x):
    return special.gammaln(x)


def asinh(x):
    return xp.arcsinh(x)


square, reciprocal, exp, exp2, expm1 = xp.square, xp.reciprocal, xp.exp, xp.exp2, xp.expm1
log1p, log2, sin, cos, tan, tanh = xp.log1p, xp.log2, xp.sin, xp.cos, xp.tan, xp.tanh
asin, acos, atan, atan2, sinh, cosh = xp.arcsin, xp.arccos, xp.arctan, xp.arctan2, xp.sinh, xp.cosh
acosh, atanh, abs, floor, sinc, pow = xp.arccosh, xp.arctanh, xp.abs, xp.floor, xp.sinc, xp.power
erf, erfc = special.erf, special.erfc

FUNCTIONS = {k: v for k, v in globals().items() if not k.startswith("_")}


class Namespace:
    """What `fg` is in Python. `common` is the shape that index(axis) without an array counts along."""

    def __init__(self, common):
        for name, value in FUNCTIONS.items():
            setattr(self, name, value)
        self.common = common

    def index(self, *given):
        if len(given) == 2:
            shape, k = given[0].shape, given[1][0] % given[0].ndim
        else:
            shape = self.common
            k = len(shape) + given[0][0]
        assert 0 <= k < len(shape)
        return np.arange(shape[k]).reshape((shape[k],) + (1,) * (len(shape) - 1 - k))


def python(body):
    """The text of a C++ body as Python lines; every statement goes through noise(number, value)."""
    text = re.sub(r"axis<([^<>]*)>", r"axis(\1)", body).replace("fg::", "fg.")
    lines, number = [], 0
    for line in filter(None, (s.strip() for s in text.split(";"))):
        line = re.sub(r"\s+", " ", line)
        m = re.match(r"(?:const )?auto (\w+) = (.*)$", line)
        if line.startswith("return "):
            lines.append(f"return noise({number}, {line[7:]})")
        elif m:
            lines.append(f"{m.group(1)} = noise({number}, {m.group(2)})")
        else:
            lines.append(line)
            assert "+=" in line, line
        number += 1
    return lines


# ----------------------------------------------------------------------------------------------------------- programs


class Argument:
    """name, its axes as letters, and what it holds: real numbers, or given integers."""

    def __init__(self, name, axes, integers=None):
        self.name, self.axes, self.integers = name, axes, integers

    @property
    def real(self):
        return self.integers is None

    @property
    def rank(self):
        return len(self.axes)


class Program:
    """modes: letters of "vrfs" for value, reverse, forward and second order; capital ones are run where all tests are, with
    FUSEGRAD_THOROUGH, as are types after the first. A binding gives each axis its extent.
    Arguments are told as "x:ab c0: w:b"; those named in `labels` hold the integers that labels[name](shape) returns."""

    def __init__(self, name, title, arguments, body, result, bindings, seed, **o):
        self.name, self.title, self.body, self.result, self.seed = name, title, body, result, seed
        labels = o.get("labels", {})
        self.arguments = []
        for word in arguments.split():
            n, _, axes = word.partition(":")
            self.arguments.append(Argument(n, axes, labels.get(n)))
        self.bindings = bindings
        self.modes = o.get("modes", "rF")
        self.types = o.get("types", ["double"])
        self.common = o.get("common", result)
        self.positive = o.get("positive", ())
        self.wrt = o.get("wrt", [i for i, a in enumerate(self.arguments) if a.real])
        self.source = python(body)

    def shape(self, axes, binding):
        return tuple(1 if a == "1" else binding[a] for a in axes)

    def inputs(self, binding, number):
        out = []
        for i, a in enumerate(self.arguments):
            shape = self.shape(a.axes, binding)
            if a.real:
                x = made(self.seed_of(i, number), shape)
                out.append(np.abs(x) if a.name in self.positive else x)
            else:
                out.append(np.array(a.integers(shape), dtype=np.int64).reshape(shape))
        return out

    def seed_of(self, i, number):
        return self.seed * 1000 + number * 50 + 3 * i

    def function(self, binding, noise=None):
        fg = Namespace(self.shape(self.common, binding))
        names = dict(FUNCTIONS)
        names.update(fg=fg, noise=noise or (lambda i, v: v), index=fg.index)
        text = f"def f({', '.join(a.name for a in self.arguments)}):\n" + "\n".join("  " + s for s in self.source)
        exec(text, names)  # noqa: S102
        return names["f"]

    def solve(self, binding, number, noise=None):
        """All results by name, each an array."""
        f = self.function(binding, noise)
        x = self.inputs(binding, number)
        if noise:
            x = [noise(-1 - i, v) if a.real else v for i, (a, v) in enumerate(zip(self.arguments, x))]
        wrt = self.wrt

        def of(*moving):
            at = list(x)
            for i, v in zip(wrt, moving):
                at[i] = v
            return f(*at)

        def cotangent(y):
            assert y.shape == self.shape(self.result, binding), (self.name, y.shape, self.result)
            return made(self.seed_of(20, number), y.shape) if y.shape else np.float64(1)

        primal = [x[i] for i in wrt]
        out = {}
        out["value"], gradients = vjp(of, primal, cotangent)
        for i, g in zip(wrt, gradients):
            out[f"gradient{i}"] = g
        tangents = [made(self.seed_of(i, number) + 1, x[i].shape) for i in wrt]
        out["jvp"] = jvp(of, primal, tangents)
        if "s" in self.modes.lower():

            def loss(v):
                r = of(v, *primal[1:])
                return r if not self.result else xp.sum(r * r)

            out[f"hvp{wrt[0]}"] = hvp(loss, primal[0], tangents[0])
        return {k: np.asarray(v) for k, v in out.items()}

    def scales(self, binding, number, exact):
        """How much the largest element of each result changes when every statement's value is perturbed."""
        scale = {k: np.max(np.abs(v), initial=0.0) for k, v in exact.items()}
        for trial in range(TRIALS):
            r = np.random.default_rng([self.seed, number, trial])
            known = {}

            def noise(i, v):
                if v.dtype != np.float64:
                    return v
                if i not in known:
                    known[i] = 1 + NOISE * r.uniform(-1, 1, v.shape)
                return v * known[i]

            for k, v in self.solve(binding, number, noise).items():
                scale[k] = np.maximum(scale[k], np.max(np.abs(v - exact[k]), initial=0.0) / NOISE)
        return scale

    def table(self):
        lines = [f"program {self.name}"]
        for number, binding in enumerate(self.bindings):
            exact = self.solve(binding, number)
            scale = self.scales(binding, number, exact)
            lines.append("case " + " ".join(f"{k}={v}" for k, v in binding.items()))
            for i, (a, v) in enumerate(zip(self.arguments, self.inputs(binding, number))):
                seed = self.seed_of(i, number)
                if not a.real:
                    lines.append(f"x{i} {shape_text(v)} list " + " ".join(str(k) for k in v.reshape(-1)))
                else:
                    lines.append(f"x{i} {shape_text(v)} {'positive' if a.name in self.positive else 'seed'} {seed}")
                    if i in self.wrt:
                        lines.append(f"t{i} {shape_text(v)} seed {seed + 1}")
            if exact["value"].ndim:
                lines.append(f"w {shape_text(exact['value'])} seed {self.seed_of(20, number)}")
            for k, v in exact.items():
                assert np.all(np.isfinite(v)), (self.name, binding, k, v)
                lines.append(result_line(k, v, scale[k]))
        return lines

    def cpp(self):
        arguments = ", ".join(f"auto {a.name}" for a in self.arguments)
        body = "".join(f"  {s.strip()};\n" for s in self.body.split(";") if s.strip())
        return f"constexpr auto {self.name} = []({arguments}) {{\n{body}}};\n"

    def test(self, file, tag):
        names = {"v": "value", "r": "reverse", "f": "forward", "s": "second"}
        kinds = ", ".join((f"real<{a.rank}>" if a.real else f"integer<{a.rank}>") for a in self.arguments)

        def mask(letters):
            return " | ".join(names[m.lower()] for m in letters)

        calls = ""
        for i, t in enumerate(self.types):
            always = [m for m in self.modes if m.islower() or self.only_thorough]
            more = [m for m in self.modes if m not in always]
            if i > 0:
                always, more = [], ["r"]
            chosen = " | ".join(filter(None, [mask(always), f"thorough({mask(more)})" if more else ""]))
            calls += (
                f'  check<{t}, {chosen}, {len(self.result)}, wrt<{", ".join(map(str, self.wrt))}>, {kinds}>'
                f'({self.name}, "{file}", "{self.name}");\n'
            )
        return f'TEST_CASE("{self.title}", "[oracle][axes]{tag}") {{\n{calls}}}\n'

    @property
    def only_thorough(self):
        return self.modes.isupper()


def shape_text(v):
    return "x".join(map(str, v.shape)) if v.ndim else "-"


def number_text(v):
    if v == int(v) and -1e9 < v < 1e9:
        return str(int(v))
    return repr(float(v))


def result_line(name, v, scale):
    v = np.asarray(v)
    if v.size <= FULL:
        numbers = [float(x) for x in v.reshape(-1)]
    else:
        flat = v.reshape(-1).astype(np.longdouble)
        numbers = [float(np.sum(flat * made(k + 1, (v.size,)))) for k in range(PROBES)]
    return f"{name} {shape_text(v)} {scale:.1e} " + " ".join(map(number_text, numbers))


# -------------------------------------------------------------------------------------------------------------- output


def write(path, text):
    with open(path, "w", encoding="ascii") as out:
        out.write(text)
    if path.endswith(".cpp") and shutil.which("clang-format-16"):
        subprocess.run(["clang-format-16", "-i", path], check=True)


HEADER = """\
// {what}, against derivatives from elsewhere.
// Written by tests/oracle/axes/{script}: change that, not this.
#include "{up}check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {{

"""


def write_test(stem, what, script, programs, tag="", up=""):
    """<stem>_test.cpp with the programs, <stem>_thorough.cpp with those for which all modes are capitals, <stem>.txt with
    what they must give."""
    file = os.path.relpath(stem, HERE)
    for suffix, thorough in ("_test.cpp", False), ("_thorough.cpp", True):
        chosen = [p for p in programs if p.only_thorough == thorough]
        if chosen:
            text = HEADER.format(what=what, script=script, up=up)
            text += "\n".join(p.cpp() for p in chosen)
            text += "\n}  // namespace\n\n" + "\n".join(p.test(file, tag) for p in chosen)
            write(stem + suffix, text)
    lines = [line for p in programs for line in p.table()]
    write(stem + ".txt", "\n".join(lines) + "\n")
    print(f"{file}: {len(programs)} programs", flush=True)
