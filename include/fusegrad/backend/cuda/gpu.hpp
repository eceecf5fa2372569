// A GPU of this machine: its threads, launches on a stream, and its errors as exceptions. Needs a CUDA compiler.
#pragma once

#include <cuda_runtime.h>

#include <stdexcept>
#include <string>

#include "execute.hpp"

namespace fusegrad {
namespace simt {

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
/// Throws an error where there is one, which CUDA then forgets: the next call is judged by itself.
inline void check(const char* doing, cudaError_t code) {
  if (code == cudaSuccess) return;
  static_cast<void>(cudaGetLastError());
  fusegrad::detail::raise(error(doing, code));
}

/// The GPU that a stream is of; the current one if it is the default stream.
inline int gpu_of(cudaStream_t stream) {
  int gpu = 0;
#if CUDART_VERSION >= 12080
  if (stream != nullptr) {
    check("asking for the GPU of a stream", cudaStreamGetDevice(stream, &gpu));
    return gpu;
  }
#endif
  check("asking for the current GPU", cudaGetDevice(&gpu));
  return gpu;
}

/// Makes a GPU the current one for as long as this exists. Where that fails, what follows fails and says so.
class gpu_guard {
 public:
  explicit gpu_guard(int gpu) : gpu_(gpu) {
    if (cudaGetDevice(&before_) == cudaSuccess && before_ != gpu) static_cast<void>(cudaSetDevice(gpu));
  }
  gpu_guard(const gpu_guard&) = delete;
  gpu_guard& operator=(const gpu_guard&) = delete;
  ~gpu_guard() {
    if (before_ != gpu_) static_cast<void>(cudaSetDevice(before_));
  }

 private:
  int gpu_, before_ = gpu_;
};

}  // namespace simt

/// A stream and the GPU that it is of: where tensors lie and calls run.
struct gpu_stream {
  gpu_stream(cudaStream_t of = nullptr) : gpu_stream(of, simt::gpu_of(of)) {}
  gpu_stream(cudaStream_t of, int on) : stream(of), gpu(on) {}
  cudaStream_t stream;
  int gpu;
};

namespace simt {

struct pair_of_int4 {
  int4 low, high;
};

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
    else if constexpr (std::is_same_v<T, std::uint64_t>)
      return __shfl_xor_sync(0xffffffffu, static_cast<unsigned long long>(x), mask);
    else return __shfl_xor_sync(0xffffffffu, x, mask);
  }
  __device__ void* shared() const {
    __shared__ std::uint64_t memory[33];
    return memory;
  }
  __device__ void* room() const {
    extern __shared__ uint4 fusegrad_room[];
    return fusegrad_room;
  }
  __device__ unsigned count_up(unsigned* p, unsigned last) const { return atomicInc(p, last); }
  /// What no thread writes while the kernel runs, through the read-only path.
  template <class T>
  __device__ T read(const T* p) const {
    if constexpr (std::is_arithmetic_v<T> && !std::is_same_v<T, bool>) return __ldg(p);
    else if constexpr (sizeof(T) == 32)
      return __builtin_bit_cast(
          T, pair_of_int4{__ldg(reinterpret_cast<const int4*>(p)), __ldg(reinterpret_cast<const int4*>(p) + 1)});
    else if constexpr (sizeof(T) == 16) return __builtin_bit_cast(T, __ldg(reinterpret_cast<const int4*>(p)));
    else if constexpr (sizeof(T) == 8) return __builtin_bit_cast(T, __ldg(reinterpret_cast<const int2*>(p)));
    else if constexpr (sizeof(T) == 4) return __builtin_bit_cast(T, __ldg(reinterpret_cast<const int*>(p)));
    else if constexpr (sizeof(T) == 2) return __builtin_bit_cast(T, __ldg(reinterpret_cast<const short*>(p)));
    else return *p;
  }
  /// Puts elements into shared memory, 16 bytes in one piece: said to the assembler, since compilers take some apart.
  template <class T>
  __device__ void put(T* p, const T& x) const {
    if constexpr (sizeof(T) == 32) {
      const auto both = __builtin_bit_cast(pair_of_int4, x);
      put(reinterpret_cast<int4*>(p), both.low);
      put(reinterpret_cast<int4*>(p) + 1, both.high);
    } else if constexpr (sizeof(T) == 16) {
      const auto all = __builtin_bit_cast(int4, x);
      asm volatile("st.shared.v4.s32 [%0], {%1, %2, %3, %4};"
                   :
                   : "r"(static_cast<unsigned>(__cvta_generic_to_shared(p))), "r"(all.x), "r"(all.y), "r"(all.z),
                     "r"(all.w)
                   : "memory");
    } else {
      *p = x;
    }
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

/// The kernel: `Body` for kernel K of X, in blocks of up to `Threads`, of which registers leave room for `Blocks`.
template <class Body, class X, int K, int Threads, int Blocks>
__global__ void __launch_bounds__(Threads, Blocks) kernel(const __grid_constant__ kernel_arguments<X, K> arguments) {
  Body::template run<X, K>(device_threads(), arguments);
}

/// The same for what is no kernel of a schedule.
template <class Body, class Arguments>
__global__ void __launch_bounds__(flat_threads) kernel_alone(const __grid_constant__ Arguments arguments) {
  Body::run(device_threads(), arguments);
}

/// Launches kernels on a stream.
class gpu {
 public:
  /// Of a block's shared memory, `shared_bytes` may be asked for.
  gpu(cudaStream_t stream, std::int64_t shared_bytes) : stream_(stream), shared_bytes_(shared_bytes) {}

  template <class Body, class X, int K>
  void launch(const launch_shape& shape, const kernel_arguments<X, K>& arguments) {
    const auto body = kernel<Body, X, K, Body::threads, Body::template least_blocks<X, K>>;
    // what a kernel may have belongs to the kernel, for all threads: always as much as there is
    if (shape.room_bytes > gpu_limits::unasked)
      check("asking for shared memory",
            cudaFuncSetAttribute(body, cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(shared_bytes_)));
    void* passed[]{const_cast<kernel_arguments<X, K>*>(&arguments)};
    check("the launch of a kernel",
          cudaLaunchKernel(body, dim3(static_cast<unsigned>(shape.blocks)), dim3(static_cast<unsigned>(shape.threads)),
                           passed, static_cast<std::size_t>(shape.room_bytes), stream_));
  }
  template <class Body, class Arguments>
  void launch_alone(const launch_shape& shape, const Arguments& arguments) {
    void* passed[]{const_cast<Arguments*>(&arguments)};
    check("the launch of a kernel",
          cudaLaunchKernel(kernel_alone<Body, Arguments>, dim3(static_cast<unsigned>(shape.blocks)),
                           dim3(static_cast<unsigned>(shape.threads)), passed, 0, stream_));
  }

 private:
  cudaStream_t stream_;
  std::int64_t shared_bytes_;
};

/// What is put on the second stream from now on waits for what is on the first by now.
inline void order(const gpu_stream& earlier, const gpu_stream& later) {
  if (earlier.stream == later.stream && earlier.gpu == later.gpu) return;
  cudaEvent_t event = nullptr;
  cudaError_t code = cudaSuccess;
  {
    const gpu_guard guard(earlier.gpu);
    check("making an event", cudaEventCreateWithFlags(&event, cudaEventDisableTiming));
    code = cudaEventRecord(event, earlier.stream);
  }
  const gpu_guard guard(later.gpu);
  if (code == cudaSuccess) code = cudaStreamWaitEvent(later.stream, event, 0);
  static_cast<void>(cudaEventDestroy(event));
  check("making one stream wait for another", code);
}

}  // namespace simt
}  // namespace fusegrad
