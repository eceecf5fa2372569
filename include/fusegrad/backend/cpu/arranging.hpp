// Arranges the elements of rows, in memory, between kernels: sorts them, and moves them by what that has found.
// Compiled once for each type of elements. What is done does not depend on the number of threads.
#pragma once

#include "../../core/arranging.hpp"
#include "tuning.hpp"
#include "workspace.hpp"

namespace fusegrad::cpu {
inline namespace FUSEGRAD_ISA {

/// An element on its way: its place among the others, and where it was.
template <class Key>
struct keyed_position {
  Key key, position;
};

/// Rows that are sorted by insertion: longer ones digit by digit, each a byte.
inline constexpr std::ptrdiff_t short_row = 64;

/// Sorts by keys, and keeps those of equal keys in their order. Returns where the result is: `items` or `spare`, which
/// has as much room.
template <class Item>
Item* sort_items(Item* items, Item* spare, std::ptrdiff_t n) {
  if (n <= short_row) {
    for (std::ptrdiff_t k = 1; k < n; ++k) {
      const Item item = items[k];
      std::ptrdiff_t at = k;
      for (; at > 0 && item.key < items[at - 1].key; --at) items[at] = items[at - 1];
      items[at] = item;
    }
    return items;
  }
  constexpr int digits = sizeof(items->key);
  const auto digit_of = [](const Item& item, int d) { return item.key >> 8 * d & 255u; };
  std::ptrdiff_t counts[digits][256]{};
  for (std::ptrdiff_t k = 0; k < n; ++k)
    for (int d = 0; d < digits; ++d) ++counts[d][digit_of(items[k], d)];
  for (int d = 0; d < digits; ++d) {
    std::ptrdiff_t* const places = counts[d];
    if (places[digit_of(*items, d)] == n) continue;  // they all have the same
    std::ptrdiff_t before = 0;
    for (int value = 0; value < 256; ++value) {
      const std::ptrdiff_t count = places[value];
      places[value] = before;
      before += count;
    }
    for (std::ptrdiff_t k = 0; k < n; ++k) spare[places[digit_of(items[k], d)]++] = items[k];
    Item* const sorted = spare;
    spare = items;
    items = sorted;
  }
  return items;
}

/// Calls f(offset of the row, scratch memory of so many bytes) for each row.
template <class F>
void for_each_row(const array_rows& at, std::size_t scratch_bytes, [[maybe_unused]] bool parallel, F f) {
  const std::ptrdiff_t rows = at.rows.count;
#if defined(_OPENMP)
#pragma omp parallel if (parallel && rows > 1 && rows * at.elements.count >= parallel_elements)
#endif
  {
    borrowed_workspace memory;  // the thread's own
    unsigned char* const scratch = memory.reserve(scratch_bytes);
#if defined(_OPENMP)
#pragma omp for schedule(static)
#endif
    for (std::ptrdiff_t r = 0; r < rows; ++r) f(at.rows[r], scratch);
  }
}

template <class Key, class T>
void find_order_with(const T* x, std::int64_t* positions, const array_rows& at, bool parallel) {
  using item = keyed_position<Key>;
  const std::ptrdiff_t n = at.elements.count;
  const std::size_t bytes = aligned_bytes(static_cast<std::size_t>(n) * sizeof(item));
  for_each_row(at, 2 * bytes, parallel, [&](std::ptrdiff_t row, unsigned char* scratch) {
    item* const items = reinterpret_cast<item*>(scratch);
    for (std::ptrdiff_t k = 0; k < n; ++k) items[k] = {sort_key(x[row + at.elements[k]]), static_cast<Key>(k)};
    const item* const sorted = sort_items(items, reinterpret_cast<item*>(scratch + bytes), n);
    for (std::ptrdiff_t k = 0; k < n; ++k)
      positions[row + at.elements[k]] = static_cast<std::int64_t>(sorted[k].position);
  });
}
/// The positions of each row's elements in their order.
template <class T>
[[gnu::noinline]] void find_order(const T* x, std::int64_t* positions, const array_rows& at, bool parallel) {
  if constexpr (sizeof(T) < 8)
    if (static_cast<std::uint64_t>(at.elements.count) <= 0xffffffffu)
      return find_order_with<std::uint32_t>(x, positions, at, parallel);
  find_order_with<std::uint64_t>(x, positions, at, parallel);
}

/// The same of rows that are orders themselves.
[[gnu::noinline]] inline void find_ranks(const std::int64_t* order, std::int64_t* ranks, const array_rows& at,
                                         bool parallel) {
  for_each_row(at, 0, parallel, [&](std::ptrdiff_t row, unsigned char*) {
    for (std::ptrdiff_t k = 0; k < at.elements.count; ++k) ranks[row + at.elements[order[row + at.elements[k]]]] = k;
  });
}

/// The elements of each row at these positions.
template <class T>
[[gnu::noinline]] void permute(const T* x, const std::int64_t* positions, T* y, const array_rows& at, bool parallel) {
  for_each_row(at, 0, parallel, [&](std::ptrdiff_t row, unsigned char*) {
    for (std::ptrdiff_t k = 0; k < at.elements.count; ++k) {
      const std::ptrdiff_t here = row + at.elements[k];
      y[here] = x[row + at.elements[positions[here]]];
    }
  });
}

}  // namespace FUSEGRAD_ISA
}  // namespace fusegrad::cpu
