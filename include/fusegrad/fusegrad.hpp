// fusegrad: write a loss as a generic lambda, get value and gradient as one fused loop. Include this header and nothing
// else.
#pragma once

#include "api/check.hpp"
#include "api/plan.hpp"
#include "api/transforms.hpp"
#include "api/variable.hpp"
#include "core/rearrange.hpp"
#include "ops/list.hpp"
