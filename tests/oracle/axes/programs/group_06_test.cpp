// Random programs with axes 70 to 76, in every mode against another library's derivatives.
// Written by tests/oracle/axes/random_programs.py: change that, not this.
#include "../check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto program_70 = [](auto x0, auto x1) {
  auto v0 = fg::mean(x1, fg::axis<-1>, fg::keepdims);
  auto v1 = fg::sum(x0, fg::axis<1, 2, -3>, fg::keepdims);
  auto v2 = fg::prod(1 + 0.25 * fg::tanh(v0), fg::axis<-2>);
  auto v3 = fg::unsqueeze(v0, fg::axis<1>);
  auto v4 = fg::where(v3 > 0, fg::sqrt(v3), v1);
  auto v5 = v2 + v4;
  auto v6 = fg::squeeze(v5, fg::axis<-2>);
  auto v7 = fg::squeeze(v6, fg::axis<1>);
  auto v8 = fg::mean(fg::square(v7));
  return v8;
};

constexpr auto program_71 = [](auto x0, auto x1) {
  auto v0 = xlogy(square(x1), 1 + square(x0));
  auto v1 = mean(v0, fg::axis<0>);
  auto v2 = v1 - mean(v1, fg::axis<-1>, fg::keepdims);
  auto v3 = v2 / 1.25;
  auto v4 = cosh(tanh(v3));
  return v4;
};

constexpr auto program_72 = [](auto x0, auto x1, auto c0) {
  auto v0 = fg::mean(x0, fg::axis<-2>);
  auto v1 = fg::min(x0, c0);
  auto v2 = fg::where(v0 > 0, fg::sqrt(v0), v1);
  auto v3 = fg::softmax(x1, fg::axis<-1>);
  auto v4 = fg::unsqueeze(v3, fg::axis<-1>);
  auto v5 = v4 / (1 + fg::square(x0));
  auto v6 = v5 / (1.5 + fg::cos(v2));
  return v6;
};

constexpr auto program_73 = [](auto x0, auto x1) {
  auto v0 = fg::unsqueeze(x1, fg::axis<-1>);
  auto v1 = fg::unsqueeze(v0, fg::axis<1>);
  auto v2 = fg::sum(x0 * v1, fg::axis<-3>);
  auto v3 = fg::unsqueeze(v0, fg::axis<1>);
  auto v4 = -v2;
  auto v5 = fg::mean(v3, fg::axis<-3>, fg::keepdims);
  auto v6 = v4 * fg::rsqrt(0.5 + fg::mean(fg::square(v4), fg::axis<0>, fg::keepdims));
  auto v7 = fg::hypot(v5, v6);
  auto v8 = fg::squeeze(v7, fg::axis<0>);
  return v8;
};

constexpr auto program_74 = [](auto x0, auto x1, auto c0) {
  auto v0 = fg::pow(c0, 2);
  auto v1 = fg::prod(1 + 0.25 * fg::tanh(x0), fg::axis<-2>, fg::keepdims);
  auto v2 = fg::sum(v0 * x1, fg::axis<2>);
  auto v3 = fg::logsumexp(v1, fg::axis<1>, fg::keepdims);
  auto v4 = fg::normalize(v2, fg::axis<0>);
  auto v5 = fg::unsqueeze(v4, fg::axis<-1>);
  auto v6 = v5 * v3;
  auto v7 = fg::squeeze(v6, fg::axis<2>);
  return v7;
};

constexpr auto program_75 = [](auto x0, auto x1) {
  auto v0 = max(x0);
  auto v1 = log_sigmoid(x0);
  auto v2 = copysign(v1, x0);
  auto v3 = sqrt(1 + square(x1));
  auto v4 = mean(v2, fg::axis<-1>, fg::keepdims);
  auto v5 = norm(v1);
  auto v6 = max(v4, v0);
  auto v7 = max(v3, v6);
  auto v8 = v7 / (1.5 + cos(v5));
  return v8;
};

constexpr auto program_76 = [](auto x0, auto c0) {
  auto v0 = x0 / 0.5;
  auto v1 = fg::var(v0, fg::axis<0>);
  auto v2 = fg::atan2(c0, 1.5 + fg::square(v0));
  auto v3 = fg::prod(1 + 0.25 * fg::tanh(v1), fg::axis<0>, fg::keepdims);
  auto v4 = v3 / (1.5 + fg::cos(v2));
  return v4;
};

}  // namespace

TEST_CASE("random program with axes 70: arguments of ranks 3, 2, 15 operations, a result of rank 0",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 0, wrt<0, 1>, real<3>, real<2>>(program_70, "programs/group_06",
                                                                             "program_70");
}

TEST_CASE("random program with axes 71: arguments of ranks 2, 2, 10 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 1, wrt<0, 1>, real<2>, real<2>>(program_71, "programs/group_06",
                                                                             "program_71");
}

TEST_CASE("random program with axes 72: arguments of ranks 2, 1, 0, 13 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | forward | thorough(second), 2, wrt<0, 1, 2>, real<2>, real<1>, real<0>>(
      program_72, "programs/group_06", "program_72");
}

TEST_CASE("random program with axes 73: arguments of ranks 3, 1, 14 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value), 2, wrt<0, 1>, real<3>, real<1>>(program_73, "programs/group_06",
                                                                                     "program_73");
}

TEST_CASE("random program with axes 74: arguments of ranks 2, 3, 0, 12 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 2, wrt<0, 1, 2>, real<2>, real<3>, real<0>>(
      program_74, "programs/group_06", "program_74");
}

TEST_CASE("random program with axes 75: arguments of ranks 1, 2, 13 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 2, wrt<0, 1>, real<1>, real<2>>(program_75, "programs/group_06",
                                                                             "program_75");
}

TEST_CASE("random program with axes 76: arguments of ranks 2, 0, 12 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 2, wrt<0, 1>, real<2>, real<0>>(program_76, "programs/group_06", "program_76");
}
