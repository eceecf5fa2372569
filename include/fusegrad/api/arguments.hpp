// What a call's arguments are at compile time, and what is checked of them at run time before anything is written.
#pragma once

#include "../core/tensor.hpp"
#include "../expr/trace.hpp"

namespace fusegrad {

/// What may be passed to a fused function: a number, or anything that can be viewed as an array.
template <class T>
concept argument = element<std::remove_cvref_t<T>> || viewable<std::remove_reference_t<T>>;

namespace detail {

template <class A>
struct describe_argument {
  using view_type = std::remove_cvref_t<decltype(fusegrad::view_of(std::declval<std::remove_reference_t<A>&>()))>;
  using type = expr::array_argument<typename view_type::value_type, view_type::rank>;
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

/// The rank that all arrays among the described arguments share; 0 if there is none, -1 if they differ.
template <class... D>
constexpr int common_rank() {
  int rank = 0;
  for (int r : {0, D::rank...})
    if (r != 0) rank = rank == 0 || rank == r ? r : -1;
  return rank;
}

template <int Rank>
[[noreturn, gnu::cold, gnu::noinline]] inline void shapes_differ(int i, shape<Rank> a, int j, shape<Rank> b) {
  throw std::invalid_argument(text_of("fusegrad: arguments ", i, " ", to_string(a), " and ", j, " ", to_string(b),
                                      " differ in shape; all arrays of one call need the same shape"));
}

/// The shape that all arrays among the bound arguments share. Throws std::invalid_argument where two differ.
template <int Rank, class... B>
FUSEGRAD_INLINE constexpr shape<Rank> common_shape(const B&... bound) {
  shape<Rank> found{};
  int from = -1, position = 0;
  auto meet = [&](const auto& b) {
    if constexpr (is_view<std::remove_cvref_t<decltype(b)>>) {
      if (from < 0) {
        from = position;
        found = b.shape();
      } else if (b.shape() != found) {
        shapes_differ<Rank>(from, found, position, b.shape());
      }
    }
    ++position;
  };
  (meet(bound), ...);
  return found;
}

/// The bytes that a view touches: where they begin, and how many.
struct byte_range {
  std::uintptr_t first, size;
};
template <class T, int R>
FUSEGRAD_INLINE byte_range bytes_of(const view<T, R>& v, bool contiguous) {
  const auto base = reinterpret_cast<std::uintptr_t>(v.data());
  if (contiguous) return {base, static_cast<std::uintptr_t>(v.size()) * sizeof(T)};
  if (v.size() == 0) return {base, 0};
  std::ptrdiff_t low = 0, high = 0;
  for (int axis = 0; axis < R; ++axis) {
    const std::ptrdiff_t reach = (v.extent(axis) - 1) * v.strides()[static_cast<std::size_t>(axis)];
    (reach < 0 ? low : high) += reach;
  }
  return {base + static_cast<std::uintptr_t>(low) * sizeof(T), static_cast<std::uintptr_t>(high - low + 1) * sizeof(T)};
}
/// Do two ranges, neither of which is empty, have a byte in common?
FUSEGRAD_INLINE bool overlap(byte_range a, byte_range b) {
  return b.first - a.first + b.size - 1 < a.size + b.size - 1;
}

template <class T, class U, int R>
bool same_elements(const view<T, R>& a, const view<U, R>& b) {
  return sizeof(T) == sizeof(U) && static_cast<const void*>(a.data()) == static_cast<const void*>(b.data()) &&
         a.strides() == b.strides();
}

}  // namespace detail
}  // namespace fusegrad
