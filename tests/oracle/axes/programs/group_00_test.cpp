// Random programs with axes 0 to 11, against derivatives from elsewhere.
// Written by tests/oracle/axes/random_programs.py: change that, not this.
#include "../check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto program_0 = [](auto x0, auto x1) {
  auto v0 = fg::sum(x1, fg::axis<-3>);
  auto v1 = fg::norm(v0, fg::axis<0>);
  auto v2 = v1 * x0;
  return v2;
};

constexpr auto program_1 = [](auto x0, auto x1) {
  auto v0 = fg::unsqueeze(x0, fg::axis<-1>);
  auto v1 = fg::sum(x1 * v0, fg::axis<2>);
  auto v2 = fg::mean(fg::square(v1));
  return v2;
};

constexpr auto program_2 = [](auto x0, auto x1) {
  auto v0 = fg::norm(x1, fg::axis<-1>, fg::keepdims);
  auto v1 = fg::expm1(0.25 * fg::sin(v0));
  auto v2 = v1 - x0;
  auto v3 = fg::mean(fg::square(v2));
  return v3;
};

constexpr auto program_3 = [](auto x0) {
  auto v0 = log1p(square(x0));
  auto v1 = sqrt(1 + square(v0));
  return v1;
};

constexpr auto program_4 = [](auto x0, auto x1) {
  auto v0 = fg::logsumexp(x0);
  auto v1 = fg::logsumexp(x1, fg::axis<-2>, fg::keepdims);
  auto v2 = fg::hypot(v1, v0);
  auto v3 = fg::squeeze(v2, fg::axis<0>);
  return v3;
};

constexpr auto program_5 = [](auto x0, auto x1) {
  auto v0 = fg::acosh(1.5 + fg::square(x0));
  auto v1 = fg::unsqueeze(v0, fg::axis<-1>);
  auto v2 = fg::min(x1, v1);
  return v2;
};

constexpr auto program_6 = [](auto x0, auto x1) {
  auto v0 = x0 - 0.5;
  auto v1 = fg::acos(0.75 * fg::sin(x1));
  auto v2 = v0 * v1;
  return v2;
};

constexpr auto program_7 = [](auto x0) {
  auto v0 = logsumexp(x0, fg::axis<0>, fg::keepdims);
  auto v1 = where(fg::index(x0, fg::axis<0>) < 2, x0, 0.5 * x0);
  auto v2 = min(v0, v1);
  return v2;
};

constexpr auto program_8 = [](auto x0, auto x1) {
  auto v0 = fg::prod(1 + 0.25 * fg::tanh(x1));
  auto v1 = x0 * v0;
  return v1;
};

constexpr auto program_9 = [](auto x0, auto x1) {
  auto v0 = fg::pow(1.25 + fg::square(x1), -1.5);
  auto v1 = fg::unsqueeze(v0, fg::axis<-1>);
  auto v2 = fg::unsqueeze(v1, fg::axis<1>);
  auto v3 = v2 + x0;
  return v3;
};

constexpr auto program_10 = [](auto x0, auto x1) {
  auto v0 = fg::mean(x0, fg::axis<1>);
  auto v1 = fg::cbrt(2 + fg::square(x1));
  auto v2 = fg::unsqueeze(v0, fg::axis<-1>);
  auto v3 = fg::hypot(v1, v2);
  auto v4 = fg::mean(fg::square(v3));
  return v4;
};

constexpr auto program_11 = [](auto x0, auto x1) {
  auto v0 = softplus(x0);
  auto v1 = where(fg::index(v0, fg::axis<-1>) < 2, v0, 0.5 * v0);
  auto v2 = x1 / (1 + square(v1));
  return v2;
};

}  // namespace

TEST_CASE("random program with axes 0: arguments of ranks 1, 3, 3 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 1, wrt<0, 1>, real<1>, real<3>>(program_0, "programs/group_00", "program_0");
}

TEST_CASE("random program with axes 1: arguments of ranks 2, 1, 5 operations, a result of rank 0",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value), 0, wrt<0, 1>, real<2>, real<1>>(program_1, "programs/group_00",
                                                                                     "program_1");
}

TEST_CASE("random program with axes 2: arguments of ranks 2, 1, 7 operations, a result of rank 0",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | second), 0, wrt<0, 1>, real<2>, real<1>>(program_2, "programs/group_00",
                                                                                      "program_2");
}

TEST_CASE("random program with axes 3: an argument of rank 1, 5 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 1, wrt<0>, real<1>>(program_3, "programs/group_00", "program_3");
}

TEST_CASE("random program with axes 4: arguments of ranks 1, 2, 4 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 1, wrt<0, 1>, real<1>, real<2>>(program_4, "programs/group_00",
                                                                             "program_4");
}

TEST_CASE("random program with axes 5: arguments of ranks 2, 3, 5 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value), 3, wrt<0, 1>, real<2>, real<3>>(program_5, "programs/group_00",
                                                                                     "program_5");
}

TEST_CASE("random program with axes 6: arguments of ranks 2, 1, 5 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 2, wrt<0, 1>, real<2>, real<1>>(program_6, "programs/group_00",
                                                                             "program_6");
}

TEST_CASE("random program with axes 7: an argument of rank 1, 6 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | second), 1, wrt<0>, real<1>>(program_7, "programs/group_00", "program_7");
}

TEST_CASE("random program with axes 8: arguments of ranks 2, 1, 5 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 2, wrt<0, 1>, real<2>, real<1>>(program_8, "programs/group_00",
                                                                             "program_8");
}

TEST_CASE("random program with axes 9: arguments of ranks 3, 1, 6 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value), 3, wrt<0, 1>, real<3>, real<1>>(program_9, "programs/group_00",
                                                                                     "program_9");
}

TEST_CASE("random program with axes 10: arguments of ranks 2, 2, 8 operations, a result of rank 0",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 0, wrt<0, 1>, real<2>, real<2>>(program_10, "programs/group_00", "program_10");
}

TEST_CASE("random program with axes 11: arguments of ranks 2, 3, 8 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 3, wrt<0, 1>, real<2>, real<3>>(program_11, "programs/group_00",
                                                                             "program_11");
}
