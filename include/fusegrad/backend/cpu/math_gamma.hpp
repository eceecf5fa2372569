// The gamma function's family: digamma and its derivatives in double, of positive arguments; what is left, and lgamma,
// which is accurate near its zeros only with the care the C library takes, lane by lane. Must not know of anything
// above packs.
#pragma once

#include "../../core/special_math.hpp"
#include "math_log.hpp"

namespace fusegrad::simd {
inline namespace FUSEGRAD_ISA {

namespace detail {

/// Raises the lanes below `least` by ones until there are none, `each` of them (where, x) before it is.
template <class V, class Each>
FUSEGRAD_INLINE V raised(V x, double least, Each each) {
  for (auto low = x < V(least); any_lane(low); low = x < V(least)) {
    each(low, x);
    x = x + where(low, V(1), V(0));
  }
  return x;
}

/// z (c0 + z (c1 + ...)).
template <class V, std::size_t N>
FUSEGRAD_INLINE V series_of(const double (&c)[N], V z) {
  V y(0);
  for (std::size_t k = N; k-- > 0;) y = fma(y, z, V(c[k]));
  return z * y;
}

/// B_2k / 2k.
inline constexpr double digamma_series[]{1. / 12,  -1. / 120,     1. / 252, -1. / 240,
                                         1. / 132, -691. / 32760, 1. / 12,  -3617. / 8160};

/// B_2k (2k + n - 1)! / ((2k)! (n - 1)!) for the orders n from 1 on.
struct polygamma_series {
  static constexpr int orders = 12;
  double of[orders][12]{};
  constexpr polygamma_series() {
    constexpr double bernoulli[]{1. / 6, -1. / 30,     1. / 42,      -1. / 30,       5. / 66,       -691. / 2730,
                                 7. / 6, -3617. / 510, 43867. / 798, -174611. / 330, 854513. / 138, -236364091. / 2730};
    for (int n = 1; n <= orders; ++n) {
      double term = n * (n + 1) / 2.;
      for (int k = 1; k <= 12; ++k) {
        of[n - 1][k - 1] = bernoulli[k - 1] * term;
        term *= (2 * k + n) * (2 * k + n + 1) / ((2. * k + 1) * (2 * k + 2));
      }
    }
  }
};
inline constexpr polygamma_series series_of_polygamma;

/// psi(x) for x > 0, as math::digamma.
template <class V>
FUSEGRAD_INLINE V positive_digamma(V x) {
  V lost(0);
  x = raised(
      x, 10, [&](auto low, V at) __attribute__((always_inline)) { lost = lost + where(low, V(1) / at, V(0)); });
  const V inverse = V(1) / x;
  return (log(x) - fma(V(0.5), inverse, series_of(digamma_series, inverse * inverse))) - lost;
}

/// psi_n(x) for x > 0 and n = 1 to 12, as math::polygamma.
template <class V>
FUSEGRAD_INLINE V positive_polygamma(int n, V x) {
  auto power = [n](V r) __attribute__((always_inline)) {
    V y = r;
    for (int k = 1; k < n; ++k) y = y * r;
    return y;
  };
  V head(0);
  x = raised(
      x, 12 + n, [&](auto low, V at) __attribute__((always_inline)) {
        const V inverse = V(1) / at;
        head = head + where(low, power(inverse) * inverse, V(0));
      });
  double factorial = n % 2 == 0 ? -1 : 1;  // (n - 1)!
  for (int k = 2; k < n; ++k) factorial *= k;
  const V inverse = V(1) / x;
  const V tail = fma(V(0.5 * n), inverse, series_of(series_of_polygamma.of[n - 1], inverse * inverse));
  return V(factorial) * fma(V(n), head, fma(power(inverse), tail, power(inverse)));
}

template <class T>
[[gnu::noinline]] T any_digamma(T x) {
  return math::digamma(x);
}
template <class T>
[[gnu::noinline]] T any_polygamma(T n, T x) {
  return math::polygamma(n, x);
}

/// Are all lanes positive and finite?
template <class T, int W>
FUSEGRAD_INLINE bool all_positive(pack<T, W> x) {
  return !any_lane(!(x > pack<T, W>(0) && x < pack<T, W>(static_cast<T>(__builtin_inf()))));
}

}  // namespace detail

/// log(|gamma(x)|), as accurate as the C library. Zeros and negative integers: +inf.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> lgamma(pack<T, W> x) {
  return per_lane([](T a) { return T(__builtin_lgamma(double(a))); }, x);
}

/// The derivative of lgamma. Zeros: -+inf; negative integers: NaN. Error: a few ulp, more next to its zeros.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> digamma(pack<T, W> x) {
  if (detail::all_positive(x)) return convert<T>(detail::positive_digamma(convert<double>(x)));
  return per_lane([](T a) { return detail::any_digamma(a); }, x);
}

/// The n-th derivative of digamma. Error: a few ulp, more next to zeros at negative x.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> polygamma(pack<T, W> n, pack<T, W> x) {
  const T order = n[0];
  if (order >= 1 && order <= T(detail::polygamma_series::orders) && order == math::trunc(order) &&
      !any_lane(n != pack<T, W>(order)) && detail::all_positive(x))
    return convert<T>(detail::positive_polygamma(static_cast<int>(order), convert<double>(x)));
  return per_lane([](T k, T a) { return detail::any_polygamma(k, a); }, n, x);
}

}  // namespace FUSEGRAD_ISA
}  // namespace fusegrad::simd
