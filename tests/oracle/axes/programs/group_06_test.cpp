// Random programs with axes 74 to 81, against derivatives from elsewhere.
// Written by tests/oracle/axes/random_programs.py: change that, not this.
#include "../check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto program_74 = [](auto x0, auto x1, auto c0) {
  auto v0 = fg::pow(c0, 2);
  auto v1 = fg::prod(1 + 0.25 * fg::tanh(x0), fg::axis<-2>, fg::keepdims);
  auto v2 = fg::sum(v0 * x1, fg::axis<2>);
  auto v3 = fg::unsqueeze(v2, fg::axis<-1>);
  auto v4 = fg::min(v3, v1);
  return v4;
};

constexpr auto program_75 = [](auto x0, auto x1) {
  auto v0 = max(x0);
  auto v1 = log_sigmoid(x0);
  auto v2 = copysign(v1, x0);
  auto v3 = sqrt(1 + square(x1));
  auto v4 = fg::unsqueeze(v2, fg::axis<-1>);
  auto v5 = v3 / (1 + square(v4));
  auto v6 = v5 + v0;
  return v6;
};

constexpr auto program_76 = [](auto x0, auto c0) {
  auto v0 = x0 / 0.5;
  auto v1 = fg::var(v0, fg::axis<0>);
  auto v2 = fg::atan2(c0, 1.5 + fg::square(v0));
  auto v3 = fg::prod(1 + 0.25 * fg::tanh(v1), fg::axis<0>, fg::keepdims);
  auto v4 = v3 / (1.5 + fg::cos(v2));
  return v4;
};

constexpr auto program_77 = [](auto x0, auto x1, auto x2) {
  auto v0 = fg::squareplus(x0, 2.0);
  auto v1 = fg::softmax(x1, fg::axis<-1>);
  auto v2 = fg::cosh(fg::tanh(x0));
  auto v3 = fg::lerp(x1, x2, fg::sigmoid(v0));
  auto v4 = fg::cosh(fg::tanh(v1));
  auto v5 = v2 - v3;
  auto v6 = v4 * v5;
  return v6;
};

constexpr auto program_78 = [](auto x0, auto c0) {
  auto v0 = fg::tan(0.5 * fg::tanh(c0));
  auto v1 = 1 * x0;
  auto v2 = v1 * v0;
  auto v3 = c0 - 3;
  auto v4 = fg::softplus(c0);
  auto v5 = v2 / (1.5 + fg::cos(v3));
  auto v6 = v5 * v4;
  return v6;
};

constexpr auto program_79 = [](auto x0, auto c0) {
  auto v0 = fg::normalize(x0, fg::axis<-1>);
  auto v1 = c0 * v0;
  auto v2 = v1 - 0.5;
  auto v3 = clamp(v2, -1.5, 1.25);
  auto v4 = erfc(v3);
  auto v5 = asin(0.5 * tanh(v1));
  auto v6 = mish(v0);
  auto v7 = v4 * v6;
  auto v8 = v5 * v7;
  return v8;
};

constexpr auto program_80 = [](auto x0, auto x1) {
  auto v0 = fg::softmax(x1, fg::axis<0>);
  auto v1 = fg::max(x0, fg::axis<0>);
  auto v2 = v1 + 3;
  auto v3 = fg::cosh(fg::tanh(v0));
  auto v4 = fg::sum(v1, fg::axis<-1>);
  auto v5 = v3 * fg::index(v3, fg::axis<1>);
  auto v6 = fg::hypot(v2, v4);
  auto v7 = fg::hypot(v6, v5);
  return v7;
};

constexpr auto program_81 = [](auto x0, auto x1) {
  auto v0 = fg::exp(-fg::abs(x0));
  auto v1 = fg::rsqrt(0.5 + fg::square(x0));
  auto v2 = x1 / (1 + fg::square(v1));
  auto v3 = fg::max(v0, x1);
  auto v4 = v3 + v2;
  return v4;
};

}  // namespace

TEST_CASE("random program with axes 74: arguments of ranks 2, 3, 0, 9 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 3, wrt<0, 1, 2>, real<2>, real<3>, real<0>>(
      program_74, "programs/group_06", "program_74");
}

TEST_CASE("random program with axes 75: arguments of ranks 1, 2, 11 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 2, wrt<0, 1>, real<1>, real<2>>(program_75, "programs/group_06",
                                                                             "program_75");
}

TEST_CASE("random program with axes 76: arguments of ranks 2, 0, 12 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 2, wrt<0, 1>, real<2>, real<0>>(program_76, "programs/group_06",
                                                                             "program_76");
}

TEST_CASE("random program with axes 77: arguments of ranks 2, 1, 2, 10 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value | second), 2, wrt<0, 1, 2>, real<2>, real<1>, real<2>>(
      program_77, "programs/group_06", "program_77");
}

TEST_CASE("random program with axes 78: arguments of ranks 3, 0, 11 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 3, wrt<0, 1>, real<3>, real<0>>(program_78, "programs/group_06",
                                                                             "program_78");
}

TEST_CASE("random program with axes 79: arguments of ranks 1, 0, 11 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 1, wrt<0, 1>, real<1>, real<0>>(program_79, "programs/group_06",
                                                                             "program_79");
}

TEST_CASE("random program with axes 80: arguments of ranks 2, 2, 10 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 2, wrt<0, 1>, real<2>, real<2>>(program_80, "programs/group_06", "program_80");
}

TEST_CASE("random program with axes 81: arguments of ranks 1, 1, 11 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value), 1, wrt<0, 1>, real<1>, real<1>>(program_81, "programs/group_06",
                                                                                     "program_81");
}
