// Random programs with axes 86 to 91, against derivatives from elsewhere.
// Written by tests/oracle/axes/random_programs.py: change that, not this.
#include "../check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto program_86 = [](auto x0, auto x1) {
  auto v0 = fg::max(x1);
  auto v1 = fg::normalize(x0, fg::axis<0>);
  auto v2 = fg::max(v1, fg::axis<-1>, fg::keepdims);
  auto v3 = fg::sum(v2 * v1, fg::axis<0>);
  auto v4 = v0 * v2 - v3;
  auto v5 = fg::min(v1, fg::axis<0>, fg::keepdims);
  auto v6 = fg::sum(v1, fg::axis<0>, fg::keepdims);
  auto v7 = v5 * v4;
  auto v8 = v7 - v6;
  auto v9 = fg::squeeze(v8, fg::axis<-1>);
  return v9;
};

constexpr auto program_87 = [](auto x0, auto x1) {
  auto v0 = fg::transpose(x1);
  auto v1 = mean(square(x0), fg::axis<0>);
  auto v2 = v1 * x0;
  auto v3 = fg::unsqueeze(v0, fg::axis<-2>);
  auto v4 = 1 - v2;
  auto v5 = fg::unsqueeze(v0, fg::axis<1>);
  auto v6 = mean(v4, fg::axis<2>);
  auto v7 = fg::unsqueeze(v6, fg::axis<-1>);
  auto v8 = max(v7, v3);
  auto v9 = hypot(v5, v8);
  return v9;
};

constexpr auto program_88 = [](auto x0, auto x1, auto x2, auto c0) {
  auto v0 = fg::var(x2);
  auto v1 = fg::min(x0, fg::axis<-1>);
  auto v2 = fg::var(x1);
  auto v3 = fg::normalize(x2, fg::axis<0>);
  auto v4 = fg::softplus(x2);
  auto v5 = fg::lerp(x2, c0, fg::sigmoid(v2));
  auto v6 = v0 / (1.5 + fg::cos(v5));
  auto v7 = v1 - v4;
  auto v8 = v7 - v3;
  auto v9 = v8 * v6;
  return v9;
};

constexpr auto program_89 = [](auto x0, auto x1, auto c0) {
  auto v0 = fg::mean(x1, fg::axis<-2>);
  auto v1 = fg::square(x0);
  auto v2 = v0 + 2;
  auto v3 = fg::norm(v0, fg::axis<-1>);
  auto v4 = fg::gelu(v1);
  auto v5 = v2 - fg::mean(v2, fg::axis<0>, fg::keepdims);
  auto v6 = fg::norm(v5, fg::axis<-1>);
  auto v7 = fg::where(fg::index(v4, fg::axis<-2>) < 2, v4, 0.5 * v4);
  auto v8 = v6 / (1.5 + fg::cos(c0));
  auto v9 = v7 - v8;
  auto v10 = fg::max(v3, v9);
  return v10;
};

constexpr auto program_90 = [](auto x0, auto x1) {
  auto v0 = fg::sin(x1);
  auto v1 = fg::logsumexp(v0, fg::axis<-1>);
  auto v2 = fg::unsqueeze(v1, fg::axis<-1>);
  auto v3 = fg::clamp(x0, -1 - fg::square(v2), 1 + fg::square(v0));
  auto v4 = fg::squeeze(v2, fg::axis<1>);
  auto v5 = fg::squeeze(v2, fg::axis<-1>);
  auto v6 = fg::pow(x0, 2);
  auto v7 = fg::unsqueeze(v5, fg::axis<-1>);
  auto v8 = fg::unsqueeze(v4, fg::axis<-1>);
  auto v9 = v8 * v6;
  auto v10 = fg::hypot(v9, v7);
  auto v11 = v3 / (1.5 + fg::cos(v10));
  return v11;
};

constexpr auto program_91 = [](auto x0, auto x1, auto x2) {
  auto v0 = fg::unsqueeze(x2, fg::axis<-1>);
  auto v1 = fg::unsqueeze(v0, fg::axis<-2>);
  auto v2 = v1 - x0;
  auto v3 = squareplus(x0, 2.0);
  auto v4 = xlogy(square(x1), 1 + square(v3));
  auto v5 = fg::log_softmax(x1, fg::axis<-3>);
  auto v6 = fg::softmax(v0, fg::axis<0>);
  auto v7 = max(v2, fg::axis<2, -2, 0>);
  auto v8 = v4 / (1.5 + cos(v7));
  auto v9 = fg::unsqueeze(v6, fg::axis<1>);
  auto v10 = max(v5, v8);
  auto v11 = v9 * v10;
  return v11;
};

}  // namespace

TEST_CASE("random program with axes 86: arguments of ranks 1, 1, 12 operations, a result of rank 0",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 0, wrt<0, 1>, real<1>, real<1>>(program_86, "programs/group_07",
                                                                             "program_86");
}

TEST_CASE("random program with axes 87: arguments of ranks 3, 2, 11 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | second), 3, wrt<0, 1>, real<3>, real<2>>(program_87, "programs/group_07",
                                                                                      "program_87");
}

TEST_CASE("random program with axes 88: arguments of ranks 1, 1, 1, 0, 13 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 1, wrt<0, 1, 2, 3>, real<1>, real<1>, real<1>, real<0>>(
      program_88, "programs/group_07", "program_88");
}

TEST_CASE("random program with axes 89: arguments of ranks 2, 2, 0, 17 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value), 2, wrt<0, 1, 2>, real<2>, real<2>, real<0>>(
      program_89, "programs/group_07", "program_89");
}

TEST_CASE("random program with axes 90: arguments of ranks 2, 2, 18 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 2, wrt<0, 1>, real<2>, real<2>>(program_90, "programs/group_07", "program_90");
}

TEST_CASE("random program with axes 91: arguments of ranks 2, 3, 1, 17 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 3, wrt<0, 1, 2>, real<2>, real<3>, real<1>>(
      program_91, "programs/group_07", "program_91");
}
