// Arrays of any strides: a block of elements at a time is brought together, or taken apart. Assumes nothing of the
// program.
#pragma once

#include <array>
#include <cstddef>
#include <type_traits>

#include "tuning.hpp"

namespace fusegrad::cpu {
inline namespace FUSEGRAD_ISA {

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

/// Copies n elements between places that lie so far apart. Steps that compilers know become vectors.
template <class T>
FUSEGRAD_INLINE void copy_run(T* to, std::ptrdiff_t to_step, const T* from, std::ptrdiff_t from_step,
                              std::ptrdiff_t n) {
  for (std::ptrdiff_t i = 0; i < n; ++i) to[i * to_step] = from[i * from_step];
}

/// A block of elements of a strided array, brought together. Its functions are called, so that they are compiled once
/// for all programs.
template <class T>
struct staging {
  alignas(64) T elements[static_cast<std::size_t>(staged_elements)];

  template <std::size_t Rank>
  [[gnu::noinline]] void gather(const T* from, const std::array<std::ptrdiff_t, Rank>& extents,
                                const std::array<std::ptrdiff_t, Rank>& strides, std::ptrdiff_t begin,
                                std::ptrdiff_t end) {
    const std::ptrdiff_t step = strides[Rank - 1];
    for_each_run(extents, strides, begin, end, [&](std::ptrdiff_t offset, std::ptrdiff_t run, std::ptrdiff_t to) {
      if (step == 1) copy_run(elements + to, 1, from + offset, 1, run);
      else if (step == -1) copy_run(elements + to, 1, from + offset, -1, run);
      else copy_run(elements + to, 1, from + offset, step, run);
    });
  }
  template <std::size_t Rank>
  [[gnu::noinline]] void scatter(T* into, const std::array<std::ptrdiff_t, Rank>& extents,
                                 const std::array<std::ptrdiff_t, Rank>& strides, std::ptrdiff_t begin,
                                 std::ptrdiff_t end) const {
    const std::ptrdiff_t step = strides[Rank - 1];
    for_each_run(extents, strides, begin, end, [&](std::ptrdiff_t offset, std::ptrdiff_t run, std::ptrdiff_t from) {
      if (step == 1) copy_run(into + offset, 1, elements + from, 1, run);
      else if (step == -1) copy_run(into + offset, -1, elements + from, 1, run);
      else copy_run(into + offset, step, elements + from, 1, run);
    });
  }
};

}  // namespace FUSEGRAD_ISA
}  // namespace fusegrad::cpu
