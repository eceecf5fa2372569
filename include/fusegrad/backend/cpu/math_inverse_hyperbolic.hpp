// Inverse hyperbolic functions, through log1p of an argument that keeps its digits.
#pragma once

#include "math_log.hpp"

namespace fusegrad::simd {
inline namespace FUSEGRAD_ISA {

namespace detail {

/// From here on x^2 + 1 is x^2, and below its square root nothing overflows.
template <class T>
inline constexpr T large_square = sizeof(T) == 4 ? T(1e10) : T(1e150);

/// log1p(x), or log1p(x) + log(2) where `doubled`.
template <class M, class P>
FUSEGRAD_INLINE P log1p_of(P x, M doubled) {
  using T = typename P::value_type;
  return log1p_kernel::run(x) + where(doubled, P(T(0.69314718055994531)), P(T(0)));
}

struct asinh_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P x) {
    using T = typename P::value_type;
    // log(a + sqrt(a^2 + 1)) = log1p(a + a^2 / (1 + sqrt(a^2 + 1)))
    const P a = abs(x), one(T(1));
    const auto large = P(large_square<T>) < a;
    const P square = a * a;
    const P u = a + square / (one + P(sqrt((square + one).v)));
    return or_bits(log1p_of(where(large, a, u), large), sign_of(x));
  }
};

struct acosh_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P x) {
    using T = typename P::value_type;
    const P t = x - P(T(1));
    const auto large = P(large_square<T>) < x;
    const P u = t + P(sqrt(fma(t, t, t + t).v));
    return where(x < P(T(1)), P(not_a_number<T>), log1p_of(where(large, x, u), large));
  }
};

struct atanh_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P x) {
    using T = typename P::value_type;
    const P a = abs(x);
    return or_bits(P(T(0.5)) * log1p_kernel::run((a + a) / (P(T(1)) - a)), sign_of(x));
  }
};

}  // namespace detail

/// Inverse hyperbolic sine.
///
/// Error: 2.2 ulp in float, 2.5 in double.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> asinh(pack<T, W> x) {
  return detail::at_kernel_size<detail::asinh_kernel>(x);
}

/// NaN below 1.
///
/// Error: 2.3 ulp in float, 2.4 in double.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> acosh(pack<T, W> x) {
  return detail::at_kernel_size<detail::acosh_kernel>(x);
}

/// +-1: +-inf; NaN beyond.
///
/// Error: 2.5 ulp in float, 2.5 in double.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> atanh(pack<T, W> x) {
  return detail::at_kernel_size<detail::atanh_kernel>(x);
}

}  // namespace FUSEGRAD_ISA
}  // namespace fusegrad::simd
