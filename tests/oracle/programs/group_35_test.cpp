// Random programs 110 to 110, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_110 = [](auto x0, auto x1, auto x2, auto x3) {
  auto v0 = fg::logaddexp(x3, x2);
  auto v1 = fg::clamp(x3, -1.5, 1.25);
  auto v2 = fg::atan2(v0, x3);
  auto v3 = fg::elu(v2, 0.5);
  auto v4 = fg::where(x1 <= v3 && v3 > -0.5, v3, fg::exp(-fg::abs(x1)));
  auto v5 = v1 / (1 + fg::square(x0));
  auto v6 = v4 + 1.25;
  auto v7 = fg::atan2(v6, v5);
  auto v8 = v3 / (1 + fg::square(v7));
  auto v9 = fg::cbrt(2 + fg::square(v8));
  auto v10 = fg::lerp(v9, v2, fg::sigmoid(v0));
  auto v11 = v10 * fg::stop_gradient(v10);
  auto v12 = fg::where(v11 < 0.25, v11 * v4, fg::square(v4));
  auto v13 = v12 * v4;
  auto v14 = -1.5 * v4;
  auto v15 = fg::fma(v10, v14, v11);
  auto v16 = -1.5 * v13;
  auto v17 = fg::logaddexp(v5, v16);
  auto v18 = fg::max(v15, v17);
  auto v19 = 1 - v14;
  auto v20 = fg::log2(1.5 + v19 * v19);
  auto v21 = v20 * 0.5;
  auto v22 = fg::asinh(v18);
  auto v23 = v22 * fg::stop_gradient(v22);
  auto v24 = fg::erf(v18);
  auto v25 = fg::atan(v21);
  auto v26 = fg::leaky_relu(v25, 0.125);
  auto v27 = v24 - v26;
  auto v28 = v26 / 3;
  auto v29 = fg::sin(v23);
  auto v30 = fg::clamp(v27, -1.5, 1.25);
  auto v31 = fg::pow(v28, 3);
  auto v32 = fg::exp2(-fg::square(v30));
  auto v33 = v29 / (1 + fg::square(v32));
  auto v34 = fg::hypot(v31, v33);
  auto s0 = fg::sum(v34);
  return s0;
};

}  // namespace

TEST_CASE("random program 110: 4 arrays, 0 scalars, 59 operations, reduced", "[oracle][programs]") {
  oracle::check_program<4, 0, true, 2>(program_110, "group_35", 110);
}
