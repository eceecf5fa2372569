// Random programs 67 to 69, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_67 = [](auto x0, auto x1) {
  auto v0 = acosh(1.5 + square(x1));
  auto v1 = tanh(x0);
  auto v2 = atan2(x1, v0);
  auto v3 = x1 * v2 - x0;
  auto v4 = tanh(v1);
  auto v5 = v4 * stop_gradient(v4);
  auto v6 = x1 * stop_gradient(x1);
  auto v7 = silu(v3);
  auto v8 = sqrt(1 + square(v7));
  auto v9 = min(v8, v6);
  auto v10 = v9 * v5;
  return v10;
};

constexpr auto program_68 = [](auto x0, auto c0, auto c1) {
  auto v0 = fg::logaddexp(x0, c1);
  auto v1 = fg::hypot(v0, c0);
  auto v2 = fg::asinh(v1);
  auto v3 = v2 * fg::floor(1.5 + v2);
  auto v4 = v3 * v2;
  auto v5 = 0.375 - v4;
  auto v6 = fg::asin(0.5 * fg::tanh(v1));
  auto v7 = fg::cos(v6);
  auto v8 = v7 / (1.5 + fg::cos(v4));
  auto v9 = v5 - v8;
  auto s0 = fg::sum(v9);
  return fg::tanh(0.125 * s0);
};

constexpr auto program_69 = [](auto x0, auto x1, auto x2, auto x3) {
  auto v0 = x2 - x0;
  auto v1 = x0 / (1.5 + fg::cos(v0));
  auto v2 = fg::acosh(1.5 + fg::square(x2));
  auto v3 = 3 - x1;
  auto v4 = fg::clamp(x2, -1 - fg::square(v3), 1 + fg::square(v1));
  auto v5 = fg::fma(v4, v2, x3);
  auto v6 = fg::tanh(v5);
  auto v7 = fg::where(v6 > v1, fg::sin(v6), v1);
  return v7;
};

}  // namespace

TEST_CASE("random program 67: 2 arrays, 0 scalars, 18 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<67, 2, 0, false, 1>(program_67, "group_14");
}

TEST_CASE("random program 68: 1 array, 2 scalars, 19 operations, reduced", "[oracle][programs]") {
  oracle::check_program<68, 1, 2, true, 0>(program_68, "group_14");
}

TEST_CASE("random program 69: 4 arrays, 0 scalars, 18 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<69, 4, 0, false, 1>(program_69, "group_14");
}
