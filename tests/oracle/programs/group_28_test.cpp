// Random programs 88 to 88, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_88 = [](auto x0, auto x1, auto x2, auto x3) {
  auto v0 = fg::pow(1 + fg::square(x3), fg::tanh(x1));
  auto v1 = fg::max(x1, x0);
  auto v2 = x0 / (1 + fg::square(v0));
  auto v3 = fg::erfc(v1);
  auto v4 = fg::lerp(x0, v0, fg::sigmoid(v3));
  auto v5 = x3 + v2;
  auto v6 = fg::where(v4 > 0, fg::log(v4) * x0, x0);
  auto v7 = fg::sinc(0.5 * v5);
  auto v8 = v6 - x2;
  auto v9 = v4 * 2;
  auto v10 = v9 * 0.375;
  auto v11 = fg::where(v10 > v8, fg::sin(v10), v8);
  auto v12 = fg::lgamma(1.5 + fg::square(x3));
  auto v13 = v11 - v7;
  auto v14 = fg::copysign(v13, v11);
  auto v15 = fg::log1p(fg::square(v2));
  auto v16 = fg::exp(fg::tanh(v14));
  auto v17 = v16 + v12;
  auto v18 = 1.25 - v17;
  auto v19 = v18 - v15;
  auto s0 = fg::norm(v19);
  return 0.5 * s0 + 1;
};

}  // namespace

TEST_CASE("random program 88: 4 arrays, 0 scalars, 39 operations, reduced", "[oracle][programs]") {
  oracle::check_program<88, 4, 0, true, 0>(program_88, "group_28");
}
