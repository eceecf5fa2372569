// Random programs 39 to 44, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_39 = [](auto x0) {
  auto v0 = x0 * stop_gradient(x0);
  auto v1 = x0 * stop_gradient(x0);
  auto v2 = reciprocal(1 + square(x0));
  auto v3 = v1 * v0;
  auto v4 = v2 * v3;
  return v4;
};

constexpr auto program_40 = [](auto x0, auto x1, auto c0) {
  auto v0 = x0 * fg::stop_gradient(x0);
  auto v1 = x1 * x0;
  auto v2 = fg::hypot(c0, v0);
  auto v3 = v2;
  v3 += v1;
  auto s0 = fg::logsumexp(v3);
  auto s1 = fg::mean(fg::square(v0));
  auto s2 = fg::min(v2);
  return fg::fma(s0, fg::sigmoid(s1), fg::sin(s2));
};

constexpr auto program_41 = [](auto x0, auto x1) {
  auto v0 = fg::atan2(x0, 1.5 + fg::square(x1));
  auto v1 = fg::logaddexp(x0, v0);
  auto v2 = fg::where(v1 > 0, fg::sqrt(v1), x0);
  return v2;
};

constexpr auto program_42 = [](auto x0, auto x1) {
  auto v0 = fg::relu(x1);
  auto v1 = fg::asin(0.5 * fg::tanh(v0));
  auto v2 = fg::max(x0, v1);
  auto s0 = fg::sum(v2);
  return fg::tanh(0.125 * s0);
};

constexpr auto program_43 = [](auto x0, auto c0) {
  auto v0 = cos(x0);
  auto v1 = atan2(c0, v0);
  auto v2 = leaky_relu(v1, 0.125);
  auto v3 = log_sigmoid(v2);
  auto v4 = v3 + x0;
  auto v5 = xlogy(square(v3), 1 + square(v4));
  return v5;
};

constexpr auto program_44 = [](auto x0, auto x1) {
  auto v0 = fg::reciprocal(1 + fg::square(x1));
  auto v1 = fg::sigmoid(x1);
  auto v2 = fg::expm1(0.25 * fg::sin(v1));
  auto v3 = x0 * v2;
  auto v4 = fg::hypot(v3, v0);
  return v4;
};

}  // namespace

TEST_CASE("random program 39: 1 array, 0 scalars, 9 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<39, 1, 0, false, 0>(program_39, "group_07");
}

TEST_CASE("random program 40: 2 arrays, 1 scalar, 12 operations, reduced", "[oracle][programs]") {
  oracle::check_program<40, 2, 1, true, 0>(program_40, "group_07");
}

TEST_CASE("random program 41: 2 arrays, 0 scalars, 7 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<41, 2, 0, false, 1>(program_41, "group_07");
}

TEST_CASE("random program 42: 2 arrays, 0 scalars, 8 operations, reduced", "[oracle][programs]") {
  oracle::check_program<42, 2, 0, true, 0>(program_42, "group_07");
}

TEST_CASE("random program 43: 1 array, 1 scalar, 9 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<43, 1, 1, false, 0>(program_43, "group_07");
}

TEST_CASE("random program 44: 2 arrays, 0 scalars, 9 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<44, 2, 0, false, 0>(program_44, "group_07");
}
