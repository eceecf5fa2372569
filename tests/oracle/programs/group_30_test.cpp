// Random programs 105 to 105, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_105 = [](auto x0, auto x1) {
  auto v0 = fg::relu(x1);
  auto v1 = 0.5 - x0;
  auto v2 = v0 - v1;
  auto v3 = fg::lerp(v2, x1, fg::sigmoid(v0));
  auto v4 = v3 - x0;
  auto v5 = fg::softplus(v4);
  auto v6 = fg::hypot(v5, v1);
  auto v7 = fg::atan2(v3, 1.5 + fg::square(v4));
  auto v8 = fg::cbrt(2 + fg::square(v6));
  auto v9 = v8 * v7;
  auto v10 = fg::where(v7 > v9, v9, v5);
  auto v11 = fg::exp(-fg::abs(v10));
  auto v12 = v11 * fg::stop_gradient(v11);
  auto v13 = fg::fma(v9, v12, x0);
  auto v14 = fg::log_sigmoid(v13);
  auto v15 = fg::hypot(v14, v9);
  auto v16 = v15 * v13;
  auto v17 = fg::copysign(v10, v16);
  auto v18 = fg::square(v12);
  auto v19 = fg::log(1 + fg::square(v17));
  auto v20 = fg::cbrt(2 + fg::square(v19));
  auto v21 = fg::atan2(v19, 1.5 + fg::square(v18));
  auto v22 = fg::where(v21 < 0.25, v21 * v20, fg::square(v20));
  auto v23 = fg::cos(v22);
  auto v24 = fg::cbrt(2 + fg::square(v18));
  auto v25 = fg::asin(0.5 * fg::tanh(v1));
  auto v26 = fg::max(v23, v24);
  auto v27 = fg::pow(1 + fg::square(v25), fg::tanh(v26));
  auto v28 = fg::max(v27, v15);
  return v28;
};

}  // namespace

TEST_CASE("random program 105: 2 arrays, 0 scalars, 54 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<2, 0, false, 1>(program_105, "group_30", 105);
}
