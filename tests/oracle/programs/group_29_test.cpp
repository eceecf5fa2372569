// Random programs 89 to 89, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_89 = [](auto x0, auto x1, auto x2, auto x3, auto c0) {
  auto v0 = 2 * x0;
  auto v1 = fg::where(c0 > 0, fg::sqrt(c0), x1);
  auto v2 = fg::asinh(v0);
  auto v3 = x3 * v1;
  auto v4 = fg::normal_cdf(v3);
  auto v5 = fg::where(v3 < 0.25, v3 * c0, fg::square(c0));
  auto v6 = fg::softplus(v5);
  auto v7 = -v2;
  auto v8 = fg::tanh(v7);
  auto v9 = fg::tan(0.5 * fg::tanh(v4));
  auto v10 = fg::silu(v9);
  auto v11 = fg::atan2(v9, v6);
  auto v12 = fg::atan2(v8, v6);
  auto v13 = v10 * x2 - v11;
  auto v14 = fg::atanh(0.5 * fg::tanh(v12));
  auto v15 = fg::where(v14 > 0, fg::sqrt(v14), v13);
  auto v16 = fg::where(v15 > 0, fg::log(v15) * v13, v13);
  auto v17 = fg::logaddexp(v13, v16);
  auto v18 = 3 * v17;
  auto v19 = fg::pow(v18, 2);
  auto v20 = fg::atanh(0.5 * fg::tanh(c0));
  auto v21 = v20 * v19;
  auto s0 = fg::sum(v21);
  auto s1 = fg::sum(v16);
  return s0 / (1 + fg::square(s1));
};

}  // namespace

TEST_CASE("random program 89: 4 arrays, 1 scalar, 44 operations, reduced", "[oracle][programs]") {
  oracle::check_program<89, 4, 1, true, 1>(program_89, "group_29");
}
