// The larger and the smaller of two numbers, and what is bounded by them.
#pragma once

#include "parts.hpp"

namespace fusegrad {

namespace parts {
// The slope of an extremum with respect to x, one of its operands x and y. What loses gets no derivative at all; a NaN
// gets NaN.
constexpr auto extremum_slope(symbolic auto x, symbolic auto y, symbolic auto chosen) {
  // constants of x's type, for a selection between literals would be made in double
  auto slope = [&x](double value) { return constant_like(x, value); };
  const auto decided = where(isnan(x), slope(__builtin_nan("")), slope(1));
  return where(x == chosen || isnan(x), where(x == y, slope(0.5), decided), slope(0));
}
}  // namespace parts

struct largest_t;
struct smallest_t;

/// max(x, y): the larger operand; NaN if one is NaN. Exact. Derivatives 1 and 0; 1/2 each where both are equal; NaN
/// with respect to an operand that is NaN, 0 with respect to the other.
/// max(x): the largest element of an array.
inline constexpr struct max_t : elementwise<max_t, 2> {
  static constexpr std::string_view name = "max";
  static constexpr operand_rule operands = operand_rule::arithmetic;
  static constexpr bool commutative = true;
  static constexpr std::array samples{-2.0, 0.5, 3.0};
  FUSEGRAD_HD static constexpr auto value(auto x, auto y) {
    using math::max;
    return max(x, y);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto y, symbolic auto z) {
    return outputs(parts::extremum_slope(x, y, z), parts::extremum_slope(y, x, z));
  }
  static constexpr int simplify(ir::builder&, const int* x) { return x[0] == x[1] ? x[0] : -1; }

  using operation<max_t, 2>::operator();
  template <operand X>
  constexpr auto operator()(const X& x) const {
    return adl::apply<largest_t>(x);
  }
  template <traced X, int... A, class... Keep>
  constexpr auto operator()(const X& x, axis_list<A...> over, Keep... keep) const {
    return adl::apply<largest_t>(x, over, keep...);
  }
} max;

/// min(x, y): the smaller operand; NaN if one is NaN. Exact. Derivatives as those of max.
/// min(x): the smallest element of an array.
inline constexpr struct min_t : elementwise<min_t, 2> {
  static constexpr std::string_view name = "min";
  static constexpr operand_rule operands = operand_rule::arithmetic;
  static constexpr bool commutative = true;
  static constexpr std::array samples{-2.0, 0.5, 3.0};
  FUSEGRAD_HD static constexpr auto value(auto x, auto y) {
    using math::min;
    return min(x, y);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto y, symbolic auto z) {
    return outputs(parts::extremum_slope(x, y, z), parts::extremum_slope(y, x, z));
  }
  static constexpr int simplify(ir::builder&, const int* x) { return x[0] == x[1] ? x[0] : -1; }

  using operation<min_t, 2>::operator();
  template <operand X>
  constexpr auto operator()(const X& x) const {
    return adl::apply<smallest_t>(x);
  }
  template <traced X, int... A, class... Keep>
  constexpr auto operator()(const X& x, axis_list<A...> over, Keep... keep) const {
    return adl::apply<smallest_t>(x, over, keep...);
  }
} min;

/// clamp(x, low, high): x where it is between the bounds (low <= high), otherwise the bound that it exceeds. Exact.
/// Derivative with respect to x: 1 inside and at the bounds, 0 outside; with respect to a bound: 1 where x exceeds it.
inline constexpr struct clamp_t : composite<clamp_t, 3> {
  static constexpr std::string_view name = "clamp";
  static constexpr operand_rule operands = operand_rule::arithmetic;
  static constexpr std::array samples{-2.0, 0.5, 3.0};
  FUSEGRAD_HD static constexpr auto value(auto x, auto low, auto high) {
    return where(x < low, low, where(x > high, high, x));
  }
} clamp;

}  // namespace fusegrad
