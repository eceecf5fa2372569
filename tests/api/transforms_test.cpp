// Every transform on arrays, with scalar arguments, against closed forms.
#include <cmath>
#include <fusegrad/fusegrad.hpp>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;

namespace {

std::vector<double> ramp(int n, double from, double step) {
  std::vector<double> x(static_cast<std::size_t>(n));
  for (int i = 0; i < n; ++i) x[static_cast<std::size_t>(i)] = from + step * i;
  return x;
}
}  // namespace

TEST_CASE("gradients with respect to scalar arguments are reductions in the same pass", "[api][grad]") {
  const auto x = ramp(100, -1, 0.02), t = ramp(100, 3, -0.05);
  const auto loss = [](auto a, auto y, auto slope, auto offset) {
    return fg::mean(fg::square(slope * a + offset - y));
  };
  const auto [value, ds, doff] = fg::value_and_grad<2, 3>(loss)(x, t, 2.0, 0.5);
  static_assert(std::is_same_v<decltype(ds), const double>);
  double v = 0, s = 0, o = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double r = 2 * x[i] + 0.5 - t[i];
    v += r * r / 100;
    s += 2 * r * x[i] / 100;
    o += 2 * r / 100;
  }
  CHECK(value == Approx(v));
  CHECK(ds == Approx(s));
  CHECK(doff == Approx(o));
  static_assert(
      fg::plan<std::vector<double>, std::vector<double>, double, double>(fg::value_and_grad<2, 3>(loss)).kernels == 1);
  static_assert(
      std::is_same_v<decltype(fg::grad<2>(loss)(x, t, 2.0f, 1)), float>);  // a gradient has its argument's type
}

TEST_CASE("a scalar cotangent is the same for all elements", "[api][vjp]") {
  const auto x = ramp(9, 0.5, 0.25);
  const auto f = [](auto v) { return fg::log(v) * v; };
  const auto [y, g] = fg::vjp(f)(x, 2.0);
  const auto [same, h] = fg::vjp(f)(x, std::vector<double>(9, 2.0));
  for (std::ptrdiff_t i = 0; i < 9; ++i) {
    const double v = x[static_cast<std::size_t>(i)];
    CHECK(y[i] == Approx(std::log(v) * v));
    CHECK(g[i] == Approx(2 * (std::log(v) + 1)));
    CHECK(h[i] == Approx(g[i]));
    CHECK(same[i] == Approx(y[i]));
  }
}

TEST_CASE("an array cotangent weighs each element", "[api][vjp]") {
  const auto x = ramp(5, 1, 1), w = ramp(5, -2, 1);
  const auto [y, dx, ds] = fg::vjp<0, 1>([](auto v, auto s) { return v * v * s; })(x, 3.0, w);
  double total = 0;
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(dx[static_cast<std::ptrdiff_t>(i)] == Approx(6 * x[i] * w[i]));
    total += w[i] * x[i] * x[i];
  }
  CHECK(ds == Approx(total));
}

TEST_CASE("Black-Scholes greeks come from one pass", "[api][vjp]") {
  const auto call = [](auto s, auto k, auto t, auto v, auto r) {
    const auto spread = v * fg::sqrt(t);
    const auto d1 = (fg::log(s / k) + (r + 0.5 * v * v) * t) / spread;
    return s * fg::normal_cdf(d1) - k * fg::exp(-r * t) * fg::normal_cdf(d1 - spread);
  };
  using floats = std::vector<float>;
  static_assert(fg::plan<floats, floats, floats, floats, float, float>(fg::vjp<0, 2, 3>(call)).kernels == 1);
  const std::vector<double> s{100, 90}, k{100, 110}, t{1, 0.5}, v{0.2, 0.3};
  const double r = 0.05;
  const auto [price, delta, theta, vega] = fg::vjp<0, 2, 3>(call)(s, k, t, v, r, 1.0);
  for (std::size_t i = 0; i < 2; ++i) {
    const auto cdf = [](double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); };
    const double d1 = (std::log(s[i] / k[i]) + (r + v[i] * v[i] / 2) * t[i]) / (v[i] * std::sqrt(t[i]));
    const double d2 = d1 - v[i] * std::sqrt(t[i]),
                 density = std::exp(-d1 * d1 / 2) / std::sqrt(2 * 3.14159265358979323846);
    const auto at = static_cast<std::ptrdiff_t>(i);
    CHECK(price[at] == Approx(s[i] * cdf(d1) - k[i] * std::exp(-r * t[i]) * cdf(d2)));
    CHECK(delta[at] == Approx(cdf(d1)));
    CHECK(vega[at] == Approx(s[i] * density * std::sqrt(t[i])));
    CHECK(theta[at] ==
          Approx(s[i] * density * v[i] / (2 * std::sqrt(t[i])) + r * k[i] * std::exp(-r * t[i]) * cdf(d2)));
  }
}

TEST_CASE("jvp moves several arguments at once", "[api][jvp]") {
  const auto x = ramp(7, 0, 0.5), y = ramp(7, 2, -0.25), dx = ramp(7, 1, 1), dy = ramp(7, 0, 2);
  const auto f = [](auto a, auto b, auto s) { return fg::sin(a) * b * s; };
  const auto [value, tangent] = fg::jvp<0, 1, 2>(f)(x, y, 3.0, dx, dy, -1.0);
  for (std::size_t i = 0; i < 7; ++i) {
    const auto at = static_cast<std::ptrdiff_t>(i);
    CHECK(value[at] == Approx(3 * std::sin(x[i]) * y[i]));
    CHECK(tangent[at] ==
          Approx(3 * std::cos(x[i]) * y[i] * dx[i] + 3 * std::sin(x[i]) * dy[i] - std::sin(x[i]) * y[i]).margin(1e-12));
  }
  // a scalar tangent stands for an array that is the same everywhere
  const auto [same, along] = fg::jvp<0>(f)(x, y, 3.0, 1.0);
  CHECK(along[2] == Approx(3 * std::cos(x[2]) * y[2]));
}

TEST_CASE("hvp is the Hessian times a vector", "[api][hvp]") {
  // f = (sum x)^2 sum sin(x): H v = 2 S sum(v) + 2 A (cos(x).v + cos(x) sum(v)) - A^2 sin(x) v, A = sum x, S = sum sin
  const auto x = ramp(6, 0.1, 0.3), v = ramp(6, -1, 0.7);
  const auto f = [](auto a) {
    const auto total = fg::sum(a);
    return total * total * fg::sum(fg::sin(a));
  };
  const auto h = fg::hvp(f)(x, v);
  double a = 0, s = 0, sv = 0, cv = 0;
  for (std::size_t i = 0; i < 6; ++i) a += x[i], s += std::sin(x[i]), sv += v[i], cv += std::cos(x[i]) * v[i];
  for (std::size_t i = 0; i < 6; ++i)
    CHECK(h[static_cast<std::ptrdiff_t>(i)] ==
          Approx(2 * s * sv + 2 * a * (cv + std::cos(x[i]) * sv) - a * a * std::sin(x[i]) * v[i]));
  const auto reverse_over_reverse = fg::grad<0>([](auto p, auto w) {
    return fg::sum(fg::grad([](auto q) {
                     const auto total = fg::sum(q);
                     return total * total * fg::sum(fg::sin(q));
                   })(p) *
                   w);
  })(x, v);
  for (int i = 0; i < 6; ++i) CHECK(reverse_over_reverse[i] == Approx(h[i]));
}

TEST_CASE("hvp with respect to a scalar and to the second argument", "[api][hvp]") {
  const auto x = ramp(4, 1, 1);
  const auto f = [](auto a, auto s) { return fg::sum(fg::exp(a * s)); };
  double expected = 0;
  for (double v : x) expected += v * v * std::exp(v * 0.5);
  CHECK(fg::hvp<1>(f)(x, 0.5, 2.0) == Approx(2 * expected));
}
