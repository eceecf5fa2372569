// Derivatives of slices and flips in all modes, to second order, against finite differences, and what is compiled of
// them against what is computed value by value.
#include <fusegrad/debug.hpp>
#include <vector>

#include "agreement.hpp"
#include "catch.hpp"
#include "slices.hpp"

namespace fg = fusegrad;
using namespace slices;

namespace {

constexpr auto symmetry = [](auto x) { return fg::mean(fg::square(x - fg::flip(x, fg::axis<-1>)) * fg::exp(x)); };
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

template <class... A>
void check(auto f, const A&... a) {
  const fg::gradient_report report = fg::check_gradient(f, a...);
  INFO(report.text());
  CHECK(static_cast<bool>(report));
  CHECK(disagreement(fg::value_and_grad<0>(f), a...) <= 1e-12);
}

}  // namespace

TEST_CASE("derivatives of slices of vectors agree with finite differences", "[slices]") {
  for (const std::size_t n : {6u, 18u, 68u}) {
    INFO(n << " elements");
    check(symmetry, vector_of(n));
    check(smoothness, vector_of(n), vector_of(n, 8));
  }
}

TEST_CASE("derivatives of slices of matrices agree with finite differences", "[slices]") {
  for (const auto& [rows, columns] : {std::pair{4, 5}, {37, 6}}) {
    INFO(rows << " x " << columns);
    check(image_variation, matrix_of(rows, columns));
    check(rows_and_slices, matrix_of(rows, columns), vector_of(static_cast<std::size_t>(columns), 9));
  }
}
