// The functions that make transforms take a function alone. What else they are called with belongs to the transform.
#pragma once

#include "dense.hpp"

#define FUSEGRAD_TAKES_FUNCTION(name)                                                                    \
  template <int... I, class F, class... A>                                                               \
    requires(sizeof...(A) > 0)                                                                           \
  constexpr double name(const F&, const A&...) {                                                         \
    static_assert(std::is_void_v<F>, "fusegrad: fg::" #name                                              \
                                     " takes a function alone and makes another of it, which takes the " \
                                     "arguments: fg::" #name "(f)(x)");                                  \
    return 0;                                                                                            \
  }

namespace fusegrad {
FUSEGRAD_TAKES_FUNCTION(fuse)
FUSEGRAD_TAKES_FUNCTION(grad)
FUSEGRAD_TAKES_FUNCTION(value_and_grad)
FUSEGRAD_TAKES_FUNCTION(jvp)
FUSEGRAD_TAKES_FUNCTION(vjp)
FUSEGRAD_TAKES_FUNCTION(hvp)
FUSEGRAD_TAKES_FUNCTION(jacobian)
FUSEGRAD_TAKES_FUNCTION(hessian)
}  // namespace fusegrad

#undef FUSEGRAD_TAKES_FUNCTION
