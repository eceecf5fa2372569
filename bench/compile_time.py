#!/usr/bin/env python3
"""Compile time and peak memory of programs that use fusegrad, as a Markdown table with the bounds promised.

Measured: the header alone, the README's focal loss, sums of squares of many arrays, the Jacobian of a camera's
reprojection error, slices of slices, single elements, a simulation step by step, layers of rows that take many loops, a
step of an LSTM, check_gradient, and generated losses over three arrays whose value and gradient come to about 50, 150, 300
and 1000 instructions after the passes. Bounds are for a machine on which g++ takes 0.47 s for the header alone, or its
share of them for that of another: what is compared is the time in proportion to that of the header with g++.
Usage: compile_time.py [--repetitions 3] [--compilers g++ clang++] [--only PATTERN] [--output FILE]
"""
import argparse
import datetime
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from compile_time_programs import (CHECKED_NETWORK, FOCAL, HEADER, LSTM_STEP, SINGLE_ELEMENTS, generated, layers,
                                   lotka_volterra, many_arrays, nested_differences, reprojection)

HERE = pathlib.Path(__file__).resolve().parent
FLAGS = ["-std=c++20", "-O3", "-march=native"]
CUDA_FLAGS = ["-std=c++20", "-O3", "-x", "cu"]
# on the machine for which the bounds were set
SECONDS_OF_HEADER = 0.47
SHARE_OF_BOUND = {"g++": 1, "clang++": 1.3}  # others have none


def instructions_of(text, compiler, include, folder):
    """How many instructions the plan has, or None where it cannot be asked."""
    source, program = folder / "count.cpp", folder / "count"
    source.write_text(text)
    built = subprocess.run([compiler, "-std=c++20", "-O0", f"-I{include}", "-DCOUNT", str(source), "-o", str(program)],
                           stderr=subprocess.DEVNULL)
    if built.returncode:
        return None
    return int(subprocess.run([str(program)], stdout=subprocess.PIPE, text=True).stdout)


def generated_near(target, compiler, include, folder):
    """A generated program of about `target` instructions after the passes."""
    statements = max(3, target // 6)
    for _ in range(4):
        text = generated(statements)
        count = instructions_of(text, compiler, include, folder)
        if count is None or abs(count - target) <= 0.03 * target:
            break
        statements = max(1, round(statements * target / count))
    return text, count, statements


def compile_once(compiler, include, source, extra=()):
    """(seconds, MiB at the peak, ok)"""
    start = time.perf_counter()
    flags = CUDA_FLAGS if pathlib.Path(compiler).name == "nvcc" else FLAGS
    process = subprocess.Popen([compiler, *flags, *extra, f"-I{include}", "-c", str(source), "-o", os.devnull],
                               stderr=subprocess.PIPE)
    message = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.stderr.write(message.decode(errors="replace")[:2000] + "\n")
    return time.perf_counter() - start, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime, not process.returncode


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--compilers", nargs="+", default=[c for c in ("g++", "clang++", "nvcc") if shutil.which(c)])
    parser.add_argument("--include", default=str(HERE.parent / "include"))
    parser.add_argument("--only", default="", help="a pattern: just the programs whose name it is found in")
    parser.add_argument("--output", help="write the table here too")
    options = parser.parse_args()

    rows, missed, header = [], False, None
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        cases = [("header alone", HEADER, 0.35, None), ("focal loss of the README", FOCAL, 0.9, None)]
        cases += [(f"sum of squares of {n} arrays, into", many_arrays(n, True), seconds, None)
                  for n, seconds in ((2, 1.4), (5, 1.5), (10, 1.8), (16, 2.2), (64, 6))]
        cases.append(("sum of squares of 16 arrays, returned", many_arrays(16, False), 1.5, None))
        cases += [(f"Jacobian of a reprojection, {form}", reprojection(form), 5, None)
                  for form in ("into", "returned", "par")]
        cases += [(f"nested differences, {steps}", nested_differences(steps), 2 if steps == 5 else None, None)
                  for steps in (1, 3, 5, 8)]
        cases += [(f"layer norms, {count}", layers(count), None, None) for count in (1, 2, 4)]
        cases += [(f"Lotka-Volterra, {steps} steps", lotka_volterra(steps), seconds, None)
                  for steps, seconds in ((10, None), (100, 30))]
        cases += [("seven single elements", SINGLE_ELEMENTS, 2, None), ("step of an LSTM", LSTM_STEP, 12, None),
                  ("check_gradient of a network", CHECKED_NETWORK, 3, None)]
        for target, seconds, memory in ((50, None, None), (150, None, None), (300, 4.0, None), (1000, 20.0, 2048)):
            if re.search(options.only, f"generated, {target}"):
                text, count, statements = generated_near(target, options.compilers[0], options.include, folder)
                label = f"generated, {target}: " + (f"{count} instructions" if count else f"{statements} statements")
                cases.append((label, text, seconds, memory))
        for label, text, bound, memory_bound in cases:
            if label != "header alone" and not re.search(options.only, label):
                continue
            source = folder / "program.cpp"
            source.write_text(text)
            for compiler in options.compilers:
                runs = [compile_once(compiler, options.include, source) for _ in range(options.repetitions)]
                # Processor time rather than time on the wall: the machine may be shared.
                seconds, memory = statistics.median(r[2] for r in runs), statistics.median(r[1] for r in runs)
                ok = all(r[3] for r in runs)
                header = header or seconds  # the first of all is the header with g++
                scaled = seconds * SECONDS_OF_HEADER / header
                share = SHARE_OF_BOUND.get(pathlib.Path(compiler).name)
                allowed = round(bound * share, 2) if bound and share else None
                met = ok and (allowed is None or scaled <= allowed) and (memory_bound is None or memory <= memory_bound)
                missed |= not met
                bounds = ", ".join(([f"{allowed:g} s"] if allowed else []) + ([f"{memory_bound:g} MiB"] if memory_bound else []))
                verdict = "does not compile" if not ok else "-" if not bounds else "yes" if met else "**no**"
                rows.append(f"| {label} | {compiler} | {seconds:.2f} | {scaled:.2f} | {memory:.0f} | {bounds or '-'} | {verdict} |")
                print(rows[-1], file=sys.stderr, flush=True)

    versions = [subprocess.run([c, "--version"], stdout=subprocess.PIPE, text=True).stdout.splitlines()[0]
                for c in options.compilers]
    table = "\n".join([
        "# Compile time", "",
        f"{datetime.date.today()}, `{' '.join(FLAGS)} -c`, {'; '.join(versions)}. Medians of {options.repetitions}; "
        "instructions are those of the optimised program (value and three gradients).", "",
        "| program | compiler | processor s | at 0.47 s a header | peak MiB | bound | met |",
        "|---|---|---:|---:|---:|---|---|", *rows, ""])
    print(table)
    if options.output:
        pathlib.Path(options.output).write_text(table)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
