// Random programs with axes 88 to 92, against derivatives from elsewhere.
// Written by tests/oracle/axes/random_programs.py: change that, not this.
#include "../check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto program_88 = [](auto x0, auto x1, auto x2, auto c0) {
  auto v0 = fg::var(x2);
  auto v1 = fg::min(x0, fg::axis<-1>);
  auto v2 = fg::var(x1);
  auto v3 = fg::normalize(x2, fg::axis<0>);
  auto v4 = fg::softplus(x2);
  auto v5 = fg::lerp(x2, c0, fg::sigmoid(v2));
  auto v6 = fg::reciprocal(1 + fg::square(x0));
  auto v7 = v0 - v1;
  auto v8 = v7 * v5;
  auto v9 = v4 * v8;
  auto v10 = v9 * v6;
  auto v11 = v10 / (1 + fg::square(v3));
  return v11;
};

constexpr auto program_89 = [](auto x0, auto x1, auto c0) {
  auto v0 = fg::mean(x1, fg::axis<-2>);
  auto v1 = fg::square(x0);
  auto v2 = v0 + 2;
  auto v3 = fg::norm(v0, fg::axis<-1>);
  auto v4 = fg::gelu(v1);
  auto v5 = v2 - fg::mean(v2, fg::axis<0>, fg::keepdims);
  auto v6 = fg::norm(v5, fg::axis<-1>);
  auto v7 = fg::where(fg::index(v4, fg::axis<-2>) < 2, v4, 0.5 * v4);
  auto v8 = v6 / (1.5 + fg::cos(c0));
  auto v9 = v7 - v8;
  auto v10 = fg::max(v3, v9);
  return v10;
};

constexpr auto program_90 = [](auto x0, auto x1) {
  auto v0 = fg::sin(x1);
  auto v1 = fg::logsumexp(v0, fg::axis<-1>);
  auto v2 = fg::unsqueeze(v1, fg::axis<-1>);
  auto v3 = fg::clamp(x0, -1 - fg::square(v2), 1 + fg::square(v0));
  auto v4 = fg::squeeze(v2, fg::axis<1>);
  auto v5 = fg::squeeze(v2, fg::axis<-1>);
  auto v6 = fg::pow(x0, 2);
  auto v7 = fg::prod(1 + 0.25 * fg::tanh(v6), fg::axis<0>);
  auto v8 = fg::unsqueeze(v5, fg::axis<-1>);
  auto v9 = fg::hypot(v7, v8);
  auto v10 = fg::unsqueeze(v4, fg::axis<-1>);
  auto v11 = v10 - v9;
  auto v12 = fg::hypot(v11, v3);
  return v12;
};

constexpr auto program_91 = [](auto x0, auto x1, auto x2) {
  auto v0 = fg::unsqueeze(x2, fg::axis<-1>);
  auto v1 = fg::unsqueeze(v0, fg::axis<-2>);
  auto v2 = v1 - x0;
  auto v3 = squareplus(x0, 2.0);
  auto v4 = xlogy(square(x1), 1 + square(v3));
  auto v5 = fg::log_softmax(x1, fg::axis<-3>);
  auto v6 = fg::softmax(v0, fg::axis<0>);
  auto v7 = max(v2, fg::axis<2, -2, 0>);
  auto v8 = log1p(square(v6));
  auto v9 = fg::unsqueeze(v8, fg::axis<-2>);
  auto v10 = min(v5, v9);
  auto v11 = v4 - v7;
  auto v12 = v10 / (1.5 + cos(v11));
  return v12;
};

constexpr auto program_92 = [](auto x0, auto x1, auto c0) {
  auto v0 = fg::gelu(c0);
  auto v1 = fg::sum(x1, fg::axis<0>, fg::keepdims);
  auto v2 = fg::tanh(x0);
  auto v3 = fg::exp2(-fg::square(v2));
  auto v4 = fg::prod(1 + 0.25 * fg::tanh(v3), fg::axis<0>);
  auto v5 = fg::expm1(0.25 * fg::sin(v1));
  auto v6 = fg::xlogy(fg::square(v4), 1 + fg::square(v5));
  auto v7 = v6 * v0;
  auto v8 = fg::squeeze(v7, fg::axis<0>);
  return v8;
};

}  // namespace

TEST_CASE("random program with axes 88: arguments of ranks 1, 1, 1, 0, 17 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 1, wrt<0, 1, 2, 3>, real<1>, real<1>, real<1>, real<0>>(
      program_88, "programs/group_08", "program_88");
}

TEST_CASE("random program with axes 89: arguments of ranks 2, 2, 0, 17 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | value), 2, wrt<0, 1, 2>, real<2>, real<2>, real<0>>(
      program_89, "programs/group_08", "program_89");
}

TEST_CASE("random program with axes 90: arguments of ranks 2, 2, 20 operations, a result of rank 2",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 2, wrt<0, 1>, real<2>, real<2>>(program_90, "programs/group_08", "program_90");
}

TEST_CASE("random program with axes 91: arguments of ranks 2, 3, 1, 19 operations, a result of rank 3",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward), 3, wrt<0, 1, 2>, real<2>, real<3>, real<1>>(
      program_91, "programs/group_08", "program_91");
}

TEST_CASE("random program with axes 92: arguments of ranks 1, 2, 0, 19 operations, a result of rank 1",
          "[oracle][axes][programs]") {
  check<double, reverse | thorough(forward | second), 1, wrt<0, 1, 2>, real<1>, real<2>, real<0>>(
      program_92, "programs/group_08", "program_92");
}
