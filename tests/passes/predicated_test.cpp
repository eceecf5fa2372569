// Adjoints under conditions: what a branch not taken would have had, infinities and NaN included, reaches nothing. In
// both modes, to second order, for numbers and arrays.
#include <cmath>

#include "every_mode.hpp"

namespace fg = fusegrad;
using every_mode::check;

TEST_CASE("the root of a selected number has no slope where it is not taken", "[passes][where]") {
  check([](auto x) { return fg::where(x > 0, fg::sqrt(x), 0); },
        {{0, 0, 0}, {-1, 0, 0}, {4, 0.25, -0.03125}, {-0.0, 0, 0}});
}

TEST_CASE("a quotient that is selected around its pole has the slope of the other branch there", "[passes][where]") {
  check([](auto x) { return fg::where(x != 0, fg::sin(x) / x, 1 - x * x / 6); },
        {{0, 0, -1.0 / 3}, {1, std::cos(1.0) - std::sin(1.0), -std::sin(1.0) - 2 * (std::cos(1.0) - std::sin(1.0))}});
  check([](auto x) { return fg::where(x != 0, fg::sin(x) / x, 1.0); }, {{0, 0, 0}});
}

TEST_CASE("a logarithm in the branch not taken leaves no trace", "[passes][where]") {
  check([](auto x) { return fg::where(x < 1, 2 * x, fg::log(x - 1)); },
        {{0, 2, 0}, {-5, 2, 0}, {0.5, 2, 0}, {3, 0.5, -0.25}});
  check([](auto x) { return fg::where(x >= 1, fg::log(x - 1) * fg::sqrt(x - 2), fg::exp(x)); },
        {{0, 1, 1}, {-5, std::exp(-5.0), std::exp(-5.0)}});
}

TEST_CASE("nested selections take the slope of the innermost branch taken", "[passes][where]") {
  const auto f = [](auto x) {
    return fg::where(x > 0, fg::where(x > 1, fg::log(x - 1), fg::sqrt(x)), fg::where(x > -1, x * x, fg::exp(x)));
  };
  check(f, {{2, 1, -1}, {0.25, 1, -2}, {-0.5, -1, 2}, {-2, std::exp(-2.0), std::exp(-2.0)}, {0, 0, 2}});
  // x = 1: the logarithm of 0 stands in the branch not taken
  check(f, {{1, 0.5, -0.25}});
}
