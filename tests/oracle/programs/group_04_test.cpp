// Random programs 23 to 28, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_23 = [](auto x0, auto c0) {
  auto v0 = hypot(x0, c0);
  auto v1 = xlogy(square(v0), 1 + square(x0));
  auto s0 = mean(square(v1));
  auto s1 = prod(1 + 0.25 * tanh(v0));
  return s0 - atan(s1);
};

constexpr auto program_24 = [](auto x0) {
  auto v0 = fg::erfc(x0);
  auto v1 = 2 - v0;
  auto v2 = v1 / (1 + fg::square(x0));
  auto s0 = fg::mean(v2);
  auto s1 = fg::sum(v2);
  return s0 / (1 + fg::square(s1));
};

constexpr auto program_25 = [](auto x0, auto c0) {
  auto v0 = 0.375 * x0;
  auto v1 = fg::copysign(x0, c0);
  auto v2 = 0.5 - v1;
  auto v3 = fg::max(v0, v2);
  auto s0 = fg::norm(v3);
  auto s1 = fg::var(v0);
  return s0 - fg::atan(s1);
};

constexpr auto program_26 = [](auto x0, auto c0) {
  auto v0 = fg::mish(x0);
  auto v1 = fg::sin(v0);
  auto v2 = fg::lerp(x0, v1, fg::sigmoid(c0));
  auto v3 = fg::asinh(v1);
  auto v4 = v3 - v2;
  return v4;
};

constexpr auto program_27 = [](auto x0, auto c0) {
  auto v0 = x0 - c0;
  auto v1 = where(v0 > 0, sqrt(v0), x0);
  auto s0 = norm(v1);
  auto s1 = prod(1 + 0.25 * tanh(v1));
  return s0 - atan(s1);
};

constexpr auto program_28 = [](auto x0, auto x1) {
  auto v0 = fg::xlogy(fg::square(x0), 1 + fg::square(x1));
  auto s0 = fg::mean(v0);
  return fg::log1p(fg::square(s0));
};

}  // namespace

TEST_CASE("random program 23: 1 array, 1 scalar, 13 operations, reduced", "[oracle][programs]") {
  oracle::check_program<23, 1, 1, true, 0>(program_23, "group_04");
}

TEST_CASE("random program 24: 1 array, 0 scalars, 10 operations, reduced", "[oracle][programs]") {
  oracle::check_program<24, 1, 0, true, 0>(program_24, "group_04");
}

TEST_CASE("random program 25: 1 array, 1 scalar, 8 operations, reduced", "[oracle][programs]") {
  oracle::check_program<25, 1, 1, true, 0>(program_25, "group_04");
}

TEST_CASE("random program 26: 1 array, 1 scalar, 6 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<26, 1, 1, false, 0>(program_26, "group_04");
}

TEST_CASE("random program 27: 1 array, 1 scalar, 11 operations, reduced", "[oracle][programs]") {
  oracle::check_program<27, 1, 1, true, 0, 1>(program_27, "group_04");
}

TEST_CASE("random program 28: 2 arrays, 0 scalars, 7 operations, reduced", "[oracle][programs]") {
  oracle::check_program<28, 2, 0, true, 0>(program_28, "group_04");
}
