// Random programs 111 to 111, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_111 = [](auto x0, auto x1) {
  auto v0 = sin(x1);
  auto v1 = copysign(x0, x1);
  auto v2 = tanh(v1);
  auto v3 = v2 * v0;
  auto v4 = asin(0.5 * tanh(v3));
  auto v5 = clamp(v4, -1 - square(v2), 1 + square(v1));
  auto v6 = v5 / (1 + square(v2));
  auto v7 = silu(v5);
  auto v8 = acosh(1.5 + square(v6));
  auto v9 = fma(v7, v8, v3);
  auto v10 = atan(v9);
  auto v11 = hypot(v10, v4);
  auto v12 = v11 / 1.25;
  auto v13 = 0.125 - v12;
  auto v14 = where(v8 > 0 || v13 < v12, tanh(v13), v12);
  auto v15 = hypot(v2, v11);
  auto v16 = lerp(v14, v12, sigmoid(v15));
  auto v17 = pow(1.25 + square(v14), -1.5);
  auto v18 = hypot(v17, v16);
  auto v19 = 0.375 - v18;
  auto v20 = -v7;
  auto v21 = asinh(v19);
  auto v22 = asinh(v20);
  auto v23 = -0.75 - v22;
  auto v24 = softplus(v20);
  auto v25 = v21 + 0.5;
  auto v26 = acosh(1.5 + square(v10));
  auto v27 = v24 / (1 + square(v25));
  auto v28 = x1 / (1.5 + cos(v27));
  auto v29 = v18 * stop_gradient(v18);
  auto v30 = v28 - v23;
  auto v31 = v30 * v29;
  auto v32 = sqrt(1 + square(v26));
  auto v33 = v32 * v31;
  return v33;
};

}  // namespace

TEST_CASE("random program 111: 2 arrays, 0 scalars, 60 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<2, 0, false, 1>(program_111, "group_36", 111);
}
