// Random programs 94 to 94, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_94 = [](auto x0, auto x1, auto c0) {
  auto v0 = x0 - c0;
  auto v1 = fg::sinh(fg::sin(v0));
  auto v2 = fg::min(x1, v1);
  auto v3 = fg::pow(v2, 3);
  auto v4 = v3 + 1.25;
  auto v5 = fg::where(v4 > 0, fg::log(v4) * v1, v1);
  auto v6 = fg::squareplus(v4, 2.0);
  auto v7 = fg::where(v6 > x1, x1, v5);
  auto v8 = fg::gelu(v7);
  auto v9 = fg::fma(v8, x1, v1);
  auto v10 = fg::lerp(v9, v4, fg::sigmoid(v7));
  auto v11 = fg::cos(v8);
  auto v12 = fg::normal_cdf(v8);
  auto v13 = fg::cos(v2);
  auto v14 = fg::atan2(v10, v11);
  auto v15 = fg::log_sigmoid(v12);
  auto v16 = fg::acos(0.75 * fg::sin(v14));
  auto v17 = fg::hypot(v13, v16);
  auto v18 = fg::min(v15, v17);
  auto v19 = fg::erf(v9);
  auto v20 = v17 * 0.375;
  auto v21 = fg::reciprocal(1 + fg::square(v18));
  auto v22 = fg::atan2(v18, v20);
  auto v23 = fg::elu(v22, 0.5);
  auto v24 = fg::where(v21 < 0.25, v21 * v23, fg::square(v23));
  auto v25 = fg::tanh(v19);
  auto v26 = v24 * 1;
  auto v27 = fg::xlogy(fg::square(v23), 1 + fg::square(v25));
  auto v28 = v13 * fg::stop_gradient(v13);
  auto v29 = fg::min(v26, v27);
  auto v30 = v28 * v29;
  auto s0 = fg::logsumexp(v30);
  auto s1 = fg::mean(fg::square(v0));
  return s0 * s1;
};

}  // namespace

TEST_CASE("random program 94: 2 arrays, 1 scalar, 52 operations, reduced", "[oracle][programs]") {
  oracle::check_program<94, 2, 1, true, 0>(program_94, "group_34");
}
