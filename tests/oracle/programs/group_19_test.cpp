// Random programs 90 to 91, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_90 = [](auto x0, auto x1, auto c0) {
  auto v0 = fg::pow(1 + fg::square(x0), fg::tanh(c0));
  auto v1 = fg::lerp(x1, x0, fg::sigmoid(v0));
  auto v2 = fg::where(v1 <= x1 && x1 > -0.5, x1, fg::exp(-fg::abs(v1)));
  auto v3 = fg::clamp(v2, -1 - fg::square(x1), 1 + fg::square(v1));
  auto v4 = x1 * v3;
  auto v5 = v0 - 1.25;
  auto v6 = fg::squareplus(v4, 2.0);
  auto v7 = v6 - v4;
  auto v8 = v7 * v4;
  auto v9 = x0 - v3;
  auto v10 = v9 * v5;
  auto v11 = v8 - -0.75;
  auto v12 = v10 * 1;
  auto v13 = fg::tan(0.5 * fg::tanh(v11));
  auto v14 = fg::atan2(v12, 1.5 + fg::square(v9));
  auto v15 = v13 - v14;
  auto v16 = fg::xlogy(fg::square(v15), 1 + fg::square(v10));
  auto s0 = fg::prod(1 + 0.25 * fg::tanh(v16));
  auto s1 = fg::sum(v12);
  auto s2 = fg::sum(v3);
  return 1 - 2 * s0 / (1 + fg::abs(s1) + fg::abs(s2));
};

constexpr auto program_91 = [](auto x0, auto c0, auto c1) {
  auto v0 = min(c1, x0);
  auto v1 = where(c0 > 0, log(c0) * v0, v0);
  auto v2 = v1 / 2;
  auto v3 = clamp(c1, -1.5, 1.25);
  auto v4 = clamp(v2, -1 - square(v3), 1 + square(c0));
  auto v5 = v4 * 2;
  auto v6 = where(v5 > v4, v4, v2);
  auto v7 = erfc(v6);
  auto v8 = lerp(v2, v3, sigmoid(v7));
  auto v9 = where(v4 > 0, log(v4) * v8, v8);
  auto v10 = v8 / 0.5;
  auto v11 = v10 * v0;
  auto v12 = v9 - 0.375;
  auto v13 = v12 * v11 - v1;
  auto v14 = v10 + 0.375;
  auto v15 = pow(v13, 3);
  auto v16 = lerp(v11, v15, sigmoid(v12));
  auto v17 = cos(v16);
  auto v18 = v17 * stop_gradient(v17);
  auto v19 = atan2(v3, v14);
  auto v20 = cbrt(2 + square(v19));
  auto v21 = v18;
  v21 += v20;
  auto s0 = sum(v21);
  auto s1 = sum(v19);
  auto s2 = var(v2);
  return fma(s0, sigmoid(s1), sin(s2));
};

}  // namespace

TEST_CASE("random program 90: 2 arrays, 1 scalar, 50 operations, reduced", "[oracle][programs]") {
  oracle::check_program<2, 1, true, 0, 2>(program_90, "group_19", 90);
}

TEST_CASE("random program 91: 1 array, 2 scalars, 45 operations, reduced", "[oracle][programs]") {
  oracle::check_program<1, 2, true, 0>(program_91, "group_19", 91);
}
