// Exponentials: exp, exp2, expm1 and the hyperbolic functions built on them.
// x is split into n log(2) + r; exp(r) is a polynomial, 2^n an exponent. AVX-512 keeps the powers 2^(j/16) in
// registers, which makes r sixteen times smaller and the polynomial shorter; the others take r as it is.
// The coefficients and tables come from tests/oracle/minimax.py.
#pragma once

#include "math_basic.hpp"

namespace fusegrad::simd {
inline namespace FUSEGRAD_ISA {

namespace detail {

template <class T>
inline constexpr int mantissa_bits = sizeof(T) == 4 ? 23 : 52;
template <class T>
inline constexpr int_like<T> exponent_bias = sizeof(T) == 4 ? 127 : 1023;
/// Adding this and subtracting it again rounds to an integer, which the low bits of the sum hold meanwhile.
template <class T>
inline constexpr T integer_shift = integral_from<T> * T(1.5);
/// The same for multiples of 1/16.
template <class T>
inline constexpr T sixteenth_shift = integer_shift<T> / T(16);

template <int First, class P, std::size_t N, int... I>
FUSEGRAD_INLINE P horner_by_two(P y, P x, const typename P::value_type (&c)[N], std::integer_sequence<int, I...>) {
  const P square = x * x;
  ((y = fma(y, square, fma(P(c[First + 2 * I]), x, P(c[First + 2 * I + 1])))), ...);
  return y;
}

/// highest x^k + ... + last. Long ones take two coefficients at a time, which halves the chain of dependent steps, but
/// the last one by itself, for its step makes the error.
template <class P, class... C>
FUSEGRAD_INLINE P horner(P x, P highest, C... lower_coefficients) {
  constexpr int n = static_cast<int>(sizeof...(C));
  if constexpr (n < 7) {
    ((highest = fma(highest, x, P(lower_coefficients))), ...);
    return highest;
  } else {
    const typename P::value_type c[n] = {lower_coefficients...};
    constexpr int first = (n - 1) % 2;
    if constexpr (first == 1) highest = fma(highest, x, P(c[0]));
    return fma(horner_by_two<first>(highest, x, c, std::make_integer_sequence<int, (n - 1) / 2>{}), x, P(c[n - 1]));
  }
}

/// Within [low, high], but NaN stays NaN.
template <class P>
FUSEGRAD_INLINE P limited(P x, typename P::value_type low, typename P::value_type high) {
  return P(raw_min(P(high).v, raw_max(P(low).v, x.v)));
}
template <class P>
FUSEGRAD_INLINE P at_least(P x, typename P::value_type low) {
  return P(raw_max(P(low).v, x.v));
}
template <class P>
FUSEGRAD_INLINE P at_most(P x, typename P::value_type high) {
  return P(raw_min(P(high).v, x.v));
}

/// 2^(n + More) for an integral n, within the normal exponents.
template <int More = 0, class P>
FUSEGRAD_INLINE P power_of_two(P n) {
  using T = typename P::value_type;
  using I = pack<int_like<T>, P::width>;
  // The shift's own bits above the integer fall off the left end.
  return bit_cast<T>((bit_cast<int_like<T>>(settled(n) + P(integer_shift<T>)) + I(exponent_bias<T> + More))
                     << mantissa_bits<T>);
}

/// y * 2^n for an integral n, |n| at most twice the largest exponent; rounded once.
template <class P>
FUSEGRAD_INLINE P scaled(P y, P n) {
  if constexpr (has_avx512) {
    return P(scale_exponent(y.v, n.v));
  } else {
    using T = typename P::value_type;
    const P half = settled(fma(n, P(T(0.5)), P(integer_shift<T>)) - P(integer_shift<T>));
    return y * power_of_two(half) * power_of_two(n - half);
  }
}

/// The same where n is not positive, and at least the exponent of the smallest number.
template <class P>
FUSEGRAD_INLINE P scaled_down(P y, P n) {
  if constexpr (has_avx512) {
    return P(scale_exponent(y.v, n.v));
  } else {
    using T = typename P::value_type;
    constexpr int lift = sizeof(T) == 4 ? 32 : 64;  // into the normal numbers
    return y * power_of_two<lift>(n) * P(T(1) / T(std::uint64_t{1} << (lift / 2)) / T(std::uint64_t{1} << (lift / 2)));
  }
}

template <class T>
inline constexpr T log2_e = T(1.4426950408889634);
// log(2) in two parts, the first short enough for exact products with every exponent.
template <class T>
inline constexpr T ln2_high = sizeof(T) == 4 ? T(0.693145751953) : T(0.69314718055989033019);
template <class T>
inline constexpr T ln2_low = sizeof(T) == 4 ? T(1.42860677e-6) : T(5.4979230187083712e-14);

alignas(64) inline constexpr float powers_f32[16] = {
    1.00000000f, 1.04427373f, 1.09050775f, 1.13878858f, 1.18920708f, 1.24185777f, 1.29683959f, 1.35425556f,
    1.41421354f, 1.47682619f, 1.54221082f, 1.61049032f, 1.68179286f, 1.75625217f, 1.83400810f, 1.91520655f};
alignas(64) inline constexpr double powers_f64[16] = {
    1.0000000000000000, 1.0442737824274138, 1.0905077326652577, 1.1387886347566916,
    1.1892071150027210, 1.2418578120734840, 1.2968395546510096, 1.3542555469368927,
    1.4142135623730951, 1.4768261459394993, 1.5422108254079407, 1.6104903319492543,
    1.6817928305074290, 1.7562521603732995, 1.8340080864093424, 1.9152065613971474};
/// 2^(j/16)
template <class T>
FUSEGRAD_INLINE constexpr const T* powers() {
  if constexpr (sizeof(T) == 4) return powers_f32;
  else return powers_f64;
}

/// (exp(r) - 1 - r) / r^2 for |r| <= log(2)/2.
template <class P>
FUSEGRAD_INLINE P exp_tail(P r) {
  if constexpr (sizeof(typename P::value_type) == 4) {
    return horner(r, P(0.00138189539f), 0.00836870447f, 0.0416682884f, 0.166665211f, 0.499999940f);
  } else {
    return horner(r, P(2.5004115548403746e-8), 2.7630502159522758e-7, 2.7557571936033161e-6, 2.4801492403617414e-5,
                  0.00019841269525998952, 0.0013888888944314027, 0.0083333333334828542, 0.041666666666527241,
                  0.16666666666666438, 0.50000000000000111);
  }
}

/// exp(x) = significand * 2^exponent for x that is neither infinite nor beyond the range of `limited` by much.
template <class P>
struct exp_parts {
  P significand, exponent;
};

template <class P>
FUSEGRAD_INLINE exp_parts<P> split_exp(P x) {
  using T = typename P::value_type;
  if constexpr (has_avx512) {
    const P shifted = fma(x, P(log2_e<T>), P(sixteenth_shift<T>));
    const P n = settled(shifted - P(sixteenth_shift<T>));
    const P r = fma(n, P(-ln2_low<T>), fma(n, P(-ln2_high<T>), x));
    const P power(lookup16(powers<T>(), shifted.v));
    P tail;
    if constexpr (sizeof(T) == 4) tail = horner(r, P(0.166667163f), 0.500016809f, 1.0f);
    else
      tail = horner(r, P(0.0013888593383817344), 0.0083334724753300806, 0.041666666693430131, 0.16666666664399948,
                    0.49999999999999600, 1.0);
    return {fma(power * r, tail, power), n};  // n keeps its sixteenths: scaling takes the floor
  } else {
    const P n = settled(fma(x, P(log2_e<T>), P(integer_shift<T>)) - P(integer_shift<T>));
    const P r = fma(n, P(-ln2_low<T>), fma(n, P(-ln2_high<T>), x));
    return {fma(exp_tail(r), r * r, r) + P(T(1)), n};
  }
}

template <class T>
inline constexpr T exp_lowest = sizeof(T) == 4 ? T(-104) : T(-746);  // below, exp is 0
template <class T>
inline constexpr T exp_highest = sizeof(T) == 4 ? T(89) : T(710);  // above, exp is infinite

struct exp_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P x) {
    using T = typename P::value_type;
    const auto e = split_exp(limited(x, exp_lowest<T>, exp_highest<T>));
    return scaled(e.significand, e.exponent);
  }
};

struct exp_nonpositive_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P x) {
    using T = typename P::value_type;
    const auto e = split_exp(at_least(x, exp_lowest<T>));
    return scaled_down(e.significand, e.exponent);
  }
};

struct decay_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P x) {
    using T = typename P::value_type;
    return exp_nonpositive_kernel::run(
        bit_cast<T>(bit_cast<int_like<T>>(x) | pack<int_like<T>, P::width>(sign_bit<T>)));
  }
};

/// Steps to which the exponent is rounded: what 2^r is computed from lies within half a step of 0.
template <class T>
inline constexpr T exponent_shift = has_avx512 ? sixteenth_shift<T> : integer_shift<T>;

/// 2^(n + r) for n a multiple of the step and r at most half a step; `shifted` is n + exponent_shift.
template <class P>
FUSEGRAD_INLINE P exp2_reduced(P n, [[maybe_unused]] P shifted, P r) {
  using T = typename P::value_type;
  P tail;
  if constexpr (has_avx512) {
    const P power(lookup16(powers<T>(), shifted.v));
    if constexpr (sizeof(T) == 4) tail = horner(r, P(0.0555023476f), 0.240234315f, 0.693147182f);
    else
      tail = horner(r, P(0.00015403341556180603), 0.0013333818915674965, 0.0096181291123078119, 0.055504108652122817,
                    0.24022650695909903, 0.69314718055994684);
    return scaled(fma(power * r, tail, power), n);
  } else {
    if constexpr (sizeof(T) == 4)
      tail = horner(r, P(0.000153267960f), 0.00133910240f, 0.00961850584f, 0.0555035956f, 0.240226477f, 0.693147182f);
    else
      tail = horner(r, P(4.4390529518747304e-10), 7.0733404170884083e-9, 1.0178159076944442e-7, 1.3215438213556577e-6,
                    1.5252733635928136e-5, 0.00015403530450291248, 0.0013333558146544052, 0.0096181291076005843,
                    0.055504108664821736, 0.24022650695910111, 0.69314718055994529);
    return scaled(fma(tail, r, P(T(1))), n);
  }
}

struct exp2_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P x) {
    using T = typename P::value_type;
    const P y = limited(x, sizeof(T) == 4 ? T(-151) : T(-1076), sizeof(T) == 4 ? T(129) : T(1025));
    const P shifted = settled(y + P(exponent_shift<T>));
    const P n = settled(shifted - P(exponent_shift<T>));
    return exp2_reduced(n, shifted, y - n);
  }
};

/// (exp(x) - 1) / 2^Halvings, accurate near 0, which also loses the sign of -0. x is limited to where it is finite.
template <int Halvings, class P>
FUSEGRAD_INLINE P part_of_expm1(P x) {
  using T = typename P::value_type;
  const P n = settled(fma(x, P(log2_e<T>), P(integer_shift<T>)) - P(integer_shift<T>));
  const P r = fma(n, P(-ln2_low<T>), fma(n, P(-ln2_high<T>), x));
  const P p = fma(exp_tail(r), r * r, r);
  const P power = power_of_two(n - P(T(Halvings)));
  return fma(power, p, power - P(T(1) / T(1 << Halvings)));
}

template <class T>
inline constexpr T expm1_lowest = sizeof(T) == 4 ? T(-20) : T(-40);  // below, expm1 is -1
template <class T>
inline constexpr T sinh_highest = sizeof(T) == 4 ? T(89.5) : T(710.6);  // above, sinh is infinite

struct expm1_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P x) {
    using T = typename P::value_type;
    // 2^128 would overflow before the product does
    const P half = part_of_expm1<1>(limited(x, expm1_lowest<T>, exp_highest<T>));
    return or_bits(half + half, sign_of(x));
  }
};

struct tanh_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P x) {
    using T = typename P::value_type;
    // With e = expm1(2|x|): tanh|x| = e / (e + 2). Beyond the limit the quotient rounds to 1.
    const P e = part_of_expm1<0>(at_most(abs(x + x), -expm1_lowest<T>));
    return or_bits(e / (e + P(T(2))), sign_of(x));
  }
};

struct sinh_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P x) {
    using T = typename P::value_type;
    // With e = expm1|x|: sinh|x| = (e + e / (e + 1)) / 2; a quarter of e is finite wherever sinh is.
    const P quarter = part_of_expm1<2>(at_most(abs(x), sinh_highest<T>));
    const P half = quarter + quarter / fma(quarter, P(T(4)), P(T(1)));
    return xor_sign(half + half, x);
  }
};

struct cosh_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P x) {
    using T = typename P::value_type;
    const auto e = split_exp(at_most(abs(x), sinh_highest<T>));
    const P half_exp = scaled(e.significand, e.exponent - P(T(1)));
    return half_exp + P(T(0.25)) / half_exp;
  }
};

}  // namespace detail

/// exp(x).
///
/// Error: 1.1 ulp in float, 1.2 in double.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> exp(pack<T, W> x) {
  return detail::at_kernel_size<detail::exp_kernel>(x);
}

/// exp(x) for x <= 0, -inf and NaN included; a little cheaper.
///
/// Error: 1.0 ulp in float, 1.2 in double.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> exp_nonpositive(pack<T, W> x) {
  return detail::at_kernel_size<detail::exp_nonpositive_kernel>(x);
}

/// exp(-|x|).
///
/// Error: 1.0 ulp in float, 1.2 in double.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> decay(pack<T, W> x) {
  return detail::at_kernel_size<detail::decay_kernel>(x);
}

/// 2^x; exact for integers.
///
/// Error: 1.0 ulp in float, 1.1 in double.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> exp2(pack<T, W> x) {
  return detail::at_kernel_size<detail::exp2_kernel>(x);
}

/// exp(x) - 1.
///
/// Error: 1.5 ulp in float, 2.0 in double.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> expm1(pack<T, W> x) {
  return detail::at_kernel_size<detail::expm1_kernel>(x);
}

/// Hyperbolic tangent.
///
/// Error: 2.7 ulp in float, 2.6 in double.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> tanh(pack<T, W> x) {
  return detail::at_kernel_size<detail::tanh_kernel>(x);
}
/// Hyperbolic sine.
///
/// Error: 2.4 ulp in float, 2.4 in double.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> sinh(pack<T, W> x) {
  return detail::at_kernel_size<detail::sinh_kernel>(x);
}
/// Hyperbolic cosine.
///
/// Error: 1.5 ulp in float, 1.6 in double.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> cosh(pack<T, W> x) {
  return detail::at_kernel_size<detail::cosh_kernel>(x);
}

}  // namespace FUSEGRAD_ISA
}  // namespace fusegrad::simd
