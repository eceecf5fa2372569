// Where each value of a scheduled program lives while it runs: its slot among the values of the same type. Numbers live
// once a call, vectors once a loop, accumulators once a block. Compile time only.
#pragma once

#include "../../ir/program.hpp"
#include "simd.hpp"

namespace fusegrad::cpu {

using ir::instruction;
using ir::op_kind;

inline constexpr int dtypes = 5;

/// Registers: one array for each type.
template <template <dtype> class Lane, int B, int I, int L, int F, int D>
struct register_file {
  static constexpr int at_least_one(int n) { return n > 0 ? n : 1; }
  typename Lane<dtype::boolean>::type boolean[at_least_one(B)];
  typename Lane<dtype::i32>::type i32[at_least_one(I)];
  typename Lane<dtype::i64>::type i64[at_least_one(L)];
  typename Lane<dtype::f32>::type f32[at_least_one(F)];
  typename Lane<dtype::f64>::type f64[at_least_one(D)];

  template <dtype Type, int Slot>
  FUSEGRAD_INLINE constexpr auto& at() {
    if constexpr (Type == dtype::boolean) return boolean[Slot];
    else if constexpr (Type == dtype::i32) return i32[Slot];
    else if constexpr (Type == dtype::i64) return i64[Slot];
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
using file_for = register_file<Lane, Slots.count[0], Slots.count[1], Slots.count[2], Slots.count[3], Slots.count[4]>;

/// The values of a program for which `select(v)` holds, in order, as a compile-time list.
template <int... V>
struct value_list {
  static constexpr int size = sizeof...(V);
};

namespace detail {
template <class Selection, class Indices>
struct listed;
template <class Selection, std::size_t... K>
struct listed<Selection, std::index_sequence<K...>> {
  static constexpr auto found = [] {
    struct {
      int value[sizeof...(K) + 1];
    } list{};
    int n = 0;
    for (int v = 0; v < Selection::size; ++v)
      if (Selection::selects(v)) list.value[n++] = v;
    return list;
  }();
  using type = value_list<found.value[K]...>;
};
template <class Selection>
constexpr std::size_t selected_count() {
  std::size_t n = 0;
  for (int v = 0; v < Selection::size; ++v) n += Selection::selects(v);
  return n;
}
}  // namespace detail

template <class Selection>
using list_of =
    typename detail::listed<Selection, std::make_index_sequence<detail::selected_count<Selection>()>>::type;

namespace detail {
inline constexpr std::size_t chunk = 128;  // below the limits of compilers on folds

template <int... V>
inline constexpr int value_array[]{V...};

template <std::size_t Begin, int... V, class F, std::size_t... K>
FUSEGRAD_INLINE constexpr void for_chunk(F& f, std::index_sequence<K...>) {
  (f.template operator()<value_array<V...>[Begin + K]>(), ...);
}
template <int... V, class F, std::size_t... C>
FUSEGRAD_INLINE constexpr void for_chunks(F& f, std::index_sequence<C...>) {
  constexpr std::size_t n = sizeof...(V);
  (for_chunk<C * chunk, V...>(f, std::make_index_sequence<(n - C * chunk < chunk ? n - C * chunk : chunk)>{}), ...);
}
}  // namespace detail

/// Calls `f.template operator()<V>()` for every value of a list, in order.
template <int... V, class F>
FUSEGRAD_INLINE constexpr void for_each_value(value_list<V...>, F f) {
  if constexpr (sizeof...(V) <= detail::chunk)
    (f.template operator()<V>(), ...);
  else
    detail::for_chunks<V...>(f, std::make_index_sequence<(sizeof...(V) + detail::chunk - 1) / detail::chunk>{});
}

}  // namespace fusegrad::cpu
