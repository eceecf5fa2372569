// Fused calls on a GPU against hand-written kernels and a copy, in one process: for each workload and size the median
// time of a call, the bytes that it must move, and the ratio to the rival. Writes lines of tab-separated text.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fusegrad/fusegrad.hpp>
#include <random>
#include <vector>

#include "../../examples/cuda/gpu.hpp"
#include "../workloads.hpp"

namespace fg = fusegrad;
using fg::simt::check;

namespace {

// --- hand-written kernels --------------------------------------------------------------------------------------------

__global__ void __launch_bounds__(256) copy_kernel(const float4* x, float4* y, std::int64_t n) {
  for (std::int64_t i = blockIdx.x * 256ll + threadIdx.x; i < n; i += gridDim.x * 256ll) y[i] = __ldg(x + i);
}

/// The sum over the block of a float from each thread; thread 0 has it.
__device__ double block_sum(double x) {
  __shared__ double of_warps[8];
  for (int k = 16; k > 0; k /= 2) x += __shfl_down_sync(0xffffffffu, x, k);
  if (threadIdx.x % 32 == 0) of_warps[threadIdx.x / 32] = x;
  __syncthreads();
  if (threadIdx.x == 0)
    for (int w = 1; w < 8; ++w) x += of_warps[w];
  return x;
}
/// Leaves the mean: each block its part, the last one the whole, in order.
__device__ void finish_mean(double sum, double* parts, unsigned* ticket, float* mean, std::int64_t n) {
  __shared__ bool last;
  sum = block_sum(sum);
  if (threadIdx.x == 0) {
    parts[blockIdx.x] = sum;
    __threadfence();
    last = atomicInc(ticket, gridDim.x - 1) == gridDim.x - 1;
  }
  __syncthreads();
  if (!last) return;
  double all = 0;
  for (unsigned b = threadIdx.x; b < gridDim.x; b += 256) all += __ldcg(parts + b);
  __syncthreads();
  all = block_sum(all);
  if (threadIdx.x == 0) *mean = static_cast<float>(all / static_cast<double>(n));
}

struct hand_mse {
  __device__ static float element(float x, float y, float scale, float& dx) {
    const float d = x - y;
    dx = 2 * d * scale;
    return d * d;
  }
};
struct hand_focal {
  __device__ static float element(float x, float t, float scale, float& dx) {
    const float sign = 2 * t - 1, z = sign * x, e = __expf(-fabsf(z)), r = __frcp_rn(1 + e);
    const float q = z > 0 ? e * r : r, p = 1 - q, soft = fmaxf(-z, 0.0f) + log1pf(e), weight = 0.75f - 0.5f * t;
    dx = -scale * weight * sign * q * q * (2 * p * soft + q);
    return weight * q * q * soft;
  }
};

template <class Loss>
__global__ void __launch_bounds__(256) loss_kernel(const float4* x, const float4* y, float4* dx, std::int64_t n4,
                                                   float scale, double* parts, unsigned* ticket, float* mean) {
  double sum = 0;
  for (std::int64_t i = blockIdx.x * 256ll + threadIdx.x; i < n4; i += gridDim.x * 256ll) {
    const float4 a = __ldg(x + i), b = __ldg(y + i);
    float4 d;
    const float s = (Loss::element(a.x, b.x, scale, d.x) + Loss::element(a.y, b.y, scale, d.y)) +
                    (Loss::element(a.z, b.z, scale, d.z) + Loss::element(a.w, b.w, scale, d.w));
    dx[i] = d;
    sum += static_cast<double>(s);
  }
  finish_mean(sum, parts, ticket, mean, n4 * 4);
}

// --- measuring -------------------------------------------------------------------------------------------------------

template <class Call>
double microseconds(cudaStream_t stream, Call call) {
  cudaEvent_t begin, end;
  check("an event", cudaEventCreate(&begin));
  check("an event", cudaEventCreate(&end));
  for (int k = 0; k < 3; ++k) call();
  std::vector<double> times;
  for (int k = 0; k < 21; ++k) {
    check("an event", cudaEventRecord(begin, stream));
    call();
    check("an event", cudaEventRecord(end, stream));
    check("waiting", cudaEventSynchronize(end));
    float milliseconds = 0;
    check("a time", cudaEventElapsedTime(&milliseconds, begin, end));
    times.push_back(1e3 * static_cast<double>(milliseconds));
  }
  std::nth_element(times.begin(), times.begin() + 10, times.end());
  return times[10];
}

fg::tensor<float, 1, fg::device> random_numbers(std::ptrdiff_t n, unsigned seed, double low, double high) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> of(static_cast<float>(low), static_cast<float>(high));
  fg::tensor<float, 1> x(std::min<std::ptrdiff_t>(n, 1 << 20)), all(n);
  for (float& e : x) e = of(random);
  for (std::ptrdiff_t i = 0; i < n; i += x.size())
    std::memcpy(all.data() + i, x.data(), sizeof(float) * static_cast<std::size_t>(std::min(x.size(), n - i)));
  return fg::to(all, fg::device);
}

void report(const char* name, std::ptrdiff_t n, double ours, double rival, double copy, double bytes, double copied) {
  const double bandwidth = bytes / ours, limit = copied / copy;
  std::printf("%s\t%td\t%.2f\t%.2f\t%.3f\t%.0f\t%.1f%%\n", name, n, ours, rival, ours / rival, bandwidth * 1e-3,
              100 * bandwidth / limit);
}

template <class Loss, class Transform>
void bench_loss(const char* name, const Transform& transform, std::ptrdiff_t n, double copy) {
  cudaStream_t stream = nullptr;
  const auto x = random_numbers(n, 1, -3, 3), t = random_numbers(n, 2, 0, 1);
  fg::tensor<float, 1, fg::device> dx(n), parts(2 * 8192 + 2);
  fg::device_number<float> mean, hand_mean;
  const int blocks = static_cast<int>(std::min<std::ptrdiff_t>((n / 4 + 255) / 256, 132 * 8));
  const double ours = microseconds(stream, [&] { transform.on(fg::cuda(stream)).into(mean, dx)(x, t); });
  const double hand = microseconds(stream, [&] {
    loss_kernel<Loss><<<static_cast<unsigned>(blocks), 256, 0, stream>>>(
        reinterpret_cast<const float4*>(x.data()), reinterpret_cast<const float4*>(t.data()),
        reinterpret_cast<float4*>(dx.data()), n / 4, 1 / static_cast<float>(n),
        reinterpret_cast<double*>(parts.data() + 2), reinterpret_cast<unsigned*>(parts.data()), hand_mean.data());
  });
  report(name, n, ours, hand, copy, 12.0 * static_cast<double>(n), 8.0 * static_cast<double>(n));
}

}  // namespace

int main() {
  if (!has_gpu()) return without_gpu;
  using namespace workloads;
  std::printf("workload\telements\tfused us\thand us\tratio\tGB/s\tof copy\n");
  for (int log2 = 12; log2 <= 28; log2 += 2) {
    const std::ptrdiff_t n = std::ptrdiff_t{1} << log2;
    double copy = 0;
    {
      const auto x = random_numbers(n, 1, -3, 3);
      fg::tensor<float, 1, fg::device> y(n);
      const auto blocks = static_cast<unsigned>(std::min<std::ptrdiff_t>((n / 4 + 255) / 256, 132 * 8));
      copy = microseconds(nullptr, [&] {
        copy_kernel<<<blocks, 256>>>(reinterpret_cast<const float4*>(x.data()), reinterpret_cast<float4*>(y.data()),
                                     n / 4);
      });
      report("copy", n, copy, copy, copy, 8.0 * static_cast<double>(n), 8.0 * static_cast<double>(n));
    }
    bench_loss<hand_mse>("mean squared error", fg::value_and_grad<0>(mse), n, copy);
    bench_loss<hand_focal>("focal loss", fg::value_and_grad<0>(focal), n, copy);
  }
  for (std::ptrdiff_t columns : {1000, 32'000, 128'000}) {
    const std::ptrdiff_t rows = (std::ptrdiff_t{1} << 26) / columns, n = rows * columns;
    const auto values = random_numbers(n, 1, -3, 3);
    const fg::view<const float, 2, fg::device> x(values.data(), {rows, columns});
    fg::tensor<float, 2, fg::device> dx({rows, columns}), y({rows, columns});
    fg::tensor<int, 1> wanted(rows);
    for (std::ptrdiff_t r = 0; r < rows; ++r) wanted[r] = static_cast<int>(r * 7919 % columns);
    const auto labels = fg::to(wanted, fg::device);
    fg::device_number<float> mean;
    const double copy = microseconds(nullptr, [&] {
      copy_kernel<<<132 * 8, 256>>>(reinterpret_cast<const float4*>(x.data()), reinterpret_cast<float4*>(y.data()),
                                    n / 4);
    });
    const double ours =
        microseconds(nullptr, [&] { fg::value_and_grad<0>(cross_entropy).on(fg::cuda()).into(mean, dx)(x, labels); });
    char name[64];
    std::snprintf(name, sizeof name, "cross-entropy x %td, rival: copy", columns);
    report(name, n, ours, copy, copy, 8.0 * static_cast<double>(n), 8.0 * static_cast<double>(n));
  }
}
