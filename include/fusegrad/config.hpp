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

/// Functions that run on the host and in device code. Empty unless a CUDA compiler reads them.
#if defined(__CUDACC__)
#define FUSEGRAD_HD __host__ __device__
#else
#define FUSEGRAD_HD
#endif
