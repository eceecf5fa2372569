// Random programs 9 to 14, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_9 = [](auto x0, auto c0) {
  auto v0 = x0 * c0;
  auto v1 = fg::silu(v0);
  auto v2 = -v1;
  auto v3 = fg::fma(v2, c0, v0);
  auto v4 = v3 * v1 - v0;
  return v4;
};

constexpr auto program_10 = [](auto x0, auto x1) {
  auto v0 = x0 / (1.5 + fg::cos(x1));
  auto s0 = fg::norm(v0);
  auto s1 = fg::mean(fg::square(v0));
  return s0 * s1;
};

constexpr auto program_11 = [](auto x0, auto x1) {
  auto v0 = logaddexp(x0, x1);
  auto v1 = v0 * x1 - x0;
  auto s0 = sum(v1);
  auto s1 = sum(v1);
  return s0 - atan(s1);
};

constexpr auto program_12 = [](auto x0, auto x1, auto c0) {
  auto v0 = fg::relu(x1);
  auto v1 = fg::normal_cdf(x1);
  auto v2 = -v1;
  auto v3 = c0 / (1.5 + fg::cos(v2));
  auto v4 = x0 / (1.5 + fg::cos(v3));
  auto v5 = v4 - v0;
  auto s0 = fg::mean(fg::square(v5));
  return s0;
};

constexpr auto program_13 = [](auto x0, auto x1) {
  auto v0 = x1 - x0;
  auto v1 = 1 * v0;
  auto v2 = 1.25 - x0;
  auto v3 = v1 - v2;
  auto s0 = fg::sum(v3);
  auto s1 = fg::sum(v2);
  auto s2 = fg::mean(fg::square(v0));
  return 1 - 2 * s0 / (1 + fg::abs(s1) + fg::abs(s2));
};

constexpr auto program_14 = [](auto x0, auto c0) {
  auto v0 = fg::cbrt(2 + fg::square(x0));
  auto v1 = fg::hypot(c0, v0);
  auto s0 = fg::mean(v1);
  return 0.5 * s0 + 1;
};

}  // namespace

TEST_CASE("random program 9: 1 array, 1 scalar, 6 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<9, 1, 1, false, 0, 1>(program_9, "group_02");
}

TEST_CASE("random program 10: 2 arrays, 0 scalars, 7 operations, reduced", "[oracle][programs]") {
  oracle::check_program<10, 2, 0, true, 0>(program_10, "group_02");
}

TEST_CASE("random program 11: 2 arrays, 0 scalars, 7 operations, reduced", "[oracle][programs]") {
  oracle::check_program<11, 2, 0, true, 1>(program_11, "group_02");
}

TEST_CASE("random program 12: 2 arrays, 1 scalar, 12 operations, reduced", "[oracle][programs]") {
  oracle::check_program<12, 2, 1, true, 0, 2>(program_12, "group_02");
}

TEST_CASE("random program 13: 2 arrays, 0 scalars, 15 operations, reduced", "[oracle][programs]") {
  oracle::check_program<13, 2, 0, true, 1>(program_13, "group_02");
}

TEST_CASE("random program 14: 1 array, 1 scalar, 7 operations, reduced", "[oracle][programs]") {
  oracle::check_program<14, 1, 1, true, 0>(program_14, "group_02");
}
