#!/usr/bin/env python3
"""Writes the tests of axes that are not random, and their tables, in double precision.

    python3 tests/oracle/axes/generate.py                    needs numpy, scipy and autograd; deterministic
    python3 tests/oracle/axes/generate.py layers losses      only these

Each topic is a list of programs: what is written here once is the C++ lambda and what is evaluated (reference.py).
The table of reductions is read by reductions_test.hpp, whose programs are templates.
"""

import sys

import numpy as np
from reference import (
    FUNCTIONS,
    HERE,
    NOISE,
    Program,
    hvp,
    jvp,
    made,
    result_line,
    shape_text,
    vjp,
    write,
    write_test,
    xp,
)

# what is run always
ALWAYS = {
    "attention": "r",
    "batch_norm": "rf",
    "batch_norm_channels": "r",
    "bias_gelu": "r",
    "bilinear": "r",
    "causal": "r",
    "column": "rf",
    "cosine_rows": "r",
    "crossed": "r",
    "cumsum_3": "r",
    "cumsum_mixed": "r",
    "cumsum_rows": "rfs",
    "cumsum_vector": "r",
    "dice": "r",
    "entropy": "r",
    "everything": "rfs",
    "layer_norm": "rfs",
    "likelihood": "r",
    "log_softmax_rows": "r",
    "logistic": "r",
    "lookup": "rf",
    "matrix_product": "rf",
    "middle": "r",
    "norm_then_softmax": "r",
    "normalize_rows": "r",
    "one_row": "r",
    "outer_bare": "r",
    "pairwise": "rf",
    "permuted": "rf",
    "plain": "r",
    "positional": "r",
    "ramp": "r",
    "ranks_0_1": "r",
    "ranks_1_2": "r",
    "ranks_1_3": "r",
    "ranks_2_1": "vrf",
    "ranks_2_2": "r",
    "ranks_3_0": "r",
    "ranks_3_2": "r",
    "regression": "rf",
    "rms_norm": "r",
    "soft_argument": "r",
    "soft_everything": "r",
    "softmax_columns": "r",
    "softmax_middle": "r",
    "softmax_rows": "rf",
    "squeezed": "r",
    "standardized": "rs",
    "symmetric": "rs",
    "transposed": "r",
    "turned_softmax": "r",
    "turned_sum": "r",
    "permuted_sum": "rf",
    "weights_too": "r",
}


def bind(letters, *rows):
    return [dict(zip(letters, r)) for r in rows]


def numbered(make):
    """Programs with seeds of their own."""

    def build(first):
        seeds = iter(range(first, first + 1000))
        out = []

        def add(name, title, arguments, body, result, bindings, **o):
            modes = o.pop("modes", "rf")
            # the first derivative by default, and all where time to compile does not matter
            o["modes"] = "".join(m if m in ALWAYS.get(name, "") else m.upper() for m in modes)
            out.append(Program(name, title, arguments, body, result, bindings, next(seeds), **o))

        make(add)
        return out

    return build


# ---------------------------------------------------------------------------------------------------------- broadcasting

ABC = bind("abc", (2, 3, 5), (1, 1, 1), (7, 1, 17), (1, 4, 33), (3, 2, 70), (0, 3, 5), (2, 3, 0))
FULL = bind("ab", (3, 5), (1, 1), (7, 17), (1, 33), (2, 70), (33, 2))
MIX = "return {0} * fg::exp(0.5 * {1}) - {1}"


@numbered
def broadcasting(add):
    for r0 in range(4):
        for r1 in range(4):
            if r0 == r1 == 0:
                continue
            x, y = "abc"[3 - r0 :], "abc"[3 - r1 :]
            add(
                f"ranks_{r0}_{r1}",
                f"arguments of ranks {r0} and {r1} align by their last axes",
                f"x:{x} y:{y}",
                MIX.format("x", "y"),
                x if r0 > r1 else y,
                ABC,
                modes="vrf" if r0 != r1 and r0 * r1 else "rf",
                types=["double", "float"] if (r0, r1) in [(2, 1), (1, 3)] else ["double"],
            )


@numbered
def unsqueezing(add):
    def two(name, title, x, y, left, right, result, **o):
        add(name, title, f"x:{x} y:{y}", MIX.format(left, right), result, o.pop("bindings", ABC), **o)

    last, before = "fg::axis<-1>", "fg::axis<-2>"
    two(
        "column",
        "a column meets a matrix",
        "a",
        "ab",
        f"fg::unsqueeze(x, {last})",
        "y",
        "ab",
        types=["double", "float"],
    )
    two("outer", "a column meets a row", "a", "b", f"fg::unsqueeze(x, {last})", "fg::unsqueeze(y, fg::axis<0>)", "ab")
    two(
        "outer_bare",
        "a column meets an array of rank 1",
        "a",
        "b",
        f"fg::unsqueeze(x, {last})",
        "y",
        "ab",
        modes="vrfs",
    )
    two("middle", "a middle axis is inserted", "ac", "abc", "fg::unsqueeze(x, fg::axis<1>)", "y", "abc")
    two(
        "middle_back",
        "a middle axis is inserted, counted from the end",
        "ac",
        "abc",
        f"fg::unsqueeze(x, {before})",
        "y",
        "abc",
    )
    two("trailing", "a last axis is inserted", "ab", "abc", f"fg::unsqueeze(x, {last})", "y", "abc")
    two(
        "twice",
        "two axes are inserted",
        "a",
        "abc",
        f"fg::unsqueeze(fg::unsqueeze(x, {last}), {last})",
        "y",
        "abc",
    )
    two("inner", "an array of the middle axis alone", "b", "abc", f"fg::unsqueeze(x, {last})", "y", "abc")
    two("crossed", "two matrices share one axis of three", "ac", "bc", "fg::unsqueeze(x, fg::axis<1>)", "y", "abc")
    two(
        "crossed_first",
        "two matrices share the first axis of three",
        "ab",
        "ac",
        f"fg::unsqueeze(x, {last})",
        "fg::unsqueeze(y, fg::axis<1>)",
        "abc",
    )
    two(
        "outer_matrix",
        "a vector meets a matrix as an outer product",
        "a",
        "bc",
        f"fg::unsqueeze(fg::unsqueeze(x, {last}), {last})",
        "y",
        "abc",
    )
    two("transposed", "a transposed matrix meets a matrix", "ba", "ab", "fg::transpose(x)", "y", "ab")
    two("transposed_row", "a transposed matrix meets a row", "ba", "b", "fg::transpose(x)", "y", "ab")
    two("transposed_batch", "transpose swaps the last two axes of three", "acb", "abc", "fg::transpose(x)", "y", "abc")
    two("permuted", "axes are permuted", "bca", "abc", "fg::permute(x, fg::axis<2, 0, 1>)", "y", "abc")
    two(
        "permuted_other",
        "axes are permuted, counted from the end",
        "cba",
        "abc",
        "fg::permute(x, fg::axis<-1, 1, 0>)",
        "y",
        "abc",
    )
    two(
        "permuted_twice",
        "two permutations undo each other",
        "abc",
        "c",
        "fg::permute(fg::permute(x, fg::axis<1, 2, 0>), fg::axis<2, 0, 1>)",
        "y",
        "abc",
    )
    two(
        "squeezed",
        "a kept axis is removed again",
        "ab",
        "b",
        "fg::squeeze(fg::mean(x, fg::axis<0>, fg::keepdims), fg::axis<0>)",
        "y",
        "b",
        bindings=[b for b in ABC if b["a"]],
    )
    two(
        "squeezed_last",
        "an inserted axis is removed again",
        "ab",
        "ab",
        f"fg::squeeze(fg::unsqueeze(x, {last}), {last})",
        "y",
        "ab",
    )
    turned = "fg::transpose(fg::{0}(fg::transpose(x), fg::axis<-1>))"
    add(
        "turned_softmax",
        "a softmax of a transposed matrix",
        "x:ab y:b",
        f"return {turned.format('softmax')} * y",
        "ab",
        FULL,
    )
    add(
        "turned_sum",
        "a sum of the rows of a transposed matrix",
        "x:ab y:b",
        "return fg::sum(fg::transpose(fg::sin(x)), fg::axis<-1>) * y",
        "b",
        FULL,
    )
    add(
        "permuted_sum",
        "sums of a permuted array meet other axes",
        "x:abc y:c",
        "auto z = fg::permute(x, fg::axis<2, 0, 1>); auto s = fg::sum(z * z, fg::axis<-1>, fg::keepdims); "
        "return fg::sum(z / (1 + s), fg::axis<1>) * fg::unsqueeze(y, fg::axis<-1>)",
        "cb",
        [b for b in ABC if all(b.values())],
    )
    add(
        "permuted_layers",
        "the norm of channels that stand first",
        "x:abc gamma:a",
        "auto last = fg::permute(x, fg::axis<1, 2, 0>); auto m = fg::mean(last, fg::axis<-1>, fg::keepdims); "
        "auto v = fg::var(last, fg::axis<-1>, fg::keepdims); "
        "return fg::permute((last - m) * fg::rsqrt(v + 0.01) * gamma, fg::axis<2, 0, 1>)",
        "abc",
        [b for b in ABC if all(b.values())],
    )
    add(
        "three_roles",
        "three vectors make an array of rank 3",
        "x:a y:b z:c",
        "auto rows = fg::unsqueeze(fg::unsqueeze(x, fg::axis<-1>), fg::axis<-1>); auto columns = fg::unsqueeze(y, fg::axis<-1>); "
        "return fg::sin(rows * columns) + z * rows - fg::square(columns) * z",
        "abc",
        ABC,
        modes="rfs",
    )
    square = bind("a", (1,), (2,), (5,), (17,), (33,), (0,))
    add(
        "pairwise",
        "an array meets itself as a column and as a row",
        "x:a",
        "auto d = fg::unsqueeze(x, fg::axis<-1>) - x; return d * fg::exp(-0.25 * d * d)",
        "aa",
        square,
        modes="rfs",
    )
    add(
        "symmetric",
        "a matrix meets its own transpose",
        "x:aa",
        "return x * fg::sin(fg::transpose(x)) + 0.5 * x",
        "aa",
        square,
        modes="rfs",
    )
    add(
        "matrix_product",
        "a matrix product is written with a sum",
        "x:ab y:bc",
        "return fg::sum(fg::unsqueeze(x, fg::axis<-1>) * y, fg::axis<1>)",
        "ac",
        bind(
            "abc", (2, 3, 5), (1, 1, 1), (7, 17, 3), (1, 33, 4), (3, 2, 70), (4, 1, 6), (0, 3, 5), (2, 0, 3), (2, 3, 0)
        ),
        types=["double", "float"],
        modes="rfs",
    )
    add(
        "matrix_vector",
        "a matrix meets a vector: a linear model",
        "x:ab w:b bias:",
        "return fg::sigmoid(fg::sum(x * w, fg::axis<-1>) + bias)",
        "a",
        bind("ab", (3, 5), (1, 1), (7, 17), (33, 4), (2, 70), (70, 1), (0, 3)),
        types=["double", "float"],
        modes="rfs",
    )
    add(
        "bilinear",
        "a bilinear form reduces two axes in two steps",
        "x:a m:ab y:b",
        "return fg::sum(x * fg::sum(m * y, fg::axis<-1>))",
        "",
        bind("ab", (3, 5), (1, 1), (7, 17), (33, 4), (2, 70)),
        modes="rfs",
    )
    add(
        "bias_gelu",
        "the gradient of a bias sums over the rows",
        "x:ab bias:b",
        "return fg::gelu(x + bias)",
        "ab",
        bind("ab", (3, 5), (1, 1), (70, 17), (1, 33), (2, 70), (33, 1)),
        types=["double", "float"],
    )
    add(
        "broadcast_extremum",
        "elementwise extrema of a column and a row",
        "x:a y:b",
        "return fg::max(fg::unsqueeze(x, fg::axis<-1>), y) * fg::min(y, 0.3 + fg::unsqueeze(x, fg::axis<-1>))",
        "ab",
        bind("ab", (3, 5), (7, 17)),
    )


# -------------------------------------------------------------------------------------------------------------- softmax

AB = bind("ab", (3, 5), (1, 1), (7, 1), (1, 7), (4, 17), (2, 33), (5, 70))
ABC_FULL = bind("abc", (2, 3, 5), (1, 1, 1), (3, 1, 7), (1, 4, 17), (3, 2, 33))


@numbered
def softmax(add):
    for f in ("softmax", "log_softmax", "normalize"):
        extra = ["double", "float"]
        bindings = AB if f != "normalize" else [b for b in AB if b["b"] > 1]
        add(
            f"{f}_rows",
            f"{f} of the rows of a matrix",
            "x:ab",
            f"return fg::{f}(x, fg::axis<-1>)",
            "ab",
            bindings,
            modes="vrfs",
            types=extra,
        )
        add(
            f"{f}_vector",
            f"{f} of a vector",
            "x:a",
            f"return fg::{f}(x, fg::axis<0>)",
            "a",
            bind("a", (2,), (5,), (17,), (70,)),
            modes="rfs",
        )
        add(
            f"{f}_columns",
            f"{f} of the columns of a matrix",
            "x:ab",
            f"return fg::{f}(x, fg::axis<0>)",
            "ab",
            [b for b in AB if b["a"] > 1],
            modes="rfs",
        )
        add(
            f"{f}_middle",
            f"{f} along the middle axis of three",
            "x:abc",
            f"return fg::{f}(x, fg::axis<1>)",
            "abc",
            [b for b in ABC_FULL if b["b"] > 1],
        )
    cosine = "return fg::cosine_similarity(x, y, fg::axis<{0}>)"
    add(
        "cosine_rows",
        "the cosine similarity of rows",
        "x:ab y:ab",
        cosine.format(-1),
        "a",
        [b for b in AB if b["b"] > 1],
        modes="rfs",
        types=["double", "float"],
    )
    add(
        "cosine_columns",
        "the cosine similarity of columns",
        "x:ab y:ab",
        cosine.format(0),
        "b",
        [b for b in AB if b["a"] > 1],
    )
    add(
        "cosine_row",
        "the cosine similarity of every row with one vector",
        "x:ab y:b",
        cosine.format(-1),
        "a",
        [b for b in AB if b["b"] > 1],
    )
    add(
        "entropy",
        "the entropy of every row",
        "x:ab",
        "auto p = fg::softmax(x, fg::axis<-1>); return -fg::sum(p * fg::log_softmax(x, fg::axis<-1>), fg::axis<-1>)",
        "a",
        AB,
        modes="rfs",
    )
    add(
        "divergence",
        "the Kullback-Leibler divergence between two rows of logits",
        "x:ab y:ab",
        "auto p = fg::log_softmax(x, fg::axis<-1>); auto q = fg::log_softmax(y, fg::axis<-1>); "
        "return fg::mean(fg::sum(fg::exp(p) * (p - q), fg::axis<-1>))",
        "",
        AB,
        modes="rfs",
    )
    add(
        "temperature",
        "softmax with a temperature for each row",
        "x:ab t:a",
        "return fg::softmax(x * fg::unsqueeze(fg::exp(t), fg::axis<-1>), fg::axis<-1>)",
        "ab",
        AB,
    )
    add(
        "double_softmax",
        "a softmax of the rows of a softmax of the columns",
        "x:ab",
        "return fg::softmax(3 * fg::softmax(x, fg::axis<0>), fg::axis<-1>)",
        "ab",
        AB,
        modes="rfs",
    )
    add(
        "attention",
        "attention of queries, keys and values",
        "q:ad k:bd v:be",
        "auto scores = fg::sum(fg::unsqueeze(q, fg::axis<1>) * k, fg::axis<-1>); auto p = fg::softmax(0.5 * scores, fg::axis<-1>); "
        "return fg::sum(fg::unsqueeze(p, fg::axis<-1>) * v, fg::axis<1>)",
        "ae",
        bind("abde", (2, 3, 4, 5), (1, 1, 1, 1), (5, 7, 3, 2), (3, 17, 4, 1), (2, 5, 33, 3)),
    )


# --------------------------------------------------------------------------------------------------------------- losses


def labels_below(classes, ignored=None):
    """Labels by position; each third row is ignored where a label is."""

    def of(shape):
        h = np.round((made(classes, shape).reshape(-1) + 2) * 64).astype(int)
        out = [int(v) % classes for v in h]
        if ignored is not None:
            for i in range(1, len(out), 3):
                out[i] = ignored
        return out

    return of


@numbered
def losses(add):
    option = {
        "smooth": "fg::label_smoothing(0.1)",
        "ignored": "fg::ignore_index(-100)",
        "weighted": "fg::class_weights(w)",
    }
    rows = {b: bind("ab", (3, b), (1, b), (7, b), (17, b)) for b in (1, 2, 5, 10, 17, 33)}
    both = ["double", "float"]

    def entropy(name, title, choice, classes=5, **o):
        text = "".join(", " + option[c] for c in choice)
        weighted = "weighted" in choice
        of = labels_below(classes, -100 if "ignored" in choice else None)
        add(
            name,
            title,
            "x:ab y:a" + (" w:b" if weighted else ""),
            f"return fg::cross_entropy(x, y{text})",
            "",
            o.pop("bindings", [b for b in rows[classes] if "ignored" not in choice or b["a"] > 1] or rows[classes]),
            labels={"y": of},
            positive=("w",),
            common="ab",
            wrt=o.pop("wrt", [0]),
            **o,
        )

    for classes in (1, 2, 17, 33):
        entropy(f"plain_{classes}", f"cross-entropy of {classes} classes", [], classes, modes="r")
    entropy("plain", "cross-entropy with integer labels", [], 5, modes="vrfs", types=both)
    entropy("smooth", "cross-entropy with label smoothing", ["smooth"], 5, modes="rfs")
    entropy("ignored", "cross-entropy with an ignored label", ["ignored"], 5, modes="rfs", types=both)
    entropy("weighted", "cross-entropy with class weights", ["weighted"], 5, modes="rf")
    entropy(
        "weights_too", "cross-entropy with respect to logits and class weights", ["weighted"], 5, modes="rf", wrt=[0, 2]
    )
    entropy(
        "smooth_ignored", "cross-entropy with label smoothing and an ignored label", ["ignored", "smooth"], 5, modes="r"
    )
    entropy(
        "smooth_weighted", "cross-entropy with label smoothing and class weights", ["smooth", "weighted"], 5, modes="r"
    )
    entropy(
        "ignored_weighted",
        "cross-entropy with an ignored label and class weights",
        ["weighted", "ignored"],
        5,
        modes="r",
    )
    entropy(
        "everything", "cross-entropy with all options", ["smooth", "weighted", "ignored"], 10, modes="vrfs", types=both
    )
    entropy(
        "everything_else",
        "cross-entropy with all options in another order",
        ["ignored", "weighted", "smooth"],
        10,
        modes="r",
    )
    add(
        "one_row",
        "cross-entropy of one row and one label",
        "x:a y:",
        "return fg::cross_entropy(x, y)",
        "",
        bind("a", (3,), (17,)),
        labels={"y": lambda shape: [2]},
        modes="rfs",
        wrt=[0],
        common="a",
    )
    add(
        "batches",
        "cross-entropy of an array of rank 3",
        "x:abc y:ab",
        "return fg::cross_entropy(x, y, fg::label_smoothing(0.25))",
        "",
        bind("abc", (2, 3, 5), (1, 1, 5), (7, 2, 5)),
        labels={"y": labels_below(5)},
        wrt=[0],
        common="abc",
    )
    soft = "auto target = fg::softmax(t, fg::axis<-1>); return fg::cross_entropy(x, target{0})"
    add(
        "soft",
        "cross-entropy with soft targets",
        "x:ab t:ab",
        soft.format(""),
        "",
        AB,
        modes="vrfs",
        types=both,
        common="ab",
    )
    add(
        "soft_smooth",
        "cross-entropy with smoothed soft targets",
        "x:ab t:ab",
        soft.format(", fg::label_smoothing(0.1)"),
        "",
        AB,
        common="ab",
    )
    add(
        "soft_weighted",
        "cross-entropy with soft targets and class weights",
        "x:ab t:ab w:b",
        soft.format(", fg::class_weights(w)"),
        "",
        AB,
        positive=("w",),
        common="ab",
    )
    add(
        "soft_everything",
        "cross-entropy with smoothed soft targets and class weights",
        "x:ab t:ab w:b",
        soft.format(", fg::class_weights(w), fg::label_smoothing(0.2)"),
        "",
        AB,
        positive=("w",),
        common="ab",
        modes="r",
    )
    add(
        "soft_argument",
        "cross-entropy with respect to its soft targets",
        "x:ab t:ab",
        "return fg::cross_entropy(x, t)",
        "",
        AB,
        positive=("t",),
        common="ab",
    )
    add(
        "regression",
        "softmax regression with respect to weights and biases",
        "x:ab w:bc bias:c y:a",
        "auto logits = fg::sum(fg::unsqueeze(x, fg::axis<-1>) * w, fg::axis<1>) + bias; return fg::cross_entropy(logits, y)",
        "",
        bind("abc", (3, 4, 5), (1, 1, 5), (17, 7, 5), (2, 33, 5)),
        labels={"y": labels_below(5)},
        wrt=[1, 2],
        common="ac",
        types=both,
        modes="rfs",
    )
    add(
        "logistic",
        "logistic regression with respect to weights and bias",
        "x:ab w:b bias: t:a",
        "auto logit = fg::sum(x * w, fg::axis<-1>) + bias; return fg::mean(fg::softplus(logit) - t * logit)",
        "",
        bind("ab", (3, 4), (1, 1), (17, 7), (2, 33), (70, 3)),
        wrt=[1, 2],
        common="ab",
        types=both,
        modes="rfs",
    )
    add(
        "dice",
        "a dice loss for each channel",
        "x:abc t:abc",
        "auto p = fg::sigmoid(x); auto both = fg::sum(p * t, fg::axis<0, 2>); "
        "auto each = fg::sum(p, fg::axis<0, 2>) + fg::sum(t, fg::axis<0, 2>); return 1 - fg::mean((2 * both + 1) / (each + 1))",
        "",
        ABC_FULL,
        positive=("t",),
        common="abc",
        modes="rfs",
    )
    add(
        "contrastive",
        "a contrastive loss of normalized rows",
        "x:ab y:ab",
        "auto u = fg::normalize(x, fg::axis<-1>); auto v = fg::normalize(y, fg::axis<-1>); "
        "auto s = 2 * fg::sum(fg::unsqueeze(u, fg::axis<1>) * v, fg::axis<-1>); "
        "return fg::mean(fg::logsumexp(s, fg::axis<-1>)) - 2 * fg::mean(fg::sum(u * v, fg::axis<-1>))",
        "",
        bind("ab", (3, 5), (2, 17), (7, 4)),
        common="aab",
    )


# --------------------------------------------------------------------------------------------------------------- layers


@numbered
def layers(add):
    both = ["double", "float"]
    norm = (
        "auto m = fg::mean(x, fg::axis<{0}>, fg::keepdims); auto v = fg::var(x, fg::axis<{0}>, fg::keepdims); "
        "return (x - m) * fg::rsqrt(v + 1e-2) * gamma + beta"
    )
    wide = [b for b in AB if b["b"] > 1]
    add("layer_norm", "layer norm of rows", "x:ab gamma:b beta:b", norm.format(-1), "ab", AB, modes="vrfs", types=both)
    add("layer_norm_3", "layer norm of the rows of rank 3", "x:abc gamma:c beta:c", norm.format(-1), "abc", ABC_FULL)
    add(
        "layer_norm_two_axes",
        "layer norm over two axes",
        "x:abc gamma:bc beta:bc",
        norm.format("1, 2"),
        "abc",
        ABC_FULL,
    )
    add(
        "batch_norm", "batch norm of columns", "x:ab gamma:b beta:b", norm.format(0), "ab", AB, modes="vrfs", types=both
    )
    channels = (
        "auto m = fg::mean(x, fg::axis<0, 2>, fg::keepdims); auto v = fg::var(x, fg::axis<0, 2>, fg::keepdims); "
        "return (x - m) * fg::rsqrt(v + 1e-2) * fg::unsqueeze(gamma, fg::axis<-1>) + fg::unsqueeze(beta, fg::axis<-1>)"
    )
    add(
        "batch_norm_channels", "batch norm of the channels of rank 3", "x:abc gamma:b beta:b", channels, "abc", ABC_FULL
    )
    add(
        "instance_norm",
        "batch norm without keeping the axis",
        "x:ab gamma:b beta:b",
        "auto d = x - fg::mean(x, fg::axis<0>); auto v = fg::mean(d * d, fg::axis<0>); return d / fg::sqrt(v + 1e-2) * gamma + beta",
        "ab",
        AB,
    )
    rms = "return x * fg::rsqrt(fg::mean(fg::square(x), fg::axis<-1>, fg::keepdims) + 1e-3) * gamma"
    add("rms_norm", "rms norm of rows", "x:ab gamma:b", rms, "ab", AB, modes="rfs", types=both)
    add(
        "standardized",
        "columns are standardized with the sample deviation",
        "x:ab",
        "return (x - fg::mean(x, fg::axis<0>)) / fg::std(x, 1, fg::axis<0>)",
        "ab",
        [b for b in AB if b["a"] > 2],
        modes="rfs",
    )
    add(
        "row_weighted",
        "rows are divided by their sums of magnitudes",
        "x:ab",
        "return x / fg::norm1(x, fg::axis<-1>, fg::keepdims)",
        "ab",
        wide,
    )
    add(
        "norm_then_softmax",
        "a softmax of normalized rows, and its loss",
        "x:ab gamma:b t:ab",
        "auto d = x - fg::mean(x, fg::axis<-1>, fg::keepdims); "
        "auto y = d * fg::rsqrt(fg::mean(d * d, fg::axis<-1>, fg::keepdims) + 1e-2) * gamma; "
        "return -fg::mean(fg::sum(t * fg::log_softmax(y, fg::axis<-1>), fg::axis<-1>))",
        "",
        wide,
        positive=("t",),
        common="ab",
    )
    add(
        "two_layers",
        "a network of two layers written with broadcasts",
        "x:ab w:bc u:c",
        "auto h = fg::tanh(fg::sum(fg::unsqueeze(x, fg::axis<-1>) * w, fg::axis<1>)); return fg::mean(fg::square(fg::sum(h * u, fg::axis<-1>)))",
        "",
        bind("abc", (3, 4, 5), (1, 1, 1), (5, 7, 17), (2, 33, 3)),
        common="abc",
    )
    add(
        "scaled_columns",
        "sums of rows and of columns meet",
        "x:ab",
        "auto rows = fg::sum(x, fg::axis<1>, fg::keepdims); auto columns = fg::sum(x, fg::axis<0>); return fg::sin(0.1 * rows * columns) * x",
        "ab",
        AB,
        modes="rfs",
    )


# ---------------------------------------------------------------------------------------------------------------- index


@numbered
def indices(add):
    labels = {"y": labels_below(5)}
    five = bind("ab", (3, 5), (1, 5), (7, 5), (17, 5))
    hot = "auto hot = fg::index(fg::axis<-1>) == fg::unsqueeze(y, fg::axis<-1>); return "
    add(
        "lookup",
        "a label looks up an element of its row",
        "x:ab y:a",
        hot + "fg::sum(fg::where(hot, x, 0), fg::axis<-1>)",
        "a",
        five,
        labels=labels,
        common="ab",
        modes="vrf",
        types=["double", "float"],
    )
    add(
        "hot",
        "one-hot rows scale a matrix",
        "x:ab y:a",
        hot + "fg::where(hot, 2 * x, -x) + 1",
        "ab",
        five,
        labels=labels,
        modes="rf",
    )
    add(
        "likelihood",
        "the likelihood of labels, written with a one-hot",
        "x:ab y:a",
        hot + "-fg::mean(fg::sum(fg::where(hot, fg::log_softmax(x, fg::axis<-1>), 0), fg::axis<-1>))",
        "",
        five,
        labels=labels,
        common="ab",
        modes="rfs",
    )
    add(
        "causal",
        "a causal mask before a softmax",
        "x:ab",
        "return fg::softmax(fg::where(fg::index(fg::axis<-1>) <= fg::index(fg::axis<-2>), x, -INFINITY), fg::axis<-1>)",
        "ab",
        AB,
        modes="vrfs",
        types=["double", "float"],
    )
    add(
        "causal_batch",
        "a causal mask in a batch",
        "x:abc",
        "return fg::softmax(fg::where(fg::index(x, fg::axis<2>) <= fg::index(x, fg::axis<1>), x, -1e30), fg::axis<-1>)",
        "abc",
        ABC_FULL,
    )
    add(
        "lower",
        "the sum of a lower triangle",
        "x:ab",
        "return fg::sum(fg::where(fg::index(fg::axis<-2>) >= fg::index(fg::axis<-1>), fg::sin(x), 0), fg::axis<0>)",
        "b",
        AB,
        common="ab",
    )
    add(
        "positional",
        "positions weigh the elements of a middle axis",
        "x:abc",
        "return x * fg::index(x, fg::axis<1>) + fg::square(x)",
        "abc",
        ABC_FULL,
    )
    add(
        "ramp",
        "positions along every axis of a matrix",
        "x:ab",
        "return fg::sum(x * (fg::index(fg::axis<0 - 1>) + 10 * fg::index(fg::axis<-2>) + 1), fg::axis<-1>)".replace(
            "0 - 1", "-1"
        ),
        "a",
        AB,
        common="ab",
    )
    add(
        "first_rows",
        "the first two rows are selected",
        "x:ab",
        "return fg::sum(fg::where(fg::index(x, fg::axis<0>) < 2, fg::exp(x), 0), fg::axis<0>)",
        "b",
        AB,
        common="ab",
    )


# --------------------------------------------------------------------------------------------------------------- cumsum


@numbered
def cumulative(add):
    add(
        "cumsum_vector",
        "the running sum of a vector",
        "x:a",
        "return fg::cumsum(x)",
        "a",
        bind("a", (1,), (2,), (5,), (17,), (33,), (70,), (0,)),
        modes="vrfs",
        types=["double", "float"],
    )
    add(
        "cumsum_rows",
        "running sums of rows",
        "x:ab",
        "return fg::cumsum(x)",
        "ab",
        AB,
        modes="vrfs",
        types=["double", "float"],
    )
    add("cumsum_3", "running sums in an array of rank 3", "x:abc", "return fg::cumsum(fg::sin(x)) * x", "abc", ABC_FULL)
    add(
        "cumsum_mixed",
        "running sums of a broadcast product feed a reduction",
        "x:ab y:b",
        "return fg::sum(fg::square(fg::cumsum(x * y)) - x, fg::axis<-1>)",
        "a",
        AB,
        common="ab",
        modes="rfs",
    )
    add(
        "cumsum_twice",
        "the running sum of a running sum",
        "x:ab",
        "return fg::cumsum(fg::exp(-fg::square(fg::cumsum(x))))",
        "ab",
        AB,
    )
    add(
        "remaining",
        "a running sum from the end",
        "x:ab",
        "return fg::sum(x, fg::axis<-1>, fg::keepdims) - fg::cumsum(x) + x",
        "ab",
        AB,
    )


# ----------------------------------------------------------------------------------------------------------- reductions

REDUCTIONS = ["sum", "mean", "prod", "max", "min", "norm", "norm1", "norm_inf", "logsumexp", "var", "std"]
SHAPES = {
    1: [(1,), (2,), (7,), (17,), (33,), (70,)],
    2: [(3, 5), (1, 7), (5, 1), (4, 17), (17, 2), (2, 70)],
    3: [(2, 3, 5), (4, 1, 7), (3, 5, 17), (2, 7, 1), (1, 2, 33)],
}
SETS = {
    1: [(0,)],
    2: [(0,), (1,), (0, 1)],
    3: [(0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2)],
}


def ties_share(x, axes, f):
    """What the convention says of k equal extrema."""
    axes = tuple(axes)
    top = (np.max if f == "max" else np.min)(x, axes, keepdims=True)
    hit = x == top
    return hit / hit.sum(axes, keepdims=True)


def reductions():
    lines = []
    seed = 900000
    for rank, shapes in SHAPES.items():
        for shape in shapes:
            for axes in SETS[rank]:
                seed += 10
                x = made(seed, shape)
                t = made(seed + 1, shape)
                count = int(np.prod([shape[a] for a in axes]))
                lines.append(f"program rank{rank} axes {' '.join(map(str, axes))}")
                lines.append("case " + "x".join(map(str, shape)))
                lines.append(f"x {shape_text(x)} seed {seed}")
                lines.append(f"t {shape_text(x)} seed {seed + 1}")
                kept = np.sum(x, axes, keepdims=True).shape
                left = np.sum(x, axes).shape
                lines.append(f"kept {'x'.join(map(str, kept))} seed {seed + 2}")
                lines.append(f"w {'x'.join(map(str, left)) if left else '-'} seed {seed + 2}")
                w = made(seed + 2, left)
                for name in REDUCTIONS + ["var_sample", "std_sample"] * (count > 1):
                    g = FUNCTIONS[name.removesuffix("_sample")]
                    rest = [1] if name.endswith("_sample") else []

                    def f(v, g=g, rest=rest):
                        a = list(rest)
                        return g(v, FUNCTIONS["axis"](*axes), *a)

                    def quantities(v, u, f=f, w=w):
                        y, (gradient,) = vjp(f, [v], lambda y: w)
                        return {
                            "value": y,
                            "gradient": gradient,
                            "jvp": jvp(f, [v], [u]),
                            "hvp": hvp(lambda z: xp.sum(f(z) ** 2), v, u),
                        }

                    exact = quantities(x, t)
                    if name in ("max", "min"):
                        share = ties_share(np.asarray(x), axes, name)
                        want = share * np.asarray(w).reshape(kept)
                        assert np.allclose(exact["gradient"], want, 0, 1e-15)
                    r = np.random.default_rng(seed)
                    wiggle = 1 + NOISE * r.uniform(-1, 1, shape)
                    # an extremum's ties must stay ties
                    moved = exact if "max" in name or "min" in name or "inf" in name else quantities(x * wiggle, t)
                    for k, v in exact.items():
                        v = np.asarray(v)
                        assert np.all(np.isfinite(v)), (name, shape, axes, k)
                        scale = np.maximum(
                            np.max(np.abs(v), initial=0), np.max(np.abs(v - moved[k]), initial=0) / NOISE
                        )
                        lines.append(result_line(f"{name}.{k}", v, scale))
                for name, v in {
                    "any": np.any(x > 1.5, axes),
                    "all": np.all(x < 1.75, axes),
                    "count": np.sum(x > 0.25, axes),
                }.items():
                    lines.append(result_line(name, np.asarray(v).astype(int), 0))
                if len(axes) in (1, rank):
                    a = axes[0] if len(axes) == 1 else None
                    for name, f in {"argmax": np.argmax, "argmin": np.argmin}.items():
                        # halves are frequent, and so are ties: the first one counts
                        lines.append(result_line(name, np.asarray(f(np.round(2 * x), a)), 0))
    write(f"{HERE}/reductions.txt", "\n".join(lines) + "\n")
    print(f"reductions: {len(lines)} lines")


TOPICS = {
    "broadcasting": (broadcasting, "Arguments of different ranks", 100),
    "unsqueezing": (unsqueezing, "Axes inserted, removed and permuted", 200),
    "softmax": (softmax, "Softmax and its relatives", 300),
    "losses": (losses, "Cross-entropy and other losses of rows", 400),
    "layers": (layers, "Layers as a user writes them", 500),
    "indices": (indices, "Positions along axes", 600),
    "cumulative": (cumulative, "Running sums", 700),
}


def main():
    chosen = sys.argv[1:] or ["reductions"] + list(TOPICS)
    for name in chosen:
        if name == "reductions":
            reductions()
        else:
            make, what, seed = TOPICS[name]
            write_test(f"{HERE}/{name}", what, "generate.py", make(seed))


if __name__ == "__main__":
    main()
