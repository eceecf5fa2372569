// Configuration: the only macros of the library.
// Assumes nothing but a C++20 compiler; knows nothing of the library.
#pragma once

#if !defined(__cpp_concepts) || __cplusplus < 202002L
#error "fusegrad needs C++20: compile with -std=c++20"
#endif

#define FUSEGRAD_VERSION_MAJOR 0
#define FUSEGRAD_VERSION_MINOR 1
#define FUSEGRAD_VERSION_PATCH 0

/// Code that must dissolve into its caller: every step of an unrolled program.
#define FUSEGRAD_INLINE [[gnu::always_inline]] inline

/// Functions that run on the host and in device code; parts of kernels, which also must dissolve; loops of kernels that
/// must be unrolled, or must not. Without a CUDA compiler they are what kernels are on the host: in an emulation.
#if defined(__CUDACC__)
#define FUSEGRAD_HD __host__ __device__
#define FUSEGRAD_KERNEL __host__ __device__ __forceinline__
#define FUSEGRAD_UNROLL _Pragma("unroll")
#define FUSEGRAD_UNROLL_BY_8 _Pragma("unroll 8")
#define FUSEGRAD_NO_UNROLL _Pragma("unroll 1")
#else
#define FUSEGRAD_HD
#define FUSEGRAD_KERNEL FUSEGRAD_INLINE
#define FUSEGRAD_UNROLL
#define FUSEGRAD_UNROLL_BY_8
#define FUSEGRAD_NO_UNROLL
#endif
