// Random programs 76 to 77, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_76 = [](auto x0, auto x1, auto x2, auto c0) {
  auto v0 = fg::xlogy(fg::square(x2), 1 + fg::square(x0));
  auto v1 = fg::hypot(v0, c0);
  auto v2 = fg::where(v1 > 0, fg::log(v1) * x1, x1);
  auto v3 = fg::lerp(v2, v1, fg::sigmoid(x1));
  auto v4 = fg::atan2(v3, x2);
  auto v5 = v4 + x2;
  auto v6 = fg::exp(fg::tanh(v2));
  auto v7 = v6 + 1;
  auto v8 = fg::min(v1, v5);
  auto v9 = v8 * fg::stop_gradient(v8);
  auto v10 = 3 * v6;
  auto v11 = v9 - v10;
  auto v12 = fg::hypot(v7, v11);
  auto s0 = fg::var(v12);
  auto s1 = fg::sum(v7);
  return s0 / (1 + fg::square(s1));
};

constexpr auto program_77 = [](auto x0, auto x1, auto c0) {
  auto v0 = x0 * 3;
  auto v1 = fg::pow(1 + fg::square(c0), fg::tanh(x1));
  auto v2 = v0 - v1;
  auto v3 = fg::acos(0.75 * fg::sin(x0));
  auto v4 = fg::cos(v2);
  auto v5 = 3 * v3;
  auto v6 = fg::normal_cdf(v4);
  auto v7 = v5 - 3;
  auto v8 = fg::log_sigmoid(v6);
  auto v9 = v7 * v8;
  auto v10 = fg::erf(v6);
  auto v11 = fg::lerp(v9, v2, fg::sigmoid(v10));
  auto v12 = v11;
  v12 += v10;
  auto v13 = v10 - 1;
  auto v14 = v13 * 3;
  auto v15 = fg::cosh(fg::tanh(v12));
  auto v16 = fg::gelu(v6);
  auto v17 = fg::min(v16, v15);
  auto v18 = v14 / (1.5 + fg::cos(v17));
  return v18;
};

}  // namespace

TEST_CASE("random program 76: 3 arrays, 1 scalar, 27 operations, reduced", "[oracle][programs]") {
  oracle::check_program<76, 3, 1, true, 1>(program_76, "group_18");
}

TEST_CASE("random program 77: 2 arrays, 1 scalar, 28 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<77, 2, 1, false, 1>(program_77, "group_18");
}
