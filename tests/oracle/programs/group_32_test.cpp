// Random programs 92 to 92, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_92 = [](auto x0, auto x1) {
  auto v0 = x0 - x1;
  auto v1 = fg::where(v0 > 0, fg::log(v0) * x0, x0);
  auto v2 = fg::max(v1, x1);
  auto v3 = v2 * 0.375;
  auto v4 = v3 + v0;
  auto v5 = fg::sin(v4);
  auto v6 = v0 + 2;
  auto v7 = v6 * fg::stop_gradient(v6);
  auto v8 = fg::fma(v4, v5, v2);
  auto v9 = v4 * fg::stop_gradient(v4);
  auto v10 = fg::silu(v9);
  auto v11 = v8 * 1.25;
  auto v12 = fg::where(v7 > v8, fg::sin(v7), v8);
  auto v13 = v12 * v11;
  auto v14 = x1 - 3;
  auto v15 = fg::atan2(v14, 1.5 + fg::square(v0));
  auto v16 = v15 / 2;
  auto v17 = fg::reciprocal(1 + fg::square(v16));
  auto v18 = fg::asinh(v3);
  auto v19 = v17 * 3;
  auto v20 = fg::sinh(fg::sin(v13));
  auto v21 = fg::where(v15 > 0, fg::log(v15) * v16, v16);
  auto v22 = fg::acos(0.75 * fg::sin(v10));
  auto v23 = v19 + v20;
  auto v24 = fg::min(v22, v23);
  auto v25 = fg::max(v18, v21);
  auto v26 = v25 * v24;
  auto s0 = fg::mean(v26);
  auto s1 = fg::norm(v21);
  auto s2 = fg::norm(v12);
  return 1 - 2 * s0 / (1 + fg::abs(s1) + fg::abs(s2));
};

}  // namespace

TEST_CASE("random program 92: 2 arrays, 0 scalars, 54 operations, reduced", "[oracle][programs]") {
  oracle::check_program<92, 2, 0, true, 0>(program_92, "group_32");
}
