// Random programs with axes 113 to 115, in every mode against another library's derivatives.
// Written by tests/oracle/axes/random_programs.py: change that, not this.
#include "../check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto program_113 = [](auto x0, auto c0) {
  auto v0 = fg::transpose(x0);
  auto v1 = v0 * 1.25;
  auto v2 = v1 * fg::index(v1, fg::axis<-2>);
  auto v3 = fg::mean(v2);
  auto v4 = c0 + 0.125;
  auto v5 = fg::var(v0, fg::axis<1, 0>);
  auto v6 = fg::rsqrt(0.5 + fg::square(v5));
  auto v7 = fg::atan(v1);
  auto v8 = fg::normalize(v7, fg::axis<0>);
  auto v9 = fg::sum(v7 * v4, fg::axis<1>);
  auto v10 = fg::unsqueeze(v9, fg::axis<-1>);
  auto v11 = v10 / (1.5 + fg::cos(v8));
  auto v12 = fg::unsqueeze(v9, fg::axis<-1>);
  auto v13 = fg::logaddexp(v7, v12);
  auto v14 = fg::max(v13, v11);
  auto v15 = v3 / (1.5 + fg::cos(v6));
  auto v16 = v14 * v15;
  return v16;
};

constexpr auto program_114 = [](auto x0, auto x1, auto c0) {
  auto v0 = fg::mean(x1, fg::axis<1>, fg::keepdims);
  auto v1 = fg::softmax(x0, fg::axis<-1>);
  auto v2 = 0.5 - c0;
  auto v3 = fg::xlogy(fg::square(c0), 1 + fg::square(x1));
  auto v4 = fg::fma(v2, v1, v3);
  auto v5 = fg::log_softmax(v0, fg::axis<0>);
  auto v6 = fg::softmax(v0, fg::axis<0>);
  auto v7 = fg::norm(v5, fg::axis<-2>);
  auto v8 = v1 * fg::rsqrt(0.5 + fg::mean(fg::square(v1), fg::axis<0>, fg::keepdims));
  auto v9 = v8 / (1 + fg::sum(fg::abs(v8), fg::axis<0>, fg::keepdims));
  auto v10 = fg::max(v7, v4);
  auto v11 = v9 - v6;
  auto v12 = fg::max(v10, v11);
  auto v13 = fg::mean(fg::square(v12));
  return v13;
};

constexpr auto program_115 = [](auto x0, auto x1, auto c0) {
  auto v0 = mean(x1, fg::axis<2>);
  auto v1 = x0 / 2;
  auto v2 = 0.125 - c0;
  auto v3 = expm1(0.25 * sin(v2));
  auto v4 = fg::unsqueeze(v1, fg::axis<-1>);
  auto v5 = logaddexp(v4, v3);
  auto v6 = silu(v5);
  auto v7 = v6 + 0.5;
  auto v8 = v7 - 2;
  auto v9 = -v8;
  auto v10 = fg::unsqueeze(v0, fg::axis<-1>);
  auto v11 = lerp(v5, v10, sigmoid(v9));
  auto v12 = pow(1.25 + square(v11), -1.5);
  auto v13 = norm(v12, fg::axis<-3>, fg::keepdims);
  auto v14 = mean(v13, fg::axis<-2>, fg::keepdims);
  auto v15 = atan2(v8, v14);
  auto v16 = v5 / 0.5;
  auto v17 = max(v16, v15);
  auto v18 = fg::squeeze(v17, fg::axis<-1>);
  return v18;
};

}  // namespace

TEST_CASE("random program with axes 113: arguments of ranks 2, 0, 25 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | forward | value, 2, wrt<0, 1>, real<2>, real<0>>(program_113, "programs/group_14",
                                                                           "program_113");
}

TEST_CASE("random program with axes 114: arguments of ranks 3, 2, 0, 25 operations, a result of rank 0",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 0, wrt<0, 1, 2>, real<3>, real<2>, real<0>>(program_114, "programs/group_14",
                                                                               "program_114");
}

TEST_CASE("random program with axes 115: arguments of ranks 2, 3, 0, 24 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 2, wrt<0, 1, 2>, real<2>, real<3>, real<0>>(program_115, "programs/group_14",
                                                                               "program_115");
}
