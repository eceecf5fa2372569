// Random programs with axes 26 to 39, against derivatives from elsewhere.
// Written by tests/oracle/axes/random_programs.py: change that, not this.
#include "../check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto program_26 = [](auto x0) {
  auto v0 = x0 + -0.75;
  auto v1 = v0 * x0;
  auto v2 = x0 * 1;
  auto v3 = v1 / (1 + fg::square(v2));
  return v3;
};

constexpr auto program_27 = [](auto x0, auto x1) {
  auto v0 = acosh(1.5 + square(x0));
  auto v1 = v0 * x1;
  return v1;
};

constexpr auto program_28 = [](auto x0, auto x1) {
  auto v0 = fg::softmax(x1, fg::axis<-1>);
  auto v1 = fg::exp2(-fg::square(x0));
  auto v2 = v0 / (1 + fg::square(v1));
  return v2;
};

constexpr auto program_29 = [](auto x0) {
  auto v0 = fg::softmax(x0, fg::axis<-3>);
  auto v1 = x0 * 0.375;
  auto v2 = fg::hypot(v1, v0);
  return v2;
};

constexpr auto program_30 = [](auto x0) {
  auto v0 = x0 * fg::rsqrt(0.5 + fg::mean(fg::square(x0), fg::axis<0>, fg::keepdims));
  return v0;
};

constexpr auto program_31 = [](auto x0, auto x1) {
  auto v0 = sinh(sin(x0));
  auto v1 = hypot(v0, x1);
  return v1;
};

constexpr auto program_32 = [](auto x0, auto x1) {
  auto v0 = fg::unsqueeze(x0, fg::axis<-1>);
  auto v1 = fg::sum(x1 * v0, fg::axis<1>);
  return v1;
};

constexpr auto program_33 = [](auto x0, auto x1) {
  auto v0 = fg::expm1(0.25 * fg::sin(x1));
  auto v1 = v0 * x0;
  return v1;
};

constexpr auto program_34 = [](auto x0, auto x1) {
  auto v0 = fg::acos(0.75 * fg::sin(x0));
  auto v1 = x1 * v0;
  return v1;
};

constexpr auto program_35 = [](auto x0, auto x1) {
  auto v0 = fg::transpose(x0);
  auto v1 = x1 / 0.5;
  auto v2 = hypot(v1, v0);
  auto v3 = mean(square(v2));
  return v3;
};

constexpr auto program_36 = [](auto x0) {
  auto v0 = fg::transpose(x0);
  auto v1 = fg::lgamma(1.5 + fg::square(v0));
  return v1;
};

constexpr auto program_37 = [](auto x0, auto x1) {
  auto v0 = fg::log2(1.5 + x1 * x1);
  auto v1 = v0 / (1 + fg::square(x0));
  auto v2 = fg::mean(fg::square(v1));
  return v2;
};

constexpr auto program_38 = [](auto x0, auto x1) {
  auto v0 = fg::log_softmax(x1, fg::axis<1>);
  auto v1 = x0 * x1;
  auto v2 = fg::min(v1, v0);
  return v2;
};

constexpr auto program_39 = [](auto x0, auto x1) {
  auto v0 = fg::log_softmax(x0, fg::axis<0>);
  auto v1 = v0 / (1 + sum(abs(v0), fg::axis<-1>, fg::keepdims));
  auto v2 = fg::unsqueeze(x1, fg::axis<-1>);
  auto v3 = hypot(v1, v2);
  return v3;
};

}  // namespace

TEST_CASE("random program with axes 26: an argument of rank 2, 6 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 2, wrt<0>, real<2>>(program_26, "programs/group_02", "program_26");
}

TEST_CASE("random program with axes 27: arguments of ranks 2, 2, 4 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | second), 2, wrt<0, 1>, real<2>, real<2>>(program_27, "programs/group_02",
                                                                                      "program_27");
}

TEST_CASE("random program with axes 28: arguments of ranks 1, 1, 7 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 1, wrt<0, 1>, real<1>, real<1>>(program_28, "programs/group_02",
                                                                             "program_28");
}

TEST_CASE("random program with axes 29: an argument of rank 3, 3 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value), 3, wrt<0>, real<3>>(program_29, "programs/group_02", "program_29");
}

TEST_CASE("random program with axes 30: an argument of rank 3, 5 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 3, wrt<0>, real<3>>(program_30, "programs/group_02", "program_30");
}

TEST_CASE("random program with axes 31: arguments of ranks 1, 1, 3 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 1, wrt<0, 1>, real<1>, real<1>>(program_31, "programs/group_02",
                                                                             "program_31");
}

TEST_CASE("random program with axes 32: arguments of ranks 1, 2, 3 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | second), 1, wrt<0, 1>, real<1>, real<2>>(program_32, "programs/group_02",
                                                                                      "program_32");
}

TEST_CASE("random program with axes 33: arguments of ranks 3, 2, 4 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value), 3, wrt<0, 1>, real<3>, real<2>>(program_33, "programs/group_02",
                                                                                     "program_33");
}

TEST_CASE("random program with axes 34: arguments of ranks 1, 1, 4 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 1, wrt<0, 1>, real<1>, real<1>>(program_34, "programs/group_02",
                                                                             "program_34");
}

TEST_CASE("random program with axes 35: arguments of ranks 3, 2, 5 operations, a result of rank 0",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 0, wrt<0, 1>, real<3>, real<2>>(program_35, "programs/group_02",
                                                                             "program_35");
}

TEST_CASE("random program with axes 36: an argument of rank 2, 4 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 2, wrt<0>, real<2>>(program_36, "programs/group_02", "program_36");
}

TEST_CASE("random program with axes 37: arguments of ranks 1, 1, 8 operations, a result of rank 0",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value | second), 0, wrt<0, 1>, real<1>, real<1>>(
      program_37, "programs/group_02", "program_37");
}

TEST_CASE("random program with axes 38: arguments of ranks 1, 2, 3 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 2, wrt<0, 1>, real<1>, real<2>>(program_38, "programs/group_02",
                                                                             "program_38");
}

TEST_CASE("random program with axes 39: arguments of ranks 2, 1, 7 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 2, wrt<0, 1>, real<2>, real<1>>(program_39, "programs/group_02",
                                                                             "program_39");
}
