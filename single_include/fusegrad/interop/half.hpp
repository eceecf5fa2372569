// CUDA's own types of 16 bits as elements of arrays.
#pragma once

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <fusegrad/fusegrad.hpp>

namespace fusegrad {

template <>
inline constexpr bool is_narrow<__half> = true;
template <>
inline constexpr bool is_narrow<__nv_bfloat16> = true;

}  // namespace fusegrad
