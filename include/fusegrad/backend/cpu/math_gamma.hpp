// lgamma and digamma, lane by lane: rare, and accurate near their zeros only with the care the C library takes.
// Must not know of anything above packs.
#pragma once

#include "pack.hpp"

namespace fusegrad::simd {

namespace detail {

/// The derivative of log(gamma), to double precision.
inline double scalar_digamma(double x) {
  if (x == 0) return __builtin_copysign(__builtin_inf(), -x);
  if (x == -__builtin_inf()) return __builtin_nan("");
  double shift = 0;
  if (x < 0) {
    // psi(x) = psi(1 - x) - pi cot(pi x); the fraction first, so that the cotangent keeps its digits
    const double whole = __builtin_floor(x), fraction = x - whole;
    if (fraction == 0) return __builtin_nan("");
    constexpr double pi = 3.14159265358979323846;
    const double angle = fraction < 0.5 ? fraction : fraction - 1;
    shift = -pi / __builtin_tan(pi * angle);
    x = 1 - x;
  }
  while (x < 10) {
    shift -= 1 / x;
    x += 1;
  }
  const double z = 1 / (x * x);
  const double series =
      z *
      (1.0 / 12 - z * (1.0 / 120 - z * (1.0 / 252 - z * (1.0 / 240 - z * (1.0 / 132 - z * (691.0 / 32760 - z / 12))))));
  return shift + (__builtin_log(x) - 0.5 / x - series);
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
  return per_lane([](T a) { return T(detail::scalar_digamma(double(a))); }, x);
}

}  // namespace fusegrad::simd
