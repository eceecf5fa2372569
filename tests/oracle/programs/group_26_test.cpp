// Random programs 101 to 101, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_101 = [](auto x0, auto x1, auto c0) {
  auto v0 = x1 + 1;
  auto v1 = fg::cbrt(2 + fg::square(v0));
  auto v2 = v0 / -0.75;
  auto v3 = fg::lgamma(1.5 + fg::square(v2));
  auto v4 = -x0;
  auto v5 = fg::lerp(v4, c0, fg::sigmoid(v2));
  auto v6 = v5 / (1.5 + fg::cos(v1));
  auto v7 = fg::rsqrt(0.5 + fg::square(v1));
  auto v8 = fg::sqrt(1 + fg::square(v0));
  auto v9 = fg::expm1(0.25 * fg::sin(v7));
  auto v10 = fg::mish(v8);
  auto v11 = v8 * 1.25;
  auto v12 = fg::abs(v6);
  auto v13 = v9 * 0.5;
  auto v14 = 2 * v11;
  auto v15 = fg::tanh(v14);
  auto v16 = fg::fma(x0, v12, v15);
  auto v17 = fg::min(v3, v16);
  auto v18 = fg::atan(v13);
  auto v19 = 2 - v6;
  auto v20 = fg::atan2(v15, 1.5 + fg::square(v17));
  auto v21 = fg::cbrt(2 + fg::square(v15));
  auto v22 = fg::where(v21 < 0.25, v21 * v20, fg::square(v20));
  auto v23 = fg::copysign(v10, v9);
  auto v24 = v22;
  v24 += v18;
  auto v25 = v19 - v23;
  auto v26 = v25 * v24;
  auto s0 = fg::sum(v26);
  return s0;
};

}  // namespace

TEST_CASE("random program 101: 2 arrays, 1 scalar, 48 operations, reduced", "[oracle][programs]") {
  oracle::check_program<2, 1, true, 1>(program_101, "group_26", 101);
}
