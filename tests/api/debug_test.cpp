// What is not finite is followed to where it was born.
#include <fusegrad/api/debug.hpp>
#include <fusegrad/fusegrad.hpp>

#include "catch.hpp"

namespace fg = fusegrad;
using kind = fg::non_finite::kind;
using vector = std::vector<float>;

TEST_CASE("a logarithm of 0 is found behind the sum that it reaches", "[debug]") {
  const vector x{0.5f, 1, 2, 0, 3};
  const auto found = fg::find_non_finite(fg::fuse([](auto v) { return fg::mean(2 + fg::log(v * 3)); }), x);
  CHECK(found.born == kind::infinity);
  CHECK(found.expression == "log(x0 * 3)");
  CHECK(found.element == 3);
  CHECK(found.result == 0);
  REQUIRE(found.led_there.size() == 2);
  CHECK(found.led_there[0].expression == "x0");
  CHECK(found.led_there[0].argument == 0);
  CHECK(found.led_there[0].element == 3);
  CHECK(found.led_there[1].expression == "x0 * 3");
  CHECK(found.led_there[1].value == 0);
  CHECK(found.text().find("-inf in log(x0 * 3), element 3") == 0);
}

TEST_CASE("a derivative that is not finite is found where the function is", "[debug]") {
  const vector x{1, 0, 4};
  const auto found = fg::find_non_finite(fg::value_and_grad([](auto v) { return fg::sum(fg::sqrt(v)); }), x);
  CHECK(found.born == kind::infinity);
  CHECK(found.element == 1);
  CHECK(found.result == 1);
  CHECK(found.result_element == 1);
}

TEST_CASE("a branch that is not taken is not blamed, an argument is", "[debug]") {
  const vector x{-1, 2, NAN};
  const auto f = fg::fuse([](auto v) { return fg::where(v > 0, fg::log(v), v); });
  CHECK_FALSE(fg::find_non_finite(f, vector{-1, 2}));
  const auto found = fg::find_non_finite(f, x);
  CHECK(found.born == kind::nan);
  CHECK(found.expression == "x0");
  CHECK(found.element == 2);
  CHECK(found.led_there.size() == 1);
}

TEST_CASE("what a function captured takes part", "[debug]") {
  float scale = 3e38f;
  const auto found = fg::find_non_finite(fg::fuse([scale](auto v) { return v * scale; }), vector{0.5f, 2});
  CHECK(found.born == kind::infinity);
  CHECK(found.expression == "x0 * x1");
  CHECK(found.element == 1);
  CHECK(found.led_there[1].value == static_cast<double>(scale));
}

TEST_CASE("sums, slices and derivatives of slices are followed to their elements", "[debug]") {
  const vector x{1, 2, 3e38f, 3e38f, 0};
  const auto overflow = fg::find_non_finite(fg::fuse([](auto v) { return fg::sum(v); }), x);
  CHECK(overflow.born == kind::infinity);
  CHECK(overflow.expression == "sum(x0)");
  const auto within = fg::find_non_finite(
      fg::grad([](auto v) { return fg::sum(fg::log(fg::slice(v, fg::axis<-1>, fg::range<1, fg::end>))); }), x);
  CHECK(within.born == kind::infinity);
  CHECK(within.result_element == 4);
  const auto along = fg::find_non_finite(fg::fuse([](auto v) { return fg::cumsum(fg::log(v)); }), x);
  CHECK(along.expression == "log(x0)");
  CHECK(along.element == 4);
  CHECK(along.result_element == 4);
}

TEST_CASE("where all is finite, a product that vanishes is named", "[debug]") {
  const auto found = fg::find_non_finite(fg::fuse([](auto v) { return v * v * 1e20f; }), vector{1, 1e-30f});
  CHECK(found.born == kind::underflow);
  CHECK(found.result == -1);
  CHECK(found.element == 1);
  CHECK_FALSE(fg::find_non_finite(fg::fuse([](auto v) { return v * v; }), vector{1, 0}));
}

TEST_CASE("debug returns what the call returns", "[debug]") {
  const auto loss = [](auto x, auto y) { return fg::mean(fg::square(x - y)); };
  const vector x{1, 2, 3}, y{2, 2, 5};
  const auto [value, slope] = fg::debug(fg::value_and_grad(loss))(x, y);
  const auto [wanted, slope_wanted] = fg::value_and_grad(loss)(x, y);
  static_assert(std::is_same_v<decltype(value), decltype(wanted)> &&
                std::is_same_v<decltype(slope), decltype(slope_wanted)>);
  CHECK(value == wanted);
  for (std::ptrdiff_t k = 0; k < 3; ++k) CHECK(slope[k] == slope_wanted[k]);
  CHECK_THROWS_AS(fg::find_non_finite(fg::fuse(loss), x, vector{1}), std::invalid_argument);
}
