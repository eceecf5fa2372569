// Random programs 66 to 68, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_66 = [](auto x0, auto x1, auto x2, auto c0, auto c1) {
  auto v0 = fg::log1p(fg::square(x1));
  auto v1 = x0 - x2;
  auto v2 = fg::exp2(-fg::square(v0));
  auto v3 = fg::reciprocal(1 + fg::square(v0));
  auto v4 = v2 / (1 + fg::square(v3));
  auto v5 = c1 / (1 + fg::square(x0));
  auto v6 = fg::leaky_relu(v4, 0.125);
  auto v7 = fg::atanh(0.5 * fg::tanh(v6));
  auto v8 = fg::min(v1, v5);
  auto v9 = fg::max(c0, v8);
  auto v10 = fg::gelu(v9);
  auto v11 = v10 * v7;
  return v11;
};

constexpr auto program_67 = [](auto x0, auto x1) {
  auto v0 = acosh(1.5 + square(x1));
  auto v1 = tanh(x0);
  auto v2 = atan2(x1, v0);
  auto v3 = x1 * v2 - x0;
  auto v4 = tanh(v1);
  auto v5 = v4 * stop_gradient(v4);
  auto v6 = x1 * stop_gradient(x1);
  auto v7 = silu(v3);
  auto v8 = sqrt(1 + square(v7));
  auto v9 = log2(1.5 + v3 * v3);
  auto v10 = exp(tanh(v8));
  auto v11 = min(v10, v6);
  auto v12 = v5 / (1 + square(v9));
  auto v13 = v11 / (1.5 + cos(v12));
  return v13;
};

constexpr auto program_68 = [](auto x0, auto c0, auto c1) {
  auto v0 = fg::logaddexp(x0, c1);
  auto v1 = fg::hypot(v0, c0);
  auto v2 = fg::asinh(v1);
  auto v3 = v2 * fg::floor(1.5 + v2);
  auto v4 = v3 * v2;
  auto v5 = 0.375 - v4;
  auto v6 = fg::asin(0.5 * fg::tanh(v1));
  auto v7 = fg::cos(v6);
  auto v8 = v7 / (1.5 + fg::cos(v4));
  auto v9 = 2 * v8;
  auto v10 = -1.5 * v9;
  auto v11 = v10 / (1 + fg::square(v5));
  auto v12 = fg::pow(v11, 3);
  auto s0 = fg::logsumexp(v12);
  return fg::log1p(fg::square(s0));
};

}  // namespace

TEST_CASE("random program 66: 3 arrays, 2 scalars, 23 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<3, 2, false, 0, 3>(program_66, "group_09", 66);
}

TEST_CASE("random program 67: 2 arrays, 0 scalars, 28 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<2, 0, false, 1>(program_67, "group_09", 67);
}

TEST_CASE("random program 68: 1 array, 2 scalars, 24 operations, reduced", "[oracle][programs]") {
  oracle::check_program<1, 2, true, 0>(program_68, "group_09", 68);
}
