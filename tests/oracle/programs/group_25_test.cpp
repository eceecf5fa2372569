// Random programs 85 to 85, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

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

TEST_CASE("random program 85: 1 array, 2 scalars, 36 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<85, 1, 2, false, 0>(program_85, "group_25");
}
