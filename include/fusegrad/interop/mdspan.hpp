// Whatever is shaped like std::mdspan as arguments and outputs: extents(), data_handle() and a strided mapping().
// Needs no <mdspan>, so that earlier implementations do as well. Works with the single header as well.
#pragma once

#include <fusegrad/fusegrad.hpp>

namespace fusegrad {

namespace detail {
template <class T>
concept mdspan_like = requires(const T& t) {
  requires storable<std::remove_const_t<typename T::element_type>>;
  requires T::rank() >= 1;
  { t.data_handle() } -> std::convertible_to<typename T::element_type*>;
  { t.extents().extent(0) } -> std::integral;
  { t.mapping().stride(0) } -> std::integral;
};
}  // namespace detail

template <detail::mdspan_like T>
struct view_traits<T> {
  static constexpr int rank = static_cast<int>(T::rank());

  static constexpr view<typename T::element_type, rank> view_of(const T& t) {
    shape<rank> extents{}, strides{};
    for (std::size_t axis = 0; axis < T::rank(); ++axis) {
      extents[axis] = static_cast<std::ptrdiff_t>(t.extents().extent(axis));
      strides[axis] = static_cast<std::ptrdiff_t>(t.mapping().stride(axis));
    }
    return {t.data_handle(), extents, strides};
  }
};

}  // namespace fusegrad
