// Elements moved along an axis, those that leave it at one end coming in at the other.
#pragma once

#include "joins.hpp"

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
    const int parts[]{b.sliced(x[0], axis, {-By, end}), b.sliced(x[0], axis, {0, -By})};
    return joined(b, parts, axis, b.extent_along(x[0], axis));
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
