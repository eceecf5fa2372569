// The larger and the smaller of two numbers, and what is bounded by them.
#pragma once

#include "parts.hpp"

namespace fusegrad {

namespace parts {

inline constexpr struct counts_as_larger_t : detail::comparison<counts_as_larger_t> {
  static constexpr std::string_view name = "counts_as_larger";
  static constexpr std::string_view meaning = "does x count in max(x, y)? x >= y, or x is NaN";
  FUSEGRAD_HD static constexpr auto value(auto x, auto y) { return y <= x || x != x; }
} counts_as_larger;

inline constexpr struct counts_as_smaller_t : detail::comparison<counts_as_smaller_t> {
  static constexpr std::string_view name = "counts_as_smaller";
  static constexpr std::string_view meaning = "does x count in min(x, y)? x <= y, or x is NaN";
  FUSEGRAD_HD static constexpr auto value(auto x, auto y) { return x <= y || x != x; }
} counts_as_smaller;

/// 1/2 between equals, NaN for NaN, otherwise 1.
inline constexpr struct share_t : elementwise<share_t, 2> {
  static constexpr std::string_view name = "share";
  static constexpr std::string_view meaning =
      "the slope of an extremum of x and y along x, which counts: 1/2 if they are equal";
  static constexpr std::array samples{-2.0, 0.5, 3.0};
  FUSEGRAD_HD static constexpr auto value(auto x, auto y) {
    using math::share;
    return share(x, y);
  }
} share;

// What the above and the extrema become where one operand is known to be larger than the other (passes/decide.hpp).

/// True for NaN.
inline constexpr struct undecided_t : detail::comparison<undecided_t> {
  static constexpr std::string_view name = "undecided";
  static constexpr std::string_view meaning = "is neither of x and y larger than the other?";
  static constexpr bool commutative = true;
  FUSEGRAD_HD static constexpr auto value(auto x, auto y) {
    using math::equal_or_unordered;
    return equal_or_unordered(x, y);
  }
} undecided;

inline constexpr struct decided_max_t : elementwise<decided_max_t, 2> {
  static constexpr std::string_view name = "decided_max";
  static constexpr std::string_view meaning = "max(x, y) where one is larger, otherwise y";
  static constexpr operand_rule operands = operand_rule::arithmetic;
  static constexpr std::array samples{-2.0, 0.5, 3.0};
  FUSEGRAD_HD static constexpr auto value(auto x, auto y) {
    using math::decided_max;
    return decided_max(x, y);
  }
} decided_max;

inline constexpr struct decided_min_t : elementwise<decided_min_t, 2> {
  static constexpr std::string_view name = "decided_min";
  static constexpr std::string_view meaning = "min(x, y) where one is smaller, otherwise y";
  static constexpr operand_rule operands = operand_rule::arithmetic;
  static constexpr std::array samples{-2.0, 0.5, 3.0};
  FUSEGRAD_HD static constexpr auto value(auto x, auto y) {
    using math::decided_min;
    return decided_min(x, y);
  }
} decided_min;

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
  static constexpr auto partials(symbolic auto x, symbolic auto y, symbolic auto) {
    return outputs(where(parts::counts_as_larger(x, y), parts::share(x, y), 0.0),
                   where(parts::counts_as_larger(y, x), parts::share(y, x), 0.0));
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
  static constexpr auto partials(symbolic auto x, symbolic auto y, symbolic auto) {
    return outputs(where(parts::counts_as_smaller(x, y), parts::share(x, y), 0.0),
                   where(parts::counts_as_smaller(y, x), parts::share(y, x), 0.0));
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
  static constexpr auto value(auto x, auto low, auto high) { return where(x < low, low, where(x > high, high, x)); }
} clamp;

/// x where it is finite; 0 for NaN, and the outermost finite numbers of its type for infinities. Derivative 1 where x
/// is finite, otherwise 0.
inline constexpr struct nan_to_num_t : composite<nan_to_num_t, 1> {
  static constexpr std::string_view name = "nan_to_num";
  static constexpr std::array samples{-2.0, 0.5, 3.0};
  static constexpr auto value(auto x) {
    const auto most = parts::largest_finite(x);
    return where(isfinite(x), x, where(isnan(x), parts::constant_like(x, 0.0), where(x > 0.0, most, -most)));
  }
} nan_to_num;

}  // namespace fusegrad
