// Scalar incomplete gamma and beta functions, and the logarithm of the beta function. Float is computed in double.
// Derivatives with respect to the shapes, which have no closed form, are those of the algorithms themselves, carried
// along in dual numbers. Knows of no programs.
#pragma once

#include "special_math.hpp"

namespace fusegrad::math {
inline namespace FUSEGRAD_ISA {

namespace detail {

/// A number and its derivative with respect to one parameter.
struct dual {
  double value, slope = 0;
  FUSEGRAD_HD constexpr dual(double v, double s = 0) : value(v), slope(s) {}
  FUSEGRAD_HD friend constexpr dual operator+(dual x, dual y) { return {x.value + y.value, x.slope + y.slope}; }
  FUSEGRAD_HD friend constexpr dual operator-(dual x, dual y) { return {x.value - y.value, x.slope - y.slope}; }
  FUSEGRAD_HD friend constexpr dual operator*(dual x, dual y) {
    return {x.value * y.value, x.slope * y.value + x.value * y.slope};
  }
  FUSEGRAD_HD friend constexpr dual operator/(dual x, dual y) {
    const double quotient = x.value / y.value;
    return {quotient, (x.slope - quotient * y.slope) / y.value};
  }
};
FUSEGRAD_HD constexpr double value_of(double x) { return x; }
FUSEGRAD_HD constexpr double value_of(dual x) { return x.value; }
using math::erfc, math::exp, math::expm1, math::lgamma, math::log, math::log1p, math::sqrt;
FUSEGRAD_HD inline dual log(dual x) { return {log(x.value), x.slope / x.value}; }
FUSEGRAD_HD inline dual log1p(dual x) { return {log1p(x.value), x.slope / (1 + x.value)}; }
FUSEGRAD_HD inline dual lgamma(dual x) { return {lgamma(x.value), x.slope * math::digamma(x.value)}; }
FUSEGRAD_HD inline dual expm1(dual x) { return {expm1(x.value), x.slope * exp(x.value)}; }
FUSEGRAD_HD inline dual exp(dual x) {
  const double y = exp(x.value);
  return {y, x.slope * y};
}
FUSEGRAD_HD inline dual sqrt(dual x) {
  const double root = sqrt(x.value);
  return {root, x.slope / (2 * root)};
}
FUSEGRAD_HD inline dual erfc(dual x) {
  return {erfc(x.value), -1.12837916709551257 * x.slope * exp(-x.value * x.value)};
}

/// Is a term too small to count in a sum, and its slope too?
FUSEGRAD_HD constexpr bool negligible(double term, double whole) { return !(abs(term) > 1e-17 * abs(whole)); }
FUSEGRAD_HD constexpr bool negligible(dual term, dual whole) {
  return negligible(term.value, whole.value) && negligible(term.slope, abs(whole.slope) + abs(whole.value));
}
/// Is a factor as good as one?
FUSEGRAD_HD constexpr bool settled(double factor) { return !(abs(factor - 1) > 3e-16); }
FUSEGRAD_HD constexpr bool settled(dual factor) { return settled(factor.value) && !(abs(factor.slope) > 1e-15); }

/// lgamma(x) - ((x - 1/2) log(x) - x + log(2 pi) / 2) for x >= 10 (A&S 6.1.41).
template <class T>
FUSEGRAD_HD constexpr T stirling_rest(T x) {
  const T z = 1. / (x * x);
  return (1. / 12 -
          z * (1. / 360 - z * (1. / 1260 - z * (1. / 1680 - z * (1. / 1188 - z * (691. / 360360 - z * (1. / 156))))))) /
         x;
}

/// lgamma(1 + x) for x > -1, of full accuracy near 0.
template <class T>
FUSEGRAD_HD constexpr T lgamma_of_successor(T x) {
  const T next = 1. + x;
  return lgamma(next) + digamma(value_of(next)) * (value_of(x) - (value_of(next) - 1));
}

/// log(1 + x) - x. Around 0 by the series of atanh(x / (2 + x)).
template <class T>
FUSEGRAD_HD constexpr T log1p_rest(T x) {
  if (value_of(x) < -0.4 || value_of(x) > 0.6) return log1p(x) - x;
  const T u = x / (2. + x), square = u * u;
  T sum = 0.;
  for (int k = 33; k >= 3; k -= 2) sum = sum * square + 1. / k;
  return 2. * u * square * sum - x * u;
}

/// log(ratio) - offset for an offset of ratio - 1, whichever of them is small.
template <class T>
FUSEGRAD_HD constexpr T log_rest(T ratio, T offset) {
  return value_of(ratio) < 0.5 ? log(ratio) - offset : log1p_rest(offset);
}

/// log(B(a, b)) for a, b > 0.
template <class T>
FUSEGRAD_HD constexpr T log_beta(T a, T b) {
  if (value_of(a) < value_of(b)) {
    const T larger = b;
    b = a;
    a = larger;
  }
  const T whole = a + b, part = b / whole;
  if (value_of(a) < 10) return lgamma(a) + lgamma(b) - lgamma(whole);
  const T rest = stirling_rest(a) - stirling_rest(whole), most = (a - 0.5) * log1p(0. - part);
  if (value_of(b) < 10) return lgamma(b) + rest + most + b - b * log(whole);
  return 0.918938533204672742 - 0.5 * log(b) + (rest + stirling_rest(b)) + most + b * log(part);
}

/// x^a exp(-x) / gamma(a + 1) for a, x > 0.
template <class T>
FUSEGRAD_HD constexpr T gamma_factor(T a, T x) {
  if (value_of(a) < 10) return exp(a * log(x) - x - lgamma_of_successor(a));
  return exp(a * log_rest(x / a, (x - a) / a) - stirling_rest(a)) / sqrt(6.28318530717958648 * a);
}

/// The lower regularised incomplete gamma function where `lower`, otherwise the upper one, for finite a, x > 0. The one
/// that is small is computed: by its power series, or its continued fraction (A&S 6.5.29, 6.5.31), in about
/// 8 sqrt(a) steps; for large a around x by two terms of Temme's expansion (1979).
template <class T>
FUSEGRAD_HD constexpr T incomplete_gamma(T a, T x, bool lower) {
  const double shape = value_of(a), point = value_of(x);
  if (shape >= 1e6) {
    const T offset = (x - a) / a, half = 0. - log1p_rest(offset);  // eta^2 / 2
    if (value_of(half) * shape > 800) return (point < shape) == lower ? 0. : 1.;
    T eta = sqrt(2. * half);
    if (value_of(half) < 1e-20) eta = offset;
    else if (point < shape) eta = 0. - eta;
    const T series =
        (((((-1.78755144032921810e-4 * eta + 3.52733686067019400e-4) * eta + 1. / 864) * eta - 2. / 135) * eta +
          1. / 12) *
             eta -
         1. / 3) +
        ((1. / 378 * eta - 1. / 288) * eta - 1. / 540) / a;
    const double side = lower ? -1 : 1;
    return 0.5 * erfc(side * eta * sqrt(0.5 * a)) + side * series * exp(0. - a * half) / sqrt(6.28318530717958648 * a);
  }
  if (shape < 1 && point < 1.5 && !lower) {
    T sum = 0., term = 1.;
    for (int k = 1; k < 100; ++k) {
      term = term * (0. - x) / double(k);
      const T next = term / (a + double(k));
      if (k > 2 && negligible(next, sum)) break;
      sum = sum + next;
    }
    const T below_one = expm1(a * log(x) - lgamma_of_successor(a));
    return 0. - below_one - (1. + below_one) * a * sum;
  }
  const T factor = gamma_factor(a, x);
  if (point < shape + 1 && !(shape < 1 && point >= 1.5)) {
    T sum = 1., term = 1., at = a;
    do {
      at = at + 1.;
      term = term * (x / at);
      sum = sum + term;
    } while (!negligible(term, sum));
    return lower ? factor * sum : 1. - factor * sum;
  }
  T b = x + 1. - a, c = 1e300, d = 1. / b, fraction = d;
  for (double k = 1; k < 20000; ++k) {
    const T step = k * (a - k);
    b = b + 2.;
    d = 1. / (step * d + b);
    c = b + step / c;
    const T change = c * d;
    fraction = fraction * change;
    if (settled(change)) break;
  }
  const T upper = factor * a * fraction;
  return lower ? 1. - upper : upper;
}

/// x^a (1 - x)^b / B(a, b) for 0 < x < 1, and `rest` = 1 - x.
template <class T>
FUSEGRAD_HD constexpr T beta_factor(T a, T b, double x, double rest) {
  if (value_of(a) < 10 || value_of(b) < 10)
    return exp(a * T(x > 0.5 ? math::log1p(-rest) : math::log(x)) + b * T(x > 0.5 ? math::log(rest) : math::log1p(-x)) -
               log_beta(a, b));
  const T whole = a + b, off = x * b - rest * a;
  return sqrt(a * b / (6.28318530717958648 * whole)) *
         exp(a * log_rest(x * whole / a, off / a) + b * log_rest(rest * whole / b, 0. - off / b) -
             (stirling_rest(a) + stirling_rest(b) - stirling_rest(whole)));
}

/// The regularised incomplete beta function for a, b > 0 and 0 < x < 1, by its continued fraction (A&S 26.5.8) where
/// that converges fast, at x or at 1 - x.
template <class T>
FUSEGRAD_HD constexpr T incomplete_beta(T a, T b, double x, double rest) {
  const bool swapped = x > (value_of(a) + 1) / (value_of(a) + value_of(b) + 2);
  if (swapped) {
    const T p = a;
    a = b;
    b = p;
    const double y = x;
    x = rest;
    rest = y;
  }
  T c = 1., d = 1. / (1. - (a + b) * x / (a + 1.)), fraction = d;
  for (double k = 1; k < 20000; ++k) {
    const T even = k * (b - k) * x / ((a + (2 * k - 1)) * (a + 2 * k));
    d = 1. / (1. + even * d);
    c = 1. + even / c;
    fraction = fraction * (c * d);
    const T odd = 0. - (a + k) * (a + b + k) * x / ((a + 2 * k) * (a + (2 * k + 1)));
    d = 1. / (1. + odd * d);
    c = 1. + odd / c;
    const T change = c * d;
    fraction = fraction * change;
    if (settled(change)) break;
  }
  const T found = beta_factor(a, b, x, rest) * fraction / a;
  return swapped ? 1. - found : found;
}

/// One of the incomplete gamma functions at any point; NaN where it is not defined.
FUSEGRAD_HD constexpr double any_incomplete_gamma(double a, double x, bool lower) {
  constexpr double inf = __builtin_inf();
  if (!(a >= 0 && x >= 0) || (a == 0 && x == 0) || (a == inf && x == inf)) return __builtin_nan("");
  if (x == 0 || a == inf) return lower ? 0 : 1;
  if (x == inf || a == 0) return lower ? 1 : 0;
  return incomplete_gamma(a, x, lower);
}

/// psi(x + y) - psi(x), or the same of its n-th derivative, for x, x + y > 0, without cancellation: term by term of the
/// recurrence and of the asymptotic series, as (x + y)^-m - x^-m is x^-m p_m with p_m = p_(m-1) x / (x + y) + p_1.
FUSEGRAD_HD constexpr double polygamma_rise(int n, double x, double y) {
  constexpr double bernoulli[]{1. / 6, -1. / 30,     1. / 42,      -1. / 30,       5. / 66,       -691. / 2730,
                               7. / 6, -3617. / 510, 43867. / 798, -174611. / 330, 854513. / 138, -236364091. / 2730};
  double head = 0;
  for (; x < 12 + n; x += 1) {
    const double ratio = x / (x + y), first = -y / (x + y);
    double power = first, scale = 1 / x;
    for (int m = 1; m <= n; ++m) {
      power = power * ratio + first;
      scale /= x;
    }
    head += scale * power;
  }
  const double ratio = x / (x + y), first = -y / (x + y);
  double power = 0, scale = 1, factorial = 1;  // p_m, x^-m, (n - 1)!
  for (int m = 1; m <= n; ++m) {
    power = power * ratio + first;
    scale /= x;
    if (m < n) factorial *= m;
  }
  double tail = n == 0 ? -log1p(y / x) : scale * power;
  power = power * ratio + first;
  scale /= x;
  const double half = n == 0 ? 0.5 : 0.5 * n;
  tail += half * scale * power;
  double term = n == 0 ? 0.5 : half * (n + 1);
  for (int k = 1; k <= 12; ++k) {
    power = power * ratio + first;
    scale /= x;
    tail += bernoulli[k - 1] * term * scale * power;
    if (k < 12) {
      power = power * ratio + first;
      scale /= x;
    }
    term *= n == 0 ? static_cast<double>(k) / (k + 1) : (2. * k + n) * (2 * k + n + 1) / ((2. * k + 1) * (2 * k + 2));
  }
  const double sign = n % 2 == 0 ? -1 : 1;
  return sign * factorial * ((n == 0 ? 1 : n) * head + tail);
}

}  // namespace detail

/// log(B(a, b)) = lgamma(a) + lgamma(b) - lgamma(a + b) for a, b > 0; infinite at 0, otherwise NaN. Error: 4 ulp of the
/// largest of its terms.
template <std::floating_point T>
FUSEGRAD_HD constexpr T lbeta(T a, T b) {
  constexpr T inf = static_cast<T>(__builtin_inf());
  if (!(a >= 0 && b >= 0)) return static_cast<T>(__builtin_nan(""));
  if (a == 0 || b == 0) return a == inf || b == inf ? static_cast<T>(__builtin_nan("")) : inf;
  if (a == inf || b == inf) return -inf;
  return static_cast<T>(detail::log_beta(static_cast<double>(a), static_cast<double>(b)));
}

/// psi_n(x + y) - psi_n(x) for x, y > 0, n = 0 to 12.
template <std::floating_point T>
FUSEGRAD_HD constexpr T polygamma_rise(T order, T x, T y) {
  if (!(x > 0 && y >= 0 && order >= 0 && order <= 12) || y == static_cast<T>(__builtin_inf()))
    return static_cast<T>(__builtin_nan(""));
  if (x == static_cast<T>(__builtin_inf())) return T(0);
  return static_cast<T>(
      detail::polygamma_rise(static_cast<int>(order), static_cast<double>(x), static_cast<double>(y)));
}

/// P(a, x), the regularised lower incomplete gamma function.
template <std::floating_point T>
FUSEGRAD_HD constexpr T gammainc(T a, T x) {
  return static_cast<T>(detail::any_incomplete_gamma(static_cast<double>(a), static_cast<double>(x), true));
}

/// Q(a, x) = 1 - P(a, x).
template <std::floating_point T>
FUSEGRAD_HD constexpr T gammaincc(T a, T x) {
  return static_cast<T>(detail::any_incomplete_gamma(static_cast<double>(a), static_cast<double>(x), false));
}

/// dP/da.
template <std::floating_point T>
FUSEGRAD_HD constexpr T gammainc_slope(T a, T x) {
  constexpr T inf = static_cast<T>(__builtin_inf());
  if (!(a > 0 && x >= 0) || (a == inf && x == inf)) return static_cast<T>(__builtin_nan(""));
  if (x == 0 || x == inf || a == inf) return T(0);
  using detail::dual;
  return static_cast<T>(
      detail::incomplete_gamma(dual(static_cast<double>(a), 1), dual(static_cast<double>(x)), true).slope);
}

/// dP/dx = x^(a-1) exp(-x) / gamma(a).
template <std::floating_point T>
FUSEGRAD_HD constexpr T gamma_density(T a, T x) {
  constexpr T inf = static_cast<T>(__builtin_inf());
  if (!(a >= 0 && x >= 0) || (a == inf && x == inf)) return static_cast<T>(__builtin_nan(""));
  if (x == 0) return a < 1 ? inf : a > 1 ? T(0) : T(1);
  if (x == inf || a == inf) return T(0);
  const double shape = static_cast<double>(a), at = static_cast<double>(x);
  return static_cast<T>(detail::gamma_factor(shape, at) * (shape / at));
}

/// I_x(a, b), the regularised incomplete beta function.
template <std::floating_point T>
FUSEGRAD_HD constexpr T betainc(T a, T b, T x) {
  if (!(a > 0 && b > 0 && x >= 0 && x <= 1)) return static_cast<T>(__builtin_nan(""));
  if (x == 0 || x == 1) return x;
  const double at = static_cast<double>(x);
  return static_cast<T>(detail::incomplete_beta(static_cast<double>(a), static_cast<double>(b), at, 1 - at));
}

/// dI/da, or (Second) dI/db.
template <bool Second, std::floating_point T>
FUSEGRAD_HD constexpr T betainc_slope(T a, T b, T x) {
  if (!(a > 0 && b > 0 && x >= 0 && x <= 1)) return static_cast<T>(__builtin_nan(""));
  if (x == 0 || x == 1) return T(0);
  using detail::dual;
  const double at = static_cast<double>(x);
  return static_cast<T>(detail::incomplete_beta(dual(static_cast<double>(a), Second ? 0 : 1),
                                                dual(static_cast<double>(b), Second ? 1 : 0), at, 1 - at)
                            .slope);
}

/// dI/dx = x^(a-1) (1 - x)^(b-1) / B(a, b).
template <std::floating_point T>
FUSEGRAD_HD constexpr T beta_density(T a, T b, T x) {
  constexpr T inf = static_cast<T>(__builtin_inf());
  if (!(a > 0 && b > 0 && x >= 0 && x <= 1)) return static_cast<T>(__builtin_nan(""));
  const T one = x == 0 ? a : b, other = x == 0 ? b : a;
  if (x == 0 || x == 1) return one < 1 ? inf : one > 1 ? T(0) : other;
  const double at = static_cast<double>(x), rest = 1 - at;
  return static_cast<T>(detail::beta_factor(static_cast<double>(a), static_cast<double>(b), at, rest) / (at * rest));
}

}  // namespace FUSEGRAD_ISA
}  // namespace fusegrad::math
