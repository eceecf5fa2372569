// Random programs 91 to 91, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

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
  auto v21 = fma(v0, v18, v17);
  auto v22 = v11 / (1 + square(v20));
  auto v23 = min(v21, v22);
  auto s0 = sum(v23);
  auto s1 = sum(v0);
  return s0 / (1 + square(s1));
};

}  // namespace

TEST_CASE("random program 91: 1 array, 2 scalars, 48 operations, reduced", "[oracle][programs]") {
  oracle::check_program<91, 1, 2, true, 0>(program_91, "group_31");
}
