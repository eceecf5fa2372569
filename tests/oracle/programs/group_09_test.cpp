// Random programs 49 to 52, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_49 = [](auto x0) {
  auto v0 = fg::reciprocal(1 + fg::square(x0));
  auto v1 = fg::atan2(x0, v0);
  auto v2 = fg::logaddexp(v1, x0);
  auto s0 = fg::max(v2);
  return s0;
};

constexpr auto program_50 = [](auto x0, auto x1, auto c0) {
  auto v0 = fg::where(x0 <= c0 && c0 > -0.5, c0, fg::exp(-fg::abs(x0)));
  auto v1 = v0 - x1;
  auto s0 = fg::mean(v1);
  return fg::log1p(fg::square(s0));
};

constexpr auto program_51 = [](auto x0, auto x1, auto c0, auto c1) {
  auto v0 = sqrt(1 + square(x1));
  auto v1 = v0 / (1.5 + cos(c1));
  auto v2 = min(c0, x0);
  auto v3 = v1;
  v3 += v2;
  auto s0 = mean(square(v3));
  return tanh(0.125 * s0);
};

constexpr auto program_52 = [](auto x0, auto x1, auto c0) {
  auto v0 = fg::pow(x0, 3);
  auto v1 = fg::copysign(v0, c0);
  auto v2 = v1 / (1 + fg::square(v0));
  auto v3 = fg::gelu(x1);
  auto v4 = fg::tanh(v3);
  auto v5 = fg::reciprocal(1 + fg::square(v3));
  auto v6 = v4 / (1 + fg::square(v5));
  auto v7 = v2 / (1.5 + fg::cos(v6));
  return v7;
};

}  // namespace

TEST_CASE("random program 49: 1 array, 0 scalars, 6 operations, reduced", "[oracle][programs]") {
  oracle::check_program<49, 1, 0, true, 0>(program_49, "group_09");
}

TEST_CASE("random program 50: 2 arrays, 1 scalar, 10 operations, reduced", "[oracle][programs]") {
  oracle::check_program<50, 2, 1, true, 0>(program_50, "group_09");
}

TEST_CASE("random program 51: 2 arrays, 2 scalars, 12 operations, reduced", "[oracle][programs]") {
  oracle::check_program<51, 2, 2, true, 1, 2>(program_51, "group_09");
}

TEST_CASE("random program 52: 2 arrays, 1 scalar, 16 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<52, 2, 1, false, 0>(program_52, "group_09");
}
