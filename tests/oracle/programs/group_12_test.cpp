// Random programs 61 to 63, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_61 = [](auto x0, auto x1, auto x2) {
  auto v0 = fg::where(x1 > x0, fg::sin(x1), x0);
  auto v1 = fg::atan2(x0, x2);
  auto v2 = fg::sinh(fg::sin(v0));
  auto v3 = fg::fma(v2, v1, x2);
  auto v4 = fg::asin(0.5 * fg::tanh(x2));
  auto v5 = fg::exp2(-fg::square(v4));
  auto v6 = v5 / (1 + fg::square(v3));
  return v6;
};

constexpr auto program_62 = [](auto x0, auto x1, auto x2, auto c0, auto c1) {
  auto v0 = c1 + x0;
  auto v1 = fg::logaddexp(v0, c0);
  auto v2 = fg::asinh(v0);
  auto v3 = fg::max(x2, v2);
  auto v4 = x1 - 1.25;
  auto v5 = fg::expm1(0.25 * fg::sin(v4));
  auto v6 = v3 * v5;
  auto v7 = v6 / (1 + fg::square(v1));
  auto s0 = fg::var(v7);
  auto s1 = fg::min(v6);
  auto s2 = fg::mean(v0);
  return 1 - 2 * s0 / (1 + fg::abs(s1) + fg::abs(s2));
};

constexpr auto program_63 = [](auto x0, auto x1) {
  auto v0 = gelu(x1);
  auto v1 = lerp(x0, v0, sigmoid(x1));
  auto v2 = v1 * -1.5;
  auto v3 = where(v0 > 0 || v2 < v1, tanh(v2), v1);
  auto v4 = log2(1.5 + v1 * v1);
  auto v5 = leaky_relu(v4, 0.125);
  auto v6 = max(v5, v3);
  return v6;
};

}  // namespace

TEST_CASE("random program 61: 3 arrays, 0 scalars, 16 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<61, 3, 0, false, 1>(program_61, "group_12");
}

TEST_CASE("random program 62: 3 arrays, 2 scalars, 22 operations, reduced", "[oracle][programs]") {
  oracle::check_program<62, 3, 2, true, 2>(program_62, "group_12");
}

TEST_CASE("random program 63: 2 arrays, 0 scalars, 14 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<63, 2, 0, false, 1>(program_63, "group_12");
}
