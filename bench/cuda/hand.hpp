// Kernels written by hand for the workloads, as a careful programmer writes them for one GPU and one loss: 16 bytes at
// a time, several loads on their way, every array read and written once, sums by shuffles and finished by the last
// block. Extents are multiples of what they move at once; the names say of what.
#pragma once

#include <cfloat>
#include <cstdint>
#include <stdexcept>

namespace hand {

/// Memory that kernels share: a part for each block, a ticket that is zero, sums of columns for each block.
struct workspace {
  double* parts;
  unsigned* ticket;
  float* columns;
};

inline void check(cudaError_t code) {
  if (code != cudaSuccess) throw std::runtime_error(cudaGetErrorString(code));
}

/// As many blocks as run at once, or as there is work for. What CUDA says is remembered, one answer a kernel: a careful
/// programmer asks once.
template <auto Kernel>
unsigned blocks_for(int threads, std::size_t shared_bytes, std::int64_t wanted) {
  static std::size_t asked_for = SIZE_MAX;
  static std::int64_t most = 0;
  if (asked_for != shared_bytes) {
    int gpu = 0, multiprocessors = 0, resident = 0;
    check(cudaGetDevice(&gpu));
    check(cudaDeviceGetAttribute(&multiprocessors, cudaDevAttrMultiProcessorCount, gpu));
    check(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&resident, Kernel, threads, shared_bytes));
    most = static_cast<std::int64_t>(multiprocessors) * (resident > 0 ? resident : 1);
    asked_for = shared_bytes;
  }
  return static_cast<unsigned>(wanted < 1 ? 1 : wanted < most ? wanted : most);
}

// --- sums ------------------------------------------------------------------------------------------------------------

template <class T>
__device__ T warp_sum(T x) {
  for (int k = 16; k > 0; k /= 2) x += __shfl_xor_sync(0xffffffffu, x, k);
  return x;
}
__device__ inline float warp_max(float x) {
  for (int k = 16; k > 0; k /= 2) x = fmaxf(x, __shfl_xor_sync(0xffffffffu, x, k));
  return x;
}
/// The sum over the block, for every thread.
template <class T>
__device__ T block_sum(T x) {
  __shared__ T of_warps[32];
  x = warp_sum(x);
  __syncthreads();  // who asked before has read
  if (threadIdx.x % 32 == 0) of_warps[threadIdx.x / 32] = x;
  __syncthreads();
  return warp_sum(threadIdx.x % 32 < blockDim.x / 32 ? of_warps[threadIdx.x % 32] : T(0));
}
/// Two sums at once.
__device__ inline float2 block_sum(float2 x) {
  __shared__ float2 of_warps[32];
  x = {warp_sum(x.x), warp_sum(x.y)};
  __syncthreads();
  if (threadIdx.x % 32 == 0) of_warps[threadIdx.x / 32] = x;
  __syncthreads();
  x = threadIdx.x % 32 < blockDim.x / 32 ? of_warps[threadIdx.x % 32] : float2{0, 0};
  return {warp_sum(x.x), warp_sum(x.y)};
}
/// Leaves the sum over all threads, times `scale`: each block its part, the last one the whole, in order.
__device__ inline void finish_mean(double sum, const workspace& w, double scale, float* mean) {
  __shared__ bool last;
  sum = block_sum(sum);
  if (threadIdx.x == 0) {
    w.parts[blockIdx.x] = sum;
    __threadfence();
    last = atomicInc(w.ticket, gridDim.x - 1) == gridDim.x - 1;
  }
  __syncthreads();
  if (!last) return;
  __threadfence();
  double all = 0;
  for (unsigned b = threadIdx.x; b < gridDim.x; b += blockDim.x) all += __ldcg(w.parts + b);
  all = block_sum(all);
  if (threadIdx.x == 0) *mean = static_cast<float>(all * scale);
}

/// The sums of `count` rows of parts, column by column.
__global__ void __launch_bounds__(256) column_kernel(const float* parts, float* sums, int count, int columns) {
  __shared__ float of_rows[8][33];
  const int lane = static_cast<int>(threadIdx.x) % 32, row = static_cast<int>(threadIdx.x) / 32;
  const int column = static_cast<int>(blockIdx.x) * 32 + lane;
  float sum = 0;
  if (column < columns)
    for (int k = row; k < count; k += 8) sum += __ldg(parts + static_cast<std::int64_t>(k) * columns + column);
  of_rows[row][lane] = sum;
  __syncthreads();
  if (row > 0 || column >= columns) return;
  for (int k = 1; k < 8; ++k) sum += of_rows[k][lane];
  sums[column] = sum;
}
inline void sum_columns(cudaStream_t stream, const float* parts, float* sums, unsigned count, std::int64_t columns) {
  column_kernel<<<static_cast<unsigned>((columns + 31) / 32), 256, 0, stream>>>(parts, sums, static_cast<int>(count),
                                                                                static_cast<int>(columns));
}

// --- element by element: the number of elements is a multiple of four
// ---------------------------------------------------

struct copy {
  static constexpr int inputs = 1, outputs = 1, in_flight = 4;
  static constexpr bool has_mean = false;
  __device__ static float element(const float* x, float, float* y) {
    y[0] = x[0];
    return 0;
  }
};
struct mse {
  static constexpr int inputs = 2, outputs = 1, in_flight = 2;
  static constexpr bool has_mean = true;
  __device__ static float element(const float* x, float scale, float* dx) {
    const float d = x[0] - x[1];
    dx[0] = 2 * scale * d;
    return d * d;
  }
};
struct focal {
  static constexpr int inputs = 2, outputs = 1, in_flight = 2;
  static constexpr bool has_mean = true;
  __device__ static float element(const float* x, float scale, float* dx) {
    const float t = x[1], sign = 2 * t - 1, z = sign * x[0], e = __expf(-fabsf(z)), r = __fdividef(1, 1 + e);
    const float q = z > 0 ? e * r : r, soft = fmaxf(-z, 0.0f) + log1pf(e), weight = 0.75f - 0.5f * t;
    dx[0] = -scale * weight * sign * q * q * (2 * (1 - q) * soft + q);
    return weight * q * q * soft;
  }
};
/// Inputs x, mean and logarithm of the variance; gradients of the last two.
struct gaussian_nll {
  static constexpr int inputs = 3, outputs = 2, in_flight = 2;
  static constexpr bool has_mean = true;
  __device__ static float element(const float* x, float scale, float* dx) {
    const float d = x[0] - x[1], weighted = d * __expf(-x[2]);
    dx[0] = -scale * weighted;
    dx[1] = 0.5f * scale * (1 - d * weighted);
    return 0.5f * (x[2] + d * weighted);
  }
};
/// Boxes x1, y1, x2, y2, then others; gradients of the first.
struct giou {
  static constexpr int inputs = 8, outputs = 4, in_flight = 1;
  static constexpr bool has_mean = true;
  __device__ static float element(const float* x, float scale, float* dx) {
    const float width = x[2] - x[0], height = x[3] - x[1];
    const float inner_width = fmaxf(fminf(x[2], x[6]) - fmaxf(x[0], x[4]), 0.0f);
    const float inner_height = fmaxf(fminf(x[3], x[7]) - fmaxf(x[1], x[5]), 0.0f);
    const float hull_width = fmaxf(x[2], x[6]) - fminf(x[0], x[4]);
    const float hull_height = fmaxf(x[3], x[7]) - fminf(x[1], x[5]);
    const float inner = inner_width * inner_height;
    const float join = width * height + (x[6] - x[4]) * (x[7] - x[5]) - inner;
    const float of_join = __fdividef(1, join), of_hull = __fdividef(1, hull_width * hull_height);
    // 2 - inner / join - join / hull, by the areas of the box, of what is shared and of the hull
    const float by_box = scale * (inner * of_join * of_join - of_hull), by_inner = -scale * of_join - by_box;
    const float by_hull = scale * join * of_hull * of_hull;
    const float by_inner_width = inner_width > 0 ? by_inner * inner_height : 0;
    const float by_inner_height = inner_height > 0 ? by_inner * inner_width : 0;
    dx[0] = -height * by_box - (x[0] > x[4] ? by_inner_width : 0) - (x[0] < x[4] ? by_hull * hull_height : 0);
    dx[1] = -width * by_box - (x[1] > x[5] ? by_inner_height : 0) - (x[1] < x[5] ? by_hull * hull_width : 0);
    dx[2] = height * by_box + (x[2] < x[6] ? by_inner_width : 0) + (x[2] > x[6] ? by_hull * hull_height : 0);
    dx[3] = width * by_box + (x[3] < x[7] ? by_inner_height : 0) + (x[3] > x[7] ? by_hull * hull_width : 0);
    return 2 - inner * of_join - join * of_hull;
  }
};
/// Spot, strike, time and volatility, the rate in place of a scale; price, and its derivatives by spot, time,
/// volatility.
struct black_scholes {
  static constexpr int inputs = 4, outputs = 4, in_flight = 1;
  static constexpr bool has_mean = false;
  __device__ static float normal_cdf(float x) { return 0.5f + 0.5f * erff(0.70710678f * x); }
  __device__ static float element(const float* x, float rate, float* y) {
    const float root = sqrtf(x[2]), spread = x[3] * root;
    const float d1 = __fdividef(__logf(__fdividef(x[0], x[1])) + (rate + 0.5f * x[3] * x[3]) * x[2], spread);
    const float n1 = normal_cdf(d1), paid = x[1] * __expf(-rate * x[2]) * normal_cdf(d1 - spread);
    const float density = 0.39894228f * x[0] * __expf(-0.5f * d1 * d1);
    y[0] = x[0] * n1 - paid;
    y[1] = n1;
    y[2] = 0.5f * density * __fdividef(x[3], root) + rate * paid;
    y[3] = density * root;
    return 0;
  }
};

template <class W>
struct arrays {
  const float* in[W::inputs];
  float* out[W::outputs];
};

template <class W>
__global__ void __launch_bounds__(256, 1) flat_kernel(const __grid_constant__ arrays<W> a, std::int64_t vectors,
                                                      float scale, const workspace w, float* mean) {
  constexpr int in_flight = W::in_flight;
  double sum = 0;
  const std::int64_t step = gridDim.x * 256ll * in_flight;
#pragma unroll 1
  for (std::int64_t first = blockIdx.x * 256ll * in_flight + threadIdx.x; first < vectors; first += step) {
    float x[in_flight][W::inputs][4];
#pragma unroll
    for (int u = 0; u < in_flight; ++u)
#pragma unroll
      for (int k = 0; k < W::inputs; ++k)
        if (first + u * 256 < vectors) {
          const float4 v = __ldg(reinterpret_cast<const float4*>(a.in[k]) + first + u * 256);
          x[u][k][0] = v.x, x[u][k][1] = v.y, x[u][k][2] = v.z, x[u][k][3] = v.w;
        }
#pragma unroll
    for (int u = 0; u < in_flight; ++u)
      if (first + u * 256 < vectors) {
        float y[4][W::outputs], value = 0;
#pragma unroll
        for (int lane = 0; lane < 4; ++lane) {
          float of_element[W::inputs];
#pragma unroll
          for (int k = 0; k < W::inputs; ++k) of_element[k] = x[u][k][lane];
          value += W::element(of_element, scale, y[lane]);
        }
#pragma unroll
        for (int k = 0; k < W::outputs; ++k)
          reinterpret_cast<float4*>(a.out[k])[first + u * 256] = {y[0][k], y[1][k], y[2][k], y[3][k]};
        if constexpr (W::has_mean) sum += static_cast<double>(value);
      }
  }
  if constexpr (W::has_mean) finish_mean(sum, w, 0.25 / static_cast<double>(vectors), mean);
}

/// W on n elements.
template <class W>
void run(cudaStream_t stream, const arrays<W>& a, std::int64_t n, float scale, const workspace& w, float* mean) {
  const unsigned most = blocks_for<flat_kernel<W>>(256, 0, INT32_MAX);
  const std::int64_t vectors = n / 4, tile = 256 * W::in_flight, wanted = (vectors + tile - 1) / tile;
  flat_kernel<W><<<static_cast<unsigned>(wanted < most ? wanted : most), 256, 0, stream>>>(a, vectors, scale, w, mean);
}

// --- softmax cross-entropy: columns are a multiple of four
// ----------------------------------------------------------------

/// A warp for each row of up to 1024 columns, which stays in registers.
__global__ void __launch_bounds__(256)
    short_cross_entropy_kernel(const float* x, const int* labels, float* dx, std::int64_t rows, int columns,
                               const workspace w, float* mean) {
  const int lane = static_cast<int>(threadIdx.x) % 32, vectors = columns / 4;
  const float scale = 1 / static_cast<float>(rows);
  double sum = 0;
#pragma unroll 1
  for (std::int64_t row = blockIdx.x * 8ll + threadIdx.x / 32; row < rows; row += gridDim.x * 8ll) {
    const float4* const from = reinterpret_cast<const float4*>(x + row * columns);
    float4* const to = reinterpret_cast<float4*>(dx + row * columns);
    const int label = __ldg(labels + row);
    float4 v[8];
    float most = -FLT_MAX;
#pragma unroll
    for (int k = 0; k < 8; ++k)
      v[k] = lane + 32 * k < vectors ? __ldg(from + lane + 32 * k) : float4{-FLT_MAX, -FLT_MAX, -FLT_MAX, -FLT_MAX};
#pragma unroll
    for (int k = 0; k < 8; ++k) most = fmaxf(most, fmaxf(fmaxf(v[k].x, v[k].y), fmaxf(v[k].z, v[k].w)));
    most = warp_max(most);
    float total = 0;
#pragma unroll
    for (int k = 0; k < 8; ++k) {
      v[k] = {__expf(v[k].x - most), __expf(v[k].y - most), __expf(v[k].z - most), __expf(v[k].w - most)};
      total += (v[k].x + v[k].y) + (v[k].z + v[k].w);
    }
    total = warp_sum(total);
    const float factor = __fdividef(scale, total);
#pragma unroll
    for (int k = 0; k < 8; ++k) {
      const int at = lane + 32 * k, c = 4 * at;
      if (at < vectors)
        to[at] = {v[k].x * factor - (c == label ? scale : 0), v[k].y * factor - (c + 1 == label ? scale : 0),
                  v[k].z * factor - (c + 2 == label ? scale : 0), v[k].w * factor - (c + 3 == label ? scale : 0)};
    }
    if (lane == 0) sum += static_cast<double>(most + __logf(total) - __ldg(x + row * columns + label));
  }
  finish_mean(sum, w, 1 / static_cast<double>(rows), mean);
}

/// The largest number and the sum of exponentials relative to it, found in one pass.
struct softmax_sum {
  float most, total;
};
__device__ inline softmax_sum together(softmax_sum a, softmax_sum b) {
  const float most = fmaxf(a.most, b.most);
  return {most, a.total * __expf(a.most - most) + b.total * __expf(b.most - most)};
}
__device__ inline softmax_sum of_warp(softmax_sum s) {
  for (int k = 16; k > 0; k /= 2)
    s = together(s, {__shfl_xor_sync(0xffffffffu, s.most, k), __shfl_xor_sync(0xffffffffu, s.total, k)});
  return s;
}

/// A block for each row. Kept rows lie in shared memory between the two passes, others are read again.
template <bool Keeps>
__global__ void __launch_bounds__(1024, 1)
    long_cross_entropy_kernel(const float* x, const int* labels, float* dx, std::int64_t rows, int columns,
                              const workspace w, float* mean) {
  extern __shared__ float4 kept[];
  __shared__ softmax_sum of_warps[32];
  const int thread = static_cast<int>(threadIdx.x), threads = static_cast<int>(blockDim.x), vectors = columns / 4;
  const float scale = 1 / static_cast<float>(rows);
  double sum = 0;
#pragma unroll 1
  for (std::int64_t row = blockIdx.x; row < rows; row += gridDim.x) {
    const float4* const from = reinterpret_cast<const float4*>(x + row * columns);
    float4* const to = reinterpret_cast<float4*>(dx + row * columns);
    const int label = __ldg(labels + row);
    softmax_sum mine{-FLT_MAX, 0};
#pragma unroll 4
    for (int at = thread; at < vectors; at += threads) {
      const float4 v = __ldg(from + at);
      if constexpr (Keeps) kept[at] = v;
      const float most = fmaxf(mine.most, fmaxf(fmaxf(v.x, v.y), fmaxf(v.z, v.w)));
      mine = {most, mine.total * __expf(mine.most - most) + (__expf(v.x - most) + __expf(v.y - most)) +
                        (__expf(v.z - most) + __expf(v.w - most))};
    }
    mine = of_warp(mine);
    __syncthreads();
    if (thread % 32 == 0) of_warps[thread / 32] = mine;
    __syncthreads();
    const softmax_sum all = of_warp(thread % 32 < threads / 32 ? of_warps[thread % 32] : softmax_sum{-FLT_MAX, 0});
    const float factor = __fdividef(scale, all.total);
#pragma unroll 4
    for (int at = thread; at < vectors; at += threads) {
      float4 v;
      if constexpr (Keeps) v = kept[at];
      else v = __ldg(from + at);
      const int c = 4 * at;
      to[at] = {__expf(v.x - all.most) * factor - (c == label ? scale : 0),
                __expf(v.y - all.most) * factor - (c + 1 == label ? scale : 0),
                __expf(v.z - all.most) * factor - (c + 2 == label ? scale : 0),
                __expf(v.w - all.most) * factor - (c + 3 == label ? scale : 0)};
    }
    if (thread == 0) sum += static_cast<double>(all.most + __logf(all.total) - __ldg(x + row * columns + label));
  }
  finish_mean(sum, w, 1 / static_cast<double>(rows), mean);
}

inline void cross_entropy(cudaStream_t stream, const float* x, const int* labels, float* dx, std::int64_t rows,
                          std::int64_t columns, const workspace& w, float* mean) {
  const int width = static_cast<int>(columns);
  if (columns <= 1024) {
    const unsigned blocks = blocks_for<short_cross_entropy_kernel>(256, 0, (rows + 7) / 8);
    return short_cross_entropy_kernel<<<blocks, 256, 0, stream>>>(x, labels, dx, rows, width, w, mean);
  }
  int gpu = 0, room = 0;
  check(cudaGetDevice(&gpu));
  check(cudaDeviceGetAttribute(&room, cudaDevAttrMaxSharedMemoryPerBlockOptin, gpu));
  const std::size_t bytes = sizeof(float) * static_cast<std::size_t>(columns);
  if (bytes + 1024 <= static_cast<std::size_t>(room)) {
    check(cudaFuncSetAttribute(long_cross_entropy_kernel<true>, cudaFuncAttributeMaxDynamicSharedMemorySize,
                               static_cast<int>(bytes)));
    const unsigned blocks = blocks_for<long_cross_entropy_kernel<true>>(1024, bytes, rows);
    long_cross_entropy_kernel<true><<<blocks, 1024, bytes, stream>>>(x, labels, dx, rows, width, w, mean);
  } else {
    const unsigned blocks = blocks_for<long_cross_entropy_kernel<false>>(1024, 0, rows);
    long_cross_entropy_kernel<false><<<blocks, 1024, 0, stream>>>(x, labels, dx, rows, width, w, mean);
  }
}

// --- layer normalisation, forward and backward: columns are 1024 x Vectors
// -----------------------------------------------

__device__ inline float sum_of(float4 v) { return (v.x + v.y) + (v.z + v.w); }
__device__ inline float4 plus(float4 a, float4 b) { return {a.x + b.x, a.y + b.y, a.z + b.z, a.w + b.w}; }
__device__ inline float4 times(float4 a, float4 b) { return {a.x * b.x, a.y * b.y, a.z * b.z, a.w * b.w}; }
/// a * b + c, with numbers for a and c.
__device__ inline float4 scaled(float a, float4 b, float c) {
  return {fmaf(a, b.x, c), fmaf(a, b.y, c), fmaf(a, b.z, c), fmaf(a, b.w, c)};
}

/// A block for each row, which stays in registers; so do the sums over the block's rows.
template <int Vectors>
__global__ void __launch_bounds__(256)
    layer_norm_kernel(const float4* x, const float4* gamma, const float4* beta, const float4* dy, float4* y, float4* dx,
                      float4* dgamma_parts, float4* dbeta_parts, std::int64_t rows) {
  constexpr int row_vectors = 256 * Vectors;
  constexpr float of_columns = 1.0f / (4 * row_vectors);
  const int thread = static_cast<int>(threadIdx.x);
  float4 dgamma[Vectors]{}, dbeta[Vectors]{};
#pragma unroll 1
  for (std::int64_t row = blockIdx.x; row < rows; row += gridDim.x) {
    const std::int64_t first = row * row_vectors + thread;
    float4 v[Vectors], g[Vectors];
    float sum = 0, squares = 0;
#pragma unroll
    for (int k = 0; k < Vectors; ++k) v[k] = __ldg(x + first + 256 * k);
#pragma unroll
    for (int k = 0; k < Vectors; ++k) g[k] = __ldg(dy + first + 256 * k);
#pragma unroll
    for (int k = 0; k < Vectors; ++k) sum += sum_of(v[k]);
    const float mean = block_sum(sum) * of_columns;
#pragma unroll
    for (int k = 0; k < Vectors; ++k) {
      v[k] = scaled(1, v[k], -mean);
      squares += sum_of(times(v[k], v[k]));
    }
    const float slope = rsqrtf(block_sum(squares) * of_columns + 1e-5f);
    float2 projected{0, 0};
#pragma unroll
    for (int k = 0; k < Vectors; ++k) {
      const float4 weight = __ldg(gamma + thread + 256 * k);
      v[k] = scaled(slope, v[k], 0);
      y[first + 256 * k] = plus(times(v[k], weight), __ldg(beta + thread + 256 * k));
      dgamma[k] = plus(dgamma[k], times(g[k], v[k]));
      dbeta[k] = plus(dbeta[k], g[k]);
      g[k] = times(g[k], weight);
      projected.x += sum_of(g[k]);
      projected.y += sum_of(times(g[k], v[k]));
    }
    projected = block_sum(projected);
#pragma unroll
    for (int k = 0; k < Vectors; ++k)
      dx[first + 256 * k] =
          scaled(slope, plus(g[k], scaled(-projected.y * of_columns, v[k], -projected.x * of_columns)), 0);
  }
#pragma unroll
  for (int k = 0; k < Vectors; ++k) {
    dgamma_parts[blockIdx.x * static_cast<std::int64_t>(row_vectors) + thread + 256 * k] = dgamma[k];
    dbeta_parts[blockIdx.x * static_cast<std::int64_t>(row_vectors) + thread + 256 * k] = dbeta[k];
  }
}

template <int Vectors>
void layer_norm(cudaStream_t stream, const float* x, const float* gamma, const float* beta, const float* dy, float* y,
                float* dx, float* dgamma, float* dbeta, std::int64_t rows, const workspace& w) {
  constexpr std::int64_t columns = 1024 * Vectors;
  const unsigned blocks = blocks_for<layer_norm_kernel<Vectors>>(256, 0, rows);
  float* const dbeta_parts = w.columns + blocks * columns;
  const auto from = [](const float* p) { return reinterpret_cast<const float4*>(p); };
  const auto to = [](float* p) { return reinterpret_cast<float4*>(p); };
  layer_norm_kernel<Vectors><<<blocks, 256, 0, stream>>>(from(x), from(gamma), from(beta), from(dy), to(y), to(dx),
                                                         to(w.columns), to(dbeta_parts), rows);
  sum_columns(stream, w.columns, dgamma, blocks, columns);
  sum_columns(stream, dbeta_parts, dbeta, blocks, columns);
}

// --- bias and GELU, backward, with the sums of columns: columns are a multiple of 128
// --------------------------------------

__device__ inline float gelu_slope(float x) {
  return 0.5f + 0.5f * erff(0.70710678f * x) + 0.39894228f * x * __expf(-0.5f * x * x);
}

/// A warp moves 128 columns of a row; a block walks down its columns, eight rows at a time, two times in flight.
__global__ void __launch_bounds__(256) bias_gelu_kernel(const float* x, const float* bias, const float* dy, float* dx,
                                                        float* parts, std::int64_t rows, std::int64_t columns) {
  __shared__ float4 of_warps[8][32];
  const int lane = static_cast<int>(threadIdx.x) % 32, warp = static_cast<int>(threadIdx.x) / 32;
  const std::int64_t column = blockIdx.x * 128ll + 4 * lane, step = gridDim.y * 8ll;
  const float4 b = __ldg(reinterpret_cast<const float4*>(bias + column));
  float4 sum{};
#pragma unroll 1
  for (std::int64_t row = blockIdx.y * 8ll + warp; row < rows; row += 2 * step) {
    float4 v[2], g[2];
#pragma unroll
    for (int u = 0; u < 2; ++u)
      if (row + u * step < rows) {
        v[u] = __ldg(reinterpret_cast<const float4*>(x + (row + u * step) * columns + column));
        g[u] = __ldg(reinterpret_cast<const float4*>(dy + (row + u * step) * columns + column));
      }
#pragma unroll
    for (int u = 0; u < 2; ++u)
      if (row + u * step < rows) {
        const float4 at = plus(v[u], b);
        const float4 d = times(g[u], {gelu_slope(at.x), gelu_slope(at.y), gelu_slope(at.z), gelu_slope(at.w)});
        *reinterpret_cast<float4*>(dx + (row + u * step) * columns + column) = d;
        sum = plus(sum, d);
      }
  }
  of_warps[warp][lane] = sum;
  __syncthreads();
  if (warp > 0) return;
  for (int k = 1; k < 8; ++k) sum = plus(sum, of_warps[k][lane]);
  *reinterpret_cast<float4*>(parts + blockIdx.y * columns + column) = sum;
}

inline void bias_gelu(cudaStream_t stream, const float* x, const float* bias, const float* dy, float* dx, float* dbias,
                      std::int64_t rows, std::int64_t columns, const workspace& w) {
  const std::int64_t across = columns / 128;
  const std::int64_t down = blocks_for<bias_gelu_kernel>(256, 0, across * ((rows + 15) / 16)) / across;
  const dim3 grid(static_cast<unsigned>(across), static_cast<unsigned>(down < 1 ? 1 : down));
  bias_gelu_kernel<<<grid, 256, 0, stream>>>(x, bias, dy, dx, w.columns, rows, columns);
  sum_columns(stream, w.columns, dbias, grid.y, columns);
}

}  // namespace hand
