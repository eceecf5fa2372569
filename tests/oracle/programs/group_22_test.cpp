// Random programs 82 to 82, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_82 = [](auto x0, auto x1, auto x2, auto x3, auto c0) {
  auto v0 = fg::where(x1 > x0, x0, x3);
  auto v1 = fg::pow(1 + fg::square(c0), fg::tanh(v0));
  auto v2 = x2 * v1;
  auto v3 = fg::clamp(v1, -1 - fg::square(v2), 1 + fg::square(x3));
  auto v4 = v0 * 0.375;
  auto v5 = v0 * v3;
  auto v6 = fg::elu(v0, 0.5);
  auto v7 = fg::sin(v5);
  auto v8 = v4 * fg::floor(1.5 + v4);
  auto v9 = v6 - v7;
  auto v10 = -0.75 - x3;
  auto v11 = v10 * v8;
  auto v12 = fg::pow(1.25 + fg::square(v6), -1.5);
  auto v13 = v9 * fg::stop_gradient(v9);
  auto v14 = fg::exp(fg::tanh(v11));
  auto v15 = fg::max(v13, v12);
  auto v16 = v15 * v14;
  return v16;
};

}  // namespace

TEST_CASE("random program 82: 4 arrays, 1 scalar, 31 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<82, 4, 1, false, 2>(program_82, "group_22");
}
