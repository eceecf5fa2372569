#!/usr/bin/env python3
"""Writes random programs with axes as C++ tests, together with what they must give: programs/.

    python3 tests/oracle/axes/random_programs.py        needs numpy, scipy, autograd and mpmath; deterministic

The elementwise operations, their distances from kinks and the packing into files are those of ../random_programs.py.
Added are arguments of ranks 0 to 3 that lack axes of each other, inserted and permuted axes, reductions along axes with
and without keeping them, softmax and its relatives, and positions. Each program runs with two choices of extents.
"""

import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import random_programs as elementwise  # noqa: E402  the parent folder's: this file is __main__
import numpy as np  # noqa: E402
from reference import FUNCTIONS, HERE, Namespace, Program, made, python, write_test  # noqa: E402

FOLDER = os.path.join(HERE, "programs")
COUNT = 100
LIMIT = 30  # no value is larger
EXTENTS = {
    1: [(5,), (17,), (70,), (33,), (2,), (1,)],
    2: [(3, 5), (2, 17), (7, 4), (4, 33), (2, 70), (1, 6), (5, 1)],
    3: [(2, 3, 5), (3, 2, 17), (2, 4, 3), (2, 3, 33), (1, 4, 7), (4, 1, 6), (5, 3, 1)],
}
# Python lacks the operators of C++ that the others are written with
KNOWN = [o for o in elementwise.BINARY + elementwise.TERNARY if "&&" not in o[0] and "||" not in o[0]]
UNARY = elementwise.UNARY
BINARY = [o for o in KNOWN if "{2}" not in o[0]]
TERNARY = [o for o in KNOWN if "{2}" in o[0]]
JOINS = elementwise.BINARY[:9]


def along(text, axis, keep):
    """A full reduction's text as one along an axis."""
    return f"{text[:-1]}, {axis}{', fg::keepdims' if keep else ''})"


def broadcast(*axes):
    """The axes of what unites arrays; None where they do not align."""
    rank = max(map(len, axes))
    out = ""
    for position in range(rank):
        found = {a[position - rank + len(a)] for a in axes if position - rank + len(a) >= 0} - {"1"}
        if len(found) > 1:
            return None
        out += found.pop() if found else "1"
    return out


class Maker:
    """Statements and the values of all of them at both choices of extents."""

    def __init__(self, number, size):
        self.number, self.size = number, size
        self.r = r = random.Random(f"fusegrad program with axes {number}")
        rank = r.choice([1, 2, 2, 2, 3, 3]) if size > 5 else r.choice([1, 2, 2, 3])
        self.universe = "abc"[:rank]
        chosen = r.sample(EXTENTS[rank][:-2], 1)
        chosen += r.sample([e for e in EXTENTS[rank] if e not in chosen], 1)
        self.bindings = [dict(zip(self.universe, e)) for e in chosen]
        self.unqualified = number % 4 == 3
        self.arguments = self.draw_arguments()
        self.names, self.axes, self.statements, self.operations = [], [], [], 0
        self.values = [[] for _ in self.bindings]
        self.unused = []
        # these are put in order first and not used again: nothing else has their axes
        self.permuted = [i for i, (_, axes) in enumerate(self.arguments) if list(axes) != sorted(axes)]
        for i, (name, axes) in enumerate(self.arguments):
            at = [
                np.asarray(made((5000 + number) * 1000 + n * 50 + 3 * i, tuple(b[a] for a in axes)))
                for n, b in enumerate(self.bindings)
            ]
            self.names.append(name)
            self.axes.append(axes)
            for values, v in zip(self.values, at):
                values.append(v)
            self.unused.append(i)
        for i, (name, axes) in enumerate(self.arguments):
            if i in self.permuted:
                self.order(i)

    def draw_arguments(self):
        r, u = self.r, self.universe
        arrays = r.choice([1, 2, 2, 3]) if self.size > 6 else r.choice([1, 2, 2])
        scalars = r.choice([0, 0, 1]) if self.size > 5 else 0
        subsets = [s for k in range(1, 1 << len(u)) if (s := "".join(a for i, a in enumerate(u) if k >> i & 1))]
        for _ in range(1000):
            axes = [r.choice(subsets) for _ in range(arrays)]
            if r.random() < 0.6:
                axes[r.randrange(arrays)] = u
            if set("".join(axes)) == set(u):
                break
        axes = ["".join(r.sample(a, len(a))) if r.random() < 0.12 else a for a in axes]
        return [(f"x{i}", a) for i, a in enumerate(axes)] + [(f"c{i}", "") for i in range(scalars)]

    # ------------------------------------------------------------------------------------------------- statements

    def evaluate(self, text, operands):
        """The values of an expression at all bindings."""
        (line,) = python("return " + text.format(*(f"_{k}" for k in operands)).replace("@", "fg::"))
        code = line.removeprefix("return noise(0, ").removesuffix(")")
        out = []
        for values in self.values:
            names = dict(FUNCTIONS)
            names.update({f"_{k}": values[k] for k in operands}, fg=Namespace(()))
            names["fg"].index = lambda x, k: Namespace.index(names["fg"], x, k)
            out.append(np.asarray(eval(code, names)))  # noqa: S307
        return out

    def add(self, text, operands, axes, cost, margin=None, plain=False):
        """Appends a statement unless its values are extreme or near a kink; says whether it did."""
        if margin:
            for values in self.values:
                if margin(*(np.asarray(values[k]) for k in operands)) < elementwise.MARGIN:
                    return False
        new = self.evaluate(text, operands)
        for v, b in zip(new, self.bindings):
            v = np.asarray(v)
            assert v.shape == tuple(1 if a == "1" else b[a] for a in axes), (text, axes, v.shape, b)
            if not np.all(np.abs(v) < LIMIT) or not plain and v.size > 3 and np.ptp(v) < 1e-3:
                return False
        for values, v in zip(self.values, new):
            values.append(v)
        used = text.replace("@", "" if self.unqualified else "fg::").format(*(self.names[k] for k in operands))
        self.names.append(f"v{len(self.statements)}")
        self.statements.append(f"auto {self.names[-1]} = {used}")
        self.axes.append(axes)
        self.operations += cost
        for k in operands:
            if k in self.unused:
                self.unused.remove(k)
        self.unused.append(len(self.axes) - 1)
        return True

    def order(self, k):
        """Puts a permuted argument's axes in order."""
        axes = self.axes[k]
        want = "".join(sorted(axes))
        if len(axes) > 1 and want == axes[:-2] + axes[-1] + axes[-2]:
            done = self.add("fg::transpose({0})", [k], want, 1, plain=True)
        else:
            order = [axes.index(a) - (len(axes) if self.r.random() < 0.3 else 0) for a in want]
            done = self.add(f"fg::permute({{0}}, fg::axis<{', '.join(map(str, order))}>)", [k], want, 1, plain=True)
        assert done

    def aligned(self, k):
        """The value, with axes inserted so that each of the program's axes stands in its place."""
        while True:
            axes, u = self.axes[k], self.universe
            if len(axes) <= len(u) and all(a in ("1", w) for a, w in zip(reversed(axes), reversed(u))):
                return k
            # the first place from behind where an axis is missing
            for distance, (a, w) in enumerate(zip(reversed(axes), reversed(u))):
                if a not in ("1", w):
                    break
            at = len(axes) - distance
            spelled = at if self.r.random() < 0.5 and distance else -1 - distance
            grown = axes[:at] + "1" + axes[at:]
            assert self.add(f"fg::unsqueeze({{0}}, fg::axis<{spelled}>)", [k], grown, 1, plain=True)
            k = len(self.axes) - 1

    def pick(self, count=1):
        r, total = self.r, len(self.axes)
        for _ in range(100):
            chosen = []
            for _ in range(count):
                if self.unused and r.random() < 0.6:
                    chosen.append(r.choice(self.unused))
                else:
                    chosen.append(max(total - 1 - r.randrange(6), 0) if r.random() < 0.6 else r.randrange(total))
            if len(set(chosen)) == count and not set(chosen) & set(self.permuted):
                return chosen
        return None

    def far_from(self, kink):
        if not kink:
            return None
        return lambda *v: min(
            (float(kink(*map(float, e))) for e in zip(*(a.reshape(-1) for a in np.broadcast_arrays(*v)))), default=1.0
        )

    def several(self, table, count, operands=None):
        operands = operands or self.pick(count)
        if operands is None:
            return False
        text, cost, _, kink = self.r.choice(table)
        if broadcast(*(self.axes[k] for k in operands)) is None or len({self.axes[k] for k in operands}) > 1:
            operands = [self.aligned(k) for k in operands]
        if len(set(operands)) != count:
            return False
        axes = broadcast(*(self.axes[k] for k in operands))
        return axes is not None and self.add(text, operands, axes, cost, self.far_from(kink))

    def with_literal(self):
        literal = self.r.choice(elementwise.LITERALS)
        text, _ = self.r.choice(elementwise.WITH_LITERAL)
        if text == "{0} / {1}" and literal == "1":
            return False
        (k,) = self.pick()
        return self.add(text.replace("{1}", literal), [k], self.axes[k], 1)

    def spelled(self, axes, position):
        return position - (len(axes) if self.r.random() < 0.5 else 0)

    def drawn(self):
        """A value with axes, and some of them."""
        r = self.r
        candidates = [k for k in range(len(self.axes)) if self.axes[k].replace("1", "") and k not in self.permuted]
        recent = [k for k in candidates if k in self.unused] or candidates
        if not candidates:
            return None
        k = r.choice(recent if r.random() < 0.7 else candidates)
        axes = self.axes[k]
        real = [i for i, a in enumerate(axes) if a != "1"]
        some = sorted(r.sample(real, r.randint(1, len(real)) if r.random() < 0.4 else 1))
        return k, axes, some

    def reduce(self):
        r = self.r
        drawn = self.drawn()
        if not drawn:
            return False
        k, axes, some = drawn
        text, cost, _, kink = r.choice(elementwise.REDUCTIONS)
        keep = r.random() < 0.5
        if len(some) == len(axes) and not keep and r.random() < 0.5:
            used = text
        else:
            places = [self.spelled(axes, i) for i in some]
            r.shuffle(places)
            used = along(text, f"fg::axis<{', '.join(map(str, places))}>", keep)
        left = "".join("1" if i in some and keep else a for i, a in enumerate(axes) if keep or i not in some)

        def margin(v):
            rows = np.moveaxis(v, some, range(v.ndim - len(some), v.ndim)).reshape(
                -1, int(np.prod([v.shape[i] for i in some]))
            )
            return min((float(kink(list(map(float, row)))) for row in rows if len(row) > 1), default=1.0)

        return self.add(used, [k], left, cost, margin if kink else None)

    def normalized(self):
        """An operation along one axis that keeps the shape."""
        drawn = self.drawn()
        if not drawn:
            return False
        k, axes, some = drawn
        i = self.r.choice(some)
        a = f"fg::axis<{self.spelled(axes, i)}>"
        text, cost = self.r.choice(
            [
                ("fg::softmax({0}, A)", 1),
                ("fg::softmax({0}, A)", 1),
                ("fg::log_softmax({0}, A)", 1),
                ("fg::normalize({0}, A)", 1),
                ("{0} - @mean({0}, A, fg::keepdims)", 2),
                ("{0} * @rsqrt(0.5 + @mean(@square({0}), A, fg::keepdims))", 5),
                ("{0} / (1 + @sum(@abs({0}), A, fg::keepdims))", 4),
                ("{0} * @index({0}, A)", 2),
                ("@where(fg::index({0}, A) < 2, {0}, 0.5 * {0})", 4),
            ]
        )

        def margin(v):
            if "normalize" in text:
                return float(np.min(np.linalg.norm(v, axis=i), initial=1)) - 0.1
            return float(np.min(np.abs(v), initial=1)) if "abs" in text else 1.0

        return self.add(text.replace("A", a).replace("@index", "fg::index"), [k], axes, cost, margin)

    def contract(self):
        """A sum of products along an axis, as matrix products are written."""
        operands = self.pick(2)
        if operands is None:
            return False
        operands = [self.aligned(k) for k in operands]
        axes = broadcast(*(self.axes[k] for k in operands))
        real = [i for i, a in enumerate(axes) if a != "1"]
        if not real or len(set(operands)) != 2:
            return False
        i = self.r.choice(real)
        left = axes[:i] + axes[i + 1 :]
        return self.add(f"@sum({{0}} * {{1}}, fg::axis<{self.spelled(axes, i)}>)", operands, left, 2)

    def squeezed(self, k=None):
        candidates = [k for k in range(len(self.arguments), len(self.axes)) if "1" in self.axes[k]]
        if not candidates:
            return False
        k = self.r.choice(candidates) if k is None else k
        axes = self.axes[k]
        i = self.r.choice([i for i, a in enumerate(axes) if a == "1"])
        return self.add(
            f"fg::squeeze({{0}}, fg::axis<{self.spelled(axes, i)}>)", [k], axes[:i] + axes[i + 1 :], 1, plain=True
        )

    def grow(self):
        for _ in range(1000):
            kind = self.r.random()
            if kind < 0.24:
                done = self.several(UNARY, 1)
            elif kind < 0.44:
                done = self.several(BINARY, 2)
            elif kind < 0.48:
                done = self.several(TERNARY, 3) if len(self.axes) > 2 else False
            elif kind < 0.58:
                done = self.with_literal()
            elif kind < 0.76:
                done = self.reduce()
            elif kind < 0.92:
                done = self.normalized()
            elif kind < 0.97:
                done = self.contract()
            else:
                done = self.squeezed()
            if done:
                return
        raise RuntimeError("no operation fits")

    def build(self):
        while self.operations < self.size - len(self.unused):
            self.grow()
        for _ in range(1000):
            if len(self.unused) == 1:
                break
            self.several(JOINS, 2, self.r.sample(self.unused, 2))
        if not self.statements:
            self.grow()
        (result,) = self.unused
        while "1" in self.axes[result]:
            self.squeezed(result)
            (result,) = self.unused
        if self.axes[result] and self.r.random() < 0.12:
            for text in ("@mean(@square({0}))", "@sum({0})", "@mean({0})"):
                if self.add(text, [result], "", 2):
                    (result,) = self.unused
                    break
        return result


def make(number, size):
    """Reverse mode always, which gives the value too; forward mode for some, and with the rest where all tests are run."""
    m = Maker(number, size)
    result = m.build()
    used = list(m.statements)
    modes = "r" + ("f" if number % 10 == 0 else "F") + "V" * (number % 4 == 1) + "S" * (number % 5 == 2)
    ranks = ", ".join(str(len(a)) for _, a in m.arguments)
    plural = "arguments of ranks" if len(m.arguments) > 1 else "an argument of rank"
    p = Program(
        f"program_{number}",
        f"random program with axes {number}: {plural} {ranks}, {m.operations} operations, a result of rank {len(m.axes[result])}",
        " ".join(f"{n}:{a}" for n, a in m.arguments),
        "; ".join(used) + f"; return {m.names[result]}",
        m.axes[result],
        m.bindings,
        5000 + number,
        modes=modes,
    )
    p.operations = m.operations + 3
    return p


def main():
    os.makedirs(FOLDER, exist_ok=True)
    for old in os.listdir(FOLDER):
        if old.startswith("group_"):
            os.remove(os.path.join(FOLDER, old))
    programs = []
    for number in range(COUNT):
        u = number / (COUNT - 1)
        programs.append(make(number, 4 + round(21 * u**8)))
    limit = int(os.environ.get("GROUP_OPERATIONS", "110"))
    for g, members in enumerate(elementwise.group(programs, limit)):
        numbers = [p.name.removeprefix("program_") for p in members]
        write_test(
            os.path.join(FOLDER, f"group_{g:02}"),
            f"Random programs with axes {numbers[0]} to {numbers[-1]}",
            "random_programs.py",
            members,
            "[programs]",
            "../",
        )


if __name__ == "__main__":
    main()
