#!/usr/bin/env python3
"""The workloads of bench.cu in PyTorch (eager and torch.compile), JAX (jit) and CuPy (fusion), whichever are installed:
value and gradient, median microseconds of a call, as tab-separated text. Needs a GPU, and says so where there is none.
Each peer has a process of its own, since they do not give back memory; what one cannot do is reported and passed over.
Usage: peers.py [pytorch|jax|cupy]
"""
import os
import statistics
import subprocess
import sys
import time

os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")

FLAT_SIZES = [1 << k for k in range(12, 29, 2)]
ELEMENTS = 1 << 26  # of matrices
RATE = 0.02

# Of each flat workload: the ranges of its arguments, and which of them are differentiated.
ANY, UNIT, LOW, HIGH = (-3, 3), (0, 1), (0, 0.5), (0.6, 1)
FLAT = {
    "mean squared error": ([ANY, ANY], [0]),
    "focal loss": ([ANY, UNIT], [0]),
    "Gaussian likelihood": ([ANY, ANY, UNIT], [1, 2]),
    "GIoU": ([LOW, LOW, HIGH, HIGH] * 2, [0, 1, 2, 3]),
    "Black-Scholes with greeks": ([(80, 120), (80, 120), (0.1, 2), (0.1, 0.5)], [0, 2, 3]),
}


def median(call, wait, batch=16):
    """Of 21 batches of calls that are put on the device together, as bench.cu measures."""
    for _ in range(5):
        kept = call()
    wait(kept)
    times = []
    for _ in range(21):
        start = time.perf_counter()
        for _ in range(batch):
            kept = call()
        wait(kept)
        times.append(1e6 * (time.perf_counter() - start) / batch)
    return statistics.median(times)


def row(peer, workload, n, measured):
    """`measured` is a function that finds the microseconds."""
    try:
        print(f"{peer}\t{workload}\t{n}\t{measured():.2f}", flush=True)
    except Exception as e:  # out of memory, or what a peer cannot compile: the others go on
        print(f"{peer}, {workload}, {n}: {type(e).__name__}: {str(e).splitlines()[0] if str(e) else ''}", file=sys.stderr)


def flat_functions(m, sigmoid, softplus, normal_cdf):
    """The flat workloads in terms of a library `m` that is shaped like NumPy."""
    def focal(x, t):
        z = (2 * t - 1) * x
        return ((0.75 - 0.5 * t) * sigmoid(-z) ** 2 * softplus(-z)).mean()

    def giou(x1, y1, x2, y2, u1, v1, u2, v2):
        width = (m.minimum(x2, u2) - m.maximum(x1, u1)).clip(0)
        height = (m.minimum(y2, v2) - m.maximum(y1, v1)).clip(0)
        inner = width * height
        join = (x2 - x1) * (y2 - y1) + (u2 - u1) * (v2 - v1) - inner
        hull = (m.maximum(x2, u2) - m.minimum(x1, u1)) * (m.maximum(y2, v2) - m.minimum(y1, v1))
        return (1 - (inner / join - (hull - join) / hull)).mean()

    def black_scholes(s, k, t, v):
        spread = v * m.sqrt(t)
        d1 = (m.log(s / k) + (RATE + 0.5 * v * v) * t) / spread
        return s * normal_cdf(d1) - k * m.exp(-RATE * t) * normal_cdf(d1 - spread)

    return {
        "mean squared error": lambda x, t: ((x - t) ** 2).mean(),
        "focal loss": focal,
        "Gaussian likelihood": lambda x, mu, lv: (0.5 * (lv + (x - mu) ** 2 * m.exp(-lv))).mean(),
        "GIoU": giou,
        "Black-Scholes with greeks": black_scholes,
    }


def pytorch():
    import torch
    import torch.nn.functional as F

    if not torch.cuda.is_available():
        return print("PyTorch: skipped, no GPU", file=sys.stderr)

    def step(function, wanted, cotangent=None, needs_value=True):
        """Value and gradients; of a value that is an array, with a cotangent, or that of its sum."""
        def run(*arguments):
            arguments = [a.detach().requires_grad_() if i in wanted else a for i, a in enumerate(arguments)]
            value = function(*arguments)
            seed = cotangent if cotangent is not None or value.dim() == 0 else torch.ones_like(value)
            gradients = torch.autograd.grad(value, [arguments[i] for i in wanted], seed)
            return (value, gradients) if needs_value else gradients
        return run

    def wait(_):
        torch.cuda.synchronize()

    def measure(workload, n, function, wanted, arguments, cotangent=None, needs_value=True):
        torch.compiler.reset()  # or it would compile for any size what it saw of two
        for peer, f in [("PyTorch eager", function), ("torch.compile", torch.compile(function, dynamic=False))]:
            run = step(f, wanted, cotangent, needs_value)
            row(peer, workload, n, lambda: median(lambda: run(*arguments), wait))
            torch.cuda.empty_cache()

    def random(extents, bounds=ANY):
        return torch.empty(extents, device="cuda").uniform_(*bounds)

    functions = flat_functions(torch, torch.sigmoid, F.softplus, torch.special.ndtr)
    for name, (ranges, wanted) in FLAT.items():
        for n in FLAT_SIZES:
            measure(name, n, functions[name], wanted, [random(n, r) for r in ranges])
    for columns in (1000, 32000, 128000):
        rows = ELEMENTS // columns
        labels = torch.randint(columns, (rows,), device="cuda")
        measure(f"cross-entropy x {columns}", rows * columns, F.cross_entropy, [0], [random((rows, columns)), labels])
    for columns in (1024, 4096):
        extents = (ELEMENTS // columns, columns)
        measure(f"layer norm forward and backward x {columns}", ELEMENTS,
                lambda x, g, b: F.layer_norm(x, x.shape[-1:], g, b), [0, 1, 2],
                [random(extents), random(columns), random(columns)], random(extents))
        measure(f"bias and GELU backward x {columns}", ELEMENTS, lambda x, b: F.gelu(x + b), [0, 1],
                [random(extents), random(columns)], random(extents), needs_value=False)


def jax():
    import jax
    import jax.numpy as jnp

    if jax.default_backend() != "gpu":
        return print("JAX: skipped, no GPU", file=sys.stderr)

    keys = iter(jax.random.split(jax.random.key(1), 1000))

    def random(extents, bounds=ANY):
        return jax.random.uniform(next(keys), extents, minval=bounds[0], maxval=bounds[1])

    def measure(workload, n, run, arguments):
        run = jax.jit(run)
        row("JAX", workload, n, lambda: median(lambda: run(*arguments), jax.block_until_ready))

    def value_and_grad(f, wanted):
        """Of a value that is an array, the gradient of its sum."""
        def run(*arguments):
            value, back = jax.vjp(lambda *a: f(*[a[wanted.index(i)] if i in wanted else x
                                                 for i, x in enumerate(arguments)]), *[arguments[i] for i in wanted])
            return value, back(jnp.ones_like(value))
        return run

    def pullback(f, needs_value=True):
        def run(dy, *arguments):
            value, back = jax.vjp(f, *arguments)
            return (value, back(dy)) if needs_value else back(dy)
        return run

    def cross_entropy(x, labels):
        return (jax.nn.logsumexp(x, -1) - jnp.take_along_axis(x, labels[:, None], -1)[:, 0]).mean()

    def layer_norm(x, g, b):
        centred = x - x.mean(-1, keepdims=True)
        return centred * jax.lax.rsqrt((centred ** 2).mean(-1, keepdims=True) + 1e-5) * g + b

    functions = flat_functions(jnp, jax.nn.sigmoid, jax.nn.softplus, jax.scipy.stats.norm.cdf)
    for name, (ranges, wanted) in FLAT.items():
        for n in FLAT_SIZES:
            measure(name, n, value_and_grad(functions[name], wanted), [random((n,), r) for r in ranges])
    for columns in (1000, 32000, 128000):
        rows = ELEMENTS // columns
        labels = jax.random.randint(jax.random.key(2), (rows,), 0, columns)
        measure(f"cross-entropy x {columns}", rows * columns, value_and_grad(cross_entropy, [0]),
                [random((rows, columns)), labels])
    for columns in (1024, 4096):
        extents = (ELEMENTS // columns, columns)
        measure(f"layer norm forward and backward x {columns}", ELEMENTS, pullback(layer_norm),
                [random(extents), random(extents), random((columns,)), random((columns,))])
        measure(f"bias and GELU backward x {columns}", ELEMENTS,
                pullback(lambda x, b: jax.nn.gelu(x + b, approximate=False), needs_value=False),
                [random(extents), random(extents), random((columns,))])


def cupy():
    import cupy

    if cupy.cuda.runtime.getDeviceCount() == 0:
        return print("CuPy: skipped, no GPU", file=sys.stderr)

    @cupy.fuse()
    def mse_slope(x, t):
        return 2 * (x - t)

    @cupy.fuse()
    def focal_slope(x, t):
        z = (2 * t - 1) * x
        q = 1 / (1 + cupy.exp(z))
        soft = cupy.maximum(-z, 0) + cupy.log1p(cupy.exp(-cupy.abs(z)))
        return -(0.75 - 0.5 * t) * (2 * t - 1) * q * q * (2 * (1 - q) * soft + q)

    for name, slope in [("mean squared error", mse_slope), ("focal loss", focal_slope)]:
        for n in FLAT_SIZES:
            x, t = cupy.random.randn(n, dtype=cupy.float32), cupy.random.rand(n, dtype=cupy.float32)
            row("CuPy, gradient alone", name, n,
                lambda: median(lambda: slope(x, t), lambda _: cupy.cuda.Device().synchronize()))


PEERS = {"pytorch": pytorch, "jax": jax, "cupy": cupy}

if __name__ == "__main__":
    if len(sys.argv) == 2:
        try:
            PEERS[sys.argv[1]]()
        except Exception as e:
            print(f"{sys.argv[1]}: {type(e).__name__}: {e}", file=sys.stderr)
    else:
        print("peer\tworkload\telements\tus", flush=True)
        for name in PEERS:
            subprocess.run([sys.executable, __file__, name])
