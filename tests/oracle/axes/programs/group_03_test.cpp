// Random programs with axes 40 to 54, against derivatives from elsewhere.
// Written by tests/oracle/axes/random_programs.py: change that, not this.
#include "../check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto program_40 = [](auto x0, auto x1) {
  auto v0 = x0 * x1;
  auto v1 = fg::max(v0, fg::axis<1>, fg::keepdims);
  auto v2 = fg::sinc(0.5 * v1);
  auto v3 = fg::squeeze(v2, fg::axis<1>);
  return v3;
};

constexpr auto program_41 = [](auto x0) {
  auto v0 = fg::sum(x0, fg::axis<0>, fg::keepdims);
  auto v1 = fg::cosh(fg::tanh(v0));
  auto v2 = fg::squeeze(v1, fg::axis<0>);
  return v2;
};

constexpr auto program_42 = [](auto x0, auto x1) {
  auto v0 = fg::transpose(x0);
  auto v1 = fg::xlogy(fg::square(v0), 1 + fg::square(x1));
  return v1;
};

constexpr auto program_43 = [](auto x0) {
  auto v0 = sum(x0, fg::axis<0>);
  auto v1 = v0 * x0;
  auto v2 = fg::normalize(v1, fg::axis<-1>);
  return v2;
};

constexpr auto program_44 = [](auto x0, auto x1) {
  auto v0 = fg::unsqueeze(x1, fg::axis<-1>);
  auto v1 = fg::atan2(x0, 1.5 + fg::square(v0));
  return v1;
};

constexpr auto program_45 = [](auto x0, auto x1) {
  auto v0 = x1 - fg::mean(x1, fg::axis<-1>, fg::keepdims);
  auto v1 = v0 * x0;
  return v1;
};

constexpr auto program_46 = [](auto x0, auto x1) {
  auto v0 = fg::sum(x0 * x1, fg::axis<-2>);
  auto v1 = fg::norm(v0, fg::axis<-1>, fg::keepdims);
  auto v2 = fg::squeeze(v1, fg::axis<0>);
  return v2;
};

constexpr auto program_47 = [](auto x0) {
  auto v0 = mean(x0, fg::axis<0>);
  auto v1 = rsqrt(0.5 + square(v0));
  return v1;
};

constexpr auto program_48 = [](auto x0) {
  auto v0 = fg::where(fg::index(x0, fg::axis<1>) < 2, x0, 0.5 * x0);
  return v0;
};

constexpr auto program_49 = [](auto x0, auto x1) {
  auto v0 = fg::sum(x0, fg::axis<-2>, fg::keepdims);
  auto v1 = fg::softmax(v0, fg::axis<-1>);
  auto v2 = fg::unsqueeze(x1, fg::axis<-1>);
  auto v3 = v2 * v1;
  return v3;
};

constexpr auto program_50 = [](auto x0) {
  auto v0 = fg::exp2(-fg::square(x0));
  return v0;
};

constexpr auto program_51 = [](auto x0) {
  auto v0 = x0 * fg::index(x0, fg::axis<-2>);
  auto v1 = mean(square(x0), fg::axis<-1>);
  auto v2 = fg::unsqueeze(v1, fg::axis<-1>);
  auto v3 = v2 / (1 + square(v0));
  return v3;
};

constexpr auto program_52 = [](auto x0) {
  auto v0 = fg::acos(0.75 * fg::sin(x0));
  return v0;
};

constexpr auto program_53 = [](auto x0) {
  auto v0 = fg::permute(x0, fg::axis<1, -3, -1>);
  auto v1 = fg::log(1 + fg::square(v0));
  return v1;
};

constexpr auto program_54 = [](auto x0, auto x1) {
  auto v0 = fg::sum(x1 * x0, fg::axis<0>);
  auto v1 = fg::min(v0, x1);
  return v1;
};

}  // namespace

TEST_CASE("random program with axes 40: arguments of ranks 1, 2, 5 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 1, wrt<0, 1>, real<1>, real<2>>(program_40, "programs/group_03", "program_40");
}

TEST_CASE("random program with axes 41: an argument of rank 2, 4 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value), 1, wrt<0>, real<2>>(program_41, "programs/group_03", "program_41");
}

TEST_CASE("random program with axes 42: arguments of ranks 2, 1, 5 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | second), 2, wrt<0, 1>, real<2>, real<1>>(program_42, "programs/group_03",
                                                                                      "program_42");
}

TEST_CASE("random program with axes 43: an argument of rank 2, 3 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 2, wrt<0>, real<2>>(program_43, "programs/group_03", "program_43");
}

TEST_CASE("random program with axes 44: arguments of ranks 2, 1, 4 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 2, wrt<0, 1>, real<2>, real<1>>(program_44, "programs/group_03",
                                                                             "program_44");
}

TEST_CASE("random program with axes 45: arguments of ranks 1, 1, 3 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value), 1, wrt<0, 1>, real<1>, real<1>>(program_45, "programs/group_03",
                                                                                     "program_45");
}

TEST_CASE("random program with axes 46: arguments of ranks 2, 2, 4 operations, a result of rank 0",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 0, wrt<0, 1>, real<2>, real<2>>(program_46, "programs/group_03",
                                                                             "program_46");
}

TEST_CASE("random program with axes 47: an argument of rank 1, 4 operations, a result of rank 0",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | second), 0, wrt<0>, real<1>>(program_47, "programs/group_03",
                                                                          "program_47");
}

TEST_CASE("random program with axes 48: an argument of rank 2, 4 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 2, wrt<0>, real<2>>(program_48, "programs/group_03", "program_48");
}

TEST_CASE("random program with axes 49: arguments of ranks 2, 1, 4 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value), 2, wrt<0, 1>, real<2>, real<1>>(program_49, "programs/group_03",
                                                                                     "program_49");
}

TEST_CASE("random program with axes 50: an argument of rank 2, 3 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 2, wrt<0>, real<2>>(program_50, "programs/group_03", "program_50");
}

TEST_CASE("random program with axes 51: an argument of rank 2, 8 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 2, wrt<0>, real<2>>(program_51, "programs/group_03", "program_51");
}

TEST_CASE("random program with axes 52: an argument of rank 2, 3 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | second), 2, wrt<0>, real<2>>(program_52, "programs/group_03",
                                                                          "program_52");
}

TEST_CASE("random program with axes 53: an argument of rank 3, 4 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value), 3, wrt<0>, real<3>>(program_53, "programs/group_03", "program_53");
}

TEST_CASE("random program with axes 54: arguments of ranks 1, 1, 3 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 1, wrt<0, 1>, real<1>, real<1>>(program_54, "programs/group_03",
                                                                             "program_54");
}
