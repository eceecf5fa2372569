// Register tiles of bands: several vectors of rows along one outer axis by several rows along the other one, computed
// together, so that what they have in common is read once and what they come to stays in registers. Products of
// matrices, sum(unsqueeze(x, axis<-2>) * w, axis<-1>), and their gradients are such kernels.
#pragma once

#include "band.hpp"

namespace fusegrad::cpu {

/// Runs register tiles of kernel K, whose rows have two outer axes: that of the lanes and the other one.
template <class X, int K>
class register_tile : public band<X, K> {
  using rows_alone = band<X, K>;
  using plan = band_plan<X, K>;
  using way_type = walk<X, K>;
  using arrays_of = kernel_arrays<X, K>;
  static constexpr auto& program = X::program;
  static constexpr auto& schedule = X::schedule;
  static constexpr auto& kernel = X::schedule.kernels[K];
  static constexpr int lanes = plan::lanes, vectors_of_rows = plan::vectors_in_tile, other_rows = plan::rows_in_tile;
  static constexpr int parts = vectors_of_rows * other_rows, L = kernel.first_loop;
  static constexpr axis_set lane_axis = plan::lane_axis, other_axis = plan::outer_axis(1);
  static constexpr std::size_t lane_dimension = 0, other_dimension = 1;
  template <int V>
  static constexpr auto slot = static_cast<std::size_t>(position_in<array_list<X>>(V));
  template <int V>
  static constexpr auto sum_slot = static_cast<std::size_t>(position_in<sum_list<X>>(V));
  template <dtype Type>
  using vector_of_type = typename plan::template vector_of<Type>;
  using row_index = std::array<std::ptrdiff_t, way_type::outer_count>;
  using row_numbers = typename plan::row_numbers;
  using registers = typename rows_alone::template registers<L>;
  using accumulators = typename rows_alone::template accumulators<L>;
  template <int V>
  using element_of = type_of<program[V].type>;

 public:
  /// Rows along the lanes' axis that are computed together.
  static constexpr std::ptrdiff_t lane_rows = lanes * vectors_of_rows;

  register_tile(const way_type& way, const number_file<X>& numbers) : rows_alone(way, numbers, false) {
    std::size_t bytes = 0;
    for_each_value<measure_brought>(typename plan::brought{}, *this, bytes);
    for_each_value<measure_numbers>(loaded_numbers_list{}, *this, bytes);
    for_each_value<measure_numbers>(kept_numbers_list{}, *this, bytes);
    for_each_value<measure_output>(stored_numbers_list{}, *this, bytes);
    unsigned char* at = tile_memory_.reserve(bytes);
    for_each_value<place_brought>(typename plan::brought{}, *this, at);
    for_each_value<place_numbers>(loaded_numbers_list{}, *this, at);
    for_each_value<place_numbers>(kept_numbers_list{}, *this, at);
    for_each_value<place_output>(stored_numbers_list{}, *this, at);
  }

  /// All rows of which the position along the lanes' axis is one of the `count` from `first` on.
  void run(std::ptrdiff_t first, std::ptrdiff_t count) {
    for (int b = 0; b < vectors_of_rows; ++b) {
      const std::ptrdiff_t left = count - b * lanes;
      counts_[b] = static_cast<int>(left < 0 ? 0 : left < lanes ? left : lanes);
      begin_[b] = left > 0 ? first + b * lanes : first + count - 1;  // where there is no row, the last one again
    }
    for_each_value<bring>(typename plan::brought{}, *this);
    for_each_value<bring_numbers>(loaded_numbers_list{}, *this);
    for (std::ptrdiff_t other = 0; other < others(); other += other_rows) run_parts(other);
    for_each_value<write_kept>(kept_numbers_list{}, *this);
    for_each_value<write_output>(stored_numbers_list{}, *this);
  }

 private:
  std::ptrdiff_t others() const { return this->way_.outer_extents[other_dimension]; }
  // A part is a vector of rows; parts with the same vector come one after the other.
  static constexpr int vector_of(int part) { return part / other_rows; }
  static constexpr int row_of(int part) { return part % other_rows; }
  /// The first of the parts for which what has these axes is the same.
  static constexpr int first_like(int part, axis_set axes) {
    return ((axes & lane_axis) != 0 ? vector_of(part) * other_rows : 0) + ((axes & other_axis) != 0 ? row_of(part) : 0);
  }

  // --- one tile ---------------------------------------------------------------------------------------------------

  struct part {
    pointers<X> arrays;
    row_numbers row;
    row_index index;
    int count;  ///< rows that are there
  };
  void run_parts(std::ptrdiff_t other) {
    part all[parts];
    bool plain = counts_[vectors_of_rows - 1] == lanes;
    for (int p = 0; p < parts; ++p) {
      part& here = all[p];
      const std::ptrdiff_t row = other + row_of(p);
      here.index = {begin_[vector_of(p)], row < others() ? row : others() - 1};
      here.count = row < others() ? counts_[vector_of(p)] : 0;
      for_each_value<point_at_input>(typename arrays_of::loads{}, *this, here, p);
      for_each_value<point_at_output>(typename arrays_of::stores{}, *this, here);
      for_each_value<point_at_column>(typename plan::columns{}, *this, here, other, p);
      step<0>(here, p);
      for_each_value<check_condition>(conditions_list{}, here.row, plain);
    }
    if (plain) run_loop(all, std::make_integer_sequence<int, parts>{});
    else run_loop_part_by_part(all);
    for (int p = 0; p < parts; ++p) step<1>(all[p], p);
  }

  /// The loop where all rows are there, and all conditions that do not vary along them hold.
  template <int... P>
  [[gnu::noinline]] void run_loop(part (&all)[parts], std::integer_sequence<int, P...>) {
    // copies that no store can change
    const pointers<X> arrays[parts] = {pointers<X>(all[P].arrays)...};
    row_numbers rows[parts];
    (for_each_value<copy_row_number>(list_of<numbers_in_loop>{}, rows[P], all[P].row), ...);
    accumulators gathered[parts];
    (for_each_value<typename rows_alone::template reset<L>>(typename loop_plan<X, L>::totals{}, gathered[P]), ...);
    const std::ptrdiff_t n = this->way_.elements;
    for (std::ptrdiff_t e = 0; e < n; ++e) {
      registers values[parts];
      (for_each_value<compute<P>>(typename loop_plan<X, L>::values{}, *this, arrays, rows[P], values[P], e), ...);
      (for_each_value<typename rows_alone::template accumulate<L>>(typename loop_plan<X, L>::totals{}, *this, rows[P],
                                                                   values[P], gathered[P]),
       ...);
      for_each_value<add_to_columns>(typename loop_plan<X, L>::columns{}, *this, arrays, rows, values, e);
    }
    (for_each_value<typename rows_alone::template take_reduction<L>>(typename loop_plan<X, L>::totals{}, *this,
                                                                     all[P].row, gathered[P], all[P].count),
     ...);
  }
  /// The loop as it is.
  [[gnu::noinline]] void run_loop_part_by_part(part (&all)[parts]) {
    for (int p = 0; p < parts; ++p) {
      part& here = all[p];
      accumulators gathered;
      for_each_value<typename rows_alone::template reset<L>>(typename loop_plan<X, L>::totals{}, gathered);
      for (std::ptrdiff_t e = 0; e < this->way_.elements; ++e) {
        registers values;
        for_each_value<compute_any>(typename loop_plan<X, L>::values{}, *this, here.arrays, here.row, values, e);
        for_each_value<typename rows_alone::template accumulate<L>>(typename loop_plan<X, L>::totals{}, *this, here.row,
                                                                    values, gathered);
        for_each_value<typename rows_alone::template add_to_column<L>>(
            typename loop_plan<X, L>::columns{}, *this, here.arrays, here.row, values, e, counts_[vector_of(p)]);
      }
      for_each_value<typename rows_alone::template take_reduction<L>>(typename loop_plan<X, L>::totals{}, *this,
                                                                      here.row, gathered, here.count);
    }
  }

  /// Conditions, numbers of rows, by which elements of the loop are one of two values.
  static constexpr bool is_number(int v) { return program[v].axes != 0 && (program[v].axes & kernel.inner) == 0; }
  static constexpr bool selects_by_row(int v) {
    return program[v].op == &ir::info<where_t> && is_number(program[v].x[0]);
  }
  struct conditions {
    static constexpr int size = program.size();
    static constexpr bool selects(int condition) {
      for (int v = 0; v < program.size(); ++v)
        if (schedule.in_loop[L][v] == presence::computed && selects_by_row(v) && program[v].x[0] == condition)
          return true;
      return false;
    }
  };
  using conditions_list = list_of<conditions>;
  struct check_condition {
    template <int V>
    FUSEGRAD_INLINE static void run(const row_numbers& row, bool& all) {
      all = all && !simd::any_lane(!row.template at<dtype::boolean, plan::number_slots.of[V]>());
    }
  };
  /// The numbers of rows that the loop takes.
  struct numbers_in_loop {
    static constexpr int size = program.size();
    static constexpr bool selects(int number) {
      if (!is_number(number)) return false;
      for (int v = 0; v < program.size(); ++v)
        if (schedule.in_loop[L][v] == presence::computed || schedule.reduced_in[v] == L)
          for (int k = 0; k < program[v].arity(); ++k)
            if (program[v].x[k] == number) return true;
      return false;
    }
  };
  struct copy_row_number {
    template <int V>
    FUSEGRAD_INLINE static void run(row_numbers& to, const row_numbers& from) {
      constexpr dtype type = program[V].type;
      to.template at<type, plan::number_slots.of[V]>() = from.template at<type, plan::number_slots.of[V]>();
    }
  };

  template <int Part>
  struct compute {
    template <int V>
    FUSEGRAD_INLINE static void run(register_tile& t, const pointers<X> (&arrays)[parts], const row_numbers& row,
                                    registers& values, std::ptrdiff_t e) {
      constexpr dtype type = program[V].type;
      if constexpr (selects_by_row(V))
        values.template at<type, vectors<X, L>::value_slots.of[V]>() =
            rows_alone::template vector<program[V].x[1], L>(t.numbers_, row, values);
      else compute_any::template run<V>(t, arrays[first_like(Part, program[V].axes)], row, values, e);
    }
  };
  struct compute_any {
    template <int V>
    FUSEGRAD_INLINE static void run(register_tile& t, const pointers<X>& arrays, const row_numbers& row,
                                    registers& values, std::ptrdiff_t e) {
      constexpr dtype type = program[V].type;
      if constexpr (plan::transposed::selects(V))
        values.template at<type, vectors<X, L>::value_slots.of[V]>() =
            vector_of_type<type>::load(static_cast<const type_of<type>*>(arrays.in[slot<V>]) + e * lanes);
      else rows_alone::template compute<L>::template run<V>(t, arrays, row, values, e);
    }
  };
  struct add_to_columns {
    template <int V>
    FUSEGRAD_INLINE static void run(register_tile& t, const pointers<X> (&arrays)[parts],
                                    const row_numbers (&rows)[parts], const registers (&values)[parts],
                                    std::ptrdiff_t e) {
      [&]<int... R>(std::integer_sequence<int, R...>) __attribute__((always_inline)) {
        (add<V, R>(t, arrays, rows, values, e, std::make_integer_sequence<int, vectors_of_rows>{}), ...);
      }
      (std::make_integer_sequence<int, other_rows>{});
    }
    template <int V, int Row, int... B>
    FUSEGRAD_INLINE static void add(register_tile& t, const pointers<X> (&arrays)[parts],
                                    const row_numbers (&rows)[parts], const registers (&values)[parts],
                                    std::ptrdiff_t e, std::integer_sequence<int, B...>) {
      constexpr dtype type = program[V].type;
      auto* const p = static_cast<type_of<type>*>(arrays[Row].sum[sum_slot<V>]) + e * lanes;
      auto sum = vector_of_type<type>::load(p);
      ((sum = ir::op_type<program[V].op>::combine(
            sum, rows_alone::template as<type>(rows_alone::template vector<program[V].x[0], L>(
                     t.numbers_, rows[B * other_rows + Row], values[B * other_rows + Row])))),
       ...);
      sum.store(p);
    }
  };

  // --- numbers of rows --------------------------------------------------------------------------------------------

  template <int P>
  FUSEGRAD_INLINE void step(part& here, int p) {
    constexpr int S = schedule.first_step(K) + P;
    for_each_value<compute_number>(list_of<step_numbers<X, S>>{}, *this, here, p);
    for_each_value<store_number>(list_of<typename rows_alone::template stored_after<S>>{}, *this, here, p);
    for_each_value<keep_number>(list_of<typename rows_alone::template kept_after<S>>{}, *this, here, p);
    for_each_value<typename rows_alone::add_number>(list_of<typename rows_alone::template reduced_after<S>>{}, *this,
                                                    here.row, here.count);
  }
  struct compute_number {
    template <int V>
    FUSEGRAD_INLINE static void run(register_tile& t, part& here, int p) {
      constexpr dtype type = program[V].type;
      auto& result = here.row.template at<type, plan::number_slots.of[V]>();
      if constexpr (loaded_numbers::selects(V)) {
        if (t.side_by_side(t.way_.in[slot<V>], sizeof(typename stored_type<X, V>::type))) {
          result = vector_of_type<type>::load(t.template held<element_of<V>>(t.held_[slot<V>], here, p));
          return;
        }
      }
      if constexpr (plan::loads(V) && (program[V].axes & lane_axis) == 0) {
        using stored = typename stored_type<X, V>::type;
        result = vector_of_type<type>(static_cast<type_of<type>>(*static_cast<const stored*>(here.arrays.in[slot<V>])));
      } else {
        rows_alone::compute_number_of_row::template run<V>(t, here.arrays, here.index, here.row, here.count);
      }
    }
  };
  struct store_number {
    template <int O>
    FUSEGRAD_INLINE static void run(register_tile& t, const part& here, int p) {
      if constexpr (stored_numbers::selects(O)) {
        if (t.side_by_side(t.way_.out[O], sizeof(output_type<O>))) {
          const auto x = rows_alone::template vector<program.outputs[O], -1>(t.numbers_, here.row, t);
          if (here.count > 0) x.store(t.template held<output_type<O>>(t.held_outputs_[O], here, p));
          return;
        }
      }
      rows_alone::store_number::template run<O>(t, here.arrays, here.row, here.count);
    }
  };
  struct keep_number {
    template <int V>
    FUSEGRAD_INLINE static void run(register_tile& t, const part& here, int p) {
      if constexpr (kept_numbers::selects(V)) {
        if (t.side_by_side(t.way_.in[slot<V>], sizeof(element_of<V>))) {
          const auto x = rows_alone::template vector<V, -1>(t.numbers_, here.row, t);
          if (here.count > 0) x.store(t.template held<element_of<V>>(t.held_[slot<V>], here, p));
          return;
        }
      }
      rows_alone::keep_number::template run<V>(t, here.arrays, here.row, here.count);
    }
  };

  // --- memory -----------------------------------------------------------------------------------------------------
  // Numbers with both outer axes are read and written for all rows of a vector's at once, transposed, if those along
  // the other axis lie side by side: in `held_`, for each vector of rows, one vector for each row along the other
  // axis.

  struct loaded_numbers {
    static constexpr int size = program.size();
    static constexpr bool selects(int v) {
      return plan::in_steps(v) && plan::loads(v) && (program[v].axes & kernel.outer) == kernel.outer;
    }
  };
  struct kept_numbers {
    static constexpr int size = program.size();
    static constexpr bool selects(int v) {
      return arrays_of::has_step(schedule.keep_step[v]) && program[v].axes == kernel.outer;
    }
  };
  struct stored_numbers {
    static constexpr int size = program.output_count;
    static constexpr bool selects(int k) {
      return arrays_of::has_step(schedule.store_step[k]) && program[program.outputs[k]].axes == kernel.outer;
    }
  };
  using loaded_numbers_list = list_of<loaded_numbers>;
  using kept_numbers_list = list_of<kept_numbers>;
  using stored_numbers_list = list_of<stored_numbers>;
  template <int O>
  using output_type = type_of<program[program.outputs[O]].type>;

  bool side_by_side(const typename way_type::line_type& array, std::size_t bytes) const {
    return array.outer[other_dimension] == static_cast<std::ptrdiff_t>(bytes);
  }
  template <class T>
  FUSEGRAD_INLINE T* held(void* numbers, const part& here, int p) const {
    return static_cast<T*>(numbers) + (vector_of(p) * others() + here.index[other_dimension]) * lanes;
  }

  struct measure_brought {
    template <int V>
    static void run(const register_tile& t, std::size_t& bytes) {
      bytes += aligned_bytes(static_cast<std::size_t>(lane_rows * t.way_.elements) * sizeof(element_of<V>));
    }
  };
  struct measure_numbers {
    template <int V>
    static void run(const register_tile& t, std::size_t& bytes) {
      bytes += aligned_bytes(static_cast<std::size_t>(lane_rows * t.others()) * sizeof(element_of<V>));
    }
  };
  struct measure_output {
    template <int O>
    static void run(const register_tile& t, std::size_t& bytes) {
      bytes += aligned_bytes(static_cast<std::size_t>(lane_rows * t.others()) * sizeof(output_type<O>));
    }
  };
  struct place_brought {
    template <int V>
    static void run(register_tile& t, unsigned char*& at) {
      t.held_[slot<V>] = at;
      std::size_t bytes = 0;
      measure_brought::template run<V>(t, bytes);
      at += bytes;
    }
  };
  struct place_numbers {
    template <int V>
    static void run(register_tile& t, unsigned char*& at) {
      t.held_[slot<V>] = at;
      std::size_t bytes = 0;
      measure_numbers::template run<V>(t, bytes);
      at += bytes;
    }
  };
  struct place_output {
    template <int O>
    static void run(register_tile& t, unsigned char*& at) {
      t.held_outputs_[O] = at;
      std::size_t bytes = 0;
      measure_output::template run<O>(t, bytes);
      at += bytes;
    }
  };

  /// Brings n elements of each row of an array into columns, a block of them for each vector of rows.
  template <class S, class T>
  void bring_all(const typename way_type::line_type& array, std::ptrdiff_t n, T* to) const {
    const std::ptrdiff_t bytes = array.outer[lane_dimension];
    for (int b = 0; b < vectors_of_rows; ++b)
      bring_columns<lanes>(reinterpret_cast<const S*>(array.base + begin_[b] * bytes),
                           bytes / static_cast<std::ptrdiff_t>(sizeof(S)), counts_[b] > 0 ? counts_[b] : 1, n,
                           to + b * n * lanes);
  }
  template <class T>
  void write_all(const T* from, std::ptrdiff_t n, const typename way_type::line_type& array) const {
    const std::ptrdiff_t bytes = array.outer[lane_dimension];
    for (int b = 0; b < vectors_of_rows; ++b)
      place_columns<lanes>(from + b * n * lanes, reinterpret_cast<T*>(array.base + begin_[b] * bytes),
                           bytes / static_cast<std::ptrdiff_t>(sizeof(T)), counts_[b], n);
  }
  struct bring {
    template <int V>
    static void run(const register_tile& t) {
      t.template bring_all<typename stored_type<X, V>::type>(t.way_.in[slot<V>], t.way_.elements,
                                                             static_cast<element_of<V>*>(t.held_[slot<V>]));
    }
  };
  struct bring_numbers {
    template <int V>
    static void run(const register_tile& t) {
      using stored = typename stored_type<X, V>::type;
      if (t.side_by_side(t.way_.in[slot<V>], sizeof(stored)))
        t.template bring_all<stored>(t.way_.in[slot<V>], t.others(), static_cast<element_of<V>*>(t.held_[slot<V>]));
    }
  };
  struct write_kept {
    template <int V>
    static void run(const register_tile& t) {
      if (t.side_by_side(t.way_.in[slot<V>], sizeof(element_of<V>)))
        t.write_all(static_cast<const element_of<V>*>(t.held_[slot<V>]), t.others(), t.way_.in[slot<V>]);
    }
  };
  struct write_output {
    template <int O>
    static void run(const register_tile& t) {
      if (t.side_by_side(t.way_.out[O], sizeof(output_type<O>)))
        t.write_all(static_cast<const output_type<O>*>(t.held_outputs_[O]), t.others(), t.way_.out[O]);
    }
  };

  struct point_at_input {
    template <int V>
    FUSEGRAD_INLINE static void run(const register_tile& t, part& here, int p) {
      if constexpr (plan::transposed::selects(V))
        here.arrays.in[slot<V>] =
            static_cast<element_of<V>*>(t.held_[slot<V>]) + vector_of(p) * lanes * t.way_.elements;
      else here.arrays.in[slot<V>] = way_type::at(t.way_.in[slot<V>], here.index);
    }
  };
  struct point_at_output {
    template <int O>
    FUSEGRAD_INLINE static void run(const register_tile& t, part& here) {
      here.arrays.out[O] = way_type::at(t.way_.out[O], here.index);
    }
  };
  /// Rows beyond the last one have sums of their own, behind those of the others.
  struct point_at_column {
    template <int V>
    FUSEGRAD_INLINE static void run(const register_tile& t, part& here, std::ptrdiff_t other, int p) {
      const std::ptrdiff_t stride = packed_stride<program[V].axes>(t.way_.extents, way_type::outer_axes::value[1]);
      here.arrays.sum[sum_slot<V>] =
          static_cast<element_of<V>*>(t.columns_[sum_slot<V>]) + (other + row_of(p)) * stride * lanes;
    }
  };

  int counts_[vectors_of_rows]{};            ///< rows of each vector that are there
  std::ptrdiff_t begin_[vectors_of_rows]{};  ///< the first of them
  void* held_[pointers<X>::ins > 0 ? pointers<X>::ins : 1]{};
  void* held_outputs_[pointers<X>::outs > 0 ? pointers<X>::outs : 1]{};
  borrowed_workspace tile_memory_;
};

}  // namespace fusegrad::cpu
