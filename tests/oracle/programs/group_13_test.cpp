// Random programs 64 to 66, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_64 = [](auto x0, auto x1, auto c0) {
  auto v0 = fg::clamp(x1, -1 - fg::square(x0), 1 + fg::square(c0));
  auto v1 = fg::sinc(0.5 * v0);
  auto v2 = fg::where(v0 > 0, fg::log(v0) * x1, x1);
  auto v3 = fg::max(v1, v2);
  auto s0 = fg::mean(v3);
  return fg::tanh(0.125 * s0);
};

constexpr auto program_65 = [](auto x0, auto c0, auto c1) {
  auto v0 = x0 / (1 + fg::square(c1));
  auto v1 = 1 - v0;
  auto v2 = fg::clamp(x0, -1 - fg::square(c0), 1 + fg::square(v1));
  auto v3 = fg::atan2(v2, 1.5 + fg::square(v0));
  auto s0 = fg::min(v3);
  auto s1 = fg::sum(v3);
  return s0 - fg::atan(s1);
};

constexpr auto program_66 = [](auto x0, auto x1, auto x2, auto c0, auto c1) {
  auto v0 = fg::log1p(fg::square(x1));
  auto v1 = x0 - x2;
  auto v2 = fg::exp2(-fg::square(v0));
  auto v3 = fg::reciprocal(1 + fg::square(v0));
  auto v4 = v2 / (1 + fg::square(v3));
  auto v5 = c1 / (1 + fg::square(x0));
  auto v6 = c0 / (1 + fg::square(v1));
  auto v7 = v4 / (1.5 + fg::cos(v5));
  auto v8 = v7 + v6;
  return v8;
};

}  // namespace

TEST_CASE("random program 64: 2 arrays, 1 scalar, 15 operations, reduced", "[oracle][programs]") {
  oracle::check_program<64, 2, 1, true, 0>(program_64, "group_13");
}

TEST_CASE("random program 65: 1 array, 2 scalars, 16 operations, reduced", "[oracle][programs]") {
  oracle::check_program<65, 1, 2, true, 0>(program_65, "group_13");
}

TEST_CASE("random program 66: 3 arrays, 2 scalars, 22 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<66, 3, 2, false, 0, 3>(program_66, "group_13");
}
