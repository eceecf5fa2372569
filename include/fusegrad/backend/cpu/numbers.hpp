// The values of a program that do not vary: computed once a call, before, between and after its loops. A program of
// numbers only is nothing but this, and can be evaluated by the compiler.
#pragma once

#include "../../core/results.hpp"
#include "../../core/shape.hpp"
#include "layout.hpp"

namespace fusegrad::cpu {

template <dtype Type>
struct number_lane : std::type_identity<type_of<Type>> {};

/// Slots of the numbers of an executable program X.
template <class X>
inline constexpr auto number_slots = [] {
  slots<X::program.size()> made;
  for (int v = 0; v < X::program.size(); ++v)
    if (X::program[v].axes == 0 && !X::program[v].is(op_kind::constant)) made.add(v, X::program[v].type);
  return made;
}();

template <class X>
using number_file = file_for<number_lane, number_slots<X>>;

/// The numbers of one stage that are computed from others; constants and results of reductions are not.
template <class X, int Stage>
struct stage_numbers {
  static constexpr int size = X::program.size();
  static constexpr bool selects(int v) {
    const instruction& i = X::program[v];
    return i.axes == 0 && X::schedule.stage[v] == Stage && !i.is(op_kind::constant) && !i.is(op_kind::reduction);
  }
};

/// Value V, which does not vary, as a number of its own type.
template <class X, int V>
FUSEGRAD_INLINE constexpr auto number(const number_file<X>& numbers) {
  constexpr dtype type = X::program[V].type;
  if constexpr (X::program[V].is(op_kind::constant)) return static_cast<type_of<type>>(X::program[V].immediate);
  else return numbers.template at<type, number_slots<X>.of[V]>();
}

/// The number of elements along axes; axis 0 is the last.
template <std::size_t Rank>
constexpr std::int64_t count_along(const std::array<std::ptrdiff_t, Rank>& extents, ir::axis_set over) {
  std::int64_t count = 1;
  for (std::size_t axis = 0; axis < Rank; ++axis)
    if ((over >> axis & 1) != 0) count *= extents[Rank - 1 - axis];
  return count;
}

/// Computes one number.
template <class X>
struct compute_number {
  template <int V, class Inputs, std::size_t Rank>
  FUSEGRAD_INLINE static constexpr void run(number_file<X>& numbers, const Inputs& inputs,
                                            const std::array<std::ptrdiff_t, Rank>& extents) {
    constexpr dtype type = X::program[V].type;
    constexpr op_kind kind = X::program[V].op->kind;
    auto& result = numbers.template at<type, number_slots<X>.of[V]>();
    if constexpr (kind == op_kind::input)
      result = static_cast<type_of<type>>(get<static_cast<std::size_t>(X::program[V].index)>(inputs));
    else if constexpr (kind == op_kind::count)
      result = static_cast<type_of<type>>(count_along(extents, X::program[V].over));
    else if constexpr (kind == op_kind::convert)
      result = converted<type_of<type>>(number<X, X::program[V].x[0]>(numbers));
    else
      result = static_cast<type_of<type>>(
          apply<V>(numbers, std::make_index_sequence<static_cast<std::size_t>(X::program[V].arity())>{}));
  }

 private:
  template <int V, std::size_t... K>
  FUSEGRAD_INLINE static constexpr auto apply(const number_file<X>& numbers, std::index_sequence<K...>) {
    return ir::op_type<X::program[V].op>::value(number<X, X::program[V].x[K]>(numbers)...);
  }
  template <class To, class From>
  FUSEGRAD_INLINE static constexpr To converted(From x) {
    if constexpr (std::is_same_v<To, bool>) return x != From(0);
    else return static_cast<To>(x);
  }
};

template <class X, int Stage, class Inputs, std::size_t Rank>
FUSEGRAD_INLINE constexpr void compute_numbers(number_file<X>& numbers, const Inputs& inputs,
                                               const std::array<std::ptrdiff_t, Rank>& extents) {
  for_each_value<compute_number<X>>(list_of<stage_numbers<X, Stage>>{}, numbers, inputs, extents);
}

}  // namespace fusegrad::cpu
