// A GPU of this machine: its threads, launches on a stream, and its errors as exceptions. Needs a CUDA compiler.
#pragma once

#include <cuda_runtime.h>

#include <stdexcept>
#include <string>

#include "execute.hpp"

namespace fusegrad::simt {

/// A failed call of CUDA: what was asked for, and CUDA's own words.
class error : public std::runtime_error {
 public:
  error(const char* doing, cudaError_t code)
      : std::runtime_error(std::string("fusegrad: ") + doing + " failed: " + cudaGetErrorName(code) + ", " +
                           cudaGetErrorString(code)),
        code_(code) {}
  cudaError_t code() const { return code_; }

 private:
  cudaError_t code_;
};
inline void check(const char* doing, cudaError_t code) {
  if (code != cudaSuccess) throw error(doing, code);
}

/// The thread that runs this code.
class device_threads : public collective<device_threads> {
 public:
  __device__ int thread() const { return static_cast<int>(threadIdx.x); }
  __device__ int threads() const { return static_cast<int>(blockDim.x); }
  __device__ std::int64_t block() const { return blockIdx.x; }
  __device__ std::int64_t blocks() const { return gridDim.x; }
  __device__ void sync() const { __syncthreads(); }
  __device__ void sync_warp() const { __syncwarp(); }
  __device__ void sync_memory() const { __threadfence(); }
  template <class T>
  __device__ T exchange(T x, int mask) const {
    if constexpr (sizeof(T) < 4) return static_cast<T>(__shfl_xor_sync(0xffffffffu, static_cast<int>(x), mask));
    else if constexpr (std::is_same_v<T, std::int64_t>)
      return __shfl_xor_sync(0xffffffffu, static_cast<long long>(x), mask);
    else return __shfl_xor_sync(0xffffffffu, x, mask);
  }
  __device__ void* shared() const {
    __shared__ std::uint64_t memory[33];
    return memory;
  }
  __device__ unsigned count_up(unsigned* p, unsigned last) const { return atomicInc(p, last); }
  /// What no thread writes while the kernel runs, through the read-only path.
  template <class T>
  __device__ T read(const T* p) const {
    if constexpr (std::is_arithmetic_v<T> && !std::is_same_v<T, bool>) return __ldg(p);
    else if constexpr (sizeof(T) == 32) {
      struct halves {
        int4 low, high;
      } const both{__ldg(reinterpret_cast<const int4*>(p)), __ldg(reinterpret_cast<const int4*>(p) + 1)};
      return __builtin_bit_cast(T, both);
    } else if constexpr (sizeof(T) == 16) return __builtin_bit_cast(T, __ldg(reinterpret_cast<const int4*>(p)));
    else if constexpr (sizeof(T) == 8) return __builtin_bit_cast(T, __ldg(reinterpret_cast<const int2*>(p)));
    else if constexpr (sizeof(T) == 4) return __builtin_bit_cast(T, __ldg(reinterpret_cast<const int*>(p)));
    else return *p;
  }
  /// What another block has written, past the first cache.
  template <class T>
  __device__ T load(const any_number* p) const {
    return any_number{__ldcg(reinterpret_cast<const unsigned long long*>(p))}.as<T>();
  }
  template <class T>
  __device__ void store(any_number* p, T x) const {
    std::uint64_t bits;
    if constexpr (std::is_same_v<T, double>) bits = __builtin_bit_cast(std::uint64_t, x);
    else if constexpr (std::is_same_v<T, float>) bits = __builtin_bit_cast(std::uint32_t, x);
    else bits = static_cast<std::uint64_t>(x);
    __stcg(reinterpret_cast<unsigned long long*>(p), static_cast<unsigned long long>(bits));
  }
};

/// The kernel: `Body` for kernel K of X.
template <class Body, class X, int K, int Threads>
__global__ void __launch_bounds__(Threads, 1) kernel(const __grid_constant__ kernel_arguments<X, K> arguments) {
  Body::template run<X, K>(device_threads(), arguments);
}

/// Launches kernels on a stream.
class gpu {
 public:
  explicit gpu(cudaStream_t stream) : stream_(stream) {}

  template <class Body, class X, int K>
  void launch(const launch_shape& shape, const kernel_arguments<X, K>& arguments) {
    constexpr int threads = Body::threads;
    kernel<Body, X, K, threads>
        <<<static_cast<unsigned>(shape.blocks), static_cast<unsigned>(shape.threads), 0, stream_>>>(arguments);
    check("the launch of a kernel", cudaGetLastError());
  }

 private:
  cudaStream_t stream_;
};

}  // namespace fusegrad::simt
