// Configuration: the only macros of the library.
// Assumes nothing but a C++20 compiler; knows nothing of the library.
#pragma once

// What cannot work ends at one sentence: a header that is not there is the only error after which compilers stop.
#if __cplusplus < 202002L
#include <fusegrad needs C++20: compile with -std=c++20>
#elif defined(__clang__) ? __clang_major__ < 14 : !defined(__GNUC__) || __GNUC__ < 12
#include <fusegrad needs g++ 12, clang 14, or a later one of these>
#elif defined(__i386__) && !defined(__SSE2_MATH__)
#include <fusegrad needs float to be computed as float, which the x87 cannot: compile with -msse2 -mfpmath=sse>
#endif

#define FUSEGRAD_VERSION_MAJOR 0
#define FUSEGRAD_VERSION_MINOR 1
#define FUSEGRAD_VERSION_PATCH 0
/// To compare with: 10203 is version 1.2.3.
#define FUSEGRAD_VERSION (FUSEGRAD_VERSION_MAJOR * 10000 + FUSEGRAD_VERSION_MINOR * 100 + FUSEGRAD_VERSION_PATCH)

/// The namespace of what depends on the instruction set, so that objects compiled for several of them can be linked:
/// the linker keeps one of the functions that have the same name. Functions inherited from elsewhere, those of
/// std::vector for one, it still mixes.
#if defined(__AVX512F__) && defined(__AVX512VL__) && defined(__AVX512DQ__) && defined(__AVX512BW__)
#define FUSEGRAD_ISA avx512
#elif defined(__AVX2__) && defined(__FMA__)
#define FUSEGRAD_ISA avx2_fma
#elif defined(__AVX2__)
#define FUSEGRAD_ISA avx2
#elif defined(__AVX__)
#define FUSEGRAD_ISA avx
#elif defined(__SSE4_1__)
#define FUSEGRAD_ISA sse4
#else
#define FUSEGRAD_ISA baseline
#endif

/// Code that must dissolve into its caller: every step of an unrolled program.
#define FUSEGRAD_INLINE [[gnu::always_inline]] inline

/// Around functions that compilers evaluate and programs hardly ever run, none of which a call needs: g++ spends no
/// time on making them fast, and no warnings of what it then sees too little for.
#if defined(__GNUC__) && !defined(__clang__) && !defined(__CUDACC__) && defined(__OPTIMIZE__)
#define FUSEGRAD_HARDLY_RUN                                                                  \
  _Pragma("GCC push_options") _Pragma("GCC optimize(\"Og\")") _Pragma("GCC diagnostic push") \
      _Pragma("GCC diagnostic ignored \"-Wmaybe-uninitialized\"")                            \
          _Pragma("GCC diagnostic ignored \"-Wuninitialized\"") _Pragma("GCC diagnostic ignored \"-Warray-bounds\"")
#define FUSEGRAD_HARDLY_RUN_END _Pragma("GCC diagnostic pop") _Pragma("GCC pop_options")
#else
#define FUSEGRAD_HARDLY_RUN
#define FUSEGRAD_HARDLY_RUN_END
#endif

/// Functions that run on the host and in device code; parts of kernels, which also must dissolve; loops of kernels that
/// must be unrolled, or must not. Without a CUDA compiler they are what kernels are on the host: in an emulation.
#if defined(__CUDACC__)
#define FUSEGRAD_HD __host__ __device__
#define FUSEGRAD_KERNEL __host__ __device__ __forceinline__
#else
#define FUSEGRAD_HD
#define FUSEGRAD_KERNEL FUSEGRAD_INLINE
#endif
#if defined(__CUDA_ARCH__)  // on the host they are unknown pragmas, of which its compiler warns
#define FUSEGRAD_UNROLL _Pragma("unroll")
#define FUSEGRAD_UNROLL_BY_8 _Pragma("unroll 8")
#define FUSEGRAD_NO_UNROLL _Pragma("unroll 1")
#else
#define FUSEGRAD_UNROLL
#define FUSEGRAD_UNROLL_BY_8
#define FUSEGRAD_NO_UNROLL
#endif
