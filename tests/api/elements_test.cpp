// Single elements of arrays: slices of one element, which are numbers to whatever they meet.
#include <fusegrad/fusegrad.hpp>
#include <vector>

#include "catch.hpp"
#include "slices.hpp"

namespace fg = fusegrad;
using namespace slices;

namespace {

template <int K>
inline constexpr auto at = [](auto x) { return fg::sum(first < K, K == -1 ? fg::end : K + 1 > (x)); };

/// Seven elements in one expression, the last of which is counted from the end.
constexpr auto seven = [](auto x) {
  return at<0>(x) * at<1>(x) + at<2>(x) * at<3>(x) - at<4>(x) * at<5>(x) / at<-1>(x);
};
/// An element of each row, a row, and an element of an expression, beside whole arrays.
constexpr auto mixed = [](auto x) {
  const auto column = fg::squeeze(last<-2, -1>(x), fg::axis<1>);
  const auto row = first<1, 2>(fg::sin(x));
  return fg::sum(x * row) + fg::sum(column * column * column) * fg::sum(last<0, 5, 5>(first<2, 3>(x * x)));
};

}  // namespace

// numbers are read before loops; the gradient is one loop over what it is the gradient of
static_assert(fg::plan(fg::fuse(seven), doubles{}).kernels == 0);
static_assert(fg::plan(fg::fuse([](auto x) { return x * seven(x); }), doubles{}).kernels == 1);
static_assert(fg::plan(fg::value_and_grad(seven), doubles{}).kernels == 1);

TEST_CASE("elements of a vector in one expression, and their gradient", "[slices]") {
  const doubles x{2, 3, 5, 7, 11, 13, 17, 19, 23};
  const auto [value, gradient] = fg::value_and_grad(seven)(x);
  CHECK(value == Approx(6 + 35 - 11 * 13 / 23.0));
  const double wanted[]{3, 2, 7, 5, -13 / 23.0, -11 / 23.0, 0, 0, 143 / 529.0};
  for (int i = 0; i < 9; ++i) CHECK(gradient.data()[i] == Approx(wanted[i]).margin(1e-15));
  // the direction's elements, times the slopes
  const doubles direction{1, 0, 0, 0, 0, 0, 5, 0, 23};
  CHECK(get<1>(fg::jvp(seven)(x, direction)) == Approx(3 + 143 / 23.0));
  CHECK_THROWS_WITH(fg::grad(seven)(doubles(5, 1.0)), Catch::Contains("a slice from 5 to 6 by 1 does not lie within"));
}

TEST_CASE("elements, rows and columns of a matrix beside whole ones, to second order", "[slices]") {
  const matrix x = matrix_of(4, 5);
  const auto report = fg::check_gradient(mixed, x);
  INFO(report.text());
  CHECK(static_cast<bool>(report));
}

TEST_CASE("one element keeps its axis, of which the type says that it has one element", "[slices]") {
  const auto [element, beside] = fg::fuse([](auto x) {
    const auto second = first<1, 2>(x);
    return fg::outputs(second, second - x);
  })(doubles{1, 2, 4});
  CHECK(element.shape() == fg::shape<1>{1});
  CHECK(element.data()[0] == 2);
  CHECK(beside.shape() == fg::shape<1>{3});
  CHECK(beside.data()[2] == -2);
}
