#!/usr/bin/env python3
"""Compiles the benchmarks' calls for a GPU, and checks what the compiler made of them: without a GPU that is all that
can be seen of speed. Usage: static_check.py [--seconds 6] <nvcc> <workload>...   (all if none is named)

Of each kernel: it spills nothing and has no local memory; no float is added atomically; doubles are only added up. Of
the one that moves vectors: each input is loaded 16 bytes at a time, once for each vector in flight, each output stored likewise. Of the flat kernels
of losses: at most 64 registers, so that four blocks of 256 threads fit a multiprocessor (80 and three for GIoU, of which
each thread has 32 numbers under way). Of rows that several loops read: they are kept in shared memory, where the later
loops find them. The workload `hand` is their rivals written by hand (bench/cuda/hand.hpp), of which it is asked that they
spill nothing. All architectures are checked; registers are reported in their order."""
import argparse
import pathlib
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile

ARCHITECTURES = ("sm_80", "sm_90", "sm_100")
EMPTY_FILE = 0.7  # seconds that an empty CUDA file takes where a bound of time was set; on slower machines it is as strict
ROOT = pathlib.Path(__file__).resolve().parents[2]
A1, A2 = "fg::view<const float, 1, fg::device>", "fg::view<const float, 2, fg::device>"
H1, H2, B1, B2 = [f"fg::view<const fg::{t}, {n}, fg::device>" for t in ("half", "bfloat16") for n in (1, 2)]
H1O, H2O, B1O, B2O = [t.replace("const ", "") for t in (H1, H2, B1, B2)]
LABELS = "fg::view<const int, 1, fg::device>"
RUNNING = "[](auto x) { return fg::cumsum(x); }"
O1, O2, N = "fg::view<float, 1, fg::device>", "fg::view<float, 2, fg::device>", "fg::device_number<float>&"


def cpu_seconds():
    """What compilers have taken of the processor so far: the machine may be busy with others."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Workload:
    """A call: its transform, arguments and outputs; how many kernels it is; how many vectors its flat kernel loads and
    stores for each that is in flight, and the registers that it may use; how many vectors the kernel of rows keeps, by a
    block and by a warp, and how many it reads again."""

    def __init__(self, transform, arguments, outputs, kernels=1, loads=None, stores=None, scalars=(), registers=None,
                 kept=None):
        self.transform, self.arguments, self.outputs, self.scalars = transform, arguments, outputs, scalars
        self.kept = kept
        self.kernels, self.loads, self.stores, self.registers = kernels, loads, stores, registers

    def source(self, name):
        parameters = [f"const {t}& a{i}" for i, t in enumerate(self.arguments)]
        parameters += [f"{t} o{i}" for i, t in enumerate(self.outputs)]
        outs = ", ".join(f"o{i}" for i in range(len(self.outputs)))
        call = ", ".join([f"a{i}" for i in range(len(self.arguments))] + list(self.scalars))
        return (f'#include "{ROOT}/bench/workloads.hpp"\nnamespace fg = fusegrad;\nusing namespace workloads;\n'
                f"void call_{name}(cudaStream_t stream, {', '.join(parameters)}) {{\n"
                f"  {self.transform}.on(fg::cuda(stream)).into({outs})({call});\n}}\n")


WORKLOADS = {
    "mse": Workload("fg::value_and_grad<0>(mse)", [A1] * 2, [N, O1], loads=2, stores=1, registers=64),
    "focal": Workload("fg::value_and_grad<0>(focal)", [A1] * 2, [N, O1], loads=2, stores=1, registers=64),
    "gaussian_nll": Workload("fg::value_and_grad<1, 2>(gaussian_nll)", [A1] * 3, [N] + [O1] * 2, loads=3, stores=2,
                             registers=64),
    "giou": Workload("fg::value_and_grad<0, 1, 2, 3>(giou)", [A1] * 8, [N] + [O1] * 4, loads=8, stores=4, registers=80),
    "greeks": Workload("fg::fuse(greeks)", [A1] * 4, [O1] * 4, loads=4, stores=4, scalars=["0.02f"], registers=64),
    "cross_entropy": Workload("fg::value_and_grad<0>(cross_entropy)", [A2, LABELS], [N, O2], kept=(5, 1, 2)),
    "layer_norm": Workload("fg::vjp<0, 1, 2>(layer_norm)", [A2, A1, A1, A2], [O2, O2, O1, O1], kernels=2,
                           kept=(6, 2, 6)),
    "bias_gelu": Workload("fg::grad<0, 1>(bias_gelu)", [A2, A1, A2], [O2, O1], kernels=2),
    "mse_of_half": Workload("fg::value_and_grad<0>(mse)", [H1] * 2, [N, H1O], loads=2, stores=1, registers=64),
    "focal_of_bfloat16": Workload("fg::value_and_grad<0>(focal)", [B1] * 2, [N, B1O], loads=2, stores=1, registers=64),
    "cross_entropy_of_bfloat16": Workload("fg::value_and_grad<0>(cross_entropy)", [B2, LABELS], [N, B2O]),
    "layer_norm_of_half": Workload("fg::vjp<0, 1, 2>(layer_norm)", [H2, H1, H1, H2], [H2O, H2O, H1O, H1O], kernels=2),
    "cumsum": Workload(f"fg::fuse({RUNNING})", [A1], [O1]),
    "cumsum_of_rows": Workload(f"fg::vjp<0>({RUNNING})", [A2, A2], [O2, O2], kernels=2),
    "planted_fault": Workload("fg::value_and_grad<0>(mse)", [A1] * 2, [N, O1], loads=3, stores=1),  # there are but 2
}


def entries(ptx):
    """The kernels of a PTX file: name -> text."""
    return {m.group(1): m.group(2) for m in re.finditer(r"\.entry (\w+)\(.*?\n\{\n(.*?)\n\}\n", ptx, re.S)}


def compiled(nvcc, flags, source, each=False):
    """PTX for the oldest architecture and, for all, what ptxas reports of its kernels: architecture -> name -> bytes of
    stack, of spills stored and loaded, and registers. Or None and what nvcc said. If `each`, the later architectures have
    PTX of their own."""
    ptxas, reports, text = pathlib.Path(shutil.which(nvcc)).resolve().with_name("ptxas"), {}, None
    for arch in ARCHITECTURES:
        if text is None or each:
            ptx = source.with_suffix(f".{arch}.ptx")
            made = subprocess.run([nvcc, *flags, f"-arch={arch}", "-Werror", "all-warnings", "-ptx", source, "-o", ptx],
                                  capture_output=True, text=True)
            if made.returncode != 0:
                return None, [line for line in (made.stdout + made.stderr).splitlines() if "error" in line][:5]
            text = text or ptx.read_text()
        made = subprocess.run([ptxas, f"-arch={arch}", "-v", ptx, "-o", "/dev/null"], capture_output=True, text=True)
        reports[arch] = {m.group(1): [int(n) for n in m.groups()[1:]] for m in re.finditer(
            r"Compiling entry function '(\w+)'.*?(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) "
            r"bytes spill loads.*?Used (\d+) registers", made.stdout + made.stderr, re.S)}
    return text, reports


def check_hand(nvcc):
    """The same for the hand-written kernels, all of which a program of their own calls."""
    flat = ["copy", "mse", "focal", "gaussian_nll", "giou", "black_scholes"]
    text = f'#include "{ROOT}/bench/cuda/hand.hpp"\n' + "".join(
        f"template void hand::run(cudaStream_t, const hand::arrays<hand::{w}>&, std::int64_t, float, "
        "const hand::workspace&, float*);\n" for w in flat)
    text += "".join(
        f"template void hand::layer_norm<{n}>(cudaStream_t, const float*, const float*, const float*, const float*, float*, "
        "float*, float*, float*, std::int64_t, const hand::workspace&);\n" for n in (1, 4))
    found, summary = [], []
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "hand.cu"
        source.write_text(text)
        ptx, reports = compiled(nvcc, ["-std=c++20"], source)
        if ptx is None:
            return reports, ""
        for arch, numbers in reports.items():
            if len(numbers) != len(entries(ptx)) or len(numbers) < len(flat) + 7:
                found.append(f"hand: ptxas reports {len(numbers)} of {len(entries(ptx))} kernels")
            found += [f"hand: a kernel spills on {arch}" for n in numbers.values() if any(n[:3])]
            summary.append(f"{len(numbers)} kernels on {arch}")
    return found, "; ".join(summary)


def check(nvcc, name, seconds):
    """What is wrong with a workload's kernels, and a summary of them."""
    work, found, summary = WORKLOADS[name], [], []

    def require(condition, text):
        if not condition:
            found.append(text)

    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / f"{name}.cu"
        source.write_text(work.source(name))
        flags = ["-std=c++20", f"-I{ROOT / 'include'}"]
        losses_of_floats = work.registers is not None and work.arguments[0] == A1
        ptx, reports = compiled(nvcc, flags, source, each=losses_of_floats)
        if ptx is None:
            return reports, ""
        kernels = entries(ptx)
        for numbers in reports.values():
            require(set(numbers) == set(kernels) and kernels, "ptxas reports other kernels than there are")
        numbered = {re.search(r"ELi(\d+)ELi(?:256|512)ELi\dEEEv", n).group(1) for n in kernels}
        require(len(numbered) == work.kernels, f"{len(numbered)} kernels, not {work.kernels}")
        for n, code in kernels.items():
            kind, width, other = re.search(r"(flat|scan|sum|row|part)_bodyILi(\d+)ELi(n?\d+)E", n).groups()
            label = f"{name}: {kind}<{width}, {other}>"
            numbers = {arch: of_kernels.get(n, [-1] * 4) for arch, of_kernels in reports.items()}
            for arch, (stack, spill_stores, spill_loads, registers) in numbers.items():
                require((stack, spill_stores, spill_loads) == (0, 0, 0), f"{label} uses local memory on {arch}: {stack} "
                        f"bytes of stack, {spill_stores} and {spill_loads} of spills")
                if kind == "flat" and int(width) > 1 and work.registers is not None:
                    require(registers <= work.registers,
                            f"{label}: {registers} registers on {arch}, more than {work.registers}")
            registers = "/".join(str(of_arch[3]) for of_arch in numbers.values())
            require(not re.search(r"\b(ld|st)\.local", code), f"{label} has local memory")
            require(not re.search(r"\b(atom|red)\.\S*\.(f16|f32|f64|bf16)", code), f"{label} adds floats atomically")
            wide = re.search(r"\b(mul|div|fma|sqrt|rcp)\S*\.f64", code)
            require(not wide, f"{label} computes in double: {wide and wide.group(0)}")
            loads = len(re.findall(r"ld\.global\.nc\.v4\.", code))
            stores = len(re.findall(r"st\.global\.v4\.", code))
            summary.append(f"{kind}<{width},{other}>: {registers} registers, {loads} vector loads, {stores} stores")
            if kind == "row" and int(width) > 1 and work.kept is not None:
                kept, again = (len(re.findall(rf"{what}\.shared\.v4\.", code)) for what in ("st", "ld"))
                wanted = (work.kept[0 if other == "0" else 1], work.kept[2])
                require((kept, again) == wanted, f"{label} keeps {kept} vectors and reads {again} again, not {wanted}")
                summary[-1] += f", {kept} vectors kept, {again} read again"
            if int(width) > 1:
                require(loads > 0, f"{label} loads no vectors")
                if kind == "flat":
                    for what, count, each in [("loads", loads, work.loads), ("stores", stores, work.stores)]:
                        require(count == each * int(other), f"{label}: {count} vector {what}, not {each} x {other}")
        if seconds is not None:
            flags.append("-arch=sm_90")

            def seconds_to_compile():
                start = cpu_seconds()
                subprocess.run([nvcc, *flags, "-c", source, "-o", "/dev/null"], check=True)
                return cpu_seconds() - start

            took = seconds_to_compile()
            source.write_text("int main() {}\n")
            empty = statistics.median(seconds_to_compile() for _ in range(3))
            took -= empty
            allowed = seconds * max(1, empty / EMPTY_FILE)
            require(took <= allowed, f"{name} takes {took:.1f} s over an empty file's {empty:.1f}, more than {allowed:.1f}")
            summary.append(f"{took:.1f} s over an empty file's {empty:.1f}")
    return found, "; ".join(summary)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, help="how much longer than an empty file a call may take to compile, "
                        f"where that takes {EMPTY_FILE} s")
    parser.add_argument("nvcc")
    parser.add_argument("workloads", nargs="*", default=[])
    options = parser.parse_args()
    failed = False
    for name in options.workloads or [w for w in WORKLOADS if w != "planted_fault"] + ["hand"]:
        if name == "hand":
            found, summary = check_hand(options.nvcc)
        else:
            found, summary = check(options.nvcc, name, options.seconds)
        print(f"{name}: {summary}")
        for text in found:
            failed = True
            print(f"  FAILED {text}")
    return failed


if __name__ == "__main__":
    sys.exit(main())
