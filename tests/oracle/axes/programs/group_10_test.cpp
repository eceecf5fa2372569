// Random programs with axes 95 to 99, in every mode against another library's derivatives.
// Written by tests/oracle/axes/random_programs.py: change that, not this.
#include "../check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto program_95 = [](auto x0, auto x1) {
  auto v0 = x0 + x1;
  auto v1 = sinh(sin(x0));
  auto v2 = -x0;
  auto v3 = softplus(v2);
  auto v4 = cos(v0);
  auto v5 = sum(v3 * v2, fg::axis<2>);
  auto v6 = logsumexp(x1, fg::axis<-3, 1>);
  auto v7 = fg::unsqueeze(v5, fg::axis<-1>);
  auto v8 = min(v6, fg::axis<-1>);
  auto v9 = v7 / (1 + square(v1));
  auto v10 = v8 * v9;
  auto v11 = hypot(v4, v10);
  return v11;
};

constexpr auto program_96 = [](auto x0, auto x1) {
  auto v0 = 2 - x0;
  auto v1 = x0 - 1.25;
  auto v2 = fg::min(v0, x0);
  auto v3 = fg::min(v2, fg::axis<-3, 2>, fg::keepdims);
  auto v4 = fg::sum(v1 * x0, fg::axis<-3>);
  auto v5 = fg::unsqueeze(x1, fg::axis<-1>);
  auto v6 = 1 * v3;
  auto v7 = fg::cosh(fg::tanh(v1));
  auto v8 = 0.375 - v5;
  auto v9 = fg::min(v7, v4);
  auto v10 = v9 + v8;
  auto v11 = v10 + v6;
  return v11;
};

constexpr auto program_97 = [](auto x0, auto x1) {
  auto v0 = x1 - fg::mean(x1, fg::axis<0>, fg::keepdims);
  auto v1 = fg::cos(x0);
  auto v2 = v0 * 3;
  auto v3 = fg::mean(v2, fg::axis<-1>);
  auto v4 = fg::log_softmax(x0, fg::axis<-2>);
  auto v5 = fg::normalize(v4, fg::axis<-1>);
  auto v6 = fg::cbrt(2 + fg::square(v3));
  auto v7 = fg::logsumexp(v1, fg::axis<-1>);
  auto v8 = 1 - v6;
  auto v9 = fg::unsqueeze(v7, fg::axis<-1>);
  auto v10 = v9 / (1 + fg::square(v8));
  auto v11 = fg::hypot(v10, v5);
  return v11;
};

constexpr auto program_98 = [](auto x0, auto x1) {
  auto v0 = fg::where(fg::index(x1, fg::axis<0>) < 2, x1, 0.5 * x1);
  auto v1 = x1 + 3;
  auto v2 = fg::mean(x0, fg::axis<-2, -1>, fg::keepdims);
  auto v3 = fg::unsqueeze(v0, fg::axis<-1>);
  auto v4 = fg::unsqueeze(x1, fg::axis<-1>);
  auto v5 = fg::fma(x0, v3, v4);
  auto v6 = fg::norm(v0);
  auto v7 = fg::log_softmax(v5, fg::axis<1>);
  auto v8 = v1 / (1 + fg::sum(fg::abs(v1), fg::axis<0>, fg::keepdims));
  auto v9 = v6 + v2;
  auto v10 = fg::hypot(v9, v7);
  auto v11 = fg::unsqueeze(v8, fg::axis<-1>);
  auto v12 = v11 * v10;
  auto v13 = fg::mean(fg::square(v12));
  return v13;
};

constexpr auto program_99 = [](auto x0, auto x1) {
  auto v0 = x1 / 0.125;
  auto v1 = norm(v0, fg::axis<1>);
  auto v2 = x0 / -0.75;
  auto v3 = where(fg::index(v0, fg::axis<1>) < 2, v0, 0.5 * v0);
  auto v4 = mean(v3, fg::axis<-2>);
  auto v5 = v1 / (1 + sum(abs(v1), fg::axis<0>, fg::keepdims));
  auto v6 = norm(v4, fg::axis<0>, fg::keepdims);
  auto v7 = v2 / (1.5 + cos(v6));
  auto v8 = fg::unsqueeze(v5, fg::axis<-2>);
  auto v9 = v7 / (1 + square(v8));
  return v9;
};

}  // namespace

TEST_CASE("random program with axes 95: arguments of ranks 3, 3, 16 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 3, wrt<0, 1>, real<3>, real<3>>(program_95, "programs/group_10", "program_95");
}

TEST_CASE("random program with axes 96: arguments of ranks 3, 1, 14 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 3, wrt<0, 1>, real<3>, real<1>>(program_96, "programs/group_10", "program_96");
}

TEST_CASE("random program with axes 97: arguments of ranks 2, 1, 17 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | forward | value, 2, wrt<0, 1>, real<2>, real<1>>(program_97, "programs/group_10",
                                                                           "program_97");
}

TEST_CASE("random program with axes 98: arguments of ranks 2, 1, 21 operations, a result of rank 0",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 0, wrt<0, 1>, real<2>, real<1>>(program_98, "programs/group_10", "program_98");
}

TEST_CASE("random program with axes 99: arguments of ranks 2, 3, 20 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 3, wrt<0, 1>, real<2>, real<3>>(program_99, "programs/group_10", "program_99");
}
