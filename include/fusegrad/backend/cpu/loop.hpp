// One loop of a scheduled program over contiguous arrays: every input is read once, every output written once, all
// reductions are accumulated on the way. Sees a program, its schedule and the operations' values; no expression.
#pragma once

#include "../../core/math.hpp"
#include "../../ops/comparison.hpp"
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

using ir::presence;
using ir::reduction_kind;

/// 0, 1, 2, ... in the lanes of a vector.
template <class V>
FUSEGRAD_INLINE V first_numbers() {
  typename V::value_type numbers[static_cast<std::size_t>(V::width)];
  for (int lane = 0; lane < V::width; ++lane) numbers[lane] = static_cast<typename V::value_type>(lane);
  return V::load(numbers);
}

/// Does a reduction gather several numbers for each element: the moments of what it is given?
template <class Op>
inline constexpr bool gathers_moments = requires { typename Op::template moments<double>; };

/// Is NaN gathered apart from numbers? Where masks are cheap that is quicker than to look for it in each result.
template <class Op, dtype Type>
inline constexpr bool gathers_nan_apart =
    simd::has_avx512 && is_floating(Type) && requires(simd::pack<float, 16> x) { Op::combine_numbers(x, x); };

/// Which lanes have been numbers until now, and are again?
template <class M, class V>
FUSEGRAD_INLINE M numbers_still(M numbers, V x) {
  if constexpr (simd::has_avx512 && sizeof(V) == 64) {
    return M::of_bits(simd::detail::numbers_among(static_cast<unsigned>(numbers.bits), x.v));
  } else {
    return numbers && x == x;
  }
}

/// What elements have come to, lane by lane; for reductions that gather NaN apart, in which lanes there was none.
template <template <dtype> class Lane, const auto& Totals, const auto& Apart>
struct gathered_file : file_for<Lane, Totals> {
  file_for<Lane, Apart> numbers;
};

/// Combines the lanes of a vector in a fixed order.
template <class Op, class V>
FUSEGRAD_INLINE auto across_lanes(V x) {
  if constexpr (V::width == 1) return x[0];
  else return across_lanes<Op>(Op::combine(lower(x), upper(x)));
}
/// A reduction of numbers alone.
template <class Op>
struct of_numbers {
  FUSEGRAD_INLINE static auto combine(auto x, auto y) { return Op::combine_numbers(x, y); }
};

/// A reduction in a gathered_file: its total and its numbers are in these slots.
template <class Op, dtype Type, int TotalAt, int NumbersAt>
struct gathering {
  static constexpr bool apart = gathers_nan_apart<Op, Type>;

  FUSEGRAD_INLINE static auto& total(auto& file) { return file.template at<Type, TotalAt>(); }
  FUSEGRAD_INLINE static auto& numbers(auto& file) { return file.numbers.template at<dtype::boolean, NumbersAt>(); }

  FUSEGRAD_INLINE static void reset(auto& file) {
    using vector = std::remove_cvref_t<decltype(total(file))>;
    total(file) = vector(Op::template identity<type_of<Type>>());
    if constexpr (apart) numbers(file) = true;
  }
  FUSEGRAD_INLINE static void add(auto& file, auto x) {
    if constexpr (apart) {
      numbers(file) = numbers_still(numbers(file), x);
      total(file) = Op::combine_numbers(total(file), x);
    } else {
      total(file) = Op::combine(total(file), x);
    }
  }
  /// Adds what the same reduction has come to elsewhere.
  template <class Theirs = gathering>
  FUSEGRAD_INLINE static void merge(auto& file, const auto& other) {
    if constexpr (apart) {
      numbers(file) = numbers(file) && Theirs::numbers(other);
      total(file) = Op::combine_numbers(total(file), Theirs::total(other));
    } else {
      total(file) = Op::combine(total(file), Theirs::total(other));
    }
  }
  FUSEGRAD_INLINE static auto result(const auto& file) {
    using math::where;
    const auto all = total(file);
    if constexpr (apart) return where(numbers(file), all, decltype(all)(__builtin_nanf("")));
    else return all;
  }
  /// The result of all lanes.
  FUSEGRAD_INLINE static auto across(const auto& file) {
    if constexpr (apart) {
      const auto x = across_lanes<of_numbers<Op>>(total(file));
      return simd::any_lane(!numbers(file)) ? decltype(x)(__builtin_nanf("")) : x;
    } else {
      return across_lanes<Op>(total(file));
    }
  }
};

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
using block_total = std::conditional_t<std::is_floating_point_v<T>&& requires { requires Op::additive; },
                                       compensated<T>, combined<Op, T>>;

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
  static constexpr bool one_body = simd::native_bytes == 64 && values::size > long_body;
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
    using reductions = typename loop_plan<X, L>::totals;
    [&made]<std::size_t... K>(std::index_sequence<K...>) {
      ((gathers_nan_apart<ir::op_type<X::program[reductions::value.at[K]].op>, X::program[reductions::value.at[K]].type>
            ? made.add(reductions::value.at[K], dtype::boolean)
            : void()),
       ...);
    }(typename reductions::indices{});
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
template <class X, class List, class Indices = typename List::indices>
struct block_value_list;
template <class X, class List, std::size_t... K>
struct block_value_list<X, List, std::index_sequence<K...>> : block_value_of<X, List::value.at[K]>... {
  template <int V>
  FUSEGRAD_INLINE auto& of() {
    return static_cast<block_value_of<X, V>&>(*this).value;
  }
};

template <class X, int V>
struct total_of {
  block_total<ir::op_type<X::program[V].op>, type_of<X::program[V].type>> total;
};
template <class X, class List, class Indices = typename List::indices>
struct total_list;
template <class X, class List, std::size_t... K>
struct total_list<X, List, std::index_sequence<K...>> : total_of<X, List::value.at[K]>... {
  template <int V>
  FUSEGRAD_INLINE auto& of() {
    return static_cast<total_of<X, V>&>(*this).total;
  }
  template <class Other>
  FUSEGRAD_INLINE void add(Other& other) {
    (of<List::value.at[K]>().add(other.template of<List::value.at[K]>()), ...);
  }
};
template <class X, int L>
using block_values = block_value_list<X, typename loop_plan<X, L>::totals>;
template <class X, int L>
using loop_totals = total_list<X, typename loop_plan<X, L>::totals>;

/// The values of a program that lie in memory: inputs as they are read along some axes, and what one kernel keeps for
/// another.
template <class X>
struct in_memory {
  static constexpr int size = X::program.size();
  static constexpr bool selects(int v) {
    return X::program[v].axes != 0 && (X::program[v].is(op_kind::input) || X::schedule.kept[v] || kept_for_rows(v));
  }
  static constexpr bool kept_for_rows(int v) {
    for (int kernel = 0; kernel < X::schedule.kernel_count; ++kernel)
      if (X::schedule.keeps_for_row(v, kernel)) return true;
    return false;
  }
};
template <class X>
using array_list = list_of<in_memory<X>>;

/// The reductions that rows add to arrays.
template <class X>
struct summed_in_arrays {
  static constexpr int size = X::program.size();
  static constexpr bool selects(int v) {
    return X::schedule.kind[v] == reduction_kind::column || X::schedule.kind[v] == reduction_kind::scatter;
  }
};
template <class X>
using sum_list = list_of<summed_in_arrays<X>>;

/// The values that run along a row.
template <class X>
struct scanned_values {
  static constexpr int size = X::program.size();
  static constexpr bool selects(int v) { return X::program[v].is(op_kind::scan); }
};
template <class X>
using scan_list = list_of<scanned_values<X>>;

/// Memory for what scans have come to.
template <class X>
struct carries {
  alignas(8) unsigned char of[scan_list<X>::size > 0 ? static_cast<std::size_t>(scan_list<X>::size) : 1][8];
};

/// The position of a value in a list.
template <class List>
constexpr int position_in(int v) {
  for (int k = 0; k < List::size; ++k)
    if (List::value.at[k] == v) return k;
  return -1;
}

/// The position among the arrays of executable Y of the input that value v of X is; -1 if it is none.
template <class X, class Y>
constexpr int same_array(int v) {
  if (!X::program[v].is(op_kind::input)) return -1;
  for (int k = 0; k < array_list<Y>::size; ++k) {
    const ir::instruction& other = Y::program[array_list<Y>::value.at[k]];
    if (other.is(op_kind::input) && other.index == X::program[v].index && other.map == X::program[v].map) return k;
  }
  return -1;
}

/// The element type of a value in memory.
template <class X, int V>
struct stored_type : std::type_identity<type_of<X::program[V].type>> {};
template <class X, int V>
  requires(X::program[V].is(op_kind::input))
struct stored_type<X, V> : std::type_identity<typename X::template input_type<X::program[V].index>> {};

/// Where a loop reads and writes: one pointer for each value in memory, each output and each array of sums.
template <class X>
struct pointers {
  static constexpr std::size_t ins = static_cast<std::size_t>(array_list<X>::size);
  static constexpr std::size_t outs = static_cast<std::size_t>(X::program.output_count);
  static constexpr std::size_t sums = static_cast<std::size_t>(sum_list<X>::size);
  const void* in[ins > 0 ? ins : 1]{};
  void* out[outs > 0 ? outs : 1]{};
  void* sum[sums > 0 ? sums : 1]{};
  std::ptrdiff_t sum_size[sums > 0 ? sums : 1]{};  ///< elements of each whole array of sums
  static constexpr std::size_t scans = static_cast<std::size_t>(scan_list<X>::size);
  void* carry[scans > 0 ? scans : 1]{};  ///< what each scan has come to
  std::ptrdiff_t origin = 0;             ///< the position within the row of the element that the pointers point to
  std::ptrdiff_t ahead = 0;              ///< elements to the next row, which a loop of a row fetches

  pointers() = default;
  FUSEGRAD_INLINE void carry_in(carries<X>& memory) {
    for (std::size_t k = 0; k < scans; ++k) carry[k] = memory.of[k];
  }
  /// Those of an executable with the same inputs and at most as many outputs.
  template <class Other>
  FUSEGRAD_INLINE explicit pointers(const pointers<Other>& other) {
    [&]<std::size_t... I, std::size_t... K>(std::index_sequence<I...>, std::index_sequence<K...>)
        __attribute__((always_inline)) {
      ((in[I] = other.in[same_array<X, Other>(array_list<X>::value.at[I])]), ...);
      ((out[K] = other.out[K]), ...);
    }
    (std::make_index_sequence<ins>{}, std::make_index_sequence<pointers<Other>::outs>{});
    origin = other.origin;
  }
  // pointer by pointer, so that each of them lives in a register of its own
  FUSEGRAD_INLINE pointers(const pointers& other) {
    [&]<std::size_t... I, std::size_t... K, std::size_t... S>(std::index_sequence<I...>, std::index_sequence<K...>,
                                                              std::index_sequence<S...>)
        __attribute__((always_inline)) {
      ((in[I] = other.in[I]), ...);
      ((out[K] = other.out[K]), ...);
      ((sum[S] = other.sum[S]), ...);
      ((sum_size[S] = other.sum_size[S]), ...);
    }
    (std::make_index_sequence<ins>{}, std::make_index_sequence<outs>{}, std::make_index_sequence<sums>{});
    if constexpr (scans > 0)
      for (std::size_t k = 0; k < scans; ++k) carry[k] = other.carry[k];
    origin = other.origin;
    ahead = other.ahead;
  }
};

/// How many lanes of a vector a loop's body processes: all of them, the first `count`, or as many as `count` says,
/// which may be all.
enum class extent_of_vector { whole, partial, either };

/// The condition of loop L of X that holds for one element of a row at most, the marked one: its position equals a
/// number of the row. The loop runs as if there were no such element; the vector that holds it is computed by itself.
template <class X, int L>
struct marked_element {
  static constexpr auto& program = X::program;
  static constexpr auto& schedule = X::schedule;
  using plan = loop_plan<X, L>;

  struct mark {
    int condition = -1, position = -1;
    bool depends[X::program.size() > 0 ? X::program.size() : 1]{};  ///< on the condition, within the loop
  };
  static constexpr mark found = [] {
    mark m;
    for (int v = 0; v < program.size(); ++v) {
      if (schedule.in_loop[L][v] == presence::absent || schedule.in_loop[L][v] == presence::loaded) continue;
      for (int k = 0; k < program[v].arity(); ++k) m.depends[v] = m.depends[v] || m.depends[program[v].x[k]];
      if (m.condition >= 0 || program[v].op != &ir::info<equal_t>) continue;
      for (int k = 0; k < 2; ++k) {
        int index = program[v].x[k];
        if (is_floating(program[index].type)) continue;
        while (program[index].is(op_kind::convert)) index = program[index].x[0];
        if (!program[index].is(op_kind::index) || program[index].axes != plan::inner) continue;
        if ((program[program[v].x[1 - k]].axes & plan::inner) != 0) continue;
        m.condition = v;
        m.position = program[v].x[1 - k];
        m.depends[v] = true;
      }
    }
    return m;
  }();

  /// Is v one of two values, by the condition?
  static constexpr bool selects(int v) {
    return program[v].op == &ir::info<where_t> && program[v].x[0] == found.condition;
  }
  /// Does reduction V take nothing from other elements than the marked one?
  template <int V>
  static constexpr bool takes_marked_only() {
    constexpr int x = program[V].x[0];
    if constexpr (selects(x) && program[V].type == program[x].type && program[program[x].x[2]].is(op_kind::constant)) {
      using T = type_of<program[V].type>;
      using op = ir::op_type<program[V].op>;
      if constexpr (requires { op::template identity<T>(); })
        return static_cast<T>(program[program[x].x[2]].immediate) == op::template identity<T>();
    }
    return false;
  }
  static constexpr bool exists = [] {
    if (found.condition < 0) return false;
    for (int v = 0; v < program.size(); ++v) {
      if (found.depends[v] && program[v].is(op_kind::scan)) return false;
      if (plan::column_reductions::selects(v) && found.depends[program[v].x[0]]) return false;
    }
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return (
          true && ... &&
          (!found.depends[program[plan::totals::value.at[I]].x[0]] || takes_marked_only<plan::totals::value.at[I]>()));
    }(typename plan::totals::indices{});
  }();
};

/// The elements of a row that a loop's body is for.
enum class elements_of_row {
  all,
  unmarked,  ///< all, as if none were marked
  marked     ///< the vector with the marked element: what differs there
};

/// What a vector of a loop costs to compute, roughly: functions more than arithmetic.
template <class X>
constexpr int cost_of_loop(int loop) {
  int cost = 0;
  for (int v = 0; v < X::program.size(); ++v) {
    const presence here = X::schedule.in_loop[loop][v];
    if (here != presence::computed && here != presence::kept_for_row) continue;
    const ir::op_info& op = *X::program[v].op;
    cost += op.kind == op_kind::elementwise && op.fold == nullptr && op.operands == ir::operand_rule::real ? 8 : 1;
  }
  return cost;
}

/// The arrays of which one of several loops over a row fetches the next row: the processor does so late, for it sees a
/// row again and again before the next one. That is the loop after the first that computes most, and so leaves memory
/// alone the longest.
template <class X, int L>
struct fetched_ahead {
  static constexpr auto& schedule = X::schedule;
  static constexpr auto& kernel = X::schedule.kernels[X::schedule.kernel_of[L]];
  static constexpr int last_loop = kernel.first_loop + kernel.phases - 1;
  static constexpr bool fetches = [] {
    if (L == kernel.first_loop) return false;
    for (int loop = kernel.first_loop + 1; loop <= last_loop; ++loop)
      if (cost_of_loop<X>(loop) > cost_of_loop<X>(L) || (loop > L && cost_of_loop<X>(loop) == cost_of_loop<X>(L)))
        return false;
    return true;
  }();
  static constexpr int size = X::program.size();
  static constexpr bool selects(int v) {
    if (!fetches || !X::program[v].is(op_kind::input) || X::program[v].axes != kernel.domain()) return false;
    for (int loop = kernel.first_loop; loop <= last_loop; ++loop)
      if (schedule.in_loop[loop][v] == presence::loaded) return true;
    return false;
  }
};

/// What loop L does with one vector of elements, those from `at` on.
template <class X, int L, extent_of_vector Extent, elements_of_row Elements = elements_of_row::all>
struct loop_body {
  static constexpr bool whole = Extent == extent_of_vector::whole;
  static constexpr bool unmarked = Elements == elements_of_row::unmarked;
  static constexpr bool marked = Elements == elements_of_row::marked;

  using plan = loop_plan<X, L>;
  using mark = marked_element<X, L>;
  using types = vectors<X, L>;
  using registers = typename types::values;
  using accumulators = typename types::accumulators;
  template <dtype Type>
  using vector_of = typename types::template of<Type>;

  FUSEGRAD_INLINE static void run(const number_file<X>& numbers, const pointers<X>& arrays, registers& values,
                                  accumulators& totals, std::ptrdiff_t at, int count, bool stream) {
    if constexpr (whole) for_each_value<fetch>(list_of<fetched_ahead<X, L>>{}, arrays, at);
    for_each_value<compute>(typename plan::values{}, numbers, arrays, values, at, count);
    finish(numbers, arrays, values, totals, at, stream, count);
  }
  FUSEGRAD_INLINE static void compute_all(const number_file<X>& numbers, const pointers<X>& arrays, registers& values,
                                          std::ptrdiff_t at, int count = plan::lanes) {
    for_each_value<compute>(typename plan::values{}, numbers, arrays, values, at, count);
  }
  FUSEGRAD_INLINE static void finish(const number_file<X>& numbers, const pointers<X>& arrays, registers& values,
                                     accumulators& totals, std::ptrdiff_t at, bool stream, int count = plan::lanes) {
    write(numbers, arrays, values, at, stream, count);
    reduce(numbers, values, totals, count);
    for_each_value<add_to_column>(typename plan::columns{}, numbers, arrays, values, at, count);
  }
  FUSEGRAD_INLINE static void write(const number_file<X>& numbers, const pointers<X>& arrays, const registers& values,
                                    std::ptrdiff_t at, bool stream, int count = plan::lanes) {
    for_each_value<store>(typename plan::outputs{}, numbers, arrays, values, at, count, stream);
    for_each_value<keep_value>(typename plan::keeps{}, arrays, values, at, count);
  }
  FUSEGRAD_INLINE static void reduce(const number_file<X>& numbers, const registers& values, accumulators& totals,
                                     int count = plan::lanes) {
    for_each_value<accumulate>(typename plan::totals{}, numbers, values, totals, count);
  }

  struct clear_carry {
    template <int V>
    FUSEGRAD_INLINE static void run(const pointers<X>& arrays) {
      *static_cast<type_of<X::program[V].type>*>(arrays.carry[position_in<scan_list<X>>(V)]) = 0;
    }
  };

 private:
  /// Value V as a vector of its type.
  template <int V>
  FUSEGRAD_INLINE static auto vector(const number_file<X>& numbers, const registers& values) {
    constexpr dtype type = X::program[V].type;
    if constexpr ((X::program[V].axes & plan::inner) == 0) return vector_of<type>(number<X, V>(numbers));
    else return values.template at<type, types::value_slots.of[V]>();
  }

  struct fetch {
    template <int V>
    FUSEGRAD_INLINE static void run(const pointers<X>& arrays, std::ptrdiff_t at) {
      using stored = typename stored_type<X, V>::type;
      const auto* const row = static_cast<const unsigned char*>(arrays.in[position_in<array_list<X>>(V)]);
      __builtin_prefetch(row + (at + arrays.ahead) * static_cast<std::ptrdiff_t>(sizeof(stored)));
    }
  };

  template <int V, class Vector>
  FUSEGRAD_INLINE static Vector scan(Vector x, void* carry) {
    using T = typename Vector::value_type;
    T& sum = *static_cast<T*>(carry);
    T lanes[static_cast<std::size_t>(Vector::width)];
    x.store(lanes);
    for (T& lane : lanes) lane = sum = ir::op_type<X::program[V].op>::combine(sum, lane);
    return Vector::load(lanes);
  }
  struct compute {
    template <int V>
    FUSEGRAD_INLINE static void run(const number_file<X>& numbers, const pointers<X>& arrays, registers& values,
                                    std::ptrdiff_t at, int count) {
      constexpr dtype type = X::program[V].type;
      using result = vector_of<type>;
      constexpr op_kind kind = X::program[V].op->kind;
      auto& value = values.template at<type, types::value_slots.of[V]>();
      if constexpr (unmarked && V == mark::found.condition) {
        value = result(false);
      } else if constexpr (unmarked && mark::selects(V)) {
        value = vector<X::program[V].x[2]>(numbers, values);
      } else if constexpr (plan::loads(V)) {
        using stored = typename stored_type<X, V>::type;
        const auto* const p = static_cast<const stored*>(arrays.in[position_in<array_list<X>>(V)]) + at;
        if constexpr (type == dtype::boolean || std::is_same_v<stored, type_of<type>>)
          value = whole ? result::load(p) : result::load(p, count);
        else value = whole ? result::load_as(p) : result::load_as(p, count);
      } else if constexpr (kind == op_kind::index) {
        value = result(static_cast<std::int32_t>(arrays.origin + at)) + first_numbers<result>();
      } else if constexpr (kind == op_kind::scan) {
        value = scan<V>(vector<X::program[V].x[0]>(numbers, values), arrays.carry[position_in<scan_list<X>>(V)]);
      } else if constexpr (kind == op_kind::broadcast) {
        value = vector<X::program[V].x[0]>(numbers, values);
      } else if constexpr (kind == op_kind::convert) {
        const auto x = vector<X::program[V].x[0]>(numbers, values);
        if constexpr (type == dtype::boolean) value = result(x != decltype(x)(0));
        else value = simd::convert<type_of<type>>(x);
      } else {
        value = apply<V, result>(numbers, values,
                                 std::make_index_sequence<static_cast<std::size_t>(X::program[V].arity())>{});
      }
    }

    template <int V, class Result, std::size_t... K>
    FUSEGRAD_INLINE static Result apply(const number_file<X>& numbers, const registers& values,
                                        std::index_sequence<K...>) {
      using op = ir::op_type<X::program[V].op>;
      if constexpr (requires { op::value(vector<X::program[V].x[K]>(numbers, values)...); })
        return Result(op::value(vector<X::program[V].x[K]>(numbers, values)...));
      else
        return simd::per_lane([](auto... x) { return op::value(x...); },
                              vector<X::program[V].x[K]>(numbers, values)...);
    }
  };

  template <class Moments, class T, class V>
  FUSEGRAD_INLINE static void add_to_moments(T* p, V x, std::ptrdiff_t size, int count) {
    auto load = [&](const T* from) __attribute__((always_inline)) {
      return whole ? V::load(from) : V::load(from, count);
    };
    auto store = [&](T * to, V v) __attribute__((always_inline)) {
      if constexpr (whole) v.store(to);
      else v.store(to, count);
    };
    Moments m{load(p), load(p + size), load(p + 2 * size)};
    m.add(x);
    store(p, m.count);
    store(p + size, m.mean);
    store(p + 2 * size, m.deviations);
  }

  struct keep_value {
    template <int V>
    FUSEGRAD_INLINE static void run(const pointers<X>& arrays, const registers& values, std::ptrdiff_t at, int count) {
      if constexpr (marked && !mark::found.depends[V]) return;
      constexpr dtype type = X::program[V].type;
      auto* const p = static_cast<type_of<type>*>(const_cast<void*>(arrays.in[position_in<array_list<X>>(V)])) + at;
      const auto x = values.template at<type, types::value_slots.of[V]>();
      if constexpr (whole) x.store(p);
      else x.store(p, count);
    }
  };

  struct add_to_column {
    template <int V>
    FUSEGRAD_INLINE static void run(const number_file<X>& numbers, const pointers<X>& arrays, const registers& values,
                                    std::ptrdiff_t at, int count) {
      constexpr dtype type = X::program[V].type;
      using op = ir::op_type<X::program[V].op>;
      using vector_type = vector_of<type>;
      auto* const p = static_cast<type_of<type>*>(arrays.sum[position_in<sum_list<X>>(V)]) + at;
      const vector_type x = accumulate::template as<type>(vector<X::program[V].x[0]>(numbers, values));
      if constexpr (gathers_moments<op>)
        return add_to_moments<typename op::template moments<vector_type>>(
            p, x, arrays.sum_size[position_in<sum_list<X>>(V)], count);
      const vector_type before = whole ? vector_type::load(p) : vector_type::load(p, count);
      const vector_type after = op::combine(before, x);
      if constexpr (whole) after.store(p);
      else after.store(p, count);
    }
  };

  struct store {
    template <int K>
    FUSEGRAD_INLINE static void run(const number_file<X>& numbers, const pointers<X>& arrays, const registers& values,
                                    std::ptrdiff_t at, int count, bool stream) {
      constexpr int v = X::program.outputs[K];
      if constexpr (marked && !mark::found.depends[v]) return;
      constexpr dtype type = X::program[v].type;
      auto* const p = static_cast<type_of<type>*>(arrays.out[K]) + at;
      const auto x = vector<v>(numbers, values);
      if constexpr (type != dtype::boolean && Extent != extent_of_vector::partial)
        if (stream && (whole || count == plan::lanes)) return x.stream(p);
      if constexpr (whole) x.store(p);
      else x.store(p, count);
    }
  };

  struct accumulate {
    template <int V>
    FUSEGRAD_INLINE static void run(const number_file<X>& numbers, const registers& values, accumulators& totals,
                                    int count) {
      constexpr dtype type = X::program[V].type;
      using op = ir::op_type<X::program[V].op>;
      if constexpr (Elements != elements_of_row::all)
        if (marked != mark::found.depends[X::program[V].x[0]]) return;
      vector_of<type> x = as<type>(vector<X::program[V].x[0]>(numbers, values));
      if constexpr (!whole) {
        using math::where;
        constexpr auto identity = op::template identity<type_of<type>>();
        using condition = vector_of<dtype::boolean>;
        const condition valid = condition::first(count);
        if constexpr (type == dtype::boolean) x = identity ? (x || !valid) : (x && valid);
        else x = where(valid, x, vector_of<type>(identity));
      }
      types::template reduction<V>::add(totals, x);
    }
    template <dtype Type, class V>
    FUSEGRAD_INLINE static auto as(V x) {
      if constexpr (std::is_same_v<V, vector_of<Type>>) return x;
      else return simd::convert<type_of<Type>>(x);
    }
  };
};

/// What loop L does with one vector if all its elements are decided: returns whether they are, does nothing otherwise.
template <class X, int L>
struct decided_body {
  using body = loop_body<X, L, extent_of_vector::whole>;
  FUSEGRAD_INLINE static bool run(const number_file<X>& numbers, const pointers<X>& arrays,
                                  typename body::accumulators& totals, std::ptrdiff_t at, bool stream) {
    typename body::registers values;
    body::compute_all(numbers, arrays, values, at);
    if (simd::any_lane(values.template at<dtype::boolean, body::types::value_slots.of[X::undecided]>())) [[unlikely]]
      return false;
    body::finish(numbers, arrays, values, totals, at, stream);
    return true;
  }
};

/// The numbers that loop L uses.
template <class X, int L>
struct loop_numbers {
  static constexpr int size = X::program.size();
  static constexpr bool selects(int v) {
    const instruction& number = X::program[v];
    if ((number.axes & X::schedule.inner_of(L)) != 0 || number.is(op_kind::constant)) return false;
    for (int user = v + 1; user < size; ++user)
      if (X::schedule.in_loop[L][user] != presence::absent)
        for (int k = 0; k < X::program[user].arity(); ++k)
          if (X::program[user].x[k] == v) return true;
    return false;
  }
};
template <class X>
struct copy_number {
  template <int V>
  FUSEGRAD_INLINE static void run(number_file<X>& to, const number_file<X>& from) {
    to.template at<X::program[V].type, number_slots<X>.of[V]>() =
        from.template at<X::program[V].type, number_slots<X>.of[V]>();
  }
};

/// For each number of the executable `To` that loop L uses, the same number of `From`; -1 where there is none.
template <class To, class From, int L>
inline constexpr auto same_numbers = [] {
  constexpr auto& to = To::program;
  constexpr auto& from = From::program;
  struct {
    int of[to.size() + 1]{};
    bool complete = true;
  } found;
  for (int v = 0; v < to.size(); ++v) {
    found.of[v] = -1;
    for (int w = 0; w < from.size() && to[v].axes == 0 && found.of[v] < 0; ++w) {
      bool same = to[v].op == from[w].op && to[v].type == from[w].type && to[v].index == from[w].index &&
                  to[v].over == from[w].over && from[w].axes == 0 && !to[v].is(op_kind::reduction) &&
                  to[v].immediate == from[w].immediate;
      for (int k = 0; k < to[v].arity() && same; ++k) same = found.of[to[v].x[k]] == from[w].x[k];
      if (same) found.of[v] = w;
    }
    found.complete = found.complete && (!loop_numbers<To, L>::selects(v) || found.of[v] >= 0);
  }
  return found;
}();
template <class To, class From, int L>
struct copy_same_number {
  template <int V>
  FUSEGRAD_INLINE static void run(number_file<To>& to, const number_file<From>& from) {
    to.template at<To::program[V].type, number_slots<To>.of[V]>() = number<From, same_numbers<To, From, L>.of[V]>(from);
  }
};

/// Can loop L of X be that of its executable for decided elements, D, vector by vector?
template <class X, class D, int L>
constexpr bool may_decide() {
  if (D::schedule.loops != X::schedule.loops || D::program.output_count != X::program.output_count + 1) return false;
  if (loop_plan<D, L>::lanes != loop_plan<X, L>::lanes || D::program[D::undecided].axes == 0) return false;
  for (int k = 0; k < X::program.output_count; ++k)
    if (D::program[D::program.outputs[k]].axes != X::program[X::program.outputs[k]].axes) return false;
  using mine = typename loop_plan<X, L>::totals;
  using theirs = typename loop_plan<D, L>::totals;
  if (mine::size != theirs::size) return false;
  for (int k = 0; k < mine::size; ++k) {
    const auto &a = X::program[mine::value.at[k]], &b = D::program[theirs::value.at[k]];
    if (a.op != b.op || a.type != b.type) return false;
  }
  return same_numbers<D, X, L>.complete;
}
template <class X, int L>
constexpr bool decides() {
  if constexpr (requires { typename X::decided; })
    if constexpr (!std::is_void_v<typename X::decided>) return may_decide<X, typename X::decided, L>();
  return false;
}

/// What happens to the accumulators of loop L around its body.
template <class X, int L>
struct accumulation {
  using accumulators = typename vectors<X, L>::accumulators;
  using totals = typename loop_plan<X, L>::totals;
  template <int V>
  using reduction = typename vectors<X, L>::template reduction<V>;

  struct reset {
    template <int V>
    FUSEGRAD_INLINE static void run(accumulators& a) {
      reduction<V>::reset(a);
    }
  };
  struct merge {
    template <int V>
    FUSEGRAD_INLINE static void run(accumulators& to, const accumulators& from) {
      reduction<V>::merge(to, from);
    }
  };
  struct close {
    template <int V>
    FUSEGRAD_INLINE static void run(const accumulators& a, block_values<X, L>& values) {
      values.template of<V>() = reduction<V>::across(a);
    }
  };

  /// Adds the accumulators of several vectors in flight in a fixed order, pairs first.
  template <int Count, int Width = 1, int... U>
  FUSEGRAD_INLINE static void merge_all(accumulators (&a)[Count], std::integer_sequence<int, U...> all) {
    if constexpr (Width < Count) {
      (merge_pair<Width, U>(a), ...);
      merge_all<Count, 2 * Width>(a, all);
    }
  }
  template <int Width, int U, int Count>
  FUSEGRAD_INLINE static void merge_pair(accumulators (&a)[Count]) {
    if constexpr (U % (2 * Width) == 0 && U + Width < Count) for_each_value<merge>(totals{}, a[U], a[U + Width]);
  }
};

/// Adds the totals of an executable's decided vectors to those of the others.
template <class X, class D, int L, std::size_t... K>
FUSEGRAD_INLINE void merge_decided(typename accumulation<X, L>::accumulators& to,
                                   const typename accumulation<D, L>::accumulators& from, std::index_sequence<K...>) {
  [[maybe_unused]] auto merge = [&]<int V, int W>(std::integer_sequence<int, V, W>) __attribute__((always_inline)) {
    using theirs = typename accumulation<D, L>::template reduction<W>;
    accumulation<X, L>::template reduction<V>::template merge<theirs>(to, from);
  };
  (merge(
       std::integer_sequence<int, accumulation<X, L>::totals::value.at[K], accumulation<D, L>::totals::value.at[K]>{}),
   ...);
}

/// Runs loop L over elements [begin, end) and returns what they contribute to its reductions.
template <class X, int L, int... U>
FUSEGRAD_INLINE block_values<X, L> run_block_here(const number_file<X>& caller_numbers,
                                                  const pointers<X>& caller_arrays, std::ptrdiff_t begin,
                                                  std::ptrdiff_t end, bool stream,
                                                  std::integer_sequence<int, U...> all) {
  using types = vectors<X, L>;
  using reductions = accumulation<X, L>;
  constexpr int lanes = loop_plan<X, L>::lanes, in_flight = sizeof...(U);
  // copies that no store can change
  const pointers<X> arrays(caller_arrays);
  number_file<X> numbers;
  for_each_value<copy_number<X>>(list_of<loop_numbers<X, L>>{}, numbers, caller_numbers);
  typename types::accumulators accumulators[in_flight];
  (for_each_value<typename reductions::reset>(typename reductions::totals{}, accumulators[U]), ...);

  if (begin + arrays.origin == 0)
    for_each_value<typename loop_body<X, L, extent_of_vector::whole>::clear_carry>(typename loop_plan<X, L>::scans{},
                                                                                   arrays);
  constexpr bool one_body = loop_plan<X, L>::one_body;
  constexpr extent_of_vector last =
      one_body || loop_plan<X, L>::outputs::size > 0 ? extent_of_vector::either : extent_of_vector::partial;
  constexpr elements_of_row elements =
      marked_element<X, L>::exists && !decides<X, L>() ? elements_of_row::unmarked : elements_of_row::all;
  // the vector of the marked element, computed before the loop overwrites what it may be computed from
  using at_mark = loop_body<X, L, extent_of_vector::either, elements_of_row::marked>;
  [[maybe_unused]] typename types::values marked_values;
  [[maybe_unused]] std::ptrdiff_t marked = begin;
  [[maybe_unused]] int marked_count = 0;
  [[maybe_unused]] bool has_mark = false;
  if constexpr (elements == elements_of_row::unmarked) {
    const auto position = static_cast<std::int64_t>(number<X, marked_element<X, L>::found.position>(numbers));
    has_mark = position >= begin + arrays.origin && position < end + arrays.origin;
    if (has_mark) marked += (static_cast<std::ptrdiff_t>(position) - arrays.origin - begin) / lanes * lanes;
    marked_count = end - marked < lanes ? static_cast<int>(end - marked) : lanes;
    at_mark::compute_all(numbers, arrays, marked_values, marked, marked_count);
    at_mark::reduce(numbers, marked_values, accumulators[0], marked_count);
  }
  std::ptrdiff_t at = begin;
  if constexpr (decides<X, L>()) {
    using decided = typename X::decided;
    const pointers<decided> same_arrays(arrays);
    number_file<decided> same;
    for_each_value<copy_same_number<decided, X, L>>(list_of<loop_numbers<decided, L>>{}, same, numbers);
    using theirs = accumulation<decided, L>;
    typename theirs::accumulators totals;
    for_each_value<typename theirs::reset>(typename theirs::totals{}, totals);
    for (; at + lanes <= end; at += lanes) {
      if (decided_body<decided, L>::run(same, same_arrays, totals, at, stream)) continue;
      typename types::values values;
      loop_body<X, L, last>::run(numbers, arrays, values, accumulators[0], at, lanes, one_body && stream);
    }
    merge_decided<X, decided, L>(accumulators[0], totals,
                                 std::make_index_sequence<static_cast<std::size_t>(theirs::totals::size)>{});
  } else if constexpr (!one_body)
    for (; at + lanes * in_flight <= end; at += lanes * in_flight) {
      typename types::values values[in_flight];
      (loop_body<X, L, extent_of_vector::whole, elements>::run(numbers, arrays, values[U], accumulators[U],
                                                               at + U * lanes, lanes, stream),
       ...);
    }
  for (; at < end; at += lanes) {
    typename types::values values;
    const int count = end - at < lanes ? static_cast<int>(end - at) : lanes;
    loop_body<X, L, last, elements>::run(numbers, arrays, values, accumulators[0], at, count, stream);
  }
  if constexpr (elements == elements_of_row::unmarked)
    if (has_mark) at_mark::write(numbers, arrays, marked_values, marked, stream, marked_count);

  reductions::merge_all(accumulators, all);
  block_values<X, L> values{};
  for_each_value<typename reductions::close>(typename reductions::totals{}, accumulators[0], values);
  return values;
}

template <class X, int L>
[[gnu::noinline]] block_values<X, L> run_block(const number_file<X>& numbers, const pointers<X>& arrays,
                                               std::ptrdiff_t begin, std::ptrdiff_t end, bool stream) {
  return run_block_here<X, L>(numbers, arrays, begin, end, stream,
                              std::make_integer_sequence<int, loop_plan<X, L>::in_flight>{});
}
/// For the one block of a call: without a call of its own where the loop is short.
template <class X, int L>
FUSEGRAD_INLINE block_values<X, L> run_only_block(const number_file<X>& numbers, const pointers<X>& arrays,
                                                  std::ptrdiff_t elements) {
  if constexpr (loop_plan<X, L>::values::size <= inlined_body)
    return run_block_here<X, L>(numbers, arrays, 0, elements, false,
                                std::make_integer_sequence<int, loop_plan<X, L>::in_flight>{});
  else return run_block<X, L>(numbers, arrays, 0, elements, false);
}

}  // namespace fusegrad::cpu
