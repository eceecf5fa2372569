// What the hand-written loops over rows share: masked ends, reductions across lanes, transposition in registers, and
// stores around the cache that join the end of one row with the start of the next. Knows nothing of the workloads.
#pragma once

#include "sweep.hpp"

#include <type_traits>
#include <utility>

namespace hand::avx512 {

constexpr std::size_t lanes = 16;

/// Counts independent accumulators, as a type, so that arrays indexed by it stay in registers.
template <std::size_t S>
using slot = std::integral_constant<std::size_t, S>;

HAND_INLINE __mmask16 first(std::size_t count) { return static_cast<__mmask16>((1u << count) - 1u); }

/// 2^(t - 1/2): vreduce takes the fraction f of t in one instruction, vscalef the integer part; the polynomial is the
/// one of exp_scaled, of f - 1/2. 0 for t = -inf.
HAND_INLINE f32 exp2_shifted(f32 t) {
  f32 f = _mm512_reduce_ps(t, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC);
  return scale(polynomial(f, 0.707106728201524, 0.490133238352702, 0.169814251847478, 0.0394751661757067,
                          0.00635642547487426, 0.00132764635076189),
               t);
}
/// exp(x - largest), given exp_base(largest).
HAND_INLINE f32 exp_below(f32 x, f32 base) {
  return exp2_shifted(fms(x, broadcast<f32>(1.44269504088896340736), base));
}
HAND_INLINE f32 exp_base(f32 largest) {
  return fms(largest, broadcast<f32>(1.44269504088896340736), broadcast<f32>(0.5));
}

HAND_INLINE f32 all_max(f32 v) { return _mm512_set1_ps(_mm512_reduce_max_ps(v)); }
HAND_INLINE f32 all_sum(f32 v) { return _mm512_set1_ps(_mm512_reduce_add_ps(v)); }

/// [a b c d] -> in every group of four lanes, the reductions of a, b, c and d.
template <class Op>
HAND_INLINE f32 reduce_four(const f32 (&v)[4], Op op) {
  auto pd = [](f32 x) { return _mm512_castps_pd(x); };
  auto ps = [](f64 x) { return _mm512_castpd_ps(x); };
  f32 ab = op(_mm512_unpacklo_ps(v[0], v[1]), _mm512_unpackhi_ps(v[0], v[1]));
  f32 cd = op(_mm512_unpacklo_ps(v[2], v[3]), _mm512_unpackhi_ps(v[2], v[3]));
  f32 all = op(ps(_mm512_unpacklo_pd(pd(ab), pd(cd))), ps(_mm512_unpackhi_pd(pd(ab), pd(cd))));
  all = op(all, _mm512_shuffle_f32x4(all, all, 0x4e));
  return op(all, _mm512_shuffle_f32x4(all, all, 0xb1));
}

/// The sums of 16 vectors as one vector.
HAND_INLINE f32 sum_sixteen(const f32 (&v)[16]) {
  auto pd = [](f32 x) { return _mm512_castps_pd(x); };
  auto ps = [](f64 x) { return _mm512_castpd_ps(x); };
  f32 quad[4];
#pragma GCC unroll 4
  for (int q = 0; q < 4; ++q) {
    const f32* w = v + 4 * q;
    f32 ab = _mm512_unpacklo_ps(w[0], w[1]) + _mm512_unpackhi_ps(w[0], w[1]);
    f32 cd = _mm512_unpacklo_ps(w[2], w[3]) + _mm512_unpackhi_ps(w[2], w[3]);
    quad[q] = ps(_mm512_unpacklo_pd(pd(ab), pd(cd))) + ps(_mm512_unpackhi_pd(pd(ab), pd(cd)));
  }
  f32 low = _mm512_shuffle_f32x4(quad[0], quad[1], 0x88) + _mm512_shuffle_f32x4(quad[0], quad[1], 0xdd);
  f32 high = _mm512_shuffle_f32x4(quad[2], quad[3], 0x88) + _mm512_shuffle_f32x4(quad[2], quad[3], 0xdd);
  return _mm512_shuffle_f32x4(low, high, 0x88) + _mm512_shuffle_f32x4(low, high, 0xdd);
}

/// Four columns of 16 rows, `stride` floats apart: lane r of v[c] is p[r * stride + c].
HAND_INLINE void transpose_lanes(f32 (&v)[4]) {
  auto pd = [](f32 x) { return _mm512_castps_pd(x); };
  auto ps = [](f64 x) { return _mm512_castpd_ps(x); };
  f32 low01 = _mm512_unpacklo_ps(v[0], v[1]), high01 = _mm512_unpackhi_ps(v[0], v[1]);
  f32 low23 = _mm512_unpacklo_ps(v[2], v[3]), high23 = _mm512_unpackhi_ps(v[2], v[3]);
  v[0] = ps(_mm512_unpacklo_pd(pd(low01), pd(low23)));
  v[1] = ps(_mm512_unpackhi_pd(pd(low01), pd(low23)));
  v[2] = ps(_mm512_unpacklo_pd(pd(high01), pd(high23)));
  v[3] = ps(_mm512_unpackhi_pd(pd(high01), pd(high23)));
}
HAND_INLINE void load_columns(const float* p, std::size_t stride, f32 (&v)[4]) {
#pragma GCC unroll 4
  for (std::size_t k = 0; k < 4; ++k) {
    const float* q = p + k * stride;
    f32 r = _mm512_castps128_ps512(_mm_loadu_ps(q));
    r = _mm512_insertf32x4(r, _mm_loadu_ps(q + 4 * stride), 1);
    r = _mm512_insertf32x4(r, _mm_loadu_ps(q + 8 * stride), 2);
    v[k] = _mm512_insertf32x4(r, _mm_loadu_ps(q + 12 * stride), 3);
  }
  transpose_lanes(v);
}

/// One row seen in whole, aligned vectors of memory: the first and the last may belong to its neighbours in part.
struct aligned_row {
  std::size_t offset, vectors;  // lanes before the row in its first vector
  __mmask16 head, tail;
  aligned_row(const float* aligned_like, std::size_t m) {
    offset = reinterpret_cast<std::uintptr_t>(aligned_like) / sizeof(float) % lanes;
    vectors = (offset + m + lanes - 1) / lanes;
    head = static_cast<__mmask16>(0xffffu << offset);
    tail = static_cast<__mmask16>(0xffffu >> (vectors * lanes - offset - m));
    if (vectors == 1) head = tail = head & tail;
  }
  /// body(index of the vector, its mask or nothing, slot)
  template <class Body>
  HAND_INLINE void each(Body body) const {
    body(std::size_t{0}, head, slot<0>{});
    if (vectors == 1) return;
    std::size_t v = 1;
    for (; v + 4 < vectors; v += 4) {
      body(v, whole_vector{}, slot<0>{});
      body(v + 1, whole_vector{}, slot<1>{});
      body(v + 2, whole_vector{}, slot<2>{});
      body(v + 3, whole_vector{}, slot<3>{});
    }
    for (; v + 1 < vectors; ++v) body(v, whole_vector{}, slot<1>{});
    body(v, tail, slot<2>{});
  }
  struct whole_vector {};
};
using whole_vector = aligned_row::whole_vector;

HAND_INLINE f32 load(const float* p, whole_vector, f32) { return _mm512_loadu_ps(p); }
HAND_INLINE f32 load(const float* p, __mmask16 mask, f32 otherwise) { return _mm512_mask_loadu_ps(otherwise, mask, p); }
HAND_INLINE f32 keep(f32 v, whole_vector) { return v; }
HAND_INLINE f32 keep(f32 v, __mmask16 mask) { return _mm512_maskz_mov_ps(mask, v); }

/// Stores rows one after the other; around the cache if `Streaming`, when a vector that two rows share is complete.
template <bool Streaming>
class row_writer {
 public:
  HAND_INLINE void operator()(float* p, f32 v, whole_vector) const {
    if constexpr (Streaming) _mm512_stream_ps(p, v);
    else _mm512_storeu_ps(p, v);
  }
  HAND_INLINE void operator()(float* p, f32 v, __mmask16 mask) {
    if constexpr (Streaming) {
      pending_ = _mm512_mask_mov_ps(pending_, mask, v);
      pending_mask_ = pending_mask_ | mask;
      if (mask & 0x8000) {  // reaches the end of the vector
        if (pending_mask_ == 0xffff) _mm512_stream_ps(p, pending_);
        else _mm512_mask_storeu_ps(p, pending_mask_, pending_);
        pending_mask_ = 0;
      }
      at_ = p;
    } else {
      _mm512_mask_storeu_ps(p, mask, v);
    }
  }
  HAND_INLINE ~row_writer() {
    if constexpr (Streaming) {
      if (pending_mask_ != 0) _mm512_mask_storeu_ps(at_, pending_mask_, pending_);
      _mm_sfence();
    }
  }

 private:
  f32 pending_ = {};
  __mmask16 pending_mask_ = 0;
  float* at_ = nullptr;
};

/// Calls body(io, column, slot) for m columns; `slot` counts 0 to Slots - 1.
template <bool Streaming, std::size_t Slots, class Body>
HAND_INLINE void each_column(std::size_t m, Body body) {
  std::size_t j = 0;
  for (; j + Slots * lanes <= m; j += Slots * lanes)
    [&]<std::size_t... S>(std::index_sequence<S...>) __attribute__((always_inline)) {
      (body(whole<Streaming>{}, j + S * lanes, slot<S>{}), ...);
    }
  (std::make_index_sequence<Slots>{});
  for (; j + lanes <= m; j += lanes) body(whole<Streaming>{}, j, slot<0>{});
  if (j < m) body(partial(m - j), j, slot<0>{});
}

HAND_INLINE float total(const f32 (&sum)[4]) { return _mm512_reduce_add_ps((sum[0] + sum[1]) + (sum[2] + sum[3])); }

}  // namespace hand::avx512
