// Random programs 87 to 87, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

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

TEST_CASE("random program 87: 4 arrays, 0 scalars, 38 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<87, 4, 0, false, 3>(program_87, "group_27");
}
