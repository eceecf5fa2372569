// The loop around the hand-written bodies: unrolled vectors, masked tail, non-temporal stores for large arrays,
// and sums in blocks (float lanes within a block, double across blocks) so that they stay accurate to 1e-6.
// Knows nothing of the workloads; a body is called with a memory policy, an offset and an accumulator.
#pragma once

#include "avx512_math.hpp"

#include <cstdint>

namespace hand::avx512 {

constexpr std::size_t streaming_threshold = 24u << 20;  // bytes read and written by one sweep
constexpr std::size_t block = 4096;                     // elements summed in single precision

/// Loads and stores of whole vectors; `Streaming` writes around the cache and needs aligned outputs, `Ahead` prefetches
/// what the hardware prefetcher loses track of when five and more arrays stream past (10 % at 16M elements).
template <bool Streaming, bool Ahead = false>
struct whole {
  HAND_INLINE void prefetch(const void* p) const {
    if constexpr (Streaming && Ahead) _mm_prefetch(static_cast<const char*>(p) + 512, _MM_HINT_T0);
  }
  HAND_INLINE f32 load(const float* p) const { return prefetch(p), _mm512_loadu_ps(p); }
  HAND_INLINE f64 load(const double* p) const { return prefetch(p), _mm512_loadu_pd(p); }
  HAND_INLINE void store(float* p, f32 v) const {
    if constexpr (Streaming) _mm512_stream_ps(p, v);
    else _mm512_storeu_ps(p, v);
  }
  HAND_INLINE void store(double* p, f64 v) const {
    if constexpr (Streaming) _mm512_stream_pd(p, v);
    else _mm512_storeu_pd(p, v);
  }
  HAND_INLINE void add(f32& sum, f32 v) const { sum += v; }
  HAND_INLINE void add(f64& sum, f64 v) const { sum += v; }
};

/// The first `count` lanes only; the others read as 1, which every body survives, and are not summed.
struct partial {
  __mmask16 mask;
  HAND_INLINE explicit partial(std::size_t count) : mask(static_cast<__mmask16>((1u << count) - 1u)) {}
  HAND_INLINE f32 load(const float* p) const { return _mm512_mask_loadu_ps(broadcast<f32>(1), mask, p); }
  HAND_INLINE f64 load(const double* p) const {
    return _mm512_mask_loadu_pd(broadcast<f64>(1), static_cast<__mmask8>(mask), p);
  }
  HAND_INLINE void store(float* p, f32 v) const { _mm512_mask_storeu_ps(p, mask, v); }
  HAND_INLINE void store(double* p, f64 v) const { _mm512_mask_storeu_pd(p, static_cast<__mmask8>(mask), v); }
  HAND_INLINE void add(f32& sum, f32 v) const { sum = _mm512_mask_add_ps(sum, mask, sum, v); }
  HAND_INLINE void add(f64& sum, f64 v) const { sum = _mm512_mask_add_pd(sum, static_cast<__mmask8>(mask), sum, v); }
};

HAND_INLINE f64 widen(f32 v) {
  return _mm512_cvtps_pd(_mm512_castps512_ps256(v)) + _mm512_cvtps_pd(_mm512_extractf32x8_ps(v, 1));
}
HAND_INLINE f64 widen(f64 v) { return v; }

template <class T>
using vector_of = decltype(whole<false>{}.load(static_cast<const T*>(nullptr)));

HAND_INLINE double total_of(f32 v) { return static_cast<double>(_mm512_reduce_add_ps(v)); }
HAND_INLINE double total_of(f64 v) { return _mm512_reduce_add_pd(v); }

/// Sums within one block [i, end), `Unroll` vectors at a time, a power of two.
template <bool Streaming, class T, int Sums, int Unroll, bool Ahead, class Body>
HAND_INLINE void sweep_block(Body body, std::size_t i, std::size_t end, vector_of<T> (&all)[Sums > 0 ? Sums : 1]) {
  using V = vector_of<T>;
  constexpr std::size_t lanes = 64 / sizeof(T), step = lanes * Unroll;
  V sum[Unroll][Sums > 0 ? Sums : 1] = {};
  for (; i + step <= end; i += step) {
#pragma GCC unroll 8
    for (int u = 0; u < Unroll; ++u) body(whole<Streaming, Ahead>{}, i + static_cast<std::size_t>(u) * lanes, sum[u]);
  }
  if constexpr (Unroll > 1)
    for (; i + lanes <= end; i += lanes) body(whole<Streaming>{}, i, sum[0]);
  if (i < end) body(partial(end - i), i, sum[0]);
  if constexpr (Sums > 0)
    for (int s = 0; s < Sums; ++s) {
      for (int half = Unroll / 2; half > 0; half /= 2)
        for (int u = 0; u < half; ++u) sum[u][s] += sum[u + half][s];
      all[s] = sum[0][s];
    }
}

/// All blocks of [first, n), added to `total`.
template <bool Streaming, class T, int Sums, int Unroll, bool Ahead, class Body>
HAND_INLINE void sweep_blocks(Body body, std::size_t first, std::size_t n, f64 (&total)[Sums > 0 ? Sums : 1]) {
  for (std::size_t i = first; i < n; i += block) {
    vector_of<T> all[Sums > 0 ? Sums : 1];
    sweep_block<Streaming, T, Sums, Unroll, Ahead>(body, i, n - i > block ? i + block : n, all);
    if constexpr (Sums > 0)
      for (int s = 0; s < Sums; ++s) total[s] += widen(all[s]);
  }
}

/// Chooses the stores. `outputs` must all reach a 64-byte boundary after the same number of elements to be streamed.
template <class T, int Sums, int Unroll, bool Ahead = false, class Body, std::size_t Outputs>
HAND_INLINE void sweep(Body body, std::size_t n, std::size_t bytes_per_element, T* const (&outputs)[Outputs],
                       double (&result)[Sums > 0 ? Sums : 1]) {
  if (n <= block) {
    vector_of<T> all[Sums > 0 ? Sums : 1];
    sweep_block<false, T, Sums, Unroll, Ahead>(body, 0, n, all);
    if constexpr (Sums > 0)
      for (int s = 0; s < Sums; ++s) result[s] = total_of(all[s]);
    return;
  }
  f64 total[Sums > 0 ? Sums : 1] = {};
  std::uintptr_t start = reinterpret_cast<std::uintptr_t>(outputs[0]);
  bool stream = n * bytes_per_element > streaming_threshold && start % sizeof(T) == 0;
  for (T* p : outputs) stream = stream && reinterpret_cast<std::uintptr_t>(p) % 64 == start % 64;
  if (stream) {
    std::size_t head = (64 - start % 64) % 64 / sizeof(T);
    sweep_blocks<false, T, Sums, 1, false>(body, 0, head, total);
    sweep_blocks<true, T, Sums, Unroll, Ahead>(body, head, n, total);
    _mm_sfence();
  } else {
    sweep_blocks<false, T, Sums, Unroll, Ahead>(body, 0, n, total);
  }
  if constexpr (Sums > 0)
    for (int s = 0; s < Sums; ++s) result[s] = _mm512_reduce_add_pd(total[s]);
}

}  // namespace hand::avx512
