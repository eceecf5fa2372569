// The loop around the hand-written bodies: unrolled vectors, masked tail, non-temporal stores for large arrays,
// and sums in blocks (float lanes within a block, double across blocks) so that they stay accurate to 1e-6.
// Knows nothing of the workloads; a body is called with a memory policy, an offset and an accumulator.
#pragma once

#include "avx512_math.hpp"

#include <cstdint>

namespace hand::avx512 {

constexpr std::size_t streaming_threshold = 24u << 20;  // bytes read and written by one sweep
constexpr std::size_t block = 4096;                     // elements summed in single precision

/// Loads and stores of whole vectors; `Streaming` writes around the cache and needs aligned outputs.
template <bool Streaming>
struct whole {
  HAND_INLINE f32 load(const float* p) const { return _mm512_loadu_ps(p); }
  HAND_INLINE f64 load(const double* p) const { return _mm512_loadu_pd(p); }
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
  HAND_INLINE void add(f64& sum, f64 v) const {
    sum = _mm512_mask_add_pd(sum, static_cast<__mmask8>(mask), sum, v);
  }
};

HAND_INLINE f64 widen(f32 v) {
  return _mm512_cvtps_pd(_mm512_castps512_ps256(v)) + _mm512_cvtps_pd(_mm512_extractf32x8_ps(v, 1));
}
HAND_INLINE f64 widen(f64 v) { return v; }

template <class T>
using vector_of = decltype(whole<false>{}.load(static_cast<const T*>(nullptr)));

/// `Sums` totals over [0, n) of a body, `Unroll` vectors at a time.
template <bool Streaming, class T, int Sums, int Unroll, class Body>
HAND_INLINE void sweep_aligned(Body body, std::size_t first, std::size_t n, f64 (&total)[Sums > 0 ? Sums : 1]) {
  using V = vector_of<T>;
  constexpr std::size_t lanes = 64 / sizeof(T), step = lanes * Unroll;
  std::size_t i = first;
  while (i < n) {
    std::size_t end = n - i > block ? i + block : n;
    V sum[Unroll][Sums > 0 ? Sums : 1];
    for (auto& row : sum)
      for (auto& s : row) s = V{};
    for (; i + step <= end; i += step) {
#pragma GCC unroll 8
      for (int u = 0; u < Unroll; ++u) body(whole<Streaming>{}, i + static_cast<std::size_t>(u) * lanes, sum[u]);
    }
    for (; i + lanes <= end; i += lanes) body(whole<Streaming>{}, i, sum[0]);
    if (i < end) {
      body(partial(end - i), i, sum[0]);
      i = end;
    }
    if constexpr (Sums > 0) {
      for (int s = 0; s < Sums; ++s) {
        V all = sum[0][s];
        for (int u = 1; u < Unroll; ++u) all += sum[u][s];
        total[s] += widen(all);
      }
    }
  }
}

/// Chooses the stores. `outputs` must all reach a 64-byte boundary after the same number of elements to be streamed.
template <class T, int Sums, int Unroll, class Body, std::size_t Outputs>
HAND_INLINE void sweep(Body body, std::size_t n, std::size_t bytes_per_element, T* const (&outputs)[Outputs],
                       double (&result)[Sums > 0 ? Sums : 1]) {
  f64 total[Sums > 0 ? Sums : 1] = {};
  bool stream = n * bytes_per_element > streaming_threshold;
  if (stream)
    for (T* p : outputs)
      stream = stream && reinterpret_cast<std::uintptr_t>(p) % 64 == reinterpret_cast<std::uintptr_t>(outputs[0]) % 64 &&
               reinterpret_cast<std::uintptr_t>(p) % sizeof(T) == 0;
  if (stream) [[unlikely]] {
    std::size_t head = (64 - reinterpret_cast<std::uintptr_t>(outputs[0]) % 64) % 64 / sizeof(T);
    sweep_aligned<false, T, Sums, 1>(body, 0, head, total);
    sweep_aligned<true, T, Sums, Unroll>(body, head, n, total);
    _mm_sfence();
  } else {
    sweep_aligned<false, T, Sums, Unroll>(body, 0, n, total);
  }
  if constexpr (Sums > 0)
    for (int s = 0; s < Sums; ++s) result[s] = _mm512_reduce_add_pd(total[s]);
}

}  // namespace hand::avx512
