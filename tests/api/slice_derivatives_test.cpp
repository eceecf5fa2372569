// Derivatives of slices and flips in all modes, to second order, against finite differences.
#include <fusegrad/debug.hpp>
#include <vector>

#include "catch.hpp"
#include "slices.hpp"

namespace fg = fusegrad;
using namespace slices;

namespace {

constexpr auto symmetry = [](auto x) { return fg::mean(fg::square(x - fg::flip(x, fg::axis<-1>)) * fg::exp(x)); };

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
