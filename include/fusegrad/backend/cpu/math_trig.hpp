// Trigonometric functions and their inverses.
// sin and cos reduce by whole multiples of pi, so that one odd polynomial and a sign give both; tan reduces by pi/2.
// Beyond the range in which the reduction keeps its digits the lanes go through the C library, one by one.
// The coefficients come from tests/oracle/minimax.py.
#pragma once

#include "math_exp.hpp"

namespace fusegrad::simd {
inline namespace FUSEGRAD_ISA {

namespace detail {

/// pi as a sum. With fma each product with an integer is exact by itself; without, the parts are short. All are
/// positive, which makes -0 less 0 pi remain -0.
template <class T>
struct pi_parts;
template <>
struct pi_parts<float> {
  static constexpr float value[4] = {
      has_fma ? 3.1415925025939941406f : 3.140625f, has_fma ? 1.5099578831723192707e-7f : 0.000967502593994140625f,
      has_fma ? 1.0780605059915529531e-14f : 1.5099067240953445435e-7f, has_fma ? 0.0f : 5.126688136514179206e-12f};
  static constexpr float limit = has_fma ? 1e5f : 1.2e4f;
};
template <>
struct pi_parts<double> {
  static constexpr double value[4] = {has_fma ? 3.141592653589793116 : 3.1415926534682512283,
                                      has_fma ? 1.2246467991473529607e-16 : 1.2154201012607931953e-10,
                                      has_fma ? 2.1657133478438277885e-32 : 4.0445324974223329116e-21,
                                      has_fma ? 0.0 : 1.695685532073779914e-31};
  static constexpr double limit = has_fma ? 1e9 : 3e6;
};

/// x - n Unit, where Unit is pi or half of it.
template <class P>
FUSEGRAD_INLINE P less_multiple_of_pi(P x, P n, typename P::value_type unit) {
  using T = typename P::value_type;
  using parts = pi_parts<T>;
  P r = fma(n, P(-unit * parts::value[0]), x);
  r = fma(n, P(-unit * parts::value[1]), r);
  r = fma(n, P(-unit * parts::value[2]), r);
  if constexpr (!has_fma) r = fma(n, P(-unit * parts::value[3]), r);
  return r;
}

/// sin(|r|) for |r| <= pi/2, with the sign bit of `sign`.
template <class P>
FUSEGRAD_INLINE P short_sin(P r, P sign) {
  using T = typename P::value_type;
  const P a = abs(r), z = a * a;
  P p;
  if constexpr (sizeof(T) == 4) p = horner(z, P(2.60608158e-6f), -0.000198097739f, 0.00833306927f, -0.166666597f);
  else
    p = horner(z, P(2.7216049048952044e-15), -7.6430343444520953e-13, 1.6058941465327268e-10, -2.5052106911192416e-8,
               2.7557319211615362e-6, -0.00019841269841212590, 0.0083333333333332066, -0.16666666666666666);
  return or_bits(fma(p, z * a, a), sign_of(sign));
}

/// The sign bit of r, flipped where the integer in the low bits of `shifted` is odd.
template <class P>
FUSEGRAD_INLINE P sign_of_half_turns(P r, P shifted) {
  using T = typename P::value_type;
  using I = int_like<T>;
  return bit_cast<T>(bit_cast<I>(r) ^ (bit_cast<I>(shifted) << (static_cast<int>(sizeof(T)) * 8 - 1)));
}

template <class T>
inline constexpr T one_over_pi = T(0.31830988618379069);

struct sin_kernel {
  template <class P>
  FUSEGRAD_INLINE static P regular(P x) {
    using T = typename P::value_type;
    const P shifted = fma(x, P(one_over_pi<T>), P(integer_shift<T>));
    const P r = less_multiple_of_pi(x, settled(shifted - P(integer_shift<T>)), T(1));
    return short_sin(r, sign_of_half_turns(r, shifted));
  }
  template <class T>
  FUSEGRAD_INLINE static T scalar(T x) {
    return sizeof(T) == 4 ? T(__builtin_sinf(float(x))) : T(__builtin_sin(double(x)));
  }
};

struct cos_kernel {
  template <class P>
  FUSEGRAD_INLINE static P regular(P x) {
    using T = typename P::value_type;
    // cos(x) = -sin(x - (n + 1/2) pi), with the sign of n's parity
    const P shifted = settled(fma(x, P(one_over_pi<T>), P(T(-0.5))) + P(integer_shift<T>));
    const P n = settled(shifted - P(integer_shift<T>));
    const P r = less_multiple_of_pi(x, n + P(T(0.5)), T(1));
    return short_sin(r, -sign_of_half_turns(r, shifted));
  }
  template <class T>
  FUSEGRAD_INLINE static T scalar(T x) {
    return sizeof(T) == 4 ? T(__builtin_cosf(float(x))) : T(__builtin_cos(double(x)));
  }
};

struct tan_kernel {
  template <class P>
  FUSEGRAD_INLINE static P regular(P x) {
    using T = typename P::value_type;
    using I = pack<int_like<T>, P::width>;
    const P shifted = fma(x, P(T(2) * one_over_pi<T>), P(integer_shift<T>));
    const P r = less_multiple_of_pi(x, settled(shifted - P(integer_shift<T>)), T(0.5));
    const P a = abs(r), z = a * a;
    P p;
    if constexpr (sizeof(T) == 4)
      p = horner(z, P(0.00939602312f), 0.00310212933f, 0.0244411342f, 0.0534082316f, 0.133388355f, 0.333331555f);
    else
      p = horner(z, P(2.0850803113654967e-5), -4.4824471275275623e-5, 8.9355140736879847e-5, -2.6279399538123648e-5,
                 0.00013644883640994402, 0.00022241768486475292, 0.00059505160317218362, 0.0014547611801420638,
                 0.0035922885319220324, 0.0088632192273178124, 0.021869489604298228, 0.053968253926877437,
                 0.13333333333414141, 0.33333333333332782);
    const P y = fma(p, z * a, a);
    const auto odd = (bit_cast<int_like<T>>(shifted) & I(int_like<T>{1})) != I(int_like<T>{0});
    const P sign = where(odd, -r, r);
    return or_bits(where(odd, P(T(1)) / y, y), sign_of(sign));
  }
  template <class T>
  FUSEGRAD_INLINE static T scalar(T x) {
    return sizeof(T) == 4 ? T(__builtin_tanf(float(x))) : T(__builtin_tan(double(x)));
  }
};

template <class Kernel, class T>
[[gnu::noinline, gnu::cold]] void lane_by_lane(const T* x, T* y, int count) {
  for (int i = 0; i < count; ++i) y[i] = Kernel::scalar(x[i]);
}

/// `Kernel::regular`, unless a lane is finite and too large for it.
template <class Kernel>
struct limited_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P x) {
    using T = typename P::value_type;
    if (__builtin_expect(any(P(pi_parts<T>::limit) < abs(x)), 0)) {
      T lanes[P::width];
      x.store(lanes);
      lane_by_lane<Kernel>(lanes, lanes, P::width);
      return P::load(lanes);
    }
    return Kernel::regular(x);
  }
};

// ------------------------------------------------------------------------------------------------------------ inverses

template <class T>
inline constexpr T half_pi = T(1.5707963267948966);
/// pi/2 - half_pi
template <class T>
inline constexpr T half_pi_rest = sizeof(T) == 4 ? T(-4.37113883e-8f) : T(6.123233995736766e-17);

/// arctan(t) for t in [0, 1].
template <class P>
FUSEGRAD_INLINE P short_atan(P t) {
  using T = typename P::value_type;
  const P z = t * t;
  P p;
  if constexpr (sizeof(T) == 4)
    p = horner(z, P(0.00292000733f), -0.0163651202f, 0.0432071835f, -0.075518094f, 0.106658116f, -0.142110065f,
               0.199937671f, -0.333331525f);
  else
    p = horner(z, P(-2.0280020974647026e-5), 0.00022322309922378637, -0.0011649335226588161, 0.0038582268438676591,
               -0.0091885596459855695, 0.016983146593255883, -0.025831640895982305, 0.034071274750648688,
               -0.040928263592797692, 0.046740271420161607, -0.052392570414580314, 0.058773132886253687,
               -0.066658612768774009, 0.076922130357833893, -0.09090901243411327, 0.11111110679129121,
               -0.1428571427134549, 0.199999999997552, -0.3333333333333186);
  return fma(p, z * t, t);
}

struct atan_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P x) {
    using T = typename P::value_type;
    const P a = abs(x), one(T(1));
    const P y = short_atan(P(raw_min(one.v, a.v)) / P(raw_max(one.v, a.v)));
    return or_bits(where(one < a, P(half_pi<T>) - (y - P(half_pi_rest<T>)), y), sign_of(x));
  }
};

struct atan2_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P y, P x) {
    using T = typename P::value_type;
    using I = pack<int_like<T>, P::width>;
    constexpr T least = sizeof(T) == 4 ? T(1.40129846e-45f) : T(4.9406564584124654e-324);
    const P a = abs(y), b = abs(x);
    const P smaller(raw_min(a.v, b.v)), larger(raw_max(a.v, b.v));
    // 0/0 and inf/inf are the slopes 0 and 1
    const P slope = where(smaller == P(infinity<T>), P(T(1)), smaller / P(raw_max(larger.v, P(least).v)));
    const P octant = short_atan(slope);
    const P quadrant = where(b < a, P(half_pi<T>) - (octant - P(half_pi_rest<T>)), octant);
    const auto left = bit_cast<int_like<T>>(x) < I(int_like<T>{0});
    const P angle = where(left, P(T(2) * half_pi<T>) - (quadrant - P(T(2) * half_pi_rest<T>)), quadrant);
    return where(unordered(x, y), x + y, or_bits(angle, sign_of(y)));
  }
};

/// arcsin(s) for s in [0, 1/2], z = s^2.
template <class P>
FUSEGRAD_INLINE P short_asin(P s, P z) {
  using T = typename P::value_type;
  P p;
  if constexpr (sizeof(T) == 4)
    p = horner(z, P(0.0421583876f), 0.0241847429f, 0.0454691537f, 0.0749530941f, 0.166667521f);
  else
    p = horner(z, P(0.031913280601342152), -0.016225773712044072, 0.019529264697928213, 0.0065275989954375222,
               0.01216930106997465, 0.013885221529090965, 0.017359706195696326, 0.022371757955157841,
               0.03038195914089209, 0.044642856828235496, 0.075000000003371259, 0.16666666666665408);
  return fma(p, z * s, s);
}

struct asin_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P x) {
    using T = typename P::value_type;
    // asin(a) = pi/2 - 2 asin(sqrt((1 - a) / 2))
    const P a = abs(x);
    const auto steep = P(T(0.5)) < a;
    const P z = where(steep, fma(a, P(T(-0.5)), P(T(0.5))), a * a);
    const P s = where(steep, P(sqrt(z.v)), a);
    const P y = short_asin(s, z);
    return or_bits(where(steep, P(half_pi<T>) - (y + y - P(half_pi_rest<T>)), y), sign_of(x));
  }
};

struct acos_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P x) {
    using T = typename P::value_type;
    const P a = abs(x);
    const auto steep = P(T(0.5)) < a;
    const P z = where(steep, fma(a, P(T(-0.5)), P(T(0.5))), a * a);
    const P s = where(steep, P(sqrt(z.v)), a);
    const P y = short_asin(s, z);
    // steep: 2 y or pi - 2 y; else pi/2 -+ y
    const P signed_y = xor_sign(where(steep, y + y, y), x);
    const P base = where(steep, where(x < P(T(0)), P(T(2) * half_pi<T>), P(T(0))), P(half_pi<T>));
    const P rest = where(steep, where(x < P(T(0)), P(T(2) * half_pi_rest<T>), P(T(0))), P(half_pi_rest<T>));
    return where(steep, base + (signed_y + rest), base - (signed_y - rest));
  }
};

}  // namespace detail

/// sin(x), x in radians.
///
/// Error: 1.8 ulp in float, 1.7 in double (2.5 and 2.0 without fma).
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> sin(pack<T, W> x) {
  return detail::at_kernel_size<detail::limited_kernel<detail::sin_kernel>>(x);
}

/// cos(x), x in radians.
///
/// Error: 1.8 ulp in float, 1.7 in double (2.3 and 1.9 without fma).
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> cos(pack<T, W> x) {
  return detail::at_kernel_size<detail::limited_kernel<detail::cos_kernel>>(x);
}

/// tan(x), x in radians.
///
/// Error: 3.0 ulp in float, 2.5 in double.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> tan(pack<T, W> x) {
  return detail::at_kernel_size<detail::limited_kernel<detail::tan_kernel>>(x);
}

/// In [-pi/2, pi/2]; NaN outside [-1, 1].
///
/// Error: 2.3 ulp in float, 2.3 in double.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> asin(pack<T, W> x) {
  return detail::at_kernel_size<detail::asin_kernel>(x);
}

/// In [0, pi]; NaN outside [-1, 1].
///
/// Error: 1.1 ulp in float, 1.2 in double.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> acos(pack<T, W> x) {
  return detail::at_kernel_size<detail::acos_kernel>(x);
}

/// In [-pi/2, pi/2].
///
/// Error: 1.5 ulp in float, 1.7 in double.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> atan(pack<T, W> x) {
  return detail::at_kernel_size<detail::atan_kernel>(x);
}

/// The angle of the point (x, y), in [-pi, pi]; zeros and infinities as in the C standard's annex F.
///
/// Error: 1.7 ulp in float, 1.8 in double.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> atan2(pack<T, W> y, pack<T, W> x) {
  return detail::at_kernel_size<detail::atan2_kernel>(y, x);
}

}  // namespace FUSEGRAD_ISA
}  // namespace fusegrad::simd
