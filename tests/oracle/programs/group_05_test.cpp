// Random programs 29 to 34, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_29 = [](auto x0, auto c0) {
  auto v0 = c0 / (1.5 + fg::cos(x0));
  auto v1 = fg::where(v0 > 0, fg::log(v0) * x0, x0);
  return v1;
};

constexpr auto program_30 = [](auto x0) {
  auto v0 = fg::cbrt(2 + fg::square(x0));
  auto v1 = v0 / (1 + fg::square(x0));
  return v1;
};

constexpr auto program_31 = [](auto x0, auto x1, auto c0) {
  auto v0 = c0 / (1.5 + cos(x1));
  auto v1 = x0 / (1.5 + cos(v0));
  return v1;
};

constexpr auto program_32 = [](auto x0, auto x1) {
  auto v0 = fg::sinh(fg::sin(x0));
  auto v1 = v0 + 3;
  auto v2 = v1 + x1;
  auto s0 = fg::min(v2);
  auto s1 = fg::prod(1 + 0.25 * fg::tanh(v2));
  return s0 * s1;
};

constexpr auto program_33 = [](auto x0, auto x1, auto c0) {
  auto v0 = 0.375 - x1;
  auto v1 = fg::clamp(v0, -1 - fg::square(c0), 1 + fg::square(x0));
  auto s0 = fg::mean(fg::square(v1));
  return fg::tanh(0.125 * s0);
};

constexpr auto program_34 = [](auto x0) {
  auto v0 = fg::atanh(0.5 * fg::tanh(x0));
  auto s0 = fg::mean(fg::square(v0));
  return fg::log1p(fg::square(s0));
};

}  // namespace

TEST_CASE("random program 29: 1 array, 1 scalar, 7 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<29, 1, 1, false, 0>(program_29, "group_05");
}

TEST_CASE("random program 30: 1 array, 0 scalars, 6 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<30, 1, 0, false, 0>(program_30, "group_05");
}

TEST_CASE("random program 31: 2 arrays, 1 scalar, 6 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<31, 2, 1, false, 1>(program_31, "group_05");
}

TEST_CASE("random program 32: 2 arrays, 0 scalars, 10 operations, reduced", "[oracle][programs]") {
  oracle::check_program<32, 2, 0, true, 0>(program_32, "group_05");
}

TEST_CASE("random program 33: 2 arrays, 1 scalar, 10 operations, reduced", "[oracle][programs]") {
  oracle::check_program<33, 2, 1, true, 1, 2>(program_33, "group_05");
}

TEST_CASE("random program 34: 1 array, 0 scalars, 7 operations, reduced", "[oracle][programs]") {
  oracle::check_program<34, 1, 0, true, 0>(program_34, "group_05");
}
