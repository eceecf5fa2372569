// Random programs 106 to 106, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_106 = [](auto x0, auto c0, auto c1) {
  auto v0 = c1 + x0;
  auto v1 = fg::where(x0 > 0 || c0 < v0, fg::tanh(c0), v0);
  auto v2 = fg::xlogy(fg::square(v1), 1 + fg::square(c1));
  auto v3 = fg::lerp(v2, x0, fg::sigmoid(c0));
  auto v4 = fg::expm1(0.25 * fg::sin(c0));
  auto v5 = -v4;
  auto v6 = fg::where(v3 <= c1 && c1 > -0.5, c1, fg::exp(-fg::abs(v3)));
  auto v7 = fg::normal_cdf(v0);
  auto v8 = fg::exp(fg::tanh(v7));
  auto v9 = fg::lgamma(1.5 + fg::square(v6));
  auto v10 = fg::atan2(v9, 1.5 + fg::square(v8));
  auto v11 = fg::where(v5 > 0 || v10 < v2, fg::tanh(v10), v2);
  auto v12 = fg::atan(v7);
  auto v13 = fg::atanh(0.5 * fg::tanh(v12));
  auto v14 = v11 - 0.125;
  auto v15 = v13 * v14;
  auto v16 = v15 + 0.125;
  auto v17 = fg::erfc(v16);
  auto v18 = -v17;
  auto v19 = fg::cbrt(2 + fg::square(v14));
  auto v20 = v18 / (1.5 + fg::cos(v19));
  auto v21 = fg::normal_cdf(v20);
  auto v22 = fg::fma(v17, v21, v1);
  auto v23 = fg::log(1 + fg::square(v17));
  auto v24 = v23 / (1 + fg::square(v22));
  return v24;
};

}  // namespace

TEST_CASE("random program 106: 1 array, 2 scalars, 59 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<1, 2, false, 0>(program_106, "group_31", 106);
}
