// Element types and how they combine: the table that every program's types follow.
#include <fusegrad/core/dtype.hpp>

#include <cstddef>

#include "catch.hpp"

namespace fg = fusegrad;
using fg::dtype, fg::strength;

static_assert(fg::element<bool> && fg::element<signed char> && fg::element<unsigned long> && fg::element<double>);
static_assert(!fg::element<long double> && !fg::element<void*> && !fg::element<std::nullptr_t>);

static_assert(fg::dtype_of<bool> == dtype::boolean && fg::dtype_of<float> == dtype::f32 &&
              fg::dtype_of<double> == dtype::f64);
static_assert(fg::dtype_of<char> == dtype::i32 && fg::dtype_of<short> == dtype::i32 && fg::dtype_of<int> == dtype::i32);
static_assert(fg::dtype_of<unsigned char> == dtype::i32 && fg::dtype_of<unsigned short> == dtype::i32);
static_assert(fg::dtype_of<unsigned> == dtype::i64 && fg::dtype_of<long> == dtype::i64 &&
              fg::dtype_of<unsigned long> == dtype::u64);

static_assert(std::is_same_v<fg::type_of<dtype::boolean>, bool> &&
              std::is_same_v<fg::type_of<dtype::i32>, std::int32_t>);
static_assert(std::is_same_v<fg::type_of<dtype::i64>, std::int64_t> && std::is_same_v<fg::type_of<dtype::f64>, double>);
static_assert(fg::is_floating(dtype::f32) && fg::is_floating(dtype::f64) && !fg::is_floating(dtype::i64));

namespace {

constexpr bool combine(dtype a, strength sa, dtype b, strength sb, dtype expected) {
  const fg::typing one = fg::promote({a, sa}, {b, sb}), other = fg::promote({b, sb}, {a, sa});
  return one.type == expected && other.type == expected && one.weight == other.weight &&
         one.weight == (sa > sb ? sa : sb);
}
constexpr auto literal = strength::literal, scalar = strength::scalar, array = strength::array;

}  // namespace

// among equals: the usual conversions of C++
static_assert(combine(dtype::f32, array, dtype::f64, array, dtype::f64));
static_assert(combine(dtype::i32, array, dtype::i64, array, dtype::i64));
static_assert(combine(dtype::i64, array, dtype::u64, array, dtype::u64));
static_assert(combine(dtype::u64, array, dtype::f32, array, dtype::f32));
static_assert(combine(dtype::i64, array, dtype::f32, array, dtype::f32));
static_assert(combine(dtype::boolean, array, dtype::i32, array, dtype::i32));
static_assert(combine(dtype::boolean, array, dtype::boolean, array, dtype::boolean));
static_assert(combine(dtype::f32, scalar, dtype::f64, scalar, dtype::f64));
static_assert(combine(dtype::f32, literal, dtype::f64, literal, dtype::f64));
// weaker values take the type of stronger ones of their kind
static_assert(combine(dtype::f32, array, dtype::f64, scalar, dtype::f32));
static_assert(combine(dtype::f32, array, dtype::f64, literal, dtype::f32));
static_assert(combine(dtype::f32, scalar, dtype::f64, literal, dtype::f32));
static_assert(combine(dtype::i32, array, dtype::i64, literal, dtype::i32));
static_assert(combine(dtype::f64, array, dtype::f32, scalar, dtype::f64));
// but never lose their kind
static_assert(combine(dtype::i32, array, dtype::f64, literal, dtype::f64));
static_assert(combine(dtype::i64, array, dtype::f32, scalar, dtype::f32));
static_assert(combine(dtype::boolean, array, dtype::i32, literal, dtype::i32));

// integers are kept as they are, whichever type reads them
static_assert(fg::number(9007199254740993).as<std::int64_t>() == 9007199254740993);
static_assert(fg::number(~0ull).as<double>() == 18446744073709551615.0 && fg::number(-1).as<double>() == -1);
static_assert(fg::number(-1).to(dtype::u64).as<std::uint64_t>() == ~0ull);
static_assert(fg::number(2.75).to(dtype::i32).as<int>() == 2 && fg::number(1e300).to(dtype::f32).as<float>() > 3.4e38f);
static_assert(fg::number(-2147483648).fits(dtype::i32) && !fg::number(2147483648).fits(dtype::i32));
static_assert(!fg::number(-1).fits(dtype::u64) && !fg::number(1ull << 63).fits(dtype::i64));
static_assert(fg::number(1ull << 63).fits(dtype::u64) && fg::number(5ull).fits(dtype::i32));

TEST_CASE("types have names", "[core]") {
  CHECK(fg::to_string(dtype::boolean) == "bool");
  CHECK(fg::to_string(dtype::i32) == "i32");
  CHECK(fg::to_string(dtype::i64) == "i64");
  CHECK(fg::to_string(dtype::u64) == "u64");
  CHECK(fg::to_string(dtype::f32) == "f32");
  CHECK(fg::to_string(dtype::f64) == "f64");
}

TEST_CASE("numbers beyond the range of an integer type become what x86 makes of them", "[core]") {
  static_assert(fg::number(-1.0).as<std::uint64_t>() == 0xffffffffffffffffu);
  static_assert(fg::number(0x1.8p63).as<std::uint64_t>() == 0xc000000000000000u);
  static_assert(fg::number(1e300).as<std::int64_t>() == -0x7fffffffffffffff - 1);
  static_assert(fg::number(-7.9).as<std::int32_t>() == -7);
  SUCCEED();
}
