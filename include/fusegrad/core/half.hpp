// Floating-point numbers of 16 bits, as arrays may hold them: half of IEEE 754, whose numbers have 11 bits and reach
// 65504, and bfloat16, the upper half of a float. Knows nothing of arrays; who computes does so in float.
#pragma once

#include <cstdint>

#include "../config.hpp"

namespace fusegrad {

namespace detail {

/// The bits of the half that is nearest, of two the even one.
FUSEGRAD_HD inline std::uint16_t half_bits(float x) {
#if defined(__CUDA_ARCH__)
  std::uint16_t bits;
  asm("cvt.rn.f16.f32 %0, %1;" : "=h"(bits) : "f"(x));
  return bits;
#else
  const auto all = __builtin_bit_cast(std::uint32_t, x);
  const std::uint32_t sign = all >> 16 & 0x8000, size = all & 0x7fffffff;
  std::uint32_t bits;
  if (size > 0x7f800000) bits = 0x7e00;        // NaN
  else if (size >= 0x477ff000) bits = 0x7c00;  // nearer to what would follow 65504: infinite
  else if (size >= 0x38800000) bits = (size - 0x38000000 + 0xfff + (size >> 13 & 1)) >> 13;
  else bits = __builtin_bit_cast(std::uint32_t, __builtin_bit_cast(float, size) + 0.5f) - 0x3f000000;  // subnormal
  return static_cast<std::uint16_t>(sign | bits);
#endif
}
FUSEGRAD_HD inline float float_of_half(std::uint16_t bits) {
#if defined(__CUDA_ARCH__)
  float x;
  asm("cvt.f32.f16 %0, %1;" : "=f"(x) : "h"(bits));
  return x;
#else
  const std::uint32_t sign = (bits & 0x8000u) << 16, size = bits & 0x7fffu;
  const float x = __builtin_bit_cast(float, size << 13) * 0x1p112f;  // exact, subnormal numbers included
  const std::uint32_t rest = size < 0x7c00 ? __builtin_bit_cast(std::uint32_t, x) : 0x7f800000 | size << 13;
  return __builtin_bit_cast(float, sign | rest);
#endif
}

/// The bits of the bfloat16 that is nearest, of two the even one.
FUSEGRAD_HD inline std::uint16_t bfloat16_bits(float x) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
  std::uint16_t bits;
  asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(bits) : "f"(x));
  return bits;
#else
  const auto all = __builtin_bit_cast(std::uint32_t, x);
  const bool is_nan = (all & 0x7fffffff) > 0x7f800000;
  return static_cast<std::uint16_t>((is_nan ? all | 0x400000 : all + 0x7fff + (all >> 16 & 1)) >> 16);
#endif
}

}  // namespace detail

/// A number of 5 bits of exponent and 11 bits of precision: from a float by rounding, to a float as it is.
class half {
 public:
  half() = default;
  FUSEGRAD_HD explicit half(float x) : bits_(detail::half_bits(x)) {}
  FUSEGRAD_HD operator float() const { return detail::float_of_half(bits_); }

 private:
  std::uint16_t bits_;
};

/// A number of 8 bits of exponent, as a float has, and 8 bits of precision: from a float by rounding, to a float as it
/// is.
class bfloat16 {
 public:
  bfloat16() = default;
  FUSEGRAD_HD explicit bfloat16(float x) : bits_(detail::bfloat16_bits(x)) {}
  FUSEGRAD_HD operator float() const { return __builtin_bit_cast(float, static_cast<std::uint32_t>(bits_) << 16); }

 private:
  std::uint16_t bits_;
};

/// The types of floating-point numbers that arrays may hold, but that programs do not compute in: they do so in float,
/// and round what they store. Specialize it for a type of yours that device code converts from float and to float.
template <class T>
inline constexpr bool is_narrow = false;
template <>
inline constexpr bool is_narrow<half> = true;
template <>
inline constexpr bool is_narrow<bfloat16> = true;

}  // namespace fusegrad
