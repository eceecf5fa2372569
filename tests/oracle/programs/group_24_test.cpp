// Random programs 84 to 84, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_84 = [](auto x0, auto x1, auto c0) {
  auto v0 = x0 + 0.5;
  auto v1 = fg::relu(v0);
  auto v2 = fg::atan2(x1, 1.5 + fg::square(v0));
  auto v3 = v2 * -1.5;
  auto v4 = fg::normal_cdf(v3);
  auto v5 = fg::cosh(fg::tanh(v4));
  auto v6 = fg::sinc(0.5 * v0);
  auto v7 = v6 * 0.125;
  auto v8 = fg::log1p(fg::square(v4));
  auto v9 = 1.25 * v1;
  auto v10 = fg::where(v9 > v5, v5, v4);
  auto v11 = fg::where(c0 > 0, fg::log(c0) * v6, v6);
  auto v12 = fg::pow(v10, 3);
  auto v13 = fg::expm1(0.25 * fg::sin(v11));
  auto v14 = fg::hypot(v12, v7);
  auto v15 = fg::gelu(v3);
  auto v16 = fg::xlogy(fg::square(v14), 1 + fg::square(v10));
  auto v17 = v8 / (1.5 + fg::cos(v13));
  auto v18 = v17;
  v18 += v15;
  auto v19 = v16 - v18;
  return v19;
};

}  // namespace

TEST_CASE("random program 84: 2 arrays, 1 scalar, 36 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<84, 2, 1, false, 0, 2>(program_84, "group_24");
}
