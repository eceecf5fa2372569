// The SIMD layer: packs, masks and their mathematics. This is what the rest of the back-end includes.
// The errors promised in the mathematical headers are the largest that tests/backend/cpu/accuracy.cpp met over every
// 31st float and as many doubles, with AVX-512 and with AVX2, rounded up; -ffast-math costs a few ulp and the special
// cases.
#pragma once

#include "math_basic.hpp"
#include "math_erf.hpp"
#include "math_exp.hpp"
#include "math_gamma.hpp"
#include "math_inverse_hyperbolic.hpp"
#include "math_log.hpp"
#include "math_pow.hpp"
#include "math_remainder.hpp"
#include "math_trig.hpp"
#include "pack.hpp"
