// Random programs 78 to 79, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_78 = [](auto x0, auto c0) {
  auto v0 = x0 - 3;
  auto v1 = fg::clamp(v0, -1 - fg::square(x0), 1 + fg::square(c0));
  auto v2 = fg::hypot(v0, v1);
  auto v3 = fg::atan2(v2, 1.5 + fg::square(x0));
  auto v4 = fg::normal_cdf(x0);
  auto v5 = fg::asin(0.5 * fg::tanh(v3));
  auto v6 = fg::xlogy(fg::square(v5), 1 + fg::square(v4));
  auto v7 = fg::log_sigmoid(v6);
  auto v8 = fg::clamp(v7, -1.5, 1.25);
  auto v9 = fg::where(v8 > 0, fg::sqrt(v8), x0);
  auto s0 = fg::min(v9);
  return s0;
};

constexpr auto program_79 = [](auto x0, auto x1, auto x2, auto x3) {
  auto v0 = where(x2 > 0, sqrt(x2), x3);
  auto v1 = v0 * 0.375;
  auto v2 = v0 - 0.125;
  auto v3 = pow(1 + square(x1), tanh(v2));
  auto v4 = normal_cdf(v3);
  auto v5 = where(v4 <= v0 && v0 > -0.5, v0, exp(-abs(v4)));
  auto v6 = v5 / (1.5 + cos(v1));
  auto v7 = x0 / (1.5 + cos(v1));
  auto v8 = atan2(v7, 1.5 + square(v6));
  auto v9 = where(v3 > 0 || v8 < v5, tanh(v8), v5);
  return v9;
};

}  // namespace

TEST_CASE("random program 78: 1 array, 1 scalar, 24 operations, reduced", "[oracle][programs]") {
  oracle::check_program<78, 1, 1, true, 0, 1>(program_78, "group_19");
}

TEST_CASE("random program 79: 4 arrays, 0 scalars, 30 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<79, 4, 0, false, 3>(program_79, "group_19");
}
