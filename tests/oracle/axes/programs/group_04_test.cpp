// Random programs with axes 53 to 64, against derivatives from elsewhere.
// Written by tests/oracle/axes/random_programs.py: change that, not this.
#include "../check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto program_53 = [](auto x0) {
  auto v0 = fg::permute(x0, fg::axis<1, -3, -1>);
  auto v1 = fg::log(1 + fg::square(v0));
  return v1;
};

constexpr auto program_54 = [](auto x0, auto x1) {
  auto v0 = fg::sum(x1 * x0, fg::axis<0>);
  auto v1 = fg::min(v0, x1);
  auto v2 = v1 / (1 + fg::square(x0));
  return v2;
};

constexpr auto program_55 = [](auto x0) {
  auto v0 = x0 * 0.375;
  auto v1 = fg::log_softmax(v0, fg::axis<-1>);
  auto v2 = min(v1, fg::axis<-2>, fg::keepdims);
  auto v3 = pow(1 + square(v1), tanh(v2));
  return v3;
};

constexpr auto program_56 = [](auto x0, auto x1) {
  auto v0 = fg::logsumexp(x0, fg::axis<-1>);
  auto v1 = fg::where(fg::index(x1, fg::axis<0>) < 2, x1, 0.5 * x1);
  auto v2 = fg::min(v1, v0);
  return v2;
};

constexpr auto program_57 = [](auto x0, auto x1) {
  auto v0 = fg::sum(x1 * x0, fg::axis<-2>);
  auto v1 = -0.75 - v0;
  auto v2 = fg::norm(v1, fg::axis<0>);
  return v2;
};

constexpr auto program_58 = [](auto x0) {
  auto v0 = fg::cbrt(2 + fg::square(x0));
  auto v1 = v0 * 0.5;
  return v1;
};

constexpr auto program_59 = [](auto x0, auto x1) {
  auto v0 = sum(x1 * x0, fg::axis<1>);
  auto v1 = tan(0.5 * tanh(v0));
  return v1;
};

constexpr auto program_60 = [](auto x0, auto x1) {
  auto v0 = fg::where(fg::index(x1, fg::axis<2>) < 2, x1, 0.5 * x1);
  auto v1 = fg::hypot(v0, x0);
  auto v2 = fg::mean(fg::square(v1));
  return v2;
};

constexpr auto program_61 = [](auto x0) {
  auto v0 = fg::atan(x0);
  auto v1 = fg::silu(v0);
  auto v2 = v1 + 3;
  auto v3 = fg::logaddexp(v2, v0);
  auto v4 = fg::lgamma(1.5 + fg::square(v3));
  return v4;
};

constexpr auto program_62 = [](auto x0, auto x1, auto c0) {
  auto v0 = fg::mean(fg::square(x0), fg::axis<-2, -1>, fg::keepdims);
  auto v1 = fg::squeeze(v0, fg::axis<-2>);
  auto v2 = x1 - c0;
  auto v3 = v1 - v2;
  return v3;
};

constexpr auto program_63 = [](auto x0, auto x1) {
  auto v0 = where(x0 > x1, sin(x0), x1);
  auto v1 = x1 * x0 - v0;
  return v1;
};

constexpr auto program_64 = [](auto x0, auto x1) {
  auto v0 = fg::transpose(x0);
  auto v1 = fg::unsqueeze(x1, fg::axis<-1>);
  auto v2 = fg::pow(1 + fg::square(v0), fg::tanh(v1));
  return v2;
};

}  // namespace

TEST_CASE("random program with axes 53: an argument of rank 3, 4 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value), 3, wrt<0>, real<3>>(program_53, "programs/group_04", "program_53");
}

TEST_CASE("random program with axes 54: arguments of ranks 1, 1, 6 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 1, wrt<0, 1>, real<1>, real<1>>(program_54, "programs/group_04",
                                                                             "program_54");
}

TEST_CASE("random program with axes 55: an argument of rank 2, 7 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 2, wrt<0>, real<2>>(program_55, "programs/group_04", "program_55");
}

TEST_CASE("random program with axes 56: arguments of ranks 1, 2, 6 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 2, wrt<0, 1>, real<1>, real<2>>(program_56, "programs/group_04",
                                                                             "program_56");
}

TEST_CASE("random program with axes 57: arguments of ranks 3, 3, 4 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value | second), 1, wrt<0, 1>, real<3>, real<3>>(
      program_57, "programs/group_04", "program_57");
}

TEST_CASE("random program with axes 58: an argument of rank 3, 4 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 3, wrt<0>, real<3>>(program_58, "programs/group_04", "program_58");
}

TEST_CASE("random program with axes 59: arguments of ranks 1, 2, 5 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 1, wrt<0, 1>, real<1>, real<2>>(program_59, "programs/group_04",
                                                                             "program_59");
}

TEST_CASE("random program with axes 60: arguments of ranks 1, 3, 7 operations, a result of rank 0",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 0, wrt<0, 1>, real<1>, real<3>>(program_60, "programs/group_04", "program_60");
}

TEST_CASE("random program with axes 61: an argument of rank 2, 7 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value), 2, wrt<0>, real<2>>(program_61, "programs/group_04", "program_61");
}

TEST_CASE("random program with axes 62: arguments of ranks 2, 2, 0, 5 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | second), 2, wrt<0, 1, 2>, real<2>, real<2>, real<0>>(
      program_62, "programs/group_04", "program_62");
}

TEST_CASE("random program with axes 63: arguments of ranks 1, 2, 5 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 2, wrt<0, 1>, real<1>, real<2>>(program_63, "programs/group_04",
                                                                             "program_63");
}

TEST_CASE("random program with axes 64: arguments of ranks 2, 1, 6 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 2, wrt<0, 1>, real<2>, real<1>>(program_64, "programs/group_04",
                                                                             "program_64");
}
