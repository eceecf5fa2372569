// Random programs 0 to 7, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_0 = [](auto x0, auto x1) {
  auto v0 = fg::hypot(x0, x1);
  auto v1 = fg::clamp(v0, -1 - fg::square(x1), 1 + fg::square(x0));
  auto s0 = fg::mean(v1);
  auto s1 = fg::prod(1 + 0.25 * fg::tanh(v1));
  auto s2 = fg::var(v0);
  return 1 - 2 * s0 / (1 + fg::abs(s1) + fg::abs(s2));
};

constexpr auto program_1 = [](auto x0) {
  auto v0 = x0 * fg::stop_gradient(x0);
  auto v1 = 0.375 - v0;
  auto s0 = fg::norm(v1);
  auto s1 = fg::mean(v0);
  return s0 / (1 + fg::square(s1));
};

constexpr auto program_2 = [](auto x0) {
  auto v0 = fg::leaky_relu(x0, 0.125);
  auto v1 = v0 / (1.5 + fg::cos(x0));
  auto s0 = fg::mean(fg::square(v1));
  return fg::tanh(0.125 * s0);
};

constexpr auto program_3 = [](auto x0, auto x1, auto c0) {
  auto v0 = clamp(x1, -1 - square(c0), 1 + square(x0));
  return v0;
};

constexpr auto program_4 = [](auto x0, auto x1, auto c0) {
  auto v0 = fg::asinh(x1);
  auto v1 = fg::pow(v0, 3);
  auto v2 = fg::where(x0 > 0, fg::log(x0) * c0, c0);
  auto v3 = fg::min(v1, v2);
  auto s0 = fg::mean(fg::square(v3));
  return fg::log1p(fg::square(s0));
};

constexpr auto program_5 = [](auto x0, auto c0) {
  auto v0 = fg::log(1 + fg::square(x0));
  auto v1 = -0.75 * v0;
  auto v2 = v1 / (1.5 + fg::cos(c0));
  return v2;
};

constexpr auto program_6 = [](auto x0, auto c0) {
  auto v0 = fg::logaddexp(x0, c0);
  auto v1 = fg::gelu(v0);
  auto v2 = v1 * fg::stop_gradient(v1);
  auto s0 = fg::sum(v2);
  auto s1 = fg::mean(v2);
  auto s2 = fg::mean(fg::square(v1));
  return fg::fma(s0, fg::sigmoid(s1), fg::sin(s2));
};

constexpr auto program_7 = [](auto x0, auto x1) {
  auto v0 = x1 / -1.5;
  auto v1 = x0 * stop_gradient(x0);
  auto v2 = v0 / (1.5 + cos(v1));
  auto s0 = sum(v2);
  auto s1 = max(v2);
  auto s2 = var(v1);
  return 1 - 2 * s0 / (1 + abs(s1) + abs(s2));
};

}  // namespace

TEST_CASE("random program 0: 2 arrays, 0 scalars, 19 operations, reduced", "[oracle][programs]") {
  oracle::check_program<2, 0, true, 0>(program_0, "group_00", 0);
}

TEST_CASE("random program 1: 1 array, 0 scalars, 8 operations, reduced", "[oracle][programs]") {
  oracle::check_program<1, 0, true, 0>(program_1, "group_00", 1);
}

TEST_CASE("random program 2: 1 array, 0 scalars, 8 operations, reduced", "[oracle][programs]") {
  oracle::check_program<1, 0, true, 0>(program_2, "group_00", 2);
}

TEST_CASE("random program 3: 2 arrays, 1 scalar, 5 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<2, 1, false, 1, 2>(program_3, "group_00", 3);
}

TEST_CASE("random program 4: 2 arrays, 1 scalar, 11 operations, reduced", "[oracle][programs]") {
  oracle::check_program<2, 1, true, 0>(program_4, "group_00", 4);
}

TEST_CASE("random program 5: 1 array, 1 scalar, 7 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<1, 1, false, 0>(program_5, "group_00", 5);
}

TEST_CASE("random program 6: 1 array, 1 scalar, 11 operations, reduced", "[oracle][programs]") {
  oracle::check_program<1, 1, true, 0, 1>(program_6, "group_00", 6);
}

TEST_CASE("random program 7: 2 arrays, 0 scalars, 16 operations, reduced", "[oracle][programs]") {
  oracle::check_program<2, 0, true, 1>(program_7, "group_00", 7);
}
