// Element types: what an array may hold, what a program computes in, and how types combine.
// Knows nothing of arrays, programs or derivatives.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "half.hpp"

namespace fusegrad {

/// The types a program computes in. Narrower numbers are widened to one of these when they are loaded.
enum class dtype : std::uint8_t { boolean, i32, i64, u64, f32, f64 };

/// The types that numbers given to the library may have.
template <class T>
concept element = std::is_arithmetic_v<T> && !std::is_same_v<T, long double> && sizeof(T) <= 8;

/// The types that elements of arrays may have.
template <class T>
concept storable = element<T> || is_narrow<T>;

template <storable T>
inline constexpr dtype dtype_of = std::is_same_v<T, bool>                    ? dtype::boolean
                                  : std::is_same_v<T, float> || is_narrow<T> ? dtype::f32
                                  : std::is_same_v<T, double>                ? dtype::f64
                                  : sizeof(T) == 8 && std::is_unsigned_v<T>  ? dtype::u64
                                  : sizeof(T) + std::is_unsigned_v<T> > 4    ? dtype::i64
                                                                             : dtype::i32;

namespace detail {
template <dtype D>
struct dtype_storage;
template <>
struct dtype_storage<dtype::boolean> {
  using type = bool;
};
template <>
struct dtype_storage<dtype::i32> {
  using type = std::int32_t;
};
template <>
struct dtype_storage<dtype::i64> {
  using type = std::int64_t;
};
template <>
struct dtype_storage<dtype::u64> {
  using type = std::uint64_t;
};
template <>
struct dtype_storage<dtype::f32> {
  using type = float;
};
template <>
struct dtype_storage<dtype::f64> {
  using type = double;
};
}  // namespace detail

/// The C++ type of a dtype.
template <dtype D>
using type_of = typename detail::dtype_storage<D>::type;

constexpr bool is_floating(dtype d) { return d >= dtype::f32; }

constexpr int bytes_of(dtype d) { return d == dtype::boolean ? 1 : d == dtype::i32 || d == dtype::f32 ? 4 : 8; }

constexpr std::string_view to_string(dtype d) {
  constexpr std::string_view names[]{"bool", "i32", "i64", "u64", "f32", "f64"};
  return names[static_cast<int>(d)];
}

/// A number of one of these types in 64 bits: floating-point numbers as double, integers as they are.
class number {
  // before its use: clang 14 does not evaluate it otherwise
  template <class T>
  static constexpr T of_double(double x) {
    if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
      if (std::is_same_v<T, std::uint64_t> && x >= 0x1p63 && x < 0x1p64) return static_cast<T>(x);
      if (!(x > -0x1p63 && x < 0x1p63)) return static_cast<T>(-0x7fffffffffffffff - 1);
      return static_cast<T>(static_cast<std::int64_t>(x));
    } else {
      return static_cast<T>(x);
    }
  }

 public:
  constexpr number() = default;
  constexpr number(dtype type, std::uint64_t bits) : type_(type), bits_(bits) {}
  template <element T>
  constexpr number(T x) : type_(dtype_of<T>) {
    if constexpr (std::is_floating_point_v<T>) bits_ = std::bit_cast<std::uint64_t>(static_cast<double>(x));
    else bits_ = static_cast<std::uint64_t>(x);
  }

  constexpr dtype type() const { return type_; }
  constexpr std::uint64_t bits() const { return bits_; }

  constexpr bool is_nan() const { return is_floating(type_) && bits_ << 1 > std::uint64_t{0x7ff} << 53; }

  /// The number as C++ converts it; where that is undefined, for integers of a number beyond their range, as x86 does.
  template <class T>
  constexpr T as() const {
    if (is_floating(type_)) return of_double<T>(std::bit_cast<double>(bits_));
    if (type_ == dtype::u64) return static_cast<T>(bits_);
    return static_cast<T>(static_cast<std::int64_t>(bits_));
  }
  constexpr number to(dtype type) const {
    if (is_nan()) {  // nvcc compares none in constant expressions
      if (is_floating(type)) return {type, bits_};
      if (type == dtype::boolean) return true;
      return {type, type == dtype::i32 ? 0 : std::uint64_t{1} << 63};
    }
    switch (type) {
      case dtype::f64: return as<double>();
      case dtype::f32: {
        // the conversion of a value beyond the range of float is no constant expression
        constexpr double limit = 3.4028235677973366e38;
        const double value = as<double>();
        if (value >= limit) return {type, std::bit_cast<std::uint64_t>(__builtin_inf())};
        if (value <= -limit) return {type, std::bit_cast<std::uint64_t>(-__builtin_inf())};
        return as<float>();
      }
      case dtype::boolean: return as<double>() != 0;
      case dtype::i32: return {type, static_cast<std::uint64_t>(std::int64_t{as<std::int32_t>()})};
      case dtype::u64: return as<std::uint64_t>();
      default: return as<std::int64_t>();
    }
  }
  /// Is an integer one of the integers of that type?
  constexpr bool fits(dtype type) const {
    const bool top = bits_ >> 63 != 0;
    if (top && (type_ == dtype::u64 || type == dtype::u64)) return type_ == type;
    return type != dtype::i32 || as<std::int64_t>() == to(type).as<std::int64_t>();
  }

 private:
  dtype type_ = dtype::f64;
  std::uint64_t bits_ = 0;
};

/// A number of any type, as it is kept while a program runs value by value: `whole` of integers and conditions, `real`
/// of floating-point numbers.
struct wide_number {
  long double real = 0;
  std::int64_t whole = 0;

  template <class T>
  constexpr T as() const {
    if constexpr (std::is_integral_v<T>) return static_cast<T>(whole);
    else return static_cast<T>(real);
  }
  /// Becomes a value that was computed in type T: a number of that type, an integer or a condition.
  template <class T, class Y>
  constexpr void become(const Y& y) {
    if constexpr (std::is_integral_v<Y>) whole = static_cast<std::int64_t>(y);
    else real = static_cast<long double>(static_cast<T>(y));
  }
};

/// How strongly a value insists on its type when values of different types meet: a literal adapts to a number, which is
/// an argument or computed of such, and a number to an array, as in NumPy, PyTorch and JAX.
enum class strength : std::uint8_t { literal, scalar, array };

struct typing {
  dtype type;
  strength weight;
};

/// The common type of two operands: a floating type wins over integers, and these over conditions, whichever is the
/// array; float stays float beside any integer. Where both are floating or both integers, the stronger one's type;
/// where they are equally strong, the larger type, as in C++ (but int beside unsigned is a 64-bit integer). What has
/// only floating values, such as a quotient or exp, takes integers as double.
constexpr typing promote(typing a, typing b) {
  auto category = [](dtype d) { return d == dtype::boolean ? 0 : is_floating(d) ? 2 : 1; };
  const strength weight = a.weight > b.weight ? a.weight : b.weight;
  if (category(a.type) != category(b.type)) return {a.type > b.type ? a.type : b.type, weight};
  if (a.weight != b.weight) return {a.weight > b.weight ? a.type : b.type, weight};
  return {a.type > b.type ? a.type : b.type, weight};
}

}  // namespace fusegrad
