// fusegrad: write a loss as a generic lambda, get value and gradient as one fused loop. Include this header and nothing
// else.
#pragma once

// Values, axes and lanes are counted with int throughout: users who ask for this warning are not told of each place.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-conversion"

// What runs on host and device calls, for vectors of the CPU, what runs on the host alone: nvcc is told not to worry.
#if defined(__CUDACC__)
#pragma nv_diagnostic push
#pragma nv_diag_suppress 128, 174, 186, 20011, 20013, 20014, 20094
#endif
#include "api/check.hpp"
#include "api/dense.hpp"
#include "api/plan.hpp"
#include "api/transforms.hpp"
#include "api/variable.hpp"
#include "core/rearrange.hpp"
#include "ops/list.hpp"
#if defined(__CUDACC__)
#include "api/cuda.hpp"
#else
#include "api/no_cuda.hpp"
#endif

#pragma GCC diagnostic pop

#if defined(__CUDACC__)
#pragma nv_diagnostic pop
#endif
