// Random programs 90 to 90, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_90 = [](auto x0, auto x1, auto c0) {
  auto v0 = fg::pow(1 + fg::square(x0), fg::tanh(c0));
  auto v1 = fg::lerp(x1, x0, fg::sigmoid(v0));
  auto v2 = fg::where(v1 <= x1 && x1 > -0.5, x1, fg::exp(-fg::abs(v1)));
  auto v3 = fg::clamp(v2, -1 - fg::square(x1), 1 + fg::square(v1));
  auto v4 = x1 * v3;
  auto v5 = v0 - 1.25;
  auto v6 = fg::squareplus(v4, 2.0);
  auto v7 = v6 - v4;
  auto v8 = v7 * v4;
  auto v9 = x0 - v3;
  auto v10 = v9 * v5;
  auto v11 = v8 - -0.75;
  auto v12 = v10 * 1;
  auto v13 = fg::tan(0.5 * fg::tanh(v11));
  auto v14 = fg::atan2(v12, 1.5 + fg::square(v9));
  auto v15 = v13 - v14;
  auto v16 = fg::xlogy(fg::square(v15), 1 + fg::square(v10));
  auto v17 = v16 * v11;
  auto v18 = fg::gelu(x1);
  auto v19 = v17 - v18;
  auto s0 = fg::prod(1 + 0.25 * fg::tanh(v19));
  return fg::tanh(0.125 * s0);
};

}  // namespace

TEST_CASE("random program 90: 2 arrays, 1 scalar, 46 operations, reduced", "[oracle][programs]") {
  oracle::check_program<90, 2, 1, true, 0, 2>(program_90, "group_30");
}
