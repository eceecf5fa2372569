// Where each value of a scheduled program lives while it runs: its slot among the values of the same type. Numbers live
// once a call, vectors once a loop, accumulators once a block. Compile time only.
#pragma once

#include "../../ir/list_of.hpp"
#include "../../ir/schedule.hpp"
#include "simd.hpp"

namespace fusegrad::cpu {
inline namespace FUSEGRAD_ISA {

using ir::instruction;
using ir::list_of;
using ir::op_kind;

inline constexpr int dtypes = 6;

/// Registers: one array for each type.
template <template <dtype> class Lane, int B, int I, int L, int U, int F, int D>
struct register_file {
  static constexpr int at_least_one(int n) { return n > 0 ? n : 1; }
  typename Lane<dtype::boolean>::type boolean[at_least_one(B)];
  typename Lane<dtype::i32>::type i32[at_least_one(I)];
  typename Lane<dtype::i64>::type i64[at_least_one(L)];
  typename Lane<dtype::u64>::type u64[at_least_one(U)];
  typename Lane<dtype::f32>::type f32[at_least_one(F)];
  typename Lane<dtype::f64>::type f64[at_least_one(D)];

  template <dtype Type, int Slot>
  FUSEGRAD_INLINE constexpr auto& at() {
    if constexpr (Type == dtype::boolean) return boolean[Slot];
    else if constexpr (Type == dtype::i32) return i32[Slot];
    else if constexpr (Type == dtype::i64) return i64[Slot];
    else if constexpr (Type == dtype::u64) return u64[Slot];
    else if constexpr (Type == dtype::f32) return f32[Slot];
    else return f64[Slot];
  }
  template <dtype Type, int Slot>
  FUSEGRAD_INLINE constexpr const auto& at() const {
    return const_cast<register_file*>(this)->template at<Type, Slot>();
  }
};

/// Slots for a selection of a program's values.
template <int Size>
struct slots {
  int of[Size > 0 ? Size : 1]{};
  int count[dtypes]{};
  int values = 0;

  constexpr void add(int value, dtype type) {
    of[value] = count[static_cast<int>(type)]++;
    ++values;
  }
};

template <template <dtype> class Lane, const auto& Slots>
using file_for =
    register_file<Lane, Slots.count[0], Slots.count[1], Slots.count[2], Slots.count[3], Slots.count[4], Slots.count[5]>;

namespace detail {
inline constexpr std::size_t chunk = 128;  // below the limits of compilers on folds

template <class F, class List, std::size_t Begin, std::size_t... K, class... Args>
FUSEGRAD_INLINE constexpr void for_chunk(std::index_sequence<K...>, Args&... args) {
  (F::template run<List::at[Begin + K]>(args...), ...);
}
template <class F, class List, std::size_t... C, class... Args>
FUSEGRAD_INLINE constexpr void for_chunks(std::index_sequence<C...>, Args&... args) {
  constexpr std::size_t n = List::size;
  (for_chunk<F, List, C * chunk>(std::make_index_sequence<(n - C * chunk < chunk ? n - C * chunk : chunk)>{}, args...),
   ...);
}
}  // namespace detail

/// Calls `F::run<V>(args...)` for every value of a list, in order. The arguments are references to local variables and
/// travel as such, never inside an object: compilers then see through them before their first, costly analyses of
/// memory.
template <class F, int... V, class... Args>
FUSEGRAD_INLINE constexpr void for_each_value(ir::list<V...> values, [[maybe_unused]] Args&... args) {
  if constexpr (sizeof...(V) <= detail::chunk) (F::template run<V>(args...), ...);
  else
    detail::for_chunks<F, decltype(values)>(
        std::make_index_sequence<(sizeof...(V) + detail::chunk - 1) / detail::chunk>{}, args...);
}

/// Calls `Merge::run<V>(to, from)` for every value of a list and accumulators of several vectors in flight, until the
/// first holds all: in a fixed order, neighbours first.
template <class Merge, class List, int Width = 1, class Accumulators, int Count>
FUSEGRAD_INLINE void merge_pairwise(Accumulators (&a)[Count]) {
  if constexpr (Width < Count && List::size > 0) {
    [&a]<int... I>(std::integer_sequence<int, I...>) __attribute__((always_inline)) {
      (for_each_value<Merge>(List{}, a[2 * Width * I], a[2 * Width * I + Width]), ...);
    }
    (std::make_integer_sequence<int, (Count + Width - 1) / (2 * Width)>{});
    merge_pairwise<Merge, List, 2 * Width>(a);
  }
}

}  // namespace FUSEGRAD_ISA
}  // namespace fusegrad::cpu
