#!/usr/bin/env python3
"""The workloads of bench.cu in PyTorch (eager and torch.compile), JAX (jit) and CuPy (fusion), whichever are installed:
value and gradient, median microseconds of 21 calls, as tab-separated text. Needs a GPU."""
import statistics
import sys
import time

SIZES = [1 << k for k in range(12, 29, 2)]


def median(call, wait):
    for _ in range(5):
        call()
    wait()
    times = []
    for _ in range(21):
        start = time.perf_counter()
        call()
        wait()
        times.append(1e6 * (time.perf_counter() - start))
    return statistics.median(times)


def row(peer, workload, n, microseconds):
    print(f"{peer}\t{workload}\t{n}\t{microseconds:.2f}", flush=True)


def pytorch():
    import torch
    import torch.nn.functional as F

    def focal(x, t):
        z = (2 * t - 1) * x
        return ((0.75 - 0.5 * t) * torch.sigmoid(-z) ** 2 * F.softplus(-z)).mean()

    def mse(x, t):
        return ((x - t) ** 2).mean()

    def step(loss):
        def run(x, t):
            x = x.detach().requires_grad_()
            value = loss(x, t)
            return value, torch.autograd.grad(value, x)[0]
        return run

    for name, loss in [("mean squared error", mse), ("focal loss", focal)]:
        for peer, run in [("PyTorch eager", step(loss)), ("torch.compile", step(torch.compile(loss)))]:
            for n in SIZES:
                x, t = torch.randn(n, device="cuda"), torch.rand(n, device="cuda")
                row(peer, name, n, median(lambda: run(x, t), torch.cuda.synchronize))
    for columns in (1000, 32000, 128000):
        rows = (1 << 26) // columns
        x, t = torch.randn(rows, columns, device="cuda"), torch.randint(columns, (rows,), device="cuda")
        for peer, loss in [("PyTorch eager", F.cross_entropy), ("torch.compile", torch.compile(F.cross_entropy))]:
            row(peer, f"cross-entropy x {columns}", rows * columns, median(lambda: step(loss)(x, t), torch.cuda.synchronize))


def jax():
    import jax
    import jax.numpy as jnp

    def focal(x, t):
        z = (2 * t - 1) * x
        return jnp.mean((0.75 - 0.5 * t) * jax.nn.sigmoid(-z) ** 2 * jax.nn.softplus(-z))

    for name, loss in [("mean squared error", lambda x, t: jnp.mean((x - t) ** 2)), ("focal loss", focal)]:
        run = jax.jit(jax.value_and_grad(loss))
        for n in SIZES:
            x, t = jax.random.normal(jax.random.key(1), (n,)), jax.random.uniform(jax.random.key(2), (n,))
            row("JAX", name, n, median(lambda: jax.block_until_ready(run(x, t)), lambda: None))


def cupy():
    import cupy

    @cupy.fuse()
    def slope(x, t):
        z = (2 * t - 1) * x
        q = 1 / (1 + cupy.exp(z))
        soft = cupy.maximum(-z, 0) + cupy.log1p(cupy.exp(-cupy.abs(z)))
        return -(0.75 - 0.5 * t) * (2 * t - 1) * q * q * (2 * (1 - q) * soft + q)

    for n in SIZES:
        x, t = cupy.random.randn(n, dtype=cupy.float32), cupy.random.rand(n, dtype=cupy.float32)
        row("CuPy, gradient alone", "focal loss", n, median(lambda: slope(x, t), cupy.cuda.Device().synchronize))


if __name__ == "__main__":
    print("peer\tworkload\telements\tus")
    for peer in (pytorch, jax, cupy):
        try:
            peer()
        except ImportError as missing:
            print(f"{peer.__name__}: not installed ({missing})", file=sys.stderr)
