// Random programs with axes 52 to 62, in every mode against another library's derivatives.
// Written by tests/oracle/axes/random_programs.py: change that, not this.
#include "../check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto program_52 = [](auto x0, auto x1) {
  auto v0 = fg::unsqueeze(x1, fg::axis<-1>);
  auto v1 = fg::sum(v0 * x0, fg::axis<2>);
  auto v2 = fg::unsqueeze(v1, fg::axis<-1>);
  auto v3 = fg::copysign(v0, v2);
  auto v4 = fg::squeeze(v3, fg::axis<-1>);
  return v4;
};

constexpr auto program_53 = [](auto x0) {
  auto v0 = x0 * fg::index(x0, fg::axis<0>);
  auto v1 = fg::prod(1 + 0.25 * fg::tanh(v0), fg::axis<-1>);
  return v1;
};

constexpr auto program_54 = [](auto x0) {
  auto v0 = fg::sigmoid(x0);
  auto v1 = x0 * fg::rsqrt(0.5 + fg::mean(fg::square(x0), fg::axis<-1>, fg::keepdims));
  auto v2 = v1 + v0;
  return v2;
};

constexpr auto program_55 = [](auto x0, auto c0) {
  auto v0 = x0 * rsqrt(0.5 + mean(square(x0), fg::axis<-2>, fg::keepdims));
  auto v1 = max(v0, c0);
  return v1;
};

constexpr auto program_56 = [](auto x0, auto x1) {
  auto v0 = fg::tan(0.5 * fg::tanh(x0));
  auto v1 = fg::sum(v0 * x0, fg::axis<1>);
  auto v2 = fg::unsqueeze(v1, fg::axis<-1>);
  auto v3 = v2 * x1;
  auto v4 = fg::mean(v3);
  return v4;
};

constexpr auto program_57 = [](auto x0, auto x1) {
  auto v0 = fg::unsqueeze(x1, fg::axis<-1>);
  auto v1 = v0 / (1 + fg::square(x0));
  auto v2 = fg::softmax(v1, fg::axis<-2>);
  return v2;
};

constexpr auto program_58 = [](auto x0) {
  auto v0 = fg::cbrt(2 + fg::square(x0));
  auto v1 = v0 * 0.5;
  auto v2 = v1 + 2;
  return v2;
};

constexpr auto program_59 = [](auto x0, auto x1) {
  auto v0 = sum(x1 * x0, fg::axis<1>);
  auto v1 = tan(0.5 * tanh(v0));
  auto v2 = x1 - 0.5;
  auto v3 = fg::unsqueeze(v1, fg::axis<-1>);
  auto v4 = v3 * v2;
  return v4;
};

constexpr auto program_60 = [](auto x0, auto x1, auto x2) {
  auto v0 = fg::unsqueeze(x1, fg::axis<-2>);
  auto v1 = v0 * fg::index(v0, fg::axis<-1>);
  auto v2 = fg::rsqrt(0.5 + fg::square(v1));
  auto v3 = fg::hypot(x2, v2);
  auto v4 = fg::max(x0, v3);
  return v4;
};

constexpr auto program_61 = [](auto x0, auto x1) {
  auto v0 = fg::unsqueeze(x1, fg::axis<-1>);
  auto v1 = fg::where(v0 > x0, fg::sin(v0), x0);
  auto v2 = fg::sqrt(1 + fg::square(v0));
  auto v3 = v2 / (1.5 + fg::cos(v1));
  return v3;
};

constexpr auto program_62 = [](auto x0, auto c0) {
  auto v0 = fg::atan(c0);
  auto v1 = fg::atan2(x0, v0);
  auto v2 = 3 - v1;
  auto v3 = fg::mean(fg::square(v2), fg::axis<-2, -1>, fg::keepdims);
  auto v4 = fg::squeeze(v3, fg::axis<-2>);
  auto v5 = fg::squeeze(v4, fg::axis<-1>);
  return v5;
};

}  // namespace

TEST_CASE("random program with axes 52: arguments of ranks 3, 1, 6 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | forward | thorough(second), 2, wrt<0, 1>, real<3>, real<1>>(program_52, "programs/group_04",
                                                                                      "program_52");
}

TEST_CASE("random program with axes 53: an argument of rank 2, 6 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value), 1, wrt<0>, real<2>>(program_53, "programs/group_04", "program_53");
}

TEST_CASE("random program with axes 54: an argument of rank 3, 7 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 3, wrt<0>, real<3>>(program_54, "programs/group_04", "program_54");
}

TEST_CASE("random program with axes 55: arguments of ranks 2, 0, 6 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 2, wrt<0, 1>, real<2>, real<0>>(program_55, "programs/group_04",
                                                                             "program_55");
}

TEST_CASE("random program with axes 56: arguments of ranks 2, 2, 9 operations, a result of rank 0",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 0, wrt<0, 1>, real<2>, real<2>>(program_56, "programs/group_04", "program_56");
}

TEST_CASE("random program with axes 57: arguments of ranks 1, 1, 5 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value | second), 2, wrt<0, 1>, real<1>, real<1>>(
      program_57, "programs/group_04", "program_57");
}

TEST_CASE("random program with axes 58: an argument of rank 2, 5 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 2, wrt<0>, real<2>>(program_58, "programs/group_04", "program_58");
}

TEST_CASE("random program with axes 59: arguments of ranks 1, 2, 8 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 2, wrt<0, 1>, real<1>, real<2>>(program_59, "programs/group_04",
                                                                             "program_59");
}

TEST_CASE("random program with axes 60: arguments of ranks 3, 2, 2, 8 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 3, wrt<0, 1, 2>, real<3>, real<2>, real<2>>(program_60, "programs/group_04",
                                                                               "program_60");
}

TEST_CASE("random program with axes 61: arguments of ranks 2, 1, 10 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value), 2, wrt<0, 1>, real<2>, real<1>>(program_61, "programs/group_04",
                                                                                     "program_61");
}

TEST_CASE("random program with axes 62: arguments of ranks 2, 0, 7 operations, a result of rank 0",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | second), 0, wrt<0, 1>, real<2>, real<0>>(program_62, "programs/group_04",
                                                                                      "program_62");
}
