// Arguments of different ranks, against derivatives from elsewhere.
// Written by tests/oracle/axes/generate.py: change that, not this.
#include "check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto ranks_0_2 = [](auto x, auto y) { return x * fg::exp(0.5 * y) - y; };

constexpr auto ranks_0_3 = [](auto x, auto y) { return x * fg::exp(0.5 * y) - y; };

constexpr auto ranks_1_0 = [](auto x, auto y) { return x * fg::exp(0.5 * y) - y; };

constexpr auto ranks_1_1 = [](auto x, auto y) { return x * fg::exp(0.5 * y) - y; };

constexpr auto ranks_2_0 = [](auto x, auto y) { return x * fg::exp(0.5 * y) - y; };

constexpr auto ranks_2_3 = [](auto x, auto y) { return x * fg::exp(0.5 * y) - y; };

constexpr auto ranks_3_1 = [](auto x, auto y) { return x * fg::exp(0.5 * y) - y; };

constexpr auto ranks_3_3 = [](auto x, auto y) { return x * fg::exp(0.5 * y) - y; };

}  // namespace

TEST_CASE("arguments of ranks 0 and 2 align by their last axes", "[oracle][axes]") {
  check<double, reverse | forward, 2, wrt<0, 1>, real<0>, real<2>>(ranks_0_2, "broadcasting", "ranks_0_2");
}

TEST_CASE("arguments of ranks 0 and 3 align by their last axes", "[oracle][axes]") {
  check<double, reverse | forward, 3, wrt<0, 1>, real<0>, real<3>>(ranks_0_3, "broadcasting", "ranks_0_3");
}

TEST_CASE("arguments of ranks 1 and 0 align by their last axes", "[oracle][axes]") {
  check<double, reverse | forward, 1, wrt<0, 1>, real<1>, real<0>>(ranks_1_0, "broadcasting", "ranks_1_0");
}

TEST_CASE("arguments of ranks 1 and 1 align by their last axes", "[oracle][axes]") {
  check<double, reverse | forward, 1, wrt<0, 1>, real<1>, real<1>>(ranks_1_1, "broadcasting", "ranks_1_1");
}

TEST_CASE("arguments of ranks 2 and 0 align by their last axes", "[oracle][axes]") {
  check<double, reverse | forward, 2, wrt<0, 1>, real<2>, real<0>>(ranks_2_0, "broadcasting", "ranks_2_0");
}

TEST_CASE("arguments of ranks 2 and 3 align by their last axes", "[oracle][axes]") {
  check<double, value | reverse | forward, 3, wrt<0, 1>, real<2>, real<3>>(ranks_2_3, "broadcasting", "ranks_2_3");
}

TEST_CASE("arguments of ranks 3 and 1 align by their last axes", "[oracle][axes]") {
  check<double, value | reverse | forward, 3, wrt<0, 1>, real<3>, real<1>>(ranks_3_1, "broadcasting", "ranks_3_1");
}

TEST_CASE("arguments of ranks 3 and 3 align by their last axes", "[oracle][axes]") {
  check<double, reverse | forward, 3, wrt<0, 1>, real<3>, real<3>>(ranks_3_3, "broadcasting", "ranks_3_3");
}
