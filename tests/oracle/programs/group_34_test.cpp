// Random programs 109 to 109, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_109 = [](auto x0, auto c0) {
  auto v0 = c0 - x0;
  auto v1 = fg::clamp(v0, -1 - fg::square(c0), 1 + fg::square(x0));
  auto v2 = fg::where(v0 <= c0 && c0 > -0.5, c0, fg::exp(-fg::abs(v0)));
  auto v3 = fg::cos(x0);
  auto v4 = fg::lerp(v2, v1, fg::sigmoid(v3));
  auto v5 = fg::hypot(v4, v2);
  auto v6 = v1;
  v6 += v2;
  auto v7 = 0.5 - v1;
  auto v8 = fg::atan2(v5, 1.5 + fg::square(v6));
  auto v9 = 1 * v7;
  auto v10 = fg::xlogy(fg::square(v4), 1 + fg::square(v9));
  auto v11 = fg::sin(v7);
  auto v12 = fg::acos(0.75 * fg::sin(v11));
  auto v13 = v12 + 0.5;
  auto v14 = v8 * v10;
  auto v15 = fg::log1p(fg::square(v14));
  auto v16 = fg::sin(v6);
  auto v17 = v15 * v16;
  auto v18 = fg::min(v9, v12);
  auto v19 = v17 + 1;
  auto v20 = fg::cosh(fg::tanh(v14));
  auto v21 = fg::log_sigmoid(v19);
  auto v22 = fg::pow(v18, 3);
  auto v23 = v22 + 0.5;
  auto v24 = v23 / 3;
  auto v25 = v21 * v20 - v24;
  auto v26 = fg::where(v25 > v13, fg::sin(v25), v13);
  auto v27 = fg::max(v26, v22);
  auto v28 = fg::xlogy(fg::square(v27), 1 + fg::square(v11));
  auto v29 = fg::sinh(fg::sin(v25));
  auto v30 = fg::max(v24, v25);
  auto v31 = v30 / (1.5 + fg::cos(v29));
  auto v32 = v28 / (1 + fg::square(v31));
  return v32;
};

}  // namespace

TEST_CASE("random program 109: 1 array, 1 scalar, 63 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<1, 1, false, 0>(program_109, "group_34", 109);
}
