// Extrema at which one operand is larger than the other, and those at which none is: the same results by two programs.
#include <cmath>
#include <fusegrad/fusegrad.hpp>
#include <limits>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;

namespace {

using floats = std::vector<float>;

constexpr auto spread = [](auto x, auto y) {
  const auto smaller = fg::min(x, y);
  return fg::sum(fg::max(x, y) - smaller * fg::max(smaller - 1, 0));
};
constexpr auto plain = [](auto x, auto y) { return fg::sum(x * y); };

template <class T>
using executable = fg::detail::executable_of<T, floats, floats>;
using gradient = decltype(fg::value_and_grad<0, 1>(spread));

template <class X, class Op>
constexpr int count() {
  int found = 0;
  for (int v = 0; v < X::program.size(); ++v) found += X::program[v].op == &fg::ir::info<Op>;
  return found;
}

bool same(float a, float b) { return std::isnan(a) ? std::isnan(b) : a == b; }

}  // namespace

static_assert(count<executable<gradient>, fg::parts::share_t>() > 0);
static_assert(count<executable<gradient>::decided, fg::parts::share_t>() == 0);
static_assert(count<executable<gradient>::decided, fg::max_t>() == 0);
// one comparison says which operand of a pair counts, and selects between what each would receive
static_assert(count<executable<gradient>::decided, fg::less_t>() == 2);
static_assert(count<executable<gradient>::decided, fg::logical_and_t>() == 0);
static_assert(count<executable<gradient>::decided, fg::where_t>() == 3);
static_assert(executable<gradient>::decided::program.output_count == 4);
static_assert(fg::cpu::decides<executable<gradient>, 0>());
// what has no slopes of extrema has one program
static_assert(std::is_void_v<executable<decltype(fg::value_and_grad<0, 1>(plain))>::decided>);
static_assert(std::is_void_v<executable<decltype(fg::fuse(spread))>::decided>);

TEST_CASE("vectors with ties and NaN have the slopes that each element has by itself", "[passes][decide]") {
  const float nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();
  // 0: nothing undecided; otherwise every so manieth element is
  for (const std::size_t every : {std::size_t{0}, std::size_t{1}, std::size_t{7}, std::size_t{40}}) {
    INFO("every " << every);
    constexpr std::size_t n = 200;
    floats x(n), y(n), dx(n), dy(n);
    const float special[][2] = {{2, 2}, {0, -0.0f}, {nan, 1}, {1, nan}, {nan, nan}, {infinity, infinity}, {1, 5}};
    for (std::size_t i = 0; i < n; ++i) {
      x[i] = std::sin(static_cast<float>(i)) * 3;
      y[i] = std::cos(static_cast<float>(3 * i)) * 2;
      if (every != 0 && i % every == every - 1) {
        x[i] = special[i / every % 7][0];
        y[i] = special[i / every % 7][1];
      }
    }
    float total = 0;
    double sum = 0;
    fg::value_and_grad<0, 1>(spread).into(total, dx, dy)(x, y);
    for (std::size_t i = 0; i < n; ++i) {
      const auto [value, by_x, by_y] = fg::value_and_grad<0, 1>(spread)(x[i], y[i]);
      sum += static_cast<double>(value);
      INFO("element " << i << ": " << x[i] << ", " << y[i] << " have " << dx[i] << ", " << dy[i] << " for " << by_x
                      << ", " << by_y);
      if (!same(dx[i], by_x) || !same(dy[i], by_y)) FAIL();
    }
    if (every == 0) CHECK(static_cast<double>(total) == Approx(sum));
    else CHECK(std::isnan(total));
  }
}
