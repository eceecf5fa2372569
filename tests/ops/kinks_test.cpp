// The conventions at kinks, ties, zeros and infinities, operation by operation. The oracle's tables check the rest.
#include "slopes.hpp"

namespace fg = fusegrad;
using slopes::check;
using slopes::inf;
using slopes::quiet_nan;

TEST_CASE("the slope of |x| at 0 is 0", "[ops]") {
  constexpr auto f = fg::abs;
  check(f, 0, 0, 0.0);
  check(f, 0, 0, -0.0);
  check(f, 2, -1, -2.0);
}

TEST_CASE("steps have no slope, at the steps neither", "[ops]") {
  for (double x : {-1.5, -1.0, 0.0, 0.5, 2.0}) {
    check(fg::sign, x < 0 ? -1 : x > 0 ? 1 : 0, 0, x);
    check(fg::floor, std::floor(x), 0, x);
    check(fg::ceil, std::ceil(x), 0, x);
    check(fg::round, std::round(x), 0, x);
    check(fg::trunc, std::trunc(x), 0, x);
  }
}

TEST_CASE("roots and logarithms are infinitely steep at the end of their domain", "[ops]") {
  check(fg::sqrt, 0, inf, 0.0);
  check(fg::cbrt, 0, inf, 0.0);
  check(fg::rsqrt, inf, -inf, 0.0);
  check(fg::log, -inf, inf, 0.0);
  check(fg::log1p, -inf, inf, -1.0);
  check(fg::asin, std::asin(1.0), inf, 1.0);
  check(fg::asin, std::asin(-1.0), inf, -1.0);
  check(fg::acos, 0, -inf, 1.0);
  check(fg::acos, std::acos(-1.0), -inf, -1.0);
}

TEST_CASE("a tie of max and min is shared, a NaN keeps to itself", "[ops]") {
  constexpr auto larger = fg::max;
  constexpr auto smaller = fg::min;
  check<0>(larger, 2, 0.5, 2.0, 2.0);
  check<1>(larger, 2, 0.5, 2.0, 2.0);
  check<0>(smaller, 2, 0.5, 2.0, 2.0);
  check<1>(smaller, 2, 0.5, 2.0, 2.0);
  check<0>(larger, inf, 0.5, inf, inf);
  check<0>(smaller, -inf, 0.5, -inf, -inf);
  check<0>(larger, quiet_nan, quiet_nan, quiet_nan, 1.0);
  check<1>(larger, quiet_nan, 0, quiet_nan, 1.0);
  check<0>(smaller, quiet_nan, 0, 1.0, quiet_nan);
  check<1>(smaller, quiet_nan, quiet_nan, 1.0, quiet_nan);
}

TEST_CASE("clamp passes derivatives inside and at its bounds", "[ops]") {
  constexpr auto f = [](auto x) { return fg::clamp(x, -1, 2); };
  check(f, -1, 1, -1.0);
  check(f, 2, 1, 2.0);
  check(f, 0.5, 1, 0.5);
  check(f, -1, 0, -1.5);
  check(f, 2, 0, 2.5);
}

TEST_CASE("distances and angles have no slope at the origin", "[ops]") {
  check<0>(fg::hypot, 0, 0, 0.0, 0.0);
  check<1>(fg::hypot, 0, 0, 0.0, 0.0);
  check<0>(fg::atan2, 0, 0, 0.0, 0.0);
  check<1>(fg::atan2, 0, 0, 0.0, 0.0);
}

TEST_CASE("powers at 0", "[ops]") {
  constexpr auto power = fg::pow;
  check<0>(power, 1, 0, 0.0, 0.0);
  check<0>(power, 0, inf, 0.0, 0.5);
  check<0>(power, 0, 1, 0.0, 1.0);
  check<0>(power, 0, 0, 0.0, 1.5);
  check<1>(power, 1, 0, 0.0, 0.0);
  check<1>(power, 0, 0, 0.0, 2.0);
  check([](auto x) { return fg::pow(x, 0); }, 1, 0, 0.0);
  check([](auto x) { return fg::pow(x, 0.5); }, 0, inf, 0.0);
  check([](auto x) { return fg::pow(x, 1); }, 0, 1, 0.0);
  check([](auto x) { return fg::pow(x, 2); }, 0, 0, 0.0);
}

TEST_CASE("powers of negative numbers", "[ops]") {
  constexpr auto power = fg::pow;
  check<0>(power, -8, 12, -2.0, 3.0);
  check<1>(power, -8, quiet_nan, -2.0, 3.0);
  check([](auto x) { return fg::pow(x, 3); }, -8, 12, -2.0);
  check([](auto x) { return fg::pow(x, -2); }, 0.25, 0.25, -2.0);
}

TEST_CASE("a root that was written as a power keeps the power's zeros and infinities", "[ops]") {
  const auto root = fg::fuse([](auto x) { return fg::pow(x, 0.5); });
  CHECK_FALSE(std::signbit(root(-0.0)));
  CHECK(root(-inf) == inf);
  const auto inverse = fg::fuse([](auto x) { return fg::pow(x, -0.5); });
  CHECK(inverse(-0.0) == inf);
  CHECK(inverse(-inf) == 0);
}

TEST_CASE("logarithms of sums", "[ops]") {
  constexpr auto f = fg::logaddexp;
  check<0>(f, -inf, 0, -inf, -inf);
  check<1>(f, -inf, 0, -inf, -inf);
  check<0>(f, inf, 0.5, inf, inf);
  check<0>(f, 3, 1, 3.0, -inf);
  check<1>(f, 3, 0, 3.0, -inf);
  check<0>(f, 1 + std::log(2.0), 0.5, 1.0, 1.0);
}

TEST_CASE("x log y at the origin", "[ops]") {
  constexpr auto f = fg::xlogy;
  check<0>(f, 0, 0, 0.0, 0.0);
  check<1>(f, 0, 0, 0.0, 0.0);
  check<0>(f, 0, std::log(2.0), 0.0, 2.0);
  check<0>(f, quiet_nan, quiet_nan, 0.0, quiet_nan);
}

TEST_CASE("sinc is flat at 0, curved as it should be", "[ops]") {
  constexpr auto f = fg::sinc;
  check(f, 1, 0, 0.0);
  constexpr double pi = 3.141592653589793;
  check([](auto x) { return fg::grad<0>(fg::sinc)(x); }, 0, -pi * pi / 3, 0.0);
}

TEST_CASE("what the branch not taken would have had reaches nothing", "[ops]") {
  check([](auto x) { return fg::where(x > 0, fg::log(x), 0 * x); }, 0, 0, 0.0);
  check([](auto x) { return fg::where(x > 0, fg::sqrt(x), x); }, 0, 1, 0.0);
  check([](auto x) { return fg::where(x == 0, 1, fg::sin(x) / x); }, 1, 0, 0.0);
  check([](auto x) { return fg::where(x < 1, x, fg::exp(x * x * x)); }, -30, 1, -30.0);
  check([](auto x) { return fg::where(x < 100, x, fg::exp(x * x)); }, 50, 1, 50.0);
}
