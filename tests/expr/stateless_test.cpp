// Functions without state, which the compiler calls itself: any code that runs on numbers runs on symbols.
#include <array>
#include <cmath>
#include <fusegrad/fusegrad.hpp>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;

namespace {

// loops, reassignment, arrays of values, compound assignment, local functions
constexpr auto horner = [](auto x) {
  const std::array coefficients{4.0, 3.0, 2.0, 1.0};
  auto y = x * 0 + coefficients[0];
  for (std::size_t k = 1; k < coefficients.size(); ++k) y = y * x + coefficients[k];
  return y;
};
constexpr auto power = [](auto x) {
  auto p = x;
  for (int i = 0; i < 4; ++i) p *= x;
  p += 1;
  p -= x;
  p /= 2;
  return p;
};
constexpr auto array_of_values = [](auto x, auto y) {
  const std::array<decltype(x), 3> points{x, x * y, y + x};
  auto total = points[0];
  for (auto p : points) total = total + p * p;
  return total;
};
constexpr auto with_helper = [](auto x) {
  const auto square = [](auto v) { return v * v; };
  const auto twice = [](auto f, auto v) { return f(f(v)); };
  return twice(square, x) + square(x);
};

struct function_object {
  template <class T>
  constexpr auto operator()(T x) const {
    return x * x * factor();
  }
  static constexpr double factor() { return 3; }
};

auto overloaded(auto x) { return x + 1; }  // a function template: not constexpr

}  // namespace

static_assert(fg::fuse(horner)(2.0) == 4 * 8 + 3 * 4 + 2 * 2 + 1 && fg::grad(horner)(2.0) == 12 * 4 + 6 * 2 + 2);
static_assert(fg::fuse(power)(2.0) == 15.5 && fg::grad(power)(2.0) == 39.5);
static_assert(fg::fuse(array_of_values)(2.0, 3.0) == 2 + 4 + 36 + 25 &&
              fg::grad<1>(array_of_values)(2.0, 3.0) == 2 * 6 * 2 + 2 * 5);
static_assert(fg::grad(with_helper)(2.0) == 4 * 8 + 4);
static_assert(fg::fuse(function_object{})(2.0) == 12 && fg::grad(function_object{})(2.0) == 12);

// a derivative inside a function, with a value from outside captured in it
constexpr auto derivative_inside = [](auto x, auto y) {
  const auto slope = fg::grad([y](auto v) { return v * v * y; })(x);  // 2 x y
  return slope * slope;
};
static_assert(fg::fuse(derivative_inside)(2.0, 3.0) == 144);
static_assert(fg::grad<0>(derivative_inside)(2.0, 3.0) == 8 * 2 * 9 &&
              fg::grad<1>(derivative_inside)(2.0, 3.0) == 8 * 4 * 3);

// the derivative of a function whose argument is the enclosing function's too: perturbations are not confused
static_assert(fg::grad([](auto x) { return x * fg::grad([x](auto y) { return x + y; })(x); })(5.0) == 1);
static_assert(fg::grad([](auto x) { return x * fg::grad([x](auto y) { return x * y; })(x); })(5.0) == 10);
static_assert(get<1>(fg::jvp([](auto x) {
                return x * get<1>(fg::jvp([x](auto y) { return x * y; })(x * x, 1.0));
              })(5.0, 1.0)) == 10);

// transforms of transforms
static_assert(fg::grad(fg::grad(fg::grad([](auto x) { return x * x * x * x; })))(2.0) == 48);
static_assert(fg::grad([](auto x) { return fg::fuse(horner)(x) * 2; })(2.0) == 2 * 62);
static_assert(fg::hvp([](auto x) { return fg::grad([](auto v) { return v * v * v * v; })(x); })(2.0, 1.0) == 48);
static_assert(get<1>(fg::value_and_grad(fg::grad([](auto x) { return x * x * x; }))(2.0)) == 12);

// constants: a function that ignores its arguments, returns a literal, or mixes kinds
static_assert(fg::fuse([](auto) { return 2.5; })(1.0f) == 2.5 &&
              fg::fuse([](auto, auto y) { return y; })(1, 2.0f) == 2.0f);
static_assert(std::is_same_v<decltype(fg::fuse([](auto x) { return x + 1; })(1)), int>);
static_assert(std::is_same_v<decltype(fg::fuse([](auto x) { return x / 2; })(1)), double>);
static_assert(std::is_same_v<decltype(fg::fuse([](auto x) { return x > 1; })(1)), bool>);

// several results, of any kind, nested ones too
namespace {
constexpr auto several = fg::fuse([](auto x) { return fg::outputs(x + 1, fg::outputs(x > 2, 7), x); })(3.0);
}
static_assert(get<0>(several) == 4 && get<1>(several) && get<2>(several) == 7 && get<3>(several) == 3);
static_assert(std::tuple_size_v<std::remove_const_t<decltype(several)>> == 4);

TEST_CASE("a mutable global read by a captureless lambda is read when the function runs", "[expr]") {
  static double global = 3;
  const auto f = [](auto x) { return x * global; };
  CHECK(fg::fuse(f)(2.0) == 6);
  CHECK(fg::grad(f)(2.0) == 3);
  global = 10;
  CHECK(fg::fuse(f)(2.0) == 20);
  CHECK(fg::grad(f)(2.0) == 10);
  const std::vector<double> x{1, 2};
  CHECK(fg::fuse(f)(x)[1] == 20);
}

TEST_CASE("a function that is not constexpr is called when the program runs", "[expr]") {
  const auto f = [](auto x) { return overloaded(x) * overloaded(x); };
  CHECK(fg::fuse(f)(2.0) == 9);
  CHECK(fg::grad(f)(2.0) == 6);
}

TEST_CASE("unqualified calls in generic code find the library's functions", "[expr]") {
  const auto f = [](auto x) {
    using std::exp;
    using std::sin;
    return exp(sin(x)) + tanh(x);
  };
  const auto g = [](double x) { return std::exp(std::sin(x)) * std::cos(x) + 1 / std::pow(std::cosh(x), 2); };
  CHECK(f(0.5) == Approx(std::exp(std::sin(0.5)) + std::tanh(0.5)));  // the same code on plain numbers
  CHECK(fg::fuse(f)(0.5) == Approx(f(0.5)));
  CHECK(fg::grad(f)(0.5) == Approx(g(0.5)));
}

TEST_CASE("a derivative inside a loss is part of its one loop", "[expr]") {
  // a physics-informed residual: u' + c u
  const auto residual = [](auto x, auto c) {
    const auto u = [c](auto v) { return fg::exp(-c * v) + fg::sin(v); };
    return fg::mean(fg::square(fg::grad(u)(x) + c * u(x)));
  };
  const std::vector<double> x{0, 0.5, 1};
  double expected = 0, slope = 0;
  const double c = 0.7;
  for (double v : x) {
    const double r = std::cos(v) + c * std::sin(v);  // the exponential solves the equation
    expected += r * r / 3;
    slope += 2 * r * std::sin(v) / 3;
  }
  const auto [value, dc] = fg::value_and_grad<1>(residual)(x, c);
  CHECK(value == Approx(expected));
  CHECK(dc == Approx(slope));
  static_assert(fg::plan<std::vector<double>, double>(fg::value_and_grad<1>(residual)).kernels == 1);
}
