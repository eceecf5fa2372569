// Vector math for the hand-written AVX-512 rivals: just what the workloads need, inlined.
// Accuracy: a few ulp, relative, on the ranges the workloads reach; coefficients come from
// coefficients.py. Must not include anything of fusegrad: this is what fusegrad is compared with.
#pragma once

#include <immintrin.h>

#include <cstddef>

#define HAND_INLINE inline __attribute__((always_inline))

namespace hand::avx512 {

using f32 = __m512;
using f64 = __m512d;

constexpr int nearest = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;

// ---- one vocabulary for both widths --------------------------------------------------------

template <class V>
V broadcast(double x);
template <>
HAND_INLINE f32 broadcast<f32>(double x) {
  return _mm512_set1_ps(static_cast<float>(x));
}
template <>
HAND_INLINE f64 broadcast<f64>(double x) {
  return _mm512_set1_pd(x);
}

HAND_INLINE f32 fma(f32 a, f32 b, f32 c) { return _mm512_fmadd_ps(a, b, c); }
HAND_INLINE f64 fma(f64 a, f64 b, f64 c) { return _mm512_fmadd_pd(a, b, c); }
HAND_INLINE f32 fms(f32 a, f32 b, f32 c) { return _mm512_fmsub_ps(a, b, c); }
HAND_INLINE f64 fms(f64 a, f64 b, f64 c) { return _mm512_fmsub_pd(a, b, c); }
HAND_INLINE f32 fnma(f32 a, f32 b, f32 c) { return _mm512_fnmadd_ps(a, b, c); }
HAND_INLINE f64 fnma(f64 a, f64 b, f64 c) { return _mm512_fnmadd_pd(a, b, c); }
HAND_INLINE f32 min(f32 a, f32 b) { return _mm512_min_ps(a, b); }
HAND_INLINE f32 max(f32 a, f32 b) { return _mm512_max_ps(a, b); }
HAND_INLINE f64 max(f64 a, f64 b) { return _mm512_max_pd(a, b); }
HAND_INLINE f32 round(f32 a) { return _mm512_roundscale_ps(a, nearest); }
HAND_INLINE f64 round(f64 a) { return _mm512_roundscale_pd(a, nearest); }
HAND_INLINE f32 scale(f32 a, f32 n) { return _mm512_scalef_ps(a, n); }
HAND_INLINE f64 scale(f64 a, f64 n) { return _mm512_scalef_pd(a, n); }
HAND_INLINE f32 negative_abs(f32 a) { return _mm512_or_ps(a, _mm512_set1_ps(-0.0f)); }
HAND_INLINE f64 negative_abs(f64 a) { return _mm512_or_pd(a, _mm512_set1_pd(-0.0)); }

/// Division, not an estimate and Newton steps: on Zen 4 the divider works beside the multipliers, and a workload that
/// divides once or twice a vector is up to 8 % faster for it.
HAND_INLINE f32 reciprocal(f32 x) { return _mm512_div_ps(broadcast<f32>(1), x); }
HAND_INLINE f64 reciprocal(f64 x) { return _mm512_div_pd(broadcast<f64>(1), x); }

/// 1 / sqrt(x) to about 1 ulp: the estimate has 14 bits, each Newton step doubles them.
HAND_INLINE f32 reciprocal_sqrt(f32 x) {
  f32 r = _mm512_rsqrt14_ps(x);
  return fma(r * broadcast<f32>(0.5), fnma(x * r, r, broadcast<f32>(1)), r);
}
HAND_INLINE f64 reciprocal_sqrt(f64 x) {
  f64 r = _mm512_rsqrt14_pd(x);
  r = fma(r * broadcast<f64>(0.5), fnma(x * r, r, broadcast<f64>(1)), r);
  return fma(r * broadcast<f64>(0.5), fnma(x * r, r, broadcast<f64>(1)), r);
}

/// c0 + c1 x + c2 x^2 + ...: Horner; enough independent vectors are in flight to hide its latency.
template <class V, class... C>
HAND_INLINE V polynomial(V x, double c0, C... rest) {
  if constexpr (sizeof...(rest) == 0) {
    (void)x;
    return broadcast<V>(c0);
  } else {
    return fma(polynomial(x, rest...), x, broadcast<V>(c0));
  }
}

// ---- exp, log, log1p, normal distribution --------------------------------------------------

/// exp(c x): base 2, so that one fused multiply-subtract leaves the reduced argument exact up to the
/// rounding of log2(e) c (1e-8 |x| for float).
template <class V>
HAND_INLINE V exp_scaled(V x, double c);

template <>
HAND_INLINE f32 exp_scaled(f32 x, double c) {
  f32 log2e = broadcast<f32>(c * 1.44269504088896340736);
  f32 n = round(x * log2e);
  f32 p = polynomial(fms(x, log2e, n), 1.00000007165234846, 0.693146967054010824, 0.240221197261802042,
                     0.0555071330023599886, 0.00967554135177899164, 0.00132764635076189296);
  return scale(p, n);
}
template <>
HAND_INLINE f64 exp_scaled(f64 x, double c) {
  f64 log2e = broadcast<f64>(c * 1.44269504088896340736);
  f64 n = round(x * log2e);
  f64 p = polynomial(fms(x, log2e, n), 1.00000000000000007, 0.693147180559949775, 0.240226506959087675,
                     0.0555041086644588311, 0.0096181291080346538, 0.00133335582285624912, 0.00015403529961090433,
                     0.0000152526581158266277, 1.32156628451397239e-6, 1.02085380547160923e-7, 7.03727818445746375e-9);
  return scale(p, n);
}
HAND_INLINE f32 exp(f32 x) { return exp_scaled(x, 1); }
HAND_INLINE f64 exp(f64 x) { return exp_scaled(x, 1); }

/// log(1 + x) for 0 <= x <= 1, relative accuracy kept at 0.
HAND_INLINE f32 log1p_unit(f32 x) {
  return x * polynomial(x, 0.99999996988, -0.499994931461, 0.333190969037, -0.248429828347, 0.191060087734,
                        -0.136632494091, 0.0782259882891, -0.0295052579922, 0.0052326983874);
}
HAND_INLINE f64 log1p_unit(f64 x) {
  // 1 + x = c_j (1 + r), c_j = 1 + j / 15 from a table of 16: |r| <= 1/30 and j = 0 is exact.
  alignas(64) static constexpr double inverse[16] = {1.0,
                                                     0.93750000000000000081,
                                                     0.88235294117647058968,
                                                     0.83333333333333333526,
                                                     0.7894736842105263181,
                                                     0.7500000000000000026,
                                                     0.71428571428571428855,
                                                     0.68181818181818182119,
                                                     0.65217391304347826402,
                                                     0.62500000000000000325,
                                                     0.60000000000000000333,
                                                     0.57692307692307692646,
                                                     0.55555555555555555898,
                                                     0.53571428571428571774,
                                                     0.51724137931034483105,
                                                     0.50000000000000000347};
  alignas(64) static constexpr double logarithm[16] = {0.0,
                                                       0.064538521137571170806,
                                                       0.12516314295400601262,
                                                       0.1823215567939546239,
                                                       0.23638877806423039109,
                                                       0.28768207245178092397,
                                                       0.33647223662121292654,
                                                       0.38299225225610578307,
                                                       0.42744401482693961998,
                                                       0.47000362924573554845,
                                                       0.51082562376599067765,
                                                       0.5500463369192719736,
                                                       0.58778666490211900202,
                                                       0.6241543090729938515,
                                                       0.65924562888426395449,
                                                       0.69314718055994530248};
  f64 magic = broadcast<f64>(6755399441055744.0);  // 1.5 * 2^52: leaves the integer in the low bits
  f64 biased = fma(x, broadcast<f64>(15), magic);
  f64 d = fnma(biased - magic, broadcast<f64>(1.0 / 15), x);
  __m512i j = _mm512_castpd_si512(biased);
  f64 r = d * _mm512_permutex2var_pd(_mm512_load_pd(inverse), j, _mm512_load_pd(inverse + 8));
  f64 base = _mm512_permutex2var_pd(_mm512_load_pd(logarithm), j, _mm512_load_pd(logarithm + 8));
  f64 p =
      polynomial(r, -0.49999999999999792727, 0.33333333333332793049, -0.25000000005199397674, 0.20000000006933739732,
                 -0.16666646289821793422, 0.14285692300339550506, -0.12525548216248198077, 0.11135887574460784245);
  return base + fma(r * r, p, r);
}

/// log(x), x positive and normal.
HAND_INLINE f32 log(f32 x) {
  // Mantissa in [3/4, 3/2), so that arguments near 1 lose nothing.
  f32 n = _mm512_getexp_ps(x * broadcast<f32>(4.0 / 3));
  f32 r = scale(x, broadcast<f32>(0) - n) - broadcast<f32>(1);
  f32 p = polynomial(r, 0.999999994145, -0.500000663989, 0.333335921314, -0.249932183867, 0.199759126249,
                     -0.168243114286, 0.1499449872, -0.12076727291, 0.0541118109648);
  return fma(n, broadcast<f32>(0.693147180559945309), r * p);
}
HAND_INLINE f64 log(f64 x) {
  f64 m = _mm512_getmant_pd(x, _MM_MANT_NORM_1_2, _MM_MANT_SIGN_src);
  return fma(_mm512_getexp_pd(x), broadcast<f64>(0.69314718055994530942), log1p_unit(m - broadcast<f64>(1)));
}

/// N(-a) / exp(-a^2 / 2) for a >= 0 (Mills' ratio over sqrt(2 pi)): smooth, so both tails stay relative.
HAND_INLINE f32 normal_tail(f32 a) {
  f32 t = reciprocal(fma(a, broadcast<f32>(0.3), broadcast<f32>(1)));
  return t * polynomial(t, 0.119605039574, 0.121111202985, 0.0977561026097, 0.135496251789, -0.0665240593676,
                        0.22008477948, -0.165077269593, 0.0375479774659);
}
HAND_INLINE f64 normal_tail(f64 a) {
  f64 t = reciprocal(fma(a, broadcast<f64>(0.2), broadcast<f64>(1)));
  return t * polynomial(t, 0.079788422266987914981, 0.079789465549969872908, 0.076583264538198040899,
                        0.070323351578614131263, 0.060455202940853808934, 0.051665483878090991862,
                        0.034406771484104607802, 0.022102920688904181814, 0.056836489795317102343,
                        -0.13924856215358476701, 0.32838207239974351439, -0.52283842301358441124,
                        0.60681665882713585809, -0.51642808433989287539, 0.303781029372061271, -0.11540816645552686848,
                        0.025489350871599352353, -0.0024972482289918943138);
}

/// sigma(-|x|) and sigma(|x|) and exp(-|x|) together: what the losses on logits share.
template <class V>
struct logistic {
  V e, small, large;  // e = exp(-|x|), small = e / (1 + e), large = 1 / (1 + e)
};
template <class V>
HAND_INLINE logistic<V> logistic_of(V x) {
  V e = exp(negative_abs(x));
  V large = reciprocal(broadcast<V>(1) + e);
  return {e, e * large, large};
}

}  // namespace hand::avx512
