// Random programs 98 to 98, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_98 = [](auto x0, auto c0, auto c1) {
  auto v0 = fg::cosh(fg::tanh(c0));
  auto v1 = fg::where(x0 > 0, fg::sqrt(x0), c0);
  auto v2 = c1 * x0;
  auto v3 = fg::xlogy(fg::square(v0), 1 + fg::square(v1));
  auto v4 = fg::pow(v2, 2);
  auto v5 = v4 - 1;
  auto v6 = -1.5 - v5;
  auto v7 = fg::tan(0.5 * fg::tanh(v6));
  auto v8 = x0 + -1.5;
  auto v9 = v7 * fg::stop_gradient(v7);
  auto v10 = fg::logaddexp(v9, v8);
  auto v11 = fg::abs(v3);
  auto v12 = fg::sinc(0.5 * v11);
  auto v13 = fg::tan(0.5 * fg::tanh(v10));
  auto v14 = v13 * fg::stop_gradient(v13);
  auto v15 = fg::atanh(0.5 * fg::tanh(v12));
  auto v16 = fg::where(v15 > 0, fg::sqrt(v15), v10);
  auto v17 = fg::fma(v14, v4, v12);
  auto v18 = fg::pow(1.25 + fg::square(v16), -1.5);
  auto v19 = fg::fma(v18, v17, c1);
  auto v20 = fg::log1p(fg::square(v12));
  auto v21 = fg::copysign(v20, v16);
  auto v22 = fg::logaddexp(v19, v21);
  auto v23 = fg::where(v21 <= v17 && v17 > -0.5, v17, fg::exp(-fg::abs(v21)));
  auto v24 = fg::tanh(v19);
  auto v25 = fg::clamp(v24, -1 - fg::square(v22), 1 + fg::square(v20));
  auto v26 = fg::hypot(v25, v23);
  auto s0 = fg::prod(1 + 0.25 * fg::tanh(v26));
  return s0;
};

}  // namespace

TEST_CASE("random program 98: 1 array, 2 scalars, 60 operations, reduced", "[oracle][programs]") {
  oracle::check_program<98, 1, 2, true, 0>(program_98, "group_38");
}
