// Elements moved along an axis, those that leave it at one end coming in at the other.
#pragma once

#include "comparison.hpp"
#include "dimensions.hpp"

namespace fusegrad {

namespace parts {

template <int A, int By>
struct rolled_along : operation<rolled_along<A, By>, 1> {
  static constexpr ir::layout dimensions(ir::builder& b, const ir::layout& at, ir::axis_set& over) {
    over = detail::axes_named(at, detail::dimensions_named<A>(b, at.rank));
    return at;
  }
  static constexpr int trace(ir::builder& b, const int* x, ir::axis_set over) {
    if (By == 0 || (over & b[x[0]].axes) == 0) return x[0];
    const int axis = ir::lowest_axis(over);
    const auto moved = [&](ir::cut from, ir::cut to) {
      const int part = b.sliced(x[0], axis, from);  // a single element is the same wherever it is put
      return from.single() ? part : b.pad(part, axis, to, b.extents_of(x[0]));
    };
    const int first = moved({-By, end}, {0, By}), rest = moved({0, -By}, {By, end});
    int begin = b.constant(By, dtype::i32);
    if (By < 0) begin = b.emit(ir::info<add_t>, b.count(x[0], over), begin);
    return b.emit(ir::info<where_t>, b.emit(ir::info<less_t>, b.index(x[0], axis), begin), first, rest);
  }
};

}  // namespace parts

/// x moved By places along axis A, towards its end, or its beginning where By is negative; what leaves the axis comes
/// in at the other end: `fg::roll<1>(x, fg::axis<-1>)` is the last element, then the others. Derivatives are moved
/// back. Throws std::invalid_argument in the call where the axis has fewer elements than that.
template <int By, traced X, int A>
constexpr auto roll(const X& x, axis_list<A>) {
  return adl::apply<parts::rolled_along<A, By>>(x);
}

namespace adl {
using fusegrad::roll;
}
}  // namespace fusegrad
