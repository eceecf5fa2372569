// Hyperbolic functions and their inverses. Derivatives are written so that neither overflow nor cancellation spoils
// them where the true derivative is a number.
#pragma once

#include "power.hpp"

namespace fusegrad {

struct cosh_t;

/// The hyperbolic sine. Derivative cosh(x).
inline constexpr struct sinh_t : elementwise<sinh_t, 1> {
  static constexpr std::string_view name = "sinh";
  static constexpr std::array samples{-3.0, -1.0, 1e-8, 0.5, 2.0};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::sinh;
    return sinh(x);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto) { return adl::apply<cosh_t>(x); }
} sinh;

/// The hyperbolic cosine. Derivative sinh(x).
inline constexpr struct cosh_t : elementwise<cosh_t, 1> {
  static constexpr std::string_view name = "cosh";
  static constexpr std::array samples{-3.0, -1.0, 1e-8, 0.5, 2.0};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::cosh;
    return cosh(x);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto) { return sinh(x); }
  static constexpr auto complement(symbolic auto x) { return -2.0 * square(sinh(0.5 * x)); }
} cosh;

struct tanh_t;

namespace parts {
/// 1 / cosh^2, by exp(-2|x|): 1 - tanh^2 is zero where this is not. Derivative -2 y tanh(x).
inline constexpr struct tanh_slope_t : composite<tanh_slope_t, 1> {
  static constexpr std::string_view name = "tanh_slope";
  static constexpr std::array samples{-3.0, -1.0, 0.5, 2.0};
  static constexpr auto value(auto x) {
    const auto e = exp_nonpositive(-2.0 * abs(x));
    const auto r = reciprocal_12(1.0 + e);
    return 4.0 * e * r * r;
  }
  static constexpr auto partials(symbolic auto x, symbolic auto y) { return -2.0 * y * adl::apply<tanh_t>(x); }
} tanh_slope;
}  // namespace parts

/// The hyperbolic tangent. Derivative 1 / cosh^2(x), accurate for large x as well.
inline constexpr struct tanh_t : elementwise<tanh_t, 1> {
  static constexpr std::string_view name = "tanh";
  static constexpr std::array samples{-20.0, -1.0, 1e-8, 0.5, 3.0};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::tanh;
    return tanh(x);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto) { return parts::tanh_slope(x); }
  static constexpr auto complement(symbolic auto x) { return 2.0 * parts::sigmoid_of_negative(2.0 * x); }
} tanh;

constexpr auto parts::sigmoid_slope_t::partials(symbolic auto x, symbolic auto y) { return -y * tanh(0.5 * x); }

/// The inverse hyperbolic sine. Derivative 1 / sqrt(1 + x^2).
inline constexpr struct asinh_t : elementwise<asinh_t, 1> {
  static constexpr std::string_view name = "asinh";
  static constexpr std::array samples{-20.0, -1.0, 1e-8, 0.5, 3.0};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::asinh;
    return asinh(x);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto) { return reciprocal(hypot(x, 1.0)); }
} asinh;

/// The inverse hyperbolic cosine. Derivative 1 / sqrt(x^2 - 1), +infinity at 1. Domain x >= 1.
inline constexpr struct acosh_t : elementwise<acosh_t, 1> {
  static constexpr std::string_view name = "acosh";
  static constexpr std::array samples{1.25, 2.0, 20.0};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::acosh;
    return acosh(x);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto) { return rsqrt(x - 1.0) * rsqrt(x + 1.0); }
} acosh;

/// The inverse hyperbolic tangent. Derivative 1 / (1 - x^2). Domain -1 <= x <= 1, infinite at the ends.
inline constexpr struct atanh_t : elementwise<atanh_t, 1> {
  static constexpr std::string_view name = "atanh";
  static constexpr std::array samples{-0.75, 1e-8, 0.25, 0.5};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::atanh;
    return atanh(x);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto) { return reciprocal(parts::one_minus_square(x)); }
} atanh;

}  // namespace fusegrad
