// check_gradient: what is right agrees, what is wrong is found where it is.
#include <array>
#include <fusegrad/debug.hpp>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;

namespace {

/// Right: x^3, and its slope.
inline constexpr struct cube_t : fg::elementwise<cube_t, 1> {
  static constexpr std::string_view name = "cube";
  static constexpr auto value(auto x) { return x * x * x; }
  static constexpr auto partials(fg::symbolic auto x, fg::symbolic auto) { return 3 * x * x; }
} cube;

/// Wrong in the second operand: d(x y^2)/dy is 2 x y.
inline constexpr struct mistaken_t : fg::elementwise<mistaken_t, 2> {
  static constexpr std::string_view name = "mistaken";
  static constexpr auto value(auto x, auto y) { return x * y * y; }
  static constexpr auto partials(fg::symbolic auto x, fg::symbolic auto y, fg::symbolic auto) {
    return std::array{y * y, x * y};
  }
} mistaken;

}  // namespace

TEST_CASE("derivatives that are right agree", "[api][check]") {
  const std::vector<double> x{0.3, -1.2, 2.0}, y{1.5, 0.5, -0.7};
  const auto report =
      fg::check_gradient([](auto a, auto b) { return fg::sum(fg::sin(a) * fg::exp(b)) / fg::mean(b * b); }, x, y);
  CHECK(report);
  CHECK(report.worst <= 1);
  CHECK(report.comparisons == 2 * (3 + 1 + 3));
  CHECK_THAT(report.text(), Catch::Matchers::StartsWith("derivatives agree: 14 comparisons; worst: "));
}

TEST_CASE("a user's operation that is right agrees, elementwise results and several are added up", "[api][check]") {
  CHECK(fg::check_gradient([](auto x) { return cube(x); }, std::vector{0.5, -2.0, 3.0}));
  CHECK(fg::check_gradient([](auto x, auto s) { return fg::outputs(cube(x) * s, fg::sum(x)); }, std::vector{0.5f, 2.0f},
                           1.5));
}

TEST_CASE("integers are left as they are", "[api][check]") {
  const auto report =
      fg::check_gradient([](auto x, auto n) { return fg::sum(x * n); }, std::vector{0.5, 2.0}, std::vector{3, 4});
  CHECK(report);
  CHECK(report.comparisons == 5);
}

TEST_CASE("what was compared, or that nothing was, is said", "[api][check]") {
  const auto none = fg::check_gradient([](auto n) { return fg::sum(n); }, std::vector{3, 4});
  CHECK(none.comparisons == 0);
  CHECK(none.text() == "nothing was compared: no argument has floating-point elements");
  const auto exact = fg::check_gradient([](auto x) { return fg::sum(x * x); }, std::vector<double>{});
  CHECK_THAT(exact.text(), Catch::Matchers::ContainsSubstring("worst: forward mode against reverse mode, argument 0"));
}

TEST_CASE("arguments whose shapes do not fit are named", "[api][check]") {
  const auto f = [](auto x, auto y) { return fg::sum(x * y); };
  CHECK_THROWS_WITH(
      fg::check_gradient(f, std::vector{1.0, 2.0}, std::vector{1.0, 2.0, 3.0}),
      "fusegrad: shapes do not fit in 'mul': 2 elements along axis -1 of input 0, 3 elements along axis -1 "
      "of input 1");
}

TEST_CASE("a wrong partial derivative is found, with its argument and element", "[api][check]") {
  const std::vector<double> x{1.0, 0.0, 3.0}, y{2.0, 1.0, 4.0};
  const auto f = [](auto a, auto b) { return mistaken(a, b); };
  const auto report = fg::check_gradient(f, x, y);
  CHECK_FALSE(report);
  CHECK(report.argument == 1);
  CHECK(report.worst > 1);
  CHECK_THAT(report.text(), Catch::Matchers::StartsWith("derivatives differ: "));
  CHECK_THAT(report.text(), Catch::Matchers::ContainsSubstring("argument 1, element "));
  // one element alone is wrong
  const auto one = fg::check_gradient(f, std::vector{0.0, 3.0, 0.0}, std::vector{1.0, 2.0, 3.0});
  CHECK_FALSE(one);
  CHECK(one.mode == "reverse mode against finite differences");
  CHECK(one.argument == 1);
  CHECK(one.element == 1);
  CHECK(one.expected == Approx(12));
  CHECK(one.found == Approx(6));
}

TEST_CASE("a derivative that is not a number is a disagreement", "[api][check]") {
  CHECK_FALSE(
      fg::check_gradient([](auto x) { return fg::sum(x) * 0 + fg::sum(fg::sqrt(x - x)); }, std::vector{1.0, 2.0}));
}

TEST_CASE("arguments of any layout are checked", "[api][check]") {
  const double storage[]{1, 9, 2, 9, 3, 9};
  const fg::view<const double, 2> x(storage, {1, 3}, {6, 2});
  const double k = 2;
  const auto report = fg::check_gradient([k](auto a) { return fg::sum(a * a * k); }, x);
  CHECK(report);
  CHECK(report.comparisons == 7);
}
