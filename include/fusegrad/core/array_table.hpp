// The arrays of a call as plain data, without their types: what does not depend on these is then compiled but once, and
// what looks at all arrays is a loop. Knows neither programs nor what the arrays are for.
#pragma once

#include <cstdint>

#include "shape.hpp"

namespace fusegrad::detail {

/// What is known of an array before a call.
struct array_entry {
  int first = 0;  ///< where its extents and strides begin among those of all
  int rank = 0, bytes = 0;
};

/// Where elements lie, how many there are, and how far apart: for each array, or each of its dimensions.
template <int Arrays, int Dimensions>
struct array_table {
  static constexpr int arrays = Arrays > 0 ? Arrays : 1, dimensions = Dimensions > 0 ? Dimensions : 1;
  void* data[arrays]{};
  std::ptrdiff_t extents[dimensions]{}, strides[dimensions]{};
  bool contiguous = true;  ///< are all of them?

  /// For functions to look at: were the address of the table itself known to one, compilers would keep all of it in
  /// memory, where those of many arrays are anyway.
  FUSEGRAD_INLINE array_table copy() const {
    if constexpr (arrays > 16) return *this;
    array_table made;
    made.contiguous = contiguous;
    made.take(*this);
    return made;
  }
  /// Takes the arrays of a table that are as contiguous as these: number by number, so that each lives in a register.
  FUSEGRAD_INLINE void take(const array_table& other) {
    [&]<int... K, int... D>(std::integer_sequence<int, K...>, std::integer_sequence<int, D...>)
        __attribute__((always_inline)) {
      ((data[K] = other.data[K]), ...);
      ((extents[D] = other.extents[D]), ...);
      ((strides[D] = other.strides[D]), ...);
    }
    (std::make_integer_sequence<int, arrays>{}, std::make_integer_sequence<int, dimensions>{});
  }

  /// What the type of an array says is not asked at run time.
  template <class View>
  FUSEGRAD_INLINE constexpr void set(int k, int first, const View& v) {
    data[k] = const_cast<std::remove_const_t<typename View::element_type>*>(v.data());
    std::ptrdiff_t elements = 1;
    for (int d = View::rank; d-- > 0;) {
      const std::ptrdiff_t extent = v.shape()[static_cast<std::size_t>(d)];
      const std::ptrdiff_t stride = v.strides()[static_cast<std::size_t>(d)];
      extents[first + d] = extent;
      strides[first + d] = stride;
      contiguous = contiguous & ((extent <= 1) | (stride == elements));
      elements *= extent;
    }
  }
};

/// The same, whatever its size.
struct array_list {
  const array_entry* entries;
  void* const* data;
  const std::ptrdiff_t *extents, *strides;

  bool empty(int k) const {
    for (int d = entries[k].first; d < entries[k].first + entries[k].rank; ++d)
      if (extents[d] == 0) return true;
    return false;
  }
  bool contiguous(int k) const {
    std::ptrdiff_t elements = 1;
    for (int d = entries[k].first + entries[k].rank; d-- > entries[k].first; elements *= extents[d])
      if (extents[d] > 1 && strides[d] != elements) return false;
    return true;
  }
};
template <int Arrays, int Dimensions>
FUSEGRAD_INLINE array_list list_of(const array_entry* entries, const array_table<Arrays, Dimensions>& table) {
  return {entries, table.data, table.extents, table.strides};
}

/// The bytes that an array touches, if it has elements.
struct byte_range {
  std::intptr_t begin, end;
};
FUSEGRAD_INLINE byte_range range_of(const array_entry& entry, const void* data, const std::ptrdiff_t* extents,
                                    const std::ptrdiff_t* strides) {
  std::ptrdiff_t low = 0, high = 1;
  for (int d = entry.first; d < entry.first + entry.rank; ++d)
    (strides[d] < 0 ? low : high) += (extents[d] - 1) * strides[d];
  const auto base = reinterpret_cast<std::intptr_t>(data);
  return {base + low * entry.bytes, base + high * entry.bytes};
}
inline byte_range range_of(const array_list& arrays, int k) {
  return range_of(arrays.entries[k], arrays.data[k], arrays.extents, arrays.strides);
}

/// Do arrays begin at one place, and go on in the same steps?
inline bool same_elements(const array_list& arrays, int a, int b) {
  const array_entry &x = arrays.entries[a], &y = arrays.entries[b];
  if (x.rank != y.rank || x.bytes != y.bytes || arrays.data[a] != arrays.data[b]) return false;
  for (int d = 0; d < x.rank; ++d)
    if (arrays.strides[x.first + d] != arrays.strides[y.first + d]) return false;
  return true;
}

/// The greatest common divisor; neither is negative.
constexpr std::ptrdiff_t common_divisor(std::ptrdiff_t a, std::ptrdiff_t b) {
  while (b != 0) {
    const std::ptrdiff_t rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

/// Some steps of one length.
struct stride_steps {
  std::ptrdiff_t length, most;
};
/// Do so many steps of each length, the longest ones first, come to something between `low` and `high`? Yes if it takes
/// more than `tries` to find out.
[[gnu::cold]] inline bool steps_reach(const stride_steps* steps, int count, std::ptrdiff_t low, std::ptrdiff_t high,
                                      int& tries) {
  if (low <= 0 && high >= 0) return true;
  std::ptrdiff_t common = 0, rest = 0;
  for (int k = 0; k < count; ++k) {
    common = common_divisor(common, steps[k].length);
    if (k > 0) rest += steps[k].length * steps[k].most;
  }
  if (count == 0 || high < 0 || high / common * common < low) return false;
  if (--tries < 0) return true;
  const auto [length, most] = *steps;
  const std::ptrdiff_t least = low > rest ? (low - rest + length - 1) / length : 0;
  for (std::ptrdiff_t n = most < high / length ? most : high / length; n >= least; --n)
    if (steps_reach(steps + 1, count - 1, low - n * length, high - n * length, tries)) return true;
  return false;
}

/// Have two arrays, neither of which is empty, a byte in common?
[[gnu::cold, gnu::noinline]] inline bool share_bytes(const array_list& arrays, int a, int b) {
  stride_steps steps[2 * max_rank];
  int count = 0;
  const auto base = [&](int k) { return reinterpret_cast<std::intptr_t>(arrays.data[k]); };
  // some steps in one, less some in the other, are what their bases are apart; turned around, all steps go forward
  std::ptrdiff_t apart = base(b) - base(a);
  for (const int k : {a, b}) {
    const array_entry& entry = arrays.entries[k];
    for (int d = entry.first; d < entry.first + entry.rank; ++d) {
      std::ptrdiff_t length = (k == a ? 1 : -1) * arrays.strides[d] * entry.bytes;
      const std::ptrdiff_t most = arrays.extents[d] - 1;
      if (length == 0 || most == 0) continue;
      if (length < 0) {
        apart -= length * most;
        length = -length;
      }
      int at = count;
      while (at > 0 && steps[at - 1].length < length) --at;
      if (at > 0 && steps[at - 1].length == length) {
        steps[at - 1].most += most;
        continue;
      }
      for (int later = count++; later > at; --later) steps[later] = steps[later - 1];
      steps[at] = {length, most};
    }
  }
  int tries = 1 << 16;
  return steps_reach(steps, count, apart - (arrays.entries[a].bytes - 1), apart + (arrays.entries[b].bytes - 1), tries);
}

}  // namespace fusegrad::detail
