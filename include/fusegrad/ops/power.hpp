// Roots, powers and distances.
#pragma once

#include "exponential.hpp"

namespace fusegrad {

/// The square root. Derivative 1 / (2 sqrt(x)), +infinity at 0. Domain x >= 0.
inline constexpr struct sqrt_t : elementwise<sqrt_t, 1> {
  static constexpr std::string_view name = "sqrt";
  static constexpr std::array samples{1e-8, 0.5, 2.0, 1e8};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::sqrt;
    return sqrt(x);
  }
  static constexpr auto partials(symbolic auto, symbolic auto y) { return 0.5 * reciprocal(y); }
  static constexpr int simplify(ir::builder& b, const int* x) {
    const ir::instruction of = b[x[0]];
    if (of.op != &ir::info<mul_t> || of.x[0] != of.x[1]) return -1;
    return b.keeps_digits(b.emit(ir::info<abs_t>, of.x[0]));  // sqrt(x x) = |x|
  }
} sqrt;

/// 1 / sqrt(x). Derivative -1 / (2 x sqrt(x)); at 0 +infinity with slope -infinity. Domain x >= 0.
inline constexpr struct rsqrt_t : elementwise<rsqrt_t, 1> {
  static constexpr std::string_view name = "rsqrt";
  static constexpr int flops = 2;
  static constexpr std::array samples{1e-8, 0.5, 2.0, 1e8};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::rsqrt;
    return rsqrt(x);
  }
  static constexpr auto partials(symbolic auto, symbolic auto y) { return (-0.5 * y) * (y * y); }
} rsqrt;

/// The cube root, of negative numbers too. Derivative 1 / (3 y^2), +infinity at 0.
inline constexpr struct cbrt_t : elementwise<cbrt_t, 1> {
  static constexpr std::string_view name = "cbrt";
  static constexpr std::array samples{-2.0, 1e-8, 0.5, 1e8};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::cbrt;
    return cbrt(x);
  }
  // by 1/y, for the derivative of 1/(3 y^2) is infinity times zero at 0
  static constexpr auto partials(symbolic auto, symbolic auto y) {
    const auto r = reciprocal(y);
    return r * r * (1.0 / 3.0);
  }
} cbrt;

namespace parts {

// Directions are computed after a division by the larger coordinate, so that no square overflows or vanishes.

/// max(|x|, |y|).
constexpr auto extent(symbolic auto x, symbolic auto y) { return max(abs(x), abs(y)); }

/// max(|x|, |y|) / hypot(x, y).
constexpr auto shortening(symbolic auto x, symbolic auto y) {
  const auto m = extent(x, y);
  auto scaled = [&m](auto z) { return where(abs(z) == m, 1.0, z / m); };
  const auto u = scaled(x), v = scaled(y);
  return rsqrt(u * u + v * v);
}

/// z / hypot(x, y), 0 at (0, 0).
constexpr auto over_distance(symbolic auto z, symbolic auto x, symbolic auto y) {
  const auto m = extent(x, y);
  return where(m == 0, 0.0, z * shortening(x, y) / m);
}

/// x / hypot(x, y): the cosine of the angle. 0 at (0, 0), where the distance has no direction.
inline constexpr struct direction_t : composite<direction_t, 2> {
  static constexpr std::string_view name = "direction";
  static constexpr std::array samples{-2.0, 0.5, 3.0};
  static constexpr auto value(symbolic auto x, symbolic auto y) {
    const auto m = extent(x, y);
    const auto u = where(abs(x) == m, copysign(1.0, x), x / m);
    return where(m == 0, 0.0, u * shortening(x, y));
  }
  static constexpr auto partials(symbolic auto x, symbolic auto y, symbolic auto c) {
    const auto s = direction_t{}(y, x);
    return outputs(s * over_distance(s, x, y), -over_distance(c * s, x, y));
  }
} direction;

}  // namespace parts

/// sqrt(x^2 + y^2) without overflow. Derivatives x/z and y/z; 0 and 0 at (0, 0).
inline constexpr struct hypot_t : elementwise<hypot_t, 2> {
  static constexpr std::string_view name = "hypot";
  static constexpr bool commutative = true;
  static constexpr int flops = 4;
  static constexpr std::array samples{-2.0, 0.5, 3.0};
  FUSEGRAD_HD static constexpr auto value(auto x, auto y) {
    using math::hypot;
    return hypot(x, y);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto y, symbolic auto) {
    return outputs(parts::direction(x, y), parts::direction(y, x));
  }
} hypot;

/// lerp(a, b, t): a + t (b - a), from the nearer end, so that it is a at 0 and b at 1. Derivatives 1 - t, t and b - a.
inline constexpr struct lerp_t : composite<lerp_t, 3> {
  static constexpr std::string_view name = "lerp";
  static constexpr std::array samples{-2.0, 0.25, 3.0};
  static constexpr auto value(auto a, auto b, auto t) {
    const auto near = t < 0.5;
    return where(near, a, b) + where(near, t, t - 1.0) * (b - a);
  }
  static constexpr auto partials(symbolic auto a, symbolic auto b, symbolic auto t, symbolic auto) {
    return outputs(1.0 - t, t, b - a);
  }
} lerp;

struct pow_t;

namespace parts {

/// x^y as the C library has it.
inline constexpr struct real_power_t : elementwise<real_power_t, 2> {
  static constexpr std::string_view name = "pow";
  static constexpr std::array samples{0.5, 1.5, 3.0};
  FUSEGRAD_HD static constexpr auto value(auto x, auto y) {
    using math::pow;
    return pow(x, y);
  }
} real_power;

/// x^n by repeated multiplication, 2 <= n <= 8.
constexpr auto product_power(symbolic auto x, int n) {
  const auto square = x * x;
  auto even = square;
  if (n >= 4) even = square * square;
  if (n >= 6) even = n < 8 ? even * square : even * even;
  return n % 2 == 0 ? even : even * x;
}

/// a x^(y-1). For small y the rounding of y - 1 would show in the result, so there it is a x^y / x.
constexpr auto lowered_power(symbolic auto a, symbolic auto x, symbolic auto y) {
  const auto small = where(x == 0, a * __builtin_inf(), a * adl::apply<pow_t>(x, y) / x);
  return where(abs(y) < 0.5, small, a * adl::apply<pow_t>(x, y - 1.0));
}

/// y x^(y-1) for an exponent that varies.
inline constexpr struct power_slope_t : composite<power_slope_t, 2> {
  static constexpr std::string_view name = "power_slope";
  static constexpr std::array samples{0.5, 1.5, 3.0};
  static constexpr auto value(symbolic auto x, symbolic auto y) { return where(y == 0, 0.0, lowered_power(y, x, y)); }
  static constexpr auto partials(symbolic auto x, symbolic auto y, symbolic auto z) {
    const auto steeper = where(abs(y) < 0.5, (y - 1.0) * z / x, y * power_slope_t{}(x, y - 1.0));
    return outputs(where(y == 0, 0.0, steeper), mixed(x, y));
  }
  /// x^(y-1) (1 + y log x): the derivative with respect to both. At x = 0: -infinity up to y = 1, then 0.
  static constexpr auto mixed(symbolic auto x, symbolic auto y) {
    return where(x == 0 && y > 1, 0.0, lowered_power(1.0 + y * log(x), x, y));
  }
} power_slope;

/// x^y log x, 0 at x = 0 for y >= 0.
inline constexpr struct power_log_t : composite<power_log_t, 2> {
  static constexpr std::string_view name = "power_log";
  static constexpr std::array samples{0.5, 1.5, 3.0};
  static constexpr auto value(symbolic auto x, symbolic auto y) {
    return where(x == 0 && y >= 0, 0.0, adl::apply<pow_t>(x, y) * log(x));
  }
  static constexpr auto partials(symbolic auto x, symbolic auto y, symbolic auto z) {
    return outputs(power_slope_t::mixed(x, y), where(x == 0 && y >= 0, 0.0, z * log(x)));
  }
} power_log;

}  // namespace parts

/// x^y. Values as in <cmath>: 1 for y = 0; NaN for negative x unless y is integral. Derivatives y x^(y-1) and
/// x^y log x; both 0 at (0, 0), the second NaN for negative x. A literal exponent becomes products where it is an
/// integer up to 8, and a root where it is 1/2 or -1/2.
inline constexpr struct pow_t : composite<pow_t, 2> {
  static constexpr std::string_view name = "pow";
  static constexpr std::array samples{0.5, 1.5, 3.0};

  template <operand X, operand Y>
  static constexpr auto value(const X& x, const Y& y) {
    if constexpr (symbolic<Y>) {
      if (parts::is_constant(y)) {
        const double exponent = y.owner()->known(y.value()), size = exponent < 0 ? -exponent : exponent;
        if (size >= 2 && size <= 8 && size == static_cast<int>(size))
          return parts::product_power(exponent < 0 ? reciprocal(x) : x, static_cast<int>(size));
      }
    }
    return parts::real_power(x, y);
  }

  static constexpr auto partials(symbolic auto x, symbolic auto y, symbolic auto) {
    const ir::symbol zero = parts::constant_like(y, 0.0);
    if (parts::is_constant(y)) return outputs(y * pow_t{}(x, y - 1.0), zero);
    return outputs(parts::power_slope(x, y), parts::power_log(x, y));
  }

  static constexpr int simplify(ir::builder& b, const int* x) {
    if (!b.is_constant(x[1])) return -1;
    const double y = b.known(x[1]);
    if (y == 0) return b.constant(1, b[x[1]].type);
    if (y == 1) return x[0];
    if (y == 2) return b.emit(ir::info<mul_t>, x[0], x[0]);
    if (y == -1) return b.emit(ir::info<reciprocal_t>, x[0]);
    if (y != 0.5 && y != -0.5) return -1;
    // a root, but for -0, which has the power of +0, and for -infinity, which has that of +infinity
    const ir::symbol base(&b, x[0]), raised = base + 0.0;
    return (y > 0 ? where(base == -__builtin_inf(), __builtin_inf(), sqrt(raised))
                  : where(base == -__builtin_inf(), 0.0, rsqrt(raised)))
        .value();
  }
} pow;

}  // namespace fusegrad
