// Random programs with axes 82 to 87, against derivatives from elsewhere.
// Written by tests/oracle/axes/random_programs.py: change that, not this.
#include "../check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto program_82 = [](auto x0, auto x1, auto x2, auto c0) {
  auto v0 = x2 / (1 + fg::sum(fg::abs(x2), fg::axis<0>, fg::keepdims));
  auto v1 = fg::prod(1 + 0.25 * fg::tanh(x2), fg::axis<-1>, fg::keepdims);
  auto v2 = fg::unsqueeze(x1, fg::axis<-1>);
  auto v3 = v2 * x0;
  auto v4 = fg::hypot(v3, v1);
  auto v5 = c0 + v4;
  auto v6 = v5 * v0;
  return v6;
};

constexpr auto program_83 = [](auto x0, auto x1, auto x2) {
  auto v0 = fg::transpose(x2);
  auto v1 = min(x0, fg::axis<-2>, fg::keepdims);
  auto v2 = fg::unsqueeze(x0, fg::axis<-1>);
  auto v3 = v2 * x1;
  auto v4 = fg::unsqueeze(v0, fg::axis<-2>);
  auto v5 = v4 / (1 + square(v3));
  auto v6 = min(v0, fg::axis<-2, 1>, fg::keepdims);
  auto v7 = v5 - mean(v5, fg::axis<1>, fg::keepdims);
  auto v8 = fg::unsqueeze(v1, fg::axis<-1>);
  auto v9 = v8 + v6;
  auto v10 = hypot(v9, v7);
  return v10;
};

constexpr auto program_84 = [](auto x0, auto x1, auto c0) {
  auto v0 = x1 / (1.5 + fg::cos(c0));
  auto v1 = fg::where(fg::index(x0, fg::axis<-1>) < 2, x0, 0.5 * x0);
  auto v2 = fg::cos(v0);
  auto v3 = v0 * -0.75;
  auto v4 = fg::squareplus(v3, 2.0);
  auto v5 = v1 * v4;
  auto v6 = v5 / (1.5 + fg::cos(v2));
  return v6;
};

constexpr auto program_85 = [](auto x0) {
  auto v0 = x0 - fg::mean(x0, fg::axis<0>, fg::keepdims);
  auto v1 = fg::sum(v0, fg::axis<-1>);
  auto v2 = v1 / 3;
  auto v3 = fg::var(v0, fg::axis<0>);
  auto v4 = fg::unsqueeze(v2, fg::axis<-1>);
  auto v5 = fg::sum(x0 * v3, fg::axis<2>);
  auto v6 = fg::mean(v5, fg::axis<0>);
  auto v7 = fg::unsqueeze(v2, fg::axis<-1>);
  auto v8 = fg::xlogy(fg::square(v4), 1 + fg::square(v7));
  auto v9 = fg::unsqueeze(v6, fg::axis<-1>);
  auto v10 = v8 * v9;
  auto v11 = fg::squeeze(v10, fg::axis<-1>);
  return v11;
};

constexpr auto program_86 = [](auto x0, auto x1) {
  auto v0 = fg::max(x1);
  auto v1 = fg::normalize(x0, fg::axis<0>);
  auto v2 = fg::max(v1, fg::axis<-1>, fg::keepdims);
  auto v3 = fg::sum(v2 * v1, fg::axis<0>);
  auto v4 = v0 * v2 - v3;
  auto v5 = fg::min(v1, fg::axis<0>, fg::keepdims);
  auto v6 = fg::sum(v1, fg::axis<0>, fg::keepdims);
  auto v7 = v6 + v5;
  auto v8 = fg::mean(x1, fg::axis<0>);
  auto v9 = v7 * v4;
  auto v10 = v8 * v9;
  auto v11 = fg::squeeze(v10, fg::axis<0>);
  return v11;
};

constexpr auto program_87 = [](auto x0, auto x1) {
  auto v0 = fg::transpose(x1);
  auto v1 = mean(square(x0), fg::axis<0>);
  auto v2 = v1 * x0;
  auto v3 = fg::unsqueeze(v0, fg::axis<-2>);
  auto v4 = 1 - v2;
  auto v5 = fg::unsqueeze(v0, fg::axis<1>);
  auto v6 = mean(v4, fg::axis<2>);
  auto v7 = v5 / (1.5 + cos(x0));
  auto v8 = mean(v6, fg::axis<1>, fg::keepdims);
  auto v9 = fg::unsqueeze(v8, fg::axis<-2>);
  auto v10 = max(v9, v3);
  auto v11 = max(v7, v10);
  return v11;
};

}  // namespace

TEST_CASE("random program with axes 82: arguments of ranks 2, 1, 1, 0, 13 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | second), 2, wrt<0, 1, 2, 3>, real<2>, real<1>, real<1>, real<0>>(
      program_82, "programs/group_07", "program_82");
}

TEST_CASE("random program with axes 83: arguments of ranks 2, 1, 2, 14 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 3, wrt<0, 1, 2>, real<2>, real<1>, real<2>>(
      program_83, "programs/group_07", "program_83");
}

TEST_CASE("random program with axes 84: arguments of ranks 1, 2, 0, 14 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 2, wrt<0, 1, 2>, real<1>, real<2>, real<0>>(
      program_84, "programs/group_07", "program_84");
}

TEST_CASE("random program with axes 85: an argument of rank 3, 17 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value), 2, wrt<0>, real<3>>(program_85, "programs/group_07", "program_85");
}

TEST_CASE("random program with axes 86: arguments of ranks 1, 1, 14 operations, a result of rank 0",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 0, wrt<0, 1>, real<1>, real<1>>(program_86, "programs/group_07",
                                                                             "program_86");
}

TEST_CASE("random program with axes 87: arguments of ranks 3, 2, 15 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | second), 3, wrt<0, 1>, real<3>, real<2>>(program_87, "programs/group_07",
                                                                                      "program_87");
}
