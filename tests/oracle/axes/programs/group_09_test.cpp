// Random programs with axes 93 to 96, against derivatives from elsewhere.
// Written by tests/oracle/axes/random_programs.py: change that, not this.
#include "../check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto program_93 = [](auto x0, auto x1, auto x2) {
  auto v0 = fg::unsqueeze(x0, fg::axis<-1>);
  auto v1 = fg::hypot(x2, v0);
  auto v2 = fg::xlogy(fg::square(x1), 1 + fg::square(v0));
  auto v3 = fg::tanh(v2);
  auto v4 = fg::softplus(v2);
  auto v5 = fg::norm(v3, fg::axis<1>, fg::keepdims);
  auto v6 = fg::expm1(0.25 * fg::sin(v3));
  auto v7 = v5 - fg::mean(v5, fg::axis<0>, fg::keepdims);
  auto v8 = fg::sum(v6 * v1, fg::axis<-1>);
  auto v9 = fg::unsqueeze(v8, fg::axis<-1>);
  auto v10 = fg::min(v7, v9);
  auto v11 = v4 / (1 + fg::square(v10));
  return v11;
};

constexpr auto program_94 = [](auto x0, auto x1) {
  auto v0 = fg::unsqueeze(x1, fg::axis<-1>);
  auto v1 = fg::sum(v0 * x0, fg::axis<-2>);
  auto v2 = fg::tan(0.5 * fg::tanh(v1));
  auto v3 = fg::unsqueeze(x1, fg::axis<-1>);
  auto v4 = fg::copysign(v3, v2);
  auto v5 = fg::atan2(v3, 1.5 + fg::square(v2));
  auto v6 = fg::cosh(fg::tanh(v2));
  auto v7 = fg::sum(v5, fg::axis<1>);
  auto v8 = fg::squeeze(v3, fg::axis<1>);
  auto v9 = fg::square(v0);
  auto v10 = fg::max(v4, v6);
  auto v11 = fg::max(v9, v10);
  auto v12 = fg::min(v8, v7);
  auto v13 = fg::unsqueeze(v12, fg::axis<-1>);
  auto v14 = v13 - v11;
  return v14;
};

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
  auto v9 = norm(v4, fg::axis<2, -2>);
  auto v10 = max(v2, v3);
  auto v11 = atan(v10);
  auto v12 = sum(v7, fg::axis<-2>);
  auto v13 = pow(v8, 3);
  auto v14 = v1 + v13;
  auto v15 = fg::unsqueeze(v9, fg::axis<-1>);
  auto v16 = fg::unsqueeze(v15, fg::axis<-2>);
  auto v17 = min(v16, v14);
  auto v18 = fg::unsqueeze(v12, fg::axis<1>);
  auto v19 = v18 - v11;
  auto v20 = v17 / (1.5 + cos(v19));
  return v20;
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
  auto v9 = fg::sum(v8, fg::axis<-2>);
  auto v10 = fg::mish(v4);
  auto v11 = 3 * v9;
  auto v12 = v10 * 1;
  auto v13 = fg::sum(v6, fg::axis<1>, fg::keepdims);
  auto v14 = fg::squareplus(v13, 2.0);
  auto v15 = fg::log1p(fg::square(v11));
  auto v16 = fg::min(v7, v12);
  auto v17 = v15 * v14;
  auto v18 = fg::hypot(v17, v16);
  return v18;
};

}  // namespace

TEST_CASE("random program with axes 93: arguments of ranks 1, 1, 2, 21 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value), 2, wrt<0, 1, 2>, real<1>, real<1>, real<2>>(
      program_93, "programs/group_09", "program_93");
}

TEST_CASE("random program with axes 94: arguments of ranks 2, 1, 21 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 2, wrt<0, 1>, real<2>, real<1>>(program_94, "programs/group_09",
                                                                             "program_94");
}

TEST_CASE("random program with axes 95: arguments of ranks 3, 3, 25 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 3, wrt<0, 1>, real<3>, real<3>>(program_95, "programs/group_09",
                                                                             "program_95");
}

TEST_CASE("random program with axes 96: arguments of ranks 3, 1, 22 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 3, wrt<0, 1>, real<3>, real<1>>(program_96, "programs/group_09",
                                                                             "program_96");
}
