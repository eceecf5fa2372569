#!/usr/bin/env python3
"""Fails if programs that use fusegrad take more to compile than what is on record.

What is compared is the ratio to a file that does not use the library, compiled in the same run: instructions of the
compiler where the machine counts them (perf stat), by which 15 % more fail; processor seconds otherwise, the least of
several runs in turn, by which 40 % more do: other machines have other caches. 15 % more are said to be more.
Records are kept for each compiler version; one without a record is only measured.
Usage: compile_time_guard.py [--compilers g++ clang++] [--repetitions 3] [--record]
"""
import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from compile_time import FLAGS, compile_once
from compile_time_programs import FOCAL, HEADER, generated

RECORDS = pathlib.Path(__file__).resolve().parent / "results" / "compile-time-guard.json"
MOST_GROWTH = {True: 1.15, False: 1.4}  # are instructions counted?

# Headers to read, templates to instantiate, and loops to optimise, none of them ours.
RULER = """#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <regex>
#include <string>
#include <tuple>
#include <vector>
template <int N> struct wave {
  static double sum(const std::vector<double>& x) {
    double s = 0;
    for (std::size_t i = N; i < x.size(); ++i) s += x[i] * x[i - N] + N;
    return s + wave<N - 1>::sum(x);
  }
};
template <> struct wave<0> { static double sum(const std::vector<double>& x) { return std::accumulate(x.begin(), x.end(), 0.0); } };
double ruler(const std::vector<double>& x, const std::string& text) {
  std::map<std::string, std::tuple<int, double>> found;
  const std::regex word("[a-z]+");
  for (std::sregex_iterator i(text.begin(), text.end(), word), end; i != end; ++i) std::get<0>(found[i->str()])++;
  std::vector<std::function<double(double)>> f{[](double v) { return v; }, [&](double v) { return v * x[0]; }};
  auto y = x;
  std::sort(y.begin(), y.end(), [](double a, double b) { return a > b; });
  return wave<40>::sum(y) + f[found.size() % 2](y[0]);
}
"""

PROGRAMS = {"header alone": HEADER, "focal loss": FOCAL, "generated, 24 statements": generated(24)}


def instructions(command):
    """The compiler's instructions, or None where the machine does not count them."""
    if shutil.which("perf") is None:
        return None
    result = subprocess.run(["perf", "stat", "-x", ",", "-e", "instructions:u", *command], capture_output=True, text=True)
    found = re.search(r"^(\d+),", result.stderr, re.M)
    return int(found.group(1)) if found and result.returncode == 0 else None


def costs(compiler, include, folder, repetitions):
    """The cost of each program in the cost of the ruler, and whether it is counted."""
    sources = {}
    for name, text in {"ruler": RULER, **PROGRAMS}.items():
        sources[name] = folder / (re.sub(r"\W", "_", name) + ".cpp")
        sources[name].write_text(text)
    command = [compiler, *FLAGS, f"-I{include}", "-c", "-o", "/dev/null"]
    counted = instructions([*command, str(sources["ruler"])]) is not None
    if counted:
        cost = {name: instructions([*command, str(source)]) for name, source in sources.items()}
    else:
        cost = {name: float("inf") for name in sources}
        for _ in range(repetitions):  # in turn, so that a slow minute is slow for all
            for name, source in sources.items():
                _, _, seconds, ok = compile_once(compiler, include, source)
                if not ok:
                    sys.exit(f"'{name}' does not compile with {compiler}")
                cost[name] = min(cost[name], seconds)
    return {name: cost[name] / cost["ruler"] for name in PROGRAMS}, counted


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--compilers", nargs="+", default=[c for c in ("g++", "clang++") if shutil.which(c)])
    parser.add_argument("--include", default=str(RECORDS.parent.parent.parent / "include"))
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--record", action="store_true", help="write the ratios down as the new record")
    options = parser.parse_args()

    records = json.loads(RECORDS.read_text()) if RECORDS.exists() else {}
    grown = False
    with tempfile.TemporaryDirectory() as folder:
        for compiler in options.compilers:
            major = subprocess.run([compiler, "-dumpversion"], capture_output=True, text=True).stdout.strip().split(".")[0]
            found, counted = costs(compiler, options.include, pathlib.Path(folder), options.repetitions)
            key = f"{pathlib.Path(compiler).name} {major}, {'instructions' if counted else 'seconds'}"
            record = records.get(key, {})
            if any(found[name] > MOST_GROWTH[counted] * record.get(name, float("inf")) for name in found) and not options.record:
                again, _ = costs(compiler, options.include, pathlib.Path(folder), options.repetitions)
                found = {name: min(found[name], again[name]) for name in found}
            for name, ratio in found.items():
                growth = ratio / record[name] if name in record else None
                grown |= growth is not None and growth > MOST_GROWTH[counted]
                print(f"{key}: {name}: {ratio:.3f} of the ruler, " + ("no record" if growth is None else
                      f"{growth:.2f} of the record" + (", which is more" if growth > MOST_GROWTH[True] else "")))
            records[key] = {name: round(ratio, 3) for name, ratio in found.items()}
    if options.record:
        RECORDS.write_text(json.dumps(records, indent=2, sort_keys=True) + "\n")
        return 0
    if grown:
        print(f"a program takes too much more than what is on record in {RECORDS.name}: find out why, or --record")
    return grown


if __name__ == "__main__":
    sys.exit(main())
