// Random programs 96 to 97, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_96 = [](auto x0, auto c0) {
  auto v0 = fg::tan(0.5 * fg::tanh(x0));
  auto v1 = c0 + 2;
  auto v2 = v0 * v1 - x0;
  auto v3 = v2 / (1.5 + fg::cos(c0));
  auto v4 = fg::where(v1 > 0 || v3 < c0, fg::tanh(v3), c0);
  auto v5 = fg::erf(v4);
  auto v6 = fg::atan2(v1, v5);
  auto v7 = fg::atanh(0.5 * fg::tanh(v6));
  auto v8 = 0.375 * v3;
  auto v9 = fg::clamp(v5, -1 - fg::square(v7), 1 + fg::square(v8));
  auto v10 = fg::gelu(v9);
  auto v11 = fg::xlogy(fg::square(c0), 1 + fg::square(v10));
  auto v12 = fg::atan(v11);
  auto v13 = fg::fma(v12, v9, v2);
  auto v14 = v9 * v12 - v10;
  auto v15 = v12 - 1;
  auto v16 = fg::sqrt(1 + fg::square(v13));
  auto v17 = v14 / 0.375;
  auto v18 = fg::rsqrt(0.5 + fg::square(v12));
  auto v19 = v17 / (1 + fg::square(v15));
  auto v20 = fg::min(v16, v18);
  auto v21 = v20 - v19;
  auto s0 = fg::var(v21);
  auto s1 = fg::sum(v6);
  return s0 - fg::atan(s1);
};

constexpr auto program_97 = [](auto x0) {
  auto v0 = fg::sigmoid(x0);
  auto v1 = -0.75 - v0;
  auto v2 = fg::log_sigmoid(v1);
  auto v3 = fg::log(1 + fg::square(x0));
  auto v4 = fg::cosh(fg::tanh(x0));
  auto v5 = fg::relu(v3);
  auto v6 = fg::xlogy(fg::square(v3), 1 + fg::square(v4));
  auto v7 = fg::erfc(v2);
  auto v8 = 3 - v7;
  auto v9 = fg::asinh(v5);
  auto v10 = v6 * v8;
  auto v11 = fg::pow(v9, 3);
  auto v12 = fg::log2(1.5 + v10 * v10);
  auto v13 = fg::clamp(v12, -1 - fg::square(v11), 1 + fg::square(v4));
  auto v14 = fg::where(v13 > 0, fg::log(v13) * v5, v5);
  auto v15 = v14 * v8 - x0;
  auto v16 = fg::atan2(v15, x0);
  auto v17 = fg::where(v16 > 0, fg::log(v16) * v7, v7);
  auto v18 = v17 + 1;
  auto v19 = fg::atan2(v18, 1.5 + fg::square(v6));
  auto v20 = v19 - v14;
  auto v21 = fg::lerp(v20, v18, fg::sigmoid(v16));
  auto s0 = fg::norm(v21);
  return 0.5 * s0 + 1;
};

}  // namespace

TEST_CASE("random program 96: 1 array, 1 scalar, 51 operations, reduced", "[oracle][programs]") {
  oracle::check_program<1, 1, true, 0, 1>(program_96, "group_22", 96);
}

TEST_CASE("random program 97: 1 array, 0 scalars, 47 operations, reduced", "[oracle][programs]") {
  oracle::check_program<1, 0, true, 0>(program_97, "group_22", 97);
}
