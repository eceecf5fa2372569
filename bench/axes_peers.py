#!/usr/bin/env python3
"""Times PyTorch and JAX beside fusegrad on the workloads with axes, on one processor, and prints a table.

Each workload is written as the library's users write it: gradients by autograd; PyTorch as it is (eager), JAX compiled
by jax.jit. Medians of processor time. Usage, in an environment with torch and jax, either may be missing:

    bench/axes_peers.py [build/bench/bench/workloads_bench] [--output bench/results/axes-peers.md]
"""
import argparse
import datetime
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time

os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})  # before any library starts its threads
os.environ.update(OMP_NUM_THREADS="1", MKL_NUM_THREADS="1", JAX_PLATFORMS="cpu",
                  XLA_FLAGS="--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import numpy as np  # noqa: E402

from report import cpu, figure, human  # noqa: E402

SHAPES = [("W7_cross_entropy", (409600, 10)), ("W7_cross_entropy", (40960, 100)), ("W7_cross_entropy", (4096, 1000)),
          ("W7_cross_entropy", (410, 10000)), ("W7_cross_entropy", (4, 1 << 20)), ("W10_layer_norm", (4096, 1024)),
          ("W11_bias_gelu", (4096, 1024)), ("W12_softmax_regression", (1797, 64)), ("W13_linear_focal", (569, 30))]
CLASSES = 10


def inputs(workload, shape):
    """The arrays of a workload, and the positions of those to differentiate by."""
    n, m = shape
    random = np.random.default_rng(20240229)
    normal = lambda *size: random.standard_normal(size, dtype=np.float32)
    labels = lambda end: random.integers(0, end, n, dtype=np.int32)
    if "cross_entropy" in workload:
        return [2 * normal(n, m), labels(m)], [0]
    if "layer_norm" in workload:
        return [normal(n, m), 1 + 0.1 * normal(m), 0.1 * normal(m), normal(n, m)], [0, 1, 2]
    if "bias_gelu" in workload:
        return [normal(n, m), normal(m), normal(n, m)], [0, 1]
    if "softmax_regression" in workload:
        return [random.random((n, m), dtype=np.float32), normal(CLASSES, m), normal(CLASSES), labels(CLASSES)], [1, 2]
    return [normal(n, m), normal(m), np.float32(0.1), labels(2).astype(np.float32)], [1, 2]


def torch_step(workload, arrays, wanted):
    import torch
    import torch.nn.functional as F
    torch.set_num_threads(1)
    given = [torch.tensor(a) for a in arrays]
    for k, a in enumerate(given):
        if k in wanted:
            a.requires_grad_()
        elif a.dtype == torch.int32:
            given[k] = a.long()

    def focal(x, t):
        z = (2 * t - 1) * x
        return ((0.75 - 0.5 * t) * torch.sigmoid(-z) ** 2 * F.softplus(-z)).mean()

    def value():
        if "cross_entropy" in workload:
            return F.cross_entropy(given[0], given[1])
        if "layer_norm" in workload:
            return F.layer_norm(given[0], given[0].shape[-1:], given[1], given[2])
        if "bias_gelu" in workload:
            return F.gelu(given[0] + given[1])
        if "softmax_regression" in workload:
            return F.cross_entropy(F.linear(given[0], given[1], given[2]), given[3])
        return focal(given[0] @ given[1] + given[2], given[3])

    cotangent = given[-1] if re.search("layer_norm|bias_gelu", workload) else None
    return lambda: torch.autograd.grad(value(), [given[k] for k in wanted], cotangent)


def jax_step(workload, arrays, wanted):
    import jax
    import jax.numpy as jnp

    def cross_entropy(z, label):
        chosen = jnp.take_along_axis(z, label[:, None], axis=-1)[:, 0]
        return (jax.nn.logsumexp(z, axis=-1) - chosen).mean()

    def layer_norm(x, gamma, beta):
        mean, variance = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
        return (x - mean) * jax.lax.rsqrt(variance + 1e-5) * gamma + beta

    def linear_focal(x, w, b, t):
        z = (2 * t - 1) * (x @ w + b)
        return ((0.75 - 0.5 * t) * jax.nn.sigmoid(-z) ** 2 * jax.nn.softplus(-z)).mean()

    if "cross_entropy" in workload:
        step = jax.value_and_grad(cross_entropy)
    elif "layer_norm" in workload:
        def step(x, gamma, beta, dy):
            y, pull = jax.vjp(layer_norm, x, gamma, beta)
            return y, pull(dy)
    elif "bias_gelu" in workload:
        def step(x, b, dy):
            return jax.vjp(lambda x, b: jax.nn.gelu(x + b, approximate=False), x, b)[1](dy)
    elif "softmax_regression" in workload:
        step = jax.value_and_grad(lambda x, w, b, label: cross_entropy(x @ w.T + b, label), argnums=(1, 2))
    else:
        step = jax.value_and_grad(linear_focal, argnums=(1, 2))
    given, compiled = [jnp.asarray(a) for a in arrays], jax.jit(step)
    return lambda: jax.block_until_ready(compiled(*given))


def nanoseconds(step, repetitions):
    for _ in range(3):
        step()
    times = []
    for _ in range(repetitions):
        count, start = 0, time.process_time_ns()
        while count == 0 or time.process_time_ns() - start < 50_000_000:
            step()
            count += 1
        times.append((time.process_time_ns() - start) / count)
    return statistics.median(times)


def fused_nanoseconds(program, workload, shape, repetitions):
    command = [program, f"--benchmark_filter=^{workload}/float/fusegrad/{shape[0]}/{shape[1]}/",
               "--benchmark_format=json", f"--benchmark_repetitions={repetitions}", "--benchmark_min_time=0.05"]
    data = json.loads(subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout)
    return statistics.median(e["cpu_time"] for e in data["benchmarks"] if e["run_type"] == "iteration")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", nargs="?", help="workloads_bench, to time fusegrad in the same run")
    parser.add_argument("--repetitions", type=int, default=9)
    parser.add_argument("--output")
    options = parser.parse_args()

    peers, versions = {}, []
    for name, library, step in (("PyTorch", "torch", torch_step), ("JAX", "jax", jax_step)):
        try:
            versions.append(f"{name} {__import__(library).__version__}")
            peers[name] = step
        except ImportError:
            print(f"{name} is not installed", file=sys.stderr)
    names = (["fusegrad"] if options.program else []) + list(peers)
    lines = ["# Workloads with axes beside PyTorch and JAX", "",
             f"- {cpu()}, one of them used; load average {os.getloadavg()[0]:.1f}",
             f"- {datetime.date.today()}, {', '.join(versions)} (compiled with jax.jit)",
             f"- value and gradient, nanoseconds of processor time per element, medians of {options.repetitions}", "",
             f"| workload | n | {' | '.join(names)} |", "|---|---:|" + "---:|" * len(names)]
    for workload, shape in SHAPES:
        arrays, wanted = inputs(workload, shape)
        took = []
        if options.program:
            took.append(fused_nanoseconds(options.program, workload, shape, options.repetitions))
        for step in peers.values():
            took.append(nanoseconds(step(workload, arrays, wanted), options.repetitions))
        lines.append(f"| {workload.replace('_', ' ')} | {human(shape)} | "
                     + " | ".join(figure(t / shape[0] / shape[1]) for t in took) + " |")
        print(lines[-1], file=sys.stderr, flush=True)
    print("\n".join(lines))
    if options.output:
        path = pathlib.Path(options.output)
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
