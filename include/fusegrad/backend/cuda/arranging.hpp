// What is arranged between kernels: elements are sorted by merging runs, of which each launch makes one of two, a
// thread an element that looks for its place; then moved by what that has found. Any number of rows of any length.
#pragma once

#include "../../core/arranging.hpp"
#include "threads.hpp"
#include "tuning.hpp"

namespace fusegrad::simt {

/// Elements, positions in their rows (null: each element's own), where the result goes, and the length of the runs.
template <class T>
struct arranging_arguments {
  const T* x;
  const std::int64_t* positions;
  void* to;
  array_rows at;
  std::int64_t width;
};

/// Calls f(offset of the row, position in it) for the thread's elements.
template <class Threads, class T, class F>
FUSEGRAD_KERNEL void for_each_element(const Threads& threads, const arranging_arguments<T>& a, F f) {
  const std::int64_t n = a.at.elements.count, all = a.at.rows.count * n;
  FUSEGRAD_NO_UNROLL
  for (std::int64_t i = threads.block() * std::int64_t{threads.threads()} + threads.thread(); i < all;
       i += threads.blocks() * std::int64_t{threads.threads()})
    f(a.at.rows[i / n], i % n);
}

/// Merges sorted runs in pairs. Elements of the first run stand before equal ones of the second.
struct merge_body {
  template <class Threads, class T>
  FUSEGRAD_KERNEL static void run(const Threads& threads, const arranging_arguments<T>& a) {
    for_each_element(threads, a, [&a](std::int64_t row, std::int64_t k) {
      const std::int64_t n = a.at.elements.count;
      const auto position = [&](std::int64_t j) {
        return a.positions == nullptr ? j : a.positions[row + a.at.elements[j]];
      };
      const auto key = [&](std::int64_t j) { return sort_key(a.x[row + a.at.elements[position(j)]]); };
      const std::int64_t begin = k - k % (2 * a.width);
      const std::int64_t middle = begin + a.width < n ? begin + a.width : n;
      const std::int64_t end = begin + 2 * a.width < n ? begin + 2 * a.width : n;
      const bool first = k < middle;
      std::int64_t low = first ? middle : begin, high = first ? end : middle;
      const auto own = key(k);
      while (low < high) {
        const std::int64_t between = low + (high - low) / 2;
        const auto other = key(between);
        const bool before = first ? other < own : other <= own;
        low = before ? between + 1 : low;
        high = before ? high : between;
      }
      static_cast<std::int64_t*>(a.to)[row + a.at.elements[k + low - middle]] = position(k);
    });
  }
};

/// Where each element comes to stand, given their order.
struct rank_body {
  template <class Threads>
  FUSEGRAD_KERNEL static void run(const Threads& threads, const arranging_arguments<std::int64_t>& a) {
    for_each_element(threads, a, [&a](std::int64_t row, std::int64_t k) {
      static_cast<std::int64_t*>(a.to)[row + a.at.elements[a.x[row + a.at.elements[k]]]] = k;
    });
  }
};

struct permute_body {
  template <class Threads, class T>
  FUSEGRAD_KERNEL static void run(const Threads& threads, const arranging_arguments<T>& a) {
    for_each_element(threads, a, [&a](std::int64_t row, std::int64_t k) {
      const std::int64_t here = row + a.at.elements[k];
      static_cast<T*>(a.to)[here] = a.x[row + a.at.elements[a.positions[here]]];
    });
  }
};

}  // namespace fusegrad::simt
