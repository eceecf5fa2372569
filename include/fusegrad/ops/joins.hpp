// Arrays joined along an axis, padded, and repeated. What is longer than its operands is written to memory piece by
// piece, and read there; a new axis of so many operands costs no memory.
#pragma once

#include "comparison.hpp"
#include "dimensions.hpp"

namespace fusegrad {

/// So many elements before and after those of an axis: `fg::pad(x, fg::axis<-1>, fg::margins<1, 2>)`.
template <int Before, int After>
struct margins_t {
  static_assert(Before >= 0 && After >= 0 && Before < (1 << 30) && After < (1 << 30),
                "fusegrad: fg::margins are numbers of elements; a slice leaves elements out");
};
template <int Before, int After>
inline constexpr margins_t<Before, After> margins{};

namespace parts {

inline constexpr ir::op_info concatenate_op{.name = "concatenate"}, stack_op{.name = "stack"};

/// The layout with an axis in place of dimension d, where there is none yet, and that axis.
constexpr ir::layout with_axis(const ir::layout& at, int d, ir::axis_set& axis) {
  ir::layout made = at;
  if (at.map[d] < 0) {
    int unused = 0;
    while (ir::has_axis(at.map.axes(), unused)) ++unused;
    made.map.set(d, unused);
  }
  axis = ir::axis_set{1} << made.map[d];
  return made;
}
template <int A>
struct changes_extent {
  static constexpr ir::layout dimensions(ir::builder& b, const ir::layout& at, ir::axis_set& over) {
    return with_axis(at, detail::dimension_of(b, A, at.rank), over);
  }
};
constexpr ir::extents extent_of_axis(int axis, int source) {
  ir::extents made;
  made.set(axis, source);
  return made;
}
/// The value along an axis as well, where one that lacks it is one element.
constexpr int along_axis(ir::builder& b, int value, int axis) {
  return b.broadcast(value, ir::axis_set{1} << axis, extent_of_axis(axis, b.extent_along(value, axis)));
}

/// Two values one after another along an axis, of which there are so many elements as `all` says, or both have (-1).
constexpr int joined(ir::builder& b, const int* x, int axis, int all = -1) {
  const ir::axis_set along = ir::axis_set{1} << axis;
  const dtype type = promote(b[x[0]].traits(), b[x[1]].traits()).type;
  int piece[2]{}, n[2]{};
  for (int k = 0; k < 2; ++k) n[k] = b.extent_along(x[k], axis);
  for (int k = 0; k < 2; ++k) {
    const ir::axis_set others = b[x[1 - k]].axes & ~along;
    piece[k] = b.broadcast(along_axis(b, b.convert(x[k], type), axis), others, b.extents_of(x[1 - k]).within(others));
  }
  if (all < 0) all = b.extent({.first = n[0], .second = n[1]});
  const ir::extents full = extent_of_axis(axis, all);
  const int first = b.pad(piece[0], axis, {0, ir::cut::at_extent(n[0])}, full);
  return b.pad(piece[1], axis, {ir::cut::at_extent(n[0]), ir::cut::at_extent(all)}, full, first, concatenate_op);
}

template <int A>
struct joined_along : operation<joined_along<A>, 2>, changes_extent<A> {
  static constexpr int trace(ir::builder& b, const int* x, ir::axis_set over) {
    return joined(b, x, ir::lowest_axis(over));
  }
};

template <int A, int Before, int After>
struct padded_along : operation<padded_along<A, Before, After>, 2>, changes_extent<A> {
  static constexpr int trace(ir::builder& b, const int* x, ir::axis_set over) {
    const int axis = ir::lowest_axis(over);
    const int n = b.extent({.first = b.extent_along(x[0], axis), .more = Before + After});
    const ir::extents full = extent_of_axis(axis, n);
    const int inside = b.pad(along_axis(b, x[0], axis), axis, {Before, After > 0 ? -After : end}, full);
    if (b.is_constant(x[1], 0) || Before + After == 0) return inside;
    const int position = b.index(full, axis),
              stop = b.emit(ir::info<sub_t>, b.count(position, over), b.constant(After));
    const int is_inside = b.emit(ir::info<logical_and_t>, b.emit(ir::info<less_equal_t>, b.constant(Before), position),
                                 b.emit(ir::info<less_t>, position, stop));
    return b.emit(ir::info<where_t>, is_inside, inside, x[1]);
  }
};

template <int A, int Times>
struct repeated_along : operation<repeated_along<A, Times>, 1>, changes_extent<A> {
  static constexpr int trace(ir::builder& b, const int* x, ir::axis_set over) {
    const int axis = ir::lowest_axis(over);
    const ir::extents full = extent_of_axis(axis, b.extent({.first = b.extent_along(x[0], axis), .times = Times}));
    if (!ir::has_axis(b[x[0]].axes, axis)) return b.broadcast(x[0], over, full);
    if (Times == 1) return x[0];
    int made = -1;
    for (int k = 0; k < Times; ++k) made = b.pad(x[0], axis, {k, end, Times}, full, made);
    return made;
  }
};

/// Operand 0 at position K of an axis of N, operand 1 elsewhere there.
template <int A, int K, int N>
struct stacked_along : operation<stacked_along<A, K, N>, 2>, changes_extent<A> {
  static constexpr int trace(ir::builder& b, const int* x, ir::axis_set over) {
    const int axis = ir::lowest_axis(over);
    b.meet(x[0], x[1], stack_op);
    const int position = b.index(extent_of_axis(axis, b.extent({.more = N})), axis);
    return b.emit(ir::info<where_t>, b.emit(ir::info<equal_t>, position, b.constant(K)), x[0], x[1]);
  }
};

template <int A, class First, class Second, class... Rest>
constexpr auto concatenated(const First& first, const Second& second, const Rest&... rest) {
  const auto both = adl::apply<joined_along<A>>(first, second);
  if constexpr (sizeof...(Rest) == 0) return both;
  else return concatenated<A>(both, rest...);
}
template <int A, int K, int N, class First, class... Rest>
constexpr auto stacked(const First& first, const Rest&... rest) {
  const auto one = unsqueeze(first, axis<A>);
  if constexpr (sizeof...(Rest) == 0) return one;
  else return adl::apply<stacked_along<A, K, N>>(one, stacked<A, K + 1, N>(rest...));
}

/// Are these several operands, then an axis?
template <class... X>
inline constexpr bool end_in_axis = false;
template <operand First, operand Second, int A>
inline constexpr bool end_in_axis<First, Second, axis_list<A>> = true;
template <operand First, class Second, class Third, class Fourth, class... Rest>
inline constexpr bool end_in_axis<First, Second, Third, Fourth, Rest...> = end_in_axis<Second, Third, Fourth, Rest...>;

/// Calls `f(axis, operands...)` with what came as operands, then an axis; what did not has had its error.
template <class F, int A, class... X>
constexpr auto axis_first(const F& f, axis_list<A> along, const X&... x) {
  return f(along, x...);
}
template <class F, operand First, class... X>
constexpr auto axis_first(const F& f, const First& first, const X&... x) {
  return axis_first(f, x..., first);
}
template <class F, class... X>
constexpr auto on_joined(const F& f, const X&... x) {
  if constexpr (end_in_axis<X...>) return axis_first(f, x...);
  else return 0.0;
}

}  // namespace parts

/// The elements of several values one after another along axis A, the other axes of which broadcast; what lacks that
/// axis is one element there: `fg::concatenate(x, y, z, fg::axis<0>)`, x: [n, k], y: [m, k] -> [n + m, ..., k]. Each
/// value is written to memory once. Throws std::invalid_argument in the call where other axes do not fit.
template <class... X>
  requires(traced<X> || ...)
constexpr auto concatenate(const X&... x) {
  static_assert(parts::end_in_axis<X...>,
                "fusegrad: fg::concatenate takes values, then the axis: fg::concatenate(x, y, fg::axis<0>)");
  return parts::on_joined([]<int A>(axis_list<A>, const auto&... values) { return parts::concatenated<A>(values...); },
                          x...);
}

/// Values of one shape along a new axis, which stands where A says in the result: `fg::stack(x, y, fg::axis<-1>)`, x:
/// [n], y: [n] -> [n, 2]. It costs no memory. Throws std::invalid_argument in the call where shapes do not fit.
template <class... X>
  requires(traced<X> || ...)
constexpr auto stack(const X&... x) {
  static_assert(parts::end_in_axis<X...>,
                "fusegrad: fg::stack takes values, then the new axis: fg::stack(x, y, fg::axis<0>)");
  return parts::on_joined(
      []<int A>(axis_list<A>, const auto&... values) {
        return parts::stacked<A, 0, static_cast<int>(sizeof...(values))>(values...);
      },
      x...);
}

/// x with elements of a value before and after it along axis A: `fg::pad(x, fg::axis<-1>, fg::margins<1, 2>)`, x: [n]
/// -> [n + 3]. NumPy's pad.
template <traced X, int A, int Before, int After, operand V = double>
constexpr auto pad(const X& x, axis_list<A>, margins_t<Before, After>, const V& value = {}) {
  return adl::apply<parts::padded_along<A, Before, After>>(x, value);
}

/// x with each element Times times along axis A: `fg::repeat<2>(x, fg::axis<-1>)`, x: [n] -> [2 n]. NumPy's repeat.
template <int Times, traced X, int A>
constexpr auto repeat(const X& x, axis_list<A>) {
  static_assert(Times > 0, "fusegrad: fg::repeat<Times> repeats elements once at least");
  return adl::apply<parts::repeated_along<A, Times>>(x);
}

/// x Times times, one after another along axis A: `fg::tile<2>(x, fg::axis<-1>)`, x: [n] -> [2 n].
template <int Times, traced X, int A>
constexpr auto tile(const X& x, axis_list<A> along) {
  static_assert(Times > 0, "fusegrad: fg::tile<Times> takes x once at least");
  if constexpr (Times == 1) return repeat<1>(x, along);
  else
    return [&]<int... K>(std::integer_sequence<int, K...>) {
      return concatenate((static_cast<void>(K), x)..., along);
    }(std::make_integer_sequence<int, Times>{});
}

namespace adl {
using fusegrad::concatenate;
using fusegrad::pad;
using fusegrad::repeat;
using fusegrad::stack;
using fusegrad::tile;
}  // namespace adl
}  // namespace fusegrad
