// fusegrad: write a loss as a generic lambda, get value and gradient as one fused loop. Include this header and nothing
// else.
#pragma once

// Values, axes and lanes are counted with int throughout: users who ask for this warning are not told of each place.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-conversion"

#include "api/check.hpp"
#include "api/dense.hpp"
#include "api/plan.hpp"
#include "api/transforms.hpp"
#include "api/variable.hpp"
#include "core/rearrange.hpp"
#include "ops/list.hpp"

#pragma GCC diagnostic pop
