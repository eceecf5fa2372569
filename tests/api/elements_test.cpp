// Single elements of arrays: slices of one element, which are numbers to whatever they meet.
#include <fusegrad/debug.hpp>
#include <vector>

#include "catch.hpp"
#include "slices.hpp"

namespace fg = fusegrad;
using namespace slices;

namespace {

/// Seven elements in one expression, the last of which is counted from the end.
constexpr auto seven = [](auto x) { return x[0] * x[1] + x[2] * x[3] - x[4] * x[5] / x[-1]; };
/// An element of each row, a row, and an element of an expression, beside whole arrays.
constexpr auto mixed = [](auto x) {
  const auto column = fg::at<fg::all, -2>(x);
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

TEST_CASE("fg::at takes rows, columns, elements and parts of them", "[slices]") {
  const matrix x = matrix_of(4, 5);
  const auto [row, column, element, part] = fg::fuse([](auto a) {
    return fg::outputs(a[2], fg::at<fg::all, -1>(a), a[-1][3], fg::at<1, fg::range<2, fg::end, 2>>(a));
  })(x);
  CHECK(std::vector<double>(row) == std::vector{x(2, 0), x(2, 1), x(2, 2), x(2, 3), x(2, 4)});
  CHECK(std::vector<double>(column) == std::vector{x(0, 4), x(1, 4), x(2, 4), x(3, 4)});
  CHECK(element == x(3, 3));
  CHECK(std::vector<double>(part) == std::vector{x(1, 2), x(1, 4)});
  // in functions with state, where indices are part of types, and of variables
  const double weight = 2;
  const auto first_and_last = [weight](auto a) { return weight * fg::at<0, 0>(a) * fg::at<-1>(fg::at<-1>(a)); };
  const auto [value, gradient] = fg::value_and_grad(first_and_last)(x);
  CHECK(value == Approx(2 * x(0, 0) * x(3, 4)));
  CHECK(gradient(3, 4) == Approx(2 * x(0, 0)));
  CHECK(gradient(1, 1) == 0);
  const fg::variable v = std::vector{3.0, 5.0};
  (fg::at<0>(v) * fg::square(fg::at<1>(v))).backward();
  CHECK(v.grad()[0] == 25);
  CHECK(v.grad()[1] == 30);
}

TEST_CASE("elements in a loop of the traced function", "[slices]") {
  constexpr auto rosenbrock = [](auto x) {
    auto valley = 100 * fg::square(x[1] - fg::square(x[0])) + fg::square(1 - x[0]);
    for (int k = 1; k < 3; ++k) valley += 100 * fg::square(x[k + 1] - fg::square(x[k])) + fg::square(1 - x[k]);
    return valley;
  };
  CHECK(fg::fuse(rosenbrock)(doubles{1, 1, 1, 1}) == 0);
  const auto [value, gradient] = fg::value_and_grad(rosenbrock)(doubles{2, 1, 1, 1});
  CHECK(value == 901);
  CHECK(gradient[0] == 2402);
  CHECK(gradient[1] == -600);
}

TEST_CASE("fg::at makes views of arrays, of views that are temporaries, too", "[slices]") {
  matrix x = matrix_of(4, 5);
  static_assert(std::is_same_v<decltype(fg::at<2>(x)), fg::view<double, 1>>);
  CHECK(&fg::at<2>(x)[3] == &x(2, 3));
  CHECK(&fg::at<fg::all, -1>(x)[1] == &x(1, 4));
  const auto turned = fg::transpose(fg::slice(x, fg::axis<0>, 1, 3));
  CHECK(&turned(4, 1) == &x(2, 4));
  CHECK(&fg::at<1>(fg::transpose(fg::at<fg::range<1, 3>>(x)))[0] == &x(1, 1));
  CHECK(fg::fuse([](auto a) { return fg::sum(a); })(fg::at<fg::all, 0>(x)) ==
        Approx(x(0, 0) + x(1, 0) + x(2, 0) + x(3, 0)));
  CHECK_THROWS_WITH(fg::at<4>(x), Catch::Contains("a slice from 4 to 5 by 1 does not lie within axis 0 of [4, 5]"));
}
