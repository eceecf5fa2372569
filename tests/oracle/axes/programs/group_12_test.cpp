// Random programs with axes 105 to 108, in every mode against another library's derivatives.
// Written by tests/oracle/axes/random_programs.py: change that, not this.
#include "../check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto program_105 = [](auto x0, auto x1) {
  auto v0 = fg::exp2(-fg::square(x0));
  auto v1 = fg::erf(x0);
  auto v2 = fg::mean(fg::square(x1), fg::axis<2, 1, -3>);
  auto v3 = fg::unsqueeze(v0, fg::axis<-1>);
  auto v4 = fg::unsqueeze(v3, fg::axis<1>);
  auto v5 = fg::sum(v4 * x1, fg::axis<-1>);
  auto v6 = fg::cosh(fg::tanh(v5));
  auto v7 = fg::unsqueeze(v6, fg::axis<-1>);
  auto v8 = fg::unsqueeze(v3, fg::axis<1>);
  auto v9 = fg::max(v7, v8);
  auto v10 = fg::unsqueeze(v1, fg::axis<-1>);
  auto v11 = fg::unsqueeze(v10, fg::axis<-2>);
  auto v12 = fg::hypot(v11, v9);
  auto v13 = v2 - v12;
  auto v14 = fg::squeeze(v13, fg::axis<-1>);
  return v14;
};

constexpr auto program_106 = [](auto x0, auto x1) {
  auto v0 = fg::unsqueeze(x1, fg::axis<1>);
  auto v1 = v0 * x0;
  auto v2 = fg::cosh(fg::tanh(v1));
  auto v3 = fg::mean(fg::square(v2), fg::axis<-2>);
  auto v4 = fg::unsqueeze(v3, fg::axis<-2>);
  auto v5 = fg::clamp(v0, -1 - fg::square(v2), 1 + fg::square(v4));
  auto v6 = fg::squeeze(v0, fg::axis<1>);
  auto v7 = fg::unsqueeze(v3, fg::axis<-2>);
  auto v8 = v2 - v7;
  auto v9 = fg::silu(v6);
  auto v10 = fg::unsqueeze(v9, fg::axis<1>);
  auto v11 = v5 + v10;
  auto v12 = v8 * v11;
  return v12;
};

constexpr auto program_107 = [](auto x0, auto x1, auto c0) {
  auto v0 = softplus(c0);
  auto v1 = norm(x1, fg::axis<0>, fg::keepdims);
  auto v2 = fg::squeeze(v1, fg::axis<-1>);
  auto v3 = fg::normalize(x0, fg::axis<0>);
  auto v4 = fg::softmax(v3, fg::axis<0>);
  auto v5 = v4 * fg::index(v4, fg::axis<0>);
  auto v6 = atan2(v1, 1.5 + square(v5));
  auto v7 = pow(1.25 + square(v2), -1.5);
  auto v8 = lerp(v6, v7, sigmoid(x1));
  auto v9 = v0 - 2;
  auto v10 = fma(v7, v4, v8);
  auto v11 = max(v9, v10);
  return v11;
};

constexpr auto program_108 = [](auto x0) {
  auto v0 = fg::norm(x0, fg::axis<-1>);
  auto v1 = fg::unsqueeze(v0, fg::axis<-1>);
  auto v2 = v1 + x0;
  auto v3 = fg::atan2(v1, v2);
  auto v4 = fg::norm(v3, fg::axis<1, -2>);
  auto v5 = fg::sum(v1, fg::axis<0>);
  auto v6 = -1.5 - v5;
  auto v7 = fg::where(v6 > v4, fg::sin(v6), v4);
  auto v8 = fg::logsumexp(v2, fg::axis<-2>, fg::keepdims);
  auto v9 = v4 - 0.375;
  auto v10 = fg::acos(0.75 * fg::sin(v8));
  auto v11 = v10 - fg::mean(v10, fg::axis<1>, fg::keepdims);
  auto v12 = fg::max(v9, v7);
  auto v13 = v12 / (1.5 + fg::cos(v11));
  auto v14 = fg::squeeze(v13, fg::axis<0>);
  return v14;
};

}  // namespace

TEST_CASE("random program with axes 105: arguments of ranks 1, 3, 20 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | forward | value, 2, wrt<0, 1>, real<1>, real<3>>(program_105, "programs/group_12",
                                                                           "program_105");
}

TEST_CASE("random program with axes 106: arguments of ranks 3, 2, 19 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 3, wrt<0, 1>, real<3>, real<2>>(program_106, "programs/group_12", "program_106");
}

TEST_CASE("random program with axes 107: arguments of ranks 1, 1, 0, 18 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 1, wrt<0, 1, 2>, real<1>, real<1>, real<0>>(program_107, "programs/group_12",
                                                                               "program_107");
}

TEST_CASE("random program with axes 108: an argument of rank 2, 22 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 1, wrt<0>, real<2>>(program_108, "programs/group_12", "program_108");
}
