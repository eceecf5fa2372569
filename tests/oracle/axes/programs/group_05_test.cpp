// Random programs with axes 65 to 73, against derivatives from elsewhere.
// Written by tests/oracle/axes/random_programs.py: change that, not this.
#include "../check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto program_65 = [](auto x0, auto x1) {
  auto v0 = fg::var(x1, fg::axis<0>, fg::keepdims);
  auto v1 = x0 - v0;
  auto v2 = -0.75 * v1;
  auto v3 = fg::squeeze(v0, fg::axis<0>);
  auto v4 = v1 / (1 + fg::square(x0));
  auto v5 = fg::hypot(v3, v2);
  auto v6 = v4 / (1 + fg::square(v5));
  auto v7 = fg::mean(fg::square(v6));
  return v7;
};

constexpr auto program_66 = [](auto x0, auto x1, auto c0) {
  auto v0 = fg::norm(x1, fg::axis<0>, fg::keepdims);
  auto v1 = fg::sqrt(1 + fg::square(x0));
  auto v2 = c0 * v1;
  auto v3 = v0 + v2;
  return v3;
};

constexpr auto program_67 = [](auto x0, auto x1) {
  auto v0 = pow(1.25 + square(x1), -1.5);
  auto v1 = fg::unsqueeze(v0, fg::axis<-1>);
  auto v2 = max(v1, x0);
  auto v3 = v2 / (1 + square(v1));
  return v3;
};

constexpr auto program_68 = [](auto x0, auto c0) {
  auto v0 = 1 * x0;
  auto v1 = v0 * fg::index(v0, fg::axis<-3>);
  auto v2 = fg::sum(v0, fg::axis<-1>);
  auto v3 = fg::unsqueeze(v2, fg::axis<-1>);
  auto v4 = fg::hypot(v3, c0);
  auto v5 = v4 / (1 + fg::square(v1));
  return v5;
};

constexpr auto program_69 = [](auto x0, auto x1, auto x2) {
  auto v0 = fg::unsqueeze(x0, fg::axis<-1>);
  auto v1 = fg::unsqueeze(x2, fg::axis<-1>);
  auto v2 = fg::unsqueeze(v1, fg::axis<1>);
  auto v3 = fg::fma(v0, v2, x1);
  auto v4 = fg::logsumexp(v3, fg::axis<-2>);
  auto v5 = x1 * 0.5;
  auto v6 = fg::unsqueeze(v4, fg::axis<1>);
  auto v7 = fg::min(v5, v6);
  return v7;
};

constexpr auto program_70 = [](auto x0, auto x1) {
  auto v0 = fg::mean(x1, fg::axis<-1>, fg::keepdims);
  auto v1 = fg::sum(x0, fg::axis<1, 2, -3>, fg::keepdims);
  auto v2 = fg::prod(1 + 0.25 * fg::tanh(v0), fg::axis<-2>);
  auto v3 = v2 + v1;
  auto v4 = fg::squeeze(v3, fg::axis<1>);
  auto v5 = fg::squeeze(v4, fg::axis<-2>);
  auto v6 = fg::squeeze(v5, fg::axis<0>);
  return v6;
};

constexpr auto program_71 = [](auto x0, auto x1) {
  auto v0 = xlogy(square(x1), 1 + square(x0));
  auto v1 = mean(v0, fg::axis<0>);
  auto v2 = v1 - mean(v1, fg::axis<-1>, fg::keepdims);
  return v2;
};

constexpr auto program_72 = [](auto x0, auto x1, auto c0) {
  auto v0 = fg::mean(x0, fg::axis<-2>);
  auto v1 = fg::min(x0, c0);
  auto v2 = fg::where(v0 > 0, fg::sqrt(v0), v1);
  auto v3 = fg::softmax(x1, fg::axis<-1>);
  auto v4 = fg::unsqueeze(v3, fg::axis<-1>);
  auto v5 = fg::max(v4, v2);
  return v5;
};

constexpr auto program_73 = [](auto x0, auto x1) {
  auto v0 = fg::unsqueeze(x1, fg::axis<-1>);
  auto v1 = fg::unsqueeze(v0, fg::axis<1>);
  auto v2 = fg::sum(x0 * v1, fg::axis<-3>);
  auto v3 = fg::unsqueeze(v0, fg::axis<1>);
  auto v4 = -v2;
  auto v5 = fg::mean(v3, fg::axis<-3>, fg::keepdims);
  auto v6 = v4 * v5;
  auto v7 = fg::squeeze(v6, fg::axis<0>);
  return v7;
};

}  // namespace

TEST_CASE("random program with axes 65: arguments of ranks 1, 1, 13 operations, a result of rank 0",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value), 0, wrt<0, 1>, real<1>, real<1>>(program_65, "programs/group_05",
                                                                                     "program_65");
}

TEST_CASE("random program with axes 66: arguments of ranks 1, 1, 0, 6 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 1, wrt<0, 1, 2>, real<1>, real<1>, real<0>>(
      program_66, "programs/group_05", "program_66");
}

TEST_CASE("random program with axes 67: arguments of ranks 1, 1, 8 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | second), 2, wrt<0, 1>, real<1>, real<1>>(program_67, "programs/group_05",
                                                                                      "program_67");
}

TEST_CASE("random program with axes 68: arguments of ranks 3, 0, 9 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 3, wrt<0, 1>, real<3>, real<0>>(program_68, "programs/group_05",
                                                                             "program_68");
}

TEST_CASE("random program with axes 69: arguments of ranks 1, 3, 1, 8 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value), 3, wrt<0, 1, 2>, real<1>, real<3>, real<1>>(
      program_69, "programs/group_05", "program_69");
}

TEST_CASE("random program with axes 70: arguments of ranks 3, 2, 10 operations, a result of rank 0",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 0, wrt<0, 1>, real<3>, real<2>>(program_70, "programs/group_05", "program_70");
}

TEST_CASE("random program with axes 71: arguments of ranks 2, 2, 7 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 1, wrt<0, 1>, real<2>, real<2>>(program_71, "programs/group_05",
                                                                             "program_71");
}

TEST_CASE("random program with axes 72: arguments of ranks 2, 1, 0, 8 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | second), 2, wrt<0, 1, 2>, real<2>, real<1>, real<0>>(
      program_72, "programs/group_05", "program_72");
}

TEST_CASE("random program with axes 73: arguments of ranks 3, 1, 9 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value), 2, wrt<0, 1>, real<3>, real<1>>(program_73, "programs/group_05",
                                                                                     "program_73");
}
