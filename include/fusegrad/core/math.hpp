// Scalar mathematics on float, double and long double: the names of <cmath> without its cost in compile time.
// Everything forwards to the compiler's built-in functions and so to the C library. Knows nothing of programs.
#pragma once

#include <concepts>
#include <cstdint>
#include <type_traits>

#include "../config.hpp"

#if defined(__clang__) && defined(__GLIBC__) && !defined(__CUDACC__)
// glibc's, as <math.h> declares them: clang 14 has no builtins of these names
extern "C" float lgammaf_r(float, int*) noexcept;
extern "C" double lgamma_r(double, int*) noexcept;
extern "C" long double lgammal_r(long double, int*) noexcept;
#endif

namespace fusegrad::math {
inline namespace FUSEGRAD_ISA {

template <class T>
inline constexpr bool single = std::is_same_v<T, float>;
template <class T>
inline constexpr bool extended = std::is_same_v<T, long double>;

template <class T>
  requires std::is_arithmetic_v<T>
FUSEGRAD_HD constexpr T where(bool condition, T x, T y) {
  return condition ? x : y;
}

// Integers wrap round, as the instructions do; C++ calls that an error of signed ones. (Two functions of each name:
// nvcc refuses to name a vector's type within what could be device code.)
template <class T>
FUSEGRAD_HD constexpr T sum(T x, T y) {
  return x + y;
}
template <std::integral T>
FUSEGRAD_HD constexpr T sum(T x, T y) {
  return static_cast<T>(static_cast<std::uint64_t>(x) + static_cast<std::uint64_t>(y));
}
template <class T>
FUSEGRAD_HD constexpr T difference(T x, T y) {
  return x - y;
}
template <std::integral T>
FUSEGRAD_HD constexpr T difference(T x, T y) {
  return static_cast<T>(static_cast<std::uint64_t>(x) - static_cast<std::uint64_t>(y));
}
template <class T>
FUSEGRAD_HD constexpr T product(T x, T y) {
  return x * y;
}
template <std::integral T>
FUSEGRAD_HD constexpr T product(T x, T y) {
  return static_cast<T>(static_cast<std::uint64_t>(x) * static_cast<std::uint64_t>(y));
}
template <class T>
FUSEGRAD_HD constexpr T negative(T x) {
  return -x;
}
template <std::integral T>
FUSEGRAD_HD constexpr T negative(T x) {
  return difference(T(0), x);
}

template <std::floating_point T>
FUSEGRAD_HD constexpr bool signbit(T x) {
  return __builtin_signbit(x) != 0;
}

template <class T>
  requires std::is_arithmetic_v<T>
FUSEGRAD_HD constexpr T abs(T x) {
  if constexpr (single<T>) return __builtin_fabsf(x);
  else if constexpr (extended<T>) return __builtin_fabsl(x);
  else if constexpr (std::floating_point<T>) return __builtin_fabs(x);
  else if constexpr (std::unsigned_integral<T>) return x;
  else return x < 0 ? negative(x) : x;
}

/// -1, 1, or x itself if it is zero or NaN.
template <class T>
  requires std::is_arithmetic_v<T>
FUSEGRAD_HD constexpr T sign(T x) {
  return x > T(0) ? T(1) : x < T(0) ? T(-1) : x;
}

#if defined(__CUDA_ARCH__)
// A GPU has instructions for both extrema that order zeros by sign, but only for float some that take NaN over numbers.
namespace on_gpu {
template <class T>
__device__ T nan_or(T found, T x, T y) {
  return x != x || y != y ? x + y : found;
}
__device__ inline double max(double x, double y) { return nan_or(__builtin_fmax(x, y), x, y); }
__device__ inline double min(double x, double y) { return nan_or(__builtin_fmin(x, y), x, y); }
#if __CUDA_ARCH__ >= 800
__device__ inline float max(float x, float y) {
  float z;
  asm("max.NaN.f32 %0, %1, %2;" : "=f"(z) : "f"(x), "f"(y));
  return z;
}
__device__ inline float min(float x, float y) {
  float z;
  asm("min.NaN.f32 %0, %1, %2;" : "=f"(z) : "f"(x), "f"(y));
  return z;
}
#else
__device__ inline float max(float x, float y) { return nan_or(__builtin_fmaxf(x, y), x, y); }
__device__ inline float min(float x, float y) { return nan_or(__builtin_fminf(x, y), x, y); }
#endif
}  // namespace on_gpu
#endif

/// The larger operand; NaN if one is NaN; +0 of two zeros of different sign.
template <class T>
  requires std::is_arithmetic_v<T>
FUSEGRAD_HD constexpr T max(T x, T y) {
#if defined(__CUDA_ARCH__)
  if constexpr (std::floating_point<T> && !extended<T>)
    if (!__builtin_is_constant_evaluated()) return on_gpu::max(x, y);
#endif
  if (x > y) return x;
  if (y > x) return y;
  if constexpr (std::floating_point<T>)
    if (x != y || signbit(x)) return x != x ? x : y;
  return x;
}

/// The smaller operand; NaN if one is NaN; -0 of two zeros of different sign.
template <class T>
  requires std::is_arithmetic_v<T>
FUSEGRAD_HD constexpr T min(T x, T y) {
#if defined(__CUDA_ARCH__)
  if constexpr (std::floating_point<T> && !extended<T>)
    if (!__builtin_is_constant_evaluated()) return on_gpu::min(x, y);
#endif
  if (x < y) return x;
  if (y < x) return y;
  if constexpr (std::floating_point<T>)
    if (x != y || signbit(y)) return x != x ? x : y;
  return x;
}

/// x y + z, rounded once.
template <std::floating_point T>
FUSEGRAD_HD constexpr T fma(T x, T y, T z) {
  if constexpr (single<T>) return __builtin_fmaf(x, y, z);
  else if constexpr (extended<T>) return __builtin_fmal(x, y, z);
  else return __builtin_fma(x, y, z);
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T sqrt(T x) {
  if constexpr (single<T>) return __builtin_sqrtf(x);
  else if constexpr (extended<T>) return __builtin_sqrtl(x);
  else return __builtin_sqrt(x);
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T cbrt(T x) {
  if constexpr (single<T>) return __builtin_cbrtf(x);
  else if constexpr (extended<T>) return __builtin_cbrtl(x);
  else return __builtin_cbrt(x);
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T floor(T x) {
  if constexpr (single<T>) return __builtin_floorf(x);
  else if constexpr (extended<T>) return __builtin_floorl(x);
  else return __builtin_floor(x);
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T ceil(T x) {
  if constexpr (single<T>) return __builtin_ceilf(x);
  else if constexpr (extended<T>) return __builtin_ceill(x);
  else return __builtin_ceil(x);
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T round(T x) {
  if constexpr (single<T>) return __builtin_roundf(x);
  else if constexpr (extended<T>) return __builtin_roundl(x);
  else return __builtin_round(x);
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T trunc(T x) {
  if constexpr (single<T>) return __builtin_truncf(x);
  else if constexpr (extended<T>) return __builtin_truncl(x);
  else return __builtin_trunc(x);
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T exp(T x) {
  if constexpr (single<T>) return __builtin_expf(x);
  else if constexpr (extended<T>) return __builtin_expl(x);
  else return __builtin_exp(x);
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T exp2(T x) {
  if constexpr (single<T>) return __builtin_exp2f(x);
  else if constexpr (extended<T>) return __builtin_exp2l(x);
  else return __builtin_exp2(x);
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T expm1(T x) {
  if constexpr (single<T>) return __builtin_expm1f(x);
  else if constexpr (extended<T>) return __builtin_expm1l(x);
  else return __builtin_expm1(x);
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T log(T x) {
  if constexpr (single<T>) return __builtin_logf(x);
  else if constexpr (extended<T>) return __builtin_logl(x);
  else return __builtin_log(x);
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T log2(T x) {
  if constexpr (single<T>) return __builtin_log2f(x);
  else if constexpr (extended<T>) return __builtin_log2l(x);
  else return __builtin_log2(x);
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T log10(T x) {
  if constexpr (single<T>) return __builtin_log10f(x);
  else if constexpr (extended<T>) return __builtin_log10l(x);
  else return __builtin_log10(x);
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T log1p(T x) {
  if constexpr (single<T>) return __builtin_log1pf(x);
  else if constexpr (extended<T>) return __builtin_log1pl(x);
  else return __builtin_log1p(x);
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T sin(T x) {
  if constexpr (single<T>) return __builtin_sinf(x);
  else if constexpr (extended<T>) return __builtin_sinl(x);
  else return __builtin_sin(x);
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T cos(T x) {
  if constexpr (single<T>) return __builtin_cosf(x);
  else if constexpr (extended<T>) return __builtin_cosl(x);
  else return __builtin_cos(x);
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T tan(T x) {
  if constexpr (single<T>) return __builtin_tanf(x);
  else if constexpr (extended<T>) return __builtin_tanl(x);
  else return __builtin_tan(x);
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T asin(T x) {
  if constexpr (single<T>) return __builtin_asinf(x);
  else if constexpr (extended<T>) return __builtin_asinl(x);
  else return __builtin_asin(x);
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T acos(T x) {
  if constexpr (single<T>) return __builtin_acosf(x);
  else if constexpr (extended<T>) return __builtin_acosl(x);
  else return __builtin_acos(x);
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T atan(T x) {
  if constexpr (single<T>) return __builtin_atanf(x);
  else if constexpr (extended<T>) return __builtin_atanl(x);
  else return __builtin_atan(x);
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T sinh(T x) {
  if constexpr (single<T>) return __builtin_sinhf(x);
  else if constexpr (extended<T>) return __builtin_sinhl(x);
  else return __builtin_sinh(x);
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T cosh(T x) {
  if constexpr (single<T>) return __builtin_coshf(x);
  else if constexpr (extended<T>) return __builtin_coshl(x);
  else return __builtin_cosh(x);
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T tanh(T x) {
  if constexpr (single<T>) return __builtin_tanhf(x);
  else if constexpr (extended<T>) return __builtin_tanhl(x);
  else return __builtin_tanh(x);
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T asinh(T x) {
  if constexpr (single<T>) return __builtin_asinhf(x);
  else if constexpr (extended<T>) return __builtin_asinhl(x);
  else return __builtin_asinh(x);
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T acosh(T x) {
  if constexpr (single<T>) return __builtin_acoshf(x);
  else if constexpr (extended<T>) return __builtin_acoshl(x);
  else return __builtin_acosh(x);
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T atanh(T x) {
  if constexpr (single<T>) return __builtin_atanhf(x);
  else if constexpr (extended<T>) return __builtin_atanhl(x);
  else return __builtin_atanh(x);
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T erf(T x) {
  if constexpr (single<T>) return __builtin_erff(x);
  else if constexpr (extended<T>) return __builtin_erfl(x);
  else return __builtin_erf(x);
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T erfc(T x) {
  if constexpr (single<T>) return __builtin_erfcf(x);
  else if constexpr (extended<T>) return __builtin_erfcl(x);
  else return __builtin_erfc(x);
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T copysign(T x, T y) {
  if constexpr (single<T>) return __builtin_copysignf(x, y);
  else if constexpr (extended<T>) return __builtin_copysignl(x, y);
  else return __builtin_copysign(x, y);
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T fmod(T x, T y) {
  if constexpr (single<T>) return __builtin_fmodf(x, y);
  else if constexpr (extended<T>) return __builtin_fmodl(x, y);
  else return __builtin_fmod(x, y);
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T remainder(T x, T y) {
  if constexpr (single<T>) return __builtin_remainderf(x, y);
  else if constexpr (extended<T>) return __builtin_remainderl(x, y);
  else return __builtin_remainder(x, y);
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T pow(T x, T y) {
  if constexpr (single<T>) return __builtin_powf(x, y);
  else if constexpr (extended<T>) return __builtin_powl(x, y);
  else return __builtin_pow(x, y);
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T atan2(T x, T y) {
  if constexpr (single<T>) return __builtin_atan2f(x, y);
  else if constexpr (extended<T>) return __builtin_atan2l(x, y);
  else return __builtin_atan2(x, y);
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T hypot(T x, T y) {
  if constexpr (single<T>) return __builtin_hypotf(x, y);
  else if constexpr (extended<T>) return __builtin_hypotl(x, y);
  else return __builtin_hypot(x, y);
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T divide(T x, T y) {
  return x / y;
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T reciprocal(T x) {
  return T(1) / x;
}

template <std::floating_point T>
FUSEGRAD_HD constexpr T rsqrt(T x) {
  return T(1) / sqrt(x);
}

/// Does the target multiply and add in one instruction?
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA) || defined(__CUDA_ARCH__)
inline constexpr bool has_fma = true;
#else
inline constexpr bool has_fma = false;
#endif

/// x y + z in whichever way is fastest: rounded once or twice.
template <class T>
FUSEGRAD_HD constexpr T multiply_add(T x, T y, T z) {
  if constexpr (has_fma && std::floating_point<T>)
    if (!__builtin_is_constant_evaluated()) return fma(x, y, z);
  return x * y + z;
}

/// log |gamma(x)|, without the C library's global sign.
template <std::floating_point T>
FUSEGRAD_HD inline T lgamma(T x) {
#if defined(__CUDA_ARCH__) || !defined(__GLIBC__)
  if constexpr (single<T>) return __builtin_lgammaf(x);
  else if constexpr (extended<T>) return __builtin_lgammal(x);
  else return __builtin_lgamma(x);
#else
  int sign = 0;  // lgamma() writes a global variable, which threads would race for
#if defined(__clang__) && !defined(__CUDACC__)
  if constexpr (single<T>) return ::lgammaf_r(x, &sign);
  else if constexpr (extended<T>) return ::lgammal_r(x, &sign);
  else return ::lgamma_r(x, &sign);
#else
  if constexpr (single<T>) return __builtin_lgammaf_r(x, &sign);
  else if constexpr (extended<T>) return __builtin_lgammal_r(x, &sign);
  else return __builtin_lgamma_r(x, &sign);
#endif
#endif
}

/// Neither larger than the other, or NaN.
template <class T>
  requires std::is_arithmetic_v<T>
FUSEGRAD_HD constexpr bool equal_or_unordered(T x, T y) {
  return !(x < y) && !(y < x);
}

/// 1/2 between equals, NaN where x is NaN, otherwise 1.
template <class T>
  requires std::is_floating_point_v<T>
FUSEGRAD_HD constexpr T share(T x, T y) {
  return x == y ? T(0.5) : x != x ? x : T(1);
}

/// max and min of numbers of which one is larger.
template <class T>
  requires std::is_arithmetic_v<T>
FUSEGRAD_HD constexpr T decided_max(T x, T y) {
  return x > y ? x : y;
}
template <class T>
  requires std::is_arithmetic_v<T>
FUSEGRAD_HD constexpr T decided_min(T x, T y) {
  return x < y ? x : y;
}

// What an operation asks for when it knows its operand's range: packs need not look at the rest.

/// exp(x) for x <= 0.
template <std::floating_point T>
FUSEGRAD_HD constexpr T exp_nonpositive(T x) {
  return exp(x);
}

/// exp(-|x|).
template <std::floating_point T>
FUSEGRAD_HD constexpr T decay(T x) {
  return exp(-abs(x));
}

/// log(1 + x) for x in [0, 1].
template <std::floating_point T>
FUSEGRAD_HD constexpr T log_1p2(T x) {
  return log1p(x);
}

/// log(exp(x) + exp(y)).
template <std::floating_point T>
FUSEGRAD_HD constexpr T logaddexp(T x, T y) {
  return max(x, y) + log_1p2(decay(x == y ? T(0) : x - y));
}

/// 1 / x for x in [1, 2].
template <std::floating_point T>
FUSEGRAD_HD constexpr T reciprocal_12(T x) {
  return T(1) / x;
}

}  // namespace FUSEGRAD_ISA
}  // namespace fusegrad::math
