// Functions with state: captured numbers are run-time values, arrive in order, and two of them are never one.
#include <cmath>
#include <fusegrad/fusegrad.hpp>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;

namespace {

struct affine {
  double slope;
  double offset;
  int steps;
  constexpr auto operator()(auto x) const { return slope * x + offset * steps; }
};

/// A function object that is not constexpr at all.
struct counted {
  mutable int* calls;
  template <class X>
  auto operator()(const X& x) const {
    ++*calls;
    return x * 2.0 + 1.0;
  }
};

}  // namespace

TEST_CASE("captured numbers of all kinds are used as they are", "[expr][capture]") {
  double f = 0.5;
  double d = 2;
  int i = 3;
  float h = 0.25f;
  bool b = true;
  unsigned char c = 200;
  const auto g = fg::fuse([=](auto x) { return x * d + f * i + h + fg::where(b, c, 0); });
  CHECK(g(10.0) == 20 + 1.5 + 0.25 + 200);
  const std::vector<double> x{1, 10};
  CHECK(g(x)[1] == 20 + 1.5 + 0.25 + 200);
  CHECK(fg::grad([=](auto v) { return v * d + f * i; })(10.0) == 2);
}

TEST_CASE("two captured numbers of one type are never merged", "[expr][capture]") {
  for (double a : {1.0, 2.0})
    for (double b : {1.0, 5.0}) {
      const auto f = [a, b](auto x) { return a * x + b * x * x + (a - b); };
      CHECK(fg::fuse(f)(3.0) == a * 3 + b * 9 + a - b);
      CHECK(fg::grad(f)(3.0) == a + 6 * b);
    }
}

TEST_CASE("a captured number changes between calls of one function", "[expr][capture]") {
  double scale = 1;
  const auto f = [&scale](auto x) { return fg::sum(x * scale); };
  const auto t = fg::value_and_grad(f);
  const std::vector<float> x{1, 2};
  CHECK(get<0>(t(x)) == 3);
  scale = 10;
  const auto [value, gradient] = t(x);
  CHECK(value == 30);
  CHECK(gradient[1] == 10);
}

TEST_CASE("literals do not widen float arrays, captured doubles neither", "[expr][capture]") {
  const double a = 0.1;
  const std::vector<float> x{1};
  const auto y = fg::fuse([a](auto v) { return v * 0.5 + a; })(x);
  static_assert(std::is_same_v<std::remove_cvref_t<decltype(y[0])>, float>);
  CHECK(y[0] == 0.5f + 0.1f);
}

TEST_CASE("function objects with state work, whatever they are made of", "[expr][capture]") {
  CHECK(fg::fuse(affine{2, 0.5, 4})(3.0) == 8);
  CHECK(fg::grad(affine{2, 0.5, 4})(3.0) == 2);
  int calls = 0;
  CHECK(fg::fuse(counted{&calls})(3.0) == 7);
  CHECK(calls > 0);
  CHECK(fg::grad(counted{&calls})(std::vector<double>{}.empty() ? 1.0 : 2.0) == 2);
}

TEST_CASE("a stateful function works in every transform", "[expr][capture]") {
  const double k = 3;
  const auto f = [k](auto x, auto y) { return fg::sum(k * x * x * y); };
  const std::vector<double> x{1, 2}, y{3, 5}, v{1, 10};
  const auto [value, dx, dy] = fg::value_and_grad<0, 1>(f)(x, y);
  CHECK(value == 3 * (3 + 20));
  CHECK(dx[1] == 2 * k * 2 * 5);
  CHECK(dy[1] == k * 4);
  const auto [primal, tangent] = fg::jvp<0>(f)(x, y, v);
  CHECK(primal == value);
  CHECK(tangent == 2 * k * 3 + 2 * k * 2 * 5 * 10);
  const auto [again, pulled] = fg::vjp<0>(f)(x, y, 2.0);
  CHECK(again == value);
  CHECK(pulled[0] == 2 * 2 * k * 3);
  const auto h = fg::hvp<0>(f)(x, y, v);
  CHECK(h[1] == 2 * k * 5 * 10);
  double into_value = 0;
  std::vector<double> into_gradient(2);
  fg::value_and_grad<1>(f).into(into_value, into_gradient)(x, y);
  CHECK(into_value == value);
  CHECK(into_gradient[0] == k);
}

TEST_CASE("lambdas within lambdas share what they capture", "[expr][capture]") {
  const double a = 2, b = 3;
  const auto inner = [a](auto x) { return a * x * x; };
  const auto outer = [inner, b](auto x) { return inner(x) + b * inner(inner(x)); };
  CHECK(fg::fuse(outer)(2.0) == 8 + 3 * 2 * 64);
  CHECK(fg::grad(outer)(2.0) == Approx(8 + 3 * 2 * 2 * 8 * 8));
}

TEST_CASE("transforms of stateful transforms", "[expr][capture]") {
  const double k = 2;
  const auto f = [k](auto x) { return k * x * x * x; };
  CHECK(fg::grad(fg::grad(f))(3.0) == 6 * k * 3);
  CHECK(fg::grad(fg::grad(fg::grad(f)))(3.0) == 6 * k);
  CHECK(fg::grad([k, f](auto x) { return fg::grad(f)(x) * k; })(3.0) == 6 * k * 3 * k);
  CHECK(get<1>(fg::jvp(fg::grad(f))(3.0, 1.0)) == 6 * k * 3);
  const auto [first, second] = fg::value_and_grad(fg::grad(f))(3.0);
  CHECK(first == 3 * k * 9);
  CHECK(second == 6 * k * 3);
}

TEST_CASE("a derivative inside a stateful loss, with captured expressions and numbers", "[expr][capture]") {
  const double k = 1.5;
  const auto loss = [k](auto x, auto y) {
    const auto slope = fg::grad([k, y](auto v) { return k * v * v * y; })(x);  // 2 k x y
    return fg::sum(slope * slope);
  };
  const std::vector<double> x{1, 2}, y{3, 4};
  const auto [value, dx, dy] = fg::value_and_grad<0, 1>(loss)(x, y);
  CHECK(value == Approx(4 * k * k * (9 + 64)));
  CHECK(dx[0] == Approx(8 * k * k * 1 * 9));
  CHECK(dy[1] == Approx(8 * k * k * 4 * 4));
}

TEST_CASE("perturbations of nested stateful derivatives are not confused", "[expr][capture]") {
  const double one = 1;
  CHECK(fg::grad([one](auto x) { return x * fg::grad([x, one](auto y) { return x * one + y; })(x); })(5.0) == 1);
  CHECK(fg::grad([one](auto x) { return x * fg::grad([x, one](auto y) { return x * y * one; })(x); })(5.0) == 10);
}

TEST_CASE("several results of a stateful function", "[expr][capture]") {
  const float k = 2;
  const auto [a, b, c] = fg::fuse([k](auto x) { return fg::outputs(x * k, fg::sum(x), k); })(std::vector<float>{1, 2});
  CHECK(a[1] == 4);
  CHECK(b == 3);
  CHECK(c == 2);
  const auto [p, q, p_dot, q_dot] = fg::jvp([k](auto x) { return fg::outputs(x * k, x * x); })(3.0f, 1.0f);
  CHECK(p == 6);
  CHECK(q == 9);
  CHECK(p_dot == 2);
  CHECK(q_dot == 6);
}

TEST_CASE("an expression used twice is one value of the program", "[expr][capture]") {
  const double k = 2;
  const auto f = [k](auto x) {
    const auto e = fg::exp(x);
    return e * e + e + k;
  };
  const auto facts = fg::plan(fg::fuse(f), std::vector<double>{});
  CHECK(facts.loads == 1);
  CHECK(facts.flops <= 5);  // one exponential
  CHECK(fg::fuse(f)(0.0) == 4);
}

TEST_CASE("a returned expression holds its numbers by value", "[expr][capture]") {
  const auto make = [](double k) {
    return [k](auto x) {
      const double twice = 2 * k;
      return x * twice + k;
    };
  };
  CHECK(fg::fuse(make(2))(10.0) == 42);
}
