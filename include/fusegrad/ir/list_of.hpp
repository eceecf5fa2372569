// Lists of some of a program's values, as types: what back-ends unroll over. Compile time only.
#pragma once

#include <cstddef>
#include <utility>

namespace fusegrad::ir {

/// The values of a program, of which there are `Selection::size`, for which `Selection::selects(v)` holds, in order.
template <class Selection>
struct list_of {
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
  using indices = std::make_index_sequence<static_cast<std::size_t>(size)>;
};

/// All of so many.
template <int N>
struct all_of {
  static constexpr int size = N;
  static constexpr bool selects(int) { return true; }
};

}  // namespace fusegrad::ir
