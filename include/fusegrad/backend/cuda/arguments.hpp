// What a launch passes to a kernel, by value: where arrays lie and how a kernel walks through them, the caller's
// numbers, and the memory in which kernels leave what they have added up. Filled on the host.
#pragma once

#include <cstdint>

#include "on_chip.hpp"
#include "values.hpp"

namespace fusegrad::simt {

/// The axes of a set, slowest first: the highest number down.
template <axis_set Axes>
struct axes_of {
  static constexpr int count = __builtin_popcount(Axes);
  /// Axis k of the set.
  static constexpr int at(int k) {
    for (int a = ir::max_axes; a-- > 0;)
      if (ir::has_axis(Axes, a) && k-- == 0) return a;
    return -1;
  }
};

/// An array as a kernel walks through it. What several groups of threads have added up for the same elements lies in
/// parts, one a group, which readers add up in order.
template <int Outer, int Inner>
struct array_argument {
  void* base;
  std::int64_t outer[at_least_one(Outer)];  ///< elements from row to row along each outer axis
  std::int64_t inner[at_least_one(Inner)];  ///< elements along each inner axis
  std::int64_t part;                        ///< elements from one part to the next
  int parts;
  bool contiguous;  ///< do the elements of a row lie side by side?
};

/// A number of any type.
struct any_number {
  std::uint64_t bits;

  template <class T>
  static any_number of(T x) {
    any_number made{0};
    __builtin_memcpy(&made.bits, &x, sizeof(T));
    return made;
  }
  template <class T>
  FUSEGRAD_KERNEL T as() const {
    if constexpr (std::is_same_v<T, float>) return __builtin_bit_cast(float, static_cast<std::uint32_t>(bits));
    else if constexpr (std::is_same_v<T, double>) return __builtin_bit_cast(double, bits);
    else if constexpr (std::is_pointer_v<T>) return __builtin_bit_cast(T, bits);
    else return static_cast<T>(bits);
  }
};

template <class X, int K>
struct kernel_arguments {
  static constexpr axis_set outer_axes = X::schedule.kernels[K].outer, inner_axes = X::schedule.kernels[K].inner;
  static constexpr int outer_count = axes_of<outer_axes>::count, inner_count = axes_of<inner_axes>::count;
  using array = array_argument<outer_count, inner_count>;

  array in[at_least_one(arrays<X>::count)];  ///< in the order of arrays<X>; only what the kernel touches is set
  array out[X::program.output_count];
  void* number_out[X::program.output_count];  ///< of outputs that are numbers
  any_number given[at_least_one(given_numbers<X>::count)];
  std::int64_t outer_extents[at_least_one(outer_count)], inner_extents[at_least_one(inner_count)];
  std::int64_t rows, elements;
  any_number* totals;     ///< one for each of totals<X>, as value_type
  any_number* partial;    ///< blocks x partials<X>: what each block has added up, as wide_type
  any_number* row_parts;  ///< rows x blocks of each x row_reductions<X>: what each block of a row has, as wide_type
  int blocks_of_row;
  chip_room room;    ///< what is kept in shared memory
  unsigned* ticket;  ///< counts the blocks that have finished; 0 before and after
};

}  // namespace fusegrad::simt
