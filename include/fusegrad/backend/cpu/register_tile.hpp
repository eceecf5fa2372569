// Register tiles: several vectors of rows along one outer axis by several rows along the other one, computed together,
// so that what they have in common is read once and what they come to stays in registers. Products of matrices,
// sum(unsqueeze(x, axis<-2>) * w, axis<-1>), and their gradients are such kernels. Where each row comes to numbers,
// vectors are of rows, as in bands; where rows are added up to arrays, of elements.
#pragma once

#include "band.hpp"

namespace fusegrad::cpu {
inline namespace FUSEGRAD_ISA {

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
  static constexpr bool adds_up = arrays_of::sums::size > 0;
  template <int V>
  static constexpr auto slot = static_cast<std::size_t>(position_in<array_list<X>>(V));
  template <int V>
  static constexpr auto sum_slot = static_cast<std::size_t>(position_in<sum_list<X>>(V));
  template <dtype Type>
  using vector_of_type = typename plan::template vector_of<Type>;
  using row_index = typename way_type::row_index;
  using row_numbers = typename plan::row_numbers;
  using registers = typename rows_alone::template registers<L>;
  using accumulators = typename rows_alone::template accumulators<L>;
  static constexpr int width = loop_plan<X, L>::lanes;
  template <int V>
  using element_of = type_of<program[V].type>;

 public:
  /// Rows along the lanes' axis that are computed together.
  static constexpr std::ptrdiff_t lane_rows = lanes * vectors_of_rows;
  /// What a run adds to each sum in the type of its result.
  static constexpr std::ptrdiff_t additions = adds_up ? lane_rows : vectors_of_rows;

  register_tile(const way_type& way, const number_file<X>& numbers, bool stream, const group_sums<X, K>& sums)
      : rows_alone(way, numbers, stream, sums) {
    std::size_t bytes = 0;
    if constexpr (!adds_up) for_each_value<place_brought>(typename plan::brought{}, *this, bytes);
    for_each_value<place_numbers>(loaded_numbers_list{}, *this, bytes);
    for_each_value<place_numbers>(kept_numbers_list{}, *this, bytes);
    for_each_value<place_output>(stored_numbers_list{}, *this, bytes);
    held_ = tile_memory_.reserve(bytes);
  }

  /// All rows of which the position along the lanes' axis is one of the `count` from `first` on.
  /// `sums`: where arrays of sums begin.
  void run(std::ptrdiff_t first, std::ptrdiff_t count, const pointers<X>& sums) {
    for (int b = 0; b < vectors_of_rows; ++b) {
      const std::ptrdiff_t left = count - b * lanes;
      counts_[b] = static_cast<int>(left < 0 ? 0 : left < lanes ? left : lanes);
      begin_[b] = left > 0 ? first + b * lanes : first + count - 1;  // where there is no row, the last one again
    }
    if constexpr (!adds_up) for_each_value<bring>(typename plan::brought{}, *this);
    for_each_value<bring_numbers>(loaded_numbers_list{}, *this);
    for (std::ptrdiff_t other = 0; other < others(); other += other_rows) run_parts(other, sums);
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
  void run_parts(std::ptrdiff_t other, const pointers<X>& sums) {
    part(&all)[parts] = parts_;
    bool plain = adds_up || counts_[vectors_of_rows - 1] == lanes;
    for (int p = 0; p < parts; ++p) {
      part& here = all[p];
      const std::ptrdiff_t row = other + row_of(p);
      here.index = {begin_[vector_of(p)], row < others() ? row : others() - 1};
      here.count = row < others() ? counts_[vector_of(p)] : 0;
      for_each_value<point_at_input>(typename arrays_of::loads{}, *this, here, p);
      for_each_value<point_at_output>(typename arrays_of::stores{}, *this, here);
      if (counts_[vector_of(p)] == 0) continue;
      step<0>(here, p);
      for_each_value<check_condition>(conditions_list{}, here.row, plain);
    }
    if constexpr (adds_up) for_each_value<add_up>(typename arrays_of::sums{}, *this, all, sums, other, plain);
    else if (plain) run_loop(all, std::make_integer_sequence<int, parts>{});
    else run_loop_part_by_part(all);
    for (int p = 0; p < parts; ++p)
      if (all[p].count > 0) step<1>(all[p], p);
  }

  /// The loop where all rows are there, and all conditions that do not vary along them hold.
  template <int... P>
  [[gnu::noinline]] void run_loop(part (&all)[parts], std::integer_sequence<int, P...>) {
    // copies that no store can change
    pointers<X> arrays[parts];
    (for_each_value<take_pointer<P>>(typename arrays_of::loads{}, arrays[P], all), ...);
    row_numbers rows[parts];
    (for_each_value<copy_row_number>(list_of<numbers_in_loop>{}, rows[P], all[P].row), ...);
    accumulators gathered[parts];
    (for_each_value<typename rows_alone::template reset<L>>(typename loop_plan<X, L>::totals{}, gathered[P]), ...);
    const std::ptrdiff_t n = this->way_.elements;
    for (std::ptrdiff_t e = 0; e < n; ++e) {
      registers values[parts];
      (for_each_value<compute>(typename loop_plan<X, L>::values{}, *this, arrays[P], rows[P], values[P], e), ...);
      (for_each_value<typename rows_alone::template accumulate<L>>(typename loop_plan<X, L>::totals{}, *this, rows[P],
                                                                   values[P], gathered[P]),
       ...);
    }
    (for_each_value<typename rows_alone::template take_reduction<L>>(typename loop_plan<X, L>::totals{}, *this,
                                                                     all[P].row, gathered[P], all[P].count),
     ...);
  }
  /// The loop as it is.
  [[gnu::noinline]] void run_loop_part_by_part(part (&all)[parts]) {
    for (int p = 0; p < parts; ++p) {
      part& here = all[p];
      if (here.count == 0) continue;
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
  static constexpr bool selects_by_row(int v) { return fusegrad::cpu::selects_by_row<X, L>(v); }
  struct conditions {
    static constexpr int size = program.size();
    static constexpr bool selects(int condition) {
      for (int v = 0; v < program.size(); ++v)
        if (schedule.in_loop[L][v] != presence::absent && selects_by_row(v) && program[v].x[0] == condition)
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

  /// What parts have in common they point to alike, so that the compiler sees it.
  template <int Part>
  struct take_pointer {
    template <int V>
    FUSEGRAD_INLINE static void run(pointers<X>& arrays, const part (&all)[parts]) {
      arrays.in[slot<V>] = all[first_like(Part, program[V].axes)].arrays.in[slot<V>];
    }
  };
  struct compute {
    template <int V>
    FUSEGRAD_INLINE static void run(register_tile& t, const pointers<X>& arrays, const row_numbers& row,
                                    registers& values, std::ptrdiff_t e) {
      constexpr dtype type = program[V].type;
      if constexpr (selects_by_row(V))
        values.template at<type, vectors<X, L>::value_slots.of[V]>() =
            rows_alone::template vector<program[V].x[1], L>(t.numbers_, row, values);
      else compute_any::template run<V>(t, arrays, row, values, e);
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
  // --- rows that are added up -------------------------------------------------------------------------------------

  /// A number of row `lane` of a vector of rows, from memory.
  struct take_lane {
    template <int V>
    FUSEGRAD_INLINE static void run(number_file<X>& to, const row_numbers& rows, int lane) {
      constexpr dtype type = program[V].type;
      const auto& all = rows.template at<type, plan::number_slots.of[V]>();
      auto& number = to.template at<type, number_slots<X>.of[V]>();
      if constexpr (type == dtype::boolean) number = all[lane];
      else
        __builtin_memcpy(&number,
                         reinterpret_cast<const unsigned char*>(&all) + sizeof number * static_cast<std::size_t>(lane),
                         sizeof number);
    }
  };
  template <axis_set Axes, bool In>
  struct varies {
    static constexpr int size = program.size();
    static constexpr bool selects(int v) {
      return schedule.in_loop[L][v] != presence::absent && ((program[v].axes & Axes) != 0) == In;
    }
  };
  using common_values = list_of<varies<other_axis, false>>;
  using own_values = list_of<varies<other_axis, true>>;

  /// Adds the rows of a tile to the array that reduction V is.
  struct add_up {
    template <int V>
    static void run(register_tile& t, const part (&all)[parts], const pointers<X>& sums, std::ptrdiff_t other,
                    bool plain) {
      const std::ptrdiff_t stride = packed_stride<program[V].axes>(t.way_.extents, way_type::outer_axes::value[1]);
      auto* const to = static_cast<element_of<V>*>(sums.sum[sum_slot<V>]) + other * stride;
      if (plain && other + other_rows <= t.others()) return t.template add_rows<V, true, other_rows>(all, to, stride);
      for (int r = 0; r < other_rows && other + r < t.others(); ++r)
        t.template add_rows<V, false, 1>(all + r, to + r * stride, stride);
    }
  };
  template <int V, bool Plain, int Rows>
  [[gnu::noinline]] void add_rows(const part* first, element_of<V>* to, std::ptrdiff_t stride) {
    const std::ptrdiff_t n = this->way_.elements;
    std::ptrdiff_t at = 0;
    if constexpr (Plain)
      for (; at + 2 * width <= n; at += 2 * width)
        add_elements<V, Plain, extent_of_vector::whole, 2>(first, to, stride, at, width,
                                                           std::make_integer_sequence<int, Rows * 2>{});
    for (; at + width <= n; at += width)
      add_elements<V, Plain, extent_of_vector::whole, 1>(first, to, stride, at, width,
                                                         std::make_integer_sequence<int, Rows>{});
    if (at < n)
      add_elements<V, Plain, extent_of_vector::partial, 1>(first, to, stride, at, static_cast<int>(n - at),
                                                           std::make_integer_sequence<int, Rows>{});
  }
  /// Some vectors of elements, from `at` on, of some rows along the other axis: sum U is of vector U % Vectors of row
  /// U / Vectors.
  template <int V, bool Plain, extent_of_vector Extent, int Vectors, int... U>
  FUSEGRAD_INLINE void add_elements(const part* first, element_of<V>* to, std::ptrdiff_t stride, std::ptrdiff_t at,
                                    int count, std::integer_sequence<int, U...> all) {
    using sum_type = typename vectors<X, L>::template of<program[V].type>;
    constexpr bool whole = Extent == extent_of_vector::whole;
    auto place = [&](int u) { return to + u / Vectors * stride + at + u % Vectors * width; };
    sum_type sums[] = {whole ? sum_type::load(place(U)) : sum_type::load(place(U), count)...};
    for (int b = 0; b < vectors_of_rows && counts_[b] > 0; ++b)
      for (int lane = 0; lane < counts_[b]; ++lane)
        add_row<V, Plain, Extent, Vectors>(first + b * other_rows, lane, sums, at, count, all);
    (store_sum<whole>(sums[U], place(U), count), ...);
  }
  template <bool Whole, class Sum, class T>
  FUSEGRAD_INLINE static void store_sum(Sum sum, T* to, int count) {
    if constexpr (Whole) sum.store(to);
    else sum.store(to, count);
  }
  template <int V, bool Plain, extent_of_vector Extent, int Vectors, class Sum, int... U>
  FUSEGRAD_INLINE void add_row(const part* first, int lane, Sum (&sums)[sizeof...(U)], std::ptrdiff_t at, int count,
                               std::integer_sequence<int, U...>) {
    using body = loop_body<X, L, Extent, Plain ? elements_of_row::alike : elements_of_row::all>;
    using registers_of_loop = typename vectors<X, L>::values;
    constexpr int rows = static_cast<int>(sizeof...(U)) / Vectors;
    pointers<X> arrays[rows];
    number_file<X> numbers[rows];
    (point_at_row<U, Vectors>(first, lane, arrays, numbers), ...);
    registers_of_loop values[sizeof...(U)];
    (compute_common<body, U, Vectors>(numbers[0], arrays[0], values, at + U % Vectors * width, count), ...);
    (compute_own<body>(numbers[U / Vectors], arrays[U / Vectors], values[U], at + U % Vectors * width, count), ...);
    ((sums[U] =
          ir::op_type<program[V].op>::combine(sums[U], body::template operand<V>(numbers[U / Vectors], values[U]))),
     ...);
  }
  template <int U, int Vectors, int Rows>
  FUSEGRAD_INLINE void point_at_row(const part* first, int lane, pointers<X> (&arrays)[Rows],
                                    number_file<X> (&numbers)[Rows]) {
    if constexpr (U % Vectors == 0) {
      constexpr int r = U / Vectors;
      for_each_value<point_at_lane<r>>(typename arrays_of::loads{}, *this, arrays[r], first, lane);
      for_each_value<copy_number<X>>(list_of<typename rows_alone::constant_numbers>{}, numbers[r], this->numbers_);
      for_each_value<take_lane>(list_of<numbers_in_loop>{}, numbers[r], first[r].row, lane);
    }
  }
  template <int R>
  struct point_at_lane {
    template <int V>
    FUSEGRAD_INLINE static void run(const register_tile& t, pointers<X>& arrays, const part* first, int lane) {
      const auto* p =
          static_cast<const unsigned char*>(first[(program[V].axes & other_axis) != 0 ? R : 0].arrays.in[slot<V>]);
      if constexpr ((program[V].axes & lane_axis) != 0) p += lane * t.way_.in[slot<V>].outer[lane_dimension];
      arrays.in[slot<V>] = p;
    }
  };
  /// What does not vary along the other axis is computed for the first row along it.
  template <class Body, int U, int Vectors, int Count>
  FUSEGRAD_INLINE static void compute_common(const number_file<X>& numbers, const pointers<X>& arrays,
                                             typename vectors<X, L>::values (&values)[Count], std::ptrdiff_t at,
                                             int count) {
    if constexpr (U < Vectors) for_each_value<own_value<Body>>(common_values{}, numbers, arrays, values[U], at, count);
    else for_each_value<share_value>(common_values{}, values[U], values[U % Vectors]);
  }
  template <class Body>
  FUSEGRAD_INLINE static void compute_own(const number_file<X>& numbers, const pointers<X>& arrays,
                                          typename vectors<X, L>::values& values, std::ptrdiff_t at, int count) {
    for_each_value<own_value<Body>>(own_values{}, numbers, arrays, values, at, count);
  }
  struct share_value {
    template <int V, class Values>
    FUSEGRAD_INLINE static void run(Values& to, const Values& from) {
      constexpr dtype type = program[V].type;
      constexpr int at = vectors<X, L>::value_slots.of[V];
      to.template at<type, at>() = from.template at<type, at>();
    }
  };
  template <class Body>
  struct own_value {
    template <int V, class Values>
    FUSEGRAD_INLINE static void run(const number_file<X>& numbers, const pointers<X>& arrays, Values& values,
                                    std::ptrdiff_t at, int count) {
      Body::compute::template run<V>(numbers, arrays, values, at, count);
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
          result = vector_of_type<type>::load(t.of_part(t.template held<V>(), here, p));
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
          rows_alone::template vector<program.outputs[O], -1>(t.numbers_, here.row, t)
              .store(t.of_part(t.template held_output<O>(), here, p));
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
          rows_alone::template vector<V, -1>(t.numbers_, here.row, t).store(t.of_part(t.template held<V>(), here, p));
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
  FUSEGRAD_INLINE T* of_part(T* numbers, const part& here, int p) const {
    return numbers + (vector_of(p) * others() + here.index[other_dimension]) * lanes;
  }

  /// Room for n vectors of numbers for each vector of rows.
  template <class T>
  static void place(std::size_t& offset, std::ptrdiff_t n, std::size_t& bytes) {
    offset = bytes;
    bytes += aligned_bytes(static_cast<std::size_t>(lane_rows * n) * sizeof(T));
  }
  struct place_brought {
    template <int V>
    static void run(register_tile& t, std::size_t& bytes) {
      place<element_of<V>>(t.held_inputs_[slot<V>], t.way_.elements, bytes);
    }
  };
  struct place_numbers {
    template <int V>
    static void run(register_tile& t, std::size_t& bytes) {
      place<element_of<V>>(t.held_inputs_[slot<V>], t.others(), bytes);
    }
  };
  struct place_output {
    template <int O>
    static void run(register_tile& t, std::size_t& bytes) {
      place<output_type<O>>(t.held_outputs_[O], t.others(), bytes);
    }
  };
  template <int V>
  FUSEGRAD_INLINE auto* held() const {
    return reinterpret_cast<element_of<V>*>(held_ + held_inputs_[slot<V>]);
  }
  template <int O>
  FUSEGRAD_INLINE auto* held_output() const {
    return reinterpret_cast<output_type<O>*>(held_ + held_outputs_[O]);
  }

  /// Brings n elements of each row of an array into columns, a block of them for each vector of rows.
  template <class S, class T>
  void bring_all(const typename way_type::line_type& array, std::ptrdiff_t n, T* to) const {
    const std::ptrdiff_t bytes = array.outer[lane_dimension];
    for (int b = 0; b < vectors_of_rows && counts_[b] > 0; ++b)
      bring_columns<lanes>(reinterpret_cast<const S*>(array.base + begin_[b] * bytes),
                           bytes / static_cast<std::ptrdiff_t>(sizeof(S)), counts_[b], n, to + b * n * lanes);
  }
  template <class T>
  void write_all(const T* from, std::ptrdiff_t n, const typename way_type::line_type& array) const {
    const std::ptrdiff_t bytes = array.outer[lane_dimension];
    for (int b = 0; b < vectors_of_rows && counts_[b] > 0; ++b)
      place_columns<lanes>(from + b * n * lanes, reinterpret_cast<T*>(array.base + begin_[b] * bytes),
                           bytes / static_cast<std::ptrdiff_t>(sizeof(T)), counts_[b], n);
  }
  struct bring {
    template <int V>
    static void run(const register_tile& t) {
      t.template bring_all<typename stored_type<X, V>::type>(t.way_.in[slot<V>], t.way_.elements, t.template held<V>());
    }
  };
  struct bring_numbers {
    template <int V>
    static void run(const register_tile& t) {
      using stored = typename stored_type<X, V>::type;
      if (t.side_by_side(t.way_.in[slot<V>], sizeof(stored)))
        t.template bring_all<stored>(t.way_.in[slot<V>], t.others(), t.template held<V>());
    }
  };
  struct write_kept {
    template <int V>
    static void run(const register_tile& t) {
      if (t.side_by_side(t.way_.in[slot<V>], sizeof(element_of<V>)))
        t.write_all(t.template held<V>(), t.others(), t.way_.in[slot<V>]);
    }
  };
  struct write_output {
    template <int O>
    static void run(const register_tile& t) {
      if (t.side_by_side(t.way_.out[O], sizeof(output_type<O>)))
        t.write_all(t.template held_output<O>(), t.others(), t.way_.out[O]);
    }
  };

  struct point_at_input {
    template <int V>
    FUSEGRAD_INLINE static void run(const register_tile& t, part& here, int p) {
      if constexpr (!adds_up && plan::transposed::selects(V))
        here.arrays.in[slot<V>] = t.template held<V>() + vector_of(p) * lanes * t.way_.elements;
      else here.arrays.in[slot<V>] = way_type::at(t.way_.in[slot<V>], here.index);
    }
  };
  struct point_at_output {
    template <int O>
    FUSEGRAD_INLINE static void run(const register_tile& t, part& here) {
      here.arrays.out[O] = way_type::at(t.way_.out[O], here.index);
    }
  };
  part parts_[parts];
  int counts_[vectors_of_rows]{};            ///< rows of each vector that are there
  std::ptrdiff_t begin_[vectors_of_rows]{};  ///< the first of them
  unsigned char* held_ = nullptr;
  // where in it
  std::size_t held_inputs_[pointers<X>::ins > 0 ? pointers<X>::ins : 1]{};
  std::size_t held_outputs_[pointers<X>::outs > 0 ? pointers<X>::outs : 1]{};
  borrowed_workspace tile_memory_;
};

}  // namespace FUSEGRAD_ISA
}  // namespace fusegrad::cpu
