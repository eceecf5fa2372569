// H2: the natural scalar loops with every promise a compiler understands: -ffast-math (set by CMake for this file
// alone), restrict, no dependencies between iterations.
#include "../rivals.hpp"

#include <cmath>

#ifdef __clang__
#define HAND_LOOP _Pragma("clang loop vectorize(assume_safety)")
#else
#define HAND_LOOP _Pragma("GCC ivdep")
#endif
#define HAND_RESTRICT __restrict__

namespace hand::h2 {
#include "natural.inl"
#include "natural_axes.inl"
}  // namespace hand::h2
