// Random arguments and the slices that the tests of slices take of them.
#pragma once

#include <fusegrad/fusegrad.hpp>
#include <random>
#include <vector>

namespace slices {

namespace fg = fusegrad;

using doubles = std::vector<double>;
using matrix = fg::tensor<double, 2>;

/// Of the last axis, and of the first.
template <int Start, int Stop, int Step = 1>
inline constexpr auto last = [](auto x) { return fg::slice(x, fg::axis<-1>, fg::range<Start, Stop, Step>); };
template <int Start, int Stop, int Step = 1>
inline constexpr auto first = [](auto x) { return fg::slice(x, fg::axis<0>, fg::range<Start, Stop, Step>); };

/// Curvature of what is computed: slices of an expression.
inline constexpr auto smoothness = [](auto x, auto y) {
  const auto p = fg::tanh(x * y);
  return fg::sum(fg::square(last<2, fg::end>(p) - 2 * last<1, -1>(p) + last<0, -2>(p)) * last<1, -1>(y));
};

inline double draw(std::mt19937& random) { return std::uniform_real_distribution<double>(-1.5, 1.5)(random); }
inline doubles vector_of(std::size_t n, unsigned seed = 7) {
  std::mt19937 random(seed);
  doubles x(n);
  for (double& v : x) v = draw(random);
  return x;
}
inline matrix matrix_of(std::ptrdiff_t rows, std::ptrdiff_t columns, unsigned seed = 7) {
  std::mt19937 random(seed);
  matrix x({rows, columns});
  for (std::ptrdiff_t i = 0; i < x.size(); ++i) x.data()[i] = draw(random);
  return x;
}

}  // namespace slices
