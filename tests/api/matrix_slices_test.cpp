// Derivatives of slices of matrices in all modes, to second order, against finite differences.
#include <fusegrad/debug.hpp>
#include <vector>

#include "catch.hpp"
#include "slices.hpp"

namespace fg = fusegrad;
using namespace slices;

namespace {

/// Of an image, both ways: differences on the part that all of them have.
constexpr auto image_variation = [](auto x) {
  const auto here = last<0, -1>(first<0, -1>(x));
  const auto right = last<1, fg::end>(first<0, -1>(x));
  const auto below = first<1, fg::end>(last<0, -1>(x));
  return fg::sum(fg::sqrt(1e-2 + fg::square(right - here) + fg::square(below - here)));
};
/// Slices of what reductions give, and reductions of slices.
constexpr auto rows_and_slices = [](auto x, auto b) {
  const auto p = fg::softmax(x + b, fg::axis<-1>);
  const auto totals = fg::sum(x * x, fg::axis<-1>);
  return fg::sum(first<1, fg::end>(p) * fg::log(first<0, -1>(p))) +
         fg::sum(last<0, -1>(totals) * last<1, fg::end>(totals));
};

}  // namespace

TEST_CASE("derivatives of slices of matrices agree with finite differences", "[slices]") {
  for (const auto& [rows, columns] : {std::pair{4, 5}, {37, 6}}) {
    INFO(rows << " x " << columns);
    const matrix x = matrix_of(rows, columns);
    const doubles b = vector_of(static_cast<std::size_t>(columns), 9);
    for (const auto& report : {fg::check_gradient(image_variation, x), fg::check_gradient(rows_and_slices, x, b)}) {
      INFO(report.text());
      CHECK(static_cast<bool>(report));
    }
  }
}
