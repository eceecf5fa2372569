// The values of a program that do not vary, computed once a call, before, between and after its kernels; and those that
// do not vary within a row, computed once a row, before, between and after its loops. A program of numbers only is
// nothing but the former, and can be evaluated by the compiler.
#pragma once

#include "../../core/results.hpp"
#include "../../core/shape.hpp"
#include "layout.hpp"

namespace fusegrad::cpu {

template <dtype Type>
struct number_lane : std::type_identity<type_of<Type>> {};

/// Is value V a number of a row in some kernel?
template <class X>
constexpr bool is_row_number(int v) {
  if (X::schedule.kind[v] == ir::reduction_kind::row) return true;
  for (int step = 0; step < X::schedule.steps; ++step)
    if (X::schedule.in_step[step][v]) return true;
  return false;
}

/// Slots of the numbers of an executable program X.
template <class X>
inline constexpr auto number_slots = [] {
  slots<X::program.size()> made;
  for (int v = 0; v < X::program.size(); ++v)
    if (!X::program[v].is(op_kind::constant) && (X::program[v].axes == 0 || is_row_number<X>(v)))
      made.add(v, X::program[v].type);
  return made;
}();

template <class X>
struct number_file : file_for<number_lane, number_slots<X>> {};

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
  if constexpr (X::program[V].is(op_kind::constant)) {
    constexpr auto value = X::program[V].value().template as<type_of<type>>();
    return value;
  } else {
    return numbers.template at<type, number_slots<X>.of[V]>();
  }
}

/// The numbers of a row that are computed, or loaded, in one step.
template <class X, int Step>
struct step_numbers {
  static constexpr int size = X::program.size();
  static constexpr bool selects(int v) { return X::schedule.in_step[Step][v]; }
};

/// The extent that a source names: that of a dimension of an input.
template <int Source, class Inputs>
FUSEGRAD_INLINE constexpr std::ptrdiff_t extent_at(const Inputs& inputs) {
  static_assert(Source >= 0, "fusegrad: no array has the axis that an index runs along");
  const auto& array = get<static_cast<std::size_t>(Source / ir::max_axes)>(inputs);
  constexpr int rank = std::remove_cvref_t<decltype(array)>::rank;
  return array.shape()[static_cast<std::size_t>(rank - 1 - Source % ir::max_axes)];
}

/// Where the extents of value shapes of X are found; kernels and requirements have their own.
template <class X, int Shape>
struct shape_sources {
  static constexpr int of(int axis) { return X::program.shape_list[Shape][axis]; }
};

/// The number of elements along some axes, whose extents are found at `Sources::of(axis)`.
template <class Sources, ir::axis_set Axes, class Inputs>
FUSEGRAD_INLINE constexpr std::ptrdiff_t elements_along(const Inputs& inputs) {
  if constexpr (Axes == 0) {
    return 1;
  } else {
    constexpr int axis = ir::lowest_axis(Axes);
    return elements_along<Sources, Axes&(Axes - 1)>(inputs) * extent_at<Sources::of(axis)>(inputs);
  }
}

/// The result of an operation on numbers.
template <class X>
struct number_operation {
  template <int V>
  FUSEGRAD_INLINE static constexpr auto run(const number_file<X>& numbers) {
    constexpr dtype type = X::program[V].type;
    using result = type_of<type>;
    if constexpr (X::program[V].is(op_kind::convert)) {
      const auto x = number<X, X::program[V].x[0]>(numbers);
      if constexpr (type == dtype::boolean) return x != decltype(x)(0);
      else return static_cast<result>(x);
    } else if constexpr (X::program[V].is(op_kind::broadcast)) {
      return number<X, X::program[V].x[0]>(numbers);
    } else {
      return static_cast<result>(
          apply<V>(numbers, std::make_index_sequence<static_cast<std::size_t>(X::program[V].arity())>{}));
    }
  }

 private:
  template <int V, std::size_t... K>
  FUSEGRAD_INLINE static constexpr auto apply(const number_file<X>& numbers, std::index_sequence<K...>) {
    return ir::op_type<X::program[V].op>::value(number<X, X::program[V].x[K]>(numbers)...);
  }
};

/// Computes one number of the call.
template <class X>
struct compute_number {
  template <int V, class Inputs>
  FUSEGRAD_INLINE static constexpr void run(number_file<X>& numbers, const Inputs& inputs) {
    constexpr dtype type = X::program[V].type;
    constexpr op_kind kind = X::program[V].op->kind;
    auto& result = numbers.template at<type, number_slots<X>.of[V]>();
    if constexpr (kind == op_kind::input) {
      const auto& given = get<static_cast<std::size_t>(X::program[V].index)>(inputs);
      if constexpr (requires { given.data(); }) result = static_cast<type_of<type>>(*given.data());
      else result = static_cast<type_of<type>>(given);
    } else if constexpr (kind == op_kind::count) {
      result =
          static_cast<type_of<type>>(elements_along<shape_sources<X, X::program[V].index>, X::program[V].over>(inputs));
    } else {
      result = number_operation<X>::template run<V>(numbers);
    }
  }
};

template <class X, int Stage, class Inputs>
FUSEGRAD_INLINE constexpr void compute_numbers(number_file<X>& numbers, const Inputs& inputs) {
  for_each_value<compute_number<X>>(list_of<stage_numbers<X, Stage>>{}, numbers, inputs);
}

}  // namespace fusegrad::cpu
