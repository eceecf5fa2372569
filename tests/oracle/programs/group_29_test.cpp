// Random programs 104 to 104, in every mode against numbers found by differences in 160 digits.
// Written by tests/oracle/random_programs.py: change that, not this.
#include "../program_check.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto program_104 = [](auto x0, auto x1, auto x2, auto c0) {
  auto v0 = fg::fma(x2, c0, x1);
  auto v1 = fg::where(x2 > 0, fg::log(x2) * x0, x0);
  auto v2 = fg::atan(v1);
  auto v3 = fg::atan2(v2, x2);
  auto v4 = fg::lerp(v3, v0, fg::sigmoid(v2));
  auto v5 = 1 * v4;
  auto v6 = v1 * x2;
  auto v7 = fg::mish(v5);
  auto v8 = v7 * fg::stop_gradient(v7);
  auto v9 = fg::clamp(x2, -1.5, 1.25);
  auto v10 = fg::silu(v8);
  auto v11 = fg::where(v9 > 0, fg::log(v9) * v10, v10);
  auto v12 = fg::relu(v6);
  auto v13 = fg::gelu(v11);
  auto v14 = fg::xlogy(fg::square(v12), 1 + fg::square(c0));
  auto v15 = fg::atanh(0.5 * fg::tanh(v9));
  auto v16 = fg::logaddexp(v13, v15);
  auto v17 = fg::exp2(-fg::square(v14));
  auto v18 = fg::asinh(v17);
  auto v19 = fg::exp(fg::tanh(v18));
  auto v20 = fg::acos(0.75 * fg::sin(v15));
  auto v21 = fg::atanh(0.5 * fg::tanh(v16));
  auto v22 = fg::hypot(v18, v20);
  auto v23 = fg::copysign(v21, v19);
  auto v24 = fg::lerp(v5, v22, fg::sigmoid(v21));
  auto v25 = v24 * fg::stop_gradient(v24);
  auto v26 = fg::copysign(v20, v24);
  auto v27 = fg::erf(v25);
  auto v28 = fg::where(v26 > v27, v27, v25);
  auto v29 = v28 + v23;
  return v29;
};

}  // namespace

TEST_CASE("random program 104: 3 arrays, 1 scalar, 53 operations, elementwise", "[oracle][programs]") {
  oracle::check_program<3, 1, false, 2>(program_104, "group_29", 104);
}
