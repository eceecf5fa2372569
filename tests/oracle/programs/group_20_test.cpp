// Random programs 80 to 80, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_80 = [](auto x0, auto x1) {
  auto v0 = fg::min(x0, x1);
  auto v1 = v0 / (1 + fg::square(x1));
  auto v2 = fg::atan2(v1, x1);
  auto v3 = fg::square(v2);
  auto v4 = fg::square(v2);
  auto v5 = fg::atanh(0.5 * fg::tanh(v4));
  auto v6 = fg::log2(1.5 + v3 * v3);
  auto v7 = fg::sin(v6);
  auto v8 = fg::fma(v5, v7, v2);
  auto v9 = fg::leaky_relu(v6, 0.125);
  auto v10 = v8 - v9;
  auto v11 = v10 + 3;
  auto v12 = fg::acos(0.75 * fg::sin(v11));
  auto v13 = v12 / (1.5 + fg::cos(v11));
  auto v14 = fg::expm1(0.25 * fg::sin(v13));
  auto v15 = fg::erf(v11);
  auto v16 = v14 + v15;
  return v16;
};

}  // namespace

TEST_CASE("random program 80: 2 arrays, 0 scalars, 29 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<80, 2, 0, false, 0>(program_80, "group_20");
}
