#!/usr/bin/env python3
"""Runs the workload benchmark and writes bench/results/NAME.md.

Each workload runs in a process of its own; rivals and sizes are interleaved at random, and every figure is the
median of the repetitions, in processor time of the one thread: the time on the wall where the machine is idle, and
still comparable where it is shared. Usage:

    bench/report.py build/bench/bench/workloads_bench --name zen4-gcc12 [--repetitions 9] [--min-time 0.05]
                    [--filter REGEX] [--sizes 64,4096,...] [--scalar build/bench/bench/scalar_bench]
"""
import argparse
import collections
import datetime
import json
import math
import os
import pathlib
import re
import shlex
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
RIVALS = ["fusegrad", "H3", "H2", "H1", "Eigen", "xtensor"]
# The bandwidth target applies to workloads whose arithmetic hides behind the memory traffic at 16M.
MEMORY_BOUND = {("W1_mse", "float"), ("W2_huber", "float"), ("W4_gaussian_nll", "float"), ("W5_giou", "float"),
                ("W8_dice", "float")}


def run(program, pattern, repetitions, min_time):
    command = [program, f"--benchmark_filter={pattern}", "--benchmark_format=json",
               f"--benchmark_repetitions={repetitions}", f"--benchmark_min_time={min_time}",
               "--benchmark_enable_random_interleaving=true"]
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    return json.loads(result.stdout), command


def names(program):
    listing = subprocess.run([program, "--benchmark_list_tests"], stdout=subprocess.PIPE, text=True, check=True).stdout
    return listing.split()


def cpu():
    try:
        text = pathlib.Path("/proc/cpuinfo").read_text()
        model = re.search(r"model name\s*:\s*(.*)", text).group(1)
        widest = next((w for w, flag in (("AVX-512", " avx512f "), ("AVX2", " avx2 ")) if flag in text), "SSE2")
        return f"{model}, {widest}, {os.cpu_count()} cores"
    except (OSError, AttributeError):
        return "unknown CPU"


def human(shape):
    return " x ".join({1 << 20: "1M", 1 << 24: "16M"}.get(n, f"{n:,}") for n in shape)


def target_of(workload, shape):
    """How much slower than H3 fusegrad may be."""
    if len(shape) == 1 or (workload, shape) == ("W7_cross_entropy", (4096, 1000)):
        return 1.15
    return 1.3 if workload == "W7_cross_entropy" else 1.2


def figure(x):
    return "-" if x is None else f"{x:.3g}" if x < 0.1 else f"{x:.3f}" if x < 10 else f"{x:.1f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--name", required=True)
    parser.add_argument("--repetitions", type=int, default=9)
    parser.add_argument("--min-time", type=float, default=0.05)
    parser.add_argument("--filter", default=".")
    parser.add_argument("--sizes", default="")
    parser.add_argument("--scalar", help="also time the scalar derivatives with this program")
    options = parser.parse_args()
    program = options.program if "/" in options.program else f"./{options.program}"

    times = collections.defaultdict(list)  # (workload, type, shape, rival) -> ns per element
    notes, failures, context = {}, {}, {}
    groups = list(dict.fromkeys(tuple(n.split("/")[:2]) for n in names(program) if re.search(options.filter, n)))
    size = f"({options.sizes.replace(',', '|')})" if options.sizes else "[0-9]+(/[0-9]+)?"
    for workload, kind in groups:
        data, _ = run(program, f"^{workload}/{kind}/.*/{size}/", options.repetitions, options.min_time)
        context = data["context"]
        for entry in data["benchmarks"]:
            if entry["run_type"] != "iteration":
                continue
            _, _, rival, *rest = entry["name"].split("/")
            shape = tuple(int(n) for n in rest if n.isdigit())
            key = (workload, kind, shape, rival)
            if entry.get("error_occurred"):
                failures[key] = entry["error_message"]
                continue
            times[key].append(entry["cpu_time"] / math.prod(shape))
            notes[key] = (entry["loss_error"], entry["gradient_error"], entry["bytes_per_element"])
        print(f"{workload}/{kind} done", file=sys.stderr, flush=True)

    median = {key: statistics.median(v) for key, v in times.items()}
    rivals = [r for r in RIVALS if any(key[3] == r for key in [*median, *failures])]
    axes = any(len(key[2]) > 1 for key in median)
    lines = [
        f"# Workloads, {options.name}", "",
        f"- {cpu()}; load average at the end {os.getloadavg()[0]:.1f}",
        f"- {context.get('compiler', 'unknown compiler')}, `{context.get('flags', '')}`, one thread",
        f"- {datetime.date.today()}, `bench/report.py {shlex.join(sys.argv[1:])}`",
        f"- value and gradient, nanoseconds of processor time per element; medians of {options.repetitions} repetitions of at least "
        f"{options.min_time} s, all rivals interleaved at random; every result checked against the reference first",
        "- H3: AVX-512 intrinsics by hand; H2: natural loop, `-ffast-math`, `ivdep`, `restrict`; H1: natural loop; "
        f"Eigen{' and xtensor' if 'xtensor' in rivals else ''}: array expressions. `/ H3` and `/ best` are fusegrad's time "
        "over H3's and over the best by hand (H1 to H3); the target is 1.15"
        + (", 1.3 for the other shapes of W7, 1.2 for W10 to W13" if axes else ""), "",
        f"| workload | type | n | {' | '.join(rivals)} | / H3 | / best | target |",
        "|---|---|---:|" + "---:|" * (len(rivals) + 2) + "---|"]
    missed = []
    for workload, kind in groups:
        for n in sorted({k[2] for k in list(median) + list(failures) if k[:2] == (workload, kind)}):
            value = {r: median.get((workload, kind, n, r)) for r in RIVALS}
            by_hand = [value[r] for r in ("H3", "H2", "H1") if value[r]]
            fused = value["fusegrad"]
            ratio = fused / value["H3"] if fused and value["H3"] else None
            best = fused / min(by_hand) if fused and by_hand else None
            verdict = "-" if ratio is None else "ok" if ratio <= target_of(workload, n) else "**missed**"
            if (workload, kind, n, "fusegrad") in failures:
                verdict = "**wrong**"
            if "**" in verdict:
                missed.append(f"{workload} {kind} {human(n)}")
            lines.append(f"| {workload.replace('_', ' ')} | {kind} | {human(n)} | "
                         + " | ".join(figure(value[r]) for r in rivals)
                         + f" | {figure(ratio)} | {figure(best)} | {verdict} |")
    lines += ["", f"Missed: {', '.join(missed) if missed else 'none'}.", "",
              "## Bandwidth at the largest sizes", "",
              "GB/s of the arrays read and written once (the dice loss reads its inputs twice). The copy kernel reads and "
              "writes as many arrays with non-temporal stores. Target: 90 % of it for the memory-bound workloads.", "",
              "| workload | type | n | copy | fusegrad | H3 | fusegrad / copy | target |",
              "|---|---|---:|---:|---:|---:|---:|---|"]
    for workload, kind, shape in sorted({k[:3] for k in median if math.prod(k[2]) == 1 << 24 or len(k[2]) > 1},
                                        key=lambda k: (groups.index(k[:2]), k[2])):
        key = (workload, kind, shape)
        copy, fused, h3 = (median.get((*key, r)) for r in ("copy", "fusegrad", "H3"))
        if not copy:
            continue
        moved = next(notes[(*key, r)][2] for r in ("copy", "H3", "fusegrad") if (*key, r) in notes)
        rate = [figure(moved / t) if t else "-" for t in (copy, fused, h3)]
        share = copy / fused if fused else None
        verdict = "-" if len(shape) > 1 or share is None else "compute-bound" if (workload, kind) not in MEMORY_BOUND else (
            "ok" if share >= 0.9 else "**missed**")
        lines.append(f"| {workload.replace('_', ' ')} | {kind} | {human(shape)} | {' | '.join(rate)} | "
                     f"{'-' if share is None else f'{100 * share:.0f} %'} | {verdict} |")
    lines += ["", "## Accuracy", "",
              "The largest relative errors of the loss (at 16M elements, or at any shape of the workloads with axes) and of a "
              "gradient (at any size), against the next wider type.", "",
              "| workload | type | " + " | ".join(f"{r} loss" for r in rivals) + " | "
              + " | ".join(f"{r} gradient" for r in rivals) + " |",
              "|---|---|" + "---:|" * (2 * len(rivals))]
    for workload, kind in groups:
        columns = []
        for which in (0, 1):
            for r in rivals:
                errors = [note[which] for key, note in notes.items() if key[:2] == (workload, kind) and key[3] == r
                          and (which == 1 or len(key[2]) > 1 or key[2] == (1 << 24,))]
                has_loss = which == 1 or not re.search("black_scholes|layer_norm|bias_gelu", workload)
                columns.append(f"{max(errors):.1e}" if errors and has_loss else "-")
        lines.append(f"| {workload.replace('_', ' ')} | {kind} | {' | '.join(columns)} |")
    if failures:
        lines += ["", "## Wrong results", ""]
        lines += [f"- {w} {k} {human(n)} {r}: {text}" for (w, k, n, r), text in sorted(failures.items())]

    if options.scalar:
        scalar = options.scalar if "/" in options.scalar else f"./{options.scalar}"
        data, _ = run(scalar, ".", options.repetitions, options.min_time)
        runs = collections.defaultdict(list)
        for entry in data["benchmarks"]:
            if entry["run_type"] == "iteration":
                runs[entry["name"].split("/")[1]].append(entry["cpu_time"])
        lines += ["", "## Scalar derivatives (W9)", "", "Nanoseconds a call, inlined, double. W9a is `parabola`, W9b `mixture`.",
                  "", "| function | fusegrad | by hand | ratio |", "|---|---:|---:|---:|"]
        for name in [k[len("fused_"):] for k in runs if k.startswith("fused_")]:
            fused, hand = (statistics.median(runs[p + name]) for p in ("fused_", "hand_"))
            lines.append(f"| {name} | {figure(fused)} | {figure(hand)} | {fused / hand:.2f} |")

    target = HERE / "results" / f"{options.name}.md"
    target.parent.mkdir(exist_ok=True)
    target.write_text("\n".join(lines) + "\n")
    print(f"wrote {os.path.relpath(target)}", file=sys.stderr)


if __name__ == "__main__":
    main()
