// Random programs with axes 55 to 68, against derivatives from elsewhere.
// Written by tests/oracle/axes/random_programs.py: change that, not this.
#include "../check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto program_55 = [](auto x0) {
  auto v0 = x0 * 0.375;
  auto v1 = fg::log_softmax(v0, fg::axis<-1>);
  auto v2 = min(v1, fg::axis<-2>, fg::keepdims);
  auto v3 = fg::squeeze(v2, fg::axis<-2>);
  auto v4 = mean(square(v3));
  return v4;
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
  return v1;
};

constexpr auto program_58 = [](auto x0) {
  auto v0 = fg::cbrt(2 + fg::square(x0));
  return v0;
};

constexpr auto program_59 = [](auto x0, auto x1) {
  auto v0 = sum(x0, fg::axis<-2>);
  auto v1 = mean(v0);
  auto v2 = v1 + x1;
  return v2;
};

constexpr auto program_60 = [](auto x0, auto x1) {
  auto v0 = fg::acosh(1.5 + fg::square(x0));
  auto v1 = fg::min(v0, x1);
  return v1;
};

constexpr auto program_61 = [](auto x0) {
  auto v0 = fg::mean(x0, fg::axis<0>);
  auto v1 = fg::sum(v0 * x0, fg::axis<1>);
  return v1;
};

constexpr auto program_62 = [](auto x0, auto x1) {
  auto v0 = fg::tanh(x0);
  auto v1 = 0.375 - x1;
  auto v2 = fg::unsqueeze(v1, fg::axis<-1>);
  auto v3 = fg::unsqueeze(v2, fg::axis<1>);
  auto v4 = v0 / (1.5 + fg::cos(v3));
  return v4;
};

constexpr auto program_63 = [](auto x0, auto x1) {
  auto v0 = x0 - 1;
  auto v1 = x0 / (1 + square(x1));
  auto v2 = v0 - v1;
  return v2;
};

constexpr auto program_64 = [](auto x0, auto x1) {
  auto v0 = x0 / -1.5;
  auto v1 = fg::silu(x1);
  auto v2 = 0.375 - v1;
  auto v3 = v0 / (1 + fg::square(v2));
  return v3;
};

constexpr auto program_65 = [](auto x0, auto x1) {
  auto v0 = x1 / (1 + fg::square(x0));
  auto v1 = x1 / (1 + fg::square(v0));
  auto v2 = fg::mean(fg::square(v1));
  return v2;
};

constexpr auto program_66 = [](auto x0, auto x1) {
  auto v0 = fg::prod(1 + 0.25 * fg::tanh(x0), fg::axis<-1>, fg::keepdims);
  auto v1 = x1 * v0;
  return v1;
};

constexpr auto program_67 = [](auto x0, auto x1) {
  auto v0 = where(fg::index(x0, fg::axis<0>) < 2, x0, 0.5 * x0);
  auto v1 = hypot(v0, x1);
  return v1;
};

constexpr auto program_68 = [](auto x0, auto x1) {
  auto v0 = fg::xlogy(fg::square(x0), 1 + fg::square(x1));
  return v0;
};

}  // namespace

TEST_CASE("random program with axes 55: an argument of rank 2, 6 operations, a result of rank 0",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 0, wrt<0>, real<2>>(program_55, "programs/group_04", "program_55");
}

TEST_CASE("random program with axes 56: arguments of ranks 1, 2, 6 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 2, wrt<0, 1>, real<1>, real<2>>(program_56, "programs/group_04",
                                                                             "program_56");
}

TEST_CASE("random program with axes 57: arguments of ranks 3, 3, 3 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value | second), 2, wrt<0, 1>, real<3>, real<3>>(
      program_57, "programs/group_04", "program_57");
}

TEST_CASE("random program with axes 58: an argument of rank 3, 3 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 3, wrt<0>, real<3>>(program_58, "programs/group_04", "program_58");
}

TEST_CASE("random program with axes 59: arguments of ranks 2, 1, 3 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 1, wrt<0, 1>, real<2>, real<1>>(program_59, "programs/group_04",
                                                                             "program_59");
}

TEST_CASE("random program with axes 60: arguments of ranks 1, 1, 4 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 1, wrt<0, 1>, real<1>, real<1>>(program_60, "programs/group_04", "program_60");
}

TEST_CASE("random program with axes 61: an argument of rank 2, 3 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value), 1, wrt<0>, real<2>>(program_61, "programs/group_04", "program_61");
}

TEST_CASE("random program with axes 62: arguments of ranks 2, 1, 7 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | second), 3, wrt<0, 1>, real<2>, real<1>>(program_62, "programs/group_04",
                                                                                      "program_62");
}

TEST_CASE("random program with axes 63: arguments of ranks 1, 3, 5 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 3, wrt<0, 1>, real<1>, real<3>>(program_63, "programs/group_04",
                                                                             "program_63");
}

TEST_CASE("random program with axes 64: arguments of ranks 2, 2, 6 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 2, wrt<0, 1>, real<2>, real<2>>(program_64, "programs/group_04",
                                                                             "program_64");
}

TEST_CASE("random program with axes 65: arguments of ranks 1, 1, 8 operations, a result of rank 0",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value), 0, wrt<0, 1>, real<1>, real<1>>(program_65, "programs/group_04",
                                                                                     "program_65");
}

TEST_CASE("random program with axes 66: arguments of ranks 1, 1, 5 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 1, wrt<0, 1>, real<1>, real<1>>(program_66, "programs/group_04",
                                                                             "program_66");
}

TEST_CASE("random program with axes 67: arguments of ranks 1, 2, 5 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | second), 2, wrt<0, 1>, real<1>, real<2>>(program_67, "programs/group_04",
                                                                                      "program_67");
}

TEST_CASE("random program with axes 68: arguments of ranks 1, 1, 4 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 1, wrt<0, 1>, real<1>, real<1>>(program_68, "programs/group_04",
                                                                             "program_68");
}
