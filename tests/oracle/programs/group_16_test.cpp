// Random programs 72 to 73, in every mode against numbers found by differences in 160 digits.
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
  auto v10 = v9 - v8;
  auto s0 = fg::sum(v10);
  return 0.5 * s0 + 1;
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
  auto v8 = v4 / (1 + fg::square(v6));
  auto v9 = v8 - v7;
  auto s0 = fg::var(v9);
  auto s1 = fg::mean(v9);
  auto s2 = fg::sum(v0);
  return 1 - 2 * s0 / (1 + fg::abs(s1) + fg::abs(s2));
};

}  // namespace

TEST_CASE("random program 72: 1 array, 2 scalars, 23 operations, reduced", "[oracle][programs]") {
  oracle::check_program<72, 1, 2, true, 0, 1>(program_72, "group_16");
}

TEST_CASE("random program 73: 4 arrays, 2 scalars, 31 operations, reduced", "[oracle][programs]") {
  oracle::check_program<73, 4, 2, true, 1>(program_73, "group_16");
}
