// A CUDA runtime without a GPU: it writes down what it is asked for, gives memory of the host for a device's, and runs
// no kernel. Programs that are linked with it in place of CUDA's show what the library does on the host: what it
// launches where, what it allocates and waits for, and how it takes errors.
#pragma once

#include <cuda_runtime_api.h>

#include <map>
#include <string>
#include <vector>

namespace runtime {

struct launch {
  dim3 grid, block;
  std::size_t shared_bytes;
  cudaStream_t stream;
  int gpu;  ///< the current one
  const void* kernel;
};

struct record {
  std::map<std::string, int> calls;  ///< how often each function of CUDA's was called; launches excluded
  std::vector<launch> launches;
  int count(const std::string& name) const {
    const auto found = calls.find(name);
    return found == calls.end() ? 0 : found->second;
  }
};

/// What has been asked for since this was called before.
record taken();

/// From now on, the function of this name fails with `code`, or does not if that is cudaSuccess.
void fail(const std::string& name, cudaError_t code);

/// How many GPUs there are, each with 132 multiprocessors and 227 KB of shared memory for a block.
void set_gpus(int count);

/// From now on this stream is recorded; with null none is.
void begin_recording(cudaStream_t stream);

/// A stream of a GPU.
cudaStream_t new_stream(int gpu);

/// Pieces of device memory that have not been given back.
int pieces();

}  // namespace runtime
