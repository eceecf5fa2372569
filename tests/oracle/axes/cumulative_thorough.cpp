// Running sums, against derivatives from elsewhere.
// Written by tests/oracle/axes/generate.py: change that, not this.
#include "check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto cumsum_twice = [](auto x) { return fg::cumsum(fg::exp(-fg::square(fg::cumsum(x)))); };

constexpr auto remaining = [](auto x) { return fg::sum(x, fg::axis<-1>, fg::keepdims) - fg::cumsum(x) + x; };

}  // namespace

TEST_CASE("the running sum of a running sum", "[oracle][axes]") {
  check<double, reverse | forward, 2, wrt<0>, real<2>>(cumsum_twice, "cumulative", "cumsum_twice");
}

TEST_CASE("a running sum from the end", "[oracle][axes]") {
  check<double, reverse | forward, 2, wrt<0>, real<2>>(remaining, "cumulative", "remaining");
}
