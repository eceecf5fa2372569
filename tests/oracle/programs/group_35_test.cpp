// Random programs 95 to 95, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

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
  auto v19 = pow(1 + square(v14), tanh(v18));
  auto v20 = where(v19 > x0, x0, v14);
  auto v21 = v20 / 0.125;
  auto v22 = sin(v21);
  return v22;
};

}  // namespace

TEST_CASE("random program 95: 4 arrays, 0 scalars, 52 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<95, 4, 0, false, 3>(program_95, "group_35");
}
