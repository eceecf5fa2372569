// The error function and its complement.
// erfc(a) = exp(-a^2) h(a) with a smooth h, so that the far tail keeps its digits; erf near 0 is x times a polynomial.
// AVX-512 in single precision keeps piecewise polynomials in registers, one lookup a coefficient.
// The coefficients and tables come from tests/oracle/minimax.py.
#pragma once

#include "../../core/special_math.hpp"
#include "math_exp.hpp"

namespace fusegrad::simd {
inline namespace FUSEGRAD_ISA {

namespace detail {

/// a * a - square, where `square` is the rounded a * a.
template <class P>
FUSEGRAD_INLINE P square_error(P a, P square) {
  if constexpr (has_fma) {
    return fma(a, a, -square);
  } else {
    using T = typename P::value_type;
    using I = pack<int_like<T>, P::width>;
    constexpr int cleared = sizeof(T) == 4 ? 12 : 27;
    const P high = bit_cast<T>(bit_cast<int_like<T>>(a) & I(static_cast<int_like<T>>(-(int_like<T>{1} << cleared))));
    return settled(high * high - square) + settled(a - high) * (a + high);
  }
}

/// Piecewise polynomials: the middle of each piece and its coefficients there, the highest first.
alignas(64) inline constexpr float erfc_pieces[8][16] = {
    {1.25000215f, 1.74999487f, 2.25000024f, 2.75000572f, 3.50000787f, 4.49997139f, 5.49998474f, 6.49998331f,
     8.00000000f, 9.60002422f, 0.0f, 0.0f, 0.125000820f, 0.374998927f, 0.625002861f, 0.875002682f},
    {0.00359677477f, 0.00105673948f, 0.000358154182f, 0.000129232038f, 3.69255285e-5f, 8.70692020e-6f, 2.50986022e-6f,
     8.51860307e-7f, 2.24469716e-7f, 5.41354588e-8f, 0.0f, 0.0f, 0.106903650f, 0.0455580950f, 0.0205779765f,
     0.0135128638f},
    {-0.00922344625f, -0.00306347664f, -0.00115756120f, -0.000487410580f, -0.000159086907f, -4.41663360e-5f,
     -1.50602582e-5f, -6.02258660e-6f, -1.88856245e-6f, -6.50270977e-7f, 0.0f, 0.0f, -0.201931298f, -0.0926555842f,
     -0.0450628437f, -0.0228958223f},
    {0.0220103208f, 0.00840360392f, 0.00361831114f, 0.00171984278f, 0.000652606424f, 0.000221182403f, 8.94660698e-5f,
     4.12125992e-5f, 1.53948749e-5f, 6.40179769e-6f, 0.0f, 0.0f, 0.345780909f, 0.172429889f, 0.0905427411f,
     0.0497357063f},
    {-0.0502138957f, -0.0222586766f, -0.0110015273f, -0.00593407778f, -0.00267260824f, -0.00110454357f,
     -0.000529461948f, -0.000282726221f, -0.000127765379f, -6.30138311e-5f, 0.0f, 0.0f, -0.543407917f, -0.295422137f,
     -0.168828413f, -0.100915328f},
    {0.106795251f, 0.0557639822f, 0.0319926329f, 0.0197584834f, 0.0106610702f, 0.00541323144f, 0.00309103890f,
     0.00192022172f, 0.00105310360f, 0.000617733283f, 0.0f, 0.0f, 0.759461164f, 0.455613226f, 0.286586225f,
     0.187956721f},
    {-0.208821446f, -0.130976930f, -0.0884864926f, -0.0632374138f, -0.0413234234f, -0.0260162391f, -0.0177948587f,
     -0.0129055204f, -0.00861651078f, -0.00602478441f, 0.0f, 0.0f, -0.910072505f, -0.613987207f, -0.432360172f,
     -0.315832883f},
    {0.367822468f, 0.284972906f, 0.231087238f, 0.193661734f, 0.155293331f, 0.122485548f, 0.100962490f, 0.0858058855f,
     0.0699851662f, 0.0584558100f, 0.0f, 0.0f, 0.873221099f, 0.685857892f, 0.556812644f, 0.464310735f}};
alignas(64) inline constexpr float erf_pieces[7][16] = {
    {0.125000134f, 0.374998271f, 0.624997616f, 0.874999404f, 1.12499738f, 1.37499416f, 1.62499893f, 1.87500536f,
     2.12500429f, 2.37500024f, 2.62500381f, 2.87499809f, 3.12499213f, 3.37500811f, 3.62499738f, 3.87498832f},
    {-0.0194615219f, -0.0461460389f, -0.0463794693f, -0.0254971944f, -0.000562367088f, 0.0143801887f, 0.0168335661f,
     0.0120945526f, 0.00586803863f, 0.00164510764f, -0.000279852800f, -0.000880400359f, -0.000813231920f,
     -0.000615833327f, -0.000440896780f, -0.000273538782f},
    {0.106097326f, 0.0627212375f, 0.00196578819f, -0.0444276854f, -0.0603661165f, -0.0504490323f, -0.0297755357f,
     -0.0112572480f, -0.000116401279f, 0.00438337028f, 0.00504410174f, 0.00421381090f, 0.00312908995f, 0.00223499932f,
     0.00159005541f, 0.00114855485f},
    {0.0553777255f, 0.142982870f, 0.175342977f, 0.151600838f, 0.0962282866f, 0.0390347056f, -0.00137197878f,
     -0.0213130452f, -0.0262697153f, -0.0236374754f, -0.0186938066f, -0.0140001150f, -0.0103349509f, -0.00767564960f,
     -0.00578512391f, -0.00443476206f},
    {-0.365643084f, -0.288496405f, -0.165265843f, -0.0397306941f, 0.0541915633f, 0.104266904f, 0.117074557f,
     0.107400812f, 0.0888629630f, 0.0698713735f, 0.0539596379f, 0.0417537652f, 0.0326965526f, 0.0259981789f,
     0.0209907070f, 0.0171861202f},
    {-0.0931550488f, -0.259445071f, -0.373896599f, -0.424389362f, -0.419026464f, -0.377614647f, -0.321013778f,
     -0.264273793f, -0.215057343f, -0.175459549f, -0.144657210f, -0.120876409f, -0.102378778f, -0.0877871364f,
     -0.0760993585f, -0.0665976033f},
    {1.12252963f, 1.07764554f, 0.997186303f, 0.896086037f, 0.789679527f, 0.689580441f, 0.602119565f, 0.529059947f,
     0.469338357f, 0.420722932f, 0.380873591f, 0.347809672f, 0.319997638f, 0.296295047f, 0.275862187f, 0.258065283f}};

/// The polynomial of the piece that the low four bits of `index` name.
template <int Rows, class P>
FUSEGRAD_INLINE P piecewise(const float (&pieces)[Rows][16], P index, P a) {
  const P d = a - P(lookup16(pieces[0], index.v));
  P y(lookup16(pieces[1], index.v));
  for (int row = 2; row < Rows; ++row) y = fma(y, d, P(lookup16(pieces[row], index.v)));
  return y;
}

template <class P>
struct corrected {
  P value, error;  // the better value is value * (1 + error)
};

/// erfc(a) / exp(-a^2) for a in [0, 10.1] (float) or [0, 27.3] (double).
template <class P>
FUSEGRAD_INLINE corrected<P> scaled_erfc(P a) {
  using T = typename P::value_type;
  if constexpr (has_avx512 && sizeof(T) == 4) {
    // four pieces for each octave of 1 + a
    const P index = bit_cast<T>(bit_cast<std::int32_t>(a + P(1.0f)) >> 21);
    return {piecewise(erfc_pieces, index, a), P(0.0f)};
  } else {
    // A polynomial in q = (a - 4) / (a + 4). Near a = 0 it would double the errors of the quotient, so these are
    // carried along.
    const P sum = settled(a + P(T(4))), inverse = P(T(1)) / sum;
    const P lost = a - settled(sum - P(T(4)));
    P error = -lost * inverse;
    if constexpr (has_fma) error = error + fma(-sum, inverse, P(T(1)));
    const P q = fma(inverse * P(T(-8)), error, fma(inverse, P(T(-8)), P(T(1))));
    P y;
    constexpr auto& c = math::erfc_by_quotient;
    if constexpr (sizeof(T) == 4) y = horner(q, P(c[0]), c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8], c[9], c[10]);
    else
      y = horner(q, P(2.8293539559587637e-11), -4.0050834897389257e-9, -1.6653623555123669e-8, 1.1782586355893702e-8,
                 1.3232750712598911e-7, -8.7409201600433360e-8, -8.5837405467452444e-7, 1.4310321569606308e-6,
                 4.7036013943323274e-6, -1.8863082867990351e-5, -3.6392659247464771e-6, 0.00017681318745858222,
                 -0.00045505155844228345, -0.00028095888677142440, 0.0061120554664465081, -0.026370053342340424,
                 0.076381514927749083, -0.17401093723963001, 0.33085158787708957, -0.54085383131324416,
                 0.77320870226525507, -0.97654872908088197, 1.0959956610004911);
    return {y * inverse, error};
  }
}

struct erfc_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P x) {
    using T = typename P::value_type;
    const P a = at_most(abs(x), sizeof(T) == 4 ? T(10.1) : T(27.3));  // beyond, erfc is 0
    const P square = a * a;
    const auto e = split_exp(-square);
    const auto h = scaled_erfc(a);
    const P product = e.significand * h.value;
    const P y = scaled(fma(product, h.error - square_error(a, square), product), e.exponent);
    return where(x < P(T(0)), P(T(2)) - y, y);
  }
};

struct normal_tail_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P x) {
    using T = typename P::value_type;
    constexpr T half = T(0.5), root_half = T(0.70710678118654752);
    const auto h = scaled_erfc(at_most(x * P(root_half), sizeof(T) == 4 ? T(10.1) : T(27.3)));
    const P y = h.value * P(half);
    if constexpr (has_avx512 && sizeof(T) == 4) return y;
    else return fma(y, h.error, y);
  }
};

struct erf_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P x) {
    using T = typename P::value_type;
    if constexpr (sizeof(T) == 4) {
      if constexpr (has_avx512) {
        // sixteen pieces of erf(a)/a; 4 + a has the number of the quarter in its leading bits
        const P a = at_most(abs(x), 3.99999952f);
        const P index = bit_cast<T>(bit_cast<std::int32_t>(a + P(4.0f)) >> 19);
        return or_bits(at_most(piecewise(erf_pieces, index, a) * a, 1.0f), sign_of(x));
      } else {
        const P a = at_most(abs(x), 4.0f);
        const P z = a * a;
        const P small = a * horner(z, P(-0.000533571641f), 0.00486067217f, -0.0266729910f, 0.112791233f, -0.376122236f,
                                   1.12837911f);
        const auto e = split_exp(horner(a, P(0.000199347327f), -0.00307639246f, 0.0223580226f, -0.104201108f,
                                        -0.636878073f, -1.12785447f, -0.000152840861f));
        const P large = P(1.0f) - scaled(e.significand, e.exponent);
        return or_bits(where(a < P(0.9f), small, large), sign_of(x));
      }
    } else {
      const P a = at_most(abs(x), 6.0);
      const P z = a * a;
      const P small = a * horner(z, P(-7.5943071099796838e-10), 1.3610477586720829e-8, -1.6182779001575811e-7,
                                 1.6444020333278095e-6, -1.4924457201377175e-5, 0.00012055280157883337,
                                 -0.00085483254766813711, 0.0052239775966174632, -0.026866170641950501,
                                 0.11283791670936927, -0.37612638903183343, 1.1283791670955126);
      const P inverse = P(1.0) / (a + P(2.0));
      const P h =
          inverse * horner((a - P(2.0)) * inverse, P(-4.8287531445433027e-6), 3.9839546650850707e-5,
                           0.00014411335874983409, 3.3727337003185670e-5, -0.00066318180813583298,
                           -0.00083728459435803782, 0.0030906167412706113, 0.0064791852824986167, -0.021510661935083008,
                           -0.036442231511039598, 0.27947209255609734, -0.68716068441380196, 1.0215827052420230);
      const auto e = split_exp(-z);
      const P large = P(1.0) - scaled(e.significand * h, e.exponent);
      return or_bits(where(a < P(1.0), small, large), sign_of(x));
    }
  }
};

}  // namespace detail

/// The error function.
///
/// Error: 2.3 ulp in float, 1.6 in double.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> erf(pack<T, W> x) {
  return detail::at_kernel_size<detail::erf_kernel>(x);
}

/// 1 - erf(x), with full relative accuracy where it is tiny.
///
/// Error: 3.8 ulp in float, 4.2 in double (5.7 and 5.8 without fma).
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> erfc(pack<T, W> x) {
  return detail::at_kernel_size<detail::erfc_kernel>(x);
}

/// Phi(-x) exp(x^2/2) for x >= 0; from 14.2 on (float) or 38.6 (double) what it is there.
///
/// Error: 1.6 ulp in float, 3.3 in double (3.0 and 3.3 on AVX2, 4.9 and 4.8 without fma).
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> normal_tail(pack<T, W> x) {
  return detail::at_kernel_size<detail::normal_tail_kernel>(x);
}

}  // namespace FUSEGRAD_ISA
}  // namespace fusegrad::simd
