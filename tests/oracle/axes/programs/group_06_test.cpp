// Random programs with axes 78 to 85, against derivatives from elsewhere.
// Written by tests/oracle/axes/random_programs.py: change that, not this.
#include "../check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto program_78 = [](auto x0, auto c0) {
  auto v0 = fg::tan(0.5 * fg::tanh(c0));
  auto v1 = 1 * x0;
  auto v2 = v1 * v0;
  auto v3 = c0 - 3;
  auto v4 = fg::hypot(v2, v3);
  return v4;
};

constexpr auto program_79 = [](auto x0, auto c0) {
  auto v0 = fg::normalize(x0, fg::axis<-1>);
  auto v1 = c0 * v0;
  auto v2 = v1 - 0.5;
  auto v3 = clamp(v2, -1.5, 1.25);
  auto v4 = erfc(v3);
  auto v5 = asin(0.5 * tanh(v1));
  auto v6 = v5 - v4;
  return v6;
};

constexpr auto program_80 = [](auto x0, auto x1) {
  auto v0 = fg::softmax(x1, fg::axis<0>);
  auto v1 = fg::max(x0, fg::axis<0>);
  auto v2 = v1 + 3;
  auto v3 = fg::cosh(fg::tanh(v0));
  auto v4 = fg::sum(v1, fg::axis<-1>);
  auto v5 = fg::max(v2, v3);
  auto v6 = v5 + v4;
  return v6;
};

constexpr auto program_81 = [](auto x0, auto x1) {
  auto v0 = fg::exp(-fg::abs(x0));
  auto v1 = fg::rsqrt(0.5 + fg::square(x0));
  auto v2 = fg::min(v0, v1);
  auto v3 = fg::hypot(v2, x1);
  return v3;
};

constexpr auto program_82 = [](auto x0, auto x1, auto x2, auto c0) {
  auto v0 = x2 / (1 + fg::sum(fg::abs(x2), fg::axis<0>, fg::keepdims));
  auto v1 = fg::prod(1 + 0.25 * fg::tanh(x2), fg::axis<-1>, fg::keepdims);
  auto v2 = fg::unsqueeze(x1, fg::axis<-1>);
  auto v3 = v2 * x0;
  auto v4 = fg::hypot(v3, v1);
  auto v5 = c0 + v4;
  auto v6 = v5 * v0;
  return v6;
};

constexpr auto program_83 = [](auto x0, auto x1, auto x2) {
  auto v0 = fg::transpose(x2);
  auto v1 = min(x0, fg::axis<-2>, fg::keepdims);
  auto v2 = fg::unsqueeze(x0, fg::axis<-1>);
  auto v3 = v2 * x1;
  auto v4 = fg::unsqueeze(v0, fg::axis<-2>);
  auto v5 = v4 / (1 + square(v3));
  auto v6 = fg::unsqueeze(v1, fg::axis<-1>);
  auto v7 = v5 / (1.5 + cos(v6));
  return v7;
};

constexpr auto program_84 = [](auto x0, auto x1, auto c0) {
  auto v0 = x1 / (1.5 + fg::cos(c0));
  auto v1 = fg::where(fg::index(x0, fg::axis<-1>) < 2, x0, 0.5 * x0);
  auto v2 = fg::cos(v0);
  auto v3 = v2 - v1;
  return v3;
};

constexpr auto program_85 = [](auto x0) {
  auto v0 = x0 - fg::mean(x0, fg::axis<0>, fg::keepdims);
  auto v1 = fg::sum(v0, fg::axis<-1>);
  auto v2 = v1 / 3;
  auto v3 = fg::var(v0, fg::axis<0>);
  auto v4 = fg::unsqueeze(v2, fg::axis<-1>);
  auto v5 = fg::sum(x0 * v3, fg::axis<2>);
  auto v6 = fg::unsqueeze(v5, fg::axis<-1>);
  auto v7 = fg::max(v6, v4);
  auto v8 = fg::squeeze(v7, fg::axis<2>);
  return v8;
};

}  // namespace

TEST_CASE("random program with axes 78: arguments of ranks 3, 0, 7 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 3, wrt<0, 1>, real<3>, real<0>>(program_78, "programs/group_06",
                                                                             "program_78");
}

TEST_CASE("random program with axes 79: arguments of ranks 1, 0, 9 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 1, wrt<0, 1>, real<1>, real<0>>(program_79, "programs/group_06",
                                                                             "program_79");
}

TEST_CASE("random program with axes 80: arguments of ranks 2, 2, 8 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 2, wrt<0, 1>, real<2>, real<2>>(program_80, "programs/group_06", "program_80");
}

TEST_CASE("random program with axes 81: arguments of ranks 1, 1, 8 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value), 1, wrt<0, 1>, real<1>, real<1>>(program_81, "programs/group_06",
                                                                                     "program_81");
}

TEST_CASE("random program with axes 82: arguments of ranks 2, 1, 1, 0, 13 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | second), 2, wrt<0, 1, 2, 3>, real<2>, real<1>, real<1>, real<0>>(
      program_82, "programs/group_06", "program_82");
}

TEST_CASE("random program with axes 83: arguments of ranks 2, 1, 2, 12 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 3, wrt<0, 1, 2>, real<2>, real<1>, real<2>>(
      program_83, "programs/group_06", "program_83");
}

TEST_CASE("random program with axes 84: arguments of ranks 1, 2, 0, 9 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 2, wrt<0, 1, 2>, real<1>, real<2>, real<0>>(
      program_84, "programs/group_06", "program_84");
}

TEST_CASE("random program with axes 85: an argument of rank 3, 11 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value), 2, wrt<0>, real<3>>(program_85, "programs/group_06", "program_85");
}
