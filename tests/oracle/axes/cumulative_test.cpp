// Running sums, against derivatives from elsewhere.
// Written by tests/oracle/axes/generate.py: change that, not this.
#include "check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto cumsum_vector = [](auto x) { return fg::cumsum(x); };

constexpr auto cumsum_rows = [](auto x) { return fg::cumsum(x); };

constexpr auto cumsum_3 = [](auto x) { return fg::cumsum(fg::sin(x)) * x; };

constexpr auto cumsum_mixed = [](auto x, auto y) { return fg::sum(fg::square(fg::cumsum(x * y)) - x, fg::axis<-1>); };

}  // namespace

TEST_CASE("the running sum of a vector", "[oracle][axes]") {
  check<double, reverse | thorough(value | forward | second), 1, wrt<0>, real<1>>(cumsum_vector, "cumulative",
                                                                                  "cumsum_vector");
  check<float, thorough(reverse), 1, wrt<0>, real<1>>(cumsum_vector, "cumulative", "cumsum_vector");
}

TEST_CASE("running sums of rows", "[oracle][axes]") {
  check<double, reverse | forward | second | thorough(value), 2, wrt<0>, real<2>>(cumsum_rows, "cumulative",
                                                                                  "cumsum_rows");
  check<float, thorough(reverse), 2, wrt<0>, real<2>>(cumsum_rows, "cumulative", "cumsum_rows");
}

TEST_CASE("running sums in an array of rank 3", "[oracle][axes]") {
  check<double, reverse | thorough(forward), 3, wrt<0>, real<3>>(cumsum_3, "cumulative", "cumsum_3");
}

TEST_CASE("running sums of a broadcast product feed a reduction", "[oracle][axes]") {
  check<double, reverse | thorough(forward | second), 1, wrt<0, 1>, real<2>, real<1>>(cumsum_mixed, "cumulative",
                                                                                      "cumsum_mixed");
}
