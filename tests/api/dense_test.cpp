// Jacobians and Hessians: entries in row-major order, for numbers at compile time and for arrays element by element.
#include <cmath>
#include <fusegrad/fusegrad.hpp>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;

namespace {
constexpr auto surface = [](auto x, auto y) { return x * x * y + y * y * y; };
constexpr auto two = [](auto x, auto y, auto z) { return fg::outputs(x * y, x * x + z); };
constexpr auto hessian = fg::hessian<0, 1>(surface)(2.0, 3.0);
constexpr auto jacobian = fg::jacobian<0, 2>(two)(2.0, 3.0, 5.0);
}  // namespace

static_assert(get<0>(hessian) == 6 && get<1>(hessian) == 4 && get<2>(hessian) == 4 && get<3>(hessian) == 18);
static_assert(get<0>(jacobian) == 3 && get<1>(jacobian) == 0 && get<2>(jacobian) == 4 && get<3>(jacobian) == 1);
static_assert(fg::hessian<1>(surface)(2.0, 3.0) == 18 && fg::jacobian(surface)(2.0, 3.0) == 12);
static_assert(get<1>(fg::hessian<1, 0>(surface)(2.0, 3.0)) == 4 && get<0>(fg::hessian<1, 0>(surface)(2.0, 3.0)) == 18);
static_assert(fg::grad([](auto x) { return fg::hessian([](auto u) { return u * u * u * u; })(x); })(2.0) == 48);

TEST_CASE("a Jacobian of arrays has an array for each entry, from one pass", "[api][jacobian]") {
  const std::vector<float> radius{1, 2, 3, 4, 5}, angle{0, 0.5f, 1, 1.5f, 2};
  constexpr auto polar = fg::jacobian<0, 1>([](auto r, auto a) { return fg::outputs(r * fg::cos(a), r * fg::sin(a)); });
  static_assert(fg::plan<std::vector<float>, std::vector<float>>(polar).kernels == 1);
  static_assert(fg::plan<std::vector<float>, std::vector<float>>(polar).loads == 2);
  const auto [xr, xa, yr, ya] = polar(radius, angle);
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(xr[i] == Approx(std::cos(angle[i])).margin(1e-6));
    CHECK(xa[i] == Approx(-radius[i] * std::sin(angle[i])).margin(1e-6));
    CHECK(yr[i] == Approx(std::sin(angle[i])).margin(1e-6));
    CHECK(ya[i] == Approx(radius[i] * std::cos(angle[i])).margin(1e-6));
  }
}

TEST_CASE("a Hessian of arrays is taken element by element", "[api][hessian]") {
  const std::vector<double> x{1, 2, -3}, y{3, -1, 0.5};
  const double k = 2;
  std::vector<double> xx(3), xy(3), yx(3), yy(3);
  fg::hessian<0, 1>([k](auto a, auto b) { return k * surface(a, b); }).into(xx, xy, yx, yy)(x, y);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(xx[i] == 4 * y[i]);
    CHECK(xy[i] == 4 * x[i]);
    CHECK(yx[i] == 4 * x[i]);
    CHECK(yy[i] == 12 * y[i]);
  }
}

TEST_CASE("a loss has a Hessian with respect to its parameters", "[api][hessian]") {
  const std::vector<double> x{1, 2, 3}, t{1, 2, 2};
  const auto [ss, so, os, oo] = fg::hessian<1, 2>([](auto in, auto slope, auto offset, auto out) {
    return fg::sum(fg::square(slope * in + offset - out));
  })(x, 0.5, 0.1, t);
  CHECK(ss == 28);
  CHECK(so == 12);
  CHECK(os == 12);
  CHECK(oo == 6);
}

TEST_CASE("numbers have slopes that vary, arrays may meet reductions of others", "[api][jacobian]") {
  const std::vector<double> x{1, 2, 3};
  const auto [dx, ds] = fg::jacobian<0, 1>([](auto v, auto s) { return v * s * s; })(x, 3.0);
  CHECK(dx[2] == 9);
  CHECK(ds[2] == 18);
  const auto [scaled] = fg::outputs(fg::jacobian<0>([](auto v, auto w) { return v * fg::sum(w); })(x, x));
  CHECK(scaled[1] == 6);
}

TEST_CASE("the Hessian of a number beside an array has an entry for each element", "[api][dense]") {
  const std::vector<double> k{1, 2, 3};
  const auto [ss, sk, ks, kk] = fg::hessian<0, 1>([](auto s, auto x) { return s * s * x * x; })(3.0, k);
  for (std::ptrdiff_t i = 0; i < 3; ++i) {
    const double x = k[static_cast<std::size_t>(i)];
    CHECK(ss[i] == 2 * x * x);
    CHECK(sk[i] == 12 * x);
    CHECK(ks[i] == 12 * x);
    CHECK(kk[i] == 18);
  }
}
