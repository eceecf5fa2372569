// Random programs 103 to 103, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_103 = [](auto x0, auto c0) {
  auto v0 = squareplus(x0, 2.0);
  auto v1 = clamp(x0, -1 - square(v0), 1 + square(c0));
  auto v2 = sin(v1);
  auto v3 = pow(v2, 3);
  auto v4 = clamp(v1, -1 - square(v3), 1 + square(v2));
  auto v5 = v4 * c0;
  auto v6 = rsqrt(0.5 + square(v2));
  auto v7 = x0 * v5;
  auto v8 = where(v1 > 0, log(v1) * v5, v5);
  auto v9 = sigmoid(v2);
  auto v10 = v6 + v9;
  auto v11 = erf(x0);
  auto v12 = v7 * stop_gradient(v7);
  auto v13 = v10 * v11 - v0;
  auto v14 = rsqrt(0.5 + square(v1));
  auto v15 = pow(1 + square(v13), tanh(v14));
  auto v16 = asinh(v12);
  auto v17 = exp2(-square(v11));
  auto v18 = atan2(v17, v8);
  auto v19 = where(v15 > v16, sin(v15), v16);
  auto v20 = v19 * stop_gradient(v19);
  auto v21 = softplus(v20);
  auto v22 = logaddexp(v21, v18);
  auto v23 = cosh(tanh(v22));
  auto v24 = pow(1 + square(v18), tanh(v23));
  return v24;
};

}  // namespace

TEST_CASE("random program 103: 1 array, 1 scalar, 54 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<1, 1, false, 0>(program_103, "group_28", 103);
}
