// Random programs 93 to 93, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_93 = [](auto x0, auto x1, auto c0, auto c1) {
  auto v0 = fg::fma(c1, x0, x1);
  auto v1 = fg::where(c0 > 0, fg::sqrt(c0), x1);
  auto v2 = v0 - 3;
  auto v3 = v1 + 1.25;
  auto v4 = fg::fma(v0, v2, v3);
  auto v5 = fg::atan2(v4, v2);
  auto v6 = fg::expm1(0.25 * fg::sin(v5));
  auto v7 = fg::pow(1 + fg::square(v5), fg::tanh(v6));
  auto v8 = fg::cos(v7);
  auto v9 = 0.375 * v8;
  auto v10 = fg::leaky_relu(x1, 0.125);
  auto v11 = fg::copysign(v9, v10);
  auto v12 = v8 * fg::stop_gradient(v8);
  auto v13 = fg::where(v1 > 0, fg::log(v1) * v0, v0);
  auto v14 = v12 + 1;
  auto v15 = fg::atan2(v11, 1.5 + fg::square(v9));
  auto v16 = fg::pow(1 + fg::square(v14), fg::tanh(v13));
  auto v17 = v16 - 3;
  auto v18 = v17 + -1.5;
  auto v19 = fg::asinh(v18);
  auto v20 = fg::copysign(v19, v16);
  auto v21 = fg::gelu(v20);
  auto v22 = fg::hypot(v16, v15);
  auto v23 = fg::where(v19 > 0 || v22 < v21, fg::tanh(v22), v21);
  auto v24 = fg::where(v23 > 0, fg::log(v23) * v22, v22);
  auto s0 = fg::sum(v24);
  return fg::tanh(0.125 * s0);
};

}  // namespace

TEST_CASE("random program 93: 2 arrays, 2 scalars, 51 operations, reduced", "[oracle][programs]") {
  oracle::check_program<93, 2, 2, true, 1, 2>(program_93, "group_33");
}
