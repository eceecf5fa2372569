// Random programs 45 to 50, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_45 = [](auto x0, auto c0) {
  auto v0 = fg::cosh(fg::tanh(x0));
  auto v1 = x0 + 0.375;
  auto v2 = fg::cos(x0);
  auto v3 = fg::where(v0 > v1, fg::sin(v0), v1);
  auto v4 = fg::xlogy(fg::square(c0), 1 + fg::square(v3));
  auto v5 = v2 + v4;
  auto s0 = fg::mean(v5);
  return 0.5 * s0 + 1;
};

constexpr auto program_46 = [](auto x0, auto x1, auto x2) {
  auto v0 = fg::atan2(x1, x2);
  auto v1 = fg::fma(x2, v0, x0);
  auto v2 = fg::log2(1.5 + v1 * v1);
  auto v3 = fg::exp(fg::tanh(v2));
  auto v4 = fg::cosh(fg::tanh(v3));
  auto v5 = fg::logaddexp(v4, v3);
  auto s0 = fg::mean(fg::square(v5));
  return fg::tanh(0.125 * s0);
};

constexpr auto program_47 = [](auto x0, auto c0) {
  auto v0 = x0 * -0.75;
  auto v1 = sinh(sin(x0));
  auto v2 = c0 - v1;
  auto v3 = exp(tanh(v0));
  auto v4 = v2 * v3;
  auto v5 = xlogy(square(v4), 1 + square(v0));
  auto s0 = mean(v5);
  auto s1 = sum(v4);
  return s0 - atan(s1);
};

constexpr auto program_48 = [](auto x0, auto x1, auto c0) {
  auto v0 = c0 * x0;
  auto v1 = fg::cos(c0);
  auto v2 = fg::log2(1.5 + v0 * v0);
  auto v3 = fg::xlogy(fg::square(v1), 1 + fg::square(v2));
  auto v4 = fg::erf(v3);
  auto v5 = v4 / (1.5 + fg::cos(v1));
  auto v6 = v5;
  v6 += x1;
  return v6;
};

constexpr auto program_49 = [](auto x0) {
  auto v0 = fg::reciprocal(1 + fg::square(x0));
  auto v1 = fg::atan2(x0, v0);
  auto v2 = fg::logaddexp(v1, x0);
  auto v3 = fg::exp(-fg::abs(v2));
  auto v4 = fg::pow(1 + fg::square(v3), fg::tanh(v2));
  auto s0 = fg::sum(v4);
  return fg::tanh(0.125 * s0);
};

constexpr auto program_50 = [](auto x0, auto x1, auto x2, auto c0) {
  auto v0 = x0 - 0.125;
  auto v1 = fg::where(c0 <= x2 && x2 > -0.5, x2, fg::exp(-fg::abs(c0)));
  auto v2 = v0 * 1;
  auto v3 = fg::pow(1.25 + fg::square(x2), -1.5);
  auto v4 = v3 * v2;
  auto v5 = x1 * v4;
  auto v6 = v5 / (1.5 + fg::cos(v1));
  auto s0 = fg::logsumexp(v6);
  auto s1 = fg::norm(v2);
  auto s2 = fg::norm(v5);
  return fg::fma(s0, fg::sigmoid(s1), fg::sin(s2));
};

}  // namespace

TEST_CASE("random program 45: 1 array, 1 scalar, 15 operations, reduced", "[oracle][programs]") {
  oracle::check_program<1, 1, true, 0, 1>(program_45, "group_05", 45);
}

TEST_CASE("random program 46: 3 arrays, 0 scalars, 14 operations, reduced", "[oracle][programs]") {
  oracle::check_program<3, 0, true, 1>(program_46, "group_05", 46);
}

TEST_CASE("random program 47: 1 array, 1 scalar, 15 operations, reduced", "[oracle][programs]") {
  oracle::check_program<1, 1, true, 0>(program_47, "group_05", 47);
}

TEST_CASE("random program 48: 2 arrays, 1 scalar, 14 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<2, 1, false, 0, 2>(program_48, "group_05", 48);
}

TEST_CASE("random program 49: 1 array, 0 scalars, 15 operations, reduced", "[oracle][programs]") {
  oracle::check_program<1, 0, true, 0>(program_49, "group_05", 49);
}

TEST_CASE("random program 50: 3 arrays, 1 scalar, 22 operations, reduced", "[oracle][programs]") {
  oracle::check_program<3, 1, true, 2>(program_50, "group_05", 50);
}
