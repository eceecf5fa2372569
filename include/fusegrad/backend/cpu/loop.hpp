// One loop of a scheduled program over contiguous arrays: every input is read once, every output written once, all
// reductions are accumulated on the way. Sees a program, its schedule and the operations' values; no expression.
#pragma once

#include "../../core/math.hpp"
#include "numbers.hpp"
#include "tuning.hpp"

namespace fusegrad::simd {
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> multiply_add(pack<T, W> x, pack<T, W> y, pack<T, W> z) {
  using math::fma;
  return fma(x, y, z);
}
}  // namespace fusegrad::simd

namespace fusegrad::cpu {

/// A sum that carries its own rounding error (Neumaier's), for adding up blocks.
template <class T>
struct compensated {
  double sum = 0;
  double error = 0;

  constexpr compensated() = default;
  FUSEGRAD_INLINE void add(double x) {
    const double total = sum + x;
    const bool exact = !(total - total == 0);  // infinities and NaN carry no error
    error += exact ? 0.0 : math::abs(sum) >= math::abs(x) ? (sum - total) + x : (x - total) + sum;
    sum = total;
  }
  FUSEGRAD_INLINE void add(compensated other) {
    add(other.sum);
    error += other.error;
  }
  FUSEGRAD_INLINE T value() const { return static_cast<T>(sum + error); }
};

/// Any other reduction of blocks.
template <class Op, class T>
struct combined {
  T total = Op::template identity<T>();

  FUSEGRAD_INLINE void add(T x) { total = Op::combine(total, x); }
  FUSEGRAD_INLINE void add(combined other) { add(other.total); }
  FUSEGRAD_INLINE T value() const { return total; }
};

template <class Op, class T>
using block_total = std::conditional_t<std::is_floating_point_v<T> && requires { requires Op::additive; }, compensated<T>,
                                       combined<Op, T>>;

/// What is known of loop L of an executable program X before it runs.
template <class X, int L>
struct loop_plan {
  static constexpr auto& program = X::program;
  static constexpr auto& schedule = X::schedule;

  /// The varying values that the loop computes.
  struct varying {
    static constexpr int size = X::program.size;
    static constexpr bool selects(int v) { return schedule.in_loop[L][v]; }
  };
  struct reductions {
    static constexpr int size = X::program.size;
    static constexpr bool selects(int v) { return program[v].is(op_kind::reduction) && schedule.stage[v] == L + 1; }
  };
  struct stored {
    static constexpr int size = X::program.output_count;
    static constexpr bool selects(int k) {
      const int v = program.outputs[k];
      return program[v].axes != 0 && schedule.stage[v] == L;
    }
  };
  using values = list_of<varying>;
  using totals = list_of<reductions>;
  using outputs = list_of<stored>;

  /// Lanes: as many as a native register holds of the widest type computed with.
  static constexpr int lanes = [] {
    std::size_t widest = 1;
    for (int v = 0; v < program.size; ++v)
      if (schedule.in_loop[L][v]) {
        const dtype type = program[v].type;
        if (is_floating(type)) widest = widest > (type == dtype::f64 ? 8u : 4u) ? widest : type == dtype::f64 ? 8u : 4u;
      }
    if (widest == 1) widest = 4;
    return simd::native_bytes / static_cast<int>(widest);
  }();
  static constexpr int mask_bytes = simd::native_bytes / lanes;

  static constexpr int in_flight = vectors_in_flight(values::size);
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
    slots<X::program.size> made;
    for (int v = 0; v < X::program.size; ++v)
      if (X::schedule.in_loop[L][v]) made.add(v, X::program[v].type);
    return made;
  }();
  static constexpr auto total_slots = [] {
    slots<X::program.size> made;
    for (int v = 0; v < X::program.size; ++v)
      if (loop_plan<X, L>::reductions::selects(v)) made.add(v, X::program[v].type);
    return made;
  }();

  using values = file_for<lane, value_slots>;
  using accumulators = file_for<lane, total_slots>;
};

/// What one block contributes to reduction V, and the total over blocks.
template <class X, int V>
struct block_value_of {
  type_of<X::program[V].type> value;
};
template <class X, class List>
struct block_value_list;
template <class X, int... V>
struct block_value_list<X, value_list<V...>> : block_value_of<X, V>... {
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
struct total_list<X, value_list<V...>> : total_of<X, V>... {
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

/// Where a loop reads and writes: one pointer for each input and output of the program.
template <class X>
struct pointers {
  const void* in[X::input_count > 0 ? X::input_count : 1]{};
  void* out[X::program.output_count > 0 ? X::program.output_count : 1]{};

  pointers() = default;
  // pointer by pointer, so that each of them lives in a register of its own
  FUSEGRAD_INLINE pointers(const pointers& other) {
    [&]<std::size_t... I, std::size_t... K>(std::index_sequence<I...>, std::index_sequence<K...>)
        __attribute__((always_inline)) {
      ((in[I] = other.in[I]), ...);
      ((out[K] = other.out[K]), ...);
    }(std::make_index_sequence<static_cast<std::size_t>(X::input_count)>{},
      std::make_index_sequence<static_cast<std::size_t>(X::program.output_count)>{});
  }
};

/// The body of loop L for one vector of elements that starts at element `at`, of which `count` are to be
/// processed; all of them where `Whole`.
template <class X, int L, bool Whole>
struct loop_body {
  using plan = loop_plan<X, L>;
  using types = vectors<X, L>;
  static constexpr int lanes = plan::lanes;

  const number_file<X>& numbers;
  const pointers<X>& arrays;
  typename types::values& registers;
  typename types::accumulators& accumulators;
  std::ptrdiff_t at;
  int count;
  bool stream;

  FUSEGRAD_INLINE void run() const {
    for_each_value(typename plan::values{}, compute{*this});
    for_each_value(typename plan::outputs{}, store{*this});
    for_each_value(typename plan::totals{}, accumulate{*this});
  }

  /// Value V as a vector of its type.
  template <int V>
  FUSEGRAD_INLINE auto vector() const {
    constexpr dtype type = X::program[V].type;
    using result = typename types::template of<type>;
    if constexpr (X::program[V].axes == 0)
      return result(number<X, V>(numbers));
    else
      return registers.template at<type, types::value_slots.of[V]>();
  }

  struct compute {
    const loop_body& body;
    template <int V>
    FUSEGRAD_INLINE void operator()() const {
      body.registers.template at<X::program[V].type, types::value_slots.of[V]>() = body.template evaluate<V>();
    }
  };

  template <int V>
  FUSEGRAD_INLINE auto evaluate() const {
    constexpr dtype type = X::program[V].type;
    using result = typename types::template of<type>;
    constexpr op_kind kind = X::program[V].op->kind;
    if constexpr (kind == op_kind::input) {
      using stored = typename X::template input_type<X::program[V].index>;
      const auto* const p = static_cast<const stored*>(arrays.in[X::program[V].index]) + at;
      if constexpr (type == dtype::boolean || std::is_same_v<stored, type_of<type>>) {
        if constexpr (Whole) return result::load(p);
        else return result::load(p, count);
      } else {
        if constexpr (Whole) return result::load_as(p);
        else return result::load_as(p, count);
      }
    } else if constexpr (kind == op_kind::broadcast) {
      return vector<X::program[V].x[0]>();
    } else if constexpr (kind == op_kind::convert) {
      using simd::convert;
      const auto x = vector<X::program[V].x[0]>();
      if constexpr (type == dtype::boolean) return result(x != decltype(x)(0));
      else return convert<type_of<type>>(x);
    } else {
      return apply<V, result>(std::make_index_sequence<static_cast<std::size_t>(X::program[V].arity())>{});
    }
  }

  template <int V, class Result, std::size_t... K>
  FUSEGRAD_INLINE Result apply(std::index_sequence<K...>) const {
    using op = ir::op_type<X::program[V].op>;
    if constexpr (requires { op::value(vector<X::program[V].x[K]>()...); })
      return Result(op::value(vector<X::program[V].x[K]>()...));
    else
      return simd::per_lane([](auto... x) { return op::value(x...); }, vector<X::program[V].x[K]>()...);
  }

  struct store {
    const loop_body& body;
    template <int K>
    FUSEGRAD_INLINE void operator()() const {
      constexpr int v = X::program.outputs[K];
      constexpr dtype type = X::program[v].type;
      auto* const p = static_cast<type_of<type>*>(body.arrays.out[K]) + body.at;
      const auto x = body.template vector<v>();
      if constexpr (!Whole) x.store(p, body.count);
      else if constexpr (type == dtype::boolean) x.store(p);
      else if (body.stream) x.stream(p);
      else x.store(p);
    }
  };

  struct accumulate {
    const loop_body& body;
    template <int V>
    FUSEGRAD_INLINE void operator()() const {
      constexpr dtype type = X::program[V].type;
      using op = ir::op_type<X::program[V].op>;
      using vector = typename types::template of<type>;
      auto& total = body.accumulators.template at<type, types::total_slots.of[V]>();
      auto x = [this] {
        const auto value = body.template vector<X::program[V].x[0]>();
        if constexpr (std::is_same_v<std::remove_const_t<decltype(value)>, vector>) return value;
        else return simd::convert<type_of<type>>(value);
      }();
      if constexpr (!Whole) {
        constexpr auto identity = op::template identity<type_of<type>>();
        using math::where;
        using condition = typename types::template of<dtype::boolean>;
        const condition valid = condition::first(body.count);
        if constexpr (type == dtype::boolean) x = identity ? (x || !valid) : (x && valid);
        else x = where(valid, x, vector(identity));
      }
      total = op::combine(total, x);
    }
  };
};

/// Combines the lanes of a vector in a fixed order.
template <class Op, class V>
FUSEGRAD_INLINE auto across_lanes(V x) {
  if constexpr (V::width == 1) return x[0];
  else return across_lanes<Op>(Op::combine(lower(x), upper(x)));
}

template <class X, int L>
struct reset_accumulator {
  typename vectors<X, L>::accumulators& accumulators;
  template <int V>
  FUSEGRAD_INLINE void operator()() const {
    constexpr dtype type = X::program[V].type;
    using vector = typename vectors<X, L>::template of<type>;
    accumulators.template at<type, vectors<X, L>::total_slots.of[V]>() =
        vector(ir::op_type<X::program[V].op>::template identity<type_of<type>>());
  }
};

template <class X, int L>
struct merge_accumulator {
  typename vectors<X, L>::accumulators &to, &from;
  template <int V>
  FUSEGRAD_INLINE void operator()() const {
    constexpr dtype type = X::program[V].type;
    constexpr int slot = vectors<X, L>::total_slots.of[V];
    auto& total = to.template at<type, slot>();
    total = ir::op_type<X::program[V].op>::combine(total, from.template at<type, slot>());
  }
};

template <class X, int L>
struct close_block {
  typename vectors<X, L>::accumulators& accumulators;
  block_values<X, L>& values;
  template <int V>
  FUSEGRAD_INLINE void operator()() const {
    constexpr dtype type = X::program[V].type;
    values.template of<V>() =
        across_lanes<ir::op_type<X::program[V].op>>(accumulators.template at<type, vectors<X, L>::total_slots.of[V]>());
  }
};

/// Adds the accumulators of several vectors in flight in a fixed order, pairs first.
template <class X, int L, int Count, int Width = 1, int... U>
FUSEGRAD_INLINE void merge_accumulators(typename vectors<X, L>::accumulators* a, std::integer_sequence<int, U...> all) {
  if constexpr (Width < Count) {
    auto merge = [a]<int Slot>(std::integral_constant<int, Slot>) __attribute__((always_inline)) {
      if constexpr (Slot % (2 * Width) == 0 && Slot + Width < Count)
        for_each_value(typename loop_plan<X, L>::totals{}, merge_accumulator<X, L>{a[Slot], a[Slot + Width]});
    };
    (merge(std::integral_constant<int, U>{}), ...);
    merge_accumulators<X, L, Count, 2 * Width>(a, all);
  }
}

/// Runs loop L over elements [begin, end) and returns what they contribute to its reductions.
template <class X, int L>
block_values<X, L> run_block(const number_file<X>& numbers, const pointers<X>& caller_arrays, std::ptrdiff_t begin,
                             std::ptrdiff_t end, bool stream) {
  using plan = loop_plan<X, L>;
  using types = vectors<X, L>;
  constexpr int lanes = plan::lanes, in_flight = plan::in_flight;
  constexpr auto all = std::make_integer_sequence<int, in_flight>{};
  const pointers<X> arrays(caller_arrays);
  typename types::accumulators accumulators[in_flight];
  [&]<int... U>(std::integer_sequence<int, U...>) __attribute__((always_inline)) {
    (for_each_value(typename plan::totals{}, reset_accumulator<X, L>{accumulators[U]}), ...);
  }(all);

  std::ptrdiff_t at = begin;
  for (; at + lanes * in_flight <= end; at += lanes * in_flight)
    [&]<int... U>(std::integer_sequence<int, U...>) __attribute__((always_inline)) {
      typename types::values registers[in_flight];
      (loop_body<X, L, true>{numbers, arrays, registers[U], accumulators[U], at + U * lanes, lanes, stream}.run(), ...);
    }(all);
  for (; at < end; at += lanes) {
    typename types::values registers;
    const int count = end - at < lanes ? static_cast<int>(end - at) : lanes;
    loop_body<X, L, false>{numbers, arrays, registers, accumulators[0], at, count, false}.run();
  }

  merge_accumulators<X, L, in_flight>(accumulators, all);
  block_values<X, L> values;
  for_each_value(typename plan::totals{}, close_block<X, L>{accumulators[0], values});
  return values;
}

}  // namespace fusegrad::cpu
