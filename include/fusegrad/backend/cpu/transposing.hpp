// Rows of memory to columns and back: of as many rows as a vector has lanes, lane r of vector e is element e of row r.
// Assumes nothing of the program.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "simd.hpp"

namespace fusegrad::cpu {
inline namespace FUSEGRAD_ISA {

namespace detail {

template <int W, class T>
FUSEGRAD_INLINE simd::detail::vec<T, W> load_vector(const T* p) {
  simd::detail::vec<T, W> v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}
/// Four vectors, one after the other: a loop that copies them would go through memory.
template <int W, class T>
FUSEGRAD_INLINE void load_four(simd::detail::vec<T, W> (&v)[4], const T* p, std::ptrdiff_t stride) {
  v[0] = load_vector<W>(p);
  v[1] = load_vector<W>(p + stride);
  v[2] = load_vector<W>(p + 2 * stride);
  v[3] = load_vector<W>(p + 3 * stride);
}
template <int W, class T>
FUSEGRAD_INLINE void store_four(const simd::detail::vec<T, W> (&v)[4], T* p, std::ptrdiff_t stride) {
  __builtin_memcpy(p, &v[0], sizeof v[0]);
  __builtin_memcpy(p + stride, &v[1], sizeof v[1]);
  __builtin_memcpy(p + 2 * stride, &v[2], sizeof v[2]);
  __builtin_memcpy(p + 3 * stride, &v[3], sizeof v[3]);
}

/// Four vectors as groups of four lanes: element c of group l of vector k changes places with element k of group l of
/// vector c.
template <class V, int... I>
FUSEGRAD_INLINE void transpose_groups(V (&v)[4], std::integer_sequence<int, I...>) {
  constexpr int w = static_cast<int>(sizeof...(I));
  auto interleave = [](V a, V b, auto from) __attribute__((always_inline)) {
    return simd::detail::shuffled<(I / 4 * 4 + decltype(from)::value + I % 4 / 2 + (I % 2 != 0 ? w : 0))...>(a, b);
  };
  auto pairs = [](V a, V b, auto from) __attribute__((always_inline)) {
    return simd::detail::shuffled<(I / 4 * 4 + decltype(from)::value + I % 2 + (I % 4 >= 2 ? w : 0))...>(a, b);
  };
  constexpr std::integral_constant<int, 0> low;
  constexpr std::integral_constant<int, 2> high;
  const V low01 = interleave(v[0], v[1], low), high01 = interleave(v[0], v[1], high);
  const V low23 = interleave(v[2], v[3], low), high23 = interleave(v[2], v[3], high);
  v[0] = pairs(low01, low23, low);
  v[1] = pairs(low01, low23, high);
  v[2] = pairs(high01, high23, low);
  v[3] = pairs(high01, high23, high);
}

/// Vectors as groups of four lanes: group s of vector l changes places with group l of vector s.
template <int Distance = 1, class V, int N, int... I>
FUSEGRAD_INLINE void transpose_groups_whole(V (&v)[N], std::integer_sequence<int, I...> lanes) {
  if constexpr (Distance < N) {
    constexpr int w = static_cast<int>(sizeof...(I));
    for (int a = 0; a < N; ++a) {
      if ((a & Distance) != 0) continue;
      const V x = v[a], y = v[a + Distance];
      v[a] = simd::detail::shuffled<((I / 4 & Distance) == 0 ? I : I - 4 * Distance + w)...>(x, y);
      v[a + Distance] = simd::detail::shuffled<((I / 4 & Distance) == 0 ? I + 4 * Distance : I + w)...>(x, y);
    }
    transpose_groups_whole<2 * Distance>(v, lanes);
  }
}

/// W elements of each of W rows, which begin `stride` elements apart, from W vectors of one element of each row.
/// Around the caches if `Stream`.
template <int W, bool Stream = false, class T>
FUSEGRAD_INLINE void place_square(const T* from, T* to, std::ptrdiff_t stride, std::ptrdiff_t from_stride = W) {
  constexpr std::make_integer_sequence<int, W> lanes;
  simd::detail::vec<T, W> v[4][W / 4];  // [row within a group][group of elements]
  for (int s = 0; s < W / 4; ++s) {
    simd::detail::vec<T, W> four[4];
    load_four<W>(four, from + 4 * s * from_stride, from_stride);
    transpose_groups(four, lanes);
    for (int k = 0; k < 4; ++k) v[k][s] = four[k];
  }
  for (int k = 0; k < 4; ++k) {
    transpose_groups_whole(v[k], lanes);
    for (int l = 0; l < W / 4; ++l) {
      T* const row = to + (4 * l + k) * stride;
      if constexpr (Stream) simd::pack<T, W>::load(reinterpret_cast<const T*>(&v[k][l])).stream(row);
      else __builtin_memcpy(row, &v[k][l], sizeof v[k][l]);
    }
  }
}

/// The groups of four lanes of a vector, row by row.
template <class T, int W>
FUSEGRAD_INLINE simd::detail::vec<T, W> join_groups(const T* p, std::ptrdiff_t stride) {
  using simd::detail::vec;
  if constexpr (W == 4) {
    vec<T, 4> v;
    __builtin_memcpy(&v, p, sizeof v);
    return v;
#if defined(__AVX512F__) && defined(__AVX512VL__) && defined(__AVX512DQ__) && defined(__AVX512BW__)
  } else if constexpr (W == 16) {
    return simd::detail::four_quarters<T>(p, stride);
#endif
  } else {
    return simd::detail::both_halves(join_groups<T, W / 2>(p, stride),
                                     join_groups<T, W / 2>(p + W / 8 * stride, stride));
  }
}
template <class T, class V>
FUSEGRAD_INLINE void split_groups(T* p, std::ptrdiff_t stride, V v) {
  constexpr int w = simd::detail::lanes<V>;
  if constexpr (w == 4) {
    __builtin_memcpy(p, &v, sizeof v);
  } else {
    split_groups(p, stride, simd::detail::low_half(v));
    split_groups(p + w / 8 * stride, stride, simd::detail::high_half(v));
  }
}

/// Do W elements fill a register, and four of them at least the smallest one?
template <class T, int W>
inline constexpr bool transposes =
    (std::is_same_v<T, float> || std::is_same_v<T, std::int32_t> || std::is_same_v<T, double> ||
     std::is_same_v<T, std::int64_t> || std::is_same_v<T, std::uint64_t>)&&W >= 4 &&
    W * static_cast<int>(sizeof(T)) <= simd::native_bytes;

}  // namespace detail

/// to[e * W + r] = element e of row r; rows from `count` on are the last one again. `stride` counts elements.
template <int W, class S, class T>
[[gnu::noinline]] void bring_columns(const S* from, std::ptrdiff_t stride, int count, std::ptrdiff_t n, T* to) {
  if constexpr (std::is_same_v<S, T> && detail::transposes<T, W>) {
    if (count == W && n >= 4) {
      for (std::ptrdiff_t e = 0; e < n; e += 4) {
        e = e + 4 <= n ? e : n - 4;  // the last group overlaps the one before
        simd::detail::vec<T, W> v[4] = {detail::join_groups<T, W>(from + e, 4 * stride),
                                        detail::join_groups<T, W>(from + stride + e, 4 * stride),
                                        detail::join_groups<T, W>(from + 2 * stride + e, 4 * stride),
                                        detail::join_groups<T, W>(from + 3 * stride + e, 4 * stride)};
        detail::transpose_groups(v, std::make_integer_sequence<int, W>{});
        detail::store_four<W>(v, to + e * W, W);
      }
      return;
    }
  }
  for (int r = 0; r < W; ++r) {
    const S* const row = from + (r < count ? r : count - 1) * stride;
    for (std::ptrdiff_t e = 0; e < n; ++e) to[e * W + r] = static_cast<T>(row[e]);
  }
}

/// The other way round, for the first `count` rows.
template <int W, class T>
[[gnu::noinline]] void place_columns(const T* from, T* to, std::ptrdiff_t stride, int count, std::ptrdiff_t n) {
  if constexpr (detail::transposes<T, W>) {
    if (count == W && n >= W && W > 4) {
      for (std::ptrdiff_t e = 0; e < n; e += W) {
        e = e + W <= n ? e : n - W;
        detail::place_square<W>(from + e * W, to + e, stride);
      }
      return;
    }
    if (count == W && n >= 4) {
      for (std::ptrdiff_t e = 0; e < n; e += 4) {
        e = e + 4 <= n ? e : n - 4;
        simd::detail::vec<T, W> v[4];
        detail::load_four<W>(v, from + e * W, W);
        detail::transpose_groups(v, std::make_integer_sequence<int, W>{});
        for (int k = 0; k < 4; ++k) detail::split_groups(to + k * stride + e, 4 * stride, v[k]);
      }
      return;
    }
  }
  for (int r = 0; r < count; ++r)
    for (std::ptrdiff_t e = 0; e < n; ++e) to[r * stride + e] = from[e * W + r];
}

/// to[a, b] = from[b, a] for a < rows, b < columns; rows of either begin a stride apart. Memory far apart is on one
/// side, and walked through line by line: that of `from`, fetched ahead, or, if `placing`, that of `to`.
template <bool Placing, class T>
[[gnu::noinline]] void transpose_matrix(const T* from, std::ptrdiff_t from_stride, T* to, std::ptrdiff_t to_stride,
                                        std::ptrdiff_t rows, std::ptrdiff_t columns,
                                        [[maybe_unused]] bool around_caches = false) {
  constexpr int w = simd::native_bytes / static_cast<int>(sizeof(T));
  if constexpr (detail::transposes<T, w>) {
    if (rows >= w && columns >= w) {
      // a square at a time; the last ones overlap those before
      auto within = [](std::ptrdiff_t at, std::ptrdiff_t n) { return at + w <= n ? at : n - w; };
      auto square = [&](std::ptrdiff_t a, std::ptrdiff_t b, auto stream) __attribute__((always_inline)) {
        detail::place_square<w, decltype(stream)::value>(from + b * from_stride + a, to + a * to_stride + b, to_stride,
                                                         from_stride);
      };
      if constexpr (Placing) {
        auto place = [&](auto stream) __attribute__((always_inline)) {
          for (std::ptrdiff_t a = 0; a < rows; a += w) {
            a = within(a, rows);
            for (std::ptrdiff_t b = 0; b < columns; b += w) square(a, b = within(b, columns), stream);
          }
        };
        constexpr std::uintptr_t line = 64;
        if (around_caches && columns % w == 0 && reinterpret_cast<std::uintptr_t>(to) % line == 0 &&
            static_cast<std::size_t>(to_stride) * sizeof(T) % line == 0)
          place(std::true_type{});
        else place(std::false_type{});
      } else {
        for (std::ptrdiff_t b = 0; b < columns; b += w) {
          b = within(b, columns);
          const std::ptrdiff_t next = within(b + 2 * w, columns);
          for (std::ptrdiff_t a = 0; a < rows; a += w) {
            a = within(a, rows);
            for (int k = 0; k < w; ++k) __builtin_prefetch(from + (next + k) * from_stride + a);
            square(a, b, std::false_type{});
          }
        }
      }
      return;
    }
  }
  for (std::ptrdiff_t b = 0; b < columns; ++b)
    for (std::ptrdiff_t a = 0; a < rows; ++a) to[a * to_stride + b] = from[b * from_stride + a];
}

/// place_columns for W rows that lie side by side: brought together in the cache, then written in order; around the
/// caches if `stream`, with `to` aligned for the widest stores.
template <int W, class T>
[[gnu::noinline]] void place_together(const T* from, T* to, std::ptrdiff_t n, T* together, bool stream) {
  place_columns<W>(from, together, n, W, n);
  if (!stream) {
    __builtin_memcpy(to, together, static_cast<std::size_t>(W * n) * sizeof(T));
    return;
  }
  constexpr int lanes = simd::native_bytes / static_cast<int>(sizeof(T));
  static_assert(W % lanes == 0 || lanes % W == 0);
  std::ptrdiff_t i = 0;
  for (; i + lanes <= W * n; i += lanes) simd::pack<T, lanes>::load(together + i).stream(to + i);
  for (; i < W * n; ++i) to[i] = together[i];
}

}  // namespace FUSEGRAD_ISA
}  // namespace fusegrad::cpu
