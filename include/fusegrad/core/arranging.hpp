// What it takes to arrange the elements of rows: where they lie, and by which integers they are ordered. For any
// back-end; knows no program.
#pragma once

#include <cstddef>

#include "dtype.hpp"
#include "shape.hpp"

namespace fusegrad {

/// Places in an array whose elements lie side by side, along some of its dimensions, the last dimension fastest.
struct array_places {
  int dimensions = 0;
  std::ptrdiff_t extents[max_rank]{}, strides[max_rank]{}, count = 1;  ///< the last dimension first

  constexpr void add(std::ptrdiff_t extent, std::ptrdiff_t stride) {
    count *= extent;
    const int last = dimensions - 1;
    if (last >= 0 && stride == strides[last] * extents[last]) {
      extents[last] *= extent;  // they can be walked as one
    } else {
      extents[dimensions] = extent;
      strides[dimensions++] = stride;
    }
  }
  FUSEGRAD_HD constexpr std::ptrdiff_t operator[](std::ptrdiff_t k) const {
    if (dimensions == 1) return k * strides[0];
    std::ptrdiff_t offset = 0;
    for (int d = 0; d < dimensions; ++d) {
      offset += k % extents[d] * strides[d];
      k /= extents[d];
    }
    return offset;
  }
};

/// The rows of an array, and the elements of each.
struct array_rows {
  array_places rows, elements;

  /// An array of so many dimensions, the extents of which come first dimension first; rows lie along those named by a
  /// bit, the last dimension being bit 0.
  constexpr array_rows(const std::ptrdiff_t* shape, int rank, unsigned along) {
    std::ptrdiff_t stride = 1;
    for (int d = 0; d < rank; ++d) {
      const std::ptrdiff_t extent = shape[rank - 1 - d];
      ((along >> d & 1u) != 0 ? elements : rows).add(extent, stride);
      stride *= extent;
    }
  }
};

/// A natural number for each number, in the same order: -0 and 0 have the same, all NaN the largest.
template <class T>
FUSEGRAD_HD constexpr auto sort_key(T x) {
  using key = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;
  constexpr key top = key{1} << (8 * sizeof(key) - 1);
  if constexpr (std::is_floating_point_v<T>) {
    const key bits = __builtin_bit_cast(key, x), magnitude = bits & ~top;
    constexpr key infinity = __builtin_bit_cast(key, static_cast<T>(__builtin_inf()));
    if (magnitude > infinity) return ~key{0};
    return bits == magnitude ? top + magnitude : top - magnitude;
  } else {
    return std::is_unsigned_v<T> ? static_cast<key>(x) : static_cast<key>(x) ^ top;
  }
}

}  // namespace fusegrad
