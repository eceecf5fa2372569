// The beta function and the incomplete gamma and beta functions: distribution functions of gamma and beta variates.
#pragma once

#include "../core/incomplete_math.hpp"
#include "special.hpp"

namespace fusegrad {

namespace parts {

/// For x, y > 0, where the difference would lose digits. Derivatives of the same kind; n is a parameter and has none.
inline constexpr struct polygamma_rise_t : elementwise<polygamma_rise_t, 3> {
  static constexpr std::string_view name = "polygamma_rise";
  static constexpr std::string_view meaning = "polygamma(n, x + y) - polygamma(n, x), of n, x and y";
  static constexpr std::array samples{1.0, 2.0, 3.0};
  FUSEGRAD_HD static constexpr auto value(std::floating_point auto n, std::floating_point auto x,
                                          std::floating_point auto y) {
    return math::polygamma_rise(n, x, y);
  }
  static constexpr auto partials(symbolic auto n, symbolic auto x, symbolic auto y, symbolic auto) {
    return outputs(0.0, polygamma_rise_t{}(n + 1.0, x, y), polygamma(n + 1.0, x + y));
  }
} polygamma_rise;

inline constexpr struct gamma_density_t : elementwise<gamma_density_t, 2> {
  static constexpr std::string_view name = "gamma_density";
  static constexpr std::string_view meaning =
      "the density of the gamma distribution, x^(a-1) exp(-x) / gamma(a), of a and x";
  static constexpr std::array samples{0.5, 1.5, 3.0};
  FUSEGRAD_HD static constexpr auto value(std::floating_point auto a, std::floating_point auto x) {
    return math::gamma_density(a, x);
  }
  static constexpr auto partials(symbolic auto a, symbolic auto x, symbolic auto y) {
    return outputs(y * (log(x) - digamma(a)), y * ((a - 1.0) / x - 1.0));
  }
} gamma_density;

/// Its own derivative with respect to a is not known: NaN.
inline constexpr struct gammainc_slope_t : elementwise<gammainc_slope_t, 2> {
  static constexpr std::string_view name = "gammainc_slope";
  static constexpr std::string_view meaning = "the derivative of gammainc along a, of a and x";
  static constexpr std::array samples{0.5, 1.5, 3.0};
  FUSEGRAD_HD static constexpr auto value(std::floating_point auto a, std::floating_point auto x) {
    return math::gammainc_slope(a, x);
  }
  static constexpr auto partials(symbolic auto a, symbolic auto x, symbolic auto) {
    return outputs(__builtin_nan(""), gamma_density(a, x) * (log(x) - digamma(a)));
  }
} gammainc_slope;

inline constexpr struct beta_density_t : elementwise<beta_density_t, 3> {
  static constexpr std::string_view name = "beta_density";
  static constexpr std::string_view meaning =
      "the density of the beta distribution, x^(a-1) (1 - x)^(b-1) / B(a, b), of a, b and x";
  static constexpr std::array samples{0.25, 0.5, 0.75};
  FUSEGRAD_HD static constexpr auto value(std::floating_point auto a, std::floating_point auto b,
                                          std::floating_point auto x) {
    return math::beta_density(a, b, x);
  }
  static constexpr auto partials(symbolic auto a, symbolic auto b, symbolic auto x, symbolic auto y) {
    return outputs(y * (log(x) + polygamma_rise(0.0, a, b)), y * (log1p(-x) + polygamma_rise(0.0, b, a)),
                   y * ((a - 1.0) / x - (b - 1.0) / (1.0 - x)));
  }
} beta_density;

/// The derivatives of betainc with respect to a and (Second) to b. Their own with respect to these are not known: NaN.
template <class Op, bool Second>
struct betainc_slope : elementwise<Op, 3> {
  static constexpr std::array samples{0.25, 0.5, 0.75};
  FUSEGRAD_HD static constexpr auto value(std::floating_point auto a, std::floating_point auto b,
                                          std::floating_point auto x) {
    return math::betainc_slope<Second>(a, b, x);
  }
  static constexpr auto partials(symbolic auto a, symbolic auto b, symbolic auto x, symbolic auto) {
    const double unknown = __builtin_nan("");
    if constexpr (Second)
      return outputs(unknown, unknown, beta_density(a, b, x) * (log1p(-x) + polygamma_rise(0.0, b, a)));
    else return outputs(unknown, unknown, beta_density(a, b, x) * (log(x) + polygamma_rise(0.0, a, b)));
  }
};
inline constexpr struct betainc_slope_a_t : betainc_slope<betainc_slope_a_t, false> {
  static constexpr std::string_view name = "betainc_slope_a";
  static constexpr std::string_view meaning = "the derivative of betainc along a, of a, b and x";
} betainc_slope_a;
inline constexpr struct betainc_slope_b_t : betainc_slope<betainc_slope_b_t, true> {
  static constexpr std::string_view name = "betainc_slope_b";
  static constexpr std::string_view meaning = "the derivative of betainc along b, of a, b and x";
} betainc_slope_b;

}  // namespace parts

/// lbeta(a, b): the logarithm of the beta function, lgamma(a) + lgamma(b) - lgamma(a + b), for a, b > 0 of any size.
/// Derivatives digamma(a) - digamma(a + b) and digamma(b) - digamma(a + b), without cancellation. +infinity at 0, NaN
/// for negative numbers.
inline constexpr struct lbeta_t : elementwise<lbeta_t, 2> {
  static constexpr std::string_view name = "lbeta";
  static constexpr bool commutative = true;
  static constexpr std::array samples{0.5, 1.5, 3.0};
  FUSEGRAD_HD static constexpr auto value(std::floating_point auto a, std::floating_point auto b) {
    return math::lbeta(a, b);
  }
  static constexpr auto partials(symbolic auto a, symbolic auto b, symbolic auto) {
    return outputs(-parts::polygamma_rise(0.0, a, b), -parts::polygamma_rise(0.0, b, a));
  }
} lbeta;

/// gammaincc(a, x): the regularised upper incomplete gamma function, 1 - gammainc(a, x) without the digits that this
/// would lose. Derivatives as those of gammainc, with the opposite sign.
inline constexpr struct gammaincc_t : elementwise<gammaincc_t, 2> {
  static constexpr std::string_view name = "gammaincc";
  static constexpr std::array samples{0.5, 1.5, 3.0};
  FUSEGRAD_HD static constexpr auto value(std::floating_point auto a, std::floating_point auto x) {
    return math::gammaincc(a, x);
  }
  static constexpr auto partials(symbolic auto a, symbolic auto x, symbolic auto) {
    return outputs(-parts::gammainc_slope(a, x), -parts::gamma_density(a, x));
  }
  static constexpr auto complement(symbolic auto a, symbolic auto x);
} gammaincc;

/// gammainc(a, x): the regularised lower incomplete gamma function, the distribution function of the gamma distribution
/// of shape a, for a, x >= 0; otherwise NaN. Derivative with respect to x: x^(a-1) exp(-x) / gamma(a), to any order;
/// with respect to a: that of the series or the continued fraction that makes the value, to first order, NaN beyond. A
/// call takes about 8 sqrt(a) steps around x = a, for a below a million. Error: relative 1e-13 in double, as far as a
/// and x are exact.
inline constexpr struct gammainc_t : elementwise<gammainc_t, 2> {
  static constexpr std::string_view name = "gammainc";
  static constexpr std::array samples{0.5, 1.5, 3.0};
  FUSEGRAD_HD static constexpr auto value(std::floating_point auto a, std::floating_point auto x) {
    return math::gammainc(a, x);
  }
  static constexpr auto partials(symbolic auto a, symbolic auto x, symbolic auto) {
    return outputs(parts::gammainc_slope(a, x), parts::gamma_density(a, x));
  }
  static constexpr auto complement(symbolic auto a, symbolic auto x) { return gammaincc(a, x); }
} gammainc;

constexpr auto gammaincc_t::complement(symbolic auto a, symbolic auto x) { return gammainc(a, x); }

/// betainc(a, b, x): the regularised incomplete beta function, the distribution function of the beta distribution, for
/// a, b > 0 and x from 0 to 1; otherwise NaN. Derivative with respect to x: x^(a-1) (1 - x)^(b-1) / B(a, b), to any
/// order; with respect to a and b: that of the continued fraction, to first order, NaN beyond. Error: relative 1e-13 in
/// double, as far as the arguments are exact; absolute 1e-15 where b is small, so that the result is, too.
inline constexpr struct betainc_t : elementwise<betainc_t, 3> {
  static constexpr std::string_view name = "betainc";
  static constexpr std::array samples{0.25, 0.5, 0.75};
  FUSEGRAD_HD static constexpr auto value(std::floating_point auto a, std::floating_point auto b,
                                          std::floating_point auto x) {
    return math::betainc(a, b, x);
  }
  static constexpr auto partials(symbolic auto a, symbolic auto b, symbolic auto x, symbolic auto) {
    return outputs(parts::betainc_slope_a(a, b, x), parts::betainc_slope_b(a, b, x), parts::beta_density(a, b, x));
  }
} betainc;

}  // namespace fusegrad
