// Adjoints under conditions that meet others: what a branch not taken would have had, infinities and NaN included,
// reaches nothing. In both modes, to second order, for numbers and arrays.
#include <cmath>

#include "every_mode.hpp"

namespace fg = fusegrad;
using every_mode::check;

TEST_CASE("a selection that feeds several operations passes each one's adjoint", "[passes][where]") {
  const auto f = [](auto x) {
    const auto y = fg::where(x > 0, fg::sqrt(x), x);
    return y * y + fg::exp(y) + 3 * y;
  };
  const double e2 = std::exp(2.0);
  check(f, {{-1, -2 + std::exp(-1.0) + 3, 2 + std::exp(-1.0)},
            {4, 1 + e2 / 4 + 0.75, e2 / 16 - e2 / 32 - 3.0 / 32},
            {0, 4, 3}});
}

TEST_CASE("several operations in one branch share its condition", "[passes][where]") {
  const auto f = [](auto x) {
    const auto bad = fg::log(x);
    const auto worse = 1 / x;
    return fg::where(x > 0, bad * worse + bad, 0) + fg::where(x > 0, worse, 5 * x) + fg::where(x <= 0, x, bad);
  };
  const auto g = [](double x) { return (1 - std::log(x)) / (x * x) + 1 / x - 1 / (x * x) + 1 / x; };
  check(f, {{0, 6, 0}, {-3, 6, 0}});
  CHECK(fg::grad(f)(2.0) == Approx(g(2)));
}

TEST_CASE("a value used inside and outside of a selection receives both adjoints", "[passes][where]") {
  const auto f = [](auto x) {
    const auto r = fg::sqrt(x);
    return r + fg::where(x > 1, r, 0);
  };
  check(f, {{4, 0.5, -0.0625}, {0.25, 1, -2}});
  CHECK(fg::grad(f)(0.0) == __builtin_inf());  // where the branch is taken, its infinity is right
}

TEST_CASE("the clamped argument of a function takes no part outside", "[passes][where]") {
  // the same quantity under opposite conditions
  const auto f = [](auto x) {
    const auto c = x > 0;
    const auto inner = fg::where(c, fg::log(x), 0);
    return fg::where(!c, inner, x);
  };
  check(f, {{2, 1, 0}, {0, 0, 0}, {-2, 0, 0}});
}

TEST_CASE("an overflowing branch that is not taken leaves the other's derivative", "[passes][where]") {
  check([](auto x) { return fg::where(x < 100, x * x, fg::exp(x * x)); }, {{50, 100, 2}});
  check([](auto x) { return fg::where(x < 100, x * x, fg::exp(x * x) - fg::exp(x * x)); }, {{50, 100, 2}});
}

TEST_CASE("conditions between arrays select with respect to each of them", "[passes][where]") {
  const std::vector<float> x{-1, 0, 4}, y{2, -3, 0};
  const auto f = [](auto a, auto b) { return fg::sum(fg::where(a > b, fg::sqrt(a), fg::log(b))); };
  const auto [da, db] = fg::grad<0, 1>(f)(x, y);
  CHECK(da[0] == 0);
  CHECK(db[0] == 0.5f);
  CHECK(da[1] == __builtin_inff());
  CHECK(db[1] == 0);
  CHECK(da[2] == 0.25f);
  CHECK(db[2] == 0);
}

TEST_CASE("a reduction of selected values has finite derivatives", "[passes][where]") {
  const auto f = [](auto x) { return fg::log(fg::sum(fg::where(x > 0, fg::sqrt(x), 0))); };
  const std::vector<double> x{0, 4, -1, 16};
  const auto g = fg::grad(f)(x);
  CHECK(g[0] == 0);
  CHECK(g[1] == Approx(0.25 / 6));
  CHECK(g[2] == 0);
  CHECK(g[3] == Approx(0.125 / 6));
  const auto [value, tangent] = fg::jvp(f)(x, std::vector<double>{1, 2, 1, 0});
  CHECK(value == Approx(std::log(6.0)));
  CHECK(tangent == Approx(0.5 / 6));
}

TEST_CASE("a scalar argument of a branch receives the sum over the elements that take it", "[passes][where]") {
  const auto f = [](auto x, auto s) { return fg::sum(fg::where(x > 0, s * fg::log(x), fg::sqrt(-x) / s)); };
  const auto g = fg::grad<1>(f)(std::vector<double>{1, std::exp(1.0), -4}, 2.0);
  CHECK(g == Approx(1 - 2.0 / 4));
}

TEST_CASE("a number that no element's branch uses gets no derivative, however steep it is", "[passes][where]") {
  // sqrt(t) at t = 0: its slope is infinite, but nobody takes it
  const auto f = [](auto x, auto t) { return fg::sum(fg::where(x > 0, fg::sqrt(t) * x, x)); };
  const std::vector<double> none{-1, -2}, some{-1, 2};
  CHECK(fg::grad<1>(f)(none, 0.0) == 0);
  CHECK(fg::grad<1>(f)(some, 4.0) == Approx(0.5));
  CHECK(fg::grad<1>(f)(some, 0.0) == __builtin_inf());
  CHECK(get<1>(fg::jvp<1>(f)(none, 0.0, 1.0)) == 0);
  CHECK(fg::grad<0>([](auto x) { return fg::sum(fg::where(x > 1e6, fg::sqrt(fg::min(x)), x)); })(
            std::vector<double>{0, 3})[0] == 1);
}

constexpr auto selected_terms = [](auto x) { return fg::where(x > 0, x * x, 0) + fg::where(x > 1, x * x * x, 0); };
template <class F>
constexpr int flops_of_gradient(F f) {
  return fg::plan<std::vector<float>>(fg::grad(f)).flops;
}
// a mean multiplies what several selections come to once
static_assert(flops_of_gradient([](auto x) { return fg::mean(selected_terms(x)); }) ==
              flops_of_gradient([](auto x) { return fg::sum(selected_terms(x)); }) + 1);

TEST_CASE("an infinite factor reaches the elements of branches that are taken, and no others", "[passes][where]") {
  const auto f = [](auto x, auto s) { return s * fg::sum(selected_terms(x)); };
  const auto g = fg::grad(f)(std::vector<float>{-1, 0.5, 2}, __builtin_inff());
  CHECK(g[0] == 0);
  CHECK(g[1] == __builtin_inff());
  CHECK(g[2] == __builtin_inff());
}

TEST_CASE("a selection keeps its condition across a change of type", "[passes][where]") {
  const auto f = [](auto x, auto y) {
    return fg::sum(fg::where(x > 0, fg::log(x) * y, 0));
  };  // float log, double product
  const auto g = fg::grad<0>(f)(std::vector<float>{0, 2}, std::vector<double>{3, 4});
  CHECK(g[0] == 0);
  CHECK(g[1] == 2);
}
