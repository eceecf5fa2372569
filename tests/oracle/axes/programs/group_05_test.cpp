// Random programs with axes 69 to 77, against derivatives from elsewhere.
// Written by tests/oracle/axes/random_programs.py: change that, not this.
#include "../check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto program_69 = [](auto x0, auto x1) {
  auto v0 = fg::softmax(x1, fg::axis<-1>);
  auto v1 = 0.5 - x0;
  auto v2 = fg::sum(x0, fg::axis<0>, fg::keepdims);
  auto v3 = v2 / (1 + fg::square(v1));
  auto v4 = v0 / (1.5 + fg::cos(v3));
  return v4;
};

constexpr auto program_70 = [](auto x0) {
  auto v0 = fg::sum(x0, fg::axis<0>);
  auto v1 = fg::mean(fg::square(x0), fg::axis<-1>, fg::keepdims);
  auto v2 = v1 / (1.5 + fg::cos(v0));
  auto v3 = fg::squeeze(v2, fg::axis<-1>);
  return v3;
};

constexpr auto program_71 = [](auto x0, auto x1) {
  auto v0 = x0 * rsqrt(0.5 + mean(square(x0), fg::axis<-2>, fg::keepdims));
  auto v1 = fg::unsqueeze(x1, fg::axis<1>);
  auto v2 = v0 + v1;
  return v2;
};

constexpr auto program_72 = [](auto x0, auto x1, auto c0) {
  auto v0 = fg::mean(x0, fg::axis<-2>);
  auto v1 = fg::min(x0, c0);
  auto v2 = fg::where(v0 > 0, fg::sqrt(v0), v1);
  auto v3 = fg::unsqueeze(x1, fg::axis<-1>);
  auto v4 = v2 - v3;
  return v4;
};

constexpr auto program_73 = [](auto x0, auto x1, auto c0) {
  auto v0 = fg::transpose(x1);
  auto v1 = 2 - x0;
  auto v2 = v1 - fg::mean(v1, fg::axis<-1>, fg::keepdims);
  auto v3 = fg::unsqueeze(v2, fg::axis<-1>);
  auto v4 = v0 / (1.5 + fg::cos(v3));
  auto v5 = c0 / (1 + fg::square(v4));
  return v5;
};

constexpr auto program_74 = [](auto x0, auto c0) {
  auto v0 = fg::atanh(0.5 * fg::tanh(x0));
  auto v1 = fg::prod(1 + 0.25 * fg::tanh(v0), fg::axis<2>);
  auto v2 = fg::unsqueeze(v1, fg::axis<-1>);
  auto v3 = v2 / (1 + fg::square(c0));
  auto v4 = fg::squeeze(v3, fg::axis<-1>);
  return v4;
};

constexpr auto program_75 = [](auto x0, auto x1) {
  auto v0 = max(x0);
  auto v1 = log_sigmoid(x0);
  auto v2 = copysign(v1, x0);
  auto v3 = x1 + v0;
  auto v4 = fg::unsqueeze(v2, fg::axis<-1>);
  auto v5 = hypot(v4, v3);
  return v5;
};

constexpr auto program_76 = [](auto x0, auto c0) {
  auto v0 = x0 / 0.5;
  auto v1 = fg::var(v0, fg::axis<0>);
  auto v2 = fg::atan2(c0, 1.5 + fg::square(v0));
  auto v3 = fg::hypot(v2, v1);
  auto v4 = fg::mean(fg::square(v3));
  return v4;
};

constexpr auto program_77 = [](auto x0, auto x1, auto x2) {
  auto v0 = fg::squareplus(x0, 2.0);
  auto v1 = fg::softmax(x1, fg::axis<-1>);
  auto v2 = fg::cosh(fg::tanh(x0));
  auto v3 = v2 - v0;
  auto v4 = v1 - x2;
  auto v5 = v4 * v3;
  return v5;
};

}  // namespace

TEST_CASE("random program with axes 69: arguments of ranks 1, 1, 9 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value), 1, wrt<0, 1>, real<1>, real<1>>(program_69, "programs/group_05",
                                                                                     "program_69");
}

TEST_CASE("random program with axes 70: an argument of rank 1, 7 operations, a result of rank 0",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 0, wrt<0>, real<1>>(program_70, "programs/group_05", "program_70");
}

TEST_CASE("random program with axes 71: arguments of ranks 3, 2, 7 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 3, wrt<0, 1>, real<3>, real<2>>(program_71, "programs/group_05",
                                                                             "program_71");
}

TEST_CASE("random program with axes 72: arguments of ranks 2, 1, 0, 7 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | second), 2, wrt<0, 1, 2>, real<2>, real<1>, real<0>>(
      program_72, "programs/group_05", "program_72");
}

TEST_CASE("random program with axes 73: arguments of ranks 1, 3, 0, 11 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value), 3, wrt<0, 1, 2>, real<1>, real<3>, real<0>>(
      program_73, "programs/group_05", "program_73");
}

TEST_CASE("random program with axes 74: arguments of ranks 3, 0, 12 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 2, wrt<0, 1>, real<3>, real<0>>(program_74, "programs/group_05",
                                                                             "program_74");
}

TEST_CASE("random program with axes 75: arguments of ranks 1, 2, 6 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 2, wrt<0, 1>, real<1>, real<2>>(program_75, "programs/group_05",
                                                                             "program_75");
}

TEST_CASE("random program with axes 76: arguments of ranks 2, 0, 8 operations, a result of rank 0",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 0, wrt<0, 1>, real<2>, real<0>>(program_76, "programs/group_05",
                                                                             "program_76");
}

TEST_CASE("random program with axes 77: arguments of ranks 2, 1, 2, 7 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value | second), 2, wrt<0, 1, 2>, real<2>, real<1>, real<2>>(
      program_77, "programs/group_05", "program_77");
}
