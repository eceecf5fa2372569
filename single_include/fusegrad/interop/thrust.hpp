// Thrust's vectors in device memory as arguments and outputs, in files that nvcc compiles.
#pragma once

#include <thrust/device_vector.h>
#include <thrust/universal_vector.h>
#include <fusegrad/fusegrad.hpp>

namespace fusegrad {

/// thrust::device_vector, and thrust::universal_vector, whose elements are wherever they are needed.
template <class V>
  requires requires(V& v) {
    requires storable<typename V::value_type>;
    requires !std::is_pointer_v<decltype(v.data())>;
    thrust::raw_pointer_cast(v.data());
    { v.size() } -> std::integral;
  }
struct view_traits<V> {
  template <class U>
  static auto view_of(U& v) {
    using pointed = std::remove_pointer_t<decltype(thrust::raw_pointer_cast(v.data()))>;
    return view<pointed, 1, space::device>(thrust::raw_pointer_cast(v.data()), static_cast<std::ptrdiff_t>(v.size()));
  }
};

}  // namespace fusegrad
