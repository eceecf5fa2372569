// The position along an axis of whatever it meets: a leaf that belongs to no function.
#pragma once

#include "expression.hpp"

namespace fusegrad {

namespace expr {
template <int A>
struct axis_index : expression {
  static_assert(A < 0, "fusegrad: fg::index(fg::axis<A>) counts axes from the end; use fg::index(x, fg::axis<A>)");
  static constexpr int dimension = -1 - A;

  constexpr ir::symbol trace_in(ir::builder& b) const {
    ir::layout at{{}, dimension + 1};
    at.map.set(dimension, dimension);
    return {&b, b.index(ir::extents{}, dimension), at};
  }
};
}  // namespace expr

/// The position along an axis, counted from 0, of arrays that it meets: `fg::where(fg::index(fg::axis<-1>) == label, x,
/// 0)`. It costs no memory. It is an int, so that extents are below 2^31 unless it
/// meets 64-bit integers or double, as `fg::cast<std::int64_t>` makes it.
template <int A>
constexpr expr::axis_index<A> index(axis_list<A>) {
  return {};
}

}  // namespace fusegrad
