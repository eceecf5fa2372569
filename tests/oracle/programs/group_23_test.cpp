// Random programs 83 to 83, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_83 = [](auto x0, auto x1, auto c0) {
  auto v0 = x0 * x1 - c0;
  auto v1 = atan2(x0, v0);
  auto v2 = elu(v1, 0.5);
  auto v3 = atan(v2);
  auto v4 = c0 + v1;
  auto v5 = xlogy(square(v0), 1 + square(v3));
  auto v6 = pow(v5, 2);
  auto v7 = v6 - 0.125;
  auto v8 = v4 * stop_gradient(v4);
  auto v9 = log(1 + square(v8));
  auto v10 = clamp(x0, -1 - square(v7), 1 + square(v4));
  auto v11 = max(v7, v10);
  auto v12 = v9 * stop_gradient(v9);
  auto v13 = acosh(1.5 + square(v9));
  auto v14 = sin(v11);
  auto v15 = v14 * 1;
  auto v16 = min(v13, v15);
  auto v17 = v12 / (1.5 + cos(v16));
  return v17;
};

}  // namespace

TEST_CASE("random program 83: 2 arrays, 1 scalar, 34 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<83, 2, 1, false, 1>(program_83, "group_23");
}
