// Random programs 69 to 71, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_69 = [](auto x0, auto x1, auto x2, auto x3) {
  auto v0 = x2 - x0;
  auto v1 = x0 / (1.5 + fg::cos(v0));
  auto v2 = fg::acosh(1.5 + fg::square(x2));
  auto v3 = 3 - x1;
  auto v4 = fg::clamp(x2, -1 - fg::square(v3), 1 + fg::square(v1));
  auto v5 = fg::fma(v4, v2, x3);
  auto v6 = fg::tanh(v5);
  auto v7 = fg::where(v6 > v1, fg::sin(v6), v1);
  auto v8 = fg::softsign(v7);
  auto v9 = fg::xlogy(fg::square(v8), 1 + fg::square(v4));
  auto v10 = fg::sinc(0.5 * v4);
  auto v11 = fg::hypot(v10, v9);
  return v11;
};

constexpr auto program_70 = [](auto x0, auto x1, auto x2, auto x3, auto c0, auto c1) {
  auto v0 = fg::relu(x0);
  auto v1 = v0 * fg::stop_gradient(v0);
  auto v2 = v1 / 1.25;
  auto v3 = fg::clamp(x3, -1 - fg::square(x1), 1 + fg::square(x2));
  auto v4 = fg::erf(v0);
  auto v5 = fg::log_sigmoid(v4);
  auto v6 = fg::clamp(v5, -1.5, 1.25);
  auto v7 = fg::sinh(fg::sin(v3));
  auto v8 = fg::silu(v3);
  auto v9 = 0.125 - v2;
  auto v10 = -v9;
  auto v11 = fg::hypot(c0, v10);
  auto v12 = v6 / (1.5 + fg::cos(v7));
  auto v13 = c1 - v11;
  auto v14 = fg::max(v13, v12);
  auto v15 = v14 / (1.5 + fg::cos(v8));
  auto s0 = fg::min(v15);
  auto s1 = fg::sum(v5);
  return s0 * s1;
};

constexpr auto program_71 = [](auto x0, auto x1, auto c0, auto c1) {
  auto v0 = abs(x0);
  auto v1 = x1 * stop_gradient(x1);
  auto v2 = 0.375 - x0;
  auto v3 = x1 * x0 - c0;
  auto v4 = v1 + 3;
  auto v5 = pow(v3, 2);
  auto v6 = max(v2, v5);
  auto v7 = exp(tanh(v0));
  auto v8 = 0.125 - v4;
  auto v9 = logaddexp(v7, v5);
  auto v10 = logaddexp(v8, v6);
  auto v11 = rsqrt(0.5 + square(v9));
  auto v12 = xlogy(square(v7), 1 + square(v11));
  auto v13 = hypot(v10, c1);
  auto v14 = v12 / (1.5 + cos(v13));
  auto s0 = logsumexp(v14);
  return s0;
};

}  // namespace

TEST_CASE("random program 69: 4 arrays, 0 scalars, 26 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<4, 0, false, 1>(program_69, "group_10", 69);
}

TEST_CASE("random program 70: 4 arrays, 2 scalars, 29 operations, reduced", "[oracle][programs]") {
  oracle::check_program<4, 2, true, 2>(program_70, "group_10", 70);
}

TEST_CASE("random program 71: 2 arrays, 2 scalars, 26 operations, reduced", "[oracle][programs]") {
  oracle::check_program<2, 2, true, 1>(program_71, "group_10", 71);
}
