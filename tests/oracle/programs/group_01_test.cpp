// Random programs 5 to 8, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_5 = [](auto x0, auto c0) {
  auto v0 = fg::log(1 + fg::square(x0));
  auto v1 = -0.75 * v0;
  auto v2 = v1 / (1.5 + fg::cos(c0));
  return v2;
};

constexpr auto program_6 = [](auto x0, auto c0) {
  auto v0 = fg::logaddexp(x0, c0);
  auto v1 = fg::gelu(v0);
  auto v2 = v1 * fg::stop_gradient(v1);
  auto s0 = fg::sum(v2);
  auto s1 = fg::mean(v2);
  auto s2 = fg::mean(fg::square(v1));
  return fg::fma(s0, fg::sigmoid(s1), fg::sin(s2));
};

constexpr auto program_7 = [](auto x0, auto x1) {
  auto v0 = x1 / -1.5;
  auto v1 = x0 * stop_gradient(x0);
  auto v2 = v0 / (1.5 + cos(v1));
  auto s0 = sum(v2);
  auto s1 = max(v2);
  auto s2 = var(v1);
  return 1 - 2 * s0 / (1 + abs(s1) + abs(s2));
};

constexpr auto program_8 = [](auto x0) {
  auto v0 = fg::sinc(0.5 * x0);
  auto v1 = fg::atan2(x0, v0);
  auto s0 = fg::prod(1 + 0.25 * fg::tanh(v1));
  auto s1 = fg::logsumexp(v0);
  auto s2 = fg::logsumexp(v1);
  return 1 - 2 * s0 / (1 + fg::abs(s1) + fg::abs(s2));
};

}  // namespace

TEST_CASE("random program 5: 1 array, 1 scalar, 7 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<5, 1, 1, false, 0>(program_5, "group_01");
}

TEST_CASE("random program 6: 1 array, 1 scalar, 11 operations, reduced", "[oracle][programs]") {
  oracle::check_program<6, 1, 1, true, 0, 1>(program_6, "group_01");
}

TEST_CASE("random program 7: 2 arrays, 0 scalars, 16 operations, reduced", "[oracle][programs]") {
  oracle::check_program<7, 2, 0, true, 1>(program_7, "group_01");
}

TEST_CASE("random program 8: 1 array, 0 scalars, 16 operations, reduced", "[oracle][programs]") {
  oracle::check_program<8, 1, 0, true, 0>(program_8, "group_01");
}
