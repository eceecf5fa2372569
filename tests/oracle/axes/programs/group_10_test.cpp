// Random programs with axes 92 to 95, in every mode against another library's derivatives.
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
  auto v6 = fg::xlogy(fg::square(v4), 1 + fg::square(v5));
  auto v7 = v2 * fg::index(v2, fg::axis<0>);
  auto v8 = fg::unsqueeze(v7, fg::axis<-1>);
  auto v9 = v8 - v6;
  auto v10 = fg::min(v9, v0);
  return v10;
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
  auto v8 = fg::sum(v6 * v1, fg::axis<-1>);
  auto v9 = fg::unsqueeze(v8, fg::axis<-1>);
  auto v10 = fg::where(v9 > v4, fg::sin(v9), v4);
  auto v11 = fg::hypot(v7, v10);
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
  auto v14 = x1 * fg::index(x1, fg::axis<-3>);
  auto v15 = fg::unsqueeze(v9, fg::axis<-1>);
  auto v16 = fg::unsqueeze(v15, fg::axis<1>);
  auto v17 = fg::unsqueeze(v12, fg::axis<1>);
  auto v18 = v16 - v17;
  auto v19 = v13 * v11;
  auto v20 = hypot(v18, v14);
  auto v21 = max(v19, v1);
  auto v22 = v20 + v21;
  return v22;
};

}  // namespace

TEST_CASE("random program with axes 92: arguments of ranks 1, 2, 0, 22 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | forward | thorough(second), 2, wrt<0, 1, 2>, real<1>, real<2>, real<0>>(
      program_92, "programs/group_10", "program_92");
}

TEST_CASE("random program with axes 93: arguments of ranks 1, 1, 2, 21 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value), 2, wrt<0, 1, 2>, real<1>, real<1>, real<2>>(
      program_93, "programs/group_10", "program_93");
}

TEST_CASE("random program with axes 94: arguments of ranks 2, 1, 21 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 2, wrt<0, 1>, real<2>, real<1>>(program_94, "programs/group_10",
                                                                             "program_94");
}

TEST_CASE("random program with axes 95: arguments of ranks 3, 3, 26 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 3, wrt<0, 1>, real<3>, real<3>>(program_95, "programs/group_10",
                                                                             "program_95");
}
