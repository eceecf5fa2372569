// Running sums, in every mode against JAX.
// Written by tests/oracle/axes/generate.py: change that, not this.
#include "check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto cumsum_vector = [](auto x) { return fg::cumsum(x); };

constexpr auto cumsum_rows = [](auto x) { return fg::cumsum(x); };

constexpr auto cumsum_3 = [](auto x) { return fg::cumsum(fg::sin(x)) * x; };

constexpr auto cumsum_mixed = [](auto x, auto y) { return fg::sum(fg::square(fg::cumsum(x * y)) - x, fg::axis<-1>); };

constexpr auto cumsum_twice = [](auto x) { return fg::cumsum(fg::exp(-fg::square(fg::cumsum(x)))); };

constexpr auto remaining = [](auto x) { return fg::sum(x, fg::axis<-1>, fg::keepdims) - fg::cumsum(x) + x; };

}  // namespace

TEST_CASE("the running sum of a vector", "[oracle][axes]") {
  check<double, value | reverse | forward | second, 1, wrt<0>, real<1>>(cumsum_vector, "cumulative", "cumsum_vector");
  check<float, value | reverse | forward | second, 1, wrt<0>, real<1>>(cumsum_vector, "cumulative", "cumsum_vector");
}

TEST_CASE("running sums of rows", "[oracle][axes]") {
  check<double, value | reverse | forward | second, 2, wrt<0>, real<2>>(cumsum_rows, "cumulative", "cumsum_rows");
  check<float, value | reverse | forward | second, 2, wrt<0>, real<2>>(cumsum_rows, "cumulative", "cumsum_rows");
}

TEST_CASE("running sums in an array of rank 3", "[oracle][axes]") {
  check<double, reverse | forward, 3, wrt<0>, real<3>>(cumsum_3, "cumulative", "cumsum_3");
}

TEST_CASE("running sums of a broadcast product feed a reduction", "[oracle][axes]") {
  check<double, reverse | forward | second, 1, wrt<0, 1>, real<2>, real<1>>(cumsum_mixed, "cumulative", "cumsum_mixed");
}

TEST_CASE("the running sum of a running sum", "[oracle][axes]") {
  check<double, reverse | forward, 2, wrt<0>, real<2>>(cumsum_twice, "cumulative", "cumsum_twice");
}

TEST_CASE("a running sum from the end", "[oracle][axes]") {
  check<double, reverse | forward, 2, wrt<0>, real<2>>(remaining, "cumulative", "remaining");
}
