// Slices and flips inside functions: each is read where it lies, and gradients add up where slices overlap.
#include <cmath>
#include <fusegrad/fusegrad.hpp>
#include <vector>

#include "catch.hpp"
#include "slices.hpp"

namespace fg = fusegrad;
using namespace slices;

namespace {

constexpr auto variation = [](auto x) {
  return fg::sum(fg::sqrt(1 + fg::square(last<1, fg::end>(x) - last<0, -1>(x))));
};
constexpr auto halves = [](auto x) { return fg::sum(last<0, fg::end, 2>(x) * fg::sin(last<1, fg::end, 2>(x))); };
constexpr auto rest_of_rows = [](auto x) {
  return fg::sum(fg::square(fg::mean(last<3, fg::end>(x), fg::axis<-1>) - fg::max(last<0, 3>(x), fg::axis<-1>)));
};
/// Positions turned by an angle, as rotary embeddings are.
constexpr auto rotated = [](auto x, auto angle) {
  const auto u = last<0, fg::end, 2>(x), v = last<1, fg::end, 2>(x);
  return fg::outputs(u * fg::cos(angle) - v * fg::sin(angle), u * fg::sin(angle) + v * fg::cos(angle));
};

}  // namespace

// both differences in one pass over what they are made of, and one that puts them together
static_assert(fg::plan(fg::fuse(variation), doubles{}).kernels == 1);
static_assert(fg::plan(fg::value_and_grad<0>(variation), doubles{}).kernels == 2);

TEST_CASE("slices are read where they lie", "[slices]") {
  for (const std::size_t n : {1u, 2u, 3u, 16u, 17u, 33u, 130u, 5000u}) {
    INFO(n << " elements");
    const doubles x = vector_of(n);
    double wanted = 0;
    for (std::size_t i = 1; i < n; ++i) wanted += std::sqrt(1 + (x[i] - x[i - 1]) * (x[i] - x[i - 1]));
    const auto [value, gradient] = fg::value_and_grad<0>(variation)(x);
    CHECK(value == Approx(wanted));
    CHECK(fg::fuse(variation)(x) == Approx(wanted));
    double worst = 0;
    for (std::size_t i = 0; i < n; ++i) {
      auto slope = [&](std::size_t k) {
        return (x[k] - x[k - 1]) / std::sqrt(1 + (x[k] - x[k - 1]) * (x[k] - x[k - 1]));
      };
      const double expected = (i > 0 ? slope(i) : 0.0) - (i + 1 < n ? slope(i + 1) : 0.0);
      worst = std::max(worst, std::abs(gradient.data()[i] - expected));
    }
    CHECK(worst < 1e-14);
  }
}

TEST_CASE("gradients of strided slices and of rows' ends agree with differences", "[slices]") {
  const auto agree = [](auto f, matrix x) {
    const matrix gradient = fg::grad<0>(f)(x);
    for (std::ptrdiff_t i = 0; i < x.size(); ++i) {
      const double at = x.data()[i], h = 1e-6;
      x.data()[i] = at + h;
      const double above = fg::fuse(f)(x);
      x.data()[i] = at - h;
      const double below = fg::fuse(f)(x);
      x.data()[i] = at;
      CHECK(gradient.data()[i] == Approx((above - below) / (2 * h)).margin(1e-8));
    }
  };
  agree(halves, matrix_of(5, 12));
  agree(rest_of_rows, matrix_of(9, 21));
}

TEST_CASE("slices of several results, with cotangents, and in place", "[slices]") {
  matrix x = matrix_of(3, 8);
  const doubles angle = vector_of(4, 3);
  const auto [u, v] = fg::fuse(rotated)(x, angle);
  REQUIRE(u.shape() == fg::shape<2>{3, 4});
  for (std::ptrdiff_t r = 0; r < 3; ++r)
    for (std::ptrdiff_t k = 0; k < 4; ++k) {
      const double a = angle[static_cast<std::size_t>(k)], p = x.data()[8 * r + 2 * k], q = x.data()[8 * r + 2 * k + 1];
      CHECK(u.data()[4 * r + k] == Approx(p * std::cos(a) - q * std::sin(a)));
      CHECK(v.data()[4 * r + k] == Approx(p * std::sin(a) + q * std::cos(a)));
    }
  // a rotation's pullback turns back
  constexpr auto turned = [](auto t, auto by, auto du) {
    return fg::vjp<0>([](auto s, auto w) { return get<0>(rotated(s, w)); })(t, by, du);
  };
  const matrix du = matrix_of(3, 4, 5);
  const auto [again, dx] = fg::fuse(turned)(x, angle, du);
  for (std::ptrdiff_t r = 0; r < 3; ++r)
    for (std::ptrdiff_t k = 0; k < 4; ++k) {
      const double a = angle[static_cast<std::size_t>(k)];
      CHECK(again.data()[4 * r + k] == u.data()[4 * r + k]);
      CHECK(dx.data()[8 * r + 2 * k] == Approx(du.data()[4 * r + k] * std::cos(a)));
      CHECK(dx.data()[8 * r + 2 * k + 1] == Approx(-du.data()[4 * r + k] * std::sin(a)));
    }
}

TEST_CASE("slices in functions with state, on variables, and in inner derivatives", "[slices]") {
  const doubles x = vector_of(40);
  const double weight = 0.7;
  const auto weighted = [weight](auto t) { return weight * fg::sum(fg::square(last<1, fg::end>(t) - last<0, -1>(t))); };
  const auto [value, gradient] = fg::value_and_grad<0>(weighted)(x);
  double wanted = 0;
  for (std::size_t i = 1; i < 40; ++i) wanted += weight * (x[i] - x[i - 1]) * (x[i] - x[i - 1]);
  CHECK(value == Approx(wanted));
  CHECK(gradient.data()[0] == Approx(2 * weight * (x[0] - x[1])));
  CHECK(gradient.data()[20] == Approx(2 * weight * (2 * x[20] - x[19] - x[21])));

  // a penalty on the slope of an inner function, differentiated in turn
  constexpr auto penalty = [](auto t) {
    const auto slope = fg::grad([](auto s) { return fg::sum(fg::cos(last<1, fg::end>(s)) * last<0, -1>(s)); })(t);
    return fg::sum(fg::square(slope) * t);
  };
  doubles direct(40);
  for (std::size_t i = 0; i < 40; ++i)
    direct[i] = (i + 1 < 40 ? std::cos(x[i + 1]) : 0.0) - (i > 0 ? std::sin(x[i]) * x[i - 1] : 0.0);
  double sum = 0;
  for (std::size_t i = 0; i < 40; ++i) sum += direct[i] * direct[i] * x[i];
  CHECK(fg::fuse(penalty)(x) == Approx(sum));
}

TEST_CASE("the same bits for any number of threads, and no allocation is left behind", "[slices]") {
  const doubles x = vector_of(100003);
  doubles one(x.size()), many(x.size());
  double a = 0, b = 0;
  fg::value_and_grad<0>(smoothness).into(a, one)(x, x);
  fg::value_and_grad<0>(smoothness).on(fg::par).into(b, many)(x, x);
  CHECK(a == b);
  CHECK(one == many);
}

TEST_CASE("ranges that do not lie within an argument are refused", "[slices]") {
  const doubles x = vector_of(3);
  double value = 5;
  doubles dx(3, 1.0);
  constexpr auto far = [](auto t) { return fg::sum(last<4, 6>(t)); };
  CHECK_THROWS_WITH(fg::value_and_grad<0>(far).into(value, dx)(x),
                    "fusegrad: a slice from 4 to 6 by 1 does not lie within axis 0 of [3]; take 0 <= start <= stop <= "
                    "extent, step >= 1");
  CHECK(value == 5);
  CHECK(dx[0] == 1);
  constexpr auto unequal = [](auto t) { return fg::sum(last<1, fg::end>(t) * t); };
  CHECK_THROWS_WITH(fg::fuse(unequal)(x), Catch::Contains("arguments 0 [3] and a slice of 0 [2]"));
}

TEST_CASE("a slice of a flipped array begins at the array's end", "[api][slices]") {
  constexpr auto rest = [](auto x) {
    return fg::slice(fg::flip(x, fg::axis<-1>), fg::axis<-1>, fg::range<1, fg::end>);
  };
  constexpr auto first = [](auto x) { return fg::slice(fg::flip(x, fg::axis<-1>), fg::axis<-1>, fg::range<0, -2>); };
  const std::vector<double> x{1, 2, 3, 4};
  CHECK(std::vector<double>(fg::fuse(rest)(x)) == std::vector<double>{3, 2, 1});
  CHECK(std::vector<double>(fg::fuse(first)(x)) == std::vector<double>{4, 3});
}
