// H3 of the workloads with axes: the best loops by hand, AVX-512 intrinsics. Needs AVX-512 F and DQ.
#include "../rivals.hpp"
#include "rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace hand::h3 {
namespace {

using namespace hand::avx512;

/// The losses of rows that come one after the other, log(sum) + rest: logarithms 16 at a time, the total in double.
class losses {
 public:
  HAND_INLINE void add(float sum, float rest) {
    sum_[rows_] = sum, rest_[rows_] = rest;
    if (++rows_ == lanes) flush();
  }
  HAND_INLINE void add(f32 sum, f32 rest, std::size_t rows = lanes) {
    total_ += widen(_mm512_maskz_add_ps(first(rows), log(sum), rest));
  }
  HAND_INLINE double total() {
    flush();
    return _mm512_reduce_add_pd(total_);
  }

 private:
  HAND_INLINE void flush() {
    add(_mm512_mask_load_ps(broadcast<f32>(1), first(rows_), sum_), _mm512_maskz_load_ps(first(rows_), rest_), rows_);
    rows_ = 0;
  }
  alignas(64) float sum_[lanes], rest_[lanes];
  std::size_t rows_ = 0;
  f64 total_ = {};
};

// ---- cross-entropy: ten columns, 16 rows side by side ----------------------------------------------------------

/// Exponentials of 16 rows of 10, given as columns; returns the sum of each row.
HAND_INLINE f32 exponentials(f32 (&x)[10], f32& largest) {
  largest = max(max(max(x[0], x[1]), max(x[2], x[3])), max(max(x[4], x[5]), max(x[6], x[7])));
  largest = max(largest, max(x[8], x[9]));
  f32 base = exp_base(largest);
#pragma GCC unroll 10
  for (int c = 0; c < 10; ++c) x[c] = exp_below(x[c], base);
  return ((x[0] + x[1]) + (x[2] + x[3])) + ((x[4] + x[5]) + (x[6] + x[7])) + (x[8] + x[9]);
}

/// 16 rows of 10, as columns, to memory row by row: each store spills over the start of the next row, so the order
/// matters, and `p` has room for 166 floats.
HAND_INLINE void store_ten(float* p, const f32 (&g)[10]) {
  f32 a[4] = {g[0], g[1], g[2], g[3]}, b[4] = {g[4], g[5], g[6], g[7]};
  transpose_lanes(a);
  transpose_lanes(b);
  f32 c01 = _mm512_unpacklo_ps(g[8], g[9]), c23 = _mm512_unpackhi_ps(g[8], g[9]);
  f32 row[16];
#pragma GCC unroll 4
  for (int k = 0; k < 4; ++k) {
    f32 low = _mm512_shuffle_f32x4(a[k], b[k], 0x44), high = _mm512_shuffle_f32x4(a[k], b[k], 0xee);
    f32 c = k < 2 ? c01 : c23;  // the pair wanted is the first or the second of its group of four lanes
    auto join = [&](f32 ab, int from, int lane) {
      alignas(64) const int pick[16] = {4 * from,     4 * from + 1, 4 * from + 2,  4 * from + 3,
                                        4 * from + 8, 4 * from + 9, 4 * from + 10, 4 * from + 11,
                                        16 + 4 * lane + 2 * (k % 2), 17 + 4 * lane + 2 * (k % 2), 0, 0, 0, 0, 0, 0};
      return _mm512_permutex2var_ps(ab, _mm512_load_si512(pick), c);
    };
    row[k] = join(low, 0, 0);
    row[k + 4] = join(low, 1, 1);
    row[k + 8] = join(high, 0, 2);
    row[k + 12] = join(high, 1, 3);
  }
#pragma GCC unroll 16
  for (int r = 0; r < 15; ++r) _mm512_storeu_ps(p + 10 * r, row[r]);
  _mm512_mask_storeu_ps(p + 150, first(10), row[15]);
}

/// `groups` of 16 rows: all exponentials first, then all gradients. Two short chains of dependences a group keep the
/// processor fuller than a long one.
HAND_INLINE void cross_entropy_ten(const float* x, const std::int32_t* label, float* dx, std::size_t groups,
                                   f32 scale_dx, losses& loss, std::size_t rows = lanes) {
  constexpr std::size_t most = 8;
  alignas(64) float wait[most][10][lanes], factor[most][lanes], sums[most][lanes], rest[most][lanes];
  for (std::size_t g = 0; g < groups; ++g) {
    const float* p = x + g * 160;
    f32 a[4], b[4], c[4], largest;
    load_columns(p, 10, a);
    load_columns(p + 4, 10, b);
    load_columns(p + 6, 10, c);
    f32 v[10] = {a[0], a[1], a[2], a[3], b[0], b[1], b[2], b[3], c[2], c[3]};
    f32 sum = exponentials(v, largest);
#pragma GCC unroll 10
    for (int k = 0; k < 10; ++k) _mm512_store_ps(wait[g][k], v[k]);
    const __m512i start = _mm512_setr_epi32(0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 130, 140, 150);
    __m512i correct = _mm512_add_epi32(_mm512_loadu_si512(label + g * lanes), start);
    _mm512_store_ps(factor[g], scale_dx * reciprocal(sum));
    _mm512_store_ps(sums[g], sum);
    _mm512_store_ps(rest[g], largest - _mm512_i32gather_ps(correct, p, 4));
  }
  for (std::size_t g = 0; g < groups; ++g) {
    f32 v[10], f = _mm512_load_ps(factor[g]);
    __m512i l = _mm512_loadu_si512(label + g * lanes);
#pragma GCC unroll 10
    for (int k = 0; k < 10; ++k) {
      v[k] = _mm512_load_ps(wait[g][k]) * f;
      v[k] = _mm512_mask_sub_ps(v[k], _mm512_cmpeq_epi32_mask(l, _mm512_set1_epi32(k)), v[k], scale_dx);
    }
    store_ten(dx + g * 160, v);
  }
  for (std::size_t g = 0; g < groups; ++g) loss.add(_mm512_load_ps(sums[g]), _mm512_load_ps(rest[g]), rows);
}

template <bool Streaming>
double cross_entropy_tens(const float* x, const std::int32_t* label, float* dx, std::size_t n, f32 scale_dx) {
  constexpr std::size_t batch = 128;  // rows that wait in the first-level cache to be stored around it
  alignas(64) float wait[batch * 10];
  losses loss;
  std::size_t i = 0;
  for (; i + batch <= n; i += batch) {
    float* to = dx + i * 10;
    cross_entropy_ten(x + i * 10, label + i, Streaming ? wait : to, batch / lanes, scale_dx, loss);
    if constexpr (Streaming)
      for (std::size_t k = 0; k < batch * 10; k += lanes) _mm512_stream_ps(to + k, _mm512_load_ps(wait + k));
  }
  if constexpr (Streaming) _mm_sfence();
  for (; i + lanes <= n; i += lanes) cross_entropy_ten(x + i * 10, label + i, dx + i * 10, 1, scale_dx, loss);
  if (i < n) {
    std::size_t rest = n - i;
    float in[160] = {};
    std::int32_t labels[lanes] = {};
    std::copy_n(x + i * 10, rest * 10, in);
    std::copy_n(label + i, rest, labels);
    cross_entropy_ten(in, labels, wait, 1, scale_dx, loss, rest);
    std::copy_n(wait, rest * 10, dx + i * 10);
  }
  return loss.total();
}

// ---- cross-entropy: rows that stay in the first-level cache, `Rows` of them in flight ---------------------------

constexpr std::size_t short_row = 4096;

template <int Rows>
HAND_INLINE void spread(f32 (&v)[Rows], auto op) {
  if constexpr (Rows == 4) {
    f32 all = reduce_four(v, op);
    v[0] = _mm512_permute_ps(all, 0x00);
    v[1] = _mm512_permute_ps(all, 0x55);
    v[2] = _mm512_permute_ps(all, 0xaa);
    v[3] = _mm512_permute_ps(all, 0xff);
  } else {
    for (int r = 0; r < Rows; ++r) {
      f32 all = op(v[r], _mm512_shuffle_f32x4(v[r], v[r], 0x4e));
      all = op(all, _mm512_shuffle_f32x4(all, all, 0xb1));
      all = op(all, _mm512_permute_ps(all, 0x4e));
      v[r] = op(all, _mm512_permute_ps(all, 0xb1));
    }
  }
}

/// `Rows` rows on their way through the three stages, which are called for different rows side by side: each stage waits
/// for the one before it.
template <int Rows>
struct row_group {
  const float* x;
  float* dx;
  f32 largest[Rows], sum[Rows];
  alignas(64) float wait[Rows * (Rows == 1 ? short_row + 2 * lanes : 544)];

  static constexpr std::size_t stride = Rows == 1 ? 0 : 544;

  HAND_INLINE void find_largest(const float* from, float* to, std::size_t m) {
    x = from, dx = to;
    const f32 low = broadcast<f32>(-std::numeric_limits<double>::infinity());
#pragma GCC unroll 4
    for (std::size_t r = 0; r < Rows; ++r) {
      aligned_row row(dx + r * m, m);
      const float* p = x + r * m - row.offset;
      f32 top[4] = {low, low, low, low};
      row.each([&](std::size_t v, auto mask, auto s) __attribute__((always_inline)) {
        top[s] = max(top[s], load(p + v * lanes, mask, low));
      });
      largest[r] = max(max(top[0], top[1]), max(top[2], top[3]));
    }
    spread(largest, [](f32 a, f32 b) { return max(a, b); });
  }

  HAND_INLINE void exponentials(std::size_t m, std::size_t ahead) {
    const f32 low = broadcast<f32>(-std::numeric_limits<double>::infinity());
#pragma GCC unroll 4
    for (std::size_t r = 0; r < Rows; ++r) {
      aligned_row row(dx + r * m, m);
      const float* p = x + r * m - row.offset;
      float* w = wait + r * stride;
      f32 base = exp_base(largest[r]);
      f32 part[4] = {};
      row.each([&](std::size_t v, auto mask, auto s) __attribute__((always_inline)) {
        _mm_prefetch(reinterpret_cast<const char*>(p + ahead + v * lanes), _MM_HINT_T0);
        f32 e = exp_below(load(p + v * lanes, mask, low), base);
        _mm512_store_ps(w + v * lanes, e);
        part[s] += e;
      });
      sum[r] = (part[0] + part[1]) + (part[2] + part[3]);
    }
    spread(sum, [](f32 a, f32 b) { return a + b; });
  }

  template <class Writer>
  HAND_INLINE void gradients(const std::int32_t* label, std::size_t m, f32 scale_dx, Writer& write, losses& loss) {
#pragma GCC unroll 4
    for (std::size_t r = 0; r < Rows; ++r) {
      aligned_row row(dx + r * m, m);
      auto correct = static_cast<std::size_t>(label[r]);
      float s = _mm512_cvtss_f32(sum[r]);
      wait[r * stride + row.offset + correct] -= s;
      loss.add(s, _mm512_cvtss_f32(largest[r]) - x[r * m + correct]);
    }
#pragma GCC unroll 4
    for (std::size_t r = 0; r < Rows; ++r) {
      aligned_row row(dx + r * m, m);
      float* to = dx + r * m - row.offset;
      const float* w = wait + r * stride;
      f32 factor = scale_dx * reciprocal(sum[r]);
      row.each([&](std::size_t v, auto mask, auto) __attribute__((always_inline)) {
        write(to + v * lanes, _mm512_load_ps(w + v * lanes) * factor, mask);
      });
    }
  }
};

template <int Rows, bool Streaming>
double cross_entropy_short(const float* x, const std::int32_t* label, float* dx, std::size_t n, std::size_t m,
                           f32 scale_dx) {
  losses loss;
  row_writer<Streaming> write;
  row_group<Rows> group[3];
  const std::size_t groups = n / Rows, step = Rows * m;
  for (std::size_t g = 0; g < groups + 2; ++g) {
    if (g < groups) group[g % 3].find_largest(x + g * step, dx + g * step, m);
    if (g >= 1 && g <= groups) group[(g - 1) % 3].exponentials(m, 2 * step);
    if (g >= 2) group[(g - 2) % 3].gradients(label + (g - 2) * Rows, m, scale_dx, write, loss);
  }
  row_group<1> one;
  for (std::size_t i = groups * Rows; i < n; ++i) {
    one.find_largest(x + i * m, dx + i * m, m);
    one.exponentials(m, 0);
    one.gradients(label + i, m, scale_dx, write, loss);
  }
  return loss.total();
}

// ---- cross-entropy: long rows, a block at a time with its own maximum --------------------------------------------

/// Exponentials wait in the second-level cache relative to the maximum of their block, or, in rows too long for it,
/// are computed again.
template <bool Streaming, bool Keep>
double cross_entropy_long(const float* x, const std::int32_t* label, float* dx, std::size_t n, std::size_t m,
                          float scale_dx) {
  constexpr std::size_t part = 1024;
  std::vector<float> space(Keep ? m + 2 * lanes : 0), tops((m + part - 1) / part), sums(tops.size());
  float* wait = space.data() + (64 - reinterpret_cast<std::uintptr_t>(space.data()) % 64) % 64 / sizeof(float);
  double total = 0;
  std::size_t shift = reinterpret_cast<std::uintptr_t>(dx) / sizeof(float) % lanes;
  bool stream = Streaming && m % lanes == 0 && shift == 0;
  for (std::size_t i = 0; i < n; ++i, x += m, dx += m) {
    for (std::size_t b = 0; b * part < m; ++b) {
      const float* p = x + b * part;
      std::size_t count = std::min(part, m - b * part);
      f32 top[4];
      for (f32& t : top) t = broadcast<f32>(static_cast<double>(p[0]));
      each_column<false, 4>(count, [&](auto io, std::size_t j, auto s) __attribute__((always_inline)) {
        if constexpr (std::is_same_v<decltype(io), partial>) top[s] = _mm512_mask_max_ps(top[s], io.mask, top[s], io.load(p + j));
        else top[s] = max(top[s], io.load(p + j));
      });
      f32 largest = all_max(max(max(top[0], top[1]), max(top[2], top[3]))), base = exp_base(largest);
      f32 sum[4] = {};
      float* w = wait + b * part;
      each_column<false, 4>(count, [&](auto io, std::size_t j, auto s) __attribute__((always_inline)) {
        _mm_prefetch(reinterpret_cast<const char*>(p + part + j), _MM_HINT_T0);
        f32 e = exp_below(io.load(p + j), base);
        if constexpr (Keep) io.store(w + j, e);
        io.add(sum[s], e);
      });
      tops[b] = _mm512_cvtss_f32(largest);
      sums[b] = avx512::total(sum);
    }
    float largest = *std::max_element(tops.begin(), tops.end());
    double sum = 0;
    for (std::size_t b = 0; b < tops.size(); ++b) {
      tops[b] = Keep ? std::exp(tops[b] - largest) : std::exp(tops[b] - largest);
      sum += static_cast<double>(tops[b]) * static_cast<double>(sums[b]);
    }
    auto correct = static_cast<std::size_t>(label[i]);
    total += std::log(sum) + static_cast<double>(largest) - static_cast<double>(x[correct]);
    float inverse = static_cast<float>(static_cast<double>(scale_dx) / sum);
    auto finish = [&](auto streaming) __attribute__((always_inline)) {
      f32 base = exp_base(broadcast<f32>(static_cast<double>(largest)));
      for (std::size_t b = 0; b * part < m; ++b) {
        const float* p = (Keep ? wait : x) + b * part;
        float* to = dx + b * part;
        f32 factor = broadcast<f32>(static_cast<double>(Keep ? inverse * tops[b] : inverse));
        each_column<decltype(streaming)::value, 4>(
            std::min(part, m - b * part), [&](auto io, std::size_t j, auto) __attribute__((always_inline)) {
              if constexpr (Keep) _mm_prefetch(reinterpret_cast<const char*>(x + m + b * part + j), _MM_HINT_T1);
              f32 v = io.load(p + j);
              io.store(to + j, (Keep ? v : exp_below(v, base)) * factor);
            });
      }
    };
    if (stream) finish(std::true_type{});
    else finish(std::false_type{});
    if (stream) _mm_sfence();
    dx[correct] -= scale_dx;
  }
  return total;
}

template <bool Streaming>
double cross_entropy_of(const float* x, const std::int32_t* label, float* dx, std::size_t n, std::size_t m) {
  float c = 1 / static_cast<float>(n);
  f32 scale_dx = broadcast<f32>(static_cast<double>(c));
  bool aligned = reinterpret_cast<std::uintptr_t>(dx) % 64 == 0;
  if (m == 10) {
    if (aligned) return cross_entropy_tens<Streaming>(x, label, dx, n, scale_dx);
    return cross_entropy_tens<false>(x, label, dx, n, scale_dx);
  }
  if (m <= 512) return cross_entropy_short<4, Streaming>(x, label, dx, n, m, scale_dx);
  if (m <= short_row) return cross_entropy_short<1, Streaming>(x, label, dx, n, m, scale_dx);
  if (m <= 1u << 17) return cross_entropy_long<Streaming, true>(x, label, dx, n, m, c);
  return cross_entropy_long<Streaming, false>(x, label, dx, n, m, c);
}

}  // namespace

float cross_entropy(const float* x, const std::int32_t* label, float* dx, std::size_t n, std::size_t m) {
  double total = n * m * 8 > streaming_threshold ? cross_entropy_of<true>(x, label, dx, n, m)
                                                 : cross_entropy_of<false>(x, label, dx, n, m);
  return static_cast<float>(total / static_cast<double>(n));
}

}  // namespace hand::h3
