// Arguments of different ranks, against derivatives from elsewhere.
// Written by tests/oracle/axes/generate.py: change that, not this.
#include "check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto ranks_0_1 = [](auto x, auto y) { return x * fg::exp(0.5 * y) - y; };

constexpr auto ranks_1_2 = [](auto x, auto y) { return x * fg::exp(0.5 * y) - y; };

constexpr auto ranks_1_3 = [](auto x, auto y) { return x * fg::exp(0.5 * y) - y; };

constexpr auto ranks_2_1 = [](auto x, auto y) { return x * fg::exp(0.5 * y) - y; };

constexpr auto ranks_2_2 = [](auto x, auto y) { return x * fg::exp(0.5 * y) - y; };

constexpr auto ranks_3_0 = [](auto x, auto y) { return x * fg::exp(0.5 * y) - y; };

constexpr auto ranks_3_2 = [](auto x, auto y) { return x * fg::exp(0.5 * y) - y; };

}  // namespace

TEST_CASE("arguments of ranks 0 and 1 align by their last axes", "[oracle][axes]") {
  check<double, reverse | thorough(forward), 1, wrt<0, 1>, real<0>, real<1>>(ranks_0_1, "broadcasting", "ranks_0_1");
}

TEST_CASE("arguments of ranks 1 and 2 align by their last axes", "[oracle][axes]") {
  check<double, reverse | thorough(value | forward), 2, wrt<0, 1>, real<1>, real<2>>(ranks_1_2, "broadcasting",
                                                                                     "ranks_1_2");
}

TEST_CASE("arguments of ranks 1 and 3 align by their last axes", "[oracle][axes]") {
  check<double, reverse | thorough(value | forward), 3, wrt<0, 1>, real<1>, real<3>>(ranks_1_3, "broadcasting",
                                                                                     "ranks_1_3");
  check<float, thorough(reverse), 3, wrt<0, 1>, real<1>, real<3>>(ranks_1_3, "broadcasting", "ranks_1_3");
}

TEST_CASE("arguments of ranks 2 and 1 align by their last axes", "[oracle][axes]") {
  check<double, value | reverse | forward, 2, wrt<0, 1>, real<2>, real<1>>(ranks_2_1, "broadcasting", "ranks_2_1");
  check<float, thorough(reverse), 2, wrt<0, 1>, real<2>, real<1>>(ranks_2_1, "broadcasting", "ranks_2_1");
}

TEST_CASE("arguments of ranks 2 and 2 align by their last axes", "[oracle][axes]") {
  check<double, reverse | thorough(forward), 2, wrt<0, 1>, real<2>, real<2>>(ranks_2_2, "broadcasting", "ranks_2_2");
}

TEST_CASE("arguments of ranks 3 and 0 align by their last axes", "[oracle][axes]") {
  check<double, reverse | thorough(forward), 3, wrt<0, 1>, real<3>, real<0>>(ranks_3_0, "broadcasting", "ranks_3_0");
}

TEST_CASE("arguments of ranks 3 and 2 align by their last axes", "[oracle][axes]") {
  check<double, reverse | thorough(value | forward), 3, wrt<0, 1>, real<3>, real<2>>(ranks_3_2, "broadcasting",
                                                                                     "ranks_3_2");
}
