// What a call's arguments are at compile time.
#pragma once

#include "../core/tensor.hpp"
#include "../expr/trace.hpp"

namespace fusegrad {

/// What may be passed to a fused function: a number, or anything that can be viewed as an array.
template <class T>
concept argument = element<std::remove_cvref_t<T>> || viewable<std::remove_reference_t<T>>;

namespace detail {

/// The axes, from the last one on, of which the type of an array says that they have one element.
template <class A>
constexpr ir::axis_set single_axes() {
  if constexpr (requires { view_traits<A>::single_axes; }) return view_traits<A>::single_axes;
  else return 0;
}

template <class A>
struct describe_argument {
  using view_type = std::remove_cvref_t<decltype(fusegrad::view_of(std::declval<std::remove_reference_t<A>&>()))>;
  using type =
      expr::array_argument<typename view_type::value_type, view_type::rank, single_axes<std::remove_cvref_t<A>>()>;
};
template <class A>
  requires element<std::remove_cvref_t<A>>
struct describe_argument<A> {
  using type = expr::number_argument<std::remove_cvref_t<A>>;
};

/// The compile-time description of an argument of type A.
template <class A>
using described = typename describe_argument<const A>::type;

/// A number as it is, anything else as a view.
template <class A>
FUSEGRAD_INLINE constexpr decltype(auto) bound(A& a) {
  if constexpr (element<std::remove_cv_t<A>>) return a;
  else return fusegrad::view_of(a);
}
}  // namespace detail
}  // namespace fusegrad
