// Operations that others are composed of. Composites that need the same quantity ask for it here, by the same name, so
// that it is computed once. Not meant for users.
#pragma once

#include "rounding_and_sign.hpp"

namespace fusegrad::parts {

/// The exponential function where it does not overflow.
inline constexpr struct exp_nonpositive_t : elementwise<exp_nonpositive_t, 1> {
  static constexpr std::string_view name = "exp_nonpositive";
  static constexpr std::string_view meaning = "exp(x) for x <= 0";
  static constexpr std::array samples{-20.0, -1.0, -0.5, -0.0};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::exp_nonpositive;
    return exp_nonpositive(x);
  }
  static constexpr auto partials(symbolic auto, symbolic auto y) { return y; }
  static constexpr auto logarithm(symbolic auto x) { return x; }
} exp_nonpositive;

/// The reciprocal without special values.
inline constexpr struct reciprocal_12_t : elementwise<reciprocal_12_t, 1> {
  static constexpr std::string_view name = "reciprocal_12";
  static constexpr std::string_view meaning = "1 / x for x in [1, 2]";
  static constexpr std::array samples{1.0, 1.25, 1.5, 2.0};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::reciprocal_12;
    return reciprocal_12(x);
  }
  static constexpr auto partials(symbolic auto, symbolic auto y) { return -(y * y); }
} reciprocal_12;

/// The logarithm without special values.
inline constexpr struct log_1p2_t : elementwise<log_1p2_t, 1> {
  static constexpr std::string_view name = "log_1p2";
  static constexpr std::string_view meaning = "log(1 + x) for x in [0, 1]";
  static constexpr std::array samples{0.0, 1e-8, 0.25, 1.0};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::log_1p2;
    return log_1p2(x);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto) { return reciprocal_12(1.0 + x); }
} log_1p2;

/// The logistic functions need no other exponential, and it never overflows. Derivative -sign(x) y.
inline constexpr struct decay_t : elementwise<decay_t, 1> {
  static constexpr std::string_view name = "decay";
  static constexpr std::string_view meaning = "exp(-|x|)";
  static constexpr std::array samples{-20.0, -1.0, 1e-8, 0.5, 3.0};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::decay;
    return decay(x);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto y) { return -(sign(x) * y); }
  static constexpr int simplify(ir::builder& b, const int* x) {
    return b.is(x[0], ir::info<neg_t>) ? b.emit(ir::info<decay_t>, b[x[0]].x[0]) : -1;  // even
  }
} decay;

/// 1/x; 0 at 0.
template <operand X>
constexpr auto reciprocal_or_zero(const X& x) {
  return reciprocal(where(x == 0, __builtin_inf(), x));
}

/// x w, where a weight of zero outweighs an infinite x.
template <operand X, operand W>
constexpr auto weighted(const X& x, const W& w) {
  return where(w == 0, 0.0, x * w);
}

/// 1 - x^2, of full accuracy near 1.
inline constexpr struct one_minus_square_t : composite<one_minus_square_t, 1> {
  static constexpr std::string_view name = "one_minus_square";
  static constexpr std::array samples{-0.5, 0.0, 0.25, 1.0};
  static constexpr auto value(auto x) { return (1.0 - x) * (1.0 + x); }
  static constexpr auto partials(symbolic auto x, symbolic auto) { return -2.0 * x; }
} one_minus_square;

/// Is this operand a constant of the program?
constexpr bool is_constant(symbolic auto x) { return x.owner()->is_constant(x.value()); }

/// A constant of the operand's type.
constexpr auto constant_like(symbolic auto x, double value) {
  return ir::symbol(x.owner(), x.owner()->constant(value, (*x.owner())[x.value()].type), x.over());
}
template <element X>
constexpr X constant_like(X, double value) {
  return static_cast<X>(value);
}

/// The largest number of the operand's type that is finite.
constexpr auto largest_finite(symbolic auto x) {
  return constant_like(x,
                       (*x.owner())[x.value()].type == dtype::f32 ? 3.40282346638528860e38 : 1.79769313486231571e308);
}
template <element X>
constexpr X largest_finite(X) {
  return std::is_same_v<X, float> ? static_cast<X>(3.40282346638528860e38) : static_cast<X>(1.79769313486231571e308);
}

}  // namespace fusegrad::parts
