// Random programs 35 to 38, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_35 = [](auto x0, auto x1) {
  auto v0 = clamp(x0, -1.5, 1.25);
  auto v1 = log(1 + square(v0));
  auto v2 = hypot(x1, v1);
  auto s0 = sum(v2);
  auto s1 = norm(v1);
  auto s2 = mean(square(v0));
  return fma(s0, sigmoid(s1), sin(s2));
};

constexpr auto program_36 = [](auto x0, auto c0) {
  auto v0 = 0.5 - x0;
  auto v1 = fg::softsign(v0);
  auto v2 = fg::log1p(fg::square(c0));
  auto v3 = v2 / (1 + fg::square(v1));
  auto s0 = fg::sum(v3);
  auto s1 = fg::sum(v3);
  auto s2 = fg::min(v0);
  return 1 - 2 * s0 / (1 + fg::abs(s1) + fg::abs(s2));
};

constexpr auto program_37 = [](auto x0, auto c0) {
  auto v0 = fg::lgamma(1.5 + fg::square(x0));
  auto v1 = fg::max(c0, v0);
  auto s0 = fg::prod(1 + 0.25 * fg::tanh(v1));
  return fg::log1p(fg::square(s0));
};

constexpr auto program_38 = [](auto x0, auto x1, auto c0) {
  auto v0 = fg::asin(0.5 * fg::tanh(c0));
  auto v1 = fg::xlogy(fg::square(v0), 1 + fg::square(x0));
  auto v2 = v1 * x1;
  return v2;
};

}  // namespace

TEST_CASE("random program 35: 2 arrays, 0 scalars, 12 operations, reduced", "[oracle][programs]") {
  oracle::check_program<35, 2, 0, true, 1>(program_35, "group_06");
}

TEST_CASE("random program 36: 1 array, 1 scalar, 17 operations, reduced", "[oracle][programs]") {
  oracle::check_program<36, 1, 1, true, 0, 1>(program_36, "group_06");
}

TEST_CASE("random program 37: 1 array, 1 scalar, 10 operations, reduced", "[oracle][programs]") {
  oracle::check_program<37, 1, 1, true, 0>(program_37, "group_06");
}

TEST_CASE("random program 38: 2 arrays, 1 scalar, 8 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<38, 2, 1, false, 0>(program_38, "group_06");
}
