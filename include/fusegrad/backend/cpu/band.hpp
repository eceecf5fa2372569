// A band of short rows: one row a lane. Loops go from element to element with a vector of as many rows as there are
// lanes, numbers of rows are vectors too, and nothing is ever added up across lanes before a band, or many, is done.
// Arrays that vary along the row are transposed on the way in and out.
#pragma once

#include <utility>

#include "array_sums.hpp"
#include "transposing.hpp"

namespace fusegrad::cpu {
inline namespace FUSEGRAD_ISA {

/// What is known of kernel K of X in bands before it runs.
template <class X, int K>
struct band_plan {
  static constexpr auto& program = X::program;
  static constexpr auto& schedule = X::schedule;
  static constexpr auto& kernel = X::schedule.kernels[K];
  using arrays_of = kernel_arrays<X, K>;
  using way_type = walk<X, K>;

  static constexpr bool loads(int v) { return program[v].is(op_kind::input) || schedule.loads(v, K); }
  static constexpr bool in_loops(int v) {
    for (int loop = arrays_of::first_loop; loop < arrays_of::last_loop; ++loop)
      if (schedule.in_loop[loop][v] != presence::absent) return true;
    return false;
  }
  static constexpr bool loaded_in_loops(int v) {
    for (int loop = arrays_of::first_loop; loop < arrays_of::last_loop; ++loop)
      if (schedule.in_loop[loop][v] == presence::loaded) return true;
    return false;
  }
  static constexpr bool in_steps(int v) {
    for (int step = arrays_of::first_step; step <= arrays_of::last_step; ++step)
      if (schedule.in_step[step][v]) return true;
    return false;
  }
  /// Which outer axis runs along the lanes: the last one, unless rows are added up along the other one of two, or
  /// arrays have but one of both, which are then brought together once for all rows along the last one.
  static constexpr axis_set outer_axis(std::size_t k) { return axis_set{1} << way_type::outer_axes::value[k]; }
  static constexpr bool adds_up_along(std::size_t k) {
    for (int v = 0; v < program.size(); ++v)
      if (arrays_of::summed::selects(v) && (program[v].axes & outer_axis(k)) != 0) return false;
    return true;
  }
  static constexpr std::size_t lane_dimension = [] {
    constexpr std::size_t last = way_type::outer_count - 1;
    if (last != 1) return last;
    if (!adds_up_along(1)) return std::size_t{0};
    if (!adds_up_along(0)) return last;
    for (int v = 0; v < program.size(); ++v)
      if (in_memory<X>::selects(v) && loaded_in_loops(v) && (program[v].axes & kernel.outer) == outer_axis(0))
        return std::size_t{0};
    return last;
  }();
  static constexpr axis_set lane_axis = outer_axis(lane_dimension);

  static constexpr bool is_number(int v) {
    return in_steps(v) || (schedule.kind[v] == reduction_kind::row && arrays_of::has_loop(schedule.reduced_in[v]));
  }

  static constexpr int lanes = [] {
    std::size_t widest = 4;
    for (int v = 0; v < program.size(); ++v)
      if ((in_loops(v) || is_number(v)) && program[v].type == dtype::f64) widest = 8;
    return simd::native_bytes / static_cast<int>(widest);
  }();
  static constexpr int mask_bytes = simd::native_bytes / lanes;

  /// Arrays that vary from element to element and from row to row.
  struct transposed {
    static constexpr int size = X::program.size();
    static constexpr bool selects(int v) {
      return loaded_in_loops(v) && !schedule.keeps_for_row(v, K) && (program[v].axes & lane_axis) != 0;
    }
  };
  /// What one loop of a row keeps for the others, or for other kernels.
  struct kept_elements {
    static constexpr int size = X::program.size();
    static constexpr bool selects(int v) {
      return schedule.keeps_for_row(v, K) || arrays_of::has_loop(schedule.keep_loop[v]);
    }
  };
  struct kept_for_others {
    static constexpr int size = X::program.size();
    static constexpr bool selects(int v) { return arrays_of::has_loop(schedule.keep_loop[v]); }
  };
  struct none {
    static constexpr int size = 0;
    static constexpr bool selects(int) { return false; }
  };
  struct stored_in_loops {
    static constexpr int size = X::program.output_count;
    static constexpr bool selects(int k) { return arrays_of::has_loop(schedule.store_loop[k]); }
  };
  using brought = list_of<transposed>;
  using kept = list_of<kept_elements>;
  using passed_on = list_of<kept_for_others>;
  using placed = list_of<stored_in_loops>;

  static constexpr bool possible = [] {
    if (lanes < 4 || scan_list<X>::size > 0) return false;
    for (int v = 0; v < program.size(); ++v) {
      if (arrays_of::summed::selects(v) && (schedule.kind[v] != reduction_kind::column ||
                                            !adds_up_along(lane_dimension) || program[v].op->expands_rows_only))
        return false;
      if (arrays_of::has_loop(schedule.keep_loop[v]) && program[v].axes != kernel.domain()) return false;
    }
    for (int k = 0; k < program.output_count; ++k)
      if (stored_in_loops::selects(k) && program[program.outputs[k]].axes != kernel.domain()) return false;
    return true;
  }();

  /// Are rows computed several by several, in register tiles? Of two outer axes, one that of the lanes, each array has
  /// one, the loop is short, and rows either come to numbers or are added up to arrays that have the other axis.
  static constexpr bool tiled = [] {
    if (!possible || way_type::outer_count != 2 || lane_dimension != 0) return false;
    if (kernel.phases != 1 || kept::size > 0 || placed::size > 0) return false;
    int values = 0;
    for (int v = 0; v < program.size(); ++v) {
      values += schedule.in_loop[kernel.first_loop][v] != presence::absent;
      if (transposed::selects(v) && (program[v].axes & outer_axis(1)) != 0) return false;
      if (!arrays_of::has_loop(schedule.reduced_in[v])) continue;
      if (arrays_of::sums::size > 0 && (!arrays_of::summed::selects(v) || (program[v].axes & outer_axis(1)) == 0))
        return false;
    }
    return values <= register_tile_instructions;
  }();
  /// Sums that are gathered lane by lane.
  using columns = std::conditional_t<tiled, list_of<none>, typename arrays_of::sums>;
  static constexpr int rows_in_tile = tiled ? register_tile_rows : 1;
  static constexpr int vectors_in_tile = tiled ? register_tile_vectors : 1;

  template <dtype Type>
  struct lane : std::type_identity<simd::pack<type_of<Type>, lanes>> {};
  template <dtype Type>
    requires(Type == dtype::boolean)
  struct lane<Type> : std::type_identity<simd::mask<lanes, mask_bytes>> {};
  template <dtype Type>
  using vector_of = typename lane<Type>::type;

  static constexpr auto number_slots = [] {
    slots<X::program.size()> made;
    for (int v = 0; v < X::program.size(); ++v)
      if (is_number(v)) made.add(v, X::program[v].type);
    return made;
  }();
  static constexpr auto sum_slots = [] {
    slots<X::program.size()> made;
    for (int v = 0; v < X::program.size(); ++v)
      if (arrays_of::totalled::selects(v)) made.add(v, X::program[v].type);
    return made;
  }();
  using row_numbers = file_for<lane, number_slots>;
  using sums_of_rows = file_for<lane, sum_slots>;

  /// Elements of one vector for each element of a row.
  template <class T>
  struct buffer {
    alignas(64) T elements[static_cast<std::size_t>(lanes * band_elements)];
  };
  template <class List, template <int> class Element>
  struct buffers;
  template <int... V, template <int> class Element>
  struct buffers<ir::list<V...>, Element> {
    results<buffer<typename Element<V>::type>...> all;
    template <int W>
    auto* of() {
      return get<static_cast<std::size_t>(position_in<ir::list<V...>>(W))>(all).elements;
    }
  };
  template <int V>
  struct value_element : std::type_identity<type_of<X::program[V].type>> {};
  template <int O>
  struct output_element : value_element<X::program.outputs[O]> {};
};

/// Runs bands of kernel K.
template <class X, int K>
class band {
 protected:
  using plan = band_plan<X, K>;
  using arrays_of = kernel_arrays<X, K>;
  using way_type = walk<X, K>;
  static constexpr auto& program = X::program;
  static constexpr auto& schedule = X::schedule;
  static constexpr auto& kernel = X::schedule.kernels[K];
  static constexpr int lanes = plan::lanes;
  static constexpr std::size_t outer_count = way_type::outer_count, lane_dimension = plan::lane_dimension;
  using row_index = typename way_type::row_index;
  using totals = total_list<X, typename arrays_of::totals>;
  template <dtype Type>
  using vector_of = typename plan::template vector_of<Type>;
  template <int V>
  static constexpr auto slot = static_cast<std::size_t>(position_in<array_list<X>>(V));
  template <int V>
  static constexpr auto sum_slot = static_cast<std::size_t>(position_in<sum_list<X>>(V));
  using row_numbers = typename plan::row_numbers;
  template <int L>
  using registers = typename vectors<X, L>::template values_in<plan::template lane>;
  template <int L>
  using accumulators = typename vectors<X, L>::template accumulators_in<plan::template lane>;
  template <int L, int V>
  using reduction = typename vectors<X, L>::template reduction<V>;
  using mask = vector_of<dtype::boolean>;

 public:
  band(const way_type& way, const number_file<X>& numbers, bool stream, const group_sums<X, K>& sums)
      : way_(way), stream_(stream), sums_(sums) {
    for_each_value<copy_number<X>>(list_of<constant_numbers>{}, numbers_, numbers);
    for_each_value<clear_total>(typename arrays_of::totals{}, *this);
    std::size_t bytes = 0;
    for_each_value<measure_column>(typename plan::columns{}, *this, bytes);
    if constexpr (plan::columns::size > 0) {
      unsigned char* at = memory_.reserve(bytes);
      for_each_value<place_column>(typename plan::columns{}, *this, at);
    }
  }

  static bool worth(const way_type& way) {
    if (plan::tiled && arrays_of::sums::size > 0) return !way.strided && way.outer_extents[lane_dimension] >= lanes;
    return !way.strided && way.elements <= band_elements && way.outer_extents[lane_dimension] >= lanes;
  }

  /// Can rows be written around the caches? Those of a band lie side by side and fill whole vectors.
  static bool streams(const way_type& way) {
    bool all = outer_count == 1;
    for_each_value<check_streams>(typename plan::placed{}, way, all);
    return all;
  }

  /// The `count` rows from `index` on, one after the other along the last outer axis.
  void run(const row_index& index, int count) {
    pointers<X> arrays{};
    for_each_value<point_at_input>(typename arrays_of::loads{}, *this, arrays, index);
    for_each_value<point_at_output>(typename arrays_of::stores{}, *this, arrays, index);
    for_each_value<point_at_column>(typename plan::columns{}, *this, arrays, index);
    for_each_value<bring>(typename plan::brought{}, *this, arrays, count);
    row_numbers row;
    step<0>(arrays, index, row, count);
    [&]<int... P>(std::integer_sequence<int, P...>) __attribute__((always_inline)) {
      (phase<P>(arrays, index, row, count), ...);
    }
    (std::make_integer_sequence<int, kernel.phases>{});
    for_each_value<place>(typename plan::placed{}, *this, arrays, count);
    for_each_value<pass_on>(typename plan::passed_on{}, *this, arrays, count);
  }

  /// Adds what bands with rows from `first` to `last` have gathered, lane by lane, to `sum` and the group's sums; more
  /// bands follow if it `goes_on`.
  void flush(const row_index& first, const row_index& last, totals& sum, bool goes_on) {
    for_each_value<flush_column>(typename plan::columns{}, *this, first, last, goes_on);
    for_each_value<flush_total>(typename arrays_of::totals{}, *this, sum);
  }

 protected:
  struct constant_numbers {
    static constexpr int size = X::program.size();
    static constexpr bool selects(int v) {
      return program[v].axes == 0 && !program[v].is(op_kind::constant) && schedule.stage[v] <= kernel.stage;
    }
  };

  // --- values -----------------------------------------------------------------------------------------------------

  /// Value V as a vector of rows; L < 0: in a step.
  template <int V, int L, class Registers>
  FUSEGRAD_INLINE static auto vector(const number_file<X>& numbers, const row_numbers& row, const Registers& values) {
    constexpr dtype type = program[V].type;
    if constexpr (program[V].axes == 0) return vector_of<type>(number<X, V>(numbers));
    else if constexpr ((program[V].axes & kernel.inner) == 0) return row.template at<type, plan::number_slots.of[V]>();
    else return values.template at<type, vectors<X, L>::value_slots.of[V]>();
  }
  template <int V, int L, class Registers>
  FUSEGRAD_INLINE static auto computed(const number_file<X>& numbers, const row_numbers& row, const Registers& values) {
    constexpr dtype type = program[V].type;
    using result = vector_of<type>;
    constexpr op_kind kind = program[V].op->kind;
    if constexpr (kind == op_kind::broadcast) {
      return vector<program[V].x[0], L>(numbers, row, values);
    } else if constexpr (kind == op_kind::convert) {
      const auto x = vector<program[V].x[0], L>(numbers, row, values);
      if constexpr (type == dtype::boolean) return result(x != decltype(x)(0));
      else return simd::convert<type_of<type>>(x);
    } else {
      return [&]<std::size_t... A>(std::index_sequence<A...>) __attribute__((always_inline)) {
        using op = ir::op_type<program[V].op>;
        if constexpr (requires { op::value(vector<program[V].x[A], L>(numbers, row, values)...); })
          return result(op::value(vector<program[V].x[A], L>(numbers, row, values)...));
        else
          return simd::per_lane([](auto... x) { return op::value(x...); },
                                vector<program[V].x[A], L>(numbers, row, values)...);
      }
      (std::make_index_sequence<static_cast<std::size_t>(program[V].arity())>{});
    }
  }
  template <dtype Type, class V>
  FUSEGRAD_INLINE static auto as(V x) {
    if constexpr (std::is_same_v<V, vector_of<Type>>) return x;
    else return simd::convert<type_of<Type>>(x);
  }
  /// The lanes from `count` on become what changes no reduction of kind V.
  template <int V>
  FUSEGRAD_INLINE static auto valid(vector_of<program[V].type> x, int count) {
    using math::where;
    constexpr dtype type = program[V].type;
    constexpr auto identity = ir::op_type<program[V].op>::template identity<type_of<type>>();
    const mask is_row = mask::first(count);
    if constexpr (type == dtype::boolean) return identity ? (x || !is_row) : (x && is_row);
    else return where(is_row, x, vector_of<type>(identity));
  }

  // --- loops --------------------------------------------------------------------------------------------------------

  template <int P>
  FUSEGRAD_INLINE void phase(const pointers<X>& arrays, const row_index& index, row_numbers& row, int count) {
    constexpr int L = kernel.first_loop + P;
    loop<L>(arrays, row, count);
    step<P + 1>(arrays, index, row, count);
  }

  template <int L>
  FUSEGRAD_INLINE void loop(const pointers<X>& arrays, row_numbers& row, int count) {
    loop<L>(arrays, row, count, std::make_integer_sequence<int, vectors_in_flight(loop_plan<X, L>::values::size)>{});
  }
  template <int L, int... U>
  FUSEGRAD_INLINE void loop(const pointers<X>& caller_arrays, row_numbers& row, int count,
                            std::integer_sequence<int, U...>) {
    // copies that no store can change
    const pointers<X> arrays(caller_arrays);
    pointers<X> next(caller_arrays);
    if constexpr (fetches_ahead<L>) for_each_value<point_ahead>(typename plan::brought{}, *this, arrays, next);
    const row_numbers numbers_of_row = row;
    constexpr int in_flight = sizeof...(U);
    accumulators<L> gathered[in_flight];
    (for_each_value<reset<L>>(typename loop_plan<X, L>::totals{}, gathered[U]), ...);
    const std::ptrdiff_t n = way_.elements;
    std::ptrdiff_t e = 0;
    for (; e + in_flight <= n; e += in_flight)
      (element<L>(arrays, next, numbers_of_row, gathered[U], e + U, count), ...);
    if constexpr (in_flight > 1)
      for (; e < n; ++e) element<L>(arrays, next, numbers_of_row, gathered[0], e, count);
    merge_pairwise<merge<L>, typename loop_plan<X, L>::totals>(gathered);
    for_each_value<take_reduction<L>>(typename loop_plan<X, L>::totals{}, *this, row, gathered[0], count);
  }
  /// Several rows along another axis share what is brought in.
  template <int L>
  static constexpr bool fetches_ahead = outer_count == 1 && (kernel.phases == 1 || fetched_ahead<X, L>::fetches);
  template <int L>
  FUSEGRAD_INLINE void element(const pointers<X>& arrays, const pointers<X>& next, const row_numbers& row,
                               accumulators<L>& gathered, std::ptrdiff_t e, int count) {
    registers<L> values;
    if constexpr (fetches_ahead<L>) for_each_value<fetch_ahead>(typename plan::brought{}, next, e);
    for_each_value<compute<L>>(typename loop_plan<X, L>::values{}, *this, arrays, row, values, e);
    for_each_value<store<L>>(typename loop_plan<X, L>::outputs{}, *this, row, values, e);
    for_each_value<accumulate<L>>(typename loop_plan<X, L>::totals{}, *this, row, values, gathered);
    for_each_value<add_to_column<L>>(typename loop_plan<X, L>::columns{}, *this, arrays, row, values, e, count);
  }
  template <int L>
  struct merge {
    template <int V>
    FUSEGRAD_INLINE static void run(accumulators<L>& to, const accumulators<L>& from) {
      reduction<L, V>::merge(to, from);
    }
  };
  template <int L>
  struct reset {
    template <int V>
    FUSEGRAD_INLINE static void run(accumulators<L>& a) {
      reduction<L, V>::reset(a);
    }
  };
  template <int L>
  struct compute {
    template <int V>
    FUSEGRAD_INLINE static void run(band& b, const pointers<X>& arrays, const row_numbers& row, registers<L>& values,
                                    std::ptrdiff_t e) {
      constexpr dtype type = program[V].type;
      auto& value = values.template at<type, vectors<X, L>::value_slots.of[V]>();
      if constexpr (plan::transposed::selects(V)) {
        value = vector_of<type>::load(b.brought_.template of<V>() + e * lanes);
      } else if constexpr (schedule.keeps_for_row(V, K) && loop_plan<X, L>::loads(V)) {
        value = vector_of<type>::load(b.kept_.template of<V>() + e * lanes);
      } else if constexpr (loop_plan<X, L>::loads(V)) {
        using stored = typename stored_type<X, V>::type;
        value = vector_of<type>(static_cast<type_of<type>>(static_cast<const stored*>(arrays.in[slot<V>])[e]));
      } else if constexpr (program[V].is(op_kind::index)) {
        value = vector_of<type>(static_cast<type_of<type>>(e));
      } else {
        value = computed<V, L>(b.numbers_, row, values);
      }
      if constexpr (schedule.in_loop[L][V] == presence::kept_for_row || schedule.keep_loop[V] == L)
        value.store(b.kept_.template of<V>() + e * lanes);
    }
  };
  template <int L>
  struct store {
    template <int O>
    FUSEGRAD_INLINE static void run(band& b, const row_numbers& row, const registers<L>& values, std::ptrdiff_t e) {
      vector<program.outputs[O], L>(b.numbers_, row, values).store(b.placed_.template of<O>() + e * lanes);
    }
  };
  template <int L>
  struct accumulate {
    template <int V>
    FUSEGRAD_INLINE static void run(band& b, const row_numbers& row, const registers<L>& values, accumulators<L>& a) {
      reduction<L, V>::add(a, as<program[V].type>(vector<program[V].x[0], L>(b.numbers_, row, values)));
    }
  };
  template <int L>
  struct add_to_column {
    template <int V>
    FUSEGRAD_INLINE static void run(band& b, const pointers<X>& arrays, const row_numbers& row,
                                    const registers<L>& values, std::ptrdiff_t e, int count) {
      constexpr dtype type = program[V].type;
      using op = ir::op_type<program[V].op>;
      auto* const p = static_cast<type_of<type>*>(arrays.sum[sum_slot<V>]) + e * lanes;
      auto x = as<type>(vector<program[V].x[0], L>(b.numbers_, row, values));
      if (count < lanes) x = valid<V>(x, count);
      op::combine(vector_of<type>::load(p), x).store(p);
    }
  };
  template <int L>
  struct take_reduction {
    template <int V>
    FUSEGRAD_INLINE static void run(band& b, row_numbers& row, const accumulators<L>& a, int count) {
      constexpr dtype type = program[V].type;
      const auto x = reduction<L, V>::result(a);
      if constexpr (schedule.kind[V] == reduction_kind::row) row.template at<type, plan::number_slots.of[V]>() = x;
      else b.template add_to_total<V>(x, count);
    }
  };

  // --- steps
  // ----------------------------------------------------------------------------------------------------------

  template <int P>
  FUSEGRAD_INLINE void step(const pointers<X>& arrays, const row_index& index, row_numbers& row, int count) {
    constexpr int S = schedule.first_step(K) + P;
    for_each_value<compute_number_of_row>(list_of<step_numbers<X, S>>{}, *this, arrays, index, row, count);
    for_each_value<store_number>(list_of<stored_after<S>>{}, *this, arrays, row, count);
    for_each_value<keep_number>(list_of<kept_after<S>>{}, *this, arrays, row, count);
    for_each_value<add_number>(list_of<reduced_after<S>>{}, *this, row, count);
  }
  struct compute_number_of_row {
    template <int V>
    FUSEGRAD_INLINE static void run(band& b, const pointers<X>& arrays, const row_index& index, row_numbers& row,
                                    int count) {
      constexpr dtype type = program[V].type;
      auto& result = row.template at<type, plan::number_slots.of[V]>();
      if constexpr (plan::loads(V)) {
        using stored = typename stored_type<X, V>::type;
        const stored* const p = static_cast<const stored*>(arrays.in[slot<V>]);
        const std::ptrdiff_t stride =
            b.way_.in[slot<V>].outer[lane_dimension] / static_cast<std::ptrdiff_t>(sizeof(stored));
        if (stride == 1 && count == lanes) {
          if constexpr (type == dtype::boolean || std::is_same_v<stored, type_of<type>>)
            result = vector_of<type>::load(p);
          else result = vector_of<type>::load_as(p);
        } else {
          type_of<type> rows[lanes];
          const stored* from = p;
          for (int r = 0; r < lanes; ++r, from += r < count ? stride : 0) rows[r] = static_cast<type_of<type>>(*from);
          result = vector_of<type>::load(rows);
        }
      } else if constexpr (program[V].is(op_kind::index)) {
        constexpr std::size_t at = [] {
          std::size_t k = 0;
          while (way_type::outer_axes::value[k] != axes_of<program[V].axes>::value[0]) ++k;
          return k;
        }();
        result = vector_of<type>(static_cast<type_of<type>>(index[at]));
        if constexpr (at == lane_dimension) result = result + first_numbers<vector_of<type>>();
      } else {
        result = computed<V, -1>(b.numbers_, row, b);
      }
    }
  };
  template <int S>
  struct stored_after {
    static constexpr int size = program.output_count;
    static constexpr bool selects(int k) { return schedule.store_step[k] == S; }
  };
  struct store_number {
    template <int O>
    FUSEGRAD_INLINE static void run(band& b, const pointers<X>& arrays, const row_numbers& row, int count) {
      constexpr int v = program.outputs[O];
      scatter(vector<v, -1>(b.numbers_, row, b), static_cast<type_of<program[v].type>*>(arrays.out[O]),
              b.way_.out[O].outer[lane_dimension], count);
    }
  };
  template <int S>
  struct kept_after {
    static constexpr int size = program.size();
    static constexpr bool selects(int v) { return schedule.keep_step[v] == S; }
  };
  struct keep_number {
    template <int V>
    FUSEGRAD_INLINE static void run(band& b, const pointers<X>& arrays, const row_numbers& row, int count) {
      scatter(vector<V, -1>(b.numbers_, row, b),
              static_cast<type_of<program[V].type>*>(const_cast<void*>(arrays.in[slot<V>])),
              b.way_.in[slot<V>].outer[lane_dimension], count);
    }
  };
  /// Lanes as numbers of rows that lie `bytes` apart.
  template <class V, class T>
  FUSEGRAD_INLINE static void scatter(V x, T* p, std::ptrdiff_t bytes, int count) {
    if (bytes == static_cast<std::ptrdiff_t>(sizeof(T)) && count == lanes) return x.store(p);
    T rows[lanes];
    x.store(rows);
    unsigned char* to = reinterpret_cast<unsigned char*>(p);
    for (int r = 0; r < count; ++r, to += bytes) *reinterpret_cast<T*>(to) = rows[r];
  }
  template <int S>
  struct reduced_after {
    static constexpr int size = program.size();
    static constexpr bool selects(int v) { return schedule.reduced_after[v] == S; }
  };
  struct add_number {
    template <int V>
    FUSEGRAD_INLINE static void run(band& b, const row_numbers& row, int count) {
      const auto x = as<program[V].type>(vector<program[V].x[0], -1>(b.numbers_, row, b));
      b.template add_to_total<V>(x, count);
    }
  };

  // --- memory
  // ---------------------------------------------------------------------------------------------------------

  struct point_at_input {
    template <int V>
    FUSEGRAD_INLINE static void run(const band& b, pointers<X>& arrays, const row_index& index) {
      arrays.in[slot<V>] = way_type::at(b.way_.in[slot<V>], index);
    }
  };
  struct point_at_output {
    template <int O>
    FUSEGRAD_INLINE static void run(const band& b, pointers<X>& arrays, const row_index& index) {
      arrays.out[O] = way_type::at(b.way_.out[O], index);
    }
  };
  struct bring {
    template <int V>
    FUSEGRAD_INLINE static void run(band& b, const pointers<X>& arrays, int count) {
      using stored = typename stored_type<X, V>::type;
      if constexpr (outer_count > 1) {  // still there from the row before?
        if (b.brought_from_[slot<V>] == arrays.in[slot<V>]) return;
        b.brought_from_[slot<V>] = arrays.in[slot<V>];
      }
      bring_columns<lanes>(static_cast<const stored*>(arrays.in[slot<V>]),
                           b.way_.in[slot<V>].outer[lane_dimension] / static_cast<std::ptrdiff_t>(sizeof(stored)),
                           count, b.way_.elements, b.brought_.template of<V>());
    }
  };
  /// The next band, a vector at a time: the processor does not see that it follows this one.
  struct point_ahead {
    template <int V>
    FUSEGRAD_INLINE static void run(const band& b, const pointers<X>& arrays, pointers<X>& next) {
      next.in[slot<V>] =
          static_cast<const unsigned char*>(arrays.in[slot<V>]) + lanes * b.way_.in[slot<V>].outer[lane_dimension];
    }
  };
  struct fetch_ahead {
    template <int V>
    FUSEGRAD_INLINE static void run(const pointers<X>& next, std::ptrdiff_t e) {
      using stored = typename stored_type<X, V>::type;
      __builtin_prefetch(static_cast<const unsigned char*>(next.in[slot<V>]) +
                         e * (lanes * static_cast<std::ptrdiff_t>(sizeof(stored))));
    }
  };
  struct place {
    template <int O>
    FUSEGRAD_INLINE static void run(band& b, const pointers<X>& arrays, int count) {
      using T = type_of<program[program.outputs[O]].type>;
      const std::ptrdiff_t n = b.way_.elements,
                           stride = b.way_.out[O].outer[lane_dimension] / static_cast<std::ptrdiff_t>(sizeof(T));
      if constexpr (!std::is_same_v<T, bool>)
        if (count == lanes && (b.stream_ || (stride == n && n >= lanes)))
          return place_together<lanes>(b.placed_.template of<O>(), static_cast<T*>(arrays.out[O]), n,
                                       reinterpret_cast<T*>(b.together_), b.stream_);
      place_columns<lanes>(b.placed_.template of<O>(), static_cast<T*>(arrays.out[O]), stride, count, n);
    }
  };
  struct pass_on {
    template <int V>
    FUSEGRAD_INLINE static void run(band& b, const pointers<X>& arrays, int count) {
      using T = type_of<program[V].type>;
      place_columns<lanes>(b.kept_.template of<V>(), static_cast<T*>(const_cast<void*>(arrays.in[slot<V>])),
                           b.way_.in[slot<V>].outer[lane_dimension] / static_cast<std::ptrdiff_t>(sizeof(T)), count,
                           b.way_.elements);
    }
  };
  struct check_streams {
    template <int O>
    static void run(const way_type& way, bool& all) {
      constexpr auto bytes = static_cast<std::ptrdiff_t>(sizeof(type_of<program[program.outputs[O]].type>));
      all = all && way.out[O].outer[0] == way.elements * bytes && bytes * lanes % simd::native_bytes == 0 &&
            reinterpret_cast<std::uintptr_t>(way.out[O].base) % simd::native_bytes == 0;
    }
  };
  // totals: a vector each
  template <int V>
  FUSEGRAD_INLINE void add_to_total(vector_of<program[V].type> x, int count) {
    auto& total = totals_.template at<program[V].type, plan::sum_slots.of[V]>();
    if (count < lanes) x = valid<V>(x, count);
    total = ir::op_type<program[V].op>::combine(total, x);
  }
  struct clear_total {
    template <int V>
    static void run(band& b) {
      constexpr dtype type = program[V].type;
      b.totals_.template at<type, plan::sum_slots.of[V]>() =
          vector_of<type>(ir::op_type<program[V].op>::template identity<type_of<type>>());
    }
  };
  struct flush_total {
    template <int V>
    static void run(band& b, totals& sum) {
      const auto& total = b.totals_.template at<program[V].type, plan::sum_slots.of[V]>();
      sum.template of<V>().add(across_lanes<ir::op_type<program[V].op>>(total));
      clear_total::template run<V>(b);
    }
  };

  // columns: a vector for each element of an array of sums, added up across lanes when they are flushed
  template <int V>
  using summed = array_of_sums<X, K, V>;
  template <int V>
  auto* column() const {
    return static_cast<typename summed<V>::narrow*>(columns_[sum_slot<V>]);
  }
  struct measure_column {
    template <int V>
    static void run(const band& b, std::size_t& bytes) {
      bytes += aligned_bytes(b.sums_.template part<V>().size() * lanes * sizeof(typename summed<V>::narrow));
    }
  };
  struct place_column {
    template <int V>
    static void run(band& b, unsigned char*& at) {
      b.columns_[sum_slot<V>] = at;
      std::size_t bytes = 0;
      measure_column::template run<V>(b, bytes);
      at += bytes;
      clear_column<V>(b, 0, static_cast<std::ptrdiff_t>(b.sums_.template part<V>().size()));
    }
  };
  struct point_at_column {
    template <int V>
    FUSEGRAD_INLINE static void run(const band& b, pointers<X>& arrays, const row_index& index) {
      const std::ptrdiff_t at = summed<V>::offset(b.way_, index) - b.sums_.template part<V>().begin;
      arrays.sum[sum_slot<V>] = b.column<V>() + at * lanes;
    }
  };
  template <int V>
  static void clear_column(const band& b, std::ptrdiff_t first, std::ptrdiff_t last) {
    using T = typename summed<V>::narrow;
    T* const p = b.column<V>();
    for (std::ptrdiff_t i = first * lanes; i < last * lanes; ++i) p[i] = summed<V>::op::template identity<T>();
  }
  struct flush_column {
    template <int V>
    static void run(const band& b, const row_index& first, const row_index& last, bool goes_on) {
      using op = typename summed<V>::op;
      const element_range some = summed<V>::reached(b.way_, first, last);
      const std::ptrdiff_t begin = b.sums_.template part<V>().begin;
      auto* const to = b.sums_.template begin<V>();
      const auto* const from = b.column<V>();
      for (std::ptrdiff_t i = some.begin - begin; i < some.end - begin; ++i)
        to[i] = op::combine(to[i], across_lanes<op>(vector_of<program[V].type>::load(from + i * lanes)));
      if (goes_on) clear_column<V>(b, some.begin - begin, some.end - begin);
    }
  };

  const way_type& way_;
  const bool stream_;
  const group_sums<X, K>& sums_;
  number_file<X> numbers_;
  typename plan::sums_of_rows totals_;
  typename plan::template buffers<typename plan::brought, plan::template value_element> brought_;
  typename plan::template buffers<typename plan::kept, plan::template value_element> kept_;
  typename plan::template buffers<typename plan::placed, plan::template output_element> placed_;
  void* columns_[pointers<X>::sums > 0 ? pointers<X>::sums : 1]{};
  borrowed_workspace memory_;
  const void* brought_from_[pointers<X>::ins > 0 ? pointers<X>::ins : 1]{};
  alignas(64) unsigned char together_[plan::placed::size > 0 ? std::size_t{8} * lanes* band_elements : 1];
};

}  // namespace FUSEGRAD_ISA
}  // namespace fusegrad::cpu
