// Lists of some of a program's values, as types: what back-ends unroll over. Compile time only.
#pragma once

#include <cstddef>
#include <utility>

namespace fusegrad::ir {

/// Values of a program: their indices. Equal lists are one type, whatever they were selected for.
template <int... V>
struct list {
  static constexpr int size = sizeof...(V);
  static constexpr int at[sizeof...(V) > 0 ? sizeof...(V) : 1]{V...};
};

/// Finds the list of what is selected.
template <class Selection>
struct selected {
  static constexpr int size = [] {
    int n = 0;
    for (int v = 0; v < Selection::size; ++v) n += Selection::selects(v);
    return n;
  }();
  struct values {
    int at[size > 0 ? size : 1]{};
  };
  static constexpr values value = [] {
    values found;
    int n = 0;
    for (int v = 0; v < Selection::size; ++v)
      if (Selection::selects(v)) found.at[n++] = v;
    return found;
  }();
  template <std::size_t... K>
  static list<value.at[K]...> as_list(std::index_sequence<K...>);
  using type = decltype(as_list(std::make_index_sequence<static_cast<std::size_t>(size)>{}));
};

/// The values of a program, of which there are `Selection::size`, for which `Selection::selects(v)` holds, in order.
template <class Selection>
using list_of = typename selected<Selection>::type;

/// All of so many.
template <int N>
struct all_of {
  static constexpr int size = N;
  static constexpr bool selects(int) { return true; }
};

}  // namespace fusegrad::ir
