// Derivatives of slices and flips in all modes, to second order, against finite differences.
#include <fusegrad/fusegrad.hpp>
#include <random>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;

namespace {

using doubles = std::vector<double>;

template <int Start, int Stop, int Step = 1>
constexpr auto last = [](auto x) { return fg::slice(x, fg::axis<-1>, fg::range<Start, Stop, Step>); };

constexpr auto symmetry = [](auto x) { return fg::mean(fg::square(x - fg::flip(x, fg::axis<-1>)) * fg::exp(x)); };
constexpr auto smoothness = [](auto x, auto y) {
  const auto p = fg::tanh(x * y);  // slices of an expression
  return fg::sum(fg::square(last<2, fg::end>(p) - 2 * last<1, -1>(p) + last<0, -2>(p)) * last<1, -1>(y));
};

double draw(std::mt19937& random) { return std::uniform_real_distribution<double>(-1.5, 1.5)(random); }
doubles vector_of(std::size_t n, unsigned seed = 7) {
  std::mt19937 random(seed);
  doubles x(n);
  for (double& v : x) v = draw(random);
  return x;
}

}  // namespace

TEST_CASE("derivatives of slices of vectors agree with finite differences", "[slices]") {
  for (const std::size_t n : {6u, 18u, 68u}) {
    INFO(n << " elements");
    const doubles x = vector_of(n), y = vector_of(n, 8);
    for (const auto& report : {fg::check_gradient(symmetry, x), fg::check_gradient(smoothness, x, y)}) {
      INFO(report.text());
      CHECK(static_cast<bool>(report));
    }
  }
}
