// Arrays of any strides: a block of elements at a time is brought together, or taken apart. Assumes nothing of the
// program.
#pragma once

#include <array>
#include <cstddef>
#include <type_traits>

#include "tuning.hpp"

namespace fusegrad::cpu {

/// Calls `f(element offset, run length, position)` for the runs along the last axis of which elements [begin, end) of a
/// strided array consist.
template <std::size_t Rank, class F>
void for_each_run(const std::array<std::ptrdiff_t, Rank>& extents, const std::array<std::ptrdiff_t, Rank>& strides,
                  std::ptrdiff_t begin, std::ptrdiff_t end, F f) {
  if (begin >= end) return;
  std::array<std::ptrdiff_t, Rank> index{};
  std::ptrdiff_t rest = begin;
  for (std::size_t axis = Rank; axis-- > 0; rest /= extents[axis]) index[axis] = rest % extents[axis];
  for (std::ptrdiff_t at = begin; at < end;) {
    std::ptrdiff_t offset = 0;
    for (std::size_t axis = 0; axis < Rank; ++axis) offset += index[axis] * strides[axis];
    const std::ptrdiff_t in_row = extents[Rank - 1] - index[Rank - 1];
    const std::ptrdiff_t run = in_row < end - at ? in_row : end - at;
    f(offset, run, at - begin);
    at += run;
    index[Rank - 1] = 0;
    for (std::size_t axis = Rank - 1; axis-- > 0;) {
      if (++index[axis] < extents[axis]) break;
      index[axis] = 0;
    }
  }
}

/// Do the elements lie in row-major order without gaps?
template <std::size_t Rank>
constexpr bool is_contiguous(const std::array<std::ptrdiff_t, Rank>& extents,
                             const std::array<std::ptrdiff_t, Rank>& strides) {
  std::ptrdiff_t step = 1;
  for (std::size_t axis = Rank; axis-- > 0; step *= extents[axis])
    if (extents[axis] > 1 && strides[axis] != step) return false;
  return true;
}

/// A block of elements of a strided array, brought together.
template <class T>
struct staging {
  alignas(64) T elements[static_cast<std::size_t>(staged_elements)];

  template <std::size_t Rank>
  void gather(const T* from, const std::array<std::ptrdiff_t, Rank>& extents,
              const std::array<std::ptrdiff_t, Rank>& strides, std::ptrdiff_t begin, std::ptrdiff_t end) {
    const std::ptrdiff_t step = strides[Rank - 1];
    for_each_run(extents, strides, begin, end, [&](std::ptrdiff_t offset, std::ptrdiff_t run, std::ptrdiff_t to) {
      for (std::ptrdiff_t i = 0; i < run; ++i) elements[to + i] = from[offset + i * step];
    });
  }
  template <std::size_t Rank>
  void scatter(T* into, const std::array<std::ptrdiff_t, Rank>& extents,
               const std::array<std::ptrdiff_t, Rank>& strides, std::ptrdiff_t begin, std::ptrdiff_t end) const {
    const std::ptrdiff_t step = strides[Rank - 1];
    for_each_run(extents, strides, begin, end, [&](std::ptrdiff_t offset, std::ptrdiff_t run, std::ptrdiff_t from) {
      for (std::ptrdiff_t i = 0; i < run; ++i) into[offset + i * step] = elements[from + i];
    });
  }
};

}  // namespace fusegrad::cpu
