// fg::debug and fg::find_non_finite, beside the library: where in a call a NaN or an infinity is born.
#pragma once

#include "fusegrad.hpp"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-conversion"
#include "api/check.hpp"
#include "api/debug.hpp"
#pragma GCC diagnostic pop
