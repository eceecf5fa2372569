// Random programs with axes 12 to 25, against derivatives from elsewhere.
// Written by tests/oracle/axes/random_programs.py: change that, not this.
#include "../check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto program_12 = [](auto x0) {
  auto v0 = fg::mean(x0, fg::axis<0>, fg::keepdims);
  auto v1 = fg::logsumexp(v0, fg::axis<1>);
  auto v2 = fg::where(fg::index(x0, fg::axis<-1>) < 2, x0, 0.5 * x0);
  auto v3 = v1 + v2;
  return v3;
};

constexpr auto program_13 = [](auto x0, auto x1) {
  auto v0 = fg::prod(1 + 0.25 * fg::tanh(x0));
  auto v1 = x1 + v0;
  return v1;
};

constexpr auto program_14 = [](auto x0, auto x1) {
  auto v0 = x0 * 0.375;
  auto v1 = fg::log_softmax(x1, fg::axis<1>);
  auto v2 = v1 / (1.5 + fg::cos(v0));
  return v2;
};

constexpr auto program_15 = [](auto x0, auto x1) {
  auto v0 = softplus(x0);
  auto v1 = exp(-abs(x0));
  auto v2 = v1 - x1;
  auto v3 = hypot(v0, v2);
  return v3;
};

constexpr auto program_16 = [](auto x0) {
  auto v0 = fg::softplus(x0);
  auto v1 = v0 - x0;
  auto v2 = v0 + v1;
  return v2;
};

constexpr auto program_17 = [](auto x0, auto x1) {
  auto v0 = fg::unsqueeze(x0, fg::axis<-1>);
  auto v1 = x1 / (1 + fg::square(v0));
  return v1;
};

constexpr auto program_18 = [](auto x0, auto x1) {
  auto v0 = fg::expm1(0.25 * fg::sin(x1));
  auto v1 = v0 * x0;
  return v1;
};

constexpr auto program_19 = [](auto x0, auto x1) {
  auto v0 = log2(1.5 + x0 * x0);
  auto v1 = x1 + v0;
  return v1;
};

constexpr auto program_20 = [](auto x0, auto x1) {
  auto v0 = fg::min(x1);
  auto v1 = fg::asinh(v0);
  auto v2 = x0 / (1.5 + fg::cos(v1));
  return v2;
};

constexpr auto program_21 = [](auto x0, auto x1) {
  auto v0 = fg::atanh(0.5 * fg::tanh(x0));
  auto v1 = x1 - v0;
  return v1;
};

constexpr auto program_22 = [](auto x0, auto x1) {
  auto v0 = fg::var(x0, fg::axis<-1>, fg::keepdims);
  auto v1 = v0 / 1.25;
  auto v2 = x1 / (1 + fg::square(v1));
  return v2;
};

constexpr auto program_23 = [](auto x0) {
  auto v0 = sum(x0, fg::axis<0>, fg::keepdims);
  auto v1 = fg::normalize(x0, fg::axis<0>);
  auto v2 = v0 + v1;
  return v2;
};

constexpr auto program_24 = [](auto x0, auto x1) {
  auto v0 = fg::leaky_relu(x1, 0.125);
  auto v1 = x1 + x0;
  auto v2 = v1 + v0;
  return v2;
};

constexpr auto program_25 = [](auto x0, auto x1) {
  auto v0 = -0.75 * x1;
  auto v1 = fg::atan2(x0, x1);
  auto v2 = v0 * v1;
  return v2;
};

}  // namespace

TEST_CASE("random program with axes 12: an argument of rank 2, 7 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | second), 2, wrt<0>, real<2>>(program_12, "programs/group_01",
                                                                          "program_12");
}

TEST_CASE("random program with axes 13: arguments of ranks 1, 1, 5 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value), 1, wrt<0, 1>, real<1>, real<1>>(program_13, "programs/group_01",
                                                                                     "program_13");
}

TEST_CASE("random program with axes 14: arguments of ranks 1, 2, 5 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 2, wrt<0, 1>, real<1>, real<2>>(program_14, "programs/group_01",
                                                                             "program_14");
}

TEST_CASE("random program with axes 15: arguments of ranks 1, 2, 6 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 2, wrt<0, 1>, real<1>, real<2>>(program_15, "programs/group_01",
                                                                             "program_15");
}

TEST_CASE("random program with axes 16: an argument of rank 2, 3 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 2, wrt<0>, real<2>>(program_16, "programs/group_01", "program_16");
}

TEST_CASE("random program with axes 17: arguments of ranks 1, 2, 4 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value | second), 2, wrt<0, 1>, real<1>, real<2>>(
      program_17, "programs/group_01", "program_17");
}

TEST_CASE("random program with axes 18: arguments of ranks 1, 1, 4 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 1, wrt<0, 1>, real<1>, real<1>>(program_18, "programs/group_01",
                                                                             "program_18");
}

TEST_CASE("random program with axes 19: arguments of ranks 1, 1, 4 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 1, wrt<0, 1>, real<1>, real<1>>(program_19, "programs/group_01",
                                                                             "program_19");
}

TEST_CASE("random program with axes 20: arguments of ranks 2, 1, 5 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 2, wrt<0, 1>, real<2>, real<1>>(program_20, "programs/group_01", "program_20");
}

TEST_CASE("random program with axes 21: arguments of ranks 1, 1, 4 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value), 1, wrt<0, 1>, real<1>, real<1>>(program_21, "programs/group_01",
                                                                                     "program_21");
}

TEST_CASE("random program with axes 22: arguments of ranks 2, 1, 5 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | second), 2, wrt<0, 1>, real<2>, real<1>>(program_22, "programs/group_01",
                                                                                      "program_22");
}

TEST_CASE("random program with axes 23: an argument of rank 1, 3 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 1, wrt<0>, real<1>>(program_23, "programs/group_01", "program_23");
}

TEST_CASE("random program with axes 24: arguments of ranks 1, 1, 3 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 1, wrt<0, 1>, real<1>, real<1>>(program_24, "programs/group_01",
                                                                             "program_24");
}

TEST_CASE("random program with axes 25: arguments of ranks 2, 2, 3 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value), 2, wrt<0, 1>, real<2>, real<2>>(program_25, "programs/group_01",
                                                                                     "program_25");
}
