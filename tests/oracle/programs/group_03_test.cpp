// Random programs 29 to 37, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_29 = [](auto x0, auto c0) {
  auto v0 = c0 / (1.5 + fg::cos(x0));
  auto v1 = fg::where(v0 > 0, fg::log(v0) * x0, x0);
  auto v2 = v1 + x0;
  return v2;
};

constexpr auto program_30 = [](auto x0) {
  auto v0 = fg::cbrt(2 + fg::square(x0));
  auto v1 = v0 / (1 + fg::square(x0));
  auto v2 = 0.375 - v0;
  auto v3 = v1 / (1.5 + fg::cos(v2));
  return v3;
};

constexpr auto program_31 = [](auto x0, auto x1, auto c0) {
  auto v0 = c0 / (1.5 + cos(x1));
  auto v1 = x0 / (1.5 + cos(v0));
  auto v2 = v1 - x1;
  auto v3 = pow(1.25 + square(c0), -1.5);
  auto v4 = v3 * v2;
  return v4;
};

constexpr auto program_32 = [](auto x0, auto x1, auto c0, auto c1) {
  auto v0 = c0 + 3;
  auto v1 = fg::lerp(v0, x0, fg::sigmoid(c1));
  auto v2 = fg::erfc(v1);
  auto v3 = fg::gelu(x1);
  auto v4 = v2 + v3;
  auto s0 = fg::sum(v4);
  auto s1 = fg::logsumexp(v4);
  auto s2 = fg::max(v2);
  return fg::fma(s0, fg::sigmoid(s1), fg::sin(s2));
};

constexpr auto program_33 = [](auto x0, auto x1, auto c0) {
  auto v0 = 0.375 - x1;
  auto v1 = fg::clamp(v0, -1 - fg::square(c0), 1 + fg::square(x0));
  auto s0 = fg::mean(fg::square(v1));
  return fg::tanh(0.125 * s0);
};

constexpr auto program_34 = [](auto x0, auto c0, auto c1) {
  auto v0 = fg::leaky_relu(c0, 0.125);
  auto v1 = fg::where(x0 > c0, fg::sin(x0), c0);
  auto v2 = -1.5 - x0;
  auto v3 = fg::where(v0 < 0.25, v0 * c1, fg::square(c1));
  auto v4 = v1 * v3;
  auto v5 = v4 + v2;
  return v5;
};

constexpr auto program_35 = [](auto x0, auto x1) {
  auto v0 = clamp(x0, -1.5, 1.25);
  auto v1 = log(1 + square(v0));
  auto v2 = where(v1 > 0, sqrt(v1), x1);
  auto s0 = norm(v2);
  return 0.5 * s0 + 1;
};

constexpr auto program_36 = [](auto x0, auto c0, auto c1) {
  auto v0 = fg::hypot(x0, c0);
  auto v1 = fg::log1p(fg::square(c1));
  auto v2 = v0 + 3;
  auto v3 = v2 / 1.25;
  auto v4 = v1 * v0;
  auto v5 = v4 - v3;
  auto v6 = v5 * v1 - v4;
  auto v7 = fg::abs(v0);
  auto v8 = fg::max(v6, v7);
  return v8;
};

constexpr auto program_37 = [](auto x0, auto c0) {
  auto v0 = fg::lgamma(1.5 + fg::square(x0));
  auto v1 = c0 + v0;
  auto v2 = v1 / (1.5 + fg::cos(c0));
  auto s0 = fg::max(v2);
  auto s1 = fg::mean(v0);
  auto s2 = fg::prod(1 + 0.25 * fg::tanh(v0));
  return fg::fma(s0, fg::sigmoid(s1), fg::sin(s2));
};

}  // namespace

TEST_CASE("random program 29: 1 array, 1 scalar, 8 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<1, 1, false, 0>(program_29, "group_03", 29);
}

TEST_CASE("random program 30: 1 array, 0 scalars, 10 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<1, 0, false, 0>(program_30, "group_03", 30);
}

TEST_CASE("random program 31: 2 arrays, 1 scalar, 11 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<2, 1, false, 1>(program_31, "group_03", 31);
}

TEST_CASE("random program 32: 2 arrays, 2 scalars, 12 operations, reduced", "[oracle][programs]") {
  oracle::check_program<2, 2, true, 0>(program_32, "group_03", 32);
}

TEST_CASE("random program 33: 2 arrays, 1 scalar, 10 operations, reduced", "[oracle][programs]") {
  oracle::check_program<2, 1, true, 1, 2>(program_33, "group_03", 33);
}

TEST_CASE("random program 34: 1 array, 2 scalars, 11 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<1, 2, false, 0>(program_34, "group_03", 34);
}

TEST_CASE("random program 35: 2 arrays, 0 scalars, 10 operations, reduced", "[oracle][programs]") {
  oracle::check_program<2, 0, true, 1>(program_35, "group_03", 35);
}

TEST_CASE("random program 36: 1 array, 2 scalars, 11 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<1, 2, false, 0, 1>(program_36, "group_03", 36);
}

TEST_CASE("random program 37: 1 array, 1 scalar, 16 operations, reduced", "[oracle][programs]") {
  oracle::check_program<1, 1, true, 0>(program_37, "group_03", 37);
}
