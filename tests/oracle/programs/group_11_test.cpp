// Random programs 57 to 60, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_57 = [](auto x0, auto c0) {
  auto v0 = fg::where(c0 > 0, fg::sqrt(c0), x0);
  auto v1 = fg::where(v0 > 0, fg::sqrt(v0), x0);
  auto v2 = fg::xlogy(fg::square(x0), 1 + fg::square(v1));
  auto s0 = fg::max(v2);
  return s0;
};

constexpr auto program_58 = [](auto x0, auto x1, auto x2, auto x3, auto c0, auto c1) {
  auto v0 = x2 * fg::stop_gradient(x2);
  auto v1 = fg::hypot(v0, x1);
  auto v2 = fg::where(v1 > 0, fg::log(v1) * x0, x0);
  auto v3 = v2 - x3;
  auto v4 = v3 + c1;
  auto v5 = c0 * v4;
  auto s0 = fg::mean(v5);
  auto s1 = fg::sum(v2);
  auto s2 = fg::mean(v3);
  return fg::fma(s0, fg::sigmoid(s1), fg::sin(s2));
};

constexpr auto program_59 = [](auto x0, auto c0) {
  auto v0 = rsqrt(0.5 + square(x0));
  auto v1 = clamp(v0, -1 - square(c0), 1 + square(x0));
  auto v2 = v1 + 0.125;
  auto v3 = 0.5 * v2;
  auto v4 = v2 * floor(1.5 + v2);
  auto v5 = v4 / (1.5 + cos(v3));
  return v5;
};

constexpr auto program_60 = [](auto x0) {
  auto v0 = fg::sin(x0);
  auto v1 = fg::pow(1.25 + fg::square(v0), -1.5);
  auto v2 = fg::clamp(v0, -1 - fg::square(v1), 1 + fg::square(x0));
  auto v3 = v1 + -0.75;
  auto v4 = v2 - -1.5;
  auto v5 = fg::min(v3, v4);
  return v5;
};

}  // namespace

TEST_CASE("random program 57: 1 array, 1 scalar, 11 operations, reduced", "[oracle][programs]") {
  oracle::check_program<57, 1, 1, true, 0, 1>(program_57, "group_11");
}

TEST_CASE("random program 58: 4 arrays, 2 scalars, 16 operations, reduced", "[oracle][programs]") {
  oracle::check_program<58, 4, 2, true, 2>(program_58, "group_11");
}

TEST_CASE("random program 59: 1 array, 1 scalar, 16 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<59, 1, 1, false, 0>(program_59, "group_11");
}

TEST_CASE("random program 60: 1 array, 0 scalars, 12 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<60, 1, 0, false, 0>(program_60, "group_11");
}
