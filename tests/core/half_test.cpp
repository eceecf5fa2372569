// Every number of 16 bits, and how floats between two of them are rounded.
#include <bit>
#include <cmath>
#include <fusegrad/core/half.hpp>
#include <limits>

#include "catch.hpp"

namespace fg = fusegrad;

namespace {

template <class T>
float of_bits(unsigned bits) {
  return std::bit_cast<T>(static_cast<std::uint16_t>(bits));
}
template <class T>
unsigned rounded(float x) {
  return std::bit_cast<std::uint16_t>(T(x));
}

/// All numbers from 0 to the one with the bits of infinity, and what lies between neighbours.
template <class T>
int wrongly_rounded(unsigned infinity) {
  int wrong = 0;
  for (unsigned sign : {0u, 0x8000u})
    for (unsigned bits = 0; bits < infinity; ++bits) {
      const float here = of_bits<T>(sign | bits), next = of_bits<T>(sign | (bits + 1)),
                  before = of_bits<T>(sign | (bits - 1));
      // beyond the largest number the spacing goes on
      const float middle = std::isinf(next) ? here + (here - before) / 2 : here / 2 + next / 2;
      const unsigned even = sign | (bits + bits % 2);
      wrong += rounded<T>(here) != (sign | bits);
      wrong += rounded<T>(middle) != even;
      wrong += rounded<T>(std::nextafter(middle, here)) != (sign | bits);
      wrong += rounded<T>(std::nextafter(middle, 2 * next)) != (sign | (bits + 1));
    }
  wrong += !std::isinf(of_bits<T>(infinity)) || rounded<T>(std::numeric_limits<float>::infinity()) != infinity;
  wrong += !std::isnan(of_bits<T>(infinity + 1)) || !std::isnan(of_bits<T>(rounded<T>(std::nanf(""))));
  return wrong;
}

}  // namespace

TEST_CASE("floats are rounded to the nearest number of 16 bits, to an even one between two", "[core][half]") {
  CHECK(of_bits<fg::half>(0x3c00) == 1);
  CHECK(of_bits<fg::half>(0x7bff) == 65504);
  CHECK(of_bits<fg::half>(0x0001) == std::ldexp(1.0f, -24));
  CHECK(of_bits<fg::bfloat16>(0x3f80) == 1);
  CHECK(wrongly_rounded<fg::half>(0x7c00) == 0);
  CHECK(wrongly_rounded<fg::bfloat16>(0x7f80) == 0);
}
