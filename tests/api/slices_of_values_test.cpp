// Slices and flips of what runs along the axis, of positions, and of what is much work: through memory, in all modes.
#include <cmath>
#include <fusegrad/debug.hpp>
#include <vector>

#include "catch.hpp"
#include "slices.hpp"

namespace fg = fusegrad;
using namespace slices;

namespace {

constexpr auto flipped = [](auto x) { return fg::flip(x, fg::axis<-1>); };
/// Sums from each element on, every second one of them, the last, and positions.
constexpr auto sums = [](auto x) {
  const auto rest = flipped(fg::cumsum(flipped(x)));
  return fg::outputs(rest, last<0, fg::end, 2>(rest), fg::sum(last<-1, fg::end>(fg::cumsum(x))),
                     last<1, -1>(x * fg::index(x, fg::axis<0>)), last<2, 2>(fg::cumsum(x)));
};
/// Both axes, slices that overlap, flips of slices and slices of flips, of what is much work.
constexpr auto waves = [](auto x) {
  const auto y = fg::sin(x) * fg::exp(x) + fg::cos(x * x);
  const auto inner = last<1, -1>(first<1, -1>(y));
  const auto across = last<2, fg::end>(first<1, -1>(y)) * first<1, -1>(flipped(last<0, -2>(y)));
  return fg::sum(inner * inner * across + first<0, -2>(last<1, -1>(y)));
};

}  // namespace

// equal parts are one input, whatever the order in which they are taken
static_assert(fg::plan(fg::fuse([](auto x) {
                         return fg::sum(last<1, fg::end>(last<0, -1>(x)) * last<0, -1>(last<1, fg::end>(x)) *
                                        last<1, -1>(x) * flipped(last<1, -1>(flipped(x))));
                       }),
                       doubles{})
                  .loads == 1);
static_assert(fg::plan(fg::fuse([](auto x) { return flipped(flipped(x)) - x; }), doubles{}).loads == 1);

TEST_CASE("slices of sums so far, of positions, and empty ones", "[slices]") {
  const doubles x{1, 2, 4, 8, 16};
  const auto [rest, every_second, total, weighted, none] = fg::fuse(sums)(x);
  for (int i = 0; i < 5; ++i) CHECK(rest.data()[i] == 32 - (1 << i));
  REQUIRE(every_second.size() == 3);
  CHECK(every_second.data()[1] == 28);
  CHECK(total == 31);
  REQUIRE(weighted.size() == 3);
  CHECK(weighted.data()[2] == 24);
  CHECK(none.size() == 0);
  const auto gradient = fg::grad([](auto t) { return get<2>(sums(t)) * fg::sum(last<-1, fg::end>(t)); })(x);
  for (int i = 0; i < 5; ++i) CHECK(gradient.data()[i] == (i < 4 ? 16 : 47));
}

TEST_CASE("slices of what is much work, along both axes, to second order", "[slices]") {
  const auto report = fg::check_gradient(waves, matrix_of(5, 6));
  INFO(report.text());
  CHECK(static_cast<bool>(report));
}

TEST_CASE("gradients of gradients through slices", "[slices]") {
  // the gradient of |grad f|^2 with f = sum of (x[i+1] - x[i])^2 / 2 is 2 A A x with A = grad f
  constexpr auto steepness = [](auto x) {
    const auto slope =
        fg::grad([](auto t) { return fg::sum(fg::square(last<1, fg::end>(t) - last<0, -1>(t))) / 2; })(x);
    return fg::sum(slope * slope);
  };
  const doubles x{1, 3, -2, 5};
  const auto gradient = fg::grad(steepness)(x);
  const auto times = [](const doubles& v) {
    doubles made(v.size());
    for (std::size_t i = 0; i < v.size(); ++i)
      made[i] = (i > 0 ? v[i] - v[i - 1] : 0) + (i + 1 < v.size() ? v[i] - v[i + 1] : 0);
    return made;
  };
  const doubles wanted = times(times(x));
  for (std::size_t i = 0; i < 4; ++i) CHECK(gradient.data()[i] == Approx(2 * wanted[i]));
}
