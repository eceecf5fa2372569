// Random programs 82 to 83, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_82 = [](auto x0, auto x1, auto x2, auto x3, auto c0) {
  auto v0 = fg::where(x1 > x0, x0, x3);
  auto v1 = fg::pow(1 + fg::square(c0), fg::tanh(v0));
  auto v2 = x2 * v1;
  auto v3 = fg::clamp(v1, -1 - fg::square(v2), 1 + fg::square(x3));
  auto v4 = v0 * 0.375;
  auto v5 = v0 * v3;
  auto v6 = fg::elu(v0, 0.5);
  auto v7 = fg::sin(v5);
  auto v8 = v4 * fg::floor(1.5 + v4);
  auto v9 = v6 - v7;
  auto v10 = -0.75 - x3;
  auto v11 = v10 * v8;
  auto v12 = fg::pow(1.25 + fg::square(v6), -1.5);
  auto v13 = v9 * fg::stop_gradient(v9);
  auto v14 = fg::exp(fg::tanh(v11));
  auto v15 = fg::exp2(-fg::square(v14));
  auto v16 = v12 / (1.5 + fg::cos(v13));
  auto v17 = v15 / (1 + fg::square(v16));
  return v17;
};

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
  auto v16 = max(v13, v15);
  auto v17 = tanh(v16);
  auto v18 = v17 * -0.75;
  auto v19 = v18 * v12;
  return v19;
};

}  // namespace

TEST_CASE("random program 82: 4 arrays, 1 scalar, 38 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<4, 1, false, 2>(program_82, "group_15", 82);
}

TEST_CASE("random program 83: 2 arrays, 1 scalar, 34 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<2, 1, false, 1>(program_83, "group_15", 83);
}
