// Operations on dimensions: they change where a value stands beside others, and no element. Nothing is copied.
#pragma once

#include "../core/rearrange.hpp"
#include "operation.hpp"

namespace fusegrad {

struct all_t;

namespace parts {

template <class Op>
struct rearranging : operation<Op, 1> {
  static constexpr int trace(ir::builder&, const int* x, ir::axis_set) { return x[0]; }
};

template <int... A>
struct unsqueezed : rearranging<unsqueezed<A...>> {
  static constexpr ir::layout dimensions(ir::builder& b, const ir::layout& at, ir::axis_set&) {
    const int rank = at.rank + static_cast<int>(sizeof...(A));
    const unsigned named = detail::dimensions_named<A...>(b, rank);
    ir::layout made{{}, rank};
    int from = 0;
    for (int d = 0; d < rank; ++d)
      if ((named >> d & 1u) == 0) made.map.set(d, at.map[from++]);
    return made;
  }
};

template <int... A>
struct squeezed : rearranging<squeezed<A...>> {
  static constexpr ir::layout dimensions(ir::builder& b, const ir::layout& at, ir::axis_set&) {
    const unsigned named = detail::dimensions_named<A...>(b, at.rank);
    if (detail::axes_named(at, named) != 0) b.fail(ir::trace_error::axis_not_single);
    return detail::without(at, named);
  }
};

template <int... A>
struct permuted : rearranging<permuted<A...>> {
  static constexpr ir::layout dimensions(ir::builder& b, const ir::layout& at, ir::axis_set&) {
    if (at.rank != static_cast<int>(sizeof...(A))) b.fail(ir::trace_error::axis_out_of_range);
    detail::dimensions_named<A...>(b, at.rank);
    ir::layout made{{}, at.rank};
    int to = at.rank;
    for (int a : {A...}) made.map.set(--to, at.map[detail::dimension_of(b, a, at.rank)]);
    return made;
  }
};

struct transposed : rearranging<transposed> {
  static constexpr ir::layout dimensions(ir::builder& b, const ir::layout& at, ir::axis_set&) {
    if (at.rank < 2) b.fail(ir::trace_error::axis_out_of_range);
    ir::layout made = at;
    made.map.set(0, at.map[1]);
    made.map.set(1, at.map[0]);
    return made;
  }
};

/// What a cut takes of an axis. One element is the same for whatever it meets, as new axes of one element are.
template <int A, ir::cut Where>
struct cut_along : operation<cut_along<A, Where>, 1> {
  static constexpr ir::layout dimensions(ir::builder& b, const ir::layout& at, ir::axis_set& over) {
    const unsigned named = detail::dimensions_named<A>(b, at.rank);
    over = detail::axes_named(at, named);
    if (over == 0) b.fail(ir::trace_error::cannot_slice);
    ir::layout made = at;
    for (int d = 0; d < at.rank; ++d)
      if (Where.single() && (named >> d & 1u) != 0) made.map.set(d, -1);
    return made;
  }
  static constexpr int trace(ir::builder& b, const int* x, ir::axis_set over) {
    return over == 0 ? x[0] : b.sliced(x[0], ir::lowest_axis(over), Where);
  }
};

struct broadcast_onto : operation<broadcast_onto, 2> {
  static constexpr ir::layout dimensions(ir::builder&, const ir::layout& at, ir::axis_set&) { return at; }
  static constexpr int trace(ir::builder& b, const int* x, ir::axis_set) { return b.broadcast(x[0], x[1]); }
};

template <int A>
struct index_along : operation<index_along<A>, 1> {
  static constexpr ir::layout dimensions(ir::builder& b, const ir::layout& at, ir::axis_set& over) {
    const unsigned named = detail::dimensions_named<A>(b, at.rank);
    over = detail::axes_named(at, named);
    ir::layout made{{}, at.rank};
    for (int d = 0; d < at.rank; ++d)
      if ((named >> d & 1u) != 0) made.map.set(d, at.map[d]);
    return made;
  }
  static constexpr int trace(ir::builder& b, const int* x, ir::axis_set over) {
    if (over == 0) return b.constant(0, dtype::i32);
    int axis = 0;
    while (!ir::has_axis(over, axis)) ++axis;
    return b.index(x[0], axis);
  }
};

}  // namespace parts

/// x with new axes of one element, which stand where A says in the result: `fg::unsqueeze(x, fg::axis<-1>)`, x: [n] ->
/// y: [n, 1]. NumPy's expand_dims.
template <traced X, int... A>
constexpr auto unsqueeze(const X& x, axis_list<A...>) {
  return adl::apply<parts::unsqueezed<A...>>(x);
}

/// x without axes A, which have one element by their type, as unsqueeze and keepdims make them.
template <traced X, int... A>
constexpr auto squeeze(const X& x, axis_list<A...>) {
  return adl::apply<parts::squeezed<A...>>(x);
}

/// x with its axes in another order: axis k of the result is axis A[k] of x. `fg::permute(x, fg::axis<2, 0, 1>)`.
template <traced X, int... A>
constexpr auto permute(const X& x, axis_list<A...>) {
  return adl::apply<parts::permuted<A...>>(x);
}

/// x with its last two axes exchanged. x: [..., n, m] -> y: [..., m, n].
template <traced X>
constexpr auto transpose(const X& x) {
  return adl::apply<parts::transposed>(x);
}

/// Elements Start, Start + Step, ... before Stop of x along axis A; a negative Start or Stop counts from the end:
/// `fg::slice(x, fg::axis<-1>, fg::range<1, fg::end>)` is all but the first. Arguments are read where they lie; of an
/// expression that is much work, all elements are computed once, whatever slices are taken of it. One element is the
/// same for whatever it meets, and can be squeezed. Throws std::invalid_argument in the call where the range does not
/// lie within the axis.
template <traced X, int A, int Start, int Stop, int Step>
constexpr auto slice(const X& x, axis_list<A>, range_t<Start, Stop, Step>) {
  return adl::apply<parts::cut_along<A, ir::cut{Start, Stop, Step}>>(x);
}

namespace parts {
/// Of x along axis A: all, or a range.
template <int A, class X>
constexpr X taken(const X& x, const all_t&) {
  return x;
}
template <int A, class X, int Start, int Stop, int Step>
constexpr auto taken(const X& x, range_t<Start, Stop, Step> elements) {
  return slice(x, axis<A>, elements);
}
/// Of axis A and those behind it, the last one first: an axis that goes renumbers those behind it.
template <int A, class X>
constexpr X taken_from(const X& x) {
  return x;
}
template <int A, auto First, auto... Rest, class X>
constexpr auto taken_from(const X& x) {
  const auto made = taken_from<A + 1, Rest...>(x);
  if constexpr (std::integral<decltype(First)>) {
    constexpr ir::cut one = ir::cut::element(First);
    return squeeze(slice(made, axis<A>, range<one.start, one.stop>), axis<A>);
  } else {
    return taken<A>(made, First);
  }
}
}  // namespace parts

/// What is named of the axes of x, the first axis first: of an axis an index takes one element, and the axis goes; a
/// range takes its elements; fg::all, all, as of the axes that are not named. Indices count from the end if they are
/// negative. `fg::at<0>(x)` is the first row of a matrix or the first number of a vector, `fg::at<fg::all, -1>(x)` the
/// last column. Throws std::invalid_argument in the call where an index lies outside.
template <auto... Where, traced X>
constexpr auto at(const X& x) {
  return parts::taken_from<0, Where...>(x);
}
/// The same of an array, as a view, which has one axis at least: one element is x(i, j).
template <auto... Where, borrowed V>
constexpr auto at(V&& array) {
  static_assert((0 + ... + std::integral<decltype(Where)>) < detail::view_type_of<V>::rank,
                "fusegrad: fg::at takes a view of an array, which has one axis at least; one element is x(i, j)");
  return parts::taken_from<0, Where...>(view_of(array));
}

template <std::integral I>
constexpr ir::symbol ir::symbol::operator[](I i) const {
  const int d = detail::dimension_of(*owner_, 0, at_.rank), first = at_.map[d];
  if (first < 0) owner_->fail(trace_error::cannot_slice);
  const int one = first < 0 ? value_ : owner_->sliced(value_, first, cut::element(static_cast<int>(i)));
  return {owner_, one, detail::without(at_, 1u << d)};
}

/// x from the other end along axis A.
template <traced X, int A>
constexpr auto flip(const X& x, axis_list<A>) {
  return adl::apply<parts::cut_along<A, ir::cut::flipped()>>(x);
}

/// x along all axes of x and y.
template <operand X, traced Y>
constexpr auto broadcast_to(const X& x, const Y& y) {
  return adl::apply<parts::broadcast_onto>(x, y);
}

/// The position along axis A of x, counted from 0; it varies along that axis only. It is an int, so that extents are
/// below 2^31 unless it meets 64-bit integers or double, as `fg::cast<std::int64_t>` makes it.
template <traced X, int A>
constexpr auto index(const X& x, axis_list<A>) {
  return adl::apply<parts::index_along<A>>(x);
}

namespace adl {
using fusegrad::at;
using fusegrad::broadcast_to;
using fusegrad::flip;
using fusegrad::permute;
using fusegrad::slice;
using fusegrad::squeeze;
using fusegrad::transpose;
using fusegrad::unsqueeze;
}  // namespace adl
}  // namespace fusegrad
