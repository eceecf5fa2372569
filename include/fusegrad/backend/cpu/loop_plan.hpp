// What is known of a loop before it runs: the values that it computes, its vectors, and what a block of it contributes
// to reductions.
#pragma once

#include "gathering.hpp"
#include "tuning.hpp"

namespace fusegrad::cpu {
inline namespace FUSEGRAD_ISA {

using ir::presence;
using ir::reduction_kind;

/// What is known of loop L of an executable program X before it runs.
template <class X, int L>
struct loop_plan {
  static constexpr auto& program = X::program;
  static constexpr auto& schedule = X::schedule;

  /// The varying values that the loop computes.
  struct varying {
    static constexpr int size = X::program.size();
    static constexpr bool selects(int v) { return schedule.in_loop[L][v] != presence::absent; }
  };
  /// The reductions that take their operand in the loop: those whose result is a number for each row or for all ...
  struct reductions {
    static constexpr int size = X::program.size();
    static constexpr bool selects(int v) {
      return schedule.reduced_in[v] == L && schedule.kind[v] != reduction_kind::column;
    }
  };
  /// ... and those to whose result each row adds.
  struct column_reductions {
    static constexpr int size = X::program.size();
    static constexpr bool selects(int v) {
      return schedule.reduced_in[v] == L && schedule.kind[v] == reduction_kind::column;
    }
  };
  struct stored {
    static constexpr int size = X::program.output_count;
    static constexpr bool selects(int k) {
      if constexpr (requires { X::undecided; })
        if (k == size - 1) return false;
      return schedule.store_loop[k] == L;
    }
  };
  struct kept_here {
    static constexpr int size = X::program.size();
    static constexpr bool selects(int v) {
      return schedule.keep_loop[v] == L || schedule.in_loop[L][v] == presence::kept_for_row;
    }
  };
  using values = list_of<varying>;
  using keeps = list_of<kept_here>;
  struct scanned_here {
    static constexpr int size = X::program.size();
    static constexpr bool selects(int v) {
      return program[v].is(op_kind::scan) &&
             (schedule.in_loop[L][v] == presence::computed || schedule.in_loop[L][v] == presence::kept_for_row);
    }
  };
  using scans = list_of<scanned_here>;
  using totals = list_of<reductions>;
  using columns = list_of<column_reductions>;
  using outputs = list_of<stored>;

  static constexpr ir::axis_set inner = schedule.inner_of(L);

  static constexpr bool loads(int v) { return schedule.in_loop[L][v] == presence::loaded; }

  /// Lanes: as many as a native register holds of the widest type computed with.
  static constexpr int lanes = [] {
    std::size_t widest = 1;
    for (int v = 0; v < program.size(); ++v)
      if (varying::selects(v)) {
        const dtype type = program[v].type;
        if (is_floating(type)) widest = widest > (type == dtype::f64 ? 8u : 4u) ? widest : type == dtype::f64 ? 8u : 4u;
      }
    if (widest == 1) widest = 4;
    return simd::native_bytes / static_cast<int>(widest);
  }();
  static constexpr int mask_bytes = simd::native_bytes / lanes;

  /// Is the body so long that it should be compiled but once, for whole and partial vectors alike?
  static constexpr bool one_body = values::size > long_body(simd::native_bytes);
  static constexpr int in_flight = one_body ? 1 : vectors_in_flight(values::size);
};

/// The vector type of a dtype in loop L of X.
template <class X, int L>
struct vectors {
  template <dtype Type>
  struct lane : std::type_identity<simd::pack<type_of<Type>, loop_plan<X, L>::lanes>> {};
  template <dtype Type>
    requires(Type == dtype::boolean)
  struct lane<Type> : std::type_identity<simd::mask<loop_plan<X, L>::lanes, loop_plan<X, L>::mask_bytes>> {};

  template <dtype Type>
  using of = typename lane<Type>::type;

  static constexpr auto value_slots = [] {
    slots<X::program.size()> made;
    for (int v = 0; v < X::program.size(); ++v)
      if (X::schedule.in_loop[L][v] != presence::absent) made.add(v, X::program[v].type);
    return made;
  }();
  static constexpr auto total_slots = [] {
    slots<X::program.size()> made;
    for (int v = 0; v < X::program.size(); ++v)
      if (loop_plan<X, L>::reductions::selects(v)) made.add(v, X::program[v].type);
    return made;
  }();

  static constexpr auto number_slots = [] {
    slots<X::program.size()> made;
    [&made]<int... V>(ir::list<V...>) {
      ((gathers_nan_apart<ir::op_type<X::program[V].op>, X::program[V].type> ? made.add(V, dtype::boolean) : void()),
       ...);
    }(typename loop_plan<X, L>::totals{});
    return made;
  }();

  template <template <dtype> class Lane>
  using values_in = file_for<Lane, value_slots>;
  template <template <dtype> class Lane>
  using accumulators_in = gathered_file<Lane, total_slots, number_slots>;
  using values = values_in<lane>;
  using accumulators = accumulators_in<lane>;
  template <int V>
  using reduction = gathering<ir::op_type<X::program[V].op>, X::program[V].type, total_slots.of[V], number_slots.of[V]>;
};

/// What one block contributes to reduction V, and the total over blocks.
template <class X, int V>
struct block_value_of {
  type_of<X::program[V].type> value;
};
template <class X, class List>
struct block_value_list;
template <class X, int... V>
struct block_value_list<X, ir::list<V...>> : block_value_of<X, V>... {
  template <int W>
  FUSEGRAD_INLINE auto& of() {
    return static_cast<block_value_of<X, W>&>(*this).value;
  }
};

template <class X, int V>
struct total_of {
  block_total<ir::op_type<X::program[V].op>, type_of<X::program[V].type>> total;
};
template <class X, class List>
struct total_list;
template <class X, int... V>
struct total_list<X, ir::list<V...>> : total_of<X, V>... {
  template <int W>
  FUSEGRAD_INLINE auto& of() {
    return static_cast<total_of<X, W>&>(*this).total;
  }
  template <class Other>
  FUSEGRAD_INLINE void add(Other& other) {
    (of<V>().add(other.template of<V>()), ...);
  }
};
template <class X, int L>
using block_values = block_value_list<X, typename loop_plan<X, L>::totals>;
template <class X, int L>
using loop_totals = total_list<X, typename loop_plan<X, L>::totals>;

}  // namespace FUSEGRAD_ISA
}  // namespace fusegrad::cpu
