// The conventions at kinks, ties, zeros and infinities, operation by operation. The oracle's tables check the rest.
#include "slopes.hpp"

namespace fg = fusegrad;
using slopes::check;
using slopes::inf;
using slopes::quiet_nan;

TEST_CASE("the slope of |x| at 0 is 0", "[ops]") {
  constexpr auto f = [](auto x) { return fg::abs(x); };
  check(f, 0, 0, 0.0);
  check(f, 0, 0, -0.0);
  check(f, 2, -1, -2.0);
}

TEST_CASE("steps have no slope, at the steps neither", "[ops]") {
  for (double x : {-1.5, -1.0, 0.0, 0.5, 2.0}) {
    check([](auto v) { return fg::sign(v); }, x < 0 ? -1 : x > 0 ? 1 : 0, 0, x);
    check([](auto v) { return fg::floor(v); }, std::floor(x), 0, x);
    check([](auto v) { return fg::ceil(v); }, std::ceil(x), 0, x);
    check([](auto v) { return fg::round(v); }, std::round(x), 0, x);
    check([](auto v) { return fg::trunc(v); }, std::trunc(x), 0, x);
  }
}

TEST_CASE("roots and logarithms are infinitely steep at the end of their domain", "[ops]") {
  check([](auto x) { return fg::sqrt(x); }, 0, inf, 0.0);
  check([](auto x) { return fg::cbrt(x); }, 0, inf, 0.0);
  check([](auto x) { return fg::rsqrt(x); }, inf, -inf, 0.0);
  check([](auto x) { return fg::log(x); }, -inf, inf, 0.0);
  check([](auto x) { return fg::log1p(x); }, -inf, inf, -1.0);
  check([](auto x) { return fg::asin(x); }, std::asin(1.0), inf, 1.0);
  check([](auto x) { return fg::asin(x); }, std::asin(-1.0), inf, -1.0);
  check([](auto x) { return fg::acos(x); }, 0, -inf, 1.0);
  check([](auto x) { return fg::acos(x); }, std::acos(-1.0), -inf, -1.0);
}

TEST_CASE("a tie of max and min is shared, a NaN keeps to itself", "[ops]") {
  constexpr auto larger = [](auto x, auto y) { return fg::max(x, y); };
  constexpr auto smaller = [](auto x, auto y) { return fg::min(x, y); };
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

TEST_CASE("rectifiers have the slope of the lower side at their kinks", "[ops]") {
  check([](auto x) { return fg::relu(x); }, 0, 0, 0.0);
  check([](auto x) { return fg::relu6(x); }, 0, 0, 0.0);
  check([](auto x) { return fg::relu6(x); }, 6, 0, 6.0);
  check([](auto x) { return fg::leaky_relu(x, 0.25); }, 0, 0.25, 0.0);
  check([](auto x) { return fg::relu(x); }, quiet_nan, 1, quiet_nan);
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
  check<0>([](auto x, auto y) { return fg::hypot(x, y); }, 0, 0, 0.0, 0.0);
  check<1>([](auto x, auto y) { return fg::hypot(x, y); }, 0, 0, 0.0, 0.0);
  check<0>([](auto y, auto x) { return fg::atan2(y, x); }, 0, 0, 0.0, 0.0);
  check<1>([](auto y, auto x) { return fg::atan2(y, x); }, 0, 0, 0.0, 0.0);
}

TEST_CASE("powers at 0", "[ops]") {
  constexpr auto power = [](auto x, auto y) { return fg::pow(x, y); };
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
  constexpr auto power = [](auto x, auto y) { return fg::pow(x, y); };
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
  constexpr auto f = [](auto x, auto y) { return fg::logaddexp(x, y); };
  check<0>(f, -inf, 0, -inf, -inf);
  check<1>(f, -inf, 0, -inf, -inf);
  check<0>(f, inf, 0.5, inf, inf);
  check<0>(f, 3, 1, 3.0, -inf);
  check<1>(f, 3, 0, 3.0, -inf);
  check<0>(f, 1 + std::log(2.0), 0.5, 1.0, 1.0);
}

TEST_CASE("x log y at the origin", "[ops]") {
  constexpr auto f = [](auto x, auto y) { return fg::xlogy(x, y); };
  check<0>(f, 0, 0, 0.0, 0.0);
  check<1>(f, 0, 0, 0.0, 0.0);
  check<0>(f, 0, std::log(2.0), 0.0, 2.0);
  check<0>(f, quiet_nan, quiet_nan, 0.0, quiet_nan);
}

TEST_CASE("sinc is flat at 0, curved as it should be", "[ops]") {
  constexpr auto f = [](auto x) { return fg::sinc(x); };
  check(f, 1, 0, 0.0);
  constexpr double pi = 3.141592653589793;
  check([](auto x) { return fg::grad<0>([](auto v) { return fg::sinc(v); })(x); }, 0, -pi * pi / 3, 0.0);
}

TEST_CASE("saturated functions keep their small slopes", "[ops]") {
  const auto slope = [](auto f, float x) {
    const auto [y, x_bar] = fg::vjp<0>(f)(x, 1.0f);
    return static_cast<double>(x_bar);
  };
  CHECK(slope([](auto x) { return fg::sigmoid(x); }, 20) == Approx(2.0611536e-9).epsilon(1e-6));
  CHECK(slope([](auto x) { return fg::tanh(x); }, 10) == Approx(8.2446145e-9).epsilon(1e-6));
  CHECK(slope([](auto x) { return fg::expm1(x); }, -20) == Approx(2.0611536e-9).epsilon(1e-6));
  CHECK(slope([](auto x) { return fg::softplus(x); }, 100) == 1);
  CHECK(slope([](auto x) { return fg::softplus(x); }, -100) == static_cast<double>(std::exp(-100.0f)));
  CHECK(slope([](auto x) { return fg::log_sigmoid(x); }, -100) == 1);
  check([](auto x) { return fg::softplus(x); }, 100, 1, 100.0);
  check([](auto x) { return fg::log_sigmoid(x); }, -100, 1, -100.0);
}

TEST_CASE("smooth activations take their limits at infinity", "[ops]") {
  check([](auto x) { return fg::sigmoid(x); }, 1, 0, inf);
  check([](auto x) { return fg::silu(x); }, inf, 1, inf);
  check([](auto x) { return fg::silu(x); }, 0, 0, -inf);
  check([](auto x) { return fg::gelu(x); }, inf, 1, inf);
  check([](auto x) { return fg::gelu(x); }, 0, 0, -inf);
  check([](auto x) { return fg::gelu_tanh(x); }, inf, 1, inf);
  check([](auto x) { return fg::gelu_tanh(x); }, 0, 0, -inf);
  check([](auto x) { return fg::mish(x); }, inf, 1, inf);
  check([](auto x) { return fg::mish(x); }, 0, 0, -inf);
  check([](auto x) { return fg::softsign(x); }, 1, 0, inf);
  check([](auto x) { return fg::squareplus(x); }, 0, 0, -inf);
}

TEST_CASE("what the branch not taken would have had reaches nothing", "[ops]") {
  check([](auto x) { return fg::where(x > 0, fg::log(x), 0 * x); }, 0, 0, 0.0);
  check([](auto x) { return fg::where(x > 0, fg::sqrt(x), x); }, 0, 1, 0.0);
  check([](auto x) { return fg::where(x == 0, 1, fg::sin(x) / x); }, 1, 0, 0.0);
  check([](auto x) { return fg::where(x < 1, x, fg::exp(x * x * x)); }, -30, 1, -30.0);
  check([](auto x) { return fg::where(x < 100, x, fg::exp(x * x)); }, 50, 1, 50.0);
}
