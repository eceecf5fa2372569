// Random programs 107 to 107, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_107 = [](auto x0, auto x1, auto x2, auto x3) {
  auto v0 = max(x2, x1);
  auto v1 = sin(x0);
  auto v2 = atan2(x3, x2);
  auto v3 = log(1 + square(x3));
  auto v4 = gelu(v2);
  auto v5 = v1 * stop_gradient(v1);
  auto v6 = xlogy(square(v0), 1 + square(v4));
  auto v7 = silu(v5);
  auto v8 = pow(1.25 + square(v3), -1.5);
  auto v9 = hypot(v3, v7);
  auto v10 = v6 / (1.5 + cos(v8));
  auto v11 = v10 / (1 + square(v5));
  auto v12 = where(v11 > x1, sin(v11), x1);
  auto v13 = 0.125 - v10;
  auto v14 = xlogy(square(v9), 1 + square(v12));
  auto v15 = v9 * 2;
  auto v16 = asinh(v13);
  auto v17 = v16 / (1 + square(v15));
  auto v18 = pow(v17, 2);
  auto v19 = v5 / 2;
  auto v20 = v16 * stop_gradient(v16);
  auto v21 = atan2(v18, 1.5 + square(v14));
  auto v22 = exp2(-square(v2));
  auto v23 = cos(v16);
  auto v24 = normal_cdf(v22);
  auto v25 = v19 * v20;
  auto v26 = v21 / (1.5 + cos(v25));
  auto v27 = v23 * v24;
  auto v28 = hypot(v26, v27);
  auto s0 = mean(square(v28));
  return tanh(0.125 * s0);
};

}  // namespace

TEST_CASE("random program 107: 4 arrays, 0 scalars, 59 operations, reduced", "[oracle][programs]") {
  oracle::check_program<4, 0, true, 3>(program_107, "group_32", 107);
}
