// Random programs with axes 90 to 94, in every mode against another library's derivatives.
// Written by tests/oracle/axes/random_programs.py: change that, not this.
#include "../check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto program_90 = [](auto x0, auto x1) {
  auto v0 = fg::sin(x1);
  auto v1 = fg::logsumexp(v0, fg::axis<-1>);
  auto v2 = fg::unsqueeze(v1, fg::axis<-1>);
  auto v3 = fg::clamp(x0, -1 - fg::square(v2), 1 + fg::square(v0));
  auto v4 = fg::squeeze(v2, fg::axis<1>);
  auto v5 = fg::squeeze(v2, fg::axis<-1>);
  auto v6 = fg::unsqueeze(v5, fg::axis<-1>);
  auto v7 = v3 + v6;
  auto v8 = fg::unsqueeze(v4, fg::axis<-1>);
  auto v9 = fg::min(v7, v8);
  return v9;
};

constexpr auto program_91 = [](auto x0, auto x1, auto x2) {
  auto v0 = fg::unsqueeze(x2, fg::axis<-1>);
  auto v1 = fg::unsqueeze(v0, fg::axis<-2>);
  auto v2 = v1 - x0;
  auto v3 = squareplus(x0, 2.0);
  auto v4 = xlogy(square(x1), 1 + square(v3));
  auto v5 = fg::log_softmax(x1, fg::axis<-3>);
  auto v6 = fg::softmax(v0, fg::axis<0>);
  auto v7 = hypot(v2, v4);
  auto v8 = fg::unsqueeze(v6, fg::axis<-2>);
  auto v9 = v8 / (1.5 + cos(v7));
  auto v10 = min(v5, v9);
  return v10;
};

constexpr auto program_92 = [](auto x0, auto x1, auto c0) {
  auto v0 = fg::gelu(c0);
  auto v1 = fg::sum(x1, fg::axis<0>, fg::keepdims);
  auto v2 = fg::tanh(x0);
  auto v3 = fg::exp2(-fg::square(v2));
  auto v4 = fg::prod(1 + 0.25 * fg::tanh(v3), fg::axis<0>);
  auto v5 = fg::expm1(0.25 * fg::sin(v1));
  auto v6 = fg::hypot(v0, v5);
  auto v7 = v4 / (1 + fg::square(v6));
  auto v8 = fg::squeeze(v7, fg::axis<0>);
  return v8;
};

constexpr auto program_93 = [](auto x0, auto x1, auto x2) {
  auto v0 = fg::unsqueeze(x0, fg::axis<-1>);
  auto v1 = fg::hypot(x2, v0);
  auto v2 = fg::xlogy(fg::square(x1), 1 + fg::square(v0));
  auto v3 = fg::tanh(v2);
  auto v4 = fg::softplus(v2);
  auto v5 = fg::norm(v3, fg::axis<1>, fg::keepdims);
  auto v6 = fg::expm1(0.25 * fg::sin(v3));
  auto v7 = v6 / (1 + fg::square(v1));
  auto v8 = v7 * v4;
  auto v9 = v5 / (1 + fg::square(v8));
  return v9;
};

constexpr auto program_94 = [](auto x0, auto x1) {
  auto v0 = fg::unsqueeze(x1, fg::axis<-1>);
  auto v1 = fg::sum(v0 * x0, fg::axis<-2>);
  auto v2 = fg::tan(0.5 * fg::tanh(v1));
  auto v3 = fg::unsqueeze(x1, fg::axis<-1>);
  auto v4 = fg::copysign(v3, v2);
  auto v5 = fg::atan2(v3, 1.5 + fg::square(v2));
  auto v6 = fg::cosh(fg::tanh(v2));
  auto v7 = v6 * v5;
  auto v8 = v4 - v7;
  return v8;
};

}  // namespace

TEST_CASE("random program with axes 90: arguments of ranks 2, 2, 14 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 2, wrt<0, 1>, real<2>, real<2>>(program_90, "programs/group_09", "program_90");
}

TEST_CASE("random program with axes 91: arguments of ranks 2, 3, 1, 16 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 3, wrt<0, 1, 2>, real<2>, real<3>, real<1>>(program_91, "programs/group_09",
                                                                               "program_91");
}

TEST_CASE("random program with axes 92: arguments of ranks 1, 2, 0, 18 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 1, wrt<0, 1, 2>, real<1>, real<2>, real<0>>(program_92, "programs/group_09",
                                                                               "program_92");
}

TEST_CASE("random program with axes 93: arguments of ranks 1, 1, 2, 19 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | forward | value, 2, wrt<0, 1, 2>, real<1>, real<1>, real<2>>(program_93, "programs/group_09",
                                                                                       "program_93");
}

TEST_CASE("random program with axes 94: arguments of ranks 2, 1, 15 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 2, wrt<0, 1>, real<2>, real<1>>(program_94, "programs/group_09", "program_94");
}
