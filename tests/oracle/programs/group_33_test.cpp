// Random programs 108 to 108, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_108 = [](auto x0, auto x1, auto x2, auto c0) {
  auto v0 = fg::expm1(0.25 * fg::sin(x2));
  auto v1 = fg::hypot(x1, x2);
  auto v2 = fg::hypot(c0, v0);
  auto v3 = x0 * c0;
  auto v4 = fg::atan2(v0, v1);
  auto v5 = fg::abs(v2);
  auto v6 = fg::elu(v5, 0.5);
  auto v7 = fg::tanh(v1);
  auto v8 = v4 - 0.5;
  auto v9 = 1.25 * v3;
  auto v10 = fg::copysign(v7, x0);
  auto v11 = fg::hypot(v9, v8);
  auto v12 = 1.25 * v6;
  auto v13 = 1 * v8;
  auto v14 = v11 / 2;
  auto v15 = -v5;
  auto v16 = v15 * v14;
  auto v17 = fg::lgamma(1.5 + fg::square(v16));
  auto v18 = v17 - -0.75;
  auto v19 = fg::sin(v13);
  auto v20 = fg::erfc(v11);
  auto v21 = fg::atan2(v12, 1.5 + fg::square(v20));
  auto v22 = fg::sqrt(1 + fg::square(v21));
  auto v23 = fg::clamp(v21, -1 - fg::square(v20), 1 + fg::square(v10));
  auto v24 = v18 * v19;
  auto v25 = v21 + 2;
  auto v26 = v23 + 2;
  auto v27 = fg::reciprocal(1 + fg::square(v24));
  auto v28 = 1.25 - v25;
  auto v29 = v28 + v11;
  auto v30 = x0 * fg::stop_gradient(x0);
  auto v31 = v29 / (1.5 + fg::cos(v25));
  auto v32 = v27 * fg::stop_gradient(v27);
  auto v33 = v32 + 0.5;
  auto v34 = -v28;
  auto v35 = v30 - v34;
  auto v36 = fg::hypot(v22, v26);
  auto v37 = fg::hypot(v33, v31);
  auto v38 = v37 - v36;
  auto v39 = v38 / (1 + fg::square(v35));
  return v39;
};

}  // namespace

TEST_CASE("random program 108: 3 arrays, 1 scalar, 60 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<3, 1, false, 0, 3>(program_108, "group_33", 108);
}
