// The SIMD layer: packs, masks and their mathematics.
#pragma once

#include "math_scalar.hpp"
