// The bodies of kernels: flat ones, in which threads stride over the elements, flat ones with scans, in which each
// block has a part of them, and kernels of rows, in which a warp or a block walks along a row. `Threads` says which
// thread it is and lets it meet others: on a device CUDA does, in tests an emulation. Where several blocks walk along a
// row, a kernel is launched in parts, a loop each, since a loop may need what the loops before it have come to for the
// whole row. Blocks that have rows for themselves keep them in shared memory, see on_chip.hpp. What is added up is
// added up in an order that follows from the launch alone, and without atomic sums.
#pragma once

#include "arguments.hpp"
#include "facts.hpp"
#include "threads.hpp"
#include "tuning.hpp"

namespace fusegrad::simt {

/// Neighbouring elements of an array, moved in one piece.
template <class T, int Width>
struct alignas(sizeof(T) * Width <= 16 ? sizeof(T) * Width : 16) packet {
  T at[Width];
};

/// The numbers of the call that are known when stage `Stage` begins.
template <class X, int Stage>
struct known_numbers : of_values<X> {
  static constexpr bool selects(int v) {
    return X::program[v].axes == 0 && X::schedule.stage[v] <= Stage && !X::program[v].is(op_kind::constant);
  }
};
template <class X, int K>
struct compute_number {
  template <int V>
  FUSEGRAD_KERNEL static void run(value_file<X>& numbers, const kernel_arguments<X, K>& arguments) {
    using p = place<X, V>;
    if constexpr (p::is_element)
      numbers.template of<V>() = static_cast<value_type<X, V>>(
          *static_cast<const stored_type<X, V>*>(arguments.given[p::given].template as<const void*>()));
    else if constexpr (p::is_given)
      numbers.template of<V>() = arguments.given[p::given].template as<value_type<X, V>>();
    else if constexpr (p::is_total)
      numbers.template of<V>() = arguments.totals[p::total].template as<value_type<X, V>>();
    else numbers.template of<V>() = computed<X, V, axis_set{0}>(numbers, numbers);
  }
};

/// Writes an output that is a number, or an array of one element.
template <class X, int K>
struct write_number {
  template <int O>
  FUSEGRAD_KERNEL static void run(const value_file<X>& numbers, const kernel_arguments<X, K>& arguments) {
    if (arguments.number_out[O] != nullptr)
      *static_cast<stored_output<X, O>*>(arguments.number_out[O]) =
          static_cast<stored_output<X, O>>(operand<X, output<X, O>, axis_set{0}>(numbers, numbers));
  }
};

/// What a thread has added up of each total and each reduction of its row; of scans, what they have come to.
template <class X>
struct added_up : of_values<X> {
  static constexpr bool selects(int v) {
    return X::program[v].is(op_kind::reduction) || X::program[v].is(op_kind::scan);
  }
};
template <class X, int V>
struct total_slot {
  wide_type<X, V> total;
};
template <class X, class List = list_of<added_up<X>>>
struct total_file;
template <class X, int... V>
struct total_file<X, ir::list<V...>> : total_slot<X, V>... {
  template <int W>
  FUSEGRAD_KERNEL auto& of() {
    return static_cast<total_slot<X, W>&>(*this).total;
  }
};

/// Adds what a vector has come to.
template <class X, int V>
FUSEGRAD_KERNEL void add_to(wide_type<X, V>& total, value_type<X, V> x) {
  total = op_of<X, V>::combine(total, static_cast<wide_type<X, V>>(x));
}

/// One thread's part in kernel K of X. `OnChip` says whether it may keep rows and sums in shared memory.
template <class X, int K, class Threads, bool OnChip = false>
class thread_program {
 public:
  using arguments_type = kernel_arguments<X, K>;
  /// What loop L does, as lists.
  template <int L>
  using loaded = list_of<typename loop_facts<X, L>::loaded>;
  template <int L>
  using computed_in = list_of<typename loop_facts<X, L>::computed>;
  template <int L>
  using stored = list_of<typename loop_facts<X, L>::stored>;
  template <int L>
  using left = list_of<typename loop_facts<X, L>::left>;
  template <int L>
  using reduced_to_row = list_of<typename loop_facts<X, L>::reduced_to_row>;
  static constexpr int first_loop = X::schedule.kernels[K].first_loop, phase_count = X::schedule.kernels[K].phases,
                       first_step = X::schedule.first_step(K), stage = X::schedule.kernels[K].stage,
                       last_stage = X::schedule.stages;
  static constexpr axis_set inner = X::schedule.kernels[K].inner, outer = X::schedule.kernels[K].outer;

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
    if constexpr (Width > 1) {
      FUSEGRAD_NO_UNROLL
      for (std::int64_t base = threads_.block() * tile; base < whole; base += threads_.blocks() * tile)
        run_vectors<L, Width, Vectors>(base + threads_.thread() * Width, threads * Width);
    }
    const std::int64_t all = threads_.blocks() * threads;
    FUSEGRAD_NO_UNROLL
    for (std::int64_t at = whole + threads_.block() * threads + threads_.thread(); at < n; at += all)
      run_vectors<L, 1, 1>(at, 1);
    finish<whole_kernel>();
  }

  /// A flat kernel that begins with sums in many parts: the warps of a block read them for the same 32 elements, some
  /// of the parts each, and the first warp has what they come to.
  FUSEGRAD_KERNEL void run_parts_together() {
    begin();
    constexpr int L = first_loop;
    const std::int64_t n = a_.elements;
    FUSEGRAD_NO_UNROLL
    for (std::int64_t first = threads_.block() * warp_size; first < n; first += threads_.blocks() * warp_size) {
      const std::int64_t own = first + threads_.thread() % warp_size, at = least(own, n - 1);
      vector<L, 1> values;
      for_each<load_vector<L, 1, false>>(loaded<L>{}, *this, values, at);
      for_each<add_slices<L>>(list_of<typename loop_facts<X, L>::loaded_sums>{}, *this, values, at);
      if (own < n && threads_.thread() < warp_size) {
        std::int64_t element = own;
        for_each<compute_element>(computed_in<L>{}, *this, values.lanes[0], element);
        for_each<store_vector<L, 1>>(stored<L>{}, *this, values, own);
        for_each<leave_vector<L, 1>>(left<L>{}, *this, values, own);
      }
    }
    finish<whole_kernel>();
  }

  /// A flat kernel with scans: each block walks along a part of the elements, from what those before have come to.
  /// `Known` scans, one of another, are known from block to block; a launch with fewer than there are finds the
  /// next one.
  template <int Width, int Known>
  FUSEGRAD_KERNEL void run_scans() {
    begin();
    constexpr int L = first_loop;
    lane_ = threads_.thread();
    lanes_ = threads_.threads();
    const std::int64_t n = a_.elements, turn = std::int64_t{lanes_} * Width, count = (n + turn - 1) / turn;
    const std::int64_t part = (count + threads_.blocks() - 1) / threads_.blocks() * turn;
    const std::int64_t first = least(threads_.block() * part, n), end = least(first + part, n);
    const std::int64_t whole = Width == 1 ? first : end - (end - first) % Width;
    for_each<carry_in<Known>>(scanned{}, *this);
    turns<L, Width, 0, Known>(first, whole);
    turns<L, 1, 0, Known>(whole, end);
    if constexpr (Known < loop_facts<X, L>::scan_depth) for_each<leave_scan<Known>>(scanned{}, *this);
    else finish<whole_kernel>();
  }

  /// A kernel of rows, each of which `Group` threads (a warp, or the whole block if 0) walk along.
  template <int Width, int Group>
  FUSEGRAD_KERNEL void run_rows() {
    begin();
    const int size = Group == 0 ? threads_.threads() : Group;
    lane_ = threads_.thread() % size;
    lanes_ = size;
    const int groups_of_block = threads_.threads() / size, group_of_block = threads_.thread() / size;
    const std::int64_t group = threads_.block() * groups_of_block + group_of_block;
    const std::int64_t groups = threads_.blocks() * groups_of_block;
    part_ = group;
    chip_ = chip_of(group_of_block);
    clear_sums(group);
    FUSEGRAD_NO_UNROLL
    for (std::int64_t row = group; row < a_.rows; row += groups) {
      begin_row(row);
      step<0>();
      phases<Width, Group>(std::make_integer_sequence<int, phase_count>{});
    }
    if constexpr (OnChip && chip_facts<X, K>::adds)
      if (a_.room.sums) {
        threads_.sync();
        for_each<leave_sums<Width>>(list_of<typename on_chip<X, K>::held_sums>{}, *this, groups_of_block);
      }
    finish<whole_kernel>();
  }

  /// Part P of a kernel of rows, each of which several blocks walk along.
  template <int Width, int P>
  FUSEGRAD_KERNEL void run_part() {
    begin();
    const std::int64_t group = threads_.block() / a_.blocks_of_row, groups = threads_.blocks() / a_.blocks_of_row;
    block_of_row_ = static_cast<int>(threads_.block() % a_.blocks_of_row);
    lane_ = block_of_row_ * threads_.threads() + threads_.thread();
    lanes_ = a_.blocks_of_row * threads_.threads();
    part_ = group;
    if constexpr (P == clearing) {
      clear_sums(group);
    } else {
      FUSEGRAD_NO_UNROLL
      for (std::int64_t row = group; row < a_.rows; row += groups) {
        begin_row(row);
        any_number* const parts = a_.row_parts + row * a_.blocks_of_row * row_reductions<X>::count;
        earlier<P>(parts, std::make_integer_sequence<int, P>{});
        step<P>();
        if constexpr (P < phase_count) {
          walk<P, Width, 0>();
          for_each<leave_row_part>(reduced_to_row<first_loop + P>{}, *this, parts);
        }
      }
      finish<P>();
    }
  }

 private:
  // --- before and after -------------------------------------------------------------------------------------------

  FUSEGRAD_KERNEL void begin() {
    for_each<compute_number<X, K>>(list_of<known_numbers<X, stage>>{}, numbers_, a_);
    row_numbers_ = numbers_;
    for_each<reset_total>(list_of<added_up<X>>{}, totals_);
  }
  FUSEGRAD_KERNEL void begin_row(std::int64_t row) {
    std::int64_t rest = row;
    for (int k = arguments_type::outer_count; k-- > 0; rest /= a_.outer_extents[k])
      row_[k] = rest % a_.outer_extents[k];
    row_numbers_ = numbers_;
  }
  struct reset_total {
    template <int V>
    FUSEGRAD_KERNEL static void run(total_file<X>& totals) {
      totals.template of<V>() = op_of<X, V>::template identity<wide_type<X, V>>();
    }
  };

  /// Adds up what all threads of all blocks have; the last block to come finishes, and leaves the ticket as it was.
  template <int P>
  FUSEGRAD_KERNEL void finish() {
    using mine = kernel_results<X, K, P>;
    using totals = list_of<typename mine::totals>;
    bool last = true;
    if constexpr (totals::size > 0) {
      for_each<leave_partial>(totals{}, *this);
      last = threads_.is_last_block(a_.ticket);
      if (last) {
        for_each<gather_partials>(totals{}, *this);
        threads_.sync_memory();
      }
    } else {
      last = threads_.block() == 0;
    }
    if constexpr (mine::numbers)
      if (last && threads_.thread() == 0) {
        value_file<X> numbers;
        for_each<compute_number<X, K>>(list_of<known_numbers<X, last_stage>>{}, numbers, a_);
        for_each<write_number<X, K>>(list_of<number_outputs<X>>{}, numbers, a_);
      }
  }
  struct leave_partial {
    template <int V>
    FUSEGRAD_KERNEL static void run(thread_program& p) {
      p.template leave<V>();
    }
  };
  struct gather_partials {
    template <int V>
    FUSEGRAD_KERNEL static void run(thread_program& p) {
      const auto sum = static_cast<value_type<X, V>>(p.template gathered<V>(p.threads_.blocks()));
      if (p.threads_.thread() == 0) p.threads_.store(p.a_.totals + place<X, V>::total, sum);
    }
  };

  /// Leaves what the block has added up of V where others find it.
  template <int V>
  FUSEGRAD_KERNEL void leave() {
    const auto sum = threads_.template across_block<op_of<X, V>>(totals_.template of<V>());
    if (threads_.thread() == 0) threads_.store(partial_of<V>(threads_.block()), sum);
  }
  /// What the first so many blocks have left of V.
  template <int V>
  FUSEGRAD_KERNEL wide_type<X, V> gathered(std::int64_t blocks) const {
    using op = op_of<X, V>;
    using wide = wide_type<X, V>;
    wide sum = op::template identity<wide>();
    for (std::int64_t b = threads_.thread(); b < blocks; b += threads_.threads())
      sum = op::combine(sum, threads_.template load<wide>(partial_of<V>(b)));
    return threads_.template across_block<op>(sum);
  }
  template <int V>
  FUSEGRAD_KERNEL any_number* partial_of(std::int64_t block) const {
    return a_.partial + block * partials<X>::count + place<X, V>::partial;
  }

  using scanned = list_of<typename loop_facts<X, first_loop>::scanned>;
  template <int Known>
  struct carry_in {
    template <int V>
    FUSEGRAD_KERNEL static void run(thread_program& p) {
      if constexpr (in_loop<X, first_loop, V>::scan_depth < Known)
        p.totals_.template of<V>() = p.template gathered<V>(p.threads_.block());
    }
  };
  template <int Known>
  struct leave_scan {
    template <int V>
    FUSEGRAD_KERNEL static void run(thread_program& p) {
      if constexpr (in_loop<X, first_loop, V>::scan_depth == Known) p.template leave<V>();
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
      for_each<load_vector<L, Width>>(loaded<L>{}, *this, values[u], here);
    }
    FUSEGRAD_UNROLL
    for (int u = 0; u < Vectors; ++u) {
      const std::int64_t here = at + u * stride;
      if constexpr (OnChip)
        for_each<hold_vector<L, Width>>(list_of<typename on_chip<X, K>::template brought<L>>{}, *this, values[u], here);
      FUSEGRAD_UNROLL
      for (int lane = 0; lane < Width; ++lane) {
        std::int64_t element = here + lane;
        for_each<compute_element>(computed_in<L>{}, *this, values[u].lanes[lane], element);
      }
      for_each<store_vector<L, Width>>(stored<L>{}, *this, values[u], here);
      for_each<leave_vector<L, Width>>(left<L>{}, *this, values[u], here);
    }
  }

  /// Where element `at` of a row of an array lies.
  FUSEGRAD_KERNEL std::int64_t offset_in_row(const typename arguments_type::array& array, std::int64_t at) const {
    if constexpr (arguments_type::inner_count == 1) return at * array.inner[0];
    if (array.contiguous) return at;
    std::int64_t offset = 0, rest = at;
    for (int k = arguments_type::inner_count; k-- > 1; rest /= a_.inner_extents[k])
      offset += rest % a_.inner_extents[k] * array.inner[k];
    offset += rest * array.inner[0];
    return offset;
  }
  FUSEGRAD_KERNEL std::int64_t row_offset(const typename arguments_type::array& array) const {
    std::int64_t offset = 0;
    for (int k = 0; k < arguments_type::outer_count; ++k) offset += row_[k] * array.outer[k];
    return offset;
  }

  template <int V>
  FUSEGRAD_KERNEL auto element_of_sum(const typename arguments_type::array& array, std::int64_t at) const {
    using op = op_of<X, V>;
    using wide = wide_type<X, V>;
    const wide* const p = static_cast<const wide*>(array.base);
    wide sum = p[at];
    for (int part = 1; part < array.parts; ++part) sum = op::combine(sum, p[at + part * array.part]);
    return static_cast<value_type<X, V>>(sum);
  }

  /// The sum of rows, V, for element `lane` of the vector at `at`. On the chip neighbouring threads have neighbouring
  /// sums: first those for all first elements of vectors, then those for the second ones.
  template <int V, int Width>
  FUSEGRAD_KERNEL wide_type<X, V>& sum_at(std::int64_t at, int lane) const {
    if constexpr (OnChip && chip_sums<X, K, V>::held)
      if (a_.room.sums)
        return sums_on_chip<V>(chip_)[static_cast<int>(at) / Width + lane * (static_cast<int>(a_.elements) / Width)];
    const auto& array = a_.in[place<X, V>::array];
    return static_cast<wide_type<X, V>*>(
        array.base)[part_ * array.part + row_offset(array) + offset_in_row(array, at + lane)];
  }
  /// What the group of threads that has `chip` adds up of V.
  template <int V>
  FUSEGRAD_KERNEL wide_type<X, V>* sums_on_chip(unsigned char* chip) const {
    return reinterpret_cast<wide_type<X, V>*>(chip + a_.room.sum_elements * chip_sums<X, K, V>::bytes_before);
  }
  FUSEGRAD_KERNEL unsigned char* chip_of(int group_of_block) const {
    return static_cast<unsigned char*>(threads_.room()) + group_of_block * a_.room.group_bytes;
  }
  /// Leaves what the block has added up on the chip, its groups one after another.
  template <int Width>
  struct leave_sums {
    template <int V>
    FUSEGRAD_KERNEL static void run(const thread_program& p, int groups) {
      const auto& array = p.a_.in[place<X, V>::array];
      wide_type<X, V>* const sums = static_cast<wide_type<X, V>*>(array.base) + p.threads_.block() * array.part;
      const std::int64_t n = p.a_.elements, vectors = n / Width, whole = vectors * Width;
      for (std::int64_t e = p.threads_.thread(); e < n; e += p.threads_.threads()) {
        const std::int64_t at = e < whole ? e % Width * vectors + e / Width : e;
        auto sum = p.template sums_on_chip<V>(p.chip_of(0))[at];
        for (int g = 1; g < groups; ++g) sum = op_of<X, V>::combine(sum, p.template sums_on_chip<V>(p.chip_of(g))[at]);
        sums[e] = sum;
      }
    }
  };

  /// Elements of a row of value V, from the chip if they lie there.
  template <int L, int V, int Width>
  FUSEGRAD_KERNEL packet<stored_type<X, V>, Width> elements_at(const typename arguments_type::array& array,
                                                               std::int64_t at) const {
    using stored = stored_type<X, V>;
    using chip = chip_place<X, K, L, V>;
    if constexpr (OnChip && chip::holds_row && !chip::reads_first)
      if (at < a_.room.held) return *held_at<L, V, Width>(at);
    const stored* const row = static_cast<const stored*>(array.base) + row_offset(array);
    if constexpr (Width == 1) return {{threads_.read(row + offset_in_row(array, at))}};
    else return threads_.read(reinterpret_cast<const packet<stored, Width>*>(row + at));
  }
  /// Where the chip has them.
  template <int L, int V, int Width>
  FUSEGRAD_KERNEL packet<stored_type<X, V>, Width>* held_at(std::int64_t at) const {
    using stored = stored_type<X, V>;
    unsigned char* const row = chip_ + a_.room.rows_at + a_.room.held * chip_place<X, K, L, V>::row_bytes_before;
    return reinterpret_cast<packet<stored, Width>*>(reinterpret_cast<stored*>(row) + at);
  }
  /// Keeps on the chip what later loops read again.
  template <int L, int Width>
  struct hold_vector {
    template <int V>
    FUSEGRAD_KERNEL static void run(const thread_program& p, const vector<L, Width>& values, std::int64_t at) {
      using stored = stored_type<X, V>;
      packet<stored, Width> held;
      FUSEGRAD_UNROLL
      for (int lane = 0; lane < Width; ++lane) held.at[lane] = static_cast<stored>(values.lanes[lane].template of<V>());
      if (at < p.a_.room.held) p.threads_.put(p.template held_at<L, V, Width>(at), held);
    }
  };

  /// What sum V comes to for an element, if the warps of the block read some of its parts each.
  template <int V>
  FUSEGRAD_KERNEL auto sum_of_slices(const typename arguments_type::array& array, std::int64_t at) const {
    using op = op_of<X, V>;
    using wide = wide_type<X, V>;
    const wide* const p = static_cast<const wide*>(array.base);
    wide* const of_slices = static_cast<wide*>(threads_.room());
    const int lane = threads_.thread() % warp_size, count = threads_.threads() / warp_size;
    wide sum = op::template identity<wide>();
    FUSEGRAD_UNROLL_BY_8
    for (int part = threads_.thread() / warp_size; part < array.parts; part += count)
      sum = op::combine(sum, p[at + part * array.part]);
    of_slices[threads_.thread()] = sum;
    threads_.sync();
    sum = of_slices[lane];
    for (int slice = 1; slice < count; ++slice) sum = op::combine(sum, of_slices[slice * warp_size + lane]);
    threads_.sync();  // before others write there again
    return static_cast<value_type<X, V>>(sum);
  }
  template <int L>
  struct add_slices {
    template <int V>
    FUSEGRAD_KERNEL static void run(const thread_program& p, vector<L, 1>& values, std::int64_t at) {
      const auto& array = p.a_.in[place<X, V>::array];
      values.lanes[0].template of<V>() =
          p.template sum_of_slices<V>(array, p.row_offset(array) + p.offset_in_row(array, at));
    }
  };

  /// `Sums` says whether to load sums, too.
  template <int L, int Width, bool Sums = true>
  struct load_vector {
    template <int V>
    FUSEGRAD_KERNEL static void run(const thread_program& p, vector<L, Width>& values, std::int64_t at) {
      const auto& array = p.a_.in[place<X, V>::array];
      if constexpr (place<X, V>::is_sum) {
        FUSEGRAD_UNROLL
        for (int lane = 0; lane < Width && Sums; ++lane)
          values.lanes[lane].template of<V>() =
              p.template element_of_sum<V>(array, p.row_offset(array) + p.offset_in_row(array, at + lane));
      } else {
        const packet<stored_type<X, V>, Width> got = p.template elements_at<L, V, Width>(array, at);
        FUSEGRAD_UNROLL
        for (int lane = 0; lane < Width; ++lane)
          values.lanes[lane].template of<V>() = static_cast<value_type<X, V>>(got.at[lane]);
      }
    }
  };
  struct compute_element {
    template <int V>
    FUSEGRAD_KERNEL static void run(const thread_program& p, value_file<X>& element, std::int64_t at) {
      if constexpr (fact<X, V>::kind == op_kind::index) element.template of<V>() = static_cast<value_type<X, V>>(at);
      else element.template of<V>() = computed<X, V, inner>(p.row_numbers_, element);
    }
  };
  template <int L, int Width>
  struct store_vector {
    template <int O>
    FUSEGRAD_KERNEL static void run(const thread_program& p, const vector<L, Width>& values, std::int64_t at) {
      constexpr int v = output<X, O>;
      using stored = stored_output<X, O>;
      const auto& array = p.a_.out[O];
      stored* const row = static_cast<stored*>(array.base) + p.row_offset(array);
      if constexpr (Width == 1) {
        row[p.offset_in_row(array, at)] = static_cast<stored>(operand<X, v, inner>(p.row_numbers_, values.lanes[0]));
      } else {
        packet<stored, Width> made;
        FUSEGRAD_UNROLL
        for (int lane = 0; lane < Width; ++lane)
          made.at[lane] = static_cast<stored>(operand<X, v, inner>(p.row_numbers_, values.lanes[lane]));
        *reinterpret_cast<packet<stored, Width>*>(row + at) = made;
      }
    }
  };
  template <int L, int Width>
  struct leave_vector {
    template <int V>
    FUSEGRAD_KERNEL static void run(thread_program& p, const vector<L, Width>& values, std::int64_t at) {
      using facts = in_loop<X, L, V>;
      if constexpr (facts::reduces_total || facts::reduces_row) {
        using op = op_of<X, V>;
        using type = value_type<X, V>;
        constexpr int x = fact<X, V>::template x<0>;
        type sum = static_cast<type>(operand<X, x, inner>(p.row_numbers_, values.lanes[0]));
        FUSEGRAD_UNROLL
        for (int lane = 1; lane < Width; ++lane)
          sum = op::combine(sum, static_cast<type>(operand<X, x, inner>(p.row_numbers_, values.lanes[lane])));
        add_to<X, V>(p.totals_.template of<V>(), sum);
      } else if constexpr (facts::reduces_column) {
        constexpr int x = fact<X, V>::template x<0>;
        FUSEGRAD_UNROLL
        for (int lane = 0; lane < Width; ++lane)
          add_to<X, V>(p.template sum_at<V, Width>(at, lane),
                       static_cast<value_type<X, V>>(operand<X, x, inner>(p.row_numbers_, values.lanes[lane])));
      } else {  // kept for another kernel
        const auto& array = p.a_.in[place<X, V>::array];
        value_type<X, V>* const row = static_cast<value_type<X, V>*>(array.base) + p.row_offset(array);
        FUSEGRAD_UNROLL
        for (int lane = 0; lane < Width; ++lane)
          row[p.offset_in_row(array, at + lane)] = operand<X, V, inner>(p.row_numbers_, values.lanes[lane]);
      }
    }
  };

  // --- scans ------------------------------------------------------------------------------------------------------

  /// Loop L over some elements, of which each thread of the group takes `Width` in turn. Where there are scans all take
  /// part in each turn, those that have none left with the last ones.
  template <int L, int Width, int Group, int Known = loop_facts<X, L>::scan_depth>
  FUSEGRAD_KERNEL void turns(std::int64_t first, std::int64_t end) {
    if constexpr (loop_facts<X, L>::scan_depth == 0) {
      constexpr int vectors = OnChip && Group == 0 && Width > 1 ? chip_loop<X, K, L>::vectors : 1;
      const std::int64_t turn = lanes_ * Width;
      std::int64_t at = first + lane_ * Width;
      if constexpr (vectors > 1) {
        FUSEGRAD_NO_UNROLL
        for (; at + (vectors - 1) * turn < end; at += vectors * turn) run_vectors<L, Width, vectors>(at, turn);
      }
      FUSEGRAD_NO_UNROLL
      for (; at < end; at += turn) run_vectors<L, Width, 1>(at, 1);
    } else {
      FUSEGRAD_NO_UNROLL
      for (std::int64_t turn = first; turn < end; turn += lanes_ * Width)
        scan_vector<L, Width, Group, Known>(least(turn + lane_ * Width, end - Width), turn + lane_ * Width < end);
    }
  }
  FUSEGRAD_KERNEL static std::int64_t least(std::int64_t a, std::int64_t b) { return a < b ? a : b; }

  /// As run_vectors, but value by value, because threads meet at scans. Only elements that are the thread's own count.
  template <int L, int Width, int Group, int Known>
  FUSEGRAD_KERNEL void scan_vector(std::int64_t at, bool own) {
    vector<L, Width> values;
    for_each<load_vector<L, Width>>(loaded<L>{}, *this, values, at);
    for_each<compute_vector<L, Width, Group, Known>>(computed_in<L>{}, *this, values, at, own);
    if constexpr (Known == loop_facts<X, L>::scan_depth)
      if (own) {
        for_each<store_vector<L, Width>>(stored<L>{}, *this, values, at);
        for_each<leave_vector<L, Width>>(left<L>{}, *this, values, at);
      }
  }
  template <int L, int Width, int Group, int Known>
  struct compute_vector {
    template <int V>
    FUSEGRAD_KERNEL static void run(thread_program& p, vector<L, Width>& values, std::int64_t at, bool own) {
      if constexpr (in_loop<X, L, V>::scans) {
        p.template scan<L, V, Group, (in_loop<X, L, V>::scan_depth < Known)>(values, own);
      } else {
        FUSEGRAD_UNROLL
        for (int lane = 0; lane < Width; ++lane) compute_element::template run<V>(p, values.lanes[lane], at + lane);
      }
    }
  };
  /// Scan V of the elements of all threads, from what it has come to; where that is not known, it is only added up.
  template <int L, int V, int Group, bool Known, int Width>
  FUSEGRAD_KERNEL void scan(vector<L, Width>& values, bool own) {
    using op = op_of<X, V>;
    using type = value_type<X, V>;
    constexpr int x = fact<X, V>::template x<0>;
    auto& carry = totals_.template of<V>();
    type sum = op::template identity<type>();
    FUSEGRAD_UNROLL
    for (int lane = 0; lane < Width; ++lane)
      values.lanes[lane].template of<V>() = sum =
          op::combine(sum, static_cast<type>(operand<X, x, inner>(row_numbers_, values.lanes[lane])));
    if (!own) sum = op::template identity<type>();
    if constexpr (Known) {
      const prefix<type> threads = along_group<op, Group>(sum);
      auto before = carry;
      add_to<X, V>(before, threads.before);
      FUSEGRAD_UNROLL
      for (int lane = 0; lane < Width; ++lane) {
        auto& element = values.lanes[lane].template of<V>();
        element = op::combine(static_cast<type>(before), element);
      }
      add_to<X, V>(carry, threads.all);
    } else {
      add_to<X, V>(carry, sum);
    }
  }
  template <class Op, int Group, class T>
  FUSEGRAD_KERNEL prefix<T> along_group(T x) const {
    if constexpr (Group == 0) return threads_.template along_block<Op>(x);
    else return threads_.template along_warp<Op>(x);
  }

  // --- rows -------------------------------------------------------------------------------------------------------

  template <int Width, int Group, int... P>
  FUSEGRAD_KERNEL void phases(std::integer_sequence<int, P...>) {
    (phase<P, Width, Group>(), ...);
  }
  template <int P, int Width, int Group>
  FUSEGRAD_KERNEL void phase() {
    walk<P, Width, Group>();
    for_each<finish_row_reduction<Group>>(reduced_to_row<first_loop + P>{}, *this);
    step<P + 1>();
  }
  /// Loop P over the row.
  template <int P, int Width, int Group>
  FUSEGRAD_KERNEL void walk() {
    constexpr int L = first_loop + P;
    const std::int64_t n = a_.elements, whole = Width == 1 ? 0 : n / Width * Width;
    for_each<reset_total>(list_of<typename loop_facts<X, L>::begun>{}, totals_);
    turns<L, Width, Group>(0, whole);
    turns<L, 1, Group>(whole, n);
  }
  template <int Group>
  struct finish_row_reduction {
    template <int V>
    FUSEGRAD_KERNEL static void run(thread_program& p) {
      p.template take_reduction<V>(p.template across_group<op_of<X, V>, Group>(p.totals_.template of<V>()));
    }
  };
  /// What the row has come to: a number of it, or added to an array.
  template <int V>
  FUSEGRAD_KERNEL void take_reduction(wide_type<X, V> all) {
    using op = op_of<X, V>;
    if constexpr (!place<X, V>::is_sum) {
      row_numbers_.template of<V>() = static_cast<value_type<X, V>>(all);
    } else if (lane_ == 0) {
      auto& sum = sum_of_row<V>();
      sum = op::combine(sum, all);
    }
  }

  // Where several blocks walk along the row, each leaves its part, and those of the next part read all of them.

  struct leave_row_part {
    template <int V>
    FUSEGRAD_KERNEL static void run(thread_program& p, any_number* parts) {
      const auto sum = p.threads_.template across_block<op_of<X, V>>(p.totals_.template of<V>());
      if (p.threads_.thread() == 0)
        p.threads_.store(parts + p.block_of_row_ * row_reductions<X>::count + place<X, V>::of_row, sum);
    }
  };
  /// What the loops before part P have come to, and the numbers of the row that follow from it.
  template <int P, int... Q>
  FUSEGRAD_KERNEL void earlier([[maybe_unused]] any_number* parts, std::integer_sequence<int, Q...>) {
    ((for_each<compute_row_number>(list_of<typename step_facts<X, first_step + Q>::computed>{}, *this),
      for_each<gather_row_parts<Q + 1 == P>>(reduced_to_row<first_loop + Q>{}, *this, parts)),
     ...);
  }
  template <bool New>
  struct gather_row_parts {
    template <int V>
    FUSEGRAD_KERNEL static void run(thread_program& p, any_number* parts) {
      if constexpr (New || !place<X, V>::is_sum) {
        using op = op_of<X, V>;
        using wide = wide_type<X, V>;
        wide sum = op::template identity<wide>();
        for (int b = p.threads_.thread(); b < p.a_.blocks_of_row; b += p.threads_.threads())
          sum = op::combine(sum,
                            p.threads_.template load<wide>(parts + b * row_reductions<X>::count + place<X, V>::of_row));
        p.template take_reduction<V>(p.threads_.template across_block<op>(sum));
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
    const auto& array = a_.in[place<X, V>::array];
    return static_cast<wide_type<X, V>*>(array.base)[part_ * array.part + row_offset(array)];
  }

  /// Numbers of the row, which every thread of the group has.
  template <int P>
  FUSEGRAD_KERNEL void step() {
    constexpr int S = first_step + P;
    for_each<compute_row_number>(list_of<typename step_facts<X, S>::computed>{}, *this);
    if (lane_ == 0) {
      for_each<store_row_number>(list_of<typename step_facts<X, S>::stored>{}, *this);
      for_each<use_row_number<S>>(list_of<typename step_facts<X, S>::left>{}, *this);
    }
  }
  struct compute_row_number {
    template <int V>
    FUSEGRAD_KERNEL static void run(thread_program& p) {
      auto& number = p.row_numbers_.template of<V>();
      if constexpr (in_kernel<X, K, V>::is_loaded) {
        const auto& array = p.a_.in[place<X, V>::array];
        if constexpr (place<X, V>::is_sum) number = p.template element_of_sum<V>(array, p.row_offset(array));
        else
          number = static_cast<value_type<X, V>>(
              p.threads_.read(static_cast<const stored_type<X, V>*>(array.base) + p.row_offset(array)));
      } else if constexpr (fact<X, V>::kind == op_kind::index) {
        number = static_cast<value_type<X, V>>(p.template position_along<fact<X, V>::axes>());
      } else {
        number = computed<X, V, inner>(p.row_numbers_, p.row_numbers_);
      }
    }
  };
  /// The row's position along an axis: outer axes stand slowest first.
  template <axis_set Axis>
  FUSEGRAD_KERNEL std::int64_t position_along() const {
    constexpr int slower = __builtin_popcount(outer & ~(Axis | (Axis - 1)));
    return row_[slower];
  }
  struct store_row_number {
    template <int O>
    FUSEGRAD_KERNEL static void run(const thread_program& p) {
      using stored = stored_output<X, O>;
      const auto& array = p.a_.out[O];
      static_cast<stored*>(array.base)[p.row_offset(array)] =
          static_cast<stored>(operand<X, output<X, O>, inner>(p.row_numbers_, p.row_numbers_));
    }
  };
  template <int S>
  struct use_row_number {
    template <int V>
    FUSEGRAD_KERNEL static void run(thread_program& p) {
      if constexpr (in_step<X, S, V>::keeps) {
        const auto& array = p.a_.in[place<X, V>::array];
        static_cast<value_type<X, V>*>(array.base)[p.row_offset(array)] =
            operand<X, V, inner>(p.row_numbers_, p.row_numbers_);
      }
      if constexpr (in_step<X, S, V>::reduces) {
        constexpr int x = fact<X, V>::template x<0>;
        const auto number = static_cast<value_type<X, V>>(operand<X, x, inner>(p.row_numbers_, p.row_numbers_));
        if constexpr (place<X, V>::is_total) {
          add_to<X, V>(p.totals_.template of<V>(), number);
        } else {
          add_to<X, V>(p.template sum_of_row<V>(), number);
        }
      }
    }
  };

  FUSEGRAD_KERNEL void clear_sums(std::int64_t group) {
    for_each<clear_sum>(list_of<typename kernel_facts<X, K>::row_sums>{}, *this, group);
    if (lanes_ > 32) threads_.sync();
    else threads_.sync_warp();
  }
  struct clear_sum {
    template <int V>
    FUSEGRAD_KERNEL static void run(thread_program& p, std::int64_t group) {
      const auto& array = p.a_.in[place<X, V>::array];
      wide_type<X, V>* sums = static_cast<wide_type<X, V>*>(array.base) + group * array.part;
      std::int64_t count = array.part;
      if constexpr (OnChip && chip_sums<X, K, V>::held)
        if (p.a_.room.sums) {
          sums = p.template sums_on_chip<V>(p.chip_);
          count = p.a_.elements;
        }
      for (std::int64_t e = p.lane_; e < count; e += p.lanes_)
        sums[e] = op_of<X, V>::template identity<wide_type<X, V>>();
    }
  };

  const Threads& threads_;
  const arguments_type& a_;
  value_file<X> numbers_, row_numbers_;
  total_file<X> totals_;
  std::int64_t row_[at_least_one(arguments_type::outer_count)]{};
  std::int64_t part_ = 0;
  unsigned char* chip_ = nullptr;  ///< the group's shared memory
  int lane_ = 0, lanes_ = 1, block_of_row_ = 0;
};

// The bodies by name.
/// So many threads a block has at most, and so many blocks there must be room for on a multiprocessor.
template <int Threads>
struct body_of_threads {
  static constexpr int threads = Threads;
  template <class X, int K>
  static constexpr int least_blocks = 1;
};
template <int Width, int Vectors>
struct flat_body {
  static constexpr int threads = flat_threads;
  template <class X, int K>
  static constexpr int least_blocks =
      Width == 1 ? 1 : blocks_to_fit(X::program.size(), loop_facts<X, X::schedule.kernels[K].first_loop>::load_count);
  template <class X, int K, class Threads>
  FUSEGRAD_KERNEL static void run(const Threads& threads, const kernel_arguments<X, K>& arguments) {
    thread_program<X, K, Threads>(threads, arguments).template run_flat<Width, Vectors>();
  }
};
template <int Width, int>
struct sum_body : body_of_threads<slices * warp_size> {
  template <class X, int K, class Threads>
  FUSEGRAD_KERNEL static void run(const Threads& threads, const kernel_arguments<X, K>& arguments) {
    thread_program<X, K, Threads>(threads, arguments).run_parts_together();
  }
};
template <int Width, int Known>
struct scan_body : body_of_threads<flat_threads> {
  template <class X, int K, class Threads>
  FUSEGRAD_KERNEL static void run(const Threads& threads, const kernel_arguments<X, K>& arguments) {
    thread_program<X, K, Threads>(threads, arguments).template run_scans<Width, Known>();
  }
};
template <int Width, int Group>
struct row_body : body_of_threads<Group == 0 ? most_row_threads : flat_threads> {
  template <class X, int K, class Threads>
  FUSEGRAD_KERNEL static void run(const Threads& threads, const kernel_arguments<X, K>& arguments) {
    thread_program<X, K, Threads, true>(threads, arguments).template run_rows<Width, Group>();
  }
};

template <int Width, int Part>
struct part_body : body_of_threads<flat_threads> {
  template <class X, int K, class Threads>
  FUSEGRAD_KERNEL static void run(const Threads& threads, const kernel_arguments<X, K>& arguments) {
    thread_program<X, K, Threads>(threads, arguments).template run_part<Width, Part>();
  }
};

}  // namespace fusegrad::simt
