// Trigonometric functions and their inverses, in radians.
#pragma once

#include "../core/special_math.hpp"
#include "hyperbolic.hpp"

namespace fusegrad {

struct cos_t;

/// The sine. Derivative cos(x). NaN at infinities.
inline constexpr struct sin_t : elementwise<sin_t, 1> {
  static constexpr std::string_view name = "sin";
  static constexpr std::array samples{-20.0, -1.0, 1e-8, 0.5, 3.0};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::sin;
    return sin(x);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto) { return adl::apply<cos_t>(x); }
} sin;

/// The cosine. Derivative -sin(x). NaN at infinities.
inline constexpr struct cos_t : elementwise<cos_t, 1> {
  static constexpr std::string_view name = "cos";
  static constexpr std::array samples{-20.0, -1.0, 1e-8, 0.5, 3.0};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::cos;
    return cos(x);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto) { return -sin(x); }
  static constexpr auto complement(symbolic auto x) { return 2.0 * square(sin(0.5 * x)); }
} cos;

/// The tangent. Derivative 1 + tan(x)^2. NaN at infinities.
inline constexpr struct tan_t : elementwise<tan_t, 1> {
  static constexpr std::string_view name = "tan";
  static constexpr std::array samples{-20.0, -1.0, 1e-8, 0.5, 3.0};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::tan;
    return tan(x);
  }
  static constexpr auto partials(symbolic auto, symbolic auto y) { return 1.0 + y * y; }
} tan;

/// The inverse sine. Derivative 1 / sqrt(1 - x^2), +infinity at -1 and 1. Domain -1 <= x <= 1.
inline constexpr struct asin_t : elementwise<asin_t, 1> {
  static constexpr std::string_view name = "asin";
  static constexpr std::array samples{-0.75, 1e-8, 0.25, 0.5};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::asin;
    return asin(x);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto) { return rsqrt(parts::one_minus_square(x)); }
} asin;

/// The inverse cosine. Derivative -1 / sqrt(1 - x^2), -infinity at -1 and 1. Domain -1 <= x <= 1.
inline constexpr struct acos_t : elementwise<acos_t, 1> {
  static constexpr std::string_view name = "acos";
  static constexpr std::array samples{-0.75, 1e-8, 0.25, 0.5};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::acos;
    return acos(x);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto) { return -rsqrt(parts::one_minus_square(x)); }
} acos;

namespace parts {
/// 1 / (1 + x^2). Its derivative, -2 x y^2, is multiplied in an order that does not underflow.
inline constexpr struct atan_slope_t : composite<atan_slope_t, 1> {
  static constexpr std::string_view name = "atan_slope";
  static constexpr std::array samples{-20.0, -1.0, 1e-8, 0.5, 3.0};
  static constexpr auto value(auto x) {
    const auto large = abs(x) > 1e10;  // where the 1 is lost, and the square may overflow
    const auto r = reciprocal(where(large, x, 1.0 + x * x));
    return where(large, r * r, r);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto y) { return -2.0 * weighted(x, y) * y; }
} atan_slope;
}  // namespace parts

/// The inverse tangent. Derivative 1 / (1 + x^2).
inline constexpr struct atan_t : elementwise<atan_t, 1> {
  static constexpr std::string_view name = "atan";
  static constexpr std::array samples{-20.0, -1.0, 1e-8, 0.5, 3.0};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::atan;
    return atan(x);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto) { return parts::atan_slope(x); }
} atan;

namespace parts {
/// x / (x^2 + y^2), 0 at the origin.
inline constexpr struct angle_slope_t : composite<angle_slope_t, 2> {
  static constexpr std::string_view name = "angle_slope";
  static constexpr std::array samples{-2.0, 0.5, 3.0};
  static constexpr auto value(symbolic auto x, symbolic auto y) { return over_distance(direction(x, y), x, y); }
  static constexpr auto partials(symbolic auto x, symbolic auto y, symbolic auto) {
    const auto c = direction(x, y), s = direction(y, x);
    return outputs(over_distance(over_distance((s - c) * (s + c), x, y), x, y),
                   over_distance(over_distance(-2.0 * (c * s), x, y), x, y));
  }
} angle_slope;
}  // namespace parts

/// atan2(y, x): the angle of the point (x, y), from -pi to pi. Derivatives x/(x^2 + y^2) and -y/(x^2 + y^2); 0 and 0 at
/// the origin.
inline constexpr struct atan2_t : elementwise<atan2_t, 2> {
  static constexpr std::string_view name = "atan2";
  static constexpr std::array samples{-2.0, 0.5, 3.0};
  FUSEGRAD_HD static constexpr auto value(auto y, auto x) {
    using math::atan2;
    return atan2(y, x);
  }
  static constexpr auto partials(symbolic auto y, symbolic auto x, symbolic auto) {
    return outputs(parts::angle_slope(x, y), -parts::angle_slope(y, x));
  }
} atan2;

namespace parts {

/// sin(pi x), exactly zero at the integers.
template <operand X>
constexpr auto sin_pi(const X& x) {
  return sin(3.14159265358979324 * (x - 2.0 * round(0.5 * x)));
}

/// Derivative the next.
inline constexpr struct sinc_derivative_t : elementwise<sinc_derivative_t, 2> {
  static constexpr std::string_view name = "sinc_derivative";
  static constexpr std::string_view meaning = "the n-th derivative of sinc, of n and x";
  static constexpr std::array samples{0.0, 1.0, 2.0};
  FUSEGRAD_HD static constexpr auto value(std::floating_point auto n, std::floating_point auto x) {
    return math::sinc_derivative(n, x);
  }
  static constexpr auto partials(symbolic auto n, symbolic auto x, symbolic auto) {
    return outputs(0.0, sinc_derivative_t{}(n + 1.0, x));
  }
} sinc_derivative;

}  // namespace parts

/// sin(pi x) / (pi x) as in NumPy and PyTorch, 1 at 0. Derivatives of every order are accurate around 0.
inline constexpr struct sinc_t : composite<sinc_t, 1> {
  static constexpr std::string_view name = "sinc";
  static constexpr std::array samples{-2.5, -1.0, 0.0, 1e-8, 0.25, 3.0};
  static constexpr auto value(auto x) { return where(x == 0, 1.0, parts::sin_pi(x) / (3.14159265358979324 * x)); }
  static constexpr auto partials(symbolic auto x, symbolic auto) { return parts::sinc_derivative(1.0, x); }
} sinc;

}  // namespace fusegrad
