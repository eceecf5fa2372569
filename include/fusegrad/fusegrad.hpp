// fusegrad: write a loss as a generic lambda, get value and gradient as one fused loop. Include this header and nothing
// else.
#pragma once

#include "config.hpp"
#if __cplusplus >= 202002L  // clang would go on after the error, silently, and crash

// Values, axes and lanes are counted with int throughout, and vectors cast as C does: users who ask for these warnings
// are not told of each place.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wold-style-cast"

// Names that widespread headers (<complex.h>, <windows.h>, Qt) define as macros mean here what they say.
#pragma push_macro("I")
#pragma push_macro("check")
#pragma push_macro("emit")
#pragma push_macro("far")
#pragma push_macro("max")
#pragma push_macro("min")
#pragma push_macro("near")
#pragma push_macro("slots")
#pragma push_macro("small")
#undef I
#undef check
#undef emit
#undef far
#undef max
#undef min
#undef near
#undef slots
#undef small

// What runs on host and device calls, for vectors of the CPU, what runs on the host alone: nvcc is told not to worry.
#if defined(__CUDACC__)
#pragma nv_diagnostic push
#pragma nv_diag_suppress 128, 174, 186, 20011, 20013, 20014, 20094
#endif
#include "api/auxiliary.hpp"
#include "api/dense.hpp"
#include "api/misplaced_arguments.hpp"
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

#pragma pop_macro("I")
#pragma pop_macro("check")
#pragma pop_macro("emit")
#pragma pop_macro("far")
#pragma pop_macro("max")
#pragma pop_macro("min")
#pragma pop_macro("near")
#pragma pop_macro("slots")
#pragma pop_macro("small")

#pragma GCC diagnostic pop

#if defined(__CUDACC__)
#pragma nv_diagnostic pop
#endif

#endif
