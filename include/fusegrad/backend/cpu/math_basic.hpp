// Mathematics that is exact or nearly one instruction: signs, rounding, roots, quotients, extremes, classification.
// Assumes IEEE arithmetic in the default rounding mode. Must not know of polynomials.
#pragma once

#include "pack.hpp"

namespace fusegrad::simd {
inline namespace FUSEGRAD_ISA {

namespace detail {

template <class T>
inline constexpr T infinity = static_cast<T>(__builtin_inf());
template <class T>
inline constexpr T not_a_number = static_cast<T>(__builtin_nan(""));
/// The sign bit alone.
template <class T>
inline constexpr int_like<T> sign_bit = static_cast<int_like<T>>(std::uint64_t{1} << (sizeof(T) * 8 - 1));
/// All fields of a number but its sign.
template <class T>
inline constexpr int_like<T> magnitude_bits = static_cast<int_like<T>>(~sign_bit<T>);
template <class T>
inline constexpr T least_normal = sizeof(T) == 4 ? T(1.17549435e-38f) : T(2.2250738585072014e-308);
/// From here on every number is integral.
template <class T>
inline constexpr T integral_from = sizeof(T) == 4 ? T(8388608.0) : T(4503599627370496.0);

template <class T, int W>
FUSEGRAD_INLINE pack<T, W> sign_of(pack<T, W> x) {
  return bit_cast<T>(bit_cast<int_like<T>>(x) & pack<int_like<T>, W>(sign_bit<T>));
}
/// `y` with its sign flipped where `x` is negative; `x` need not be anything but a source of signs.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> xor_sign(pack<T, W> y, pack<T, W> x) {
  return bit_cast<T>(bit_cast<int_like<T>>(y) ^ (bit_cast<int_like<T>>(x) & pack<int_like<T>, W>(sign_bit<T>)));
}
/// `x` with the bits of a sign taken over from `s`, which has no other bits. `x` is not negative.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> or_bits(pack<T, W> x, pack<T, W> s) {
  return bit_cast<T>(bit_cast<int_like<T>>(x) | bit_cast<int_like<T>>(s));
}

template <rounding Mode, class T, int W>
FUSEGRAD_INLINE pack<T, W> rounded(pack<T, W> x);

}  // namespace detail

// ------------------------------------------------------------------------------------------------- signs and extremes

/// Magnitude; exact, also for -0 and NaN.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> abs(pack<T, W> x) {
  if constexpr (detail::is_wide<W, sizeof(T)>) return join(abs(lower(x)), abs(upper(x)));
  else if constexpr (std::is_integral_v<T>) return where(x < pack<T, W>(T(0)), -x, x);
  else
    return detail::bit_cast<T>(detail::bit_cast<detail::int_like<T>>(x) &
                               pack<detail::int_like<T>, W>(detail::magnitude_bits<T>));
}

/// The magnitude of x with the sign of y; exact.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> copysign(pack<T, W> x, pack<T, W> y) {
  if constexpr (detail::is_wide<W, sizeof(T)>) return join(copysign(lower(x), lower(y)), copysign(upper(x), upper(y)));
  else return detail::or_bits(abs(x), detail::sign_of(y));
}

namespace detail {

struct min_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P a, P b) {
    // The instruction returns its second operand for NaN and for two zeros; asked both ways, the union of the bits is
    // -0 for zeros of unlike sign and a NaN for a NaN.
    return or_bits(P(raw_min(a.v, b.v)), P(raw_min(b.v, a.v)));
  }
};
/// The smaller, -0 of two zeros; anything for NaN.
struct smaller_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P a, P b) {
    if constexpr (has_avx512 && sizeof(P) == 64) return P(smaller_with_sign(a.v, b.v));
    else return min_kernel::run(a, b);
  }
};
/// The larger, +0 of two zeros; anything for NaN.
struct larger_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P a, P b) {
    if constexpr (has_avx512 && sizeof(P) == 64) {
      return P(larger_with_sign(a.v, b.v));
    } else {
      using I = int_like<typename P::value_type>;
      return bit_cast<typename P::value_type>(bit_cast<I>(P(raw_max(a.v, b.v))) & bit_cast<I>(P(raw_max(b.v, a.v))));
    }
  }
};
struct max_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P a, P b) {
    return where(unordered(a, b), a + b, larger_kernel::run(a, b));
  }
};
struct sqrt_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P x) {
    return P(sqrt(x.v));
  }
};

}  // namespace detail

/// The smaller; NaN if either is NaN, and -0 is smaller than +0 (IEEE 754 minimum).
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> min(pack<T, W> a, pack<T, W> b) {
  if constexpr (std::is_integral_v<T>) return where(b < a, b, a);
  else return detail::at_register_size<detail::min_kernel>(a, b);
}

/// The larger; NaN if either is NaN, and +0 is larger than -0 (IEEE 754 maximum).
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> max(pack<T, W> a, pack<T, W> b) {
  if constexpr (std::is_integral_v<T>) return where(a < b, b, a);
  else return detail::at_register_size<detail::max_kernel>(a, b);
}

/// max and min of numbers; anything for NaN.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> max_of_numbers(pack<T, W> a, pack<T, W> b) {
  return detail::at_register_size<detail::larger_kernel>(a, b);
}
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> min_of_numbers(pack<T, W> a, pack<T, W> b) {
  return detail::at_register_size<detail::smaller_kernel>(a, b);
}

/// 1/2 between equals, NaN where x is NaN, otherwise 1.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> share(pack<T, W> x, pack<T, W> y) {
  return where(x == y, pack<T, W>(T(0.5)), where(x != x, x, pack<T, W>(T(1))));
}

/// max and min of numbers of which one is larger.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> decided_max(pack<T, W> a, pack<T, W> b) {
  if constexpr (detail::is_wide<W, sizeof(T)>)
    return join(decided_max(lower(a), lower(b)), decided_max(upper(a), upper(b)));
  else return pack<T, W>(detail::raw_max(a.v, b.v));
}
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> decided_min(pack<T, W> a, pack<T, W> b) {
  if constexpr (detail::is_wide<W, sizeof(T)>)
    return join(decided_min(lower(a), lower(b)), decided_min(upper(a), upper(b)));
  else return pack<T, W>(detail::raw_min(a.v, b.v));
}

namespace detail {

struct sign_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P x) {
    using T = typename P::value_type;
    if constexpr (has_avx512 && sizeof(P) == 64 && std::is_floating_point_v<T>)
      return P(by_class<0xa9a9a122>(x.v, x.v));
    else return where(x > P(T(0)), P(T(1)), where(x < P(T(0)), P(T(-1)), x));
  }
};

}  // namespace detail

/// 1 or -1; zeros and NaN as they are.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> sign(pack<T, W> x) {
  if constexpr (std::is_integral_v<T>) return detail::sign_kernel::run(x);
  else return detail::at_register_size<detail::sign_kernel>(x);
}

// ------------------------------------------------------------------------------------------------------ classification

template <class T, int W>
FUSEGRAD_INLINE mask<W, sizeof(T)> isnan(pack<T, W> x) {
  return unordered(x, x);
}
template <class T, int W>
FUSEGRAD_INLINE mask<W, sizeof(T)> isinf(pack<T, W> x) {
  return abs(x) == pack<T, W>(detail::infinity<T>);
}
template <class T, int W>
FUSEGRAD_INLINE mask<W, sizeof(T)> isfinite(pack<T, W> x) {
  return abs(x) < pack<T, W>(detail::infinity<T>);
}

// ------------------------------------------------------------------------------------------------------------ rounding

namespace detail {

/// To the nearest integral value by adding and subtracting a number whose last bit is 1; keeps the sign of zeros.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> rounded_by_shifting(pack<T, W> x) {
  const pack<T, W> a = abs(x), shift(integral_from<T>);
  const pack<T, W> y = or_bits(settled(a + shift) - shift, sign_of(x));
  return where(a < shift, y, x);
}

template <rounding Mode>
struct rounding_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P x) {
    using T = typename P::value_type;
    if constexpr (rounds_in_hardware<typename P::vector>) {
      return P(round_to<Mode>(x.v));
    } else {
      const P y = rounded_by_shifting(x);
      if constexpr (Mode == rounding::nearest_even) return y;
      else if constexpr (Mode == rounding::down) return where(x < y, y - P(T(1)), y);
      else if constexpr (Mode == rounding::up) return copysign(where(y < x, y + P(T(1)), y), x);
      else return where(abs(x) < abs(y), or_bits(abs(y) - P(T(1)), sign_of(x)), y);
    }
  }
};

template <rounding Mode, class T, int W>
FUSEGRAD_INLINE pack<T, W> rounded(pack<T, W> x) {
  return at_register_size<rounding_kernel<Mode>>(x);
}

}  // namespace detail

/// Largest integral value <= x; exact.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> floor(pack<T, W> x) {
  return detail::rounded<detail::rounding::down>(x);
}
/// Smallest integral value >= x; exact.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> ceil(pack<T, W> x) {
  return detail::rounded<detail::rounding::up>(x);
}
/// The integral part; exact.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> trunc(pack<T, W> x) {
  return detail::rounded<detail::rounding::toward_zero>(x);
}
/// Nearest integral value, ties to even; exact.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> rint(pack<T, W> x) {
  return detail::rounded<detail::rounding::nearest_even>(x);
}
/// Nearest integral value, ties away from zero; exact.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> round(pack<T, W> x) {
  using P = pack<T, W>;
  // x - trunc(x) is exact, so the tie is seen exactly; adding 1/2 first would round 0.49999997 up.
  const P whole = trunc(x);
  const P up = where(abs(x - whole) < P(T(0.5)), P(T(0)), P(T(1)));
  return copysign(where(isinf(x), x, whole + copysign(up, x)), x);
}

// -------------------------------------------------------------------------------------------------- roots and
// quotients

/// Square root, correctly rounded. Negative: NaN; -0: -0.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> sqrt(pack<T, W> x) {
  return detail::at_register_size<detail::sqrt_kernel>(x);
}

namespace detail {

struct rsqrt_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P x) {
    using T = typename P::value_type;
    if constexpr (has_avx512) {
      // A root and a quotient keep the divider busy for 16 cycles (25 in double); these are 6 (11) ordinary
      // instructions.
      const P r(rsqrt_estimate(x.v));
      const P error = fma(x * r, -r, P(T(1)));
      P y = fma(r * error, fma(error, P(T(0.375)), P(T(0.5))), r);
      if constexpr (sizeof(T) == 8) y = fma(y * P(T(0.5)), fma(x * y, -y, P(T(1))), y);
      return where(isnan(error), r, y);  // 0, infinity, negative, NaN: the estimate is the answer
    } else {
      return P(T(1)) / P(sqrt(x.v));
    }
  }
};

}  // namespace detail

/// 1 / sqrt(x). 0: inf of its sign; negative: NaN; +inf: 0.
///
/// Error: 1.5 ulp in float, 1.5 in double.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> rsqrt(pack<T, W> x) {
  return detail::at_kernel_size<detail::rsqrt_kernel>(x);
}

/// a / b, correctly rounded, with every special case. The divider works beside the multipliers: a quotient takes the
/// place of two multiplications in code that keeps these busy, where an estimate with Newton's steps would take seven.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> divide(pack<T, W> a, pack<T, W> b) {
  return a / b;
}

namespace detail {

// A quotient keeps the divider of Intel's processors busy for 16 cycles, which these instructions need 3 (4) of.
struct reciprocal_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P x) {
    using T = typename P::value_type;
    if constexpr (has_avx512) {
      P r(reciprocal_estimate(x.v));
      const P error = fma(x, -r, P(T(1)));
      // 0, infinity, NaN, and what is so small that its reciprocal is infinite: the estimate is the answer
      const auto regular = P(T(-1)) < error;
      P y = fma(r, error, r);
      if constexpr (sizeof(T) == 8) y = fma(y, fma(x, -y, P(T(1))), y);
      return where(regular, y, r);
    } else {
      return P(T(1)) / x;
    }
  }
};
}  // namespace detail

/// 1 / x, with every special case.
///
/// Error: 0.6 ulp in float, 0.7 in double (AVX-512; 0.5 elsewhere).
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> reciprocal(pack<T, W> x) {
  return detail::at_kernel_size<detail::reciprocal_kernel>(x);
}

/// 1 / x for x in [1, 2] only, correctly rounded: a loop that needs one divides once or twice, and the divider works
/// beside what else there is to do.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> reciprocal_12(pack<T, W> x) {
  return pack<T, W>(T(1)) / x;
}

}  // namespace FUSEGRAD_ISA
}  // namespace fusegrad::simd
