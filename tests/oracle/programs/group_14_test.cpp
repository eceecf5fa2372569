// Random programs 80 to 81, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_80 = [](auto x0, auto x1) {
  auto v0 = fg::min(x0, x1);
  auto v1 = v0 / (1 + fg::square(x1));
  auto v2 = fg::atan2(v1, x1);
  auto v3 = fg::square(v2);
  auto v4 = fg::square(v2);
  auto v5 = fg::atanh(0.5 * fg::tanh(v4));
  auto v6 = fg::log2(1.5 + v3 * v3);
  auto v7 = fg::sin(v6);
  auto v8 = fg::fma(v5, v7, v2);
  auto v9 = fg::leaky_relu(v6, 0.125);
  auto v10 = v8 - v9;
  auto v11 = v10 + 3;
  auto v12 = fg::acos(0.75 * fg::sin(v11));
  auto v13 = v12 / (1.5 + fg::cos(v11));
  auto v14 = fg::expm1(0.25 * fg::sin(v13));
  auto v15 = fg::erf(v11);
  auto v16 = fg::clamp(v10, -1 - fg::square(v15), 1 + fg::square(v14));
  return v16;
};

constexpr auto program_81 = [](auto x0, auto x1, auto x2) {
  auto v0 = fg::exp(-fg::abs(x2));
  auto v1 = fg::pow(1 + fg::square(x0), fg::tanh(x1));
  auto v2 = fg::exp(-fg::abs(v1));
  auto v3 = v0 * v2;
  auto v4 = fg::rsqrt(0.5 + fg::square(v3));
  auto v5 = fg::erfc(v4);
  auto v6 = fg::rsqrt(0.5 + fg::square(v5));
  auto v7 = v2 * v6 - v1;
  auto v8 = fg::gelu(v7);
  auto v9 = v8 * v6 - v7;
  auto v10 = v8 * v1;
  auto v11 = 2 - v8;
  auto v12 = fg::cbrt(2 + fg::square(v8));
  auto v13 = v9 + v10;
  auto v14 = v11 + v13;
  auto v15 = fg::max(v14, v12);
  auto s0 = fg::prod(1 + 0.25 * fg::tanh(v15));
  auto s1 = fg::prod(1 + 0.25 * fg::tanh(v2));
  auto s2 = fg::mean(v11);
  return 1 - 2 * s0 / (1 + fg::abs(s1) + fg::abs(s2));
};

}  // namespace

TEST_CASE("random program 80: 2 arrays, 0 scalars, 33 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<2, 0, false, 0>(program_80, "group_14", 80);
}

TEST_CASE("random program 81: 3 arrays, 0 scalars, 47 operations, reduced", "[oracle][programs]") {
  oracle::check_program<3, 0, true, 0>(program_81, "group_14", 81);
}
