// Random programs 51 to 56, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_51 = [](auto x0, auto x1, auto x2, auto c0, auto c1) {
  auto v0 = x1 + 1.25;
  auto v1 = log2(1.5 + x0 * x0);
  auto v2 = min(v1, c0);
  auto v3 = atan2(c0, 1.5 + square(x2));
  auto v4 = pow(1 + square(c1), tanh(v3));
  auto v5 = v0 / (1.5 + cos(v4));
  auto v6 = min(v2, v5);
  auto s0 = norm(v6);
  return s0;
};

constexpr auto program_52 = [](auto x0, auto x1, auto x2, auto c0) {
  auto v0 = -x0;
  auto v1 = fg::xlogy(fg::square(x2), 1 + fg::square(x1));
  auto v2 = v0 + c0;
  auto v3 = fg::erfc(v1);
  auto v4 = fg::atanh(0.5 * fg::tanh(v3));
  auto v5 = fg::tan(0.5 * fg::tanh(v1));
  auto v6 = v4 / (1.5 + fg::cos(v2));
  auto v7 = v6 * v5;
  return v7;
};

constexpr auto program_53 = [](auto x0, auto c0, auto c1) {
  auto v0 = fg::where(x0 > c0, fg::sin(x0), c0);
  auto v1 = fg::hypot(x0, c1);
  auto v2 = fg::softsign(v0);
  auto v3 = fg::xlogy(fg::square(v2), 1 + fg::square(v1));
  auto v4 = fg::where(v3 > 0, fg::sqrt(v3), v2);
  auto v5 = fg::fma(v4, c1, v2);
  auto s0 = fg::norm(v5);
  return fg::log1p(fg::square(s0));
};

constexpr auto program_54 = [](auto x0, auto c0, auto c1) {
  auto v0 = fg::exp(fg::tanh(c0));
  auto v1 = fg::lerp(x0, v0, fg::sigmoid(c1));
  auto v2 = x0 * fg::stop_gradient(x0);
  auto v3 = fg::pow(1 + fg::square(c0), fg::tanh(x0));
  auto v4 = 1 * v3;
  auto v5 = fg::max(v4, v1);
  auto v6 = fg::min(v5, v2);
  auto s0 = fg::sum(v6);
  return fg::tanh(0.125 * s0);
};

constexpr auto program_55 = [](auto x0, auto x1, auto c0) {
  auto v0 = where(x0 > 0, sqrt(x0), c0);
  auto v1 = rsqrt(0.5 + square(v0));
  auto v2 = x1 + v0;
  auto v3 = v2 * x0;
  auto v4 = rsqrt(0.5 + square(v3));
  auto v5 = v0 / 1.25;
  auto v6 = atan2(v2, v1);
  auto v7 = v5 * v4;
  auto v8 = sinc(0.5 * v7);
  auto v9 = max(v6, v8);
  return v9;
};

constexpr auto program_56 = [](auto x0, auto c0) {
  auto v0 = fg::where(x0 > 0, fg::sqrt(x0), c0);
  auto v1 = fg::logaddexp(v0, x0);
  auto v2 = fg::where(v1 <= c0 && c0 > -0.5, c0, fg::exp(-fg::abs(v1)));
  auto v3 = fg::sqrt(1 + fg::square(v2));
  auto v4 = fg::where(v3 < 0.25, v3 * x0, fg::square(x0));
  return v4;
};

}  // namespace

TEST_CASE("random program 51: 3 arrays, 2 scalars, 17 operations, reduced", "[oracle][programs]") {
  oracle::check_program<3, 2, true, 0, 3>(program_51, "group_06", 51);
}

TEST_CASE("random program 52: 3 arrays, 1 scalar, 17 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<3, 1, false, 1>(program_52, "group_06", 52);
}

TEST_CASE("random program 53: 1 array, 2 scalars, 16 operations, reduced", "[oracle][programs]") {
  oracle::check_program<1, 2, true, 0>(program_53, "group_06", 53);
}

TEST_CASE("random program 54: 1 array, 2 scalars, 16 operations, reduced", "[oracle][programs]") {
  oracle::check_program<1, 2, true, 0, 1>(program_54, "group_06", 54);
}

TEST_CASE("random program 55: 2 arrays, 1 scalar, 17 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<2, 1, false, 1>(program_55, "group_06", 55);
}

TEST_CASE("random program 56: 1 array, 1 scalar, 17 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<1, 1, false, 0>(program_56, "group_06", 56);
}
