// Random programs 86 to 86, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_86 = [](auto x0, auto x1, auto x2, auto x3) {
  auto v0 = x1 * fg::stop_gradient(x1);
  auto v1 = fg::asinh(x2);
  auto v2 = fg::log_sigmoid(v1);
  auto v3 = fg::max(v0, x2);
  auto v4 = fg::softsign(x3);
  auto v5 = fg::atan(v0);
  auto v6 = fg::cos(x2);
  auto v7 = fg::sigmoid(v4);
  auto v8 = fg::where(v6 > 0 || v5 < v2, fg::tanh(v5), v2);
  auto v9 = fg::where(x0 > 0, fg::log(x0) * v7, v7);
  auto v10 = fg::log_sigmoid(v3);
  auto v11 = fg::sin(v4);
  auto v12 = v8 + -1.5;
  auto v13 = fg::fma(v10, v8, v11);
  auto v14 = fg::mish(v13);
  auto v15 = v12 * fg::stop_gradient(v12);
  auto v16 = fg::where(v14 > 0, fg::log(v14) * v3, v3);
  auto v17 = fg::tanh(v15);
  auto v18 = v13 - 0.375;
  auto v19 = v9 / (1.5 + fg::cos(v18));
  auto v20 = v17 * v19;
  auto v21 = v16 / (1.5 + fg::cos(v20));
  auto s0 = fg::max(v21);
  return fg::tanh(0.125 * s0);
};

}  // namespace

TEST_CASE("random program 86: 4 arrays, 0 scalars, 41 operations, reduced", "[oracle][programs]") {
  oracle::check_program<86, 4, 0, true, 2>(program_86, "group_26");
}
