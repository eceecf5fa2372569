// Extents and strides of arrays, in elements, first axis first; and their text in error messages.
// Knows nothing of memory or derivatives.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <string>

#include "../config.hpp"
#include "text.hpp"

namespace fusegrad {

/// The extents of an array, first axis first. Rank 0 is a number.
template <int Rank>
using shape = std::array<std::ptrdiff_t, static_cast<std::size_t>(Rank)>;

/// The shape of these extents, of whichever integer types: `fg::tensor<float, 2>(fg::extents(rows, columns))`,
/// `fg::tensor<float>(fg::extents(n))`. Braces alone may be elements, too: `fg::tensor<float>({8})` holds one 8.
template <std::integral... N>
constexpr shape<sizeof...(N)> extents(N... n) {
  return {static_cast<std::ptrdiff_t>(n)...};
}

/// The largest rank of an array.
inline constexpr int max_rank = 8;

template <std::size_t Rank>
FUSEGRAD_INLINE constexpr std::ptrdiff_t element_count(const std::array<std::ptrdiff_t, Rank>& extents) {
  std::ptrdiff_t product = 1;
  for (std::ptrdiff_t extent : extents) product *= extent;
  return product;
}

/// The strides of an array whose elements lie in row-major order without gaps.
template <std::size_t Rank>
FUSEGRAD_INLINE constexpr std::array<std::ptrdiff_t, Rank> row_major_strides(
    const std::array<std::ptrdiff_t, Rank>& extents) {
  std::array<std::ptrdiff_t, Rank> strides{};
  std::ptrdiff_t step = 1;
  for (std::size_t axis = Rank; axis-- > 0; step *= extents[axis]) strides[axis] = step;
  return strides;
}

namespace detail {
[[gnu::cold]] inline std::string text_of_extents(const std::ptrdiff_t* extents, int rank) {
  std::string text = "[";
  for (int axis = 0; axis < rank; ++axis) text += text_of(axis > 0 ? ", " : "", extents[axis]);
  return text += "]";
}
}  // namespace detail

/// `[2, 3]`
template <std::size_t Rank>
std::string to_string(const std::array<std::ptrdiff_t, Rank>& extents) {
  return detail::text_of_extents(extents.data(), static_cast<int>(Rank));
}

}  // namespace fusegrad
