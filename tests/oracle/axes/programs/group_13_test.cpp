// Random programs with axes 109 to 112, in every mode against another library's derivatives.
// Written by tests/oracle/axes/random_programs.py: change that, not this.
#include "../check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto program_109 = [](auto x0, auto x1) {
  auto v0 = fg::var(x0, fg::axis<-1>, fg::keepdims);
  auto v1 = fg::pow(x1, 2);
  auto v2 = v0 - fg::mean(v0, fg::axis<1>, fg::keepdims);
  auto v3 = fg::pow(1 + fg::square(v1), fg::tanh(v2));
  auto v4 = v3 / (1 + fg::sum(fg::abs(v3), fg::axis<0>, fg::keepdims));
  auto v5 = v4 * fg::index(v4, fg::axis<1>);
  auto v6 = fg::sum(v1, fg::axis<-2>);
  auto v7 = fg::exp(fg::tanh(v5));
  auto v8 = fg::reciprocal(1 + fg::square(x0));
  auto v9 = v8 - v7;
  auto v10 = v9 * v6;
  return v10;
};

constexpr auto program_110 = [](auto x0) {
  auto v0 = fg::transpose(x0);
  auto v1 = v0 - 0.375;
  auto v2 = fg::reciprocal(1 + fg::square(v1));
  auto v3 = v2 + -0.75;
  auto v4 = v0 * v3;
  auto v5 = fg::norm(v4, fg::axis<1>);
  auto v6 = fg::elu(v5, 0.5);
  auto v7 = fg::normal_cdf(v6);
  auto v8 = fg::atanh(0.5 * fg::tanh(v5));
  auto v9 = fg::unsqueeze(v6, fg::axis<-1>);
  auto v10 = fg::unsqueeze(v7, fg::axis<-1>);
  auto v11 = fg::sum(v9 * v10, fg::axis<0>);
  auto v12 = v8 * fg::rsqrt(0.5 + fg::mean(fg::square(v8), fg::axis<-1>, fg::keepdims));
  auto v13 = fg::unsqueeze(v12, fg::axis<-1>);
  auto v14 = v13 / (1 + fg::square(v11));
  auto v15 = fg::squeeze(v14, fg::axis<-1>);
  return v15;
};

constexpr auto program_111 = [](auto x0, auto x1) {
  auto v0 = prod(1 + 0.25 * tanh(x1), fg::axis<1>);
  auto v1 = x0 / (1 + sum(abs(x0), fg::axis<0>, fg::keepdims));
  auto v2 = tan(0.5 * tanh(v0));
  auto v3 = fg::unsqueeze(v2, fg::axis<-2>);
  auto v4 = v3 * v1;
  auto v5 = logsumexp(v4, fg::axis<-3>, fg::keepdims);
  auto v6 = tanh(v2);
  auto v7 = -1.5 - v5;
  auto v8 = v7 * rsqrt(0.5 + mean(square(v7), fg::axis<-1>, fg::keepdims));
  auto v9 = fg::unsqueeze(v6, fg::axis<1>);
  auto v10 = v8 * v9;
  return v10;
};

constexpr auto program_112 = [](auto x0) {
  auto v0 = fg::softsign(x0);
  auto v1 = v0 * x0;
  auto v2 = fg::prod(1 + 0.25 * fg::tanh(v0), fg::axis<1>);
  auto v3 = fg::unsqueeze(v2, fg::axis<-1>);
  auto v4 = fg::logaddexp(v3, v1);
  auto v5 = v2 + -1.5;
  auto v6 = fg::softmax(v5, fg::axis<0>);
  auto v7 = -v6;
  auto v8 = fg::mean(v4, fg::axis<-2>, fg::keepdims);
  auto v9 = v8 / 0.125;
  auto v10 = v9 / 1.25;
  auto v11 = fg::unsqueeze(v7, fg::axis<-1>);
  auto v12 = fg::where(v11 < 0.25, v11 * v8, fg::square(v8));
  auto v13 = v7 / (1 + fg::sum(fg::abs(v7), fg::axis<0>, fg::keepdims));
  auto v14 = fg::unsqueeze(v13, fg::axis<-1>);
  auto v15 = v14 * v10;
  auto v16 = v15 * v12;
  return v16;
};

}  // namespace

TEST_CASE("random program with axes 109: arguments of ranks 3, 2, 22 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | forward | value, 3, wrt<0, 1>, real<3>, real<2>>(program_109, "programs/group_13",
                                                                           "program_109");
}

TEST_CASE("random program with axes 110: an argument of rank 2, 27 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 1, wrt<0>, real<2>>(program_110, "programs/group_13", "program_110");
}

TEST_CASE("random program with axes 111: arguments of ranks 3, 3, 23 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 3, wrt<0, 1>, real<3>, real<3>>(program_111, "programs/group_13", "program_111");
}

TEST_CASE("random program with axes 112: an argument of rank 2, 26 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 2, wrt<0>, real<2>>(program_112, "programs/group_13", "program_112");
}
