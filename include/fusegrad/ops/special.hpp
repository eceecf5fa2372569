// The error function, the normal distribution and the gamma function's family.
#pragma once

#include "trigonometric.hpp"

namespace fusegrad {

namespace parts {

/// exp(-x^2). Derivative -2 x y.
inline constexpr struct gaussian_t : composite<gaussian_t, 1> {
  static constexpr std::string_view name = "gaussian";
  static constexpr std::array samples{-3.0, -1.0, 1e-8, 0.5, 2.0};
  static constexpr auto value(auto x) { return exp_nonpositive(-(x * x)); }
  static constexpr auto partials(symbolic auto x, symbolic auto y) { return -2.0 * weighted(x, y); }
} gaussian;

/// exp(-x^2/2): the normal distribution and its density need no other exponential.
template <operand X>
constexpr auto bell(const X& x) {
  return exp_nonpositive(-0.5 * (x * x));
}

/// The density of the normal distribution, exp(-x^2/2) / sqrt(2 pi). Derivative -x y.
inline constexpr struct normal_density_t : composite<normal_density_t, 1> {
  static constexpr std::string_view name = "normal_density";
  static constexpr std::array samples{-3.0, -1.0, 1e-8, 0.5, 2.0};
  static constexpr auto value(auto x) { return 0.398942280401432678 * bell(x); }
  static constexpr auto partials(symbolic auto x, symbolic auto y) { return -weighted(x, y); }
} normal_density;

/// Derivative x y - 1 / sqrt(2 pi).
inline constexpr struct normal_tail_t : elementwise<normal_tail_t, 1> {
  static constexpr std::string_view name = "normal_tail";
  static constexpr std::string_view meaning = "normal_cdf(-x) exp(x^2 / 2) for x >= 0";
  static constexpr std::array samples{0.0, 1e-8, 0.5, 2.0, 20.0};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::normal_tail;
    return normal_tail(x);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto y) { return x * y - 0.398942280401432678; }
} normal_tail;

}  // namespace parts

/// The error function. Derivative 2/sqrt(pi) exp(-x^2).
inline constexpr struct erf_t : elementwise<erf_t, 1> {
  static constexpr std::string_view name = "erf";
  static constexpr std::array samples{-3.0, -1.0, 1e-8, 0.5, 2.0};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::erf;
    return erf(x);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto) { return 1.12837916709551257 * parts::gaussian(x); }
  static constexpr auto complement(symbolic auto x);
} erf;

/// 1 - erf(x), accurate in the upper tail. Derivative -2/sqrt(pi) exp(-x^2).
inline constexpr struct erfc_t : elementwise<erfc_t, 1> {
  static constexpr std::string_view name = "erfc";
  static constexpr std::array samples{-3.0, -1.0, 1e-8, 0.5, 5.0};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::erfc;
    return erfc(x);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto) { return -1.12837916709551257 * parts::gaussian(x); }
  static constexpr auto complement(symbolic auto x) { return erf(x); }
} erfc;

constexpr auto erf_t::complement(symbolic auto x) { return erfc(x); }

/// The inverse of erf; infinite at -1 and 1, NaN beyond. Derivative sqrt(pi)/2 exp(y^2).
inline constexpr struct erfinv_t : elementwise<erfinv_t, 1> {
  static constexpr std::string_view name = "erfinv";
  static constexpr std::array samples{-0.9, -0.25, 1e-8, 0.5, 0.999};
  FUSEGRAD_HD static constexpr auto value(std::floating_point auto x) { return math::erfinv(x); }
  static constexpr auto partials(symbolic auto, symbolic auto y) { return 0.886226925452758014 * exp(y * y); }
} erfinv;

/// The distribution function of the standard normal distribution, accurate in the lower tail. Derivative its density.
inline constexpr struct normal_cdf_t : composite<normal_cdf_t, 1> {
  static constexpr std::string_view name = "normal_cdf";
  static constexpr std::array samples{-5.0, -1.0, 1e-8, 0.5, 3.0};
  static constexpr auto value(auto x) {
    const auto beyond = parts::bell(x) * parts::normal_tail(abs(x));
    return where(x > 0, 1.0 - beyond, beyond);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto) { return parts::normal_density(x); }
  static constexpr auto complement(symbolic auto x) { return normal_cdf_t{}(-x); }
  static constexpr auto logarithm(symbolic auto x);
} normal_cdf;

namespace parts {

// From 14 on, where normal_cdf(-x) leaves float, sqrt(2 pi) x normal_tail(x) = 1 - u / x^2 with a short asymptotic
// series for u.
inline constexpr double far_tail = 14, root_of_two_pi = 2.50662827463100050;

/// u, of 1 / x^2.
template <operand R>
constexpr auto tail_series(const R& r) {
  auto u = 1.0 - 21.0 * r;
  for (double k = 19; k >= 3; k -= 2) u = 1.0 - k * r * u;
  return u;
}

/// normal_tail(x) for all x >= 0.
template <operand X>
constexpr auto whole_tail(const X& x) {
  const auto q = reciprocal(x), r = q * q;
  return where(x >= far_tail, q * (1.0 / root_of_two_pi) * (1.0 - r * tail_series(r)), normal_tail(x));
}

/// The density of the normal distribution over its distribution function: about -x for negative x. Derivative -y (x +
/// y), in which x and y cancel.
inline constexpr struct normal_hazard_t : composite<normal_hazard_t, 1> {
  static constexpr std::string_view name = "normal_hazard";
  static constexpr std::array samples{-20.0, -5.0, -1.0, 1e-8, 0.5, 3.0};
  static constexpr auto value(auto x) {
    return where(x > 0, normal_density(x) / normal_cdf(x), 1.0 / (root_of_two_pi * whole_tail(abs(x))));
  }
  static constexpr auto partials(symbolic auto x, symbolic auto y) {
    const auto q = reciprocal(x), r = q * q, u = tail_series(r), rest = 1.0 - r * u;
    return where(x <= -far_tail, -(u / (rest * rest)), -weighted(x + y, y));
  }
} normal_hazard;

}  // namespace parts

/// log(normal_cdf(x)), which does not underflow. Derivative normal_density(x) / normal_cdf(x).
inline constexpr struct log_normal_cdf_t : composite<log_normal_cdf_t, 1> {
  static constexpr std::string_view name = "log_normal_cdf";
  static constexpr std::array samples{-20.0, -5.0, -1.0, 1e-8, 0.5, 3.0};
  static constexpr auto value(auto x) {
    const auto size = abs(x);
    const auto beyond = parts::bell(x) * parts::normal_tail(size);  // double where x is a float
    return where(x > 0, log1p(-beyond), log(parts::whole_tail(size)) - 0.5 * x * x);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto) { return parts::normal_hazard(x); }
} log_normal_cdf;

constexpr auto normal_cdf_t::logarithm(symbolic auto x) { return log_normal_cdf(x); }

/// polygamma(n, x): the n-th derivative of digamma, n = 0 to 12. Derivative with respect to x: polygamma(n + 1, x); n
/// is a parameter and has none.
inline constexpr struct polygamma_t : elementwise<polygamma_t, 2> {
  static constexpr std::string_view name = "polygamma";
  static constexpr std::array samples{1.0, 2.0, 3.0};
  FUSEGRAD_HD static constexpr auto value(auto n, auto x) {
    using math::polygamma;
    return polygamma(n, x);
  }
  static constexpr auto partials(symbolic auto n, symbolic auto x, symbolic auto) {
    return outputs(0.0, polygamma_t{}(n + 1.0, x));
  }
} polygamma;

/// The derivative of lgamma. Derivative polygamma(1, x). Poles at 0, -1, -2, ...
inline constexpr struct digamma_t : elementwise<digamma_t, 1> {
  static constexpr std::string_view name = "digamma";
  static constexpr std::array samples{-1.25, 0.25, 1.0, 3.5, 1e5};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::digamma;
    return digamma(x);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto) { return polygamma(1.0, x); }
} digamma;

/// log |gamma(x)|. Derivative digamma(x). +infinity at 0, -1, -2, ...
inline constexpr struct lgamma_t : elementwise<lgamma_t, 1> {
  static constexpr std::string_view name = "lgamma";
  static constexpr std::array samples{-1.25, 0.25, 1.0, 3.5, 1e5};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::lgamma;
    return lgamma(x);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto) { return digamma(x); }
} lgamma;

}  // namespace fusegrad
