// Random programs 96 to 96, in every mode against numbers found by differences in 160 digits.
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
  auto v19 = fg::abs(v17);
  auto v20 = fg::tanh(v19);
  auto v21 = fg::erf(v18);
  auto v22 = fg::abs(v21);
  auto v23 = fg::sinh(fg::sin(v19));
  auto v24 = v23 / (1 + fg::square(v20));
  auto v25 = fg::hypot(v15, v16);
  auto v26 = v22 * v24;
  auto v27 = v26 / (1.5 + fg::cos(v25));
  auto s0 = fg::norm(v27);
  auto s1 = fg::mean(v11);
  auto s2 = fg::prod(1 + 0.25 * fg::tanh(v18));
  return fg::fma(s0, fg::sigmoid(s1), fg::sin(s2));
};

}  // namespace

TEST_CASE("random program 96: 1 array, 1 scalar, 65 operations, reduced", "[oracle][programs]") {
  oracle::check_program<96, 1, 1, true, 0, 1>(program_96, "group_36");
}
