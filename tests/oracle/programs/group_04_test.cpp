// Random programs 38 to 44, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_38 = [](auto x0, auto x1, auto c0) {
  auto v0 = fg::asin(0.5 * fg::tanh(c0));
  auto v1 = fg::xlogy(fg::square(v0), 1 + fg::square(x0));
  auto v2 = fg::max(x1, c0);
  auto v3 = fg::hypot(v2, v1);
  auto v4 = fg::fma(v3, v0, c0);
  return v4;
};

constexpr auto program_39 = [](auto x0, auto x1) {
  auto v0 = sinh(sin(x0));
  auto v1 = exp(tanh(x0));
  auto v2 = softsign(v1);
  auto v3 = lerp(v0, x1, sigmoid(x0));
  auto v4 = where(v2 > 0, sqrt(v2), v0);
  auto v5 = v4 * v3;
  return v5;
};

constexpr auto program_40 = [](auto x0, auto x1, auto x2, auto x3, auto c0) {
  auto v0 = c0 / (1 + fg::square(x1));
  auto v1 = fg::lgamma(1.5 + fg::square(x2));
  auto v2 = v1 / (1 + fg::square(x3));
  auto v3 = x0 / (1.5 + fg::cos(v2));
  auto v4 = v0 / (1 + fg::square(v3));
  auto s0 = fg::mean(v4);
  return fg::log1p(fg::square(s0));
};

constexpr auto program_41 = [](auto x0, auto x1, auto x2, auto x3) {
  auto v0 = x3 / (1 + fg::square(x1));
  auto v1 = v0 * fg::stop_gradient(v0);
  auto v2 = fg::log_sigmoid(v1);
  auto v3 = fg::where(x2 > 0 || v2 < v1, fg::tanh(v2), v1);
  auto v4 = v3 / (1 + fg::square(x0));
  return v4;
};

constexpr auto program_42 = [](auto x0, auto x1, auto x2) {
  auto v0 = fg::where(x0 <= x1 && x1 > -0.5, x1, fg::exp(-fg::abs(x0)));
  auto v1 = fg::logaddexp(x0, x2);
  auto v2 = v1 * v0;
  auto s0 = fg::var(v2);
  return 0.5 * s0 + 1;
};

constexpr auto program_43 = [](auto x0, auto x1, auto c0) {
  auto v0 = pow(1 + square(c0), tanh(x0));
  auto v1 = lgamma(1.5 + square(x1));
  auto v2 = where(v1 > c0, c0, x1);
  auto v3 = log_sigmoid(v0);
  auto v4 = v3 + v2;
  auto v5 = v1 + 1.25;
  auto v6 = hypot(v5, v4);
  return v6;
};

constexpr auto program_44 = [](auto x0, auto x1, auto x2, auto x3) {
  auto v0 = fg::pow(1 + fg::square(x2), fg::tanh(x0));
  auto v1 = fg::reciprocal(1 + fg::square(v0));
  auto v2 = fg::sigmoid(v0);
  auto v3 = fg::expm1(0.25 * fg::sin(x3));
  auto v4 = v3 + v2;
  auto v5 = fg::hypot(v4, x1);
  auto v6 = fg::hypot(v1, v5);
  return v6;
};

}  // namespace

TEST_CASE("random program 38: 2 arrays, 1 scalar, 10 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<2, 1, false, 0>(program_38, "group_04", 38);
}

TEST_CASE("random program 39: 2 arrays, 0 scalars, 11 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<2, 0, false, 1>(program_39, "group_04", 39);
}

TEST_CASE("random program 40: 4 arrays, 1 scalar, 18 operations, reduced", "[oracle][programs]") {
  oracle::check_program<4, 1, true, 0>(program_40, "group_04", 40);
}

TEST_CASE("random program 41: 4 arrays, 0 scalars, 14 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<4, 0, false, 1>(program_41, "group_04", 41);
}

TEST_CASE("random program 42: 3 arrays, 0 scalars, 11 operations, reduced", "[oracle][programs]") {
  oracle::check_program<3, 0, true, 0>(program_42, "group_04", 42);
}

TEST_CASE("random program 43: 2 arrays, 1 scalar, 13 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<2, 1, false, 1>(program_43, "group_04", 43);
}

TEST_CASE("random program 44: 4 arrays, 0 scalars, 14 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<4, 0, false, 0>(program_44, "group_04", 44);
}
