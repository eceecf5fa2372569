// Random programs with axes 92 to 95, against derivatives from elsewhere.
// Written by tests/oracle/axes/random_programs.py: change that, not this.
#include "../check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

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
  auto v7 = v5 - fg::mean(v5, fg::axis<0>, fg::keepdims);
  auto v8 = v7 - v4;
  auto v9 = fg::max(v8, v1);
  auto v10 = v9 / (1 + fg::square(v6));
  return v10;
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
  auto v9 = fg::unsqueeze(v8, fg::axis<-1>);
  auto v10 = v6 + v4;
  auto v11 = fg::unsqueeze(v7, fg::axis<-1>);
  auto v12 = fg::hypot(v11, v9);
  auto v13 = v12 * v10;
  return v13;
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
  auto v12 = v1 * v7;
  auto v13 = fg::unsqueeze(v9, fg::axis<-1>);
  auto v14 = fg::unsqueeze(v13, fg::axis<1>);
  auto v15 = v11 + v12;
  auto v16 = v15 + v8;
  auto v17 = min(v14, v16);
  return v17;
};

}  // namespace

TEST_CASE("random program with axes 92: arguments of ranks 1, 2, 0, 18 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | second), 1, wrt<0, 1, 2>, real<1>, real<2>, real<0>>(
      program_92, "programs/group_08", "program_92");
}

TEST_CASE("random program with axes 93: arguments of ranks 1, 1, 2, 19 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value), 2, wrt<0, 1, 2>, real<1>, real<1>, real<2>>(
      program_93, "programs/group_08", "program_93");
}

TEST_CASE("random program with axes 94: arguments of ranks 2, 1, 20 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 2, wrt<0, 1>, real<2>, real<1>>(program_94, "programs/group_08",
                                                                             "program_94");
}

TEST_CASE("random program with axes 95: arguments of ranks 3, 3, 20 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 3, wrt<0, 1>, real<3>, real<3>>(program_95, "programs/group_08",
                                                                             "program_95");
}
