// Random programs 81 to 81, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_81 = [](auto x0, auto x1, auto x2) {
  auto v0 = fg::exp(-fg::abs(x2));
  auto v1 = fg::pow(1 + fg::square(x0), fg::tanh(x1));
  auto v2 = fg::exp(-fg::abs(v1));
  auto v3 = v0 * v2;
  auto v4 = fg::rsqrt(0.5 + fg::square(v3));
  auto v5 = fg::erfc(v4);
  auto v6 = fg::rsqrt(0.5 + fg::square(v5));
  auto v7 = v2 * v6 - v1;
  auto v8 = fg::gelu(v7);
  auto v9 = v8 * v6 - v7;
  auto v10 = v8 * v1;
  auto v11 = 2 - v8;
  auto v12 = fg::hypot(v9, v11);
  auto v13 = v10 / (1 + fg::square(v12));
  auto s0 = fg::logsumexp(v13);
  return s0;
};

}  // namespace

TEST_CASE("random program 81: 3 arrays, 0 scalars, 30 operations, reduced", "[oracle][programs]") {
  oracle::check_program<81, 3, 0, true, 0>(program_81, "group_21");
}
