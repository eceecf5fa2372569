#!/usr/bin/env python3
"""Compile time and peak memory of programs that use fusegrad, as a Markdown table with the bounds promised.

Measured: the header alone, the README's focal loss, sums of squares of many arrays, the Jacobian of a camera's
reprojection error, and generated losses over three arrays whose value and gradient come to about 50, 150, 300 and 1000
instructions after the passes.
Usage: compile_time.py [--repetitions 3] [--compilers g++ clang++] [--only PATTERN] [--output FILE]
"""
import argparse
import datetime
import os
import pathlib
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
FLAGS = ["-std=c++20", "-O3", "-march=native"]

HEADER = "#include <fusegrad/fusegrad.hpp>\n"

FOCAL = HEADER + """#include <vector>
namespace fg = fusegrad;
float focal_loss(const std::vector<float>& logits, const std::vector<float>& targets, std::vector<float>& dlogits) {
  constexpr auto focal = [](auto logit, auto target, auto gamma) {
    auto p  = fg::sigmoid(logit);
    auto pt = p * target + (1 - p) * (1 - target);
    return fg::mean(fg::pow(1 - pt, gamma) * -fg::log(pt));
  };
  float loss;
  fg::value_and_grad<0>(focal).into(loss, dlogits)(logits, targets, 2.0f);
  return loss;
}
"""



def many_arrays(count, into):
    """Value and gradients of a sum of squares of so many arrays, written to the caller's memory or returned."""
    x, g = [f"x{i}" for i in range(count)], [f"g{i}" for i in range(count)]
    loss = f"""  constexpr auto f = []({", ".join("auto " + v for v in x)}) {{
    return fg::sum({" + ".join(f"{v} * {v}" for v in x)});
  }};
"""
    call = f"fg::value_and_grad<{', '.join(map(str, range(count)))}>(f)"
    arguments = ", ".join("const array& " + v for v in x)
    start = HEADER + "#include <vector>\nnamespace fg = fusegrad;\nusing array = std::vector<float>;\n"
    if not into:
        return start + f"auto loss_of({arguments}) {{\n{loss}  return {call}({', '.join(x)});\n}}\n"
    outputs = ", ".join("array& " + v for v in g)
    return start + f"""float loss_of({arguments}, {outputs}) {{
{loss}  float value;
  {call}.into(value, {", ".join(g)})({", ".join(x)});
  return value;
}}
"""


CAMERA = "r0 r1 r2 c0 c1 c2 f u v k1 k2 x y z w m0 m1".split()


def reprojection(form):
    """The Jacobian of the error of Snavely's camera, 30 entries of 17 arrays: returned, `into` memory, or on `par`."""
    entries = ", ".join(f"e{i}" for i in range(30))
    call = f"fg::jacobian<{', '.join(map(str, range(15)))}>(error)"
    call += {"returned": "", "into": f".into({entries})", "par": ".on(fg::par)"}[form]
    outputs = f", array& {entries.replace(', ', ', array& ')}" if form == "into" else ""
    return HEADER + f"""#include <vector>
namespace fg = fusegrad;
using array = std::vector<double>;
constexpr auto error = []({", ".join("auto " + n for n in CAMERA)}) {{
  auto px = x - c0, py = y - c1, pz = z - c2;
  auto angle = fg::sqrt(r0 * r0 + r1 * r1 + r2 * r2);
  auto cosine = fg::cos(angle), sine = fg::sin(angle);
  auto a0 = r0 / angle, a1 = r1 / angle, a2 = r2 / angle;
  auto along = (a0 * px + a1 * py + a2 * pz) * (1 - cosine);
  auto qx = px * cosine + (a1 * pz - a2 * py) * sine + a0 * along;
  auto qy = py * cosine + (a2 * px - a0 * pz) * sine + a1 * along;
  auto qz = pz * cosine + (a0 * py - a1 * px) * sine + a2 * along;
  auto sx = qx / qz, sy = qy / qz;
  auto square = sx * sx + sy * sy;
  auto distortion = 1 + k1 * square + k2 * square * square;
  return fg::outputs(w * (sx * distortion * f + u - m0), w * (sy * distortion * f + v - m1));
}};
{"void" if form == "into" else "auto"} jacobian_of(const array& {", const array& ".join(CAMERA)}{outputs}) {{
  return {call}({", ".join(CAMERA)});
}}
"""


# {a}, {b}, {c}: earlier values; {k}: a literal. Every template adds one to three operations.
STATEMENTS = [
    "{a} * {b} + {k}", "{a} + {b} * {c}", "fg::tanh({a})", "fg::exp(-fg::square({a}))", "{a} - {k} * {b}",
    "fg::where({a} > {b}, {a}, {c})", "fg::sigmoid({a} + {b})", "fg::log1p(fg::square({a}))", "{a} * {b} * {k}",
    "fg::sqrt(fg::square({a}) + 1)", "{a} / (1 + fg::square({b}))", "fg::max({a}, {b})", "fg::sin({a}) * {k}",
]


def generated(statements, seed=1):
    """A long straight-line loss: each statement uses the last value and two recent ones."""
    source = random.Random(seed)
    names, lines = ["x", "y", "z"], []
    for i in range(statements):
        recent = names[-8:]
        text = STATEMENTS[i % len(STATEMENTS)].format(
            a=names[-1], b=source.choice(recent), c=source.choice(recent), k=f"{source.uniform(0.1, 0.9):.4f}")
        lines.append(f"    auto t{i} = {text};")
        names.append(f"t{i}")
    body = "\n".join(lines)
    return HEADER + f"""#include <vector>
#ifdef COUNT
#include <cstdio>
#endif
namespace fg = fusegrad;
float loss_of(const std::vector<float>& a, const std::vector<float>& b, const std::vector<float>& c,
              std::vector<float>& da, std::vector<float>& db, std::vector<float>& dc) {{
  constexpr auto f = [](auto x, auto y, auto z) {{
{body}
    return fg::mean({names[-1]});
  }};
#ifdef COUNT
  std::printf("%d\\n", static_cast<int>(fg::plan(fg::value_and_grad<0, 1, 2>(f), a, b, c).instructions));
  return static_cast<float>(da.size() + db.size() + dc.size());
#else
  float loss;
  fg::value_and_grad<0, 1, 2>(f).into(loss, da, db, dc)(a, b, c);
  return loss;
#endif
}}
#ifdef COUNT
int main() {{
  std::vector<float> a(1, 0.5f), d(1);
  return loss_of(a, a, a, d, d, d) < 0;
}}
#endif
"""


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
    process = subprocess.Popen([compiler, *FLAGS, *extra, f"-I{include}", "-c", str(source), "-o", os.devnull],
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
    parser.add_argument("--compilers", nargs="+", default=[c for c in ("g++", "clang++") if shutil.which(c)])
    parser.add_argument("--include", default=str(HERE.parent / "include"))
    parser.add_argument("--only", default="", help="a pattern: just the programs whose name it is found in")
    parser.add_argument("--output", help="write the table here too")
    options = parser.parse_args()

    rows, missed = [], False
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        cases = [("header alone", HEADER, 0.8, None, None), ("focal loss of the README", FOCAL, 2.5, None, None)]
        cases += [(f"sum of squares of {n} arrays, into", many_arrays(n, True), seconds, None, None)
                  for n, seconds in ((2, 1.4), (5, 1.5), (10, 1.8), (16, 2.2), (64, 6))]
        cases.append(("sum of squares of 16 arrays, returned", many_arrays(16, False), 1.5, None, None))
        cases += [(f"Jacobian of a reprojection, {form}", reprojection(form), 5, None, None)
                  for form in ("into", "returned", "par")]
        for target, seconds, memory in ((50, None, None), (150, None, None), (300, 4.0, None), (1000, 20.0, 2048)):
            if re.search(options.only, f"generated, {target}"):
                text, count, statements = generated_near(target, options.compilers[0], options.include, folder)
                label = f"generated, {target}: " + (f"{count} instructions" if count else f"{statements} statements")
                cases.append((label, text, seconds, memory, count))
        for label, text, bound, memory_bound, _ in cases:
            if not re.search(options.only, label):
                continue
            source = folder / "program.cpp"
            source.write_text(text)
            for compiler in options.compilers:
                runs = [compile_once(compiler, options.include, source) for _ in range(options.repetitions)]
                # Processor time rather than time on the wall: the machine may be shared.
                seconds, memory = statistics.median(r[2] for r in runs), statistics.median(r[1] for r in runs)
                wall, ok = statistics.median(r[0] for r in runs), all(r[3] for r in runs)
                met = ok and (bound is None or seconds <= bound) and (memory_bound is None or memory <= memory_bound)
                missed |= not met
                bounds = ", ".join(([f"{bound:g} s"] if bound else []) + ([f"{memory_bound:g} MiB"] if memory_bound else []))
                verdict = "does not compile" if not ok else "-" if not bounds else "yes" if met else "**no**"
                rows.append(f"| {label} | {compiler} | {seconds:.2f} | {wall:.2f} | {memory:.0f} | {bounds or '-'} | {verdict} |")
                print(rows[-1], file=sys.stderr, flush=True)

    versions = [subprocess.run([c, "--version"], stdout=subprocess.PIPE, text=True).stdout.splitlines()[0]
                for c in options.compilers]
    table = "\n".join([
        "# Compile time", "",
        f"{datetime.date.today()}, `{' '.join(FLAGS)} -c`, {'; '.join(versions)}. Medians of {options.repetitions}; "
        "instructions are those of the optimised program (value and three gradients).", "",
        "| program | compiler | processor s | wall s | peak MiB | bound | met |",
        "|---|---|---:|---:|---:|---|---|", *rows, ""])
    print(table)
    if options.output:
        pathlib.Path(options.output).write_text(table)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
