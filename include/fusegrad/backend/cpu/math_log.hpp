// Logarithms: log, log2, log10, log1p.
// x = m 2^e with m near 1. AVX-512 multiplies m by a tabulated c near 1/m, so that m c - 1 is small and a short
// polynomial does; the table's values were chosen such that their logarithms are almost exactly representable.
// The coefficients and tables come from tests/oracle/minimax.py.
#pragma once

#include "math_exp.hpp"

namespace fusegrad::simd {
inline namespace FUSEGRAD_ISA {

namespace detail {

/// x = m 2^e.
template <class P>
struct split {
  P m, e;
};

/// m in [lowest, 2 lowest) for positive normal finite x.
template <class P>
FUSEGRAD_INLINE split<P> split_above(P x, typename P::value_type lowest) {
  using T = typename P::value_type;
  using I = pack<int_like<T>, P::width>;
  using U = vec<std::make_unsigned_t<int_like<T>>, P::width>;
  const I base(__builtin_bit_cast(int_like<T>, lowest));
  const I distance = bit_cast<int_like<T>>(x) - base;
  // Biased so that it is positive, the exponent becomes the low bits of a number whose last bit is worth 1.
  const I biased = distance + I(static_cast<int_like<T>>(exponent_bias<T> << mantissa_bits<T>));
  const I one_bits(__builtin_bit_cast(int_like<T>, integral_from<T>));
  const I shifted = I((typename I::vector)((U)biased.v >> mantissa_bits<T>));
  const P e = bit_cast<T>(shifted | one_bits) - P(integral_from<T> + T(exponent_bias<T>));
  const I mantissa_mask(static_cast<int_like<T>>((int_like<T>{1} << mantissa_bits<T>)-1));
  return {bit_cast<T>((distance & mantissa_mask) + base), e};
}

/// m in [3/4, 3/2) for positive normal finite x; on AVX-512 for every x, as `mantissa_of` and `exponent_of` say.
template <class P>
FUSEGRAD_INLINE split<P> split_at_three_quarters(P x) {
  if constexpr (has_avx512) {
    const P m(mantissa_of(x.v));
    return {m, P(exponent_of(x.v)) - P(exponent_of(m.v))};
  } else {
    return split_above(x, typename P::value_type(0.75));
  }
}

/// Entry j is for numbers in [1 + j/16, 1 + (j+1)/16), divided by 2 from j = 8 on.
template <class T>
struct log_table {
  T factor[16];     // c
  T logarithm[16];  // -log(c)
};

alignas(64) inline constexpr log_table<float> natural_f32 = {
    {1.00000000f, 0.914179265f, 0.864982545f, 0.820661068f, 0.780449152f, 0.744031608f, 0.711086273f, 0.681020498f,
     1.30614460f, 1.25516284f, 1.20758951f, 1.16362619f, 1.12307632f, 1.08439147f, 1.04952693f, 1.00000000f},
    {0.0f, 0.0897285938f, 0.145045951f, 0.197645083f, 0.247885689f, 0.295671761f, 0.340961516f, 0.384162873f,
     -0.267079741f, -0.227265313f, -0.188626230f, -0.151541159f, -0.116071634f, -0.0810189769f, -0.0483395196f, 0.0f}};
alignas(64) inline constexpr log_table<double> natural_f64 = {
    {1.0000000000000000, 0.91428571428571437, 0.86486486486486513, 0.82051282051248764, 0.78048780487804903,
     0.74418604651129505, 0.71111111111111136, 0.68085106382978700, 1.3061224489795902, 1.2549019607843144,
     1.2075471698113209, 1.1636363636356981, 1.1228070175445255, 1.0847457627125305, 1.0491803278695184,
     1.0000000000000000},
    {0.0, 0.089612158689687041, 0.14518200984449758, 0.19782574333032557, 0.24783616390458094, 0.29546421289428315,
     0.34092658697059286, 0.38441169891033239, -0.26706278524904398, -0.22705745063534660, -0.18859116980755017,
     -0.15154989812662900, -0.11583181552571473, -0.081345639454566493, -0.048009219186995356, 0.0}};
/// The same without the halving, for numbers in [1, 2).
alignas(64) inline constexpr log_table<float> from_one_f32 = {
    {1.00000000f, 0.914179265f, 0.864982545f, 0.820661068f, 0.780449152f, 0.744031608f, 0.711086273f, 0.681020498f,
     0.652947783f, 0.627575815f, 0.603858888f, 0.581756234f, 0.561426818f, 0.542515874f, 0.524453163f, 0.507909000f},
    {0.0f, 0.0897285938f, 0.145045951f, 0.197645083f, 0.247885689f, 0.295671761f, 0.340961516f, 0.384162873f,
     0.426258117f, 0.465890795f, 0.504414737f, 0.541703761f, 0.577273846f, 0.611537933f, 0.645399153f, 0.677452981f}};
alignas(64) inline constexpr log_table<double> from_one_f64 = {
    {1.0000000000000000, 0.91428571428571437, 0.86486486486486513, 0.82051282051248764, 0.78048780487804903,
     0.74418604651129505, 0.71111111111111136, 0.68085106382978700, 0.65306122448946369, 0.62745098039182468,
     0.60377358490599298, 0.58181818181818057, 0.56140350877192857, 0.54237288135593242, 0.52459016393442681,
     0.50793650793650624},
    {0.0, 0.089612158689687041, 0.14518200984449758, 0.19782574333032557, 0.24783616390458094, 0.29546421289428315,
     0.34092658697059286, 0.38441169891033239, 0.42608439531140879, 0.46608972992512865, 0.50455601075184442,
     0.54159728243274652, 0.57731536503482583, 0.61180154110599250, 0.64513796137358359, 0.67739882359180947}};
alignas(64) inline constexpr log_table<float> binary_f32 = {
    {1.00000000f, 0.914180100f, 0.864696205f, 0.820501029f, 0.780451536f, 0.744180262f, 0.711243570f, 0.680757821f,
     1.30610323f, 1.25497186f, 1.20725596f, 1.16394758f, 1.12315786f, 1.08470762f, 1.04888546f, 1.00000000f},
    {0.0f, 0.129449680f, 0.209734738f, 0.285422951f, 0.357619047f, 0.426275969f, 0.491584390f, 0.554786444f,
     -0.385268927f, -0.327655017f, -0.271731585f, -0.219026089f, -0.167560712f, -0.117306218f, -0.0688571483f, 0.0f}};
alignas(64) inline constexpr log_table<double> binary_f64 = {
    {1.0000000000000000, 0.91428571428595540, 0.86486486486478931, 0.82051282051311136, 0.78048780487833802,
     0.74418604651194353, 0.71111111111139036, 0.68085106382970995, 1.3061224489799892, 1.2549019607840792,
     1.2075471698113402, 1.1636363636357272, 1.1228070175444838, 1.0847457627119295, 1.0491803278685576,
     1.0000000000000000},
    {0.0, 0.12928301694458599, 0.20945336562907582, 0.28540221886173694, 0.35755200461754905, 0.42626475470148606,
     0.49185309632910817, 0.55458885167780114, -0.38529015588523069, -0.32757465802823482, -0.27207954543682411,
     -0.21864028647455133, -0.16710998583606024, -0.11735695063824526, -0.069262662436708325, 0.0}};
alignas(64) inline constexpr log_table<float> decimal_f32 = {
    {1.00000000f, 0.914241552f, 0.864874065f, 0.820471525f, 0.780549288f, 0.744207501f, 0.711016536f, 0.680800736f,
     1.30629969f, 1.25485384f, 1.20751595f, 1.16357541f, 1.12308478f, 1.08468926f, 1.04940152f, 1.00000000f},
    {0.0f, 0.0389390439f, 0.0630471259f, 0.0859364867f, 0.107599668f, 0.128305957f, 0.148120299f, 0.166979983f,
     -0.116042823f, -0.0985931456f, -0.0818928778f, -0.0657945350f, -0.0504125431f, -0.0353053398f, -0.0209416896f,
     0.0f}};
alignas(64) inline constexpr log_table<double> decimal_f64 = {
    {1.0000000000000000, 0.91428571428554628, 0.86486486486515612, 0.82051282051292174, 0.78048780487800673,
     0.74418604651135545, 0.71111111111079583, 0.68085106382998828, 1.3061224489795475, 1.2549019607836693,
     1.2075471698115157, 1.1636363636368803, 1.1228070175440052, 1.0847457627118657, 1.0491803278689231,
     1.0000000000000000},
    {0.0, 0.038918066030449464, 0.063051745746942764, 0.085914628706539653, 0.10763387839985292, 0.12831847725983955,
     0.14806253545563025, 0.16694787961568325, -0.11598389395535878, -0.098609797885727796, -0.081904104383168225,
     -0.065817284489836148, -0.050305118311452089, -0.035327962341743513, -0.020850138973149388, 0.0}};

/// A number in [3/4, 3/2) or [1, 2) as (1 + r) / c: r and -log(c).
template <class P>
struct near_one {
  P r, logarithm, factor;
};
template <class P, class T>
FUSEGRAD_INLINE near_one<P> towards_one(P m, P indexed_by, const log_table<T>& table) {
  const P index = bit_cast<T>(bit_cast<int_like<T>>(indexed_by) >> (mantissa_bits<T> - 4));
  const P factor(lookup16(table.factor, index.v));
  return {fma(m, factor, P(T(-1))), P(lookup16(table.logarithm, index.v)), factor};
}

/// (log(1 + r) - r) / r^2 for r in [-1/32, 1/16].
template <class P>
FUSEGRAD_INLINE P short_log_tail(P r) {
  if constexpr (sizeof(typename P::value_type) == 4) {
    return horner(r, P(0.188546866f), -0.250074297f, 0.333344638f, -0.5f);
  } else {
    return horner(r, P(-0.087309566980257797), 0.11070260085380942, -0.12501908070891674, 0.14285824493037036,
                  -0.16666666172251210, 0.19999999923496187, -0.24999999999826938, 0.33333333333348586,
                  -0.50000000000000033);
  }
}

template <class T>
inline constexpr T root_half = T(0.70710678118654752);

/// log(1 + f) for 1 + f in [sqrt(1/2), sqrt(2)), as a large and a small part.
template <class P>
struct two_parts {
  P large, small;
};
template <class P>
FUSEGRAD_INLINE two_parts<P> log_near_one(P f) {
  using T = typename P::value_type;
  if constexpr (sizeof(T) == 4) {
    const P tail = horner(f, P(-0.0763610974f), 0.127636015f, -0.131604359f, 0.142014429f, -0.166233078f, 0.200012445f,
                          -0.250008225f, 0.333333313f);
    const P square = f * f;
    return {f, fma(tail, f * square, P(-0.5f) * square)};
  } else {
    // log(1 + f) = f - f^2/2 + s (f^2/2 + s^2 q(s^2)) with s = f / (2 + f)
    const P s = f / (f + P(2.0));
    const P z = s * s;
    const P q = horner(z, P(0.14795497670898761), 0.15314096691052775, 0.18183562455786281, 0.22222198611430857,
                       0.28571428741976851, 0.39999999999416819, 0.66666666666667340);
    const P half_square = P(0.5) * f * f;
    return {f, s * fma(z, q, half_square) - half_square};
  }
}

/// Replaces what `value` holds for an x that is not positive and finite.
template <class P>
FUSEGRAD_INLINE P log_special(P x, P value) {
  using T = typename P::value_type;
  const P y = where(x == P(T(0)), P(-infinity<T>), value);
  const P z = where(x < P(T(0)), P(not_a_number<T>), y);
  return where(x < P(infinity<T>), z, x);  // +inf and NaN
}

struct combine_natural {
  template <class P>
  FUSEGRAD_INLINE static P run(two_parts<P> l, P e) {
    using T = typename P::value_type;
    return fma(e, P(ln2_high<T>), l.large + fma(e, P(ln2_low<T>), l.small));
  }
};
struct combine_binary {
  template <class P>
  FUSEGRAD_INLINE static P run(two_parts<P> l, P e) {
    using T = typename P::value_type;
    // log2(e) = 1 + 0.44...: one product less whose rounding shows
    const P rest = fma(l.large, P(T(0.44269504088896341)), l.small * P(log2_e<T>));
    return e + (l.large + rest);
  }
};
struct combine_decimal {
  template <class P>
  FUSEGRAD_INLINE static P run(two_parts<P> l, P e) {
    using T = typename P::value_type;
    constexpr T log10_e = T(0.43429448190325183);
    constexpr T high = sizeof(T) == 4 ? T(0.30103302002) : T(0.30102999566395283182);
    constexpr T low = sizeof(T) == 4 ? T(-3.02435555e-6) : T(2.8363394551044964e-14);
    const P rest = fma(l.large, P(log10_e), fma(l.small, P(log10_e), e * P(low)));
    return fma(e, P(high), rest);
  }
};

/// `Combine` turns log(m) and e into the logarithm that is wanted.
template <class Combine, class P>
FUSEGRAD_INLINE P log_of_parts(P x) {
  using T = typename P::value_type;
  const auto subnormal = x < P(least_normal<T>);
  const auto parts = split_above(where(subnormal, x * P(integral_from<T>), x), root_half<T>);
  const P e = parts.e - where(subnormal, P(T(mantissa_bits<T>)), P(T(0)));
  return log_special(x, Combine::run(log_near_one(parts.m - P(T(1))), e));
}

/// log(1 + x) for finite x > -1.
template <class P>
FUSEGRAD_INLINE P log1p_regular(P x) {
  using T = typename P::value_type;
  const P larger = P(raw_max(P(T(1)).v, x.v)), smaller = P(raw_min(P(T(1)).v, x.v));
  const P u = settled(larger + smaller);
  const P lost = smaller - settled(u - larger);
  const auto parts = split_above(u, root_half<T>);
  const P scale = power_of_two(-at_most(parts.e, T(64)));  // of larger u nothing is lost that shows
  return combine_natural::run(log_near_one(fma(lost, scale, parts.m - P(T(1)))), parts.e);
}

struct log_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P x) {
    using T = typename P::value_type;
    if constexpr (has_avx512) {
      // Zeros, infinities, negative numbers and NaN come out right by what the instructions return for them.
      const auto [m, e] = split_at_three_quarters(x);
      near_one<P> y;
      if constexpr (sizeof(T) == 4) y = towards_one(m, m, natural_f32);
      else y = towards_one(m, m, natural_f64);
      const P base = fma(e, P(T(0.69314718055994531)), y.logarithm);
      return base + fma(short_log_tail(y.r), y.r * y.r, y.r);
    } else {
      return log_of_parts<combine_natural>(x);
    }
  }
};

struct log2_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P x) {
    using T = typename P::value_type;
    if constexpr (has_avx512) {
      const auto [m, e] = split_at_three_quarters(x);
      if constexpr (sizeof(T) == 4) {
        const auto y = towards_one(m, m, binary_f32);
        const P p = horner(y.r, P(0.263252199f), -0.360948592f, 0.480960011f, -0.721347570f, 1.44269502f);
        return fma(p, y.r, e + y.logarithm);
      } else {
        const auto y = towards_one(m, m, binary_f64);
        const P p = horner(y.r, P(-0.12619283143635890), 0.15982012498479339, -0.18037539835775457, 0.20610107921721291,
                           -0.24044915039597595, 0.28853900656453657, -0.36067376022565500, 0.48089834696344491,
                           -0.72134752044448169, 1.4426950408889634);
        return fma(p, y.r, e + y.logarithm);
      }
    } else {
      return log_of_parts<combine_binary>(x);
    }
  }
};

struct log10_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P x) {
    using T = typename P::value_type;
    if constexpr (has_avx512) {
      const auto [m, e] = split_at_three_quarters(x);
      if constexpr (sizeof(T) == 4) {
        const auto y = towards_one(m, m, decimal_f32);
        const P p = horner(y.r, P(0.0860062540f), -0.108543560f, 0.144748822f, -0.217147231f, 0.434294492f);
        return fma(p, y.r, fma(e, P(0.301029996f), y.logarithm));
      } else {
        const auto y = towards_one(m, m, decimal_f64);
        const P p = horner(y.r, P(-0.037684991111421706), 0.048097044538087094, -0.054300957744351327,
                           0.062042754550448449, -0.072382404049066415, 0.086858895682716777, -0.10857362047740515,
                           0.14476482730130502, -0.21714724095162591, 0.43429448190325182);
        return fma(p, y.r, fma(e, P(0.30102999566398120), y.logarithm));
      }
    } else {
      return log_of_parts<combine_decimal>(x);
    }
  }
};

struct log1p_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P x) {
    using T = typename P::value_type;
    if constexpr (has_avx512) {
      // 1 + x = u + lost, exactly; at_most also turns inf - inf into a number.
      const P larger = P(raw_max(P(T(1)).v, x.v)), smaller = P(raw_min(P(T(1)).v, x.v));
      const P u = settled(larger + smaller);
      const P lost = smaller - P(raw_min((u - larger).v, P(T(1)).v));
      const auto [m, e] = split_at_three_quarters(u);
      near_one<P> y;
      if constexpr (sizeof(T) == 4) y = towards_one(m, m, natural_f32);
      else y = towards_one(m, m, natural_f64);
      // nothing is lost of u = 0, but 0 times infinity would be NaN
      const P r = fma(P(scale_exponent(lost.v, at_most(-e, T(64)).v)), y.factor, y.r);
      const P base = fma(e, P(T(0.69314718055994531)), y.logarithm);
      return or_bits(base + fma(short_log_tail(r), r * r, r), sign_of(x));  // the sign of -0 is lost on the way
    } else {
      const P y = or_bits(log1p_regular(x), sign_of(x));
      const P z = where(P(T(-1)) < x, y, where(x == P(T(-1)), P(-infinity<T>), P(not_a_number<T>)));
      return where(x < P(infinity<T>), z, x);
    }
  }
};

struct log_1p2_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P x) {
    using T = typename P::value_type;
    if constexpr (has_avx512) {
      // The index comes from 1 + x, kept below 2; r = x c + (c - 1) keeps all digits of a small x.
      const P u(raw_min(P(T(2) - T(2) / integral_from<T>).v, (x + P(T(1))).v));
      near_one<P> y;
      if constexpr (sizeof(T) == 4) y = towards_one(x, u, from_one_f32);
      else y = towards_one(x, u, from_one_f64);
      const P r = fma(x, y.factor, y.factor - P(T(1)));
      return y.logarithm + fma(short_log_tail(r), r * r, r);
    } else {
      if constexpr (sizeof(typename P::value_type) == 4) {
        const P tail = horner(x, P(-0.00328975124f), 0.0200834498f, -0.0574528389f, 0.106607728f, -0.153447255f,
                              0.196920678f, -0.249580160f, 0.333304644f, -0.499999315f);
        return fma(tail, x * x, x);
      } else {
        return log1p_regular(x);
      }
    }
  }
};

}  // namespace detail

/// log(x). 0: -inf; negative: NaN.
///
/// Error: 1.4 ulp in float, 1.9 in double.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> log(pack<T, W> x) {
  return detail::at_kernel_size<detail::log_kernel>(x);
}

/// Logarithm to base 2; exact for powers of 2.
///
/// Error: 1.6 ulp in float, 1.6 in double.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> log2(pack<T, W> x) {
  return detail::at_kernel_size<detail::log2_kernel>(x);
}

/// Logarithm to base 10.
///
/// Error: 2.5 ulp in float, 1.4 in double (2.5 and 2.1 without fma).
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> log10(pack<T, W> x) {
  return detail::at_kernel_size<detail::log10_kernel>(x);
}

/// log(1 + x), accurate near 0. -1: -inf; below: NaN.
///
/// Error: 1.7 ulp in float, 1.9 in double.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> log1p(pack<T, W> x) {
  return detail::at_kernel_size<detail::log1p_kernel>(x);
}

/// log(1 + x) for x in [0, 1] or NaN only.
///
/// Error: 1.0 ulp in float, 1.4 in double (1.5 and 1.4 without fma).
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> log_1p2(pack<T, W> x) {
  return detail::at_kernel_size<detail::log_1p2_kernel>(x);
}

/// log(exp(x) + exp(y)). Error: 2 ulp of the larger operand, and of the result.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> logaddexp(pack<T, W> x, pack<T, W> y) {
  return max(x, y) + log_1p2(decay(where(x == y, pack<T, W>(0), x - y)));
}

}  // namespace FUSEGRAD_ISA
}  // namespace fusegrad::simd
