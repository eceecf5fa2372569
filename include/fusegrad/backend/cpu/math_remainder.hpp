// cbrt, hypot, and the remainders of a division.
#pragma once

#include "math_log.hpp"

namespace fusegrad::simd {
inline namespace FUSEGRAD_ISA {

namespace detail {

struct cbrt_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P x) {
    using T = typename P::value_type;
    const P a = abs(x), zero(T(0)), one(T(1));
    P e(T(0)), m = a;
    if constexpr (has_avx512) {
      const auto parts = split_at_three_quarters(a);
      m = parts.m, e = parts.e;
    } else {
      const auto subnormal = a < P(least_normal<T>);
      const auto parts = split_at_three_quarters(where(subnormal, a * P(integral_from<T>), a));
      m = parts.m, e = parts.e - where(subnormal, P(T(mantissa_bits<T>)), zero);
    }
    // e = 3 third + rest, rest in {-1, 0, 1}
    const P third = settled(fma(e, P(T(1) / T(3)), P(integer_shift<T>)) - P(integer_shift<T>));
    const P rest = fma(third, P(T(-3)), e);
    const auto down = rest < zero, up = zero < rest;
    const P scaled_m = m * where(down, P(T(0.5)), where(up, P(T(2)), one));
    const P factor = where(down, P(T(1.2599210498948732)), where(up, P(T(0.79370052598409974)), one));
    // s = m^(-1/3), one step of third order in double, one Newton step on the root itself
    P s = horner(m, P(T(0.0994640067)), T(-0.577237904), T(1.36093533), T(-1.72130156), T(1.83810246)) * factor;
    if constexpr (sizeof(T) == 8) {
      const P error = fma(s * s * s, -scaled_m, one);
      s = fma(s * error, fma(error, P(T(2) / T(9)), P(T(1) / T(3))), s);
    }
    const P square = s * s;
    const P y = scaled_m * square;
    const P root = fma(fma(y * y, -y, scaled_m), square * P(T(1) / T(3)), y);
    const auto ordinary = zero < a && a < P(infinity<T>);
    return where(ordinary, or_bits(scaled(root, third), sign_of(x)), x);
  }
};

struct hypot_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P x, P y) {
    using T = typename P::value_type;
    // Powers of 2 that keep the squares of the larger one within range, and their inverses.
    constexpr bool single = sizeof(T) == 4;
    constexpr T high = single ? T(0x1p60) : T(0x1p500), low = single ? T(0x1p-40) : T(0x1p-400);
    constexpr T shrink = single ? T(0x1p-70) : T(0x1p-600), grow = single ? T(0x1p100) : T(0x1p700);
    const P a = abs(x), b = abs(y), one(T(1));
    const P larger(raw_max(a.v, b.v));
    const auto large = P(high) < larger, small = larger < P(low);
    const P scale = where(large, P(shrink), where(small, P(grow), one));
    const P back = where(large, P(T(1) / shrink), where(small, P(T(1) / grow), one));
    const P p = a * scale, q = b * scale;
    const P r = P(sqrt(fma(p, p, q * q).v)) * back;
    return where(a == P(infinity<T>) || b == P(infinity<T>), P(infinity<T>), r);
  }
};

template <class P>
struct quotient_remainder {
  P quotient, remainder;
};

/// floor(a / b) and what is left of a, exactly, for a / b below 2^23 (2^52 in double).
template <class P>
FUSEGRAD_INLINE quotient_remainder<P> divided(P a, P b) {
  using T = typename P::value_type;
  const P zero(T(0)), one(T(1));
  // Rounding can carry the quotient over an integer; the remainder then shows it by its sign.
  const P q = rounded<rounding::toward_zero>(a / b);
  const P r = fma(q, -b, a);
  const auto over = r < zero;
  return {where(over, q - one, q), where(over, r + b, r)};
}

/// `Kernel::regular` where the quotient is exact, else lane by lane.
template <class Kernel>
struct remainder_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P x, P y) {
    using T = typename P::value_type;
    if constexpr (has_fma) {
      const P a = abs(x), b = abs(y);
      const auto regular = a < b * P(integral_from<T>) && b < P(infinity<T>);
      if (__builtin_expect(all(regular), 1)) return Kernel::regular(x, a, b);
    }
    return per_lane([](T p, T q) { return Kernel::scalar(p, q); }, x, y);
  }
};

struct fmod_kernel {
  template <class P>
  FUSEGRAD_INLINE static P regular(P x, P a, P b) {
    return or_bits(abs(divided(a, b).remainder), sign_of(x));
  }
  static float scalar(float x, float y) { return __builtin_fmodf(x, y); }
  static double scalar(double x, double y) { return __builtin_fmod(x, y); }
};

struct ieee_remainder_kernel {
  template <class P>
  FUSEGRAD_INLINE static P regular(P x, P a, P b) {
    using T = typename P::value_type;
    const auto [quotient, r] = divided(a, b);
    const P half = quotient * P(T(0.5));
    const auto odd = rounded<rounding::toward_zero>(half) != half;
    const P other = b - r;
    const auto up = other < r || (other == r && odd);
    return xor_sign(where(up, -other, abs(r)), x);
  }
  static float scalar(float x, float y) { return __builtin_remainderf(x, y); }
  static double scalar(double x, double y) { return __builtin_remainder(x, y); }
};

}  // namespace detail

/// Cube root.
///
/// Error: 0.9 ulp in float, 0.8 in double.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> cbrt(pack<T, W> x) {
  return detail::at_kernel_size<detail::cbrt_kernel>(x);
}

/// sqrt(x^2 + y^2) without overflow on the way; +inf if either is infinite.
///
/// Error: 1.2 ulp in float, 1.2 in double.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> hypot(pack<T, W> x, pack<T, W> y) {
  return detail::at_kernel_size<detail::hypot_kernel>(x, y);
}

/// x - n y with n the quotient rounded towards 0; exact. The sign is that of x.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> fmod(pack<T, W> x, pack<T, W> y) {
  return detail::at_kernel_size<detail::remainder_kernel<detail::fmod_kernel>>(x, y);
}

/// x - n y with n the nearest integer to the quotient, ties to even; exact.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> remainder(pack<T, W> x, pack<T, W> y) {
  return detail::at_kernel_size<detail::remainder_kernel<detail::ieee_remainder_kernel>>(x, y);
}

}  // namespace FUSEGRAD_ISA
}  // namespace fusegrad::simd
