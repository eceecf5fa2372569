"""What must not be in objects: `check.py OBJECT [OBJECT]` reads their symbols with nm.

No object has the functions by which programs are built and differentiated: what back-ends execute knows constants only.
Compilers took twice as long where one run-time function looked something up in a program. Of two objects, compiled for
different instruction sets, none has a function of the back-end by the name that the other one has for its own: a linker
keeps one of them, and a machine may be too old for that.
"""
import re
import subprocess
import sys


def symbols(path):
    lines = subprocess.run(["nm", "--demangle", path], capture_output=True, text=True, errors="replace", check=True).stdout
    return [(line[17:18], line[19:]) for line in lines.splitlines()]


def main():
    wrong = []
    for path in sys.argv[1:]:
        found = [name for _, name in symbols(path) if "fusegrad::ir::builder::" in name]
        wrong += [f"{path} has {len(found)} functions of the compile-time builder, among them {found[0]}"] if found else []
    if len(sys.argv) > 2:
        shared = [{name for kind, name in symbols(path) if kind in "WVu"} for path in sys.argv[1:3]]
        of_backend = re.compile(r"fusegrad::(cpu|simd)::|::executable<")
        both = sorted(name for name in shared[0] & shared[1] if of_backend.search(name))
        wrong += [f"compiled for two instruction sets, {len(both)} functions have one name, among them {both[0]}"] if both else []
        if not any(of_backend.search(name) for name in shared[0] | shared[1]):
            wrong.append("no function of the back-end was found: this check looks for the wrong names")
    print("\n".join(wrong) or "objects: nothing in them that must not be")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
