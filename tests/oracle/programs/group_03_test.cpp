// Random programs 15 to 22, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_15 = [](auto x0, auto x1) {
  auto v0 = pow(x1, 2);
  auto v1 = x0 - 0.5;
  auto v2 = v0 * stop_gradient(v0);
  auto v3 = v2 * v1;
  auto s0 = sum(v3);
  return s0;
};

constexpr auto program_16 = [](auto x0, auto x1) {
  auto v0 = fg::xlogy(fg::square(x1), 1 + fg::square(x0));
  auto v1 = fg::pow(v0, 2);
  return v1;
};

constexpr auto program_17 = [](auto x0, auto c0) {
  auto v0 = x0 / (1.5 + fg::cos(c0));
  auto v1 = v0 * c0;
  auto v2 = c0 - x0;
  auto v3 = fg::min(v1, v2);
  return v3;
};

constexpr auto program_18 = [](auto x0, auto x1) {
  auto v0 = fg::atan2(x1, x0);
  auto v1 = fg::acos(0.75 * fg::sin(x0));
  auto v2 = v0 * v1;
  return v2;
};

constexpr auto program_19 = [](auto x0, auto c0) {
  auto v0 = x0 - 2;
  auto v1 = x0 * stop_gradient(x0);
  auto v2 = v0 / (1 + square(c0));
  auto v3 = hypot(v1, v2);
  return v3;
};

constexpr auto program_20 = [](auto x0, auto c0) {
  auto v0 = x0 * 0.375;
  auto v1 = x0 * fg::floor(1.5 + x0);
  auto v2 = v0 / (1.5 + fg::cos(c0));
  auto v3 = v1 - v2;
  auto s0 = fg::max(v3);
  return fg::tanh(0.125 * s0);
};

constexpr auto program_21 = [](auto x0, auto x1) {
  auto v0 = fg::sqrt(1 + fg::square(x0));
  auto v1 = x1 - v0;
  auto s0 = fg::sum(v1);
  return 0.5 * s0 + 1;
};

constexpr auto program_22 = [](auto x0, auto x1) {
  auto v0 = fg::squareplus(x0, 2.0);
  auto v1 = fg::fma(x1, v0, x0);
  auto v2 = 0.5 - v1;
  auto v3 = fg::copysign(v2, x0);
  auto v4 = fg::sqrt(1 + fg::square(x0));
  auto v5 = v4 * v3;
  return v5;
};

}  // namespace

TEST_CASE("random program 15: 2 arrays, 0 scalars, 6 operations, reduced", "[oracle][programs]") {
  oracle::check_program<15, 2, 0, true, 1>(program_15, "group_03");
}

TEST_CASE("random program 16: 2 arrays, 0 scalars, 5 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<16, 2, 0, false, 0>(program_16, "group_03");
}

TEST_CASE("random program 17: 1 array, 1 scalar, 6 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<17, 1, 1, false, 0>(program_17, "group_03");
}

TEST_CASE("random program 18: 2 arrays, 0 scalars, 5 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<18, 2, 0, false, 0>(program_18, "group_03");
}

TEST_CASE("random program 19: 1 array, 1 scalar, 7 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<19, 1, 1, false, 0>(program_19, "group_03");
}

TEST_CASE("random program 20: 1 array, 1 scalar, 11 operations, reduced", "[oracle][programs]") {
  oracle::check_program<20, 1, 1, true, 0>(program_20, "group_03");
}

TEST_CASE("random program 21: 2 arrays, 0 scalars, 7 operations, reduced", "[oracle][programs]") {
  oracle::check_program<21, 2, 0, true, 1>(program_21, "group_03");
}

TEST_CASE("random program 22: 2 arrays, 0 scalars, 8 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<22, 2, 0, false, 0>(program_22, "group_03");
}
