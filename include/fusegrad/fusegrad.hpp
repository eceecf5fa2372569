// fusegrad: write a loss as a generic lambda, get value and gradient as one fused loop. Include this header and nothing else.
#pragma once

#include "api/transforms.hpp"
#include "ops/list.hpp"
