// What a call's arguments are at compile time, and what is checked of them at run time before anything is written.
#pragma once

#include "../backend/cpu/numbers.hpp"
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

/// The shape of an argument, by value: a reference would keep the argument in memory where there is no error, too.
template <class B>
FUSEGRAD_INLINE constexpr auto shape_of(const B& bound) {
  if constexpr (is_view<std::remove_cvref_t<B>>) return bound.shape();
  else return shape<0>{};
}

/// An argument of a call, or a slice of it, as errors name it.
struct argument_name {
  int argument;
  bool sliced;

  template <class X, int I>
  static constexpr argument_name of() {
    return {X::argument_of(I), I >= X::argument_count};
  }
  [[gnu::cold]] std::string text(const std::string& shape) const {
    return text_of(sliced ? "a slice of " : "", argument, " ", shape);
  }
};

/// An error about two arguments, whose axes are counted from the end.
template <std::size_t R, std::size_t Q>
[[noreturn, gnu::cold, gnu::noinline]] void do_not_broadcast(argument_name i, std::array<std::ptrdiff_t, R> a,
                                                             int axis_of_a, argument_name j,
                                                             std::array<std::ptrdiff_t, Q> b, int axis_of_b,
                                                             std::string_view operation) {
  const std::ptrdiff_t n = a[R - 1 - static_cast<std::size_t>(axis_of_a)];
  const std::ptrdiff_t m = b[Q - 1 - static_cast<std::size_t>(axis_of_b)];
  std::string text = text_of("fusegrad: arguments ", i.text(to_string(a)), " and ", j.text(to_string(b)),
                             " do not broadcast in '", operation, "' (axis ", -1 - axis_of_a);
  if (axis_of_a != axis_of_b) text += text_of(" and axis ", -1 - axis_of_b);
  text += text_of(": ", n, " vs ", m, "); ");
  text += n == 1 || m == 1
              ? "an axis of one element broadcasts only where its type says so: pass an array of fewer axes, "
                "and fg::unsqueeze it in the function"
              : "reshape one of them";
  raise(std::invalid_argument(text));
}

[[noreturn, gnu::cold, gnu::noinline]] inline void more_than_one_element(int i, int axis, std::ptrdiff_t n) {
  raise(std::invalid_argument(text_of("fusegrad: argument ", i, " has ", n, " elements along axis ", axis,
                                      ", where what it belongs to has one; pass an array with one element there")));
}

/// Checks one pair of axes that the traced program brings together, or one that must have one element.
template <class X>
struct check_constraint {
  template <int C, class Inputs>
  FUSEGRAD_INLINE static constexpr void run(const Inputs& inputs) {
    constexpr int first = X::traced.constraint_list[C].first, second = X::traced.constraint_list[C].second;
    constexpr int i = first / ir::max_axes;
    const std::ptrdiff_t n = cpu::extent_at<first>(inputs);
    if constexpr (second == ir::constraint::one_element) {
      if (n != 1) [[unlikely]]
        more_than_one_element(X::argument_of(i), -1 - first % ir::max_axes, n);
    } else if (const std::ptrdiff_t m = cpu::extent_at<second>(inputs); n != m) [[unlikely]] {
      constexpr int j = second / ir::max_axes;
      do_not_broadcast(argument_name::of<X, i>(), shape_of(get<static_cast<std::size_t>(i)>(inputs)),
                       first % ir::max_axes, argument_name::of<X, j>(),
                       shape_of(get<static_cast<std::size_t>(j)>(inputs)), second % ir::max_axes,
                       X::template constraint_name<C>);
    }
  }
};

/// Throws std::invalid_argument where arguments have extents that do not go together.
template <class X, class Inputs>
FUSEGRAD_INLINE constexpr void check_shapes(const Inputs& inputs) {
  [&]<int... C>(std::integer_sequence<int, C...>) __attribute__((always_inline)) {
    (check_constraint<X>::template run<C>(inputs), ...);
  }
  (std::make_integer_sequence<int, X::traced.constraint_count>{});
}

[[noreturn, gnu::cold, gnu::noinline]] inline void no_elements(std::string_view operation) {
  raise(std::invalid_argument(
      text_of("fusegrad: '", operation, "' of an empty array has no value; pass at least one element")));
}

/// The axes along which requirement R asks for elements, and where their extents are found.
template <class X, int R>
struct required_sources {
  static constexpr int of(int axis) { return X::traced.requirement_list[R].over[axis]; }
  static constexpr ir::axis_set axes = X::traced.requirement_list[R].over.known();
};

/// Throws std::invalid_argument where an operation would have no value because there are no elements.
template <class X, class Inputs>
FUSEGRAD_INLINE constexpr void check_elements(const Inputs& inputs) {
  auto check = [&]<int R>(std::integral_constant<int, R>) __attribute__((always_inline)) {
    using required = required_sources<X, R>;
    if (cpu::elements_along<required, required::axes>(inputs) == 0) [[unlikely]]
      no_elements(X::template requirement_name<R>);
  };
  [&]<int... R>(std::integer_sequence<int, R...>) __attribute__((always_inline)) {
    (check(std::integral_constant<int, R>{}), ...);
  }
  (std::make_integer_sequence<int, X::traced.requirement_count>{});
}

/// The bytes that a view touches: where they begin, and how many.
struct byte_range {
  std::uintptr_t first, size;
};
template <class T, int R, space Space>
FUSEGRAD_INLINE byte_range bytes_of(const view<T, R, Space>& v, bool contiguous) {
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

template <class T, int R, space S, class U, int Q, space Z>
FUSEGRAD_INLINE bool same_elements(const view<T, R, S>& a, const view<U, Q, Z>& b) {
  bool same =
      R == Q && sizeof(T) == sizeof(U) && static_cast<const void*>(a.data()) == static_cast<const void*>(b.data());
  for (std::size_t axis = 0; axis < R && axis < Q; ++axis) same = same && a.strides()[axis] == b.strides()[axis];
  return same;
}

}  // namespace detail
}  // namespace fusegrad
