// The bodies of kernels: flat ones, in which threads stride over the elements, and kernels of rows, in which a warp or
// a block walks along a row. `Threads` says which thread it is and lets it meet others: on a device CUDA does, in tests
// an emulation. What is added up is added up in an order that follows from the launch alone, and without atomic sums.
#pragma once

#include "arguments.hpp"
#include "threads.hpp"

namespace fusegrad::cuda {

/// Neighbouring elements of an array, moved in one piece.
template <class T, int Width>
struct alignas(sizeof(T) * Width <= 16 ? sizeof(T) * Width : 16) packet {
  T at[Width];
};

/// What loop L of kernel K has to do with values.
template <class X, int L>
struct loop_facts {
  static constexpr axis_set inner = X::schedule.inner_of(L);
  static constexpr bool loads(int v) { return X::schedule.in_loop[L][v] == presence::loaded; }
  static constexpr bool computes(int v) {
    return X::schedule.in_loop[L][v] == presence::computed || X::schedule.in_loop[L][v] == presence::kept_for_row;
  }
  static constexpr bool reduces(int v, reduction_kind kind) {
    return X::schedule.kind[v] == kind && X::schedule.reduced_in[v] == L;
  }
  /// Is reduction V complete for a row when the loop ends?
  static constexpr bool reduces_row(int v) {
    return reduces(v, reduction_kind::row) || reduces(v, reduction_kind::scatter);
  }
  static constexpr int load_count = [] {
    int n = 0;
    for (int v = 0; v < X::program.size(); ++v) n += loads(v);
    return n;
  }();
  /// Elements that a thread moves at once: as many as 16 bytes hold of the widest type.
  static constexpr int width = [] {
    int widest = 4;
    for (int v = 0; v < X::program.size(); ++v)
      if (loads(v) || computes(v))
        if (X::program[v].type == dtype::f64 || X::program[v].type == dtype::i64) widest = 8;
    return 16 / widest;
  }();
};

/// The numbers of the call that are known when stage `Stage` begins.
template <class X, int K, int Stage>
struct compute_number {
  template <int V>
  FUSEGRAD_KERNEL static void run(value_file<X>& numbers, const kernel_arguments<X, K>& arguments) {
    if constexpr (X::program[V].axes == 0 && X::schedule.stage[V] <= Stage && !X::program[V].is(op_kind::constant)) {
      if constexpr (given_numbers<X>::selects(V)) {
        constexpr int at = given_numbers<X>::position(V);
        numbers.template of<V>() = arguments.given[at].template as<value_type<X, V>>();
      } else if constexpr (totals<X>::selects(V)) {
        constexpr int at = totals<X>::position(V);
        numbers.template of<V>() = arguments.totals[at].template as<value_type<X, V>>();
      } else {
        numbers.template of<V>() = computed<X, V, axis_set{0}>(numbers, numbers);
      }
    }
  }
};

/// Writes an output that is a number.
template <class X, int K>
struct write_number {
  template <int O>
  FUSEGRAD_KERNEL static void run(const value_file<X>& numbers, const kernel_arguments<X, K>& arguments) {
    constexpr int v = X::program.outputs[O];
    if constexpr (X::program[v].axes == 0)
      if (arguments.number_out[O] != nullptr)
        *static_cast<value_type<X, v>*>(arguments.number_out[O]) = operand<X, v, axis_set{0}>(numbers, numbers);
  }
};

/// What a thread has added up of each total and each reduction of its row.
template <class X, int V>
struct total_slot {
  wide_type<X, V> total;
};
template <class X, int V>
  requires(!X::program[V].is(op_kind::reduction))
struct total_slot<X, V> {};
template <class X, class V = all_values<X>>
struct total_file;
template <class X, int... V>
struct total_file<X, std::integer_sequence<int, V...>> : total_slot<X, V>... {
  template <int W>
  FUSEGRAD_KERNEL auto& of() {
    return static_cast<total_slot<X, W>&>(*this).total;
  }
};

/// The smallest part of a reduction's operand: what a thread adds up before it widens.
template <class X, int V>
FUSEGRAD_KERNEL void add_to(wide_type<X, V>& total, value_type<X, V> x) {
  total = ir::op_type<X::program[V].op>::combine(total, static_cast<wide_type<X, V>>(x));
}

/// Does kernel K add up anything to one number?
template <class X, int K>
struct kernel_totals {
  static constexpr int first_loop = X::schedule.kernels[K].first_loop, loops = X::schedule.kernels[K].phases;
  static constexpr bool selects(int v) {
    if (X::schedule.kind[v] != reduction_kind::total) return false;
    const int loop = X::schedule.reduced_in[v], step = X::schedule.reduced_after[v];
    return (loop >= first_loop && loop < first_loop + loops) ||
           (step >= X::schedule.first_step(K) && step <= X::schedule.last_step(K));
  }
  static constexpr int count = count_of<kernel_totals, X::program.size()>();
  static constexpr bool last = K + 1 == X::schedule.kernel_count;
  static constexpr bool writes_numbers = last && [] {
    for (int k = 0; k < X::program.output_count; ++k)
      if (X::program[X::program.outputs[k]].axes == 0) return true;
    return false;
  }();
};

/// One thread's part in kernel K of X.
template <class X, int K, class Threads>
class thread_program {
 public:
  using arguments_type = kernel_arguments<X, K>;
  static constexpr auto& kernel = X::schedule.kernels[K];
  static constexpr int first_loop = kernel.first_loop;

  FUSEGRAD_KERNEL thread_program(const Threads& threads, const arguments_type& arguments)
      : threads_(threads), a_(arguments) {}

  /// A flat kernel, in which `Width` elements are moved at once, and `Vectors` of these are in flight; element by
  /// element arrays may have any strides.
  template <int Width, int Vectors>
  FUSEGRAD_KERNEL void run_flat() {
    begin();
    constexpr int L = first_loop;
    const std::int64_t n = a_.elements, threads = threads_.threads();
    const std::int64_t tile = threads * Width * Vectors, whole = Width == 1 ? 0 : n / tile * tile;
    FUSEGRAD_NO_UNROLL
    for (std::int64_t base = threads_.block() * tile; base < whole; base += threads_.blocks() * tile) {
      run_vectors<L, Width, Vectors>(base + threads_.thread() * Width, threads * Width);
    }
    const std::int64_t all = threads_.blocks() * threads;
    FUSEGRAD_NO_UNROLL
    for (std::int64_t at = whole + threads_.block() * threads + threads_.thread(); at < n; at += all)
      run_vectors<L, 1, 1>(at, 1);
    finish();
  }

  /// A kernel of rows, each of which `Group` threads (a warp, or the whole block if 0) walk along.
  template <int Width, int Group>
  FUSEGRAD_KERNEL void run_rows() {
    begin();
    const int size = Group == 0 ? threads_.threads() : Group;
    lane_ = threads_.thread() % size;
    lanes_ = size;
    const std::int64_t groups_of_block = threads_.threads() / size;
    const std::int64_t group = threads_.block() * groups_of_block + threads_.thread() / size;
    const std::int64_t groups = threads_.blocks() * groups_of_block;
    part_ = group;
    clear_sums(group);
    FUSEGRAD_NO_UNROLL
    for (std::int64_t row = group; row < a_.rows; row += groups) {
      std::int64_t rest = row;
      for (int k = arguments_type::outer_count; k-- > 0; rest /= a_.outer_extents[k])
        row_[k] = rest % a_.outer_extents[k];
      row_numbers_ = numbers_;
      step<0, Group>();
      phases<Width, Group>(std::make_integer_sequence<int, kernel.phases>{});
    }
    finish();
  }

 private:
  // --- before and after -------------------------------------------------------------------------------------------

  FUSEGRAD_KERNEL void begin() {
    for_each<compute_number<X, K, kernel.stage>>(all_values<X>{}, numbers_, a_);
    row_numbers_ = numbers_;
    for_each<reset_total>(all_values<X>{}, totals_);
  }
  struct reset_total {
    template <int V>
    FUSEGRAD_KERNEL static void run(total_file<X>& totals) {
      if constexpr (X::program[V].is(op_kind::reduction))
        totals.template of<V>() = ir::op_type<X::program[V].op>::template identity<wide_type<X, V>>();
    }
  };

  /// Adds up what all threads of all blocks have; the last block to come finishes, and leaves the ticket as it was.
  FUSEGRAD_KERNEL void finish() {
    using mine = kernel_totals<X, K>;
    bool last = true;
    if constexpr (mine::count > 0) {
      for_each<leave_partial>(all_values<X>{}, *this);
      last = threads_.is_last_block(a_.ticket);
      if (last) {
        for_each<gather_partials>(all_values<X>{}, *this);
        threads_.sync_memory();
      }
    } else {
      last = threads_.block() == 0;
    }
    if constexpr (mine::writes_numbers)
      if (last && threads_.thread() == 0) {
        value_file<X> numbers;
        for_each<compute_number<X, K, X::schedule.stages>>(all_values<X>{}, numbers, a_);
        for_each<write_number<X, K>>(all_outputs<X>{}, numbers, a_);
      }
  }
  struct leave_partial {
    template <int V>
    FUSEGRAD_KERNEL static void run(thread_program& p) {
      if constexpr (kernel_totals<X, K>::selects(V)) {
        using op = ir::op_type<X::program[V].op>;
        constexpr int at = totals<X>::position(V);
        const auto sum = p.threads_.template across_block<op>(p.totals_.template of<V>());
        if (p.threads_.thread() == 0) p.threads_.store(p.a_.partial + p.threads_.block() * totals<X>::count + at, sum);
      }
    }
  };
  struct gather_partials {
    template <int V>
    FUSEGRAD_KERNEL static void run(thread_program& p) {
      if constexpr (kernel_totals<X, K>::selects(V)) {
        using op = ir::op_type<X::program[V].op>;
        using wide = wide_type<X, V>;
        constexpr int at = totals<X>::position(V);
        wide sum = op::template identity<wide>();
        for (std::int64_t b = p.threads_.thread(); b < p.threads_.blocks(); b += p.threads_.threads())
          sum = op::combine(sum, p.threads_.template load<wide>(p.a_.partial + b * totals<X>::count + at));
        sum = p.threads_.template across_block<op>(sum);
        if (p.threads_.thread() == 0) p.threads_.store(p.a_.totals + at, static_cast<value_type<X, V>>(sum));
      }
    }
  };

  // --- vectors ----------------------------------------------------------------------------------------------------

  /// The elements that a thread works on at once.
  template <int L, int Width>
  struct vector {
    value_file<X> lanes[Width];
  };

  /// Loads `Vectors` vectors of `Width` elements, `stride` apart, then computes, then stores.
  template <int L, int Width, int Vectors>
  FUSEGRAD_KERNEL void run_vectors(std::int64_t at, std::int64_t stride) {
    vector<L, Width> values[Vectors];
    FUSEGRAD_UNROLL
    for (int u = 0; u < Vectors; ++u) {
      const std::int64_t here = at + u * stride;
      for_each<load_vector<L, Width>>(all_values<X>{}, *this, values[u], here);
    }
    FUSEGRAD_UNROLL
    for (int u = 0; u < Vectors; ++u) {
      const std::int64_t here = at + u * stride;
      FUSEGRAD_UNROLL
      for (int lane = 0; lane < Width; ++lane) {
        std::int64_t element = here + lane;
        for_each<compute_element<L>>(all_values<X>{}, *this, values[u].lanes[lane], element);
      }
      for_each<store_vector<L, Width>>(all_outputs<X>{}, *this, values[u], here);
      for_each<reduce_vector<L, Width>>(all_values<X>{}, *this, values[u], here);
    }
  }

  /// Where element `at` of a row of an array lies.
  FUSEGRAD_KERNEL std::int64_t offset_in_row(const typename arguments_type::array& array, std::int64_t at) const {
    if (array.contiguous) return at;
    std::int64_t offset = 0, rest = at;
    for (int k = arguments_type::inner_count; k-- > 0; rest /= a_.inner_extents[k])
      offset += rest % a_.inner_extents[k] * array.inner[k];
    return offset;
  }
  FUSEGRAD_KERNEL std::int64_t row_offset(const typename arguments_type::array& array) const {
    std::int64_t offset = 0;
    for (int k = 0; k < arguments_type::outer_count; ++k) offset += row_[k] * array.outer[k];
    return offset;
  }

  template <int V>
  FUSEGRAD_KERNEL auto element_of_sum(const typename arguments_type::array& array, std::int64_t at) const {
    using op = ir::op_type<X::program[V].op>;
    using wide = wide_type<X, V>;
    const wide* const p = static_cast<const wide*>(array.base);
    wide sum = p[at];
    for (int part = 1; part < array.parts; ++part) sum = op::combine(sum, p[at + part * array.part]);
    return static_cast<value_type<X, V>>(sum);
  }

  template <int L, int Width>
  struct load_vector {
    template <int V>
    FUSEGRAD_KERNEL static void run(const thread_program& p, vector<L, Width>& values, std::int64_t at) {
      if constexpr (loop_facts<X, L>::loads(V)) {
        using stored = stored_type<X, V>;
        using type = value_type<X, V>;
        constexpr int slot = arrays<X>::position(V);
        const auto& array = p.a_.in[slot];
        if constexpr (array_sums<X>::selects(V)) {
          FUSEGRAD_UNROLL
          for (int lane = 0; lane < Width; ++lane)
            values.lanes[lane].template of<V>() =
                p.template element_of_sum<V>(array, p.row_offset(array) + p.offset_in_row(array, at + lane));
        } else {
          const stored* const row = static_cast<const stored*>(array.base) + p.row_offset(array);
          if constexpr (Width == 1) {
            values.lanes[0].template of<V>() = static_cast<type>(p.threads_.read(row + p.offset_in_row(array, at)));
          } else {
            const auto got = p.threads_.read(reinterpret_cast<const packet<stored, Width>*>(row + at));
            FUSEGRAD_UNROLL
            for (int lane = 0; lane < Width; ++lane)
              values.lanes[lane].template of<V>() = static_cast<type>(got.at[lane]);
          }
        }
      }
    }
  };
  template <int L>
  struct compute_element {
    template <int V>
    FUSEGRAD_KERNEL static void run(const thread_program& p, value_file<X>& element, std::int64_t at) {
      if constexpr (loop_facts<X, L>::computes(V)) {
        if constexpr (X::program[V].is(op_kind::index)) element.template of<V>() = static_cast<value_type<X, V>>(at);
        else element.template of<V>() = computed<X, V, kernel.inner>(p.row_numbers_, element);
      }
    }
  };
  template <int L, int Width>
  struct store_vector {
    template <int O>
    FUSEGRAD_KERNEL static void run(const thread_program& p, const vector<L, Width>& values, std::int64_t at) {
      if constexpr (X::schedule.store_loop[O] == L) {
        constexpr int v = X::program.outputs[O];
        using type = value_type<X, v>;
        const auto& array = p.a_.out[O];
        type* const row = static_cast<type*>(array.base) + p.row_offset(array);
        if constexpr (Width == 1) {
          row[p.offset_in_row(array, at)] = operand<X, v, kernel.inner>(p.row_numbers_, values.lanes[0]);
        } else {
          packet<type, Width> made;
          FUSEGRAD_UNROLL
          for (int lane = 0; lane < Width; ++lane)
            made.at[lane] = operand<X, v, kernel.inner>(p.row_numbers_, values.lanes[lane]);
          *reinterpret_cast<packet<type, Width>*>(row + at) = made;
        }
      }
    }
  };
  template <int L, int Width>
  struct reduce_vector {
    template <int V>
    FUSEGRAD_KERNEL static void run(thread_program& p, const vector<L, Width>& values, std::int64_t at) {
      using facts = loop_facts<X, L>;
      if constexpr (facts::reduces(V, reduction_kind::total) || facts::reduces_row(V)) {
        using op = ir::op_type<X::program[V].op>;
        using type = value_type<X, V>;
        constexpr int x = X::program[V].x[0];
        type sum = static_cast<type>(operand<X, x, kernel.inner>(p.row_numbers_, values.lanes[0]));
        FUSEGRAD_UNROLL
        for (int lane = 1; lane < Width; ++lane)
          sum = op::combine(sum, static_cast<type>(operand<X, x, kernel.inner>(p.row_numbers_, values.lanes[lane])));
        add_to<X, V>(p.totals_.template of<V>(), sum);
      } else if constexpr (facts::reduces(V, reduction_kind::column)) {
        constexpr int x = X::program[V].x[0];
        const auto& array = p.a_.in[arrays<X>::position(V)];
        wide_type<X, V>* const sums =
            static_cast<wide_type<X, V>*>(array.base) + p.part_ * array.part + p.row_offset(array);
        FUSEGRAD_UNROLL
        for (int lane = 0; lane < Width; ++lane)
          add_to<X, V>(sums[p.offset_in_row(array, at + lane)],
                       static_cast<value_type<X, V>>(operand<X, x, kernel.inner>(p.row_numbers_, values.lanes[lane])));
      } else if constexpr (X::schedule.keep_loop[V] == L) {
        // kept for another kernel
        const auto& array = p.a_.in[arrays<X>::position(V)];
        value_type<X, V>* const row = static_cast<value_type<X, V>*>(array.base) + p.row_offset(array);
        FUSEGRAD_UNROLL
        for (int lane = 0; lane < Width; ++lane)
          row[p.offset_in_row(array, at + lane)] = operand<X, V, kernel.inner>(p.row_numbers_, values.lanes[lane]);
      }
    }
  };

  // --- rows -------------------------------------------------------------------------------------------------------

  template <int Width, int Group, int... P>
  FUSEGRAD_KERNEL void phases(std::integer_sequence<int, P...>) {
    (phase<P, Width, Group>(), ...);
  }
  template <int P, int Width, int Group>
  FUSEGRAD_KERNEL void phase() {
    constexpr int L = first_loop + P;
    const std::int64_t n = a_.elements, whole = Width == 1 ? 0 : n / Width * Width;
    for_each<reset_row_reduction<L>>(all_values<X>{}, totals_);
    FUSEGRAD_NO_UNROLL
    for (std::int64_t at = lane_ * Width; at < whole; at += lanes_ * Width) run_vectors<L, Width, 1>(at, 1);
    FUSEGRAD_NO_UNROLL
    for (std::int64_t at = whole + lane_; at < n; at += lanes_) run_vectors<L, 1, 1>(at, 1);
    for_each<finish_row_reduction<L, Group>>(all_values<X>{}, *this);
    step<P + 1, Group>();
  }
  template <int L>
  struct reset_row_reduction {
    template <int V>
    FUSEGRAD_KERNEL static void run(total_file<X>& totals) {
      if constexpr (loop_facts<X, L>::reduces_row(V)) reset_total::template run<V>(totals);
    }
  };
  template <int L, int Group>
  struct finish_row_reduction {
    template <int V>
    FUSEGRAD_KERNEL static void run(thread_program& p) {
      if constexpr (loop_facts<X, L>::reduces_row(V)) {
        using op = ir::op_type<X::program[V].op>;
        const auto all = p.template across_group<op, Group>(p.totals_.template of<V>());
        if constexpr (X::schedule.kind[V] == reduction_kind::row) {
          p.row_numbers_.template of<V>() = static_cast<value_type<X, V>>(all);
        } else if (p.lane_ == 0) {
          auto& sum = p.template sum_of_row<V>();
          sum = op::combine(sum, all);
        }
      }
    }
  };
  template <class Op, int Group, class T>
  FUSEGRAD_KERNEL T across_group(T x) const {
    if constexpr (Group == 0) return threads_.template across_block<Op>(x);
    else return threads_.template across_warp<Op>(x);
  }
  /// Where the rows of this group add to what reduction V has for this row and some others.
  template <int V>
  FUSEGRAD_KERNEL wide_type<X, V>& sum_of_row() const {
    const auto& array = a_.in[arrays<X>::position(V)];
    return static_cast<wide_type<X, V>*>(array.base)[part_ * array.part + row_offset(array)];
  }

  /// Numbers of the row, which every thread of the group has.
  template <int P, int Group>
  FUSEGRAD_KERNEL void step() {
    constexpr int S = X::schedule.first_step(K) + P;
    for_each<compute_row_number<S>>(all_values<X>{}, *this);
    if (lane_ == 0) {
      for_each<store_row_number<S>>(all_outputs<X>{}, *this);
      for_each<use_row_number<S>>(all_values<X>{}, *this);
    }
  }
  template <int S>
  struct compute_row_number {
    template <int V>
    FUSEGRAD_KERNEL static void run(thread_program& p) {
      if constexpr (X::schedule.in_step[S][V] && X::program[V].axes != 0) {
        auto& number = p.row_numbers_.template of<V>();
        if constexpr (arrays<X>::selects(V) && (X::program[V].is(op_kind::input) || X::schedule.loads(V, K))) {
          const auto& array = p.a_.in[arrays<X>::position(V)];
          if constexpr (array_sums<X>::selects(V)) number = p.template element_of_sum<V>(array, p.row_offset(array));
          else
            number = static_cast<value_type<X, V>>(
                p.threads_.read(static_cast<const stored_type<X, V>*>(array.base) + p.row_offset(array)));
        } else if constexpr (X::program[V].is(op_kind::index)) {
          number = static_cast<value_type<X, V>>(p.template position_along<X::program[V].axes>());
        } else {
          number = computed<X, V, kernel.inner>(p.row_numbers_, p.row_numbers_);
        }
      }
    }
  };
  template <axis_set Axis>
  FUSEGRAD_KERNEL std::int64_t position_along() const {
    std::int64_t found = 0;
    for (int k = 0; k < arguments_type::outer_count; ++k)
      if (axes_of<kernel.outer>::at(k) == ir::lowest_axis(Axis)) found = row_[k];
    return found;
  }
  template <int S>
  struct store_row_number {
    template <int O>
    FUSEGRAD_KERNEL static void run(const thread_program& p) {
      if constexpr (X::schedule.store_step[O] == S) {
        constexpr int v = X::program.outputs[O];
        const auto& array = p.a_.out[O];
        static_cast<value_type<X, v>*>(array.base)[p.row_offset(array)] =
            operand<X, v, kernel.inner>(p.row_numbers_, p.row_numbers_);
      }
    }
  };
  template <int S>
  struct use_row_number {
    template <int V>
    FUSEGRAD_KERNEL static void run(thread_program& p) {
      if constexpr (X::schedule.keep_step[V] == S) {
        const auto& array = p.a_.in[arrays<X>::position(V)];
        static_cast<value_type<X, V>*>(array.base)[p.row_offset(array)] =
            operand<X, V, kernel.inner>(p.row_numbers_, p.row_numbers_);
      }
      if constexpr (X::schedule.reduced_after[V] == S) {
        constexpr int x = X::program[V].x[0];
        const auto number = static_cast<value_type<X, V>>(operand<X, x, kernel.inner>(p.row_numbers_, p.row_numbers_));
        if constexpr (X::schedule.kind[V] == reduction_kind::total) {
          add_to<X, V>(p.totals_.template of<V>(), number);
        } else {
          add_to<X, V>(p.template sum_of_row<V>(), number);
        }
      }
    }
  };

  FUSEGRAD_KERNEL void clear_sums(std::int64_t group) {
    for_each<clear_sum>(all_values<X>{}, *this, group);
    if (lanes_ > 32) threads_.sync();
    else threads_.sync_warp();
  }
  struct clear_sum {
    template <int V>
    FUSEGRAD_KERNEL static void run(thread_program& p, std::int64_t group) {
      if constexpr (array_sums<X>::selects(V)) {
        constexpr int loop = X::schedule.reduced_in[V], after = X::schedule.reduced_after[V];
        if constexpr ((loop >= first_loop && loop < first_loop + kernel.phases) ||
                      (after >= X::schedule.first_step(K) && after <= X::schedule.last_step(K))) {
          const auto& array = p.a_.in[arrays<X>::position(V)];
          wide_type<X, V>* const sums = static_cast<wide_type<X, V>*>(array.base) + group * array.part;
          for (std::int64_t e = p.lane_; e < array.part; e += p.lanes_)
            sums[e] = ir::op_type<X::program[V].op>::template identity<wide_type<X, V>>();
        }
      }
    }
  };

  const Threads& threads_;
  const arguments_type& a_;
  value_file<X> numbers_, row_numbers_;
  total_file<X> totals_;
  std::int64_t row_[at_least_one(arguments_type::outer_count)]{};
  std::int64_t part_ = 0;
  int lane_ = 0, lanes_ = 1;
};

// The bodies by name.
template <int Width, int Vectors>
struct flat_body {
  template <class X, int K, class Threads>
  FUSEGRAD_KERNEL static void run(const Threads& threads, const kernel_arguments<X, K>& arguments) {
    thread_program<X, K, Threads>(threads, arguments).template run_flat<Width, Vectors>();
  }
};
template <int Width, int Group>
struct row_body {
  template <class X, int K, class Threads>
  FUSEGRAD_KERNEL static void run(const Threads& threads, const kernel_arguments<X, K>& arguments) {
    thread_program<X, K, Threads>(threads, arguments).template run_rows<Width, Group>();
  }
};

}  // namespace fusegrad::cuda
