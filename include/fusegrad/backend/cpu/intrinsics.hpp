// The instructions that C++ and the compilers' vector extensions cannot spell, one function each, on raw vectors.
// Assumes g++ or clang; picks AVX-512, AVX2 or SSE2 when it is compiled and falls back to plain vector code elsewhere.
// Uses the compilers' builtins, for <immintrin.h> alone would cost more compile time than the whole library may.
// Must not know of packs, masks or any mathematics.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "../../config.hpp"

namespace fusegrad::simd {
inline namespace FUSEGRAD_ISA {

// All four subsets came together with the first server processors; the older Xeon Phi takes the AVX2 path.
#if defined(__AVX512F__) && defined(__AVX512VL__) && defined(__AVX512DQ__) && defined(__AVX512BW__)
inline constexpr bool has_avx512 = true;
#else
inline constexpr bool has_avx512 = false;
#endif
#if defined(__AVX2__)
inline constexpr bool has_avx2 = true;
#else
inline constexpr bool has_avx2 = false;
#endif
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA) || defined(__FP_FAST_FMA)
inline constexpr bool has_fma = true;
#else
inline constexpr bool has_fma = false;
#endif

/// Bytes in one vector register of the target.
inline constexpr int native_bytes = has_avx512 ? 64 : has_avx2 ? 32 : 16;

namespace detail {

template <class T, int W>
struct vec_of {
  typedef T type __attribute__((vector_size(sizeof(T) * static_cast<std::size_t>(W))));
};

/// The compiler's own vector of W elements.
template <class T, int W>
using vec = typename vec_of<T, W>::type;

template <int Bytes>
using int_of_size = std::conditional_t<Bytes == 8, std::int64_t, std::int32_t>;

// The builtins want these very types; `long` and `long long` differ for them although they are the same 64 bits.
using f32x4 = vec<float, 4>;
using f32x8 = vec<float, 8>;
using f32x16 = vec<float, 16>;
using f64x2 = vec<double, 2>;
using f64x4 = vec<double, 4>;
using f64x8 = vec<double, 8>;
using i32x4 = vec<int, 4>;
using i32x8 = vec<int, 8>;
using i32x16 = vec<int, 16>;
using i64x2 = vec<long long, 2>;
using i64x4 = vec<long long, 4>;
using i64x8 = vec<long long, 8>;

template <class V>
using element = std::remove_cvref_t<decltype(std::declval<V&>()[0])>;

template <class V>
inline constexpr int lanes = static_cast<int>(sizeof(V) / sizeof(element<V>));

template <class V>
inline constexpr bool is_f32 = std::is_same_v<element<V>, float>;

template <class V>
inline constexpr bool is_f64 = std::is_same_v<element<V>, double>;

/// Rounding modes of `round_to`, as the instructions encode them.
enum class rounding { nearest_even = 0, down = 1, up = 2, toward_zero = 3 };

/// Comparison predicates, as the instructions encode them: quiet, and true for NaN only where named so.
enum class predicate { eq = 0, lt = 17, le = 18, ne_or_nan = 4, nan = 3, eq_or_nan = 8 };

#if defined(__AVX512F__)
// Where the compilers differ: clang dropped the masked forms, g++ has no others. 4 keeps the rounding mode.
#if defined(__clang__)
FUSEGRAD_INLINE f32x16 sqrt512(f32x16 x) { return __builtin_ia32_sqrtps512(x, 4); }
FUSEGRAD_INLINE f64x8 sqrt512(f64x8 x) { return __builtin_ia32_sqrtpd512(x, 4); }
FUSEGRAD_INLINE f32x16 min512(f32x16 a, f32x16 b) { return __builtin_ia32_minps512(a, b, 4); }
FUSEGRAD_INLINE f64x8 min512(f64x8 a, f64x8 b) { return __builtin_ia32_minpd512(a, b, 4); }
FUSEGRAD_INLINE f32x16 max512(f32x16 a, f32x16 b) { return __builtin_ia32_maxps512(a, b, 4); }
FUSEGRAD_INLINE f64x8 max512(f64x8 a, f64x8 b) { return __builtin_ia32_maxpd512(a, b, 4); }
inline constexpr unsigned char every8 = 0xff;
inline constexpr unsigned short every16 = 0xffff;
using memory_f32x4 = f32x4;
using memory_f32x8 = f32x8;
using memory_f64x2 = f64x2;
using memory_f64x4 = f64x4;
#else
FUSEGRAD_INLINE f32x16 sqrt512(f32x16 x) { return __builtin_ia32_sqrtps512_mask(x, x, -1, 4); }
FUSEGRAD_INLINE f64x8 sqrt512(f64x8 x) { return __builtin_ia32_sqrtpd512_mask(x, x, -1, 4); }
FUSEGRAD_INLINE f32x16 min512(f32x16 a, f32x16 b) { return __builtin_ia32_minps512_mask(a, b, a, -1, 4); }
FUSEGRAD_INLINE f64x8 min512(f64x8 a, f64x8 b) { return __builtin_ia32_minpd512_mask(a, b, a, -1, 4); }
FUSEGRAD_INLINE f32x16 max512(f32x16 a, f32x16 b) { return __builtin_ia32_maxps512_mask(a, b, a, -1, 4); }
FUSEGRAD_INLINE f64x8 max512(f64x8 a, f64x8 b) { return __builtin_ia32_maxpd512_mask(a, b, a, -1, 4); }
inline constexpr signed char every8 = -1;
inline constexpr short every16 = -1;
using memory_f32x4 = float;
using memory_f32x8 = float;
using memory_f64x2 = double;
using memory_f64x4 = double;
#endif
#endif

/// x, out of reach for a user's -ffast-math, which would otherwise turn (y + c) - c into y.
template <class V>
FUSEGRAD_INLINE V settled_vector(V x) {
#if defined(__FAST_MATH__)
#if !defined(__clang__) && defined(__x86_64__)
  // g++ 12 would take __builtin_assoc_barrier apart into lanes
  if constexpr (sizeof(V) >= 16) asm("" : "+v"(x));
#elif __has_builtin(__builtin_assoc_barrier)
  return __builtin_assoc_barrier(x);
#elif __has_builtin(__arithmetic_fence)
  return __arithmetic_fence(x);
#endif
#endif
  return x;
}

// ---------------------------------------------------------------------------------------------- fused multiply-add

/// a * b + c rounded once where the target can; a builtin, so that no -ffp-contract setting undoes or adds one.
template <class V>
FUSEGRAD_INLINE V fma(V a, V b, V c) {
#if __has_builtin(__builtin_elementwise_fma)  // clang has dropped the builtins below
  if constexpr (has_fma && lanes<V> != 1) return __builtin_elementwise_fma(a, b, c);
#elif defined(__FMA__)
  if constexpr (is_f32<V> && sizeof(V) == 16) return (V)__builtin_ia32_vfmaddps((f32x4)a, (f32x4)b, (f32x4)c);
  if constexpr (is_f64<V> && sizeof(V) == 16) return (V)__builtin_ia32_vfmaddpd((f64x2)a, (f64x2)b, (f64x2)c);
  if constexpr (is_f32<V> && sizeof(V) == 32) return (V)__builtin_ia32_vfmaddps256((f32x8)a, (f32x8)b, (f32x8)c);
  if constexpr (is_f64<V> && sizeof(V) == 32) return (V)__builtin_ia32_vfmaddpd256((f64x4)a, (f64x4)b, (f64x4)c);
#if defined(__AVX512F__)
  if constexpr (is_f32<V> && sizeof(V) == 64)
    return (V)__builtin_ia32_vfmaddps512_mask((f32x16)a, (f32x16)b, (f32x16)c, every16, 4);
  if constexpr (is_f64<V> && sizeof(V) == 64)
    return (V)__builtin_ia32_vfmaddpd512_mask((f64x8)a, (f64x8)b, (f64x8)c, every8, 4);
#endif
#endif
  if constexpr (has_fma && lanes<V> == 1 && is_f32<V>) return V{__builtin_fmaf(a[0], b[0], c[0])};
  if constexpr (has_fma && lanes<V> == 1 && is_f64<V>) return V{__builtin_fma(a[0], b[0], c[0])};
  if constexpr (has_fma) return a * b + c;
  else return settled_vector(a * b + c);
}

// ---------------------------------------------------------------------------------------------- rounding and roots

/// True if `round_to` is one instruction for this vector.
template <class V>
inline constexpr bool rounds_in_hardware =
#if defined(__SSE4_1__)
    sizeof(V) == 16 || sizeof(V) == 32 || (has_avx512 && sizeof(V) == 64);
#else
    false;
#endif

/// Rounds to an integral value; only where `rounds_in_hardware`.
template <rounding Mode, class V>
FUSEGRAD_INLINE V round_to(V x) {
  [[maybe_unused]] constexpr int mode = static_cast<int>(Mode) | 8;  // 8: raise no inexact flag
#if defined(__SSE4_1__)
  if constexpr (is_f32<V> && sizeof(V) == 16) return (V)__builtin_ia32_roundps((f32x4)x, mode);
  if constexpr (is_f64<V> && sizeof(V) == 16) return (V)__builtin_ia32_roundpd((f64x2)x, mode);
#endif
#if defined(__AVX__)
  if constexpr (is_f32<V> && sizeof(V) == 32) return (V)__builtin_ia32_roundps256((f32x8)x, mode);
  if constexpr (is_f64<V> && sizeof(V) == 32) return (V)__builtin_ia32_roundpd256((f64x4)x, mode);
#endif
#if defined(__AVX512F__)
  if constexpr (is_f32<V> && sizeof(V) == 64)
    return (V)__builtin_ia32_rndscaleps_mask((f32x16)x, mode, (f32x16)x, every16, 4);
  if constexpr (is_f64<V> && sizeof(V) == 64)
    return (V)__builtin_ia32_rndscalepd_mask((f64x8)x, mode, (f64x8)x, every8, 4);
#endif
  return x;
}

/// Square root, correctly rounded.
template <class V>
FUSEGRAD_INLINE V sqrt(V x) {
#if __has_builtin(__builtin_elementwise_sqrt)
  return __builtin_elementwise_sqrt(x);
#else
#if defined(__SSE2__)
  if constexpr (is_f32<V> && sizeof(V) == 16) return (V)__builtin_ia32_sqrtps((f32x4)x);
  if constexpr (is_f64<V> && sizeof(V) == 16) return (V)__builtin_ia32_sqrtpd((f64x2)x);
#endif
#if defined(__AVX__)
  if constexpr (is_f32<V> && sizeof(V) == 32) return (V)__builtin_ia32_sqrtps256((f32x8)x);
  if constexpr (is_f64<V> && sizeof(V) == 32) return (V)__builtin_ia32_sqrtpd256((f64x4)x);
#endif
#if defined(__AVX512F__)
  if constexpr (is_f32<V> && sizeof(V) == 64) return (V)sqrt512((f32x16)x);
  if constexpr (is_f64<V> && sizeof(V) == 64) return (V)sqrt512((f64x8)x);
#endif
  V y = x;
  for (int i = 0; i < lanes<V>; ++i) y[i] = static_cast<element<V>>(__builtin_sqrt(x[i]));
  return y;
#endif
}

/// The instructions' minimum: b if either is NaN or both are zeros.
template <class V>
FUSEGRAD_INLINE V raw_min(V a, V b) {
#if defined(__AVX512F__)
  if constexpr (is_f32<V> && sizeof(V) == 64) return (V)min512((f32x16)a, (f32x16)b);
  if constexpr (is_f64<V> && sizeof(V) == 64) return (V)min512((f64x8)a, (f64x8)b);
#endif
#if defined(__AVX__)
  if constexpr (is_f32<V> && sizeof(V) == 32) return (V)__builtin_ia32_minps256((f32x8)a, (f32x8)b);
  if constexpr (is_f64<V> && sizeof(V) == 32) return (V)__builtin_ia32_minpd256((f64x4)a, (f64x4)b);
#endif
#if defined(__SSE2__)
  if constexpr (is_f32<V> && sizeof(V) == 16) return (V)__builtin_ia32_minps((f32x4)a, (f32x4)b);
  if constexpr (is_f64<V> && sizeof(V) == 16) return (V)__builtin_ia32_minpd((f64x2)a, (f64x2)b);
#endif
  return a < b ? a : b;
}

/// The instructions' maximum: b if either is NaN or both are zeros.
template <class V>
FUSEGRAD_INLINE V raw_max(V a, V b) {
#if defined(__AVX512F__)
  if constexpr (is_f32<V> && sizeof(V) == 64) return (V)max512((f32x16)a, (f32x16)b);
  if constexpr (is_f64<V> && sizeof(V) == 64) return (V)max512((f64x8)a, (f64x8)b);
#endif
#if defined(__AVX__)
  if constexpr (is_f32<V> && sizeof(V) == 32) return (V)__builtin_ia32_maxps256((f32x8)a, (f32x8)b);
  if constexpr (is_f64<V> && sizeof(V) == 32) return (V)__builtin_ia32_maxpd256((f64x4)a, (f64x4)b);
#endif
#if defined(__SSE2__)
  if constexpr (is_f32<V> && sizeof(V) == 16) return (V)__builtin_ia32_maxps((f32x4)a, (f32x4)b);
  if constexpr (is_f64<V> && sizeof(V) == 16) return (V)__builtin_ia32_maxpd((f64x2)a, (f64x2)b);
#endif
  return a > b ? a : b;
}

// ------------------------------------------------------------------- AVX-512: exponents, mantissas, tables in
// registers

#if defined(__AVX512F__) && defined(__AVX512VL__) && defined(__AVX512DQ__) && defined(__AVX512BW__)

/// x * 2^floor(n), rounded once, with every special case of n. 64 bytes.
FUSEGRAD_INLINE f32x16 scale_exponent(f32x16 x, f32x16 n) {
  return __builtin_ia32_scalefps512_mask(x, n, x, every16, 4);
}
FUSEGRAD_INLINE f64x8 scale_exponent(f64x8 x, f64x8 n) { return __builtin_ia32_scalefpd512_mask(x, n, x, every8, 4); }

/// 1 / sqrt(x) to 14 bits, with every special case of x. 64 bytes.
FUSEGRAD_INLINE f32x16 rsqrt_estimate(f32x16 x) { return __builtin_ia32_rsqrt14ps512_mask(x, x, every16); }
FUSEGRAD_INLINE f64x8 rsqrt_estimate(f64x8 x) { return __builtin_ia32_rsqrt14pd512_mask(x, x, every8); }

/// 1 / x to 14 bits, with every special case of x. 64 bytes.
FUSEGRAD_INLINE f32x16 reciprocal_estimate(f32x16 x) { return __builtin_ia32_rcp14ps512_mask(x, x, every16); }
FUSEGRAD_INLINE f64x8 reciprocal_estimate(f64x8 x) { return __builtin_ia32_rcp14pd512_mask(x, x, every8); }

/// What the table holds for the class of x, 4 bits a class: from the lowest up a quiet NaN, a signalling one, 0, 1,
/// -inf, +inf, other negative numbers, other positive ones. 0 stands for y, 1 for x, 2 for x as a quiet NaN, 9 for -1,
/// 10 for 1. 64 bytes.
template <unsigned Table>
FUSEGRAD_INLINE f32x16 by_class(f32x16 y, f32x16 x) {
  return __builtin_ia32_fixupimmps512_mask(y, x, i32x16{} + static_cast<int>(Table), 0, every16, 4);
}
template <unsigned Table>
FUSEGRAD_INLINE f64x8 by_class(f64x8 y, f64x8 x) {
  return __builtin_ia32_fixupimmpd512_mask(y, x, i64x8{} + static_cast<long long>(Table), 0, every8, 4);
}

/// floor(log2(|x|)), also of subnormals; -inf of 0, +inf of infinities. 64 bytes.
FUSEGRAD_INLINE f32x16 exponent_of(f32x16 x) { return __builtin_ia32_getexpps512_mask(x, x, every16, 4); }
FUSEGRAD_INLINE f64x8 exponent_of(f64x8 x) { return __builtin_ia32_getexppd512_mask(x, x, every8, 4); }

/// x divided by the power of 2 that takes it to [3/4, 3/2); NaN if negative, 1 of +inf, a number of zeros. 64 bytes.
FUSEGRAD_INLINE f32x16 mantissa_of(f32x16 x) { return __builtin_ia32_getmantps512_mask(x, 2 << 2 | 3, x, every16, 4); }
FUSEGRAD_INLINE f64x8 mantissa_of(f64x8 x) { return __builtin_ia32_getmantpd512_mask(x, 2 << 2 | 3, x, every8, 4); }

/// table[index & 15] from a table of 16 entries; one or two registers.
FUSEGRAD_INLINE f32x16 lookup16(const float* table, f32x16 index) {
  f32x16 t;
  __builtin_memcpy(&t, table, sizeof(t));
#if defined(__clang__)
  return __builtin_ia32_permvarsf512(t, (i32x16)index);
#else
  return __builtin_ia32_permvarsf512_mask(t, (i32x16)index, t, every16);
#endif
}
FUSEGRAD_INLINE f64x8 lookup16(const double* table, f64x8 index) {
  f64x8 low, high;
  __builtin_memcpy(&low, table, sizeof(low));
  __builtin_memcpy(&high, table + 8, sizeof(high));
#if defined(__clang__)
  return __builtin_ia32_vpermi2varpd512(low, (i64x8)index, high);
#else
  return __builtin_ia32_vpermt2varpd512_mask((i64x8)index, low, high, every8);
#endif
}

/// The larger, +0 of two zeros; a number rather than a NaN. 64 bytes.
FUSEGRAD_INLINE f32x16 larger_with_sign(f32x16 a, f32x16 b) {
  return __builtin_ia32_rangeps512_mask(a, b, 5, a, every16, 4);
}
FUSEGRAD_INLINE f64x8 larger_with_sign(f64x8 a, f64x8 b) {
  return __builtin_ia32_rangepd512_mask(a, b, 5, a, every8, 4);
}
/// The smaller, -0 of two zeros; a number rather than a NaN. 64 bytes.
FUSEGRAD_INLINE f32x16 smaller_with_sign(f32x16 a, f32x16 b) {
  return __builtin_ia32_rangeps512_mask(a, b, 4, a, every16, 4);
}
FUSEGRAD_INLINE f64x8 smaller_with_sign(f64x8 a, f64x8 b) {
  return __builtin_ia32_rangepd512_mask(a, b, 4, a, every8, 4);
}

#else

// Named where `has_avx512` is false only in branches that are not taken.
template <class V>
V scale_exponent(V x, V n) = delete;
template <class V>
V rsqrt_estimate(V x) = delete;
template <class V>
V reciprocal_estimate(V x) = delete;
template <unsigned Table, class V>
V by_class(V y, V x) = delete;
template <class V>
V exponent_of(V x) = delete;
template <class V>
V mantissa_of(V x) = delete;
template <class T, class V>
V lookup16(const T* table, V index) = delete;
template <class V>
V larger_with_sign(V a, V b) = delete;
template <class V>
V smaller_with_sign(V a, V b) = delete;
template <class V>
unsigned numbers_among(unsigned bits, V x) = delete;
template <class V>
V load_bits(unsigned bits, const void* p) = delete;
template <class V>
void store_bits(unsigned bits, void* p, V x) = delete;

#endif

// ------------------------------------------------------------------------------- AVX-512: comparisons into bit masks

#if defined(__AVX512F__) && defined(__AVX512VL__) && defined(__AVX512DQ__) && defined(__AVX512BW__)

/// One bit a lane. Vectors of 16, 32 or 64 bytes.
template <predicate P, class V>
FUSEGRAD_INLINE unsigned compare_bits(V a, V b) {
  if constexpr (std::is_floating_point_v<element<V>>) {
    constexpr int p = static_cast<int>(P);
    if constexpr (is_f32<V> && sizeof(V) == 16) return __builtin_ia32_cmpps128_mask((f32x4)a, (f32x4)b, p, 0xff);
    if constexpr (is_f32<V> && sizeof(V) == 32) return __builtin_ia32_cmpps256_mask((f32x8)a, (f32x8)b, p, 0xff);
    if constexpr (is_f32<V> && sizeof(V) == 64) return __builtin_ia32_cmpps512_mask((f32x16)a, (f32x16)b, p, 0xffff, 4);
    if constexpr (is_f64<V> && sizeof(V) == 16) return __builtin_ia32_cmppd128_mask((f64x2)a, (f64x2)b, p, 0xff);
    if constexpr (is_f64<V> && sizeof(V) == 32) return __builtin_ia32_cmppd256_mask((f64x4)a, (f64x4)b, p, 0xff);
    if constexpr (is_f64<V> && sizeof(V) == 64) return __builtin_ia32_cmppd512_mask((f64x8)a, (f64x8)b, p, 0xff, 4);
  } else {
    constexpr int p = static_cast<int>(P) & 15;  // integers: the same numbers without the quiet bit
    if constexpr (sizeof(element<V>) == 4) {
      if constexpr (sizeof(V) == 16) return __builtin_ia32_cmpd128_mask((i32x4)a, (i32x4)b, p, 0xff);
      if constexpr (sizeof(V) == 32) return __builtin_ia32_cmpd256_mask((i32x8)a, (i32x8)b, p, 0xff);
      if constexpr (sizeof(V) == 64) return __builtin_ia32_cmpd512_mask((i32x16)a, (i32x16)b, p, 0xffff);
    } else if constexpr (std::is_unsigned_v<element<V>>) {
      if constexpr (sizeof(V) == 16) return __builtin_ia32_ucmpq128_mask((i64x2)a, (i64x2)b, p, 0xff);
      if constexpr (sizeof(V) == 32) return __builtin_ia32_ucmpq256_mask((i64x4)a, (i64x4)b, p, 0xff);
      if constexpr (sizeof(V) == 64) return __builtin_ia32_ucmpq512_mask((i64x8)a, (i64x8)b, p, 0xff);
    } else {
      if constexpr (sizeof(V) == 16) return __builtin_ia32_cmpq128_mask((i64x2)a, (i64x2)b, p, 0xff);
      if constexpr (sizeof(V) == 32) return __builtin_ia32_cmpq256_mask((i64x4)a, (i64x4)b, p, 0xff);
      if constexpr (sizeof(V) == 64) return __builtin_ia32_cmpq512_mask((i64x8)a, (i64x8)b, p, 0xff);
    }
  }
}

/// Which of the lanes whose bits are set hold a number. Floating-point vectors of 64 bytes.
template <class V>
FUSEGRAD_INLINE unsigned numbers_among(unsigned bits, V x) {
  constexpr int ordered = 7;
  if constexpr (is_f32<V>)
    return __builtin_ia32_cmpps512_mask((f32x16)x, (f32x16)x, ordered, static_cast<unsigned short>(bits), 4);
  else return __builtin_ia32_cmppd512_mask((f64x8)x, (f64x8)x, ordered, static_cast<unsigned char>(bits), 4);
}

/// Lane i of a where bit i is set, of b elsewhere. Vectors of 16, 32 or 64 bytes.
template <class V>
FUSEGRAD_INLINE V select_bits(unsigned bits, V a, V b) {
  [[maybe_unused]] const auto m8 = static_cast<unsigned char>(bits);
  [[maybe_unused]] const auto m16 = static_cast<unsigned short>(bits);
#if defined(__clang__)
  if constexpr (sizeof(element<V>) == 4) {
    if constexpr (sizeof(V) == 16) return (V)__builtin_ia32_selectps_128(m8, (f32x4)a, (f32x4)b);
    if constexpr (sizeof(V) == 32) return (V)__builtin_ia32_selectps_256(m8, (f32x8)a, (f32x8)b);
    if constexpr (sizeof(V) == 64) return (V)__builtin_ia32_selectps_512(m16, (f32x16)a, (f32x16)b);
  } else {
    if constexpr (sizeof(V) == 16) return (V)__builtin_ia32_selectpd_128(m8, (f64x2)a, (f64x2)b);
    if constexpr (sizeof(V) == 32) return (V)__builtin_ia32_selectpd_256(m8, (f64x4)a, (f64x4)b);
    if constexpr (sizeof(V) == 64) return (V)__builtin_ia32_selectpd_512(m8, (f64x8)a, (f64x8)b);
  }
#else
  if constexpr (sizeof(element<V>) == 4) {
    if constexpr (sizeof(V) == 16) return (V)__builtin_ia32_blendmps_128_mask((f32x4)b, (f32x4)a, m8);
    if constexpr (sizeof(V) == 32) return (V)__builtin_ia32_blendmps_256_mask((f32x8)b, (f32x8)a, m8);
    if constexpr (sizeof(V) == 64) return (V)__builtin_ia32_blendmps_512_mask((f32x16)b, (f32x16)a, m16);
  } else {
    if constexpr (sizeof(V) == 16) return (V)__builtin_ia32_blendmpd_128_mask((f64x2)b, (f64x2)a, m8);
    if constexpr (sizeof(V) == 32) return (V)__builtin_ia32_blendmpd_256_mask((f64x4)b, (f64x4)a, m8);
    if constexpr (sizeof(V) == 64) return (V)__builtin_ia32_blendmpd_512_mask((f64x8)b, (f64x8)a, m8);
  }
#endif
}

/// Four vectors of four lanes, `stride` elements apart in memory, as one. From shuffles g++ 12 makes no insertions.
template <class T>
FUSEGRAD_INLINE vec<T, 16> four_quarters(const T* p, std::ptrdiff_t stride) {
  auto quarter = [&](int k) __attribute__((always_inline)) {
    f32x4 v;
    __builtin_memcpy(&v, p + k * stride, sizeof v);
    return v;
  };
#if defined(__clang__)
  const f32x4 q = quarter(0);
  f32x16 v = __builtin_shufflevector(q, q, 0, 1, 2, 3, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1);
  v = __builtin_ia32_insertf32x4(v, quarter(1), 1);
  v = __builtin_ia32_insertf32x4(v, quarter(2), 2);
  v = __builtin_ia32_insertf32x4(v, quarter(3), 3);
#else
  constexpr unsigned short all = 0xffff;
  f32x16 v = __builtin_ia32_ps512_ps(quarter(0));
  v = __builtin_ia32_insertf32x4_mask(v, quarter(1), 1, v, all);
  v = __builtin_ia32_insertf32x4_mask(v, quarter(2), 2, v, all);
  v = __builtin_ia32_insertf32x4_mask(v, quarter(3), 3, v, all);
#endif
  return (vec<T, 16>)v;
}

// Left to itself g++ 12 computes with masks in general registers, and moves them there and back.
FUSEGRAD_INLINE std::uint8_t and_bits(std::uint8_t a, std::uint8_t b) { return __builtin_ia32_kandqi(a, b); }
FUSEGRAD_INLINE std::uint16_t and_bits(std::uint16_t a, std::uint16_t b) { return __builtin_ia32_kandhi(a, b); }
FUSEGRAD_INLINE std::uint8_t or_bits(std::uint8_t a, std::uint8_t b) { return __builtin_ia32_korqi(a, b); }
FUSEGRAD_INLINE std::uint16_t or_bits(std::uint16_t a, std::uint16_t b) { return __builtin_ia32_korhi(a, b); }
template <class B>
FUSEGRAD_INLINE B and_bits(B a, B b) {
  return static_cast<B>(a & b);
}
template <class B>
FUSEGRAD_INLINE B or_bits(B a, B b) {
  return static_cast<B>(a | b);
}

/// Reads the lanes whose bit is set, 0 elsewhere; memory of the other lanes is not touched.
template <class V>
FUSEGRAD_INLINE V load_bits(unsigned bits, const void* p) {
  [[maybe_unused]] const auto m8 = static_cast<unsigned char>(bits);
  [[maybe_unused]] const auto m16 = static_cast<unsigned short>(bits);
  const auto* f = static_cast<const float*>(p);
  const auto* d = static_cast<const double*>(p);
  if constexpr (sizeof(element<V>) == 4) {
    if constexpr (sizeof(V) == 16) return (V)__builtin_ia32_loadups128_mask((const memory_f32x4*)f, f32x4{}, m8);
    if constexpr (sizeof(V) == 32) return (V)__builtin_ia32_loadups256_mask((const memory_f32x8*)f, f32x8{}, m8);
    if constexpr (sizeof(V) == 64) return (V)__builtin_ia32_loadups512_mask(f, f32x16{}, m16);
  } else {
    if constexpr (sizeof(V) == 16) return (V)__builtin_ia32_loadupd128_mask((const memory_f64x2*)d, f64x2{}, m8);
    if constexpr (sizeof(V) == 32) return (V)__builtin_ia32_loadupd256_mask((const memory_f64x4*)d, f64x4{}, m8);
    if constexpr (sizeof(V) == 64) return (V)__builtin_ia32_loadupd512_mask(d, f64x8{}, m8);
  }
}

/// Writes the lanes whose bit is set and touches nothing else.
template <class V>
FUSEGRAD_INLINE void store_bits(unsigned bits, void* p, V x) {
  [[maybe_unused]] const auto m8 = static_cast<unsigned char>(bits);
  [[maybe_unused]] const auto m16 = static_cast<unsigned short>(bits);
  auto* f = static_cast<float*>(p);
  auto* d = static_cast<double*>(p);
  if constexpr (sizeof(element<V>) == 4) {
    if constexpr (sizeof(V) == 16) __builtin_ia32_storeups128_mask((memory_f32x4*)f, (f32x4)x, m8);
    if constexpr (sizeof(V) == 32) __builtin_ia32_storeups256_mask((memory_f32x8*)f, (f32x8)x, m8);
    if constexpr (sizeof(V) == 64) __builtin_ia32_storeups512_mask(f, (f32x16)x, m16);
  } else {
    if constexpr (sizeof(V) == 16) __builtin_ia32_storeupd128_mask((memory_f64x2*)d, (f64x2)x, m8);
    if constexpr (sizeof(V) == 32) __builtin_ia32_storeupd256_mask((memory_f64x4*)d, (f64x4)x, m8);
    if constexpr (sizeof(V) == 64) __builtin_ia32_storeupd512_mask(d, (f64x8)x, m8);
  }
}

#endif

// ------------------------------------------------------------------------------------------------ AVX2: partial memory

#if defined(__AVX2__)

/// Reads the lanes whose sign bit is set in `m`, 0 elsewhere. Vectors of 16 or 32 bytes.
template <class V, class M>
FUSEGRAD_INLINE V load_lanes(M m, const void* p) {
  if constexpr (sizeof(element<V>) == 4) {
    if constexpr (sizeof(V) == 16) return (V)__builtin_ia32_maskloadps((const f32x4*)p, (i32x4)m);
    if constexpr (sizeof(V) == 32) return (V)__builtin_ia32_maskloadps256((const f32x8*)p, (i32x8)m);
  } else {
    if constexpr (sizeof(V) == 16) return (V)__builtin_ia32_maskloadpd((const f64x2*)p, (i64x2)m);
    if constexpr (sizeof(V) == 32) return (V)__builtin_ia32_maskloadpd256((const f64x4*)p, (i64x4)m);
  }
}

/// Writes the lanes whose sign bit is set in `m` and touches nothing else. Vectors of 16 or 32 bytes.
template <class V, class M>
FUSEGRAD_INLINE void store_lanes(M m, void* p, V x) {
  if constexpr (sizeof(element<V>) == 4) {
    if constexpr (sizeof(V) == 16) __builtin_ia32_maskstoreps((f32x4*)p, (i32x4)m, (f32x4)x);
    if constexpr (sizeof(V) == 32) __builtin_ia32_maskstoreps256((f32x8*)p, (i32x8)m, (f32x8)x);
  } else {
    if constexpr (sizeof(V) == 16) __builtin_ia32_maskstorepd((f64x2*)p, (i64x2)m, (f64x2)x);
    if constexpr (sizeof(V) == 32) __builtin_ia32_maskstorepd256((f64x4*)p, (i64x4)m, (f64x4)x);
  }
}

#else

template <class V, class M>
V load_lanes(M m, const void* p) = delete;
template <class V, class M>
void store_lanes(M m, void* p, V x) = delete;

#endif

// ------------------------------------------------------------------------------------------------------ conversions

/// Each lane as a U. g++ 12 takes a widening apart into halves, and one from bytes into single lanes.
template <class U, class V>
FUSEGRAD_INLINE vec<U, lanes<V>> converted(V x) {
  using T [[maybe_unused]] = element<V>;
  using R = vec<U, lanes<V>>;
#if !defined(__clang__) && defined(__AVX512F__)
  if constexpr (sizeof(R) == 64 && sizeof(V) == 32 && sizeof(U) == 8) {
    if constexpr (std::is_same_v<T, float> && std::is_same_v<U, double>)
      return (R)__builtin_ia32_cvtps2pd512_mask((f32x8)x, f64x8{}, every8, 4);
    if constexpr (std::is_same_v<T, std::int32_t> && std::is_same_v<U, double>)
      return (R)__builtin_ia32_cvtdq2pd512_mask((i32x8)x, f64x8{}, every8);
    if constexpr (std::is_same_v<T, std::int32_t> && std::is_same_v<U, std::int64_t>)
      return (R)__builtin_ia32_pmovsxdq512_mask((i32x8)x, i64x8{}, every8);
  }
  if constexpr (sizeof(R) == 64 && sizeof(V) == 16 && std::is_same_v<U, std::int32_t>) {
    if constexpr (std::is_same_v<T, std::uint8_t>)
      return (R)__builtin_ia32_pmovzxbd512_mask((vec<char, 16>)x, i32x16{}, every16);
    if constexpr (std::is_same_v<T, std::int8_t>)
      return (R)__builtin_ia32_pmovsxbd512_mask((vec<char, 16>)x, i32x16{}, every16);
  }
#endif
#if !defined(__clang__) && defined(__AVX2__)
  if constexpr (sizeof(R) == 32 && sizeof(V) == 16 && sizeof(U) == 8) {
    if constexpr (std::is_same_v<T, float> && std::is_same_v<U, double>) return (R)__builtin_ia32_cvtps2pd256((f32x4)x);
    if constexpr (std::is_same_v<T, std::int32_t> && std::is_same_v<U, double>)
      return (R)__builtin_ia32_cvtdq2pd256((i32x4)x);
    if constexpr (std::is_same_v<T, std::int32_t> && std::is_same_v<U, std::int64_t>)
      return (R)__builtin_ia32_pmovsxdq256((i32x4)x);
  }
  if constexpr (sizeof(R) == 32 && sizeof(V) == 8 && std::is_same_v<U, std::int32_t>) {
    const vec<char, 16> bytes = (vec<char, 16>)vec<long long, 2>{((vec<long long, 1>)x)[0], 0};
    if constexpr (std::is_same_v<T, std::uint8_t>) return (R)__builtin_ia32_pmovzxbd256(bytes);
    if constexpr (std::is_same_v<T, std::int8_t>) return (R)__builtin_ia32_pmovsxbd256(bytes);
  }
#endif
  return __builtin_convertvector(x, R);
}

// --------------------------------------------------------------------------------------------- questions to all lanes

/// Where a == b or either is NaN, 0 or -1 a lane. The compilers take two comparisons for it.
template <class V>
FUSEGRAD_INLINE auto equal_or_nan(V a, V b) {
  using L = decltype(a < b);
#if defined(__AVX__)
  constexpr int p = static_cast<int>(predicate::eq_or_nan);
  if constexpr (is_f32<V> && sizeof(V) == 16) return (L)__builtin_ia32_cmpps((f32x4)a, (f32x4)b, p);
  if constexpr (is_f32<V> && sizeof(V) == 32) return (L)__builtin_ia32_cmpps256((f32x8)a, (f32x8)b, p);
  if constexpr (is_f64<V> && sizeof(V) == 16) return (L)__builtin_ia32_cmppd((f64x2)a, (f64x2)b, p);
  if constexpr (is_f64<V> && sizeof(V) == 32) return (L)__builtin_ia32_cmppd256((f64x4)a, (f64x4)b, p);
#endif
  return (L) ~((a < b) | (b < a));
}

/// Is any bit of a vector set?
template <class V>
FUSEGRAD_INLINE bool any_bit(V v) {
#if defined(__AVX__)
  if constexpr (sizeof(V) == 32) return __builtin_ia32_ptestz256((i64x4)v, (i64x4)v) == 0;
#endif
#if defined(__SSE4_1__)
  if constexpr (sizeof(V) == 16) return __builtin_ia32_ptestz128((i64x2)v, (i64x2)v) == 0;
#endif
  if constexpr (sizeof(V) == 16) {
    const auto halves = (i64x2)v;
    return (halves[0] | halves[1]) != 0;
  } else {
    std::uint64_t bits = 0;
    __builtin_memcpy(&bits, &v, sizeof v);
    return bits != 0;
  }
}

// -------------------------------------------------------------------------------------------------- streaming stores

/// Stores around the caches; `p` is aligned to the vector's size.
template <class V>
FUSEGRAD_INLINE void stream(void* p, V x) {
#if defined(__clang__)
  __builtin_nontemporal_store(x, static_cast<V*>(p));
#else
#if defined(__AVX512F__)
  if constexpr (sizeof(V) == 64) return __builtin_ia32_movntps512(static_cast<float*>(p), (f32x16)x);
#endif
#if defined(__AVX__)
  if constexpr (sizeof(V) == 32) return __builtin_ia32_movntps256(static_cast<float*>(p), (f32x8)x);
#endif
#if defined(__SSE__)
  if constexpr (sizeof(V) == 16) return __builtin_ia32_movntps(static_cast<float*>(p), (f32x4)x);
#endif
  __builtin_memcpy(p, &x, sizeof(V));
#endif
}

/// Makes streamed stores visible to other threads before anything stored later.
FUSEGRAD_INLINE void stream_fence() {
#if defined(__SSE2__)
  __builtin_ia32_sfence();
#else
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
#endif
}

}  // namespace detail

using detail::stream_fence;

}  // namespace FUSEGRAD_ISA
}  // namespace fusegrad::simd
