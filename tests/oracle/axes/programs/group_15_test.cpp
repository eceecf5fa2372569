// Random programs with axes 116 to 118, in every mode against another library's derivatives.
// Written by tests/oracle/axes/random_programs.py: change that, not this.
#include "../check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto program_116 = [](auto x0) {
  auto v0 = x0 * 3;
  auto v1 = fg::mean(x0, fg::axis<-1>, fg::keepdims);
  auto v2 = fg::logaddexp(x0, v0);
  auto v3 = fg::sum(x0, fg::axis<-1>);
  auto v4 = fg::unsqueeze(v3, fg::axis<-1>);
  auto v5 = fg::tanh(v3);
  auto v6 = fg::sin(v2);
  auto v7 = fg::where(fg::index(v5, fg::axis<-1>) < 2, v5, 0.5 * v5);
  auto v8 = fg::squeeze(v1, fg::axis<1>);
  auto v9 = v4 * fg::rsqrt(0.5 + fg::mean(fg::square(v4), fg::axis<0>, fg::keepdims));
  auto v10 = fg::mean(v4, fg::axis<-2>);
  auto v11 = fg::unsqueeze(v7, fg::axis<-1>);
  auto v12 = v11 / (1.5 + fg::cos(v6));
  auto v13 = v12 / (1 + fg::square(v10));
  auto v14 = fg::unsqueeze(v8, fg::axis<-1>);
  auto v15 = v9 / (1 + fg::square(v14));
  auto v16 = v15 + v13;
  return v16;
};

constexpr auto program_117 = [](auto x0, auto c0) {
  auto v0 = fg::sigmoid(x0);
  auto v1 = c0 + v0;
  auto v2 = fg::squareplus(v1, 2.0);
  auto v3 = fg::min(v0, v2);
  auto v4 = v3 / -1.5;
  auto v5 = v0 / (1 + fg::square(v4));
  auto v6 = v0 - v5;
  auto v7 = v4 * fg::index(v4, fg::axis<0>);
  auto v8 = fg::prod(1 + 0.25 * fg::tanh(v6), fg::axis<-2>);
  auto v9 = fg::softmax(v8, fg::axis<0>);
  auto v10 = v4 - v9;
  auto v11 = v7 * fg::rsqrt(0.5 + fg::mean(fg::square(v7), fg::axis<-2>, fg::keepdims));
  auto v12 = v10 / (1.5 + fg::cos(v11));
  auto v13 = fg::mean(fg::square(v12));
  return v13;
};

constexpr auto program_118 = [](auto x0) {
  auto v0 = x0 * 0.5;
  auto v1 = fg::where(fg::index(v0, fg::axis<1>) < 2, v0, 0.5 * v0);
  auto v2 = fg::norm(v1, fg::axis<0>);
  auto v3 = fg::exp2(-fg::square(v2));
  auto v4 = fg::atan2(v3, v1);
  auto v5 = fg::logsumexp(v4, fg::axis<-2>, fg::keepdims);
  auto v6 = fg::where(v5 > v3, fg::sin(v5), v3);
  auto v7 = fg::sum(x0 * v5, fg::axis<-1>);
  auto v8 = fg::unsqueeze(v7, fg::axis<-1>);
  auto v9 = fg::sum(v6 * v8, fg::axis<-2>);
  auto v10 = fg::unsqueeze(v7, fg::axis<-1>);
  auto v11 = fg::atan2(v9, 1.5 + fg::square(v10));
  return v11;
};

}  // namespace

TEST_CASE("random program with axes 116: an argument of rank 2, 30 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 2, wrt<0>, real<2>>(program_116, "programs/group_15", "program_116");
}

TEST_CASE("random program with axes 117: arguments of ranks 2, 0, 27 operations, a result of rank 0",
          "[oracle][axes][programs]") {
  check<double, reverse | forward | value, 0, wrt<0, 1>, real<2>, real<0>>(program_117, "programs/group_15",
                                                                           "program_117");
}

TEST_CASE("random program with axes 118: an argument of rank 2, 23 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 2, wrt<0>, real<2>>(program_118, "programs/group_15", "program_118");
}
