// Random programs with axes 100 to 104, in every mode against another library's derivatives.
// Written by tests/oracle/axes/random_programs.py: change that, not this.
#include "../check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto program_100 = [](auto x0, auto x1) {
  auto v0 = fg::sum(x0 * x1, fg::axis<1>);
  auto v1 = fg::mean(fg::square(v0), fg::axis<-1>);
  auto v2 = fg::unsqueeze(v0, fg::axis<-1>);
  auto v3 = fg::lerp(x0, v1, fg::sigmoid(v2));
  auto v4 = fg::where(fg::index(v3, fg::axis<-1>) < 2, v3, 0.5 * v3);
  auto v5 = v0 / (1 + fg::sum(fg::abs(v0), fg::axis<0>, fg::keepdims));
  auto v6 = fg::unsqueeze(v5, fg::axis<-1>);
  auto v7 = v6 * v4;
  return v7;
};

constexpr auto program_101 = [](auto x0, auto x1, auto x2, auto c0) {
  auto v0 = fg::xlogy(fg::square(c0), 1 + fg::square(x2));
  auto v1 = fg::unsqueeze(x0, fg::axis<-1>);
  auto v2 = fg::where(v1 < 0.25, v1 * x1, fg::square(x1));
  auto v3 = fg::softmax(v2, fg::axis<-3>);
  auto v4 = fg::sum(v3, fg::axis<1, 2>, fg::keepdims);
  auto v5 = fg::var(v0, fg::axis<0>, fg::keepdims);
  auto v6 = fg::max(v1, fg::axis<0>, fg::keepdims);
  auto v7 = v4 / -1.5;
  auto v8 = v7 + v5;
  auto v9 = v8 / (1.5 + fg::cos(v6));
  auto v10 = fg::squeeze(v9, fg::axis<-1>);
  auto v11 = fg::squeeze(v10, fg::axis<-1>);
  return v11;
};

constexpr auto program_102 = [](auto x0) {
  auto v0 = fg::softplus(x0);
  auto v1 = fg::log_softmax(v0, fg::axis<1>);
  auto v2 = x0 - v1;
  auto v3 = fg::softmax(v2, fg::axis<-1>);
  auto v4 = fg::sum(v1 * v3, fg::axis<-1>);
  auto v5 = v4 / (1 + fg::sum(fg::abs(v4), fg::axis<-1>, fg::keepdims));
  auto v6 = fg::mean(v5, fg::axis<0>);
  auto v7 = fg::min(x0, fg::axis<-2, -1>, fg::keepdims);
  auto v8 = fg::unsqueeze(v5, fg::axis<-1>);
  auto v9 = fg::sum(x0 * v8, fg::axis<1>);
  auto v10 = fg::unsqueeze(v9, fg::axis<-1>);
  auto v11 = v6 * v10;
  auto v12 = v11 - v7;
  auto v13 = fg::squeeze(v12, fg::axis<-1>);
  return v13;
};

constexpr auto program_103 = [](auto x0, auto x1, auto x2) {
  auto v0 = x2 + x1;
  auto v1 = log(1 + square(x0));
  auto v2 = squareplus(v0, 2.0);
  auto v3 = logaddexp(v2, v1);
  auto v4 = v3 - x2;
  auto v5 = squareplus(v4, 2.0);
  auto v6 = mish(x0);
  auto v7 = pow(1 + square(v1), tanh(v3));
  auto v8 = sum(v6, fg::axis<0>);
  auto v9 = fg::log_softmax(x1, fg::axis<1>);
  auto v10 = v9 - v8;
  auto v11 = v10 + v7;
  auto v12 = max(v11, v5);
  return v12;
};

constexpr auto program_104 = [](auto x0, auto x1) {
  auto v0 = fg::mean(x1, fg::axis<-1>);
  auto v1 = fg::unsqueeze(x1, fg::axis<-1>);
  auto v2 = v1 - x0;
  auto v3 = fg::sum(v0, fg::axis<0>);
  auto v4 = fg::prod(1 + 0.25 * fg::tanh(x0), fg::axis<2>, fg::keepdims);
  auto v5 = v2 - fg::mean(v2, fg::axis<1>, fg::keepdims);
  auto v6 = fg::elu(v3, 0.5);
  auto v7 = fg::prod(1 + 0.25 * fg::tanh(v2));
  auto v8 = v7 + v6;
  auto v9 = v8 + v4;
  auto v10 = fg::min(v9, v5);
  return v10;
};

}  // namespace

TEST_CASE("random program with axes 100: arguments of ranks 2, 2, 17 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 2, wrt<0, 1>, real<2>, real<2>>(program_100, "programs/group_11", "program_100");
}

TEST_CASE("random program with axes 101: arguments of ranks 1, 3, 1, 0, 20 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | forward | value, 1, wrt<0, 1, 2, 3>, real<1>, real<3>, real<1>, real<0>>(
      program_101, "programs/group_11", "program_101");
}

TEST_CASE("random program with axes 102: an argument of rank 2, 19 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 1, wrt<0>, real<2>>(program_102, "programs/group_11", "program_102");
}

TEST_CASE("random program with axes 103: arguments of ranks 2, 2, 1, 18 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 2, wrt<0, 1, 2>, real<2>, real<2>, real<1>>(program_103, "programs/group_11",
                                                                               "program_103");
}

TEST_CASE("random program with axes 104: arguments of ranks 3, 2, 18 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 3, wrt<0, 1>, real<3>, real<2>>(program_104, "programs/group_11", "program_104");
}
