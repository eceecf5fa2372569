// A program of a thousand instructions compiles without any flag, and computes what a loop over numbers does.
#include <cmath>
#include <fusegrad/fusegrad.hpp>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;

namespace {

/// A recurrence of which no step can be shared with another.
template <int Steps>
constexpr auto recurrence = [](auto x, auto s) {
  auto y = x;
  for (int i = 1; i <= Steps; ++i) y = fg::sin(y * s + x * (0.01 * i)) + x;
  return fg::sum(y);
};

}  // namespace

static_assert(fg::plan<std::vector<double>, double>(fg::fuse(recurrence<200>)).instructions >= 1000);

TEST_CASE("a long program and its gradient are one loop", "[passes][long]") {
  constexpr int steps = 30;
  constexpr auto f = fg::value_and_grad<0, 1>(recurrence<steps>);
  constexpr auto facts = fg::plan<std::vector<double>, double>(f);
  static_assert(facts.instructions >= 250 && facts.kernels == 1 && facts.loads == 1 && facts.stores == 1);
  const std::vector<double> x{0.1, -0.4, 0.7, 1.3, -2.0, 0.0, 3.0};
  const double s = 0.9;
  const auto [value, dx, ds] = f(x, s);
  double expected = 0, expected_ds = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    double y = x[k], y_x = 1, y_s = 0;
    for (int i = 1; i <= steps; ++i) {
      const double c = std::cos(y * s + x[k] * (0.01 * i));
      y_s = c * (y_s * s + y);
      y_x = c * (y_x * s + 0.01 * i) + 1;
      y = std::sin(y * s + x[k] * (0.01 * i)) + x[k];
    }
    expected += y;
    expected_ds += y_s;
    CHECK(dx[k] == Approx(y_x));
  }
  CHECK(value == Approx(expected));
  CHECK(ds == Approx(expected_ds));
}
