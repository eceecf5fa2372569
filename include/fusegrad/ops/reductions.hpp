// Reductions of arrays, and what is composed of them. Sums and products of floating-point numbers keep the type of
// their operand, those of integers and conditions have 64 bits. An extremum of conditions is a condition.
#pragma once

#include "power.hpp"

namespace fusegrad {

/// The sum of all elements; 0 for none. Derivative 1.
inline constexpr struct sum_t : reduction<sum_t> {
  static constexpr std::string_view name = "sum";
  static constexpr result_rule result = result_rule::widened;
  static constexpr bool additive = true;
  template <class T>
  FUSEGRAD_HD static constexpr T identity() {
    return T(0);
  }
  FUSEGRAD_HD static constexpr auto combine(auto x, auto y) { return math::sum(x, y); }
  static constexpr auto partials(symbolic auto, symbolic auto) { return 1.0; }
} sum;

namespace parts {

/// The sum that stands in a mean.
inline constexpr struct total_t : reduction<total_t> {
  static constexpr std::string_view name = "mean";
  static constexpr std::string_view meaning = "the sum of elements, of which there is one at least";
  static constexpr result_rule result = result_rule::widened;
  static constexpr bool needs_elements = true, additive = true;
  template <class T>
  FUSEGRAD_HD static constexpr T identity() {
    return T(0);
  }
  FUSEGRAD_HD static constexpr auto combine(auto x, auto y) { return math::sum(x, y); }
  static constexpr auto partials(symbolic auto, symbolic auto) { return 1.0; }
} total;

/// The number of elements along the axes over which x is reduced.
inline constexpr struct element_count_t : composed_reduction<element_count_t> {
  static constexpr auto value(symbolic auto x) {
    return ir::symbol(x.owner(), x.owner()->count(x.value(), x.over()), x.over());
  }
  static constexpr double value(element auto) { return 1; }
} element_count;

/// Derivative y/x.
inline constexpr struct nonzero_prod_t : reduction<nonzero_prod_t> {
  static constexpr std::string_view name = "nonzero_prod";
  static constexpr std::string_view meaning = "the product of elements, none of which is zero";
  static constexpr result_rule result = result_rule::widened;
  template <class T>
  FUSEGRAD_HD static constexpr T identity() {
    return T(1);
  }
  FUSEGRAD_HD static constexpr auto combine(auto x, auto y) { return math::product(x, y); }
  static constexpr auto partials(symbolic auto x, symbolic auto y) { return y / x; }
} nonzero_prod;

}  // namespace parts

/// The product of all elements; 1 for none. The derivative is the product of the others, right to second order
/// whichever elements are zero, in range where the product of all that are not is.
inline constexpr struct prod_t : reduction<prod_t> {
  static constexpr std::string_view name = "prod";
  static constexpr result_rule result = result_rule::widened;
  template <class T>
  FUSEGRAD_HD static constexpr T identity() {
    return T(1);
  }
  FUSEGRAD_HD static constexpr auto combine(auto x, auto y) { return math::product(x, y); }

  // The product is that of the zeros times that of the rest. Without zeros the first factor is 1, with one zero it is
  // that element, with two it is their product: its value is 0, but its derivatives are not.
  static constexpr auto partials(symbolic auto x, symbolic auto) {
    const auto zero = x == 0;
    const auto one = parts::constant_like(x, 1.0), none = parts::constant_like(x, 0.0);
    const auto zeros = sum(where(zero, one, none)), the_zero = sum(where(zero, x, none));
    const auto rest = parts::nonzero_prod(where(zero, one, x));
    const auto of_zero = where(zeros == 1, 1.0, where(zeros == 2, the_zero - x, 0.0));
    const auto of_rest = where(zeros == 0, 1.0, where(zeros == 1, the_zero, 0.0)) / where(zero, one, x);
    return rest * where(zero, of_zero, of_rest);
  }
} prod;

/// Does a condition hold for any element? False for none.
inline constexpr struct any_t : reduction<any_t> {
  static constexpr std::string_view name = "any";
  static constexpr operand_rule operands = operand_rule::logical;
  static constexpr result_rule result = result_rule::boolean;
  template <class T>
  FUSEGRAD_HD static constexpr T identity() {
    return T(false);
  }
  FUSEGRAD_HD static constexpr auto combine(auto x, auto y) { return x || y; }
} any;

/// Does a condition hold for all elements? True for none.
inline constexpr struct all_t : reduction<all_t> {
  static constexpr std::string_view name = "all";
  static constexpr operand_rule operands = operand_rule::logical;
  static constexpr result_rule result = result_rule::boolean;
  template <class T>
  FUSEGRAD_HD static constexpr T identity() {
    return T(true);
  }
  FUSEGRAD_HD static constexpr auto combine(auto x, auto y) { return x && y; }
} all;

namespace parts {
// 1/k for the k elements that are equal to the extremum; NaN for those that are NaN.
constexpr auto share_of_ties(symbolic auto x, symbolic auto y) {
  const auto counts = x == y || isnan(x);
  const auto part = reciprocal(sum(where(counts, constant_like(x, 1.0), constant_like(x, 0.0))));
  return where(counts, where(isnan(y), y, part), 0.0);
}
/// The lowest (Sign -1) or highest (Sign 1) value of a type.
template <class T, int Sign>
FUSEGRAD_HD constexpr T outermost() {
  if constexpr (std::is_floating_point_v<T>) return Sign * T(__builtin_inff());
  else if constexpr (std::is_same_v<T, bool>) return Sign > 0;
  else if constexpr (std::unsigned_integral<T>) return Sign > 0 ? ~T(0) : T(0);
  else return Sign > 0 ? ~(T(1) << (8 * sizeof(T) - 1)) : T(1) << (8 * sizeof(T) - 1);
}

template <class Op>
struct maximum : reduction<Op> {
  static constexpr std::string_view name = "max";
  template <class T>
  FUSEGRAD_HD static constexpr T identity() {
    return outermost<T, -1>();
  }
  FUSEGRAD_HD static constexpr auto combine(auto x, auto y) {
    using math::max;
    return max(x, y);
  }
  /// The same of numbers; NaN may be lost.
  static constexpr auto combine_numbers(auto x, auto y) { return max_of_numbers(x, y); }
};

/// The largest element, by which functions of rows shift, so that it has no derivative: rows of no elements have no
/// values, but may stand there.
inline constexpr struct top_t : maximum<top_t> {
} top;
}  // namespace parts

/// The largest element; NaN if one is NaN. There is none of no elements. k equal ones get a derivative of 1/k each, a
/// NaN gets NaN.
inline constexpr struct largest_t : parts::maximum<largest_t> {
  static constexpr bool needs_elements = true;
  static constexpr auto partials(symbolic auto x, symbolic auto y) { return parts::share_of_ties(x, y); }
} largest;

/// The smallest element; NaN if one is NaN. There is none of no elements. k equal ones get a derivative of 1/k each, a
/// NaN gets NaN.
inline constexpr struct smallest_t : reduction<smallest_t> {
  static constexpr std::string_view name = "min";
  static constexpr bool needs_elements = true;
  template <class T>
  FUSEGRAD_HD static constexpr T identity() {
    return parts::outermost<T, 1>();
  }
  FUSEGRAD_HD static constexpr auto combine(auto x, auto y) {
    using math::min;
    return min(x, y);
  }
  /// The same of numbers; NaN may be lost.
  static constexpr auto combine_numbers(auto x, auto y) { return min_of_numbers(x, y); }
  static constexpr auto partials(symbolic auto x, symbolic auto y) { return parts::share_of_ties(x, y); }
} smallest;

/// The number of elements for which a condition holds.
inline constexpr struct count_t : composed_reduction<count_t> {
  static constexpr std::string_view name = "count";
  static constexpr auto value(auto condition) { return sum(!!condition); }
} count;

/// The arithmetic mean.
inline constexpr struct mean_t : composed_reduction<mean_t> {
  static constexpr std::string_view name = "mean";
  static constexpr auto value(auto x) { return parts::total(x) / parts::element_count(x); }
} mean;

/// The sum of the elements that are not NaN. Derivative 1 with respect to these, otherwise 0.
inline constexpr struct nansum_t : composed_reduction<nansum_t> {
  static constexpr std::string_view name = "nansum";
  static constexpr auto value(auto x) { return sum(where(isnan(x), parts::constant_like(x, 0.0), x)); }
} nansum;

/// The mean of the elements that are not NaN; NaN if there are none.
inline constexpr struct nanmean_t : composed_reduction<nanmean_t> {
  static constexpr std::string_view name = "nanmean";
  static constexpr auto value(auto x) { return nansum(x) / sum(where(isnan(x), 0, 1)); }
} nanmean;

}  // namespace fusegrad
