// Random programs 57 to 61, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_57 = [](auto x0, auto c0) {
  auto v0 = fg::where(c0 > 0, fg::sqrt(c0), x0);
  auto v1 = fg::where(v0 > 0, fg::sqrt(v0), x0);
  auto v2 = fg::xlogy(fg::square(x0), 1 + fg::square(v1));
  auto v3 = fg::atanh(0.5 * fg::tanh(v2));
  auto v4 = v3 / (1 + fg::square(v1));
  auto s0 = fg::sum(v4);
  return fg::log1p(fg::square(s0));
};

constexpr auto program_58 = [](auto x0, auto x1, auto x2, auto x3, auto c0, auto c1) {
  auto v0 = x2 * fg::stop_gradient(x2);
  auto v1 = fg::hypot(v0, x1);
  auto v2 = fg::where(v1 > 0, fg::log(v1) * x0, x0);
  auto v3 = x3 * v1;
  auto v4 = fg::lerp(v2, v3, fg::sigmoid(v1));
  auto v5 = fg::cos(v4);
  auto v6 = fg::tanh(v5);
  auto v7 = fg::fma(v2, x2, v5);
  auto v8 = fg::min(c0, c1);
  auto v9 = v7;
  v9 += v6;
  auto v10 = fg::hypot(v9, v8);
  auto s0 = fg::norm(v10);
  return s0;
};

constexpr auto program_59 = [](auto x0, auto c0) {
  auto v0 = rsqrt(0.5 + square(x0));
  auto v1 = clamp(v0, -1 - square(c0), 1 + square(x0));
  auto v2 = v1 + 0.125;
  auto v3 = 0.5 * v2;
  auto v4 = v2 * floor(1.5 + v2);
  auto v5 = logaddexp(v4, v3);
  auto v6 = -0.75 - v5;
  auto v7 = v6 + v4;
  auto v8 = v3 * 0.375;
  auto v9 = acos(0.75 * sin(v7));
  auto v10 = v8 + v9;
  return v10;
};

constexpr auto program_60 = [](auto x0) {
  auto v0 = fg::sin(x0);
  auto v1 = fg::pow(1.25 + fg::square(v0), -1.5);
  auto v2 = fg::clamp(v0, -1 - fg::square(v1), 1 + fg::square(x0));
  auto v3 = v1 + -0.75;
  auto v4 = v2 - -1.5;
  auto v5 = fg::where(v4 > 0 || x0 < v3, fg::tanh(x0), v3);
  auto v6 = v1 * fg::stop_gradient(v1);
  auto v7 = fg::min(v5, v6);
  return v7;
};

constexpr auto program_61 = [](auto x0, auto x1, auto x2) {
  auto v0 = fg::where(x1 > x0, fg::sin(x1), x0);
  auto v1 = fg::atan2(x0, x2);
  auto v2 = fg::sinh(fg::sin(v0));
  auto v3 = fg::fma(v2, v1, x2);
  auto v4 = fg::asin(0.5 * fg::tanh(x2));
  auto v5 = fg::exp2(-fg::square(v4));
  auto v6 = fg::clamp(v5, -1 - fg::square(v4), 1 + fg::square(v3));
  auto v7 = fg::log(1 + fg::square(v4));
  auto v8 = fg::max(v7, v6);
  return v8;
};

}  // namespace

TEST_CASE("random program 57: 1 array, 1 scalar, 19 operations, reduced", "[oracle][programs]") {
  oracle::check_program<1, 1, true, 0, 1>(program_57, "group_07", 57);
}

TEST_CASE("random program 58: 4 arrays, 2 scalars, 17 operations, reduced", "[oracle][programs]") {
  oracle::check_program<4, 2, true, 2>(program_58, "group_07", 58);
}

TEST_CASE("random program 59: 1 array, 1 scalar, 21 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<1, 1, false, 0>(program_59, "group_07", 59);
}

TEST_CASE("random program 60: 1 array, 0 scalars, 19 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<1, 0, false, 0>(program_60, "group_07", 60);
}

TEST_CASE("random program 61: 3 arrays, 0 scalars, 22 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<3, 0, false, 1>(program_61, "group_07", 61);
}
