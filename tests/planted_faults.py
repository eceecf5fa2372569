#!/usr/bin/env python3
"""Plants one fault after the other in a copy of the library, and fails if the test that should find it does not.

Each is a mistake that somebody could make: a sign, a tie, a tail, a carry, a barrier, a missing check. Where the text
that a fault replaces is not found, the list below is out of date. Takes about half a minute for each fault.
Needs g++, clang and Catch2.
Usage: planted_faults.py [--jobs 2] [word that the fault's description contains]...
"""
import argparse
import concurrent.futures
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
FLAGS = ["-std=c++20", "-Og", "-w", "-march=native", "-fopenmp", "-Iinclude", "-Itests",
         f'-DFUSEGRAD_ORACLE_DIR="{ROOT}/tests/oracle"']
# Races between threads need not show in results: the preset tsan runs such tests, too.
RACE = " under the thread sanitizer"
RACE_FLAGS = ["-std=c++20", "-O1", "-g1", "-fsanitize=thread", *FLAGS[2:]]

# what goes wrong; file; text; what stands there instead; the test that finds it
FAULTS = [
    ("wrong sign in a partial: cos", "ops/trigonometric.hpp", "{ return -sin(x); }", "{ return sin(x); }", "random/random"),
    ("wrong partial: tan", "ops/trigonometric.hpp", "return 1.0 + y * y;", "return 1.0 - y * y;", "random/random"),
    ("wrong sign in the second partial: sub", "ops/arithmetic.hpp", "std::array{1.0, -1.0}", "std::array{1.0, 1.0}",
     "random/random"),
    ("operands exchanged in a partial: mul", "ops/arithmetic.hpp", "symbolic auto) { return std::array{y, x}; }",
     "symbolic auto) { return std::array{x, y}; }", "random/random"),
    ("wrong constant in a partial: exp2", "ops/exponential.hpp", "0.693147180559945309 * y", "0.693147 * y",
     "random/random"),
    ("wrong tie: both operands of max count in full", "ops/extrema.hpp",
     "where(parts::counts_as_larger(x, y), parts::share(x, y), 0.0)", "where(parts::counts_as_larger(x, y), 1.0, 0.0)",
     "ops/kinks"),
    ("NaN does not count in max", "ops/extrema.hpp", "return y <= x || x != x;", "return y <= x;", "ops/nan_slopes"),
    ("an adjoint is not summed over what was broadcast", "passes/reverse.hpp", "missing != 0)", "missing == ~0u)",
     "random/random"),
    ("an adjoint counts once along axes where it is constant", "passes/contributions.hpp",
     "if (constant_along != 0) c.value = b.emit(ir::info<mul_t>, c.value, b.count(value, constant_along));", "",
     "random/random"),
    ("memory around what is padded is not cleared", "passes/lower.hpp", "return first == step;", "return true;",
     "cuda/joins"),
    ("the adjoint of a piece is that of what is joined", "passes/reverse.hpp", "made.moves_elements() && k == 0",
     "made.is(ir::op_kind::slice)", "random/random"),
    ("a scan's adjoint leaves out the element itself", "passes/contributions.hpp",
     "return contributed(b, b.emit(ir::info<add_t>, rest, value));", "return contributed(b, rest);", "random/random"),
    ("a scan's tangent runs backwards", "passes/forward.hpp", "part = scanned(b, part, v, false);",
     "part = scanned(b, part, v, true);", "random/random"),
    ("opposite conditions are taken for one", "passes/contributions.hpp", "if (condition == c.condition) return {};",
     "if (condition == c.condition) return c;", "ops/conditions"),
    ("a cut of a cut is one element short", "core/axes.hpp",
     "else if (ends_from_end()) made.stop = -left_out() - next.left_out();",
     "else if (ends_from_end()) made.stop = -left_out() - next.left_out() - 1;", "random/random"),
    ("a flip of a slice takes its elements from the wrong end", "core/axes.hpp",
     "other = {stop == end ? 0 : -stop, start == 0 ? end : -start, 1};",
     "other = {start, stop, 1};", "api/slices"),
    ("constants are folded with their operands exchanged", "ir/builder.hpp", "values[k] = code_[made.x[k]].value();",
     "values[op.arity - 1 - k] = code_[made.x[k]].value();", "random/random"),
    ("the correction of a variance is added", "ops/statistics.hpp", "(parts::element_count(x) - correction)",
     "(parts::element_count(x) + correction)", "ops/statistics"),
    ("the weights of an interpolation are exchanged: quantile", "ops/sorting.hpp", "return outputs(1.0 - t, t, b - a);",
     "return outputs(t, 1.0 - t, b - a);", "ops/sorting"),
    ("a product whose zeros are two forgets one: prod", "ops/reductions.hpp", "where(zeros == 2, the_zero - x, 0.0)",
     "where(zeros == 2, the_zero, 0.0)", "ops/reductions"),
    ("integers are added in floating point", "core/math.hpp",
     "return static_cast<T>(static_cast<std::uint64_t>(x) + static_cast<std::uint64_t>(y));",
     "return static_cast<T>(static_cast<double>(x) + static_cast<double>(y));", "ops/integers"),
    ("a missing check: extents that do not broadcast", "api/checks.hpp",
     "if (extents[rule.first] != (rule.second == equal_extents::one_element ? 1 : extents[rule.second])) [[unlikely]]",
     "if (false)", "api/bad_input"),
    ("a missing check: reductions of no elements", "api/checks.hpp",
     "if (extents[rules.needed[r].place] == 0) [[unlikely]]", "if (false)", "api/bad_input"),
    ("a missing check: outputs whose elements share memory", "api/checks.hpp",
     "if (arrays.strides[entry.first + d] == 0 && arrays.extents[entry.first + d] > 1)", "if (false)", "api/bad_input"),
    ("an overlap by the last byte passes", "api/checks.hpp",
     "if (ranges[j].begin >= ranges[out].end || ranges[out].begin >= ranges[j].end) continue;",
     "if (ranges[j].begin + 4 >= ranges[out].end || ranges[out].begin + 4 >= ranges[j].end) continue;", "api/bad_input"),
    ("off by one in a tail: one lane too many", "backend/cpu/loop.hpp",
     "const int count = end - at < lanes ? static_cast<int>(end - at) : lanes;",
     "const int count = end - at < lanes ? static_cast<int>(end - at) + 1 : lanes;", "backend/cpu/execute"),
    ("off by one in a tail: one lane too few", "backend/cpu/loop.hpp",
     "const int count = end - at < lanes ? static_cast<int>(end - at) : lanes;",
     "const int count = end - at < lanes ? static_cast<int>(end - at) - 1 : lanes;", "backend/cpu/loop"),
    ("a lost carry: sums of blocks forget their rounding errors", "backend/cpu/gathering.hpp",
     "error += exact ? 0.0 :", "error += true ? 0.0 :", "backend/cpu/loop"),
    ("a lost carry: sums that meet forget those of one of them", "backend/cpu/gathering.hpp",
     "error += other.error;", "", "backend/cpu/loop"),
    ("lanes are combined without the upper half", "backend/cpu/gathering.hpp",
     "return across_lanes<Op>(Op::combine(lower(x), upper(x)));", "return across_lanes<Op>(lower(x));", "backend/cpu/loop"),
    ("lanes of a scan begin one too far", "backend/cpu/gathering.hpp", "simd::moved_up<Known>(",
     "simd::moved_up<(Known > 1 ? Known - 1 : 1)>(", "ops/running"),
    ("the edge of a line that is written around the caches is lost", "backend/cpu/line_writer.hpp",
     "else if (begin_ < end_) std::memcpy(line_ + begin_, edge_ + begin_, end_ - begin_);", "", "backend/cpu/line_writer"),
    ("sums of the last rows are not moved to double", "backend/cpu/array_sums.hpp",
     "begin + (last[k] - first[k] + 1) * span", "begin + (last[k] - first[k]) * span", "backend/cpu/array_sums"),
    ("what two groups of rows have added to the same sums is not added up", "backend/cpu/array_sums.hpp",
     "array<V>::merge(sum, mine[i - own.begin]);", "", "backend/cpu/array_sums"),
    ("a forgotten barrier: warps read what others have not written", "backend/cuda/threads.hpp",
     "if (lane == 0) of_warps[warp] = x;\n    self().sync();", "if (lane == 0) of_warps[warp] = x;", "cuda/flat_kernel"),
    ("a forgotten barrier: warps write where others still read", "backend/cuda/threads.hpp",
     "Op::template identity<T>());\n    self().sync();  // before others write there again",
     "Op::template identity<T>());", "cuda/row_kernel" + RACE),
    ("a prefix of a warp takes its own half", "backend/cuda/threads.hpp",
     "if (after) made.before", "if (!after) made.before", "cuda/scan"),
]


def run(command, where, seconds=300):
    return subprocess.run(command, cwd=where, capture_output=True, text=True, errors="replace", timeout=seconds)


def missed(fault, main):
    """Why the fault was not found as it should be; empty if it was."""
    what, path, text, instead, test = fault
    races = test.endswith(RACE)
    test = test.removesuffix(RACE)
    compiler = ["clang++", *RACE_FLAGS] if races else ["g++", *FLAGS]
    source = ROOT / "tests" / f"{test}_test.cpp"
    if not source.exists():
        return "there is no such test"
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        shutil.copytree(ROOT / "include", folder / "include")
        shutil.copytree(ROOT / "tests", folder / "tests", ignore=shutil.ignore_patterns("tables"))
        header = folder / "include" / "fusegrad" / path
        before = header.read_text()
        if text not in before:
            return "the text that it replaces is not there"
        header.write_text(before.replace(text, instead, 1))
        built = run([*compiler, f"tests/{test}_test.cpp", "tests/by_reference.cpp", main, "-o", "planted"], folder)
        if built.returncode != 0:
            return "" if "static assertion failed" in built.stderr else "it does not compile: " + built.stderr[:2000]
        try:
            ran = run(["env", "TSAN_OPTIONS=ignore_noninstrumented_modules=1", "./planted"], folder)
        except subprocess.TimeoutExpired:
            return ""  # who waits for it in vain has noticed
        return "" if ran.returncode != 0 else "its test passes"


def tried(fault, main):
    why = missed(fault, main)
    print("MISSED" if why else "found ", fault[0], f"({fault[4]})", why, flush=True)
    return not why


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("words", nargs="*")
    options = parser.parse_args()
    chosen = [f for f in FAULTS if not options.words or any(w in f[0] for w in options.words)]
    with tempfile.TemporaryDirectory() as folder:
        catch = pathlib.Path(folder) / "main.o"
        subprocess.run(["g++", "-std=c++20", "-O0", "-Itests", "-c", "tests/main.cpp", "-o", catch], cwd=ROOT, check=True)
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            found = sum(pool.map(lambda fault: tried(fault, catch), chosen))
    print(f"{found} of {len(chosen)} planted faults were found")
    return 0 if found == len(chosen) else 1


if __name__ == "__main__":
    sys.exit(main())
