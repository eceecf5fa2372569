// Random programs 62 to 65, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_62 = [](auto x0, auto x1, auto x2, auto c0, auto c1) {
  auto v0 = c1 + x0;
  auto v1 = fg::logaddexp(v0, c0);
  auto v2 = fg::asinh(v0);
  auto v3 = fg::max(x2, v2);
  auto v4 = x1 - 1.25;
  auto v5 = fg::expm1(0.25 * fg::sin(v4));
  auto v6 = v2 - 1;
  auto v7 = fg::copysign(x2, v4);
  auto v8 = fg::abs(v3);
  auto v9 = fg::xlogy(fg::square(v1), 1 + fg::square(v8));
  auto v10 = fg::hypot(v5, v9);
  auto v11 = v10 + v7;
  auto v12 = v11 * v6;
  auto s0 = fg::mean(v12);
  auto s1 = fg::max(v3);
  return s0 / (1 + fg::square(s1));
};

constexpr auto program_63 = [](auto x0, auto x1) {
  auto v0 = gelu(x1);
  auto v1 = lerp(x0, v0, sigmoid(x1));
  auto v2 = v1 * -1.5;
  auto v3 = where(v0 > 0 || v2 < v1, tanh(v2), v1);
  auto v4 = log2(1.5 + v1 * v1);
  auto v5 = leaky_relu(v4, 0.125);
  auto v6 = exp(tanh(v3));
  auto v7 = exp(-abs(v2));
  auto v8 = softplus(v7);
  auto v9 = v5 - v6;
  auto v10 = v9 / (1.5 + cos(v8));
  return v10;
};

constexpr auto program_64 = [](auto x0, auto x1, auto c0) {
  auto v0 = fg::clamp(x1, -1 - fg::square(x0), 1 + fg::square(c0));
  auto v1 = fg::sinc(0.5 * v0);
  auto v2 = fg::where(v0 > 0, fg::log(v0) * x1, x1);
  auto v3 = fg::xlogy(fg::square(v1), 1 + fg::square(v2));
  auto v4 = fg::log(1 + fg::square(v3));
  auto s0 = fg::norm(v4);
  return fg::tanh(0.125 * s0);
};

constexpr auto program_65 = [](auto x0, auto c0, auto c1) {
  auto v0 = x0 / (1 + fg::square(c1));
  auto v1 = 1 - v0;
  auto v2 = fg::clamp(x0, -1 - fg::square(c0), 1 + fg::square(v1));
  auto v3 = fg::atan2(v2, 1.5 + fg::square(v0));
  auto v4 = fg::copysign(v3, x0);
  auto v5 = fg::expm1(0.25 * fg::sin(v4));
  auto v6 = fg::log_sigmoid(v5);
  auto v7 = fg::exp(fg::tanh(v6));
  auto s0 = fg::var(v7);
  return fg::log1p(fg::square(s0));
};

}  // namespace

TEST_CASE("random program 62: 3 arrays, 2 scalars, 23 operations, reduced", "[oracle][programs]") {
  oracle::check_program<3, 2, true, 2>(program_62, "group_08", 62);
}

TEST_CASE("random program 63: 2 arrays, 0 scalars, 23 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<2, 0, false, 1>(program_63, "group_08", 63);
}

TEST_CASE("random program 64: 2 arrays, 1 scalar, 21 operations, reduced", "[oracle][programs]") {
  oracle::check_program<2, 1, true, 0>(program_64, "group_08", 64);
}

TEST_CASE("random program 65: 1 array, 2 scalars, 22 operations, reduced", "[oracle][programs]") {
  oracle::check_program<1, 2, true, 0>(program_65, "group_08", 65);
}
