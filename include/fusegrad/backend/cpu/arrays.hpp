// The values of a program that lie in memory, and where.
#pragma once

#include <cstddef>
#include <type_traits>

#include "gathering.hpp"

namespace fusegrad::cpu {
inline namespace FUSEGRAD_ISA {

using ir::reduction_kind;

/// The values of a program that lie in memory: inputs as they are read along some axes, and what one kernel keeps for
/// another.
template <class X>
struct in_memory {
  static constexpr int size = X::program.size();
  static constexpr bool selects(int v) {
    return X::program[v].axes != 0 && (X::program[v].is(op_kind::input) || X::schedule.kept[v] || kept_for_rows(v));
  }
  static constexpr bool kept_for_rows(int v) {
    for (int kernel = 0; kernel < X::schedule.kernel_count; ++kernel)
      if (X::schedule.keeps_for_row(v, kernel)) return true;
    return false;
  }
};
template <class X>
using array_list = list_of<in_memory<X>>;

/// The reductions that rows add to arrays.
template <class X>
struct summed_in_arrays {
  static constexpr int size = X::program.size();
  static constexpr bool selects(int v) {
    return X::schedule.kind[v] == reduction_kind::column || X::schedule.kind[v] == reduction_kind::scatter;
  }
};
template <class X>
using sum_list = list_of<summed_in_arrays<X>>;

/// The values that run along a row.
template <class X>
struct scanned_values {
  static constexpr int size = X::program.size();
  static constexpr bool selects(int v) { return X::program[v].is(op_kind::scan); }
};
template <class X>
using scan_list = list_of<scanned_values<X>>;

/// Memory for what scans have come to.
template <class X>
struct carries {
  using widest = compensated<double>;
  alignas(widest) unsigned char of[scan_list<X>::size > 0 ? static_cast<std::size_t>(scan_list<X>::size) : 1]
                                  [sizeof(widest)];
};

/// The position of a value in a list.
template <class List>
constexpr int position_in(int v) {
  for (int k = 0; k < List::size; ++k)
    if (List::at[k] == v) return k;
  return -1;
}

/// The position among the arrays of executable Y of the input that value v of X is; -1 if it is none.
template <class X, class Y>
constexpr int same_array(int v) {
  if (!X::program[v].is(op_kind::input)) return -1;
  for (int k = 0; k < array_list<Y>::size; ++k) {
    const ir::instruction& other = Y::program[array_list<Y>::at[k]];
    if (other.is(op_kind::input) && other.index == X::program[v].index && other.map == X::program[v].map) return k;
  }
  return -1;
}

/// The element type of a value in memory.
template <class X, int V>
struct stored_type : std::type_identity<type_of<X::program[V].type>> {};
template <class X, int V>
  requires(X::program[V].is(op_kind::input))
struct stored_type<X, V> : std::type_identity<typename X::template input_type<X::program[V].index>> {};

/// Where a loop reads and writes: one pointer for each value in memory, each output and each array of sums.
template <class X>
struct pointers {
  static constexpr std::size_t ins = static_cast<std::size_t>(array_list<X>::size);
  static constexpr std::size_t outs = static_cast<std::size_t>(X::program.output_count);
  static constexpr std::size_t sums = static_cast<std::size_t>(sum_list<X>::size);
  const void* in[ins > 0 ? ins : 1]{};
  void* out[outs > 0 ? outs : 1]{};
  void* sum[sums > 0 ? sums : 1];
  /// Of an array of moments: its elements, how many rows were added where the row is, and the part that it is of them.
  struct moments_of_rows {
    std::ptrdiff_t size, *rows;
    double part;
  };
  moments_of_rows moments[sums > 0 ? sums : 1];
  static constexpr std::size_t scans = static_cast<std::size_t>(scan_list<X>::size);
  void* carry[scans > 0 ? scans : 1];  ///< what each scan has come to
  std::ptrdiff_t origin = 0;           ///< the position within the row of the element that the pointers point to
  std::ptrdiff_t ahead = 0;            ///< elements to the next row, which a loop of a row fetches

  /// Clears only what there is: a call of few elements would notice the rest.
  FUSEGRAD_INLINE pointers() {
    for (std::size_t k = 0; k < sums; ++k) {
      sum[k] = nullptr;
      moments[k] = {};
    }
    for (std::size_t k = 0; k < scans; ++k) carry[k] = nullptr;
  }
  FUSEGRAD_INLINE void carry_in(carries<X>& memory) {
    for (std::size_t k = 0; k < scans; ++k) carry[k] = memory.of[k];
  }
  /// Hides from the compiler what they point to: g++ 12 warns of vectors beyond the end of an array whose size it
  /// knows, be they unreachable.
  FUSEGRAD_INLINE void forget_sizes() {
    for (const void*& p : in) asm("" : "+r"(p));
    for (void*& p : out) asm("" : "+r"(p));
  }
  /// Those of an executable with the same inputs and at most as many outputs.
  template <class Other>
  FUSEGRAD_INLINE explicit pointers(const pointers<Other>& other) : pointers() {
    [&]<std::size_t... I, std::size_t... K>(std::index_sequence<I...>, std::index_sequence<K...>)
        __attribute__((always_inline)) {
      ((in[I] = other.in[same_array<X, Other>(array_list<X>::at[I])]), ...);
      ((out[K] = other.out[K]), ...);
    }
    (std::make_index_sequence<ins>{}, std::make_index_sequence<pointers<Other>::outs>{});
    origin = other.origin;
  }
  // pointer by pointer, so that each of them lives in a register of its own
  FUSEGRAD_INLINE pointers(const pointers& other) {
    [&]<std::size_t... I, std::size_t... K, std::size_t... S>(std::index_sequence<I...>, std::index_sequence<K...>,
                                                              std::index_sequence<S...>)
        __attribute__((always_inline)) {
      ((in[I] = other.in[I]), ...);
      ((out[K] = other.out[K]), ...);
      ((sum[S] = other.sum[S]), ...);
      ((moments[S] = other.moments[S]), ...);
    }
    (std::make_index_sequence<ins>{}, std::make_index_sequence<outs>{}, std::make_index_sequence<sums>{});
    if constexpr (scans > 0)
      for (std::size_t k = 0; k < scans; ++k) carry[k] = other.carry[k];
    origin = other.origin;
    ahead = other.ahead;
  }
};

}  // namespace FUSEGRAD_ISA
}  // namespace fusegrad::cpu
