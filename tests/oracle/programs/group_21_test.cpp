// Random programs 94 to 95, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_94 = [](auto x0, auto x1, auto c0) {
  auto v0 = x0 - c0;
  auto v1 = fg::sinh(fg::sin(v0));
  auto v2 = fg::min(x1, v1);
  auto v3 = fg::pow(v2, 3);
  auto v4 = v3 + 1.25;
  auto v5 = fg::where(v4 > 0, fg::log(v4) * v1, v1);
  auto v6 = fg::squareplus(v4, 2.0);
  auto v7 = fg::where(v6 > x1, x1, v5);
  auto v8 = fg::gelu(v7);
  auto v9 = fg::fma(v8, x1, v1);
  auto v10 = fg::lerp(v9, v4, fg::sigmoid(v7));
  auto v11 = fg::cos(v8);
  auto v12 = fg::normal_cdf(v8);
  auto v13 = fg::cos(v2);
  auto v14 = fg::atan2(v10, v11);
  auto v15 = fg::log_sigmoid(v12);
  auto v16 = fg::acos(0.75 * fg::sin(v14));
  auto v17 = fg::hypot(v13, v16);
  auto v18 = fg::min(v15, v17);
  auto v19 = fg::erf(v9);
  auto v20 = v17 * 0.375;
  auto v21 = fg::reciprocal(1 + fg::square(v18));
  auto v22 = fg::atan2(v18, v20);
  auto v23 = fg::elu(v22, 0.5);
  auto v24 = fg::where(v21 < 0.25, v21 * v23, fg::square(v23));
  auto v25 = fg::tanh(v19);
  auto v26 = fg::min(v24, v25);
  auto s0 = fg::min(v26);
  return fg::log1p(fg::square(s0));
};

constexpr auto program_95 = [](auto x0, auto x1, auto x2, auto x3) {
  auto v0 = where(x0 > 0, sqrt(x0), x1);
  auto v1 = erf(v0);
  auto v2 = where(v0 > 0 || x2 < x3, tanh(x2), x3);
  auto v3 = -0.75 * v1;
  auto v4 = abs(x3);
  auto v5 = leaky_relu(v2, 0.125);
  auto v6 = where(v5 > 0, sqrt(v5), v3);
  auto v7 = acos(0.75 * sin(v6));
  auto v8 = abs(v4);
  auto v9 = pow(v7, 2);
  auto v10 = xlogy(square(v6), 1 + square(v9));
  auto v11 = where(v8 > v10, sin(v8), v10);
  auto v12 = v11 * v10 - v3;
  auto v13 = tanh(v12);
  auto v14 = where(v13 > 0, sqrt(v13), v11);
  auto v15 = tan(0.5 * tanh(v14));
  auto v16 = exp(-abs(v15));
  auto v17 = sin(v16);
  auto v18 = where(v17 > 0, log(v17) * v15, v15);
  return v18;
};

}  // namespace

TEST_CASE("random program 94: 2 arrays, 1 scalar, 43 operations, reduced", "[oracle][programs]") {
  oracle::check_program<2, 1, true, 0>(program_94, "group_21", 94);
}

TEST_CASE("random program 95: 4 arrays, 0 scalars, 44 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<4, 0, false, 3>(program_95, "group_21", 95);
}
