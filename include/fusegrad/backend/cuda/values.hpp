// The values of a scheduled program in one thread of a device: each in a register of its own, computed in program
// order. Sees a program, its schedule and the operations' values; no expression, and nothing of threads.
#pragma once

#include <cstddef>
#include <utility>

#include "../../core/math.hpp"
#include "../../ir/list_of.hpp"
#include "../../ir/schedule.hpp"

namespace fusegrad::simt {

using ir::axis_set;
using ir::list_of;
using ir::op_kind;
using ir::presence;
using ir::reduction_kind;

template <class X, int V>
using value_type = type_of<X::program[V].type>;

template <class X, int V>
struct value_slot {
  value_type<X, V> value;
};

/// The operation of value V.
template <class X, int V>
using op_of = ir::op_type<X::program[V].op>;

// What is known of values, as constants that device code may read: it may not call what looks them up.

/// Of value V.
template <class X, int V>
struct fact {
  static constexpr op_kind kind = X::program[V].op->kind;
  static constexpr axis_set axes = X::program[V].axes;
  static constexpr int arity = X::program[V].arity();
  static constexpr auto constant =
      kind == op_kind::constant ? X::program[V].value().template as<value_type<X, V>>() : value_type<X, V>(0);
  template <int K>
  static constexpr int x = X::program[V].x[K];
};

/// The value of output O.
template <class X, int O>
inline constexpr int output = X::program.outputs[O];

/// A register for each value of a program; the compiler forgets those that are not used.
template <class X, class V = std::make_integer_sequence<int, X::program.size()>>
struct value_file;
template <class X, int... V>
struct value_file<X, std::integer_sequence<int, V...>> : value_slot<X, V>... {
  template <int W>
  FUSEGRAD_KERNEL auto& of() {
    return static_cast<value_slot<X, W>&>(*this).value;
  }
  template <int W>
  FUSEGRAD_KERNEL const auto& of() const {
    return static_cast<const value_slot<X, W>&>(*this).value;
  }
};

/// Calls Do::run<V>(args...) for every V of a list. One without the others is neither named nor compiled.
template <class Do, int... V, class... A>
FUSEGRAD_KERNEL void for_each(ir::list<V...>, [[maybe_unused]] A&... args) {
  (Do::template run<V>(args...), ...);
}
template <class X>
using all_values = std::make_integer_sequence<int, X::program.size()>;

/// A selection among the values of X, see list_of, or among its outputs.
template <class X>
struct of_values {
  static constexpr int size = X::program.size();
};
template <class X>
struct of_outputs {
  static constexpr int size = X::program.output_count;
};

/// Value V as an operand: a constant, a value that varies along `Inner`, or a number.
template <class X, int V, axis_set Inner>
FUSEGRAD_KERNEL auto operand(const value_file<X>& numbers, const value_file<X>& elements) {
  if constexpr (fact<X, V>::kind == op_kind::constant) {
    constexpr auto constant = fact<X, V>::constant;
    return constant;
  } else if constexpr ((fact<X, V>::axes & Inner) == 0) {
    return numbers.template of<V>();
  } else {
    return elements.template of<V>();
  }
}

// An operation without FUSEGRAD_HD is a mistake here, though elsewhere nvcc is told not to mind.
#if defined(__CUDACC__)
#pragma nv_diagnostic push
#pragma nv_diag_error 20011, 20013, 20014
#endif
/// The result of instruction V, which is computed from operands.
template <class X, int V, axis_set Inner, std::size_t... K>
FUSEGRAD_KERNEL value_type<X, V> computed(const value_file<X>& numbers, const value_file<X>& elements,
                                          std::index_sequence<K...>) {
  using result = value_type<X, V>;
  if constexpr (fact<X, V>::kind == op_kind::convert) {
    const auto x = operand<X, fact<X, V>::template x<0>, Inner>(numbers, elements);
    if constexpr (std::is_same_v<result, bool>) return x != decltype(x)(0);
    else return static_cast<result>(x);
  } else if constexpr (fact<X, V>::kind == op_kind::broadcast) {
    return operand<X, fact<X, V>::template x<0>, Inner>(numbers, elements);
  } else {
    return static_cast<result>(
        op_of<X, V>::value(operand<X, fact<X, V>::template x<static_cast<int>(K)>, Inner>(numbers, elements)...));
  }
}
#if defined(__CUDACC__)
#pragma nv_diagnostic pop
#endif
template <class X, int V, axis_set Inner>
FUSEGRAD_KERNEL value_type<X, V> computed(const value_file<X>& numbers, const value_file<X>& elements) {
  return computed<X, V, Inner>(numbers, elements,
                               std::make_index_sequence<static_cast<std::size_t>(fact<X, V>::arity)>{});
}

/// The element type of a value in memory.
template <class X, int V>
struct stored_element : std::type_identity<value_type<X, V>> {};
template <class X, int V>
  requires(X::program[V].is(op_kind::input))
struct stored_element<X, V> : std::type_identity<typename X::template input_type<X::program[V].index>> {};
template <class X, int V>
using stored_type = typename stored_element<X, V>::type;

/// The element type of an output in memory.
template <class X, int O>
using stored_output = typename X::template output_type<O>;

/// What threads add up in: sums of floating-point numbers in double.
template <class X, int V>
struct total_type {
  using op = op_of<X, V>;
  static constexpr bool widens = std::is_floating_point_v<value_type<X, V>> && requires { requires op::additive; };
  using type = std::conditional_t<widens, double, value_type<X, V>>;
};
template <class X, int V>
using wide_type = typename total_type<X, V>::type;

/// How many values come before V among those that are selected.
template <class Selection>
constexpr int position(int v) {
  int before = 0;
  for (int w = 0; w < v; ++w) before += Selection::selects(w);
  return before;
}

/// The values that lie in memory: inputs that are arrays, and what one kernel keeps for another.
template <class X>
struct arrays : of_values<X> {
  static constexpr bool selects(int v) {
    return X::program[v].axes != 0 && (X::program[v].is(op_kind::input) || X::schedule.kept[v]);
  }
  static constexpr int count = list_of<arrays>::size;
  static constexpr int position(int v) { return simt::position<arrays>(v); }
};
/// The numbers that a caller gives, those in arrays by their address, and counts of elements, which the host takes from
/// extents.
template <class X>
struct given_numbers : of_values<X> {
  static constexpr bool selects(int v) {
    return X::program[v].axes == 0 && (X::program[v].is(op_kind::input) || X::program[v].is(op_kind::count));
  }
  static constexpr int count = list_of<given_numbers>::size;
  static constexpr int position(int v) { return simt::position<given_numbers>(v); }
};
/// Reductions to one number, which kernels leave in memory.
template <class X>
struct totals : of_values<X> {
  static constexpr bool selects(int v) { return X::schedule.kind[v] == reduction_kind::total; }
  static constexpr int count = list_of<totals>::size;
  static constexpr int position(int v) { return simt::position<totals>(v); }
};
/// What each block leaves for others: what it has added up of totals, and of what it scans.
template <class X>
struct partials : of_values<X> {
  static constexpr bool selects(int v) { return totals<X>::selects(v) || X::program[v].is(op_kind::scan); }
  static constexpr int count = list_of<partials>::size;
  static constexpr int position(int v) { return simt::position<partials>(v); }
};
/// Reductions that rows add to arrays.
template <class X>
struct array_sums : of_values<X> {
  static constexpr bool selects(int v) {
    return X::schedule.kind[v] == reduction_kind::column || X::schedule.kind[v] == reduction_kind::scatter;
  }
};

/// Reductions of a row's elements, of which each of several blocks that walk along the row has a part.
template <class X>
struct row_reductions : of_values<X> {
  static constexpr bool selects(int v) {
    return X::schedule.reduced_in[v] >= 0 &&
           (X::schedule.kind[v] == reduction_kind::row || X::schedule.kind[v] == reduction_kind::scatter);
  }
  static constexpr int count = list_of<row_reductions>::size;
  static constexpr int position(int v) { return simt::position<row_reductions>(v); }
};

/// Of where value V lies in memory, if it does.
template <class X, int V>
struct place {
  static constexpr bool is_array = arrays<X>::selects(V), is_given = given_numbers<X>::selects(V),
                        is_total = totals<X>::selects(V), is_sum = array_sums<X>::selects(V),
                        is_partial = partials<X>::selects(V), is_of_row = row_reductions<X>::selects(V);
  static constexpr bool is_element =
      is_given && X::program[V].is(op_kind::input) && X::program[V].weight == strength::array;
  static constexpr int array = is_array ? arrays<X>::position(V) : 0,
                       given = is_given ? given_numbers<X>::position(V) : 0,
                       total = is_total ? totals<X>::position(V) : 0,
                       partial = is_partial ? partials<X>::position(V) : 0,
                       of_row = is_of_row ? row_reductions<X>::position(V) : 0;
};

constexpr int at_least_one(int n) { return n > 0 ? n : 1; }

}  // namespace fusegrad::simt
