// Random programs 45 to 48, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_45 = [](auto x0, auto c0) {
  auto v0 = fg::cosh(fg::tanh(x0));
  auto v1 = x0 + 0.375;
  auto v2 = c0 + v1;
  auto v3 = fg::min(v0, v2);
  auto s0 = fg::mean(v3);
  auto s1 = fg::min(v2);
  auto s2 = fg::prod(1 + 0.25 * fg::tanh(v3));
  return 1 - 2 * s0 / (1 + fg::abs(s1) + fg::abs(s2));
};

constexpr auto program_46 = [](auto x0, auto x1) {
  auto v0 = x1 * x0;
  auto v1 = fg::mish(v0);
  auto v2 = fg::tan(0.5 * fg::tanh(v1));
  auto s0 = fg::prod(1 + 0.25 * fg::tanh(v2));
  return 0.5 * s0 + 1;
};

constexpr auto program_47 = [](auto x0, auto c0) {
  auto v0 = x0 * -0.75;
  auto v1 = sinh(sin(x0));
  auto v2 = v1 + c0;
  auto v3 = v0 / (1 + square(v2));
  auto s0 = norm(v3);
  auto s1 = sum(v2);
  auto s2 = var(v3);
  return fma(s0, sigmoid(s1), sin(s2));
};

constexpr auto program_48 = [](auto x0, auto c0) {
  auto v0 = fg::softsign(x0);
  auto v1 = v0 / (1 + fg::square(c0));
  auto v2 = v1 * c0 - x0;
  auto v3 = fg::normal_cdf(v2);
  auto v4 = fg::reciprocal(1 + fg::square(v3));
  return v4;
};

}  // namespace

TEST_CASE("random program 45: 1 array, 1 scalar, 18 operations, reduced", "[oracle][programs]") {
  oracle::check_program<45, 1, 1, true, 0, 1>(program_45, "group_08");
}

TEST_CASE("random program 46: 2 arrays, 0 scalars, 11 operations, reduced", "[oracle][programs]") {
  oracle::check_program<46, 2, 0, true, 0>(program_46, "group_08");
}

TEST_CASE("random program 47: 1 array, 1 scalar, 13 operations, reduced", "[oracle][programs]") {
  oracle::check_program<47, 1, 1, true, 0>(program_47, "group_08");
}

TEST_CASE("random program 48: 1 array, 1 scalar, 10 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<48, 1, 1, false, 0, 1>(program_48, "group_08");
}
