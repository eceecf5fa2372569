// Random programs 84 to 85, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_84 = [](auto x0, auto x1, auto c0) {
  auto v0 = x0 + 0.5;
  auto v1 = fg::relu(v0);
  auto v2 = fg::atan2(x1, 1.5 + fg::square(v0));
  auto v3 = v2 * -1.5;
  auto v4 = fg::normal_cdf(v3);
  auto v5 = fg::cosh(fg::tanh(v4));
  auto v6 = fg::sinc(0.5 * v0);
  auto v7 = v6 * 0.125;
  auto v8 = fg::log1p(fg::square(v4));
  auto v9 = 1.25 * v1;
  auto v10 = fg::where(v9 > v5, v5, v4);
  auto v11 = fg::where(c0 > 0, fg::log(c0) * v6, v6);
  auto v12 = fg::pow(v10, 3);
  auto v13 = fg::expm1(0.25 * fg::sin(v11));
  auto v14 = fg::hypot(v12, v7);
  auto v15 = fg::gelu(v3);
  auto v16 = fg::xlogy(fg::square(v14), 1 + fg::square(v10));
  auto v17 = v15 * 0.125;
  auto v18 = fg::min(v16, v8);
  auto v19 = v17 - v18;
  auto v20 = fg::max(v13, v19);
  return v20;
};

constexpr auto program_85 = [](auto x0, auto c0, auto c1) {
  auto v0 = fg::where(c0 > 0 || c1 < x0, fg::tanh(c1), x0);
  auto v1 = fg::atan2(v0, 1.5 + fg::square(x0));
  auto v2 = fg::atan2(v1, v0);
  auto v3 = fg::abs(v2);
  auto v4 = v3 - c0;
  auto v5 = fg::tanh(v4);
  auto v6 = fg::abs(v5);
  auto v7 = fg::squareplus(v6, 2.0);
  auto v8 = fg::where(v4 > 0 || v3 < v7, fg::tanh(v3), v7);
  auto v9 = fg::silu(v8);
  auto v10 = fg::sqrt(1 + fg::square(v9));
  auto v11 = fg::exp(-fg::abs(v10));
  auto v12 = v11 * v9;
  auto v13 = fg::tanh(v9);
  auto v14 = v13 * v9;
  auto v15 = fg::where(v9 < 0.25, v9 * v12, fg::square(v12));
  auto v16 = -0.75 * v13;
  auto v17 = v16 - v14;
  auto v18 = v15;
  v18 += v17;
  return v18;
};

}  // namespace

TEST_CASE("random program 84: 2 arrays, 1 scalar, 35 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<2, 1, false, 0, 2>(program_84, "group_16", 84);
}

TEST_CASE("random program 85: 1 array, 2 scalars, 36 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<1, 2, false, 0>(program_85, "group_16", 85);
}
