// The values of a program that do not vary, computed once a call, before, between and after its kernels; and those that
// do not vary within a row, computed once a row, before, between and after its loops. A program of numbers only is
// nothing but the former, and can be evaluated by the compiler.
#pragma once

#include "../../core/array_table.hpp"
#include "../../core/results.hpp"
#include "layout.hpp"

namespace fusegrad::cpu {
inline namespace FUSEGRAD_ISA {

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

/// Is value V an argument that is a number, rather than an array of one element?
template <class X>
constexpr bool is_given_number(int v) {
  return X::program[v].is(op_kind::input) && X::entries.of_input[X::program[v].index] < 0;
}

/// The numbers of one stage that are computed from others; constants and results of reductions are not.
template <class X, int Stage>
struct stage_numbers {
  static constexpr int size = X::program.size();
  static constexpr bool selects(int v) {
    const instruction& i = X::program[v];
    return i.axes == 0 && X::schedule.stage[v] == Stage && !i.is(op_kind::constant) && !i.is(op_kind::reduction) &&
           !is_given_number<X>(v);
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
template <class X, int Source>
FUSEGRAD_INLINE constexpr std::ptrdiff_t extent_at(const typename X::table& arrays) {
  static_assert(Source >= 0, "fusegrad: no array has the axis that an index runs along");
  constexpr int place = X::place_of(Source);
  return arrays.extents[place];
}

/// Where the extents of value shapes of X are found; kernels and requirements have their own.
template <class X, int Shape>
struct shape_sources {
  static constexpr int of(int axis) { return X::program.shape_list[Shape][axis]; }
};

/// The number of elements along some axes, whose extents are found at `Sources::of(axis)`.
template <class X, class Sources, ir::axis_set Axes>
FUSEGRAD_INLINE constexpr std::ptrdiff_t elements_along(const typename X::table& arrays) {
  if constexpr (Axes == 0) {
    return 1;
  } else {
    constexpr int axis = ir::lowest_axis(Axes);
    return elements_along<X, Sources, Axes&(Axes - 1)>(arrays) * extent_at<X, Sources::of(axis)>(arrays);
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

template <class X>
struct given_numbers {
  static constexpr int size = X::program.size();
  static constexpr bool selects(int v) { return is_given_number<X>(v); }
};
template <class X>
struct take_given {
  template <int V, class Inputs>
  FUSEGRAD_INLINE static constexpr void run(number_file<X>& numbers, const Inputs& inputs) {
    constexpr dtype type = X::program[V].type;
    numbers.template at<type, number_slots<X>.of[V]>() =
        static_cast<type_of<type>>(get<static_cast<std::size_t>(X::program[V].index)>(inputs));
  }
};
/// Takes the numbers among a call's arguments.
template <class X, class Inputs>
FUSEGRAD_INLINE constexpr void take_numbers(number_file<X>& numbers, const Inputs& inputs) {
  for_each_value<take_given<X>>(list_of<given_numbers<X>>{}, numbers, inputs);
}

/// Computes one number of the call.
template <class X>
struct compute_number {
  template <int V>
  FUSEGRAD_INLINE static constexpr void run(number_file<X>& numbers, const typename X::table& arrays) {
    constexpr dtype type = X::program[V].type;
    constexpr op_kind kind = X::program[V].op->kind;
    auto& result = numbers.template at<type, number_slots<X>.of[V]>();
    if constexpr (kind == op_kind::input) {
      constexpr int index = X::program[V].index;
      result = static_cast<type_of<type>>(
          *static_cast<const typename X::template input_type<index>*>(arrays.data[X::entries.of_input[index]]));
    } else if constexpr (kind == op_kind::count) {
      result = static_cast<type_of<type>>(
          elements_along<X, shape_sources<X, X::program[V].index>, X::program[V].over>(arrays));
    } else {
      result = number_operation<X>::template run<V>(numbers);
    }
  }
};

template <class X, int Stage>
FUSEGRAD_INLINE constexpr void compute_numbers(number_file<X>& numbers, const typename X::table& arrays) {
  for_each_value<compute_number<X>>(list_of<stage_numbers<X, Stage>>{}, numbers, arrays);
}

}  // namespace FUSEGRAD_ISA
}  // namespace fusegrad::cpu
