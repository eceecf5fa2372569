// Random programs 102 to 102, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_102 = [](auto x0, auto x1, auto x2, auto c0) {
  auto v0 = fg::sqrt(1 + fg::square(x0));
  auto v1 = fg::exp2(-fg::square(x0));
  auto v2 = 1.25 * x0;
  auto v3 = fg::xlogy(fg::square(v1), 1 + fg::square(v0));
  auto v4 = 3 * x1;
  auto v5 = -x2;
  auto v6 = fg::log1p(fg::square(v1));
  auto v7 = fg::atanh(0.5 * fg::tanh(v5));
  auto v8 = fg::acos(0.75 * fg::sin(v4));
  auto v9 = fg::atan2(v3, 1.5 + fg::square(v7));
  auto v10 = fg::max(v2, v8);
  auto v11 = v0 + v5;
  auto v12 = fg::lgamma(1.5 + fg::square(v10));
  auto v13 = v11 / -1.5;
  auto v14 = fg::fma(v12, v13, v6);
  auto v15 = fg::fma(v14, v9, c0);
  auto v16 = fg::where(v15 > v11, v11, v13);
  auto v17 = fg::mish(v16);
  auto v18 = fg::atan2(v5, 1.5 + fg::square(v17));
  auto v19 = fg::asin(0.5 * fg::tanh(v18));
  auto v20 = v19 + v14;
  auto v21 = fg::sqrt(1 + fg::square(v20));
  auto v22 = fg::fma(v21, v17, x0);
  auto v23 = fg::asin(0.5 * fg::tanh(v17));
  auto v24 = v23 / (1.5 + fg::cos(v22));
  auto s0 = fg::max(v24);
  return fg::log1p(fg::square(s0));
};

}  // namespace

TEST_CASE("random program 102: 3 arrays, 1 scalar, 55 operations, reduced", "[oracle][programs]") {
  oracle::check_program<3, 1, true, 0, 3>(program_102, "group_27", 102);
}
