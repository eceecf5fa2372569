// Random programs 100 to 100, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_100 = [](auto x0, auto x1, auto x2, auto c0) {
  auto v0 = fg::min(x0, x1);
  auto v1 = fg::reciprocal(1 + fg::square(v0));
  auto v2 = fg::atan2(c0, 1.5 + fg::square(x0));
  auto v3 = fg::where(v1 > v2, v2, x1);
  auto v4 = fg::lgamma(1.5 + fg::square(x2));
  auto v5 = v0 / (1.5 + fg::cos(v3));
  auto v6 = fg::cos(v4);
  auto v7 = fg::copysign(v5, v6);
  auto v8 = v2 * v3 - v4;
  auto v9 = v7 * v3;
  auto v10 = fg::sigmoid(v6);
  auto v11 = v8 - v10;
  auto v12 = fg::log(1 + fg::square(v11));
  auto v13 = fg::xlogy(fg::square(v7), 1 + fg::square(v9));
  auto v14 = fg::xlogy(fg::square(v12), 1 + fg::square(v13));
  auto v15 = fg::atan(v14);
  auto v16 = 1 * v3;
  auto v17 = fg::where(v11 > v16, fg::sin(v11), v16);
  auto v18 = fg::sinh(fg::sin(v17));
  auto v19 = fg::max(v13, v1);
  auto v20 = fg::pow(v15, 3);
  auto v21 = v7 - 2;
  auto v22 = v18 / (1.5 + fg::cos(v20));
  auto v23 = v21 / (1.5 + fg::cos(v22));
  auto v24 = fg::hypot(v19, v23);
  auto s0 = fg::var(v24);
  return fg::log1p(fg::square(s0));
};

}  // namespace

TEST_CASE("random program 100: 3 arrays, 1 scalar, 53 operations, reduced", "[oracle][programs]") {
  oracle::check_program<3, 1, true, 1>(program_100, "group_25", 100);
}
