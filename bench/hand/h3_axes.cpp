// H3 of the workloads with axes: the best loops by hand, AVX-512 intrinsics. Needs AVX-512 F and DQ.
#include "../rivals.hpp"
#include "rows.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <memory>
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

// 16 rows of 10 are 10 vectors, 40 groups of four lanes. Groups 10 l + q, l = 0 to 3, belong to rows 4 l to 4 l + 3
// alike, so that the vectors of all groups q hold parts of rows as three kinds: four values of columns 0 to 3, of
// columns 4 to 7, or of columns 8 and 9 of two rows.

/// v[q], lane group l <-> group 10 l + q. Neighbours 2 k and 2 k + 1 travel together.
HAND_INLINE void store_groups(auto store, const f32 (&q)[10]) {
  f32 low[5], high[5];
#pragma GCC unroll 5
  for (int k = 0; k < 5; ++k) {
    low[k] = _mm512_shuffle_f32x4(q[2 * k], q[2 * k + 1], 0x44);
    high[k] = _mm512_shuffle_f32x4(q[2 * k], q[2 * k + 1], 0xee);
  }
  store(0, _mm512_shuffle_f32x4(low[0], low[1], 0x88));
  store(1, _mm512_shuffle_f32x4(low[2], low[3], 0x88));
  store(2, _mm512_shuffle_f32x4(low[4], low[0], 0xd8));
  store(3, _mm512_shuffle_f32x4(low[1], low[2], 0xdd));
  store(4, _mm512_shuffle_f32x4(low[3], low[4], 0xdd));
  store(5, _mm512_shuffle_f32x4(high[0], high[1], 0x88));
  store(6, _mm512_shuffle_f32x4(high[2], high[3], 0x88));
  store(7, _mm512_shuffle_f32x4(high[4], high[0], 0xd8));
  store(8, _mm512_shuffle_f32x4(high[1], high[2], 0xdd));
  store(9, _mm512_shuffle_f32x4(high[3], high[4], 0xdd));
}

/// 16 rows of 10, as columns, to memory row by row.
template <bool Streaming>
HAND_INLINE void store_ten(float* p, const f32 (&g)[10]) {
  f32 a[4] = {g[0], g[1], g[2], g[3]}, b[4] = {g[4], g[5], g[6], g[7]};
  transpose_lanes(a);
  transpose_lanes(b);
  f32 c01 = _mm512_unpacklo_ps(g[8], g[9]), c23 = _mm512_unpackhi_ps(g[8], g[9]);
  const f32 q[10] = {a[0],
                     b[0],
                     _mm512_shuffle_ps(c01, a[1], 0x44),
                     _mm512_shuffle_ps(a[1], b[1], 0x4e),
                     _mm512_shuffle_ps(b[1], c01, 0xee),
                     a[2],
                     b[2],
                     _mm512_shuffle_ps(c23, a[3], 0x44),
                     _mm512_shuffle_ps(a[3], b[3], 0x4e),
                     _mm512_shuffle_ps(b[3], c23, 0xee)};
  store_groups(
      [&](int v, f32 x) __attribute__((always_inline)) { whole<Streaming>{}.store(p + 16 * v, x); }, q);
}

HAND_INLINE void load_ten(const float* p, f32 (&v)[10]) {
  f32 n[10], q[10];
#pragma GCC unroll 10
  for (int k = 0; k < 10; ++k) n[k] = _mm512_loadu_ps(p + 16 * k);
  auto pd = [](f32 x) { return _mm512_castps_pd(x); };
  // [x.a y.c x.b y.d]
  const __m512i ends = _mm512_setr_epi64(0, 1, 12, 13, 2, 3, 14, 15);  // x.0 y.2 x.1 y.3
  const __m512i middle = _mm512_setr_epi64(4, 5, 8, 9, 6, 7, 10, 11);  // x.2 y.0 x.3 y.1
  auto pick = [&](f32 x, f32 y, __m512i how) { return _mm512_castpd_ps(_mm512_permutex2var_pd(pd(x), how, pd(y))); };
  f32 low[5] = {pick(n[0], n[2], ends), pick(n[0], n[3], middle), pick(n[1], n[3], ends), pick(n[1], n[4], middle),
                pick(n[2], n[4], ends)};
  f32 high[5] = {pick(n[5], n[7], ends), pick(n[5], n[8], middle), pick(n[6], n[8], ends), pick(n[6], n[9], middle),
                 pick(n[7], n[9], ends)};
#pragma GCC unroll 5
  for (int k = 0; k < 5; ++k) {
    q[2 * k] = _mm512_shuffle_f32x4(low[k], high[k], 0x44);
    q[2 * k + 1] = _mm512_shuffle_f32x4(low[k], high[k], 0xee);
  }
  f32 a[4] = {q[0], _mm512_shuffle_ps(q[2], q[3], 0x4e), q[5], _mm512_shuffle_ps(q[7], q[8], 0x4e)};
  f32 b[4] = {q[1], _mm512_shuffle_ps(q[3], q[4], 0x4e), q[6], _mm512_shuffle_ps(q[8], q[9], 0x4e)};
  f32 c01 = _mm512_shuffle_ps(q[2], q[4], 0xe4), c23 = _mm512_shuffle_ps(q[7], q[9], 0xe4);
  transpose_lanes(a);
  transpose_lanes(b);
  v[0] = a[0], v[1] = a[1], v[2] = a[2], v[3] = a[3];
  v[4] = b[0], v[5] = b[1], v[6] = b[2], v[7] = b[3];
  v[8] = _mm512_shuffle_ps(c01, c23, 0x88), v[9] = _mm512_shuffle_ps(c01, c23, 0xdd);
}

/// `groups` of 16 rows: all exponentials first, then all gradients. Two short chains of dependences a group keep the
/// processor fuller than a long one.
template <bool Streaming>
HAND_INLINE void cross_entropy_ten(const float* x, const std::int32_t* label, float* dx, std::size_t groups,
                                   f32 scale_dx, losses& loss, std::size_t rows = lanes) {
  constexpr std::size_t most = 4;
  alignas(64) float wait[most][10][lanes], factor[most][lanes], sums[most][lanes], rest[most][lanes];
  for (std::size_t g = 0; g < groups; ++g) {
    const float* p = x + g * 160;
    f32 v[10], largest;
    load_ten(p, v);
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
    for (std::size_t k = 0; Streaming && k < 160; k += lanes)
      _mm_prefetch(reinterpret_cast<const char*>(x + (groups + g) * 160 + k), _MM_HINT_T0);
#pragma GCC unroll 10
    for (int k = 0; k < 10; ++k) {
      v[k] = _mm512_load_ps(wait[g][k]) * f;
      v[k] = _mm512_mask_sub_ps(v[k], _mm512_cmpeq_epi32_mask(l, _mm512_set1_epi32(k)), v[k], scale_dx);
    }
    store_ten<Streaming>(dx + g * 160, v);
  }
  for (std::size_t g = 0; g < groups; ++g) loss.add(_mm512_load_ps(sums[g]), _mm512_load_ps(rest[g]), rows);
}

template <bool Streaming>
double cross_entropy_tens(const float* x, const std::int32_t* label, float* dx, std::size_t n, f32 scale_dx) {
  constexpr std::size_t batch = 64;
  losses loss;
  std::size_t i = 0;
  for (; i + batch <= n; i += batch)
    cross_entropy_ten<Streaming>(x + i * 10, label + i, dx + i * 10, batch / lanes, scale_dx, loss);
  if constexpr (Streaming) _mm_sfence();
  for (; i + lanes <= n; i += lanes) cross_entropy_ten<false>(x + i * 10, label + i, dx + i * 10, 1, scale_dx, loss);
  if (i < n) {
    std::size_t rest = n - i;
    float in[160] = {}, out[160];
    std::int32_t labels[lanes] = {};
    std::copy_n(x + i * 10, rest * 10, in);
    std::copy_n(label + i, rest, labels);
    cross_entropy_ten<false>(in, labels, out, 1, scale_dx, loss, rest);
    std::copy_n(out, rest * 10, dx + i * 10);
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

/// `Rows` rows on their way through the three stages, which are called for different rows side by side: each stage
/// waits for the one before it.
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
      row.each([&](std::size_t v, auto mask, auto s)
                   __attribute__((always_inline)) { top[s] = max(top[s], load(p + v * lanes, mask, low)); });
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

/// What is known of a row: the largest value and the sum of exponentials of each block, then of the whole.
struct long_row {
  std::unique_ptr<float[], decltype(&std::free)> wait{nullptr, std::free};
  std::vector<float> top, sum;
  const float* x;
  float* dx;
  float largest, inverse;
};

template <bool Keep>
HAND_INLINE void block_exponentials(long_row& row, std::size_t b, std::size_t begin, std::size_t count) {
  const float* p = row.x + begin;
  f32 top[4];
  for (f32& t : top) t = broadcast<f32>(static_cast<double>(p[0]));
  each_column<false, 4>(
      count, [&](auto io, std::size_t j, auto s) __attribute__((always_inline)) {
        if constexpr (std::is_same_v<decltype(io), partial>)
          top[s] = _mm512_mask_max_ps(top[s], io.mask, top[s], io.load(p + j));
        else top[s] = max(top[s], io.load(p + j));
      });
  f32 largest = all_max(max(max(top[0], top[1]), max(top[2], top[3]))), base = exp_base(largest);
  f32 sum[4] = {};
  float* w = row.wait.get() + begin;
  each_column<false, 4>(
      count, [&](auto io, std::size_t j, auto s) __attribute__((always_inline)) {
        _mm_prefetch(reinterpret_cast<const char*>(p + count + j), _MM_HINT_T0);
        f32 e = exp_below(io.load(p + j), base);
        if constexpr (Keep) io.store(w + j, e);
        io.add(sum[s], e);
      });
  row.top[b] = _mm512_cvtss_f32(largest);
  row.sum[b] = avx512::total(sum);
}

template <bool Streaming, bool Keep>
HAND_INLINE void block_gradients(const long_row& row, std::size_t b, std::size_t begin, std::size_t count) {
  const float* p = (Keep ? row.wait.get() : row.x) + begin;
  f32 factor = broadcast<f32>(static_cast<double>(Keep ? row.inverse * row.top[b] : row.inverse));
  f32 base = exp_base(broadcast<f32>(static_cast<double>(row.largest)));
  each_column<Streaming, 4>(
      count, [&](auto io, std::size_t j, auto) __attribute__((always_inline)) {
        f32 v = io.load(p + j);
        io.store(row.dx + begin + j, (Keep ? v : exp_below(v, base)) * factor);
      });
}

/// Exponentials wait in the second-level cache, relative to the maximum of their block; in rows too long for it they
/// are computed again. The gradients of a row are written while the next row is read.
template <bool Streaming, bool Keep>
double cross_entropy_long(const float* x, const std::int32_t* label, float* dx, std::size_t n, std::size_t m,
                          float scale_dx) {
  constexpr std::size_t block = 2048;
  const std::size_t blocks = (m + block - 1) / block;
  long_row rows[2];
  for (long_row& row : rows) {
    if (Keep) row.wait.reset(static_cast<float*>(std::aligned_alloc(64, (m + lanes - 1) / lanes * 64)));
    row.top.resize(blocks), row.sum.resize(blocks);
  }
  double total = 0;
  for (std::size_t i = 0; i <= n; ++i) {
    long_row &current = rows[i % 2], &previous = rows[(i + 1) % 2];
    current.x = x + i * m;
    current.dx = dx + i * m;
    for (std::size_t b = 0; b < blocks; ++b) {
      std::size_t count = std::min(block, m - b * block);
      if (i < n) block_exponentials<Keep>(current, b, b * block, count);
      if (i > 0) block_gradients<Streaming, Keep>(previous, b, b * block, count);
    }
    if (i > 0) previous.dx[label[i - 1]] -= scale_dx;
    if (i == n) break;
    float largest = *std::max_element(current.top.begin(), current.top.end());
    double sum = 0;
    for (std::size_t b = 0; b < blocks; ++b) {
      current.top[b] = std::exp(current.top[b] - largest);
      sum += static_cast<double>(current.top[b]) * static_cast<double>(current.sum[b]);
    }
    total += std::log(sum) + static_cast<double>(largest) - static_cast<double>(current.x[label[i]]);
    current.largest = largest;
    current.inverse = static_cast<float>(static_cast<double>(scale_dx) / sum);
  }
  if constexpr (Streaming) _mm_sfence();
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
  if (aligned && m % lanes == 0) {
    if (m <= 1u << 17) return cross_entropy_long<Streaming, true>(x, label, dx, n, m, c);
    return cross_entropy_long<Streaming, false>(x, label, dx, n, m, c);
  }
  if (m <= 1u << 17) return cross_entropy_long<false, true>(x, label, dx, n, m, c);
  return cross_entropy_long<false, false>(x, label, dx, n, m, c);
}

// ---- column sums -------------------------------------------------------------------------------------------------

/// Sums of many rows: single precision within a block of rows, in the first-level cache, then double.
class column_sums {
 public:
  explicit column_sums(std::size_t m)
      : m_(m), part_(static_cast<float*>(std::aligned_alloc(64, (m + lanes - 1) / lanes * 64)), std::free), all_(m) {
    std::fill_n(part_.get(), m, 0.0f);
  }
  float* block() { return part_.get(); }
  void next_block() {
    for (std::size_t j = 0; j < m_; ++j) all_[j] += static_cast<double>(part_[j]);
    std::fill_n(part_.get(), m_, 0.0f);
  }
  void store(float* to) {
    next_block();
    for (std::size_t j = 0; j < m_; ++j) to[j] = static_cast<float>(all_[j]);
  }

 private:
  std::size_t m_;
  std::unique_ptr<float[], decltype(&std::free)> part_;
  std::vector<double> all_;
};

// ---- layer norm --------------------------------------------------------------------------------------------------

template <bool Streaming>
void layer_norm_of(const float* x, const float* gamma, const float* beta, const float* dy, float* y, float* dx,
                   float* dgamma, float* dbeta, std::size_t n, std::size_t m) {
  column_sums by_gamma(m), by_beta(m);
  float* sum_gamma = by_gamma.block();
  float* sum_beta = by_beta.block();
  const float inverse = 1 / static_cast<float>(m);
  for (std::size_t i = 0; i < n; ++i, x += m, dy += m, y += m, dx += m) {
    f32 sum[4] = {}, square[4] = {}, g_sum[4] = {}, gd_sum[4] = {};
    each_column<false, 4>(
        m, [&](auto io, std::size_t j, auto s) __attribute__((always_inline)) { io.add(sum[s], io.load(x + j)); });
    f32 mean = broadcast<f32>(static_cast<double>(total(sum) * inverse));
    each_column<false, 4>(
        m, [&](auto io, std::size_t j, auto s) __attribute__((always_inline)) {
          f32 d = io.load(x + j) - mean, g = io.load(dy + j) * io.load(gamma + j);
          io.add(square[s], d * d);
          io.add(g_sum[s], g);
          io.add(gd_sum[s], g * d);
        });
    float r = 1 / std::sqrt(total(square) * inverse + 1e-5f);
    float by_mean = total(g_sum) * inverse, by_scale = total(gd_sum) * inverse * r;
    f32 rr = broadcast<f32>(static_cast<double>(r)), shift = mean * rr;
    f32 a = broadcast<f32>(static_cast<double>(r * by_mean)), b = broadcast<f32>(static_cast<double>(r * by_scale));
    each_column<Streaming, 2>(
        m, [&](auto io, std::size_t j, auto) __attribute__((always_inline)) {
          _mm_prefetch(reinterpret_cast<const char*>(x + m + j), _MM_HINT_T0);
          _mm_prefetch(reinterpret_cast<const char*>(dy + m + j), _MM_HINT_T0);
          f32 normal = fms(io.load(x + j), rr, shift), d = io.load(dy + j), c = io.load(gamma + j);
          io.store(y + j, fma(normal, c, io.load(beta + j)));
          io.store(dx + j, fms(d * c, rr, fma(normal, b, a)));
          whole<false> near;
          if constexpr (std::is_same_v<decltype(io), partial>) {
            io.store(sum_gamma + j, fma(d, normal, io.load(sum_gamma + j)));
            io.store(sum_beta + j, io.load(sum_beta + j) + d);
          } else {
            near.store(sum_gamma + j, fma(d, normal, near.load(sum_gamma + j)));
            near.store(sum_beta + j, near.load(sum_beta + j) + d);
          }
        });
    if (i % 64 == 63) by_gamma.next_block(), by_beta.next_block();
  }
  by_gamma.store(dgamma);
  by_beta.store(dbeta);
  if constexpr (Streaming) _mm_sfence();
}

// ---- bias and GELU -----------------------------------------------------------------------------------------------

/// d/dz of z N(z): h(z) for z < 0 and 1 - h(-z) above, h(-a) = N(-a) - a phi(a).
HAND_INLINE f32 gelu_slope(f32 z) {
  f32 a = _mm512_abs_ps(z);
  f32 density = exp2_shifted(fma(z * z, broadcast<f32>(-0.72134752044448170368), broadcast<f32>(0.5)));
  f32 h = density * fnma(a, broadcast<f32>(0.39894228040143267794), normal_tail(a));
  return _mm512_mask_sub_ps(h, _mm512_cmp_ps_mask(z, f32{}, _CMP_GT_OQ), broadcast<f32>(1), h);
}

template <bool Streaming>
void bias_gelu_of(const float* x, const float* b, const float* dy, float* dx, float* db, std::size_t n, std::size_t m) {
  constexpr std::size_t rows = 4;
  column_sums by_bias(m);
  float* sum = by_bias.block();
  auto row = [&](auto io, std::size_t i, std::size_t j, f32 bias) __attribute__((always_inline)) {
    f32 d = io.load(dy + i * m + j) * gelu_slope(io.load(x + i * m + j) + bias);
    io.store(dx + i * m + j, d);
    return d;
  };
  std::size_t i = 0;
  for (; i + rows <= n; i += rows) {
    each_column<Streaming, 1>(
        m, [&](auto io, std::size_t j, auto) __attribute__((always_inline)) {
          whole<false> near;
          constexpr bool ends = std::is_same_v<decltype(io), partial>;
          f32 bias = ends ? io.load(b + j) : near.load(b + j);
          f32 d[rows] = {row(io, i, j, bias), row(io, i + 1, j, bias), row(io, i + 2, j, bias),
                         row(io, i + 3, j, bias)};
          f32 all = (d[0] + d[1]) + (d[2] + d[3]);
          if constexpr (ends) io.store(sum + j, io.load(sum + j) + all);
          else near.store(sum + j, near.load(sum + j) + all);
        });
    if (i % 128 == 124) by_bias.next_block();
  }
  for (; i < n; ++i)
    each_column<false, 1>(
        m, [&](auto io, std::size_t j, auto)
               __attribute__((always_inline)) { io.store(sum + j, io.load(sum + j) + row(io, i, j, io.load(b + j))); });
  by_bias.store(db);
  if constexpr (Streaming) _mm_sfence();
}

// ---- linear models -----------------------------------------------------------------------------------------------

/// 64 features and 10 classes. Blocks of 32 rows: transposed for the logits, so that lanes are rows; as they are for
/// the gradients, so that lanes are features.
float softmax_regression_64(const float* x, const float* w, const float* b, const std::int32_t* label, float* dw,
                            float* db, std::size_t n) {
  constexpr std::size_t features = 64, classes = 10, rows = 32;
  alignas(64) float columns[features][rows], g[classes][rows], last[rows * features];
  const f32 scale_dx = broadcast<f32>(1 / static_cast<double>(n));
  losses loss;
  f32 bias[classes] = {};
  std::fill_n(dw, classes * features, 0.0f);
  for (std::size_t i = 0; i < n; i += rows, x += rows * features, label += rows) {
    const std::size_t count = std::min(rows, n - i);
    std::int32_t labels[rows];
    const float* p = x;
    const std::int32_t* l = label;
    if (count < rows) {
      std::fill_n(last, rows * features, 0.0f);
      std::fill_n(labels, rows, 0);
      std::copy_n(x, count * features, last);
      std::copy_n(label, count, labels);
      p = last, l = labels;
    }
    for (std::size_t half = 0; half < rows; half += lanes)
      for (std::size_t j = 0; j < features; j += 4) {
        f32 v[4];
        load_columns(p + half * features + j, features, v);
#pragma GCC unroll 4
        for (std::size_t k = 0; k < 4; ++k) _mm512_store_ps(&columns[j + k][half], v[k]);
      }

    f32 z[2][classes];
#pragma GCC unroll 10
    for (std::size_t c = 0; c < classes; ++c) z[0][c] = z[1][c] = _mm512_set1_ps(b[c]);
    for (std::size_t j = 0; j < features; ++j) {
      f32 first_half = _mm512_load_ps(columns[j]), second_half = _mm512_load_ps(columns[j] + lanes);
#pragma GCC unroll 10
      for (std::size_t c = 0; c < classes; ++c) {
        f32 weight = _mm512_set1_ps(w[c * features + j]);
        z[0][c] = fma(first_half, weight, z[0][c]);
        z[1][c] = fma(second_half, weight, z[1][c]);
      }
    }
#pragma GCC unroll 2
    for (std::size_t h = 0; h < 2; ++h) {
      if (count <= h * lanes) break;
      const std::size_t here = std::min(lanes, count - h * lanes);
      __m512i correct = _mm512_loadu_si512(l + h * lanes);
      f32 at_label = {}, largest;
#pragma GCC unroll 10
      for (int c = 0; c < 10; ++c)
        at_label = _mm512_mask_mov_ps(at_label, _mm512_cmpeq_epi32_mask(correct, _mm512_set1_epi32(c)), z[h][c]);
      f32 sum = exponentials(z[h], largest);
      f32 factor = scale_dx * reciprocal(sum);
      loss.add(sum, largest - at_label, here);
#pragma GCC unroll 10
      for (int c = 0; c < 10; ++c) {
        f32 d = z[h][c] * factor;
        d = _mm512_mask_sub_ps(d, _mm512_cmpeq_epi32_mask(correct, _mm512_set1_epi32(c)), d, scale_dx);
        d = _mm512_maskz_mov_ps(first(here), d);
        bias[c] += d;
        _mm512_store_ps(&g[c][h * lanes], d);
      }
    }
#pragma GCC unroll 2
    for (std::size_t c = 0; c < classes; c += 5) {
      f32 sum[5][4];
#pragma GCC unroll 5
      for (std::size_t k = 0; k < 5; ++k)
#pragma GCC unroll 4
        for (std::size_t v = 0; v < 4; ++v) sum[k][v] = _mm512_loadu_ps(dw + (c + k) * features + v * lanes);
      for (std::size_t r = 0; r < count; ++r) {
        f32 f[4];
#pragma GCC unroll 4
        for (std::size_t v = 0; v < 4; ++v) f[v] = _mm512_loadu_ps(p + r * features + v * lanes);
#pragma GCC unroll 5
        for (std::size_t k = 0; k < 5; ++k) {
          f32 d = _mm512_set1_ps(g[c + k][r]);
#pragma GCC unroll 4
          for (std::size_t v = 0; v < 4; ++v) sum[k][v] = fma(f[v], d, sum[k][v]);
        }
      }
#pragma GCC unroll 5
      for (std::size_t k = 0; k < 5; ++k)
#pragma GCC unroll 4
        for (std::size_t v = 0; v < 4; ++v) _mm512_storeu_ps(dw + (c + k) * features + v * lanes, sum[k][v]);
    }
  }
  for (std::size_t c = 0; c < classes; ++c) db[c] = _mm512_reduce_add_ps(bias[c]);
  return static_cast<float>(loss.total() / static_cast<double>(n));
}

/// 17 to 32 features: a row is two vectors. 16 logits are summed together and are one vector of the loss.
float linear_focal_32(const float* x, const float* w, float b, const float* t, float* dw, float* db, std::size_t n,
                      std::size_t m) {
  const __mmask16 rest = first(m - lanes);
  const f32 w0 = _mm512_loadu_ps(w), w1 = _mm512_maskz_loadu_ps(rest, w + lanes), one = broadcast<f32>(1);
  const f32 scale_dx = broadcast<f32>(1 / static_cast<double>(n));
  f32 sum0[2] = {}, sum1[2] = {}, loss = {}, bias = {};
  for (std::size_t i = 0; i < n; i += lanes, x += lanes * m) {
    const std::size_t count = std::min(lanes, n - i);
    f32 dot[lanes];
    auto dot_of = [&](std::size_t r) __attribute__((always_inline)) {
      return fma(_mm512_maskz_loadu_ps(rest, x + r * m + lanes), w1, _mm512_loadu_ps(x + r * m) * w0);
    };
    if (count == lanes) {
#pragma GCC unroll 16
      for (std::size_t r = 0; r < lanes; ++r) dot[r] = dot_of(r);
    } else {
      for (std::size_t r = 0; r < lanes; ++r) dot[r] = r < count ? dot_of(r) : f32{};
    }
    f32 tt = _mm512_maskz_loadu_ps(first(count), t + i);
    f32 s = fms(tt, broadcast<f32>(2), one), a = fnma(tt, broadcast<f32>(0.5), broadcast<f32>(0.75));
    f32 z = s * (sum_sixteen(dot) + broadcast<f32>(static_cast<double>(b)));
    auto [e, small, large] = logistic_of(z);
    auto positive = z > f32{};
    f32 q = positive ? small : large, p = positive ? large : small;
    f32 softplus = log1p_unit(e) - (positive ? f32{} : z);
    f32 weight = _mm512_maskz_mul_ps(first(count), a * q, q);
    loss = fma(weight, softplus, loss);
    f32 d = fnma(p + p, softplus, f32{} - q) * (weight * s * scale_dx);
    bias += d;
    alignas(64) float g[lanes];
    _mm512_store_ps(g, d);
    auto take = [&](std::size_t r) __attribute__((always_inline)) {
      f32 f = _mm512_set1_ps(g[r]);
      sum0[r % 2] = fma(_mm512_loadu_ps(x + r * m), f, sum0[r % 2]);
      sum1[r % 2] = fma(_mm512_maskz_loadu_ps(rest, x + r * m + lanes), f, sum1[r % 2]);
    };
    if (count == lanes) {
#pragma GCC unroll 16
      for (std::size_t r = 0; r < lanes; ++r) take(r);
    } else {
      for (std::size_t r = 0; r < count; ++r) take(r);
    }
  }
  _mm512_storeu_ps(dw, sum0[0] + sum0[1]);
  _mm512_mask_storeu_ps(dw + lanes, rest, sum1[0] + sum1[1]);
  *db = _mm512_reduce_add_ps(bias);
  return _mm512_reduce_add_ps(loss) / static_cast<float>(n);
}

}  // namespace

float cross_entropy(const float* x, const std::int32_t* label, float* dx, std::size_t n, std::size_t m) {
  double total = n * m * 8 > streaming_threshold ? cross_entropy_of<true>(x, label, dx, n, m)
                                                 : cross_entropy_of<false>(x, label, dx, n, m);
  return static_cast<float>(total / static_cast<double>(n));
}

void layer_norm(const float* x, const float* gamma, const float* beta, const float* dy, float* y, float* dx,
                float* dgamma, float* dbeta, std::size_t n, std::size_t m) {
  bool stream = n * m * 16 > streaming_threshold && m % lanes == 0;
  for (const float* p : {y, dx}) stream = stream && reinterpret_cast<std::uintptr_t>(p) % 64 == 0;
  if (stream) layer_norm_of<true>(x, gamma, beta, dy, y, dx, dgamma, dbeta, n, m);
  else layer_norm_of<false>(x, gamma, beta, dy, y, dx, dgamma, dbeta, n, m);
}

void bias_gelu(const float* x, const float* b, const float* dy, float* dx, float* db, std::size_t n, std::size_t m) {
  bool stream = n * m * 12 > streaming_threshold && m % lanes == 0 && reinterpret_cast<std::uintptr_t>(dx) % 64 == 0;
  if (stream) bias_gelu_of<true>(x, b, dy, dx, db, n, m);
  else bias_gelu_of<false>(x, b, dy, dx, db, n, m);
}

float softmax_regression(const float* x, const float* w, const float* b, const std::int32_t* label, float* dw,
                         float* db, std::size_t n, std::size_t m, std::size_t classes) {
  if (m != 64 || classes != 10) std::abort();  // made for this shape
  return softmax_regression_64(x, w, b, label, dw, db, n);
}

float linear_focal(const float* x, const float* w, float b, const float* t, float* dw, float* db, std::size_t n,
                   std::size_t m) {
  if (m <= lanes || m > 2 * lanes) std::abort();  // made for this shape
  return linear_focal_32(x, w, b, t, dw, db, n, m);
}

}  // namespace hand::h3
