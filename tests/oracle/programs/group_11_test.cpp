// Random programs 72 to 74, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_72 = [](auto x0, auto c0, auto c1) {
  auto v0 = fg::log2(1.5 + x0 * x0);
  auto v1 = fg::softsign(c1);
  auto v2 = v0 - 0.125;
  auto v3 = fg::atan2(c0, 1.5 + fg::square(v2));
  auto v4 = v1 / (1 + fg::square(v3));
  auto v5 = v2 - 3;
  auto v6 = fg::hypot(v4, v5);
  auto v7 = v6 * x0 - v2;
  auto v8 = v7 * v2;
  auto v9 = fg::tan(0.5 * fg::tanh(c1));
  auto v10 = v4 * v9;
  auto v11 = fg::abs(v7);
  auto v12 = v8 / (1.5 + fg::cos(v11));
  auto v13 = fg::min(v12, v10);
  auto s0 = fg::mean(fg::square(v13));
  auto s1 = fg::logsumexp(v11);
  auto s2 = fg::sum(v11);
  return fg::fma(s0, fg::sigmoid(s1), fg::sin(s2));
};

constexpr auto program_73 = [](auto x0, auto x1, auto x2, auto x3, auto c0, auto c1) {
  auto v0 = fg::clamp(x2, -1 - fg::square(x0), 1 + fg::square(x1));
  auto v1 = v0 + x3;
  auto v2 = fg::silu(x2);
  auto v3 = fg::atanh(0.5 * fg::tanh(x2));
  auto v4 = fg::atan2(c1, 1.5 + fg::square(v3));
  auto v5 = fg::sigmoid(c0);
  auto v6 = v5;
  v6 += v1;
  auto v7 = fg::exp(fg::tanh(v2));
  auto v8 = fg::lgamma(1.5 + fg::square(v2));
  auto v9 = fg::atan2(v7, v4);
  auto v10 = 2 * v9;
  auto v11 = fg::max(v6, v8);
  auto v12 = v10 * v11;
  auto s0 = fg::mean(v12);
  return fg::log1p(fg::square(s0));
};

constexpr auto program_74 = [](auto x0, auto x1, auto c0) {
  auto v0 = fg::pow(1 + fg::square(x0), fg::tanh(c0));
  auto v1 = fg::erf(x1);
  auto v2 = fg::where(x0 > v0, fg::sin(x0), v0);
  auto v3 = v1 * x1 - x0;
  auto v4 = fg::elu(x1, 0.5);
  auto v5 = fg::atan2(v4, 1.5 + fg::square(v0));
  auto v6 = v5 - -0.75;
  auto v7 = v2 + v5;
  auto v8 = fg::exp(-fg::abs(v5));
  auto v9 = v3 - 2;
  auto v10 = v2 / (1.5 + fg::cos(v8));
  auto v11 = v10 / (1 + fg::square(v7));
  auto v12 = v9 / (1 + fg::square(v11));
  auto v13 = fg::hypot(v6, v12);
  auto s0 = fg::prod(1 + 0.25 * fg::tanh(v13));
  auto s1 = fg::mean(v4);
  auto s2 = fg::sum(v1);
  return fg::fma(s0, fg::sigmoid(s1), fg::sin(s2));
};

}  // namespace

TEST_CASE("random program 72: 1 array, 2 scalars, 32 operations, reduced", "[oracle][programs]") {
  oracle::check_program<1, 2, true, 0, 1>(program_72, "group_11", 72);
}

TEST_CASE("random program 73: 4 arrays, 2 scalars, 27 operations, reduced", "[oracle][programs]") {
  oracle::check_program<4, 2, true, 1>(program_73, "group_11", 73);
}

TEST_CASE("random program 74: 2 arrays, 1 scalar, 39 operations, reduced", "[oracle][programs]") {
  oracle::check_program<2, 1, true, 0>(program_74, "group_11", 74);
}
