// Forward and reverse mode on programs: sums of adjoints, axes, types, and what has no derivative.
#include <cmath>
#include <fusegrad/fusegrad.hpp>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;
namespace ir = fusegrad::ir;

namespace {

constexpr auto shared = [](auto x) {
  auto y = x * x;
  return y * y + y;  // x^4 + x^2
};
constexpr auto chain = [](auto x) {
  auto a = x + 1, b = a * x, c = b * a;
  return c * b + a;
};
constexpr double chain_slope(double x) {
  const double a = x + 1, b = a * x, db = 2 * x + 1, dc = db * a + b;
  return dc * b + b * a * db + 1;
}

}  // namespace

// a value used twice receives the sum of its adjoints
static_assert(fg::grad(shared)(3.0) == 4 * 27 + 2 * 3 && get<1>(fg::jvp(shared)(3.0, 1.0)) == 4 * 27 + 2 * 3);
static_assert(fg::grad(chain)(2.0) == chain_slope(2.0) && get<1>(fg::jvp(chain)(2.0, 1.0)) == chain_slope(2.0));
static_assert(fg::grad([](auto x) { return x + x + x; })(5.0) == 3 &&
              fg::grad([](auto x) { return x * x * x; })(2.0) == 12);
static_assert(fg::grad([](auto x) { return x - x; })(5.0) == 0);

// nothing depends on the argument
static_assert(fg::grad<1>([](auto x, auto) { return x * x; })(3.0, 4.0) == 0);
static_assert(fg::grad([](auto) { return 7.0; })(3.0) == 0);
static_assert(get<1>(fg::jvp<1>([](auto x, auto) { return x * x; })(3.0, 4.0, 1.0)) == 0);

// derivatives stop where they are told to, and at conditions and integers
static_assert(fg::grad([](auto x) { return fg::stop_gradient(x) * x; })(3.0) == 3);
static_assert(fg::grad([](auto x) { return x * (x > 2); })(3.0) == 1 &&
              fg::grad([](auto x) { return x * (x > 2); })(1.0) == 0);
static_assert(fg::grad<1>([](auto n, auto x) { return n * x; })(4, 3.0) == 4);

// float stays float, and the cotangent of a mixed product has each factor's own type
static_assert(std::is_same_v<decltype(fg::grad(shared)(3.0f)), float>);
static_assert(std::is_same_v<decltype(fg::grad<0>([](auto x, auto y) { return x * y; })(3.0f, 4.0)), float>);
static_assert(std::is_same_v<decltype(fg::grad<1>([](auto x, auto y) { return x * y; })(3.0f, 4.0)), double>);

TEST_CASE("the derivative of a sum is broadcast, that of a broadcast is summed", "[passes][reverse]") {
  const std::vector<double> x{1, 2, 3};
  const auto f = [](auto v, auto s) { return fg::sum(v * s) * fg::sum(v); };  // s (sum v)^2
  const auto [dv, ds] = fg::grad<0, 1>(f)(x, 2.0);
  CHECK(ds == 36);
  for (int i = 0; i < 3; ++i) CHECK(dv[i] == 24);
  const auto [value, tangent] = fg::jvp<0, 1>(f)(x, 2.0, std::vector<double>{1, 0, 0}, 1.0);
  CHECK(value == 72);
  CHECK(tangent == 24 + 36);
}

TEST_CASE("a number that stands for every element counts once for each", "[passes][reverse]") {
  const std::vector<float> x(10, 1.0f);
  // the number does not vary: its sum over the axes is taken n times
  const auto [value, dx, ds] = fg::value_and_grad<0, 1>([](auto v, auto s) { return fg::sum(v + s * s); })(x, 3.0f);
  CHECK(value == 100);
  CHECK(ds == 60);
  CHECK(dx[9] == 1);
  CHECK(fg::grad<1>([](auto v, auto s) { return fg::mean(v + s * s); })(x, 3.0f) == Approx(6));
  const auto [y, tangent] = fg::jvp<1>([](auto v, auto s) { return fg::sum(v + s * s); })(x, 3.0f, 1.0f);
  CHECK(tangent == 60);
}

TEST_CASE("the gradient of a cotangent that varies is summed where the result did not", "[passes][reverse]") {
  const std::vector<double> x{1, 2, 3}, w{1, 10, 100};
  const auto [y, ds] = fg::vjp<1>([](auto v, auto s) { return v * s; })(x, 2.0, w);
  CHECK(ds == 1 + 20 + 300);
  CHECK(y[2] == 6);
  const auto [z, dx] = fg::vjp<0>([](auto v, auto s) { return v * s; })(x, 2.0, 1.0);
  for (int i = 0; i < 3; ++i) CHECK(dx[i] == 2);
}

TEST_CASE("adjoints pass from reductions into reductions", "[passes][reverse]") {
  // f = sum(x - mean(x))^2: a level of reductions under another; its gradient is 2 (x - mean)
  const auto f = [](auto v) { return fg::sum(fg::square(v - fg::mean(v))); };
  const std::vector<double> x{1, 2, 6};
  const auto g = fg::grad(f)(x);
  CHECK(g[0] == Approx(-4));
  CHECK(g[1] == Approx(-2));
  CHECK(g[2] == Approx(6));
  const auto h = fg::hvp(f)(x, std::vector<double>{1, 0, 0});
  CHECK(h[0] == Approx(2 * (1 - 1.0 / 3)));
  CHECK(h[1] == Approx(-2.0 / 3));
  const auto [value, tangent] = fg::jvp(f)(x, std::vector<double>{1, 1, 1});
  CHECK(value == Approx(14));
  CHECK(tangent == Approx(0).margin(1e-12));
}

TEST_CASE("a mixed program gives each array the gradient of its own type", "[passes][reverse]") {
  const std::vector<float> x{1, 2};
  const std::vector<double> y{3, 4};
  const auto [dx, dy] = fg::grad<0, 1>([](auto a, auto b) { return fg::sum(a * b); })(x, y);
  static_assert(std::is_same_v<decltype(dx[0]), const float&> && std::is_same_v<decltype(dy[0]), const double&>);
  CHECK(dx[1] == 4);
  CHECK(dy[0] == 1);
}

TEST_CASE("forward and reverse mode agree on Jacobians of several results", "[passes][forward]") {
  const auto f = [](auto x, auto y) { return fg::outputs(fg::sin(x) * y, x / y, x); };
  const auto [a, b, c, a_dot, b_dot, c_dot] = fg::jvp<0, 1>(f)(0.5, 2.0, 3.0, -1.0);
  CHECK(a == Approx(std::sin(0.5) * 2));
  CHECK(b == Approx(0.25));
  CHECK(c == 0.5);
  CHECK(a_dot == Approx(std::cos(0.5) * 2 * 3 - std::sin(0.5)));
  CHECK(b_dot == Approx(3 / 2.0 + 0.5 / 4));
  CHECK(c_dot == 3);
}
