// Random programs with axes 77 to 82, in every mode against another library's derivatives.
// Written by tests/oracle/axes/random_programs.py: change that, not this.
#include "../check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto program_77 = [](auto x0, auto x1, auto x2) {
  auto v0 = fg::squareplus(x0, 2.0);
  auto v1 = fg::softmax(x1, fg::axis<-1>);
  auto v2 = fg::cosh(fg::tanh(x0));
  auto v3 = fg::lerp(x1, x2, fg::sigmoid(v0));
  auto v4 = fg::cosh(fg::tanh(v1));
  auto v5 = fg::abs(v2);
  auto v6 = fg::max(v3, v5);
  auto v7 = v6 * v4;
  return v7;
};

constexpr auto program_78 = [](auto x0, auto c0) {
  auto v0 = fg::tan(0.5 * fg::tanh(c0));
  auto v1 = 1 * x0;
  auto v2 = v1 * v0;
  auto v3 = c0 - 3;
  auto v4 = fg::softplus(c0);
  auto v5 = fg::log_sigmoid(v4);
  auto v6 = fg::silu(v2);
  auto v7 = fg::hypot(v3, v5);
  auto v8 = v7 / (1.5 + fg::cos(v6));
  return v8;
};

constexpr auto program_79 = [](auto x0, auto c0) {
  auto v0 = fg::normalize(x0, fg::axis<-1>);
  auto v1 = c0 * v0;
  auto v2 = v1 - 0.5;
  auto v3 = clamp(v2, -1.5, 1.25);
  auto v4 = erfc(v3);
  auto v5 = asin(0.5 * tanh(v1));
  auto v6 = mish(v0);
  auto v7 = elu(v4, 0.5);
  auto v8 = v5 * v6;
  auto v9 = max(v7, v8);
  return v9;
};

constexpr auto program_80 = [](auto x0, auto x1) {
  auto v0 = fg::softmax(x1, fg::axis<0>);
  auto v1 = fg::max(x0, fg::axis<0>);
  auto v2 = v1 + 3;
  auto v3 = fg::cosh(fg::tanh(v0));
  auto v4 = fg::sum(v1, fg::axis<-1>);
  auto v5 = v3 * fg::index(v3, fg::axis<1>);
  auto v6 = fg::sin(v1);
  auto v7 = v2 - v6;
  auto v8 = v5 - v7;
  auto v9 = v8 / (1 + fg::square(v4));
  return v9;
};

constexpr auto program_81 = [](auto x0, auto x1) {
  auto v0 = fg::exp(-fg::abs(x0));
  auto v1 = fg::rsqrt(0.5 + fg::square(x0));
  auto v2 = x1 / (1 + fg::square(v1));
  auto v3 = fg::max(v0, x1);
  auto v4 = fg::where(v2 > 0, fg::log(v2) * v3, v3);
  return v4;
};

constexpr auto program_82 = [](auto x0, auto x1, auto x2, auto c0) {
  auto v0 = x2 / (1 + fg::sum(fg::abs(x2), fg::axis<0>, fg::keepdims));
  auto v1 = fg::prod(1 + 0.25 * fg::tanh(x2), fg::axis<-1>, fg::keepdims);
  auto v2 = fg::log2(1.5 + x1 * x1);
  auto v3 = fg::hypot(c0, v1);
  auto v4 = fg::unsqueeze(v2, fg::axis<-1>);
  auto v5 = v0 / (1.5 + fg::cos(v4));
  auto v6 = x0 + v5;
  auto v7 = v6 - v3;
  return v7;
};

}  // namespace

TEST_CASE("random program with axes 77: arguments of ranks 2, 1, 2, 11 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value | second), 2, wrt<0, 1, 2>, real<2>, real<1>, real<2>>(
      program_77, "programs/group_07", "program_77");
}

TEST_CASE("random program with axes 78: arguments of ranks 3, 0, 13 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 3, wrt<0, 1>, real<3>, real<0>>(program_78, "programs/group_07",
                                                                             "program_78");
}

TEST_CASE("random program with axes 79: arguments of ranks 1, 0, 12 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 1, wrt<0, 1>, real<1>, real<0>>(program_79, "programs/group_07",
                                                                             "program_79");
}

TEST_CASE("random program with axes 80: arguments of ranks 2, 2, 14 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 2, wrt<0, 1>, real<2>, real<2>>(program_80, "programs/group_07", "program_80");
}

TEST_CASE("random program with axes 81: arguments of ranks 1, 1, 14 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value), 1, wrt<0, 1>, real<1>, real<1>>(program_81, "programs/group_07",
                                                                                     "program_81");
}

TEST_CASE("random program with axes 82: arguments of ranks 2, 1, 1, 0, 18 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | second), 2, wrt<0, 1, 2, 3>, real<2>, real<1>, real<1>, real<0>>(
      program_82, "programs/group_07", "program_82");
}
