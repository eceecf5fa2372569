// Random programs with axes 96 to 99, against derivatives from elsewhere.
// Written by tests/oracle/axes/random_programs.py: change that, not this.
#include "../check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

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
  auto v9 = fg::sum(v8, fg::axis<-2>);
  auto v10 = fg::mish(v4);
  auto v11 = 3 * v9;
  auto v12 = v10 * 1;
  auto v13 = fg::sum(v6, fg::axis<1>, fg::keepdims);
  auto v14 = v7 - v11;
  auto v15 = v12 / (1.5 + fg::cos(v13));
  auto v16 = fg::min(v15, v14);
  return v16;
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
  auto v9 = fg::mean(v7, fg::axis<0>, fg::keepdims);
  auto v10 = 1 - v4;
  auto v11 = fg::lgamma(1.5 + fg::square(v8));
  auto v12 = v10 / -1.5;
  auto v13 = v5 - v9;
  auto v14 = v11 - v13;
  auto v15 = v12 * v14;
  auto v16 = fg::mean(v15);
  return v16;
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
  auto v9 = fg::pow(v2, 2);
  auto v10 = fg::erf(v6);
  auto v11 = v8 + 0.375;
  auto v12 = fg::mean(fg::square(v11));
  auto v13 = v12 / (1 + fg::square(v7));
  auto v14 = fg::min(v10, v13);
  auto v15 = fg::hypot(v14, v9);
  return v15;
};

constexpr auto program_99 = [](auto x0, auto x1) {
  auto v0 = x1 / 0.125;
  auto v1 = norm(v0, fg::axis<1>);
  auto v2 = x0 / -0.75;
  auto v3 = where(fg::index(v0, fg::axis<1>) < 2, v0, 0.5 * v0);
  auto v4 = mean(v3, fg::axis<-2>);
  auto v5 = v1 / (1 + sum(abs(v1), fg::axis<0>, fg::keepdims));
  auto v6 = norm(v4, fg::axis<0>, fg::keepdims);
  auto v7 = 3 - v1;
  auto v8 = log2(1.5 + v7 * v7);
  auto v9 = v6 * fg::index(v6, fg::axis<-1>);
  auto v10 = log2(1.5 + v8 * v8);
  auto v11 = fg::unsqueeze(v5, fg::axis<-2>);
  auto v12 = v11 / (1.5 + cos(v9));
  auto v13 = v2 - v12;
  auto v14 = fg::unsqueeze(v10, fg::axis<1>);
  auto v15 = v13 * v14;
  return v15;
};

}  // namespace

TEST_CASE("random program with axes 96: arguments of ranks 3, 1, 21 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 3, wrt<0, 1>, real<3>, real<1>>(program_96, "programs/group_09",
                                                                             "program_96");
}

TEST_CASE("random program with axes 97: arguments of ranks 2, 1, 23 operations, a result of rank 0",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value | second), 0, wrt<0, 1>, real<2>, real<1>>(
      program_97, "programs/group_09", "program_97");
}

TEST_CASE("random program with axes 98: arguments of ranks 2, 1, 25 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 2, wrt<0, 1>, real<2>, real<1>>(program_98, "programs/group_09",
                                                                             "program_98");
}

TEST_CASE("random program with axes 99: arguments of ranks 2, 3, 29 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 3, wrt<0, 1>, real<2>, real<3>>(program_99, "programs/group_09",
                                                                             "program_99");
}
