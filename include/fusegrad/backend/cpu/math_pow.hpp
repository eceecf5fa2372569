// pow.
// It is exp(y log x) with the logarithm in about twice the precision of the result, for its error is multiplied by up
// to 700: single precision goes through double, double through sums of two doubles.
// The coefficients and tables come from tests/oracle/minimax.py.
#pragma once

#include "math_log.hpp"

namespace fusegrad::simd {
inline namespace FUSEGRAD_ISA {

namespace detail {

/// log2(x) of a positive float held as a double, relative error below 2^-34.
template <class P>
FUSEGRAD_INLINE P log2_of_float(P x) {
  if constexpr (has_avx512) {
    const auto [m, e] = split_at_three_quarters(x);
    const auto y = towards_one(m, m, binary_f64);
    const P p = horner(y.r, P(-0.22246194513091658), 0.28849630840720453, -0.36069937546046027, 0.48089857406928238,
                       -0.72134751236659067, 1.4426950408598740);
    return fma(p, y.r, e + y.logarithm);
  } else {
    const auto [m, e] = split_above(x, root_half<double>);
    const P s = (m - P(1.0)) / (m + P(1.0));
    return fma(s,
               horner(s * s, P(0.34073219867064153), 0.41167261128334481, 0.57708358666174875, 0.96179667333350083,
                      2.8853900817900922),
               e);
  }
}

template <class P>
struct reduced {
  P n, r;
};

/// y log2(x) in double as a multiple of exp2's step and a rest.
template <class P>
FUSEGRAD_INLINE reduced<P> reduced_power_f32(P x, P y) {
  using D = pack<double, P::width>;
  // beyond the limits the result is 0 or infinite anyway
  const D t = limited(convert<double>(y) * log2_of_float(convert<double>(x)), -160.0, 160.0);
  const D n = settled(settled(t + D(exponent_shift<double>)) - D(exponent_shift<double>));
  return {convert<float>(n), convert<float>(t - n)};
}

/// factor, -log(factor) and what the double loses of that; indexed like `log_table`.
alignas(64) inline constexpr double pow_table[3][16] = {
    {1.0000000000000000, 0.91428571428571437, 0.86486486486486513, 0.82051282051248764, 0.78048780487804903,
     0.74418604651129505, 0.71111111111111136, 0.68085106382978700, 1.3061224489795902, 1.2549019607843144,
     1.2075471698113209, 1.1636363636356981, 1.1228070175445255, 1.0847457627125305, 1.0491803278695184,
     1.0000000000000000},
    {0.0, 0.089612158689687041, 0.14518200984449758, 0.19782574333032557, 0.24783616390458094, 0.29546421289428315,
     0.34092658697059286, 0.38441169891033239, -0.26706278524904398, -0.22705745063534660, -0.18859116980755017,
     -0.15154989812662900, -0.11583181552571473, -0.081345639454566493, -0.048009219186995356, 0.0},
    {0.0, 1.5120809702425185e-18, 1.3035248791152952e-18, -1.0565933525423826e-18, 1.445578229111984e-18,
     -8.2942679231112707e-19, 1.1990168377673783e-19, 1.2257377521214041e-18, 3.9002142341374692e-19,
     8.569250931224876e-19, 4.9327031528970794e-19, -1.6975122529532027e-18, -8.6903724201684095e-19,
     -1.6076292154251261e-18, -1.4390901332759485e-18, 0.0}};

/// table[index & 15], index in the bits of a double.
template <class P>
FUSEGRAD_INLINE P lookup_f64(const double* table, P index) {
  if constexpr (has_avx512) {
    return P(lookup16(table, index.v));
  } else {
    const auto i = bit_cast<std::int64_t>(index);
    P y = index;
    for (int lane = 0; lane < P::width; ++lane) y.v[lane] = table[i.v[lane] & 15];
    return y;
  }
}

/// (x 2^extra_exponent)^y of doubles for a positive normal finite x and a finite y. Needs a real fma.
template <class P>
FUSEGRAD_INLINE P regular_pow_f64(P x, P y, P extra_exponent) {
  using I = pack<std::int64_t, P::width>;
  using U = vec<std::uint64_t, P::width>;
  const auto parts = split_at_three_quarters(x);
  const P m = parts.m, e = parts.e + extra_exponent;
  const P index = bit_cast<double>(I((typename I::vector)((U)bit_cast<std::int64_t>(m).v >> 48)));
  const P factor = lookup_f64(pow_table[0], index);
  // m factor = 1 + r + r_low, exactly
  const P product = m * factor;
  const P r = settled(product - P(1.0)), r_low = fma(m, factor, -product);
  // log(x) = high + low: each sum is of a larger and a smaller number, so that its error is exact
  const P whole = e * P(ln2_high<double>), tabulated = lookup_f64(pow_table[1], index);
  const P base = settled(whole + tabulated);
  const P first = settled(base + r);
  const P square = r * r, half_square = square * P(0.5);
  const P high = settled(first - half_square);
  P low = fma(e, P(ln2_low<double>), lookup_f64(pow_table[2], index));
  low = low + (tabulated - settled(base - whole)) + (r - settled(first - base)) + (settled(first - high) - half_square);
  low = fma(fma(r, r, -square), P(-0.5), low);
  low = low + fma(r_low, -r, r_low);
  const P tail =
      horner(r, P(0.078369764432853234), -0.099511505894489385, 0.11112733691470991, -0.12500129972073767,
             0.14285714508416544, -0.16666666571601133, 0.19999999999270690, -0.25000000000021477, 0.33333333333333476);
  low = fma(tail, square * r, low);
  const P log_x = settled(high + low);
  low = low - settled(log_x - high);
  // y log(x), beyond the limits of which the result is 0 or infinite anyway
  const P t = limited(y * log_x, -800.0, 800.0);
  const P t_low = where(abs(t) < P(800.0), fma(y, low, fma(y, log_x, -t)), P(0.0));
  const auto z = split_exp(t);
  return scaled(fma(z.significand, t_low, z.significand), z.exponent);
}

/// x^y for positive finite x, normal ones unless the instructions take all, and finite y.
template <class P>
FUSEGRAD_INLINE P regular_pow(P x, P y) {
  if constexpr (sizeof(typename P::value_type) == 4) {
    const auto low = reduced_power_f32(lower(x), lower(y)), high = reduced_power_f32(upper(x), upper(y));
    const P n = join(low.n, high.n);
    return exp2_reduced(n, n + P(exponent_shift<float>), join(low.r, high.r));
  } else {
    return regular_pow_f64(x, y, P(0.0));
  }
}

/// x^y for all x and y, as the C standard's annex F defines it. Rare, so kept out of the callers' code.
template <class T>
[[gnu::noinline]] void complete_pow(const T* x_lanes, const T* y_lanes, T* result) {
  using P = pack<T, kernel_bytes / static_cast<int>(sizeof(T))>;
  const P x = P::load(x_lanes), y = P::load(y_lanes), zero(T(0)), one(T(1)), infinite(infinity<T>);
  const P a = abs(x);
  const auto extreme = a == zero || a == infinite || isinf(y);
  const P safe_a = where(extreme || isnan(x), one, a), safe_y = where(isfinite(y), y, one);
  P z;
  if constexpr (sizeof(T) == 4) {
    z = regular_pow(safe_a, safe_y);
  } else {
    const auto subnormal = safe_a < P(least_normal<T>);
    z = regular_pow_f64(where(subnormal, safe_a * P(integral_from<T>), safe_a), safe_y,
                        where(subnormal, P(-T(mantissa_bits<T>)), zero));
  }
  z = where(extreme, where((one < a) == (zero < y), infinite, zero), z);
  const auto integral = rint(y) == y, even = rint(y * P(T(0.5))) == y * P(T(0.5));
  z = where(copysign(one, x) < zero && integral && !even, -z, z);
  const auto undefined = x < zero && isfinite(x) && !integral;
  z = where(undefined || unordered(x, y), P(not_a_number<T>), z);
  z = where(a == one && isinf(y), one, z);
  where(x == one || y == zero, one, z).store(result);
}

struct pow_kernel {
  template <class P>
  FUSEGRAD_INLINE static P run(P x, P y) {
    using T = typename P::value_type;
    if constexpr (!has_fma && sizeof(T) == 8) {
      return per_lane([](T a, T b) { return __builtin_pow(a, b); }, x, y);
    } else {
      const P lowest(has_avx512 || sizeof(T) == 4 ? T(0) : least_normal<T>);
      const auto regular = lowest < x && x < P(infinity<T>) && abs(y) < P(infinity<T>);
      if (__builtin_expect(all(regular), 1)) return regular_pow(x, y);
      T x_lanes[P::width], y_lanes[P::width], result[P::width];
      x.store(x_lanes);
      y.store(y_lanes);
      constexpr int step = kernel_bytes / static_cast<int>(sizeof(T));
      for (int i = 0; i < P::width; i += step) complete_pow(x_lanes + i, y_lanes + i, result + i);
      return P::load(result);
    }
  }
};

}  // namespace detail

/// x^y, with the special cases of C: x^0 = 1^y = 1 even for NaN, negative x for integral y only.
///
/// Error: 1.0 ulp in float, 2.9 in double.
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> pow(pack<T, W> x, pack<T, W> y) {
  return detail::at_kernel_size<detail::pow_kernel>(x, y);
}

}  // namespace FUSEGRAD_ISA
}  // namespace fusegrad::simd
