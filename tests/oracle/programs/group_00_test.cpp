// Random programs 0 to 4, in every mode against numbers found by differences in 160 digits.
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

}  // namespace

TEST_CASE("random program 0: 2 arrays, 0 scalars, 19 operations, reduced", "[oracle][programs]") {
  oracle::check_program<0, 2, 0, true, 0>(program_0, "group_00");
}

TEST_CASE("random program 1: 1 array, 0 scalars, 8 operations, reduced", "[oracle][programs]") {
  oracle::check_program<1, 1, 0, true, 0>(program_1, "group_00");
}

TEST_CASE("random program 2: 1 array, 0 scalars, 8 operations, reduced", "[oracle][programs]") {
  oracle::check_program<2, 1, 0, true, 0>(program_2, "group_00");
}

TEST_CASE("random program 3: 2 arrays, 1 scalar, 5 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<3, 2, 1, false, 1, 2>(program_3, "group_00");
}

TEST_CASE("random program 4: 2 arrays, 1 scalar, 11 operations, reduced", "[oracle][programs]") {
  oracle::check_program<4, 2, 1, true, 0>(program_4, "group_00");
}
