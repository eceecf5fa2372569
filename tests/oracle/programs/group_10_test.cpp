// Random programs 53 to 56, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_53 = [](auto x0, auto c0, auto c1) {
  auto v0 = fg::where(x0 > c0, fg::sin(x0), c0);
  auto v1 = fg::hypot(x0, c1);
  auto v2 = fg::softsign(v0);
  auto v3 = fg::xlogy(fg::square(v2), 1 + fg::square(v1));
  auto s0 = fg::mean(v3);
  auto s1 = fg::mean(fg::square(v2));
  auto s2 = fg::max(v0);
  return 1 - 2 * s0 / (1 + fg::abs(s1) + fg::abs(s2));
};

constexpr auto program_54 = [](auto x0, auto c0, auto c1) {
  auto v0 = fg::exp(fg::tanh(c0));
  auto v1 = fg::lerp(x0, v0, fg::sigmoid(c1));
  auto v2 = x0 * fg::stop_gradient(x0);
  auto v3 = fg::max(v2, v1);
  auto s0 = fg::var(v3);
  return fg::tanh(0.125 * s0);
};

constexpr auto program_55 = [](auto x0, auto c0) {
  auto v0 = rsqrt(0.5 + square(x0));
  auto v1 = pow(x0, 3);
  auto v2 = hypot(c0, x0);
  auto v3 = asinh(v1);
  auto v4 = clamp(v0, -1 - square(v3), 1 + square(v2));
  return v4;
};

constexpr auto program_56 = [](auto x0, auto c0) {
  auto v0 = fg::where(x0 > 0, fg::sqrt(x0), c0);
  auto v1 = fg::logaddexp(v0, x0);
  auto v2 = fg::where(v1 <= c0 && c0 > -0.5, c0, fg::exp(-fg::abs(v1)));
  auto v3 = fg::sqrt(1 + fg::square(v2));
  return v3;
};

}  // namespace

TEST_CASE("random program 53: 1 array, 2 scalars, 20 operations, reduced", "[oracle][programs]") {
  oracle::check_program<53, 1, 2, true, 0>(program_53, "group_10");
}

TEST_CASE("random program 54: 1 array, 2 scalars, 10 operations, reduced", "[oracle][programs]") {
  oracle::check_program<54, 1, 2, true, 0, 1>(program_54, "group_10");
}

TEST_CASE("random program 55: 1 array, 1 scalar, 11 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<55, 1, 1, false, 0>(program_55, "group_10");
}

TEST_CASE("random program 56: 1 array, 1 scalar, 13 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<56, 1, 1, false, 0>(program_56, "group_10");
}
