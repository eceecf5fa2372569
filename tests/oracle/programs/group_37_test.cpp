// Random programs 97 to 97, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_97 = [](auto x0) {
  auto v0 = fg::sigmoid(x0);
  auto v1 = -0.75 - v0;
  auto v2 = fg::log_sigmoid(v1);
  auto v3 = fg::log(1 + fg::square(x0));
  auto v4 = fg::cosh(fg::tanh(x0));
  auto v5 = fg::relu(v3);
  auto v6 = fg::xlogy(fg::square(v3), 1 + fg::square(v4));
  auto v7 = fg::erfc(v2);
  auto v8 = 3 - v7;
  auto v9 = fg::asinh(v5);
  auto v10 = v6 * v8;
  auto v11 = fg::pow(v9, 3);
  auto v12 = fg::log2(1.5 + v10 * v10);
  auto v13 = fg::clamp(v12, -1 - fg::square(v11), 1 + fg::square(v4));
  auto v14 = fg::where(v13 > 0, fg::log(v13) * v5, v5);
  auto v15 = v14 * v8 - x0;
  auto v16 = fg::atan2(v15, x0);
  auto v17 = fg::where(v16 > 0, fg::log(v16) * v7, v7);
  auto v18 = v17 + 1;
  auto v19 = fg::atan2(v18, 1.5 + fg::square(v6));
  auto v20 = v19 - v14;
  auto v21 = fg::lerp(v20, v18, fg::sigmoid(v16));
  auto v22 = fg::clamp(v21, -1.5, 1.25);
  auto v23 = fg::atan2(v22, 1.5 + fg::square(v18));
  auto v24 = fg::where(v20 > 0 || v22 < v6, fg::tanh(v22), v6);
  auto v25 = v23 * v24;
  auto s0 = fg::mean(v25);
  return 0.5 * s0 + 1;
};

}  // namespace

TEST_CASE("random program 97: 1 array, 0 scalars, 57 operations, reduced", "[oracle][programs]") {
  oracle::check_program<97, 1, 0, true, 0>(program_97, "group_37");
}
