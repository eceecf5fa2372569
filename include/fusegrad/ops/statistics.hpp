// Reductions that are composed of others: norms, moments, and the sum of exponentials in the logarithmic domain.
#pragma once

#include "reductions.hpp"

namespace fusegrad {

namespace parts {

/// x as a floating-point number: integers are neither squared nor added up as such.
template <operand X>
constexpr auto real(const X& x) {
  return x * 1.0;
}

/// sqrt(x), but without a slope at 0. Derivative 1 / (2 sqrt(x)). Its square is x again, so that the square of a norm
/// is curved at 0 as the sum of squares is.
inline constexpr struct root_t : composite<root_t, 1> {
  static constexpr std::string_view name = "root";
  static constexpr std::array samples{0.5, 2.0, 1e8};
  static constexpr auto value(auto x) { return sqrt(x); }
  static constexpr auto partials(symbolic auto, symbolic auto y) { return 0.5 * reciprocal_or_zero(y); }
  static constexpr auto squared(symbolic auto x) { return x; }
} root;

}  // namespace parts

/// The square root of the sum of squares (the 2-norm). Derivative x/y; 0 where all elements are zero. In range where
/// the squares are: for magnitudes from 1e-19 to 1e19 in float, 1e-154 to 1e154 in double.
inline constexpr struct norm_t : composed_reduction<norm_t> {
  static constexpr std::string_view name = "norm";
  static constexpr auto value(auto x) { return parts::root(sum(square(parts::real(x)))); }
} norm;

/// The sum of magnitudes (the 1-norm). Derivative sign(x).
inline constexpr struct norm1_t : composed_reduction<norm1_t> {
  static constexpr std::string_view name = "norm1";
  static constexpr auto value(auto x) { return sum(abs(x)); }
} norm1;

/// The largest magnitude (the infinity norm). Derivative sign(x)/k for the k elements that have it.
inline constexpr struct norm_inf_t : composed_reduction<norm_inf_t> {
  static constexpr std::string_view name = "norm_inf";
  static constexpr auto value(auto x) { return max(abs(x)); }
} norm_inf;

namespace parts {

/// How much of a sum of n numbers may be its rounding.
constexpr double rounding_of_sum(symbolic auto x) {
  return (*x.owner())[x.value()].type == dtype::f32 ? 0x1p-19 : 0x1p-48;
}

/// Rows are read twice, from cache: first for the mean. Where rows are added to an array, one pass over memory finds
/// mean and deviations together (Welford 1962, Chan et al. 1979).
inline constexpr struct deviations_t : reduction<deviations_t> {
  static constexpr std::string_view name = "var";
  static constexpr std::string_view meaning = "the sum of squared deviations from the mean";
  static constexpr operand_rule operands = operand_rule::real;
  static constexpr bool needs_elements = true, expands_rows_only = true;
  template <class T>
  FUSEGRAD_HD static constexpr T identity() {
    return T(0);
  }
  FUSEGRAD_HD static constexpr auto combine(auto x, auto y) { return x + y; }
  template <class X>
  static constexpr X on_numbers(X x) {
    return x - x;
  }
  // The mean is rounded, and what the deviations add up to tells by how much. Where they are all the same, nothing but
  // rounding is left.
  static constexpr auto value(symbolic auto x) {
    const auto deviation = x - mean(x);
    const auto squares = sum(square(deviation)), rest = sum(deviation);
    const auto left = squares - rest * (rest / element_count(x));
    return where(left <= rounding_of_sum(x) * squares, 0.0, left);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto) { return 2.0 * (x - mean(x)); }

  /// What is known of some elements: how many there are, their mean as an offset from a pivot, and the sum of their
  /// squared deviations. The pivot is the first of them, so that the mean's rounding is as small as deviations are.
  template <class T>
  struct moments {
    T count, pivot, offset, deviations;
    /// Adds a number: the first, which is the pivot, or one that is the given part of all.
    constexpr void add(T x, T part) {
      const T from = x - pivot, before = from - offset;
      offset = offset + before * part;
      deviations = deviations + before * (from - offset);
    }
    /// The pivot becomes the mean, and what its rounding leaves the offset.
    constexpr void add(const moments& other) {
      if (other.count == T(0)) return;
      if (count == T(0)) return void(*this = other);
      const T both = count + other.count, part = other.count / both,
              from = (other.pivot - pivot) + (other.offset - offset);
      const T to = offset + from * part, center = pivot + to;
      *this = {both, center, (pivot - center) + to, deviations + other.deviations + from * from * (count * part)};
    }
  };
} deviations;
}  // namespace parts

/// var(x, correction = 0): the sum of squared deviations from the mean, divided by the number of elements less the
/// correction. 0, as in NumPy, is for a whole population; 1 is for a sample of one.
inline constexpr struct var_t : composed_reduction<var_t, 2> {
  static constexpr std::string_view name = "var";
  static constexpr auto value(auto x, auto correction) {
    return parts::deviations(x) / (parts::element_count(x) - correction);
  }
  using composed_reduction<var_t, 2>::operator();
  template <operand X>
  constexpr auto operator()(const X& x) const {
    return var_t{}(x, 0);
  }
  template <traced X, int... A, class... Keep>
  constexpr auto operator()(const X& x, axis_list<A...> over, Keep... keep) const {
    return var_t{}(x, 0, over, keep...);
  }
} var;

/// std(x, correction = 0): the square root of the variance. Derivative 0 for constant input. In range where the squares
/// of deviations are, as norm.
inline constexpr struct std_t : composed_reduction<std_t, 2> {
  static constexpr std::string_view name = "std";
  static constexpr auto value(auto x, auto correction) { return parts::root(var(x, correction)); }
  using composed_reduction<std_t, 2>::operator();
  template <operand X>
  constexpr auto operator()(const X& x) const {
    return std_t{}(x, 0);
  }
  template <traced X, int... A, class... Keep>
  constexpr auto operator()(const X& x, axis_list<A...> over, Keep... keep) const {
    return std_t{}(x, 0, over, keep...);
  }
} std;

namespace parts {

// Exponentials of a row are taken relative to its largest element, so that they neither overflow nor lose digits. That
// is but a shift, which cancels from all derivatives.

/// x - y for y >= x; 0 between equal infinities, and for NaN. Derivatives 1 and -1.
inline constexpr struct below_t : composite<below_t, 2> {
  static constexpr std::string_view name = "below";
  static constexpr std::array samples{0.5, 1.5, 3.0};
  static constexpr auto value(auto x, auto y) { return decided_min(x - y, 0.0); }
  static constexpr auto partials(symbolic auto, symbolic auto, symbolic auto) { return outputs(1.0, -1.0); }
} below;

/// The largest element of a row; 0 if that is -infinity.
inline constexpr struct peak_t : composed_reduction<peak_t> {
  static constexpr auto value(auto x) { return where(top(x) == -__builtin_inf(), 0.0, top(x)); }
} peak;

/// exp(x - peak).
inline constexpr struct relative_exp_t : row_function<relative_exp_t> {
  static constexpr auto value(auto x) { return exp_nonpositive(below(x, peak(x))); }
} relative_exp;

/// The sum of these: 0 for a row of -infinity, otherwise at least 1; NaN if an element is NaN.
inline constexpr struct relative_total_t : composed_reduction<relative_total_t> {
  static constexpr auto value(auto x) { return sum(relative_exp(x)) + where(isnan(peak(x)), peak(x), 0.0); }
} relative_total;

/// log(x), but 0 at 0. Derivative 1/x, but 0 at 0.
inline constexpr struct log_or_zero_t : composite<log_or_zero_t, 1> {
  static constexpr std::string_view name = "log_or_zero";
  static constexpr std::array samples{0.5, 1.5, 3.0};
  static constexpr auto value(auto x) { return log(where(x == 0, 1.0, x)); }
  static constexpr auto partials(symbolic auto x, symbolic auto) { return reciprocal_or_zero(x); }
} log_or_zero;

/// logsumexp(x) - peak; 0 for a row of -infinity.
inline constexpr struct relative_logsumexp_t : composed_reduction<relative_logsumexp_t> {
  static constexpr auto value(auto x) { return log_or_zero(relative_total(x)); }
} relative_logsumexp;

}  // namespace parts

/// log(sum(exp(x))), without overflow. Derivative softmax(x): 1/k for each of k elements that are +infinity; 0 where
/// all are -infinity.
inline constexpr struct logsumexp_t : composed_reduction<logsumexp_t> {
  static constexpr std::string_view name = "logsumexp";
  static constexpr auto value(auto x) { return parts::top(x) + parts::relative_logsumexp(x); }
} logsumexp;

}  // namespace fusegrad
