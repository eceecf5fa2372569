// Random programs 70 to 71, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_70 = [](auto x0, auto x1, auto x2, auto x3, auto c0, auto c1) {
  auto v0 = fg::relu(x0);
  auto v1 = v0 * fg::stop_gradient(v0);
  auto v2 = v1 / 1.25;
  auto v3 = fg::clamp(x3, -1 - fg::square(x1), 1 + fg::square(x2));
  auto v4 = fg::erf(v0);
  auto v5 = fg::log_sigmoid(v4);
  auto v6 = fg::clamp(v5, -1.5, 1.25);
  auto v7 = fg::hypot(v3, c0);
  auto v8 = v7 - v6;
  auto v9 = c1 * v8;
  auto v10 = v2 * v9;
  auto s0 = fg::sum(v10);
  auto s1 = fg::max(v0);
  auto s2 = fg::mean(v1);
  return fg::fma(s0, fg::sigmoid(s1), fg::sin(s2));
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
  auto v12 = min(v11, v10);
  auto v13 = hypot(c1, v12);
  auto s0 = var(v13);
  auto s1 = max(v13);
  return s0 - atan(s1);
};

}  // namespace

TEST_CASE("random program 70: 4 arrays, 2 scalars, 22 operations, reduced", "[oracle][programs]") {
  oracle::check_program<70, 4, 2, true, 2>(program_70, "group_15");
}

TEST_CASE("random program 71: 2 arrays, 2 scalars, 23 operations, reduced", "[oracle][programs]") {
  oracle::check_program<71, 2, 2, true, 1>(program_71, "group_15");
}
