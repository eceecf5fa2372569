// What calls with arrays in device memory say without a CUDA compiler.
#pragma once

#include <type_traits>

#include "run.hpp"

namespace fusegrad::detail {

template <class X>
struct device_calls {
  template <class... A>
  static int run_returning(const A&...) {
    static_assert(std::is_void_v<X>, "fusegrad: an array lies in device memory; compile this file with nvcc");
    return 0;
  }
  template <class... A>
  static void run_into(const A&...) {
    static_assert(std::is_void_v<X>, "fusegrad: an array lies in device memory; compile this file with nvcc");
  }
};

}  // namespace fusegrad::detail
