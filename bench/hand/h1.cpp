// H1: the natural scalar loops at -O3 -march=native, IEEE semantics, no promises about aliasing.
#include "../rivals.hpp"

#include <cmath>

#define HAND_LOOP
#define HAND_RESTRICT

namespace hand::h1 {
#include "natural.inl"
#include "natural_axes.inl"
}  // namespace hand::h1
