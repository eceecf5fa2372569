// What the examples do where there is no GPU: they say so, and end with the code that ctest takes for "skipped".
#pragma once

#include <cuda_runtime.h>

#include <cstdio>

inline constexpr int without_gpu = 77;

inline bool has_gpu() {
  int count = 0;
  if (cudaGetDeviceCount(&count) == cudaSuccess && count > 0) return true;
  std::printf("skipped: this machine has no GPU, or no driver for one; compiled, but not run\n");
  return false;
}
