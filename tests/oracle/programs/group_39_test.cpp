// Random programs 99 to 99, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_99 = [](auto x0, auto x1) {
  auto v0 = 0.375 * x0;
  auto v1 = v0 * x1;
  auto v2 = pow(1.25 + square(v1), -1.5);
  auto v3 = 0.5 - v2;
  auto v4 = min(v3, v0);
  auto v5 = v4 * 0.375;
  auto v6 = v3 + 0.125;
  auto v7 = copysign(x1, v2);
  auto v8 = sigmoid(v7);
  auto v9 = -1.5 - v6;
  auto v10 = log2(1.5 + v9 * v9);
  auto v11 = log2(1.5 + v7 * v7);
  auto v12 = pow(1 + square(v11), tanh(v8));
  auto v13 = where(v12 > 0, sqrt(v12), v6);
  auto v14 = v11 * stop_gradient(v11);
  auto v15 = where(v14 > v10, v10, v5);
  auto v16 = lerp(v10, v13, sigmoid(v15));
  auto v17 = fma(v13, v16, v12);
  auto v18 = v17 * -0.75;
  auto v19 = exp(tanh(v18));
  auto v20 = relu(v19);
  auto v21 = v20 * v14;
  auto v22 = sin(v21);
  auto v23 = sqrt(1 + square(v2));
  auto v24 = where(v5 > v22, sin(v5), v22);
  auto v25 = sinh(sin(v23));
  auto v26 = square(v22);
  auto v27 = v24 / (1.5 + cos(v26));
  auto v28 = atan2(v11, v23);
  auto v29 = exp(-abs(v28));
  auto v30 = sinh(sin(v29));
  auto v31 = where(v29 < 0.25, v29 * v25, square(v25));
  auto v32 = hypot(v31, v30);
  auto v33 = hypot(v32, v27);
  return v33;
};

}  // namespace

TEST_CASE("random program 99: 2 arrays, 0 scalars, 62 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<99, 2, 0, false, 1>(program_99, "group_39");
}
