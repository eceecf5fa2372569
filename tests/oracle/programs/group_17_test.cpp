// Random programs 74 to 75, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_74 = [](auto x0, auto x1, auto c0) {
  auto v0 = fg::pow(1 + fg::square(x0), fg::tanh(c0));
  auto v1 = fg::erf(x1);
  auto v2 = fg::where(x0 > v0, fg::sin(x0), v0);
  auto v3 = v1 * x1 - x0;
  auto v4 = fg::elu(x1, 0.5);
  auto v5 = fg::atan2(v4, 1.5 + fg::square(v0));
  auto v6 = v5 - -0.75;
  auto v7 = v2 + v5;
  auto v8 = fg::exp(-fg::abs(v5));
  auto v9 = v8 - v6;
  auto v10 = v3 * v7;
  auto v11 = v10 * v9;
  auto s0 = fg::mean(fg::square(v11));
  auto s1 = fg::mean(fg::square(v11));
  return s0 * s1;
};

constexpr auto program_75 = [](auto x0, auto x1, auto x2, auto x3, auto c0) {
  auto v0 = x1 / 0.5;
  auto v1 = -0.75 * x3;
  auto v2 = -x2;
  auto v3 = atan2(x2, 1.5 + square(x3));
  auto v4 = cos(v3);
  auto v5 = 0.375 * v2;
  auto v6 = where(v5 > 0, log(v5) * v1, v1);
  auto v7 = where(v6 <= v3 && v3 > -0.5, v3, exp(-abs(v6)));
  auto v8 = x0 / (1.5 + cos(v4));
  auto v9 = v8 * v7;
  auto v10 = min(v9, v0);
  auto v11 = v10 * c0;
  auto s0 = mean(square(v11));
  return 0.5 * s0 + 1;
};

}  // namespace

TEST_CASE("random program 74: 2 arrays, 1 scalar, 27 operations, reduced", "[oracle][programs]") {
  oracle::check_program<74, 2, 1, true, 0>(program_74, "group_17");
}

TEST_CASE("random program 75: 4 arrays, 1 scalar, 28 operations, reduced", "[oracle][programs]") {
  oracle::check_program<75, 4, 1, true, 3, 4>(program_75, "group_17");
}
