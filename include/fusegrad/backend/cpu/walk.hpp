// How a kernel walks through memory: its extents, and for each array that it reads, writes or sums up in, where a row
// begins and how far its elements lie apart. Found once a kernel, from the call's arguments.
#pragma once

#include "loop.hpp"
#include "staging.hpp"

namespace fusegrad::cpu {
inline namespace FUSEGRAD_ISA {

using ir::axis_set;

/// The axes of a set, slowest first: the highest number down.
template <axis_set Axes>
struct axes_of {
  static constexpr std::size_t count = static_cast<std::size_t>(__builtin_popcount(Axes));
  static constexpr auto value = [] {
    std::array<int, count + 1> found{};
    std::size_t n = 0;
    for (int a = ir::max_axes; a-- > 0;)
      if (ir::has_axis(Axes, a)) found[n++] = a;
    return found;
  }();
};

/// The distance of the elements of a row-major array with axes `Axes` along one of them, given the extents of all.
template <axis_set Axes>
constexpr std::ptrdiff_t packed_stride(const std::array<std::ptrdiff_t, ir::max_axes>& extents, int axis) {
  if (!ir::has_axis(Axes, axis)) return 0;
  std::ptrdiff_t stride = 1;
  for (int a = 0; a < axis; ++a)
    if (ir::has_axis(Axes, a)) stride *= extents[static_cast<std::size_t>(a)];
  return stride;
}

/// Where the extents of kernel K are found.
template <class X, int K>
struct kernel_sources {
  static constexpr int of(int axis) { return X::schedule.kernels[K].where[axis]; }
};

/// What kernel K of X does with the program's arrays.
template <class X, int K>
struct kernel_arrays {
  static constexpr auto& schedule = X::schedule;
  static constexpr auto& kernel = X::schedule.kernels[K];
  static constexpr int first_loop = kernel.first_loop, last_loop = kernel.first_loop + kernel.phases;
  static constexpr int first_step = schedule.first_step(K), last_step = schedule.last_step(K);
  static constexpr bool has_loop(int loop) { return loop >= first_loop && loop < last_loop; }
  static constexpr bool has_step(int step) { return step >= first_step && step <= last_step; }

  /// Values in memory that the kernel loads, or keeps for another.
  struct touched {
    static constexpr int size = X::program.size();
    static constexpr bool selects(int v) {
      if (!in_memory<X>::selects(v)) return false;
      if (!X::program[v].is(op_kind::input) && !schedule.kept[v]) return false;  // kept for a row: it is placed there
      if (has_step(schedule.keep_step[v]) || has_loop(schedule.keep_loop[v])) return true;
      if (!X::program[v].is(op_kind::input) && !schedule.loads(v, K)) return false;
      for (int loop = first_loop; loop < last_loop; ++loop)
        if (schedule.in_loop[loop][v] != presence::absent) return true;
      for (int step = first_step; step <= last_step; ++step)
        if (schedule.in_step[step][v]) return true;
      return false;
    }
  };
  struct stored {
    static constexpr int size = X::program.output_count;
    static constexpr bool selects(int k) {
      return has_loop(schedule.store_loop[k]) || has_step(schedule.store_step[k]);
    }
  };
  struct summed {
    static constexpr int size = X::program.size();
    static constexpr bool selects(int v) { return summed_in_arrays<X>::selects(v) && has_loop(schedule.reduced_in[v]); }
  };
  struct totalled {
    static constexpr int size = X::program.size();
    static constexpr bool selects(int v) {
      return schedule.kind[v] == reduction_kind::total &&
             (has_loop(schedule.reduced_in[v]) ||
              (schedule.reduced_after[v] >= 0 && has_step(schedule.reduced_after[v])));
    }
  };
  using loads = list_of<touched>;
  using stores = list_of<stored>;
  using sums = list_of<summed>;
  using totals = list_of<totalled>;
};

/// An array as a kernel walks through it.
template <std::size_t Outer, std::size_t Inner>
struct line {
  unsigned char* base = nullptr;
  std::array<std::ptrdiff_t, Outer> outer{};  ///< bytes from row to row along each outer axis
  std::array<std::ptrdiff_t, Inner> inner{};  ///< elements along each inner axis
  bool contiguous = true;                     ///< do the elements of a row lie side by side?
};

/// The walk of kernel K.
template <class X, int K>
struct walk {
  using arrays_of = kernel_arrays<X, K>;
  static constexpr auto& kernel = X::schedule.kernels[K];
  using outer_axes = axes_of<kernel.outer>;
  using inner_axes = axes_of<kernel.inner>;
  static constexpr std::size_t outer_count = outer_axes::count, inner_count = inner_axes::count;
  using line_type = line<outer_count, inner_count>;
  using row_index = std::array<std::ptrdiff_t, outer_count>;

  std::array<std::ptrdiff_t, ir::max_axes> extents{};
  std::array<std::ptrdiff_t, outer_count> outer_extents{};
  std::array<std::ptrdiff_t, inner_count> inner_extents{};
  std::ptrdiff_t rows = 1, elements = 1;
  line_type in[pointers<X>::ins > 0 ? pointers<X>::ins : 1];
  line_type out[pointers<X>::outs > 0 ? pointers<X>::outs : 1];
  line_type sum[pointers<X>::sums > 0 ? pointers<X>::sums : 1];
  bool strided = false;  ///< is an array's row not contiguous?

  explicit walk(const typename X::table& arrays) {
    find_extents<kernel.domain()>(arrays);
    for (std::size_t k = 0; k < outer_count; ++k) rows *= outer_extents[k] = extent(outer_axes::value[k]);
    for (std::size_t k = 0; k < inner_count; ++k) elements *= inner_extents[k] = extent(inner_axes::value[k]);
  }

  /// An array of some axes begins at `base`; `stride(axis)` elements, of `bytes` each, lie between neighbours along
  /// one.
  template <axis_set Axes, class Stride>
  void set(line_type& to, const void* base, std::ptrdiff_t bytes, Stride stride) {
    to.base = static_cast<unsigned char*>(const_cast<void*>(base));
    // where there is nothing there is no way from row to row
    for (std::size_t k = 0; k < outer_count; ++k)
      to.outer[k] = base == nullptr ? 0 : bytes * stride(outer_axes::value[k]);
    for (std::size_t k = 0; k < inner_count; ++k) to.inner[k] = stride(inner_axes::value[k]);
    to.contiguous = (Axes & kernel.inner) == 0 || is_contiguous(inner_extents, to.inner);
    strided = strided || !to.contiguous;
  }

  std::ptrdiff_t extent(int axis) const { return extents[static_cast<std::size_t>(axis)]; }
  /// Where row number `row` is, of those that there are.
  row_index row(std::ptrdiff_t row) const {
    row_index index{};
    for (std::size_t k = outer_count; k-- > 0; row /= outer_extents[k]) index[k] = row % outer_extents[k];
    return index;
  }

  /// Where row `index` of an array begins.
  FUSEGRAD_INLINE static void* at(const line_type& array, const std::array<std::ptrdiff_t, outer_count>& index) {
    std::ptrdiff_t offset = 0;
    for (std::size_t k = 0; k < outer_count; ++k) offset += index[k] * array.outer[k];
    return array.base + offset;
  }

 private:
  template <axis_set Axes>
  void find_extents(const typename X::table& arrays) {
    if constexpr (Axes != 0) {
      constexpr int axis = ir::lowest_axis(Axes);
      extents[static_cast<std::size_t>(axis)] = extent_at<X, kernel_sources<X, K>::of(axis)>(arrays);
      find_extents<Axes&(Axes - 1)>(arrays);
    }
  }
};

}  // namespace FUSEGRAD_ISA
}  // namespace fusegrad::cpu
