// Random programs 86 to 87, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_86 = [](auto x0, auto x1, auto x2, auto x3) {
  auto v0 = x1 * fg::stop_gradient(x1);
  auto v1 = fg::asinh(x2);
  auto v2 = fg::log_sigmoid(v1);
  auto v3 = fg::max(v0, x2);
  auto v4 = fg::softsign(x3);
  auto v5 = fg::atan(v0);
  auto v6 = fg::cos(x2);
  auto v7 = fg::sigmoid(v4);
  auto v8 = fg::where(v6 > 0 || v5 < v2, fg::tanh(v5), v2);
  auto v9 = fg::where(x0 > 0, fg::log(x0) * v7, v7);
  auto v10 = fg::log_sigmoid(v3);
  auto v11 = fg::sin(v4);
  auto v12 = v8 + -1.5;
  auto v13 = fg::fma(v10, v8, v11);
  auto v14 = fg::mish(v13);
  auto v15 = v12 * fg::stop_gradient(v12);
  auto v16 = fg::where(v14 > 0, fg::log(v14) * v3, v3);
  auto v17 = fg::tanh(v15);
  auto v18 = v13 - 0.375;
  auto v19 = v9 / (1.5 + fg::cos(v18));
  auto v20 = v17 * v19;
  auto v21 = v16 / (1.5 + fg::cos(v20));
  auto s0 = fg::max(v21);
  return fg::tanh(0.125 * s0);
};

constexpr auto program_87 = [](auto x0, auto x1, auto x2, auto x3) {
  auto v0 = x2 * 3;
  auto v1 = mish(x2);
  auto v2 = -0.75 - x3;
  auto v3 = x0 * x2;
  auto v4 = x1 * v3 - v1;
  auto v5 = x2 * x1 - v2;
  auto v6 = silu(v0);
  auto v7 = v4 - 0.5;
  auto v8 = v0 / (1.5 + cos(v3));
  auto v9 = v5 * 1;
  auto v10 = where(v5 < 0.25, v5 * v6, square(v6));
  auto v11 = hypot(v9, v7);
  auto v12 = v8 * v10;
  auto v13 = v11 - v7;
  auto v14 = pow(1 + square(v13), tanh(v12));
  auto v15 = reciprocal(1 + square(v14));
  auto v16 = lgamma(1.5 + square(x3));
  auto v17 = v14 - v15;
  auto v18 = v17;
  v18 += v5;
  auto v19 = exp2(-square(v13));
  auto v20 = max(v16, v18);
  auto v21 = max(v19, v20);
  return v21;
};

}  // namespace

TEST_CASE("random program 86: 4 arrays, 0 scalars, 41 operations, reduced", "[oracle][programs]") {
  oracle::check_program<4, 0, true, 2>(program_86, "group_17", 86);
}

TEST_CASE("random program 87: 4 arrays, 0 scalars, 38 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<4, 0, false, 3>(program_87, "group_17", 87);
}
