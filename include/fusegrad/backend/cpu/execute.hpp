// Runs an executable program on the CPU: what is arranged for each stage, its numbers, then its kernels. What a kernel
// adds up is added up in an order that follows from extents alone, so that results do not depend on the number of
// threads.
#pragma once

#include "arranging.hpp"
#include "rows.hpp"
#include "workspace.hpp"

namespace fusegrad::cpu {
inline namespace FUSEGRAD_ISA {

/// The number of elements of kernel K.
template <class X, int K>
FUSEGRAD_INLINE constexpr std::ptrdiff_t elements_of(const typename X::table& arrays) {
  return elements_along<X, kernel_sources<X, K>, X::schedule.kernels[K].domain()>(arrays);
}

/// Bytes of the arrays that the largest of X's flat kernels reads and writes.
template <class X>
constexpr std::ptrdiff_t bytes_touched(const typename X::table& arrays) {
  std::ptrdiff_t most = 0;
  [&]<int... K>(std::integer_sequence<int, K...>) {
    auto of = [&]<int Kernel>(std::integral_constant<int, Kernel>) {
      if constexpr (X::schedule.kernels[Kernel].outer == 0) {
        constexpr std::ptrdiff_t bytes = X::bytes_per_element(X::schedule.kernels[Kernel].first_loop);
        if (const std::ptrdiff_t all = bytes * elements_of<X, Kernel>(arrays); all > most) most = all;
      }
    };
    (of(std::integral_constant<int, K>{}), ...);
  }(std::make_integer_sequence<int, X::schedule.kernel_count>{});
  return most;
}

/// Executes X on the arrays of a table. Depends on their elements and ranks only: neither on what the caller keeps them
/// in nor on what becomes of results.
template <class X>
class execution {
  static constexpr auto& program = X::program;
  static constexpr auto& schedule = X::schedule;
  using table = typename X::table;
  template <int V>
  static constexpr auto slot = static_cast<std::size_t>(position_in<array_list<X>>(V));

  struct kept_values {
    static constexpr int size = X::program.size();
    static constexpr bool selects(int v) { return schedule.kept[v]; }
  };
  using kept_list = list_of<kept_values>;

 public:
  constexpr explicit execution(const table& arrays) : arrays_(arrays) {}

  /// `inputs` are the call's arguments, of which the numbers are taken.
  template <class Inputs>
  FUSEGRAD_INLINE constexpr void run(const Inputs& inputs, bool parallel) {
    take_numbers<X>(numbers_, inputs);
    compute_numbers<X, 0>(numbers_, arrays_);
    if constexpr (schedule.kernel_count > 0) run_kernels(parallel);
    for_each_value<write_number>(list_of<numbers_in_arrays>{}, *this);
  }
  /// Output K, a number.
  template <int K>
  FUSEGRAD_INLINE constexpr auto result() const {
    return number<X, program.outputs[K]>(numbers_);
  }

 private:
  FUSEGRAD_INLINE void run_kernels(bool parallel) {
    auto run_all = [&]() __attribute__((always_inline)) {
      [&]<std::size_t... K>(std::index_sequence<K...>) __attribute__((always_inline)) {
        if constexpr (schedule.kernel_count <= 2) (run_kernel<static_cast<int>(K)>(parallel), ...);
        else (run_kernel_apart<static_cast<int>(K)>(parallel), ...);
      }
      (std::make_index_sequence<static_cast<std::size_t>(schedule.kernel_count)>{});
    };
    if constexpr (kept_list::size > 0) {
      borrowed_workspace memory;
      std::size_t bytes = 0;
      for_each_value<add_kept_bytes>(kept_list{}, *this, bytes);
      unsigned char* next = memory.reserve(bytes);
      for_each_value<place_kept>(kept_list{}, *this, next);
      run_all();
    } else {
      run_all();
    }
  }
  template <int V>
  FUSEGRAD_INLINE std::size_t kept_bytes() const {
    const auto elements =
        static_cast<std::size_t>(elements_along<X, shape_sources<X, program[V].shape>, program[V].axes>(arrays_));
    return aligned_bytes(elements * sizeof(typename stored_type<X, V>::type));
  }
  struct add_kept_bytes {
    template <int V>
    FUSEGRAD_INLINE static void run(const execution& e, std::size_t& bytes) {
      bytes += e.template kept_bytes<V>();
    }
  };
  struct place_kept {
    template <int V>
    FUSEGRAD_INLINE static void run(execution& e, unsigned char*& next) {
      e.kept_[slot<V>] = next;
      next += e.template kept_bytes<V>();
    }
  };

  /// Runs kernel K, and does what had to wait for it: arrangements, then numbers, which may be elements of these.
  template <int K>
  FUSEGRAD_INLINE void run_kernel(bool parallel) {
    constexpr auto& kernel = schedule.kernels[K];
    if constexpr (kernel.outer == 0) run_flat<K>(parallel);
    else run_rows<K>(arrays_.copy(), numbers_, kept_, parallel);
    constexpr int next = K + 1 < schedule.kernel_count
                             ? schedule.kernels[K + 1 < schedule.kernel_count ? K + 1 : K].stage
                             : schedule.stages;
    constexpr int now = kernel.stage;
    [&]<int... S>(std::integer_sequence<int, S...>) {
      (begin_stage<now + 1 + S>(parallel), ...);
    }(std::make_integer_sequence<int, next - now>{});
  }
  /// As a function of its own: compilers take more than twice as long for one that is twice as long.
  template <int K>
  [[gnu::noinline]] void run_kernel_apart(bool parallel) {
    run_kernel<K>(parallel);
  }
  template <int Stage>
  FUSEGRAD_INLINE void begin_stage(bool parallel) {
    if constexpr (list_of<arranged_for<Stage>>::size > 0) {
      const table call = arrays_.copy();
      for_each_value<arrange>(list_of<arranged_for<Stage>>{}, call, parallel);
    }
    compute_numbers<X, Stage>(numbers_, arrays_);
  }

  // --- arrangements -------------------------------------------------------------------------------------------------

  template <int Stage>
  struct arranged_for {
    static constexpr int size = program.arrangement_count;
    static constexpr bool selects(int k) { return ir::stage_of_arrangement(program, schedule, k) == Stage; }
  };
  struct arrange {
    template <int A>
    static void run(const table& call, bool parallel) {
      constexpr ir::arrangement made = program.arrangement_list[A];
      constexpr int of = X::entries.of_input[made.of], to = X::entries.of_input[made.input];
      constexpr fusegrad::detail::array_entry entry = X::entries.of[to];
      const array_rows at(call.extents + entry.first, entry.rank, made.along);
      using T = typename X::template input_type<made.of>;
      const T* const x = static_cast<const T*>(call.data[of]);
      if constexpr (made.by >= 0) {
        constexpr int by = X::entries.of_input[made.by];
        permute(x, static_cast<const std::int64_t*>(call.data[by]), static_cast<T*>(call.data[to]), at, parallel);
      } else if constexpr (ir::is_order(program, made.of, made.along)) {
        find_ranks(x, static_cast<std::int64_t*>(call.data[to]), at, parallel);
      } else {
        find_order(x, static_cast<std::int64_t*>(call.data[to]), at, parallel);
      }
    }
  };

  // --- flat kernels: one row that is all there is -------------------------------------------------------------------

  template <int K>
  FUSEGRAD_INLINE void run_flat(bool parallel) {
    constexpr auto& kernel = schedule.kernels[K];
    constexpr int L = kernel.first_loop;
    const std::ptrdiff_t n = elements_of<X, K>(arrays_);
    pointers<X> arrays;
    carries<X> carried;
    if constexpr (scan_list<X>::size > 0) arrays.carry_in(carried);
    for_each_value<point_at_input>(typename kernel_arrays<X, K>::loads{}, *this, arrays);
    for_each_value<point_at_output>(typename kernel_arrays<X, K>::stores{}, *this, arrays);
    const bool strided = !arrays_.contiguous && is_strided<K>(arrays_.copy());
    // What functions are called with are copies: were the address of anything else known to them, compilers would keep
    // all of it in memory.
    number_file<X> numbers{};  // g++ 12 takes it for forgotten otherwise
    for_each_value<copy_number<X>>(list_of<loop_numbers<X, L>>{}, numbers, numbers_);
    if (!strided && n <= block_elements) {
      block_values<X, L> values = run_only_block<X, L>(numbers, arrays, n);
      for_each_value<keep<X>>(typename loop_plan<X, L>::totals{}, numbers_, values);
    } else {
      void* kept[sizeof(kept_) / sizeof(*kept_)];
      for (std::size_t k = 0; k < sizeof(kept_) / sizeof(*kept_); ++k) kept[k] = kept_[k];
      number_file<X> numbers_of_line{};
      for_each_value<copy_number<X>>(list_of<loop_numbers<X, L>>{}, numbers_of_line, numbers);
      loop_totals<X, L> totals =
          run_long<K>(arrays_.copy(), numbers_of_line, pointers<X>(arrays), kept, n, strided, parallel);
      for_each_value<keep<X>>(typename loop_plan<X, L>::totals{}, numbers_, totals);
    }
  }

  template <int K>
  [[gnu::noinline]] static auto run_long(const table& call, const number_file<X>& numbers, const pointers<X>& arrays,
                                         void* const* kept, std::ptrdiff_t n, bool strided, bool parallel) {
    constexpr int L = schedule.kernels[K].first_loop;
    constexpr std::ptrdiff_t bytes = X::bytes_per_element(L);
    const bool stream = !strided && n * bytes > streaming_bytes && aligned<K>(arrays);
    loop_totals<X, L> totals;
    if (strided) {
      const walk<X, K> way = walk_of<K>(call, kept);
      totals = run_line<X, K, L>(numbers, arrays, &way, n, false, parallel);
    } else {
      totals = run_line<X, K, L>(numbers, arrays, nullptr, n, stream, parallel);
    }
    if (stream) simd::stream_fence();
    return totals;
  }

  struct point_at_input {
    template <int V>
    FUSEGRAD_INLINE static void run(const execution& e, pointers<X>& arrays) {
      if constexpr (program[V].is(op_kind::input))
        arrays.in[slot<V>] = e.arrays_.data[X::entries.of_input[program[V].index]];
      else arrays.in[slot<V>] = e.kept_[slot<V>];
    }
  };
  struct point_at_output {
    template <int K>
    FUSEGRAD_INLINE static void run(const execution& e, pointers<X>& arrays) {
      arrays.out[K] = e.arrays_.data[X::entries.of_output[K]];
    }
  };
  /// Are some of kernel K's arrays not contiguous? Its entries are found beforehand: code that looks for them in the
  /// program would bring along all that descriptors of operations point to.
  template <int K>
  [[gnu::noinline]] static bool is_strided(const table& call) {
    constexpr auto walked = [] {
      using arrays_of = kernel_arrays<X, K>;
      std::array<bool, static_cast<std::size_t>(X::entries.count)> found{};
      for (int k = 0; k < arrays_of::loads::size; ++k)
        if (const auto& load = program[arrays_of::loads::at[k]]; load.is(op_kind::input))
          found[static_cast<std::size_t>(X::entries.of_input[load.index])] = true;
      for (int k = 0; k < arrays_of::stores::size; ++k)
        found[static_cast<std::size_t>(X::entries.of_output[arrays_of::stores::at[k]])] = true;
      return found;
    }();
    for (int e = 0; e < X::entries.count; ++e)
      if (walked[static_cast<std::size_t>(e)] && !fusegrad::detail::list_of(X::entries.of, call).contiguous(e))
        return true;
    return false;
  }
  template <int K>
  static bool aligned(const pointers<X>& arrays) {
    bool all = kernel_arrays<X, K>::stores::size > 0;
    for_each_value<check_alignment>(typename kernel_arrays<X, K>::stores{}, arrays, all);
    return all;
  }
  struct check_alignment {
    template <int O>
    static void run(const pointers<X>& arrays, bool& all) {
      all = all && reinterpret_cast<std::uintptr_t>(arrays.out[O]) % simd::native_bytes == 0;
    }
  };

  // --- kernels of rows ----------------------------------------------------------------------------------------------

  template <int K>
  static walk<X, K> walk_of(const table& call, void* const* kept) {
    walk<X, K> way(call);
    for_each_value<walk_input<K>>(typename kernel_arrays<X, K>::loads{}, call, kept, way);
    for_each_value<walk_output<K>>(typename kernel_arrays<X, K>::stores{}, call, way);
    return way;
  }
  template <int K>
  struct walk_input {
    template <int V>
    static void run(const table& call, void* const* kept, walk<X, K>& way) {
      if constexpr (program[V].is(op_kind::input)) {
        constexpr int entry = X::entries.of_input[program[V].index];
        constexpr ir::axis_map map = program[V].map;
        way.template set<program[V].axes>(way.in[slot<V>], call.data[entry], X::entries.of[entry].bytes,
                                          [&](int axis) { return stride_along<entry>(call, map, axis); });
      } else {
        // the extents of its own axes: in other kernels there may be more of them
        way.template set<program[V].axes>(way.in[slot<V>], kept[slot<V>], sizeof(typename stored_type<X, V>::type),
                                          [&](int axis) { return packed_stride<program[V].axes>(way.extents, axis); });
      }
    }
  };
  template <int K>
  struct walk_output {
    template <int O>
    static void run(const table& call, walk<X, K>& way) {
      constexpr int entry = X::entries.of_output[O];
      constexpr ir::axis_map map = program.layouts[O].map;
      way.template set<map.axes()>(way.out[O], call.data[entry], X::entries.of[entry].bytes,
                                   [&](int axis) { return stride_along<entry>(call, map, axis); });
    }
  };
  /// The distance of an array's elements along an axis; 0 where it has but one there.
  template <int Entry>
  static std::ptrdiff_t stride_along(const table& call, ir::axis_map map, int axis) {
    constexpr fusegrad::detail::array_entry entry = X::entries.of[Entry];
    for (int d = 0; d < entry.rank; ++d)
      if (map[d] == axis) return call.strides[entry.first + entry.rank - 1 - d];
    return 0;
  }

  template <int K>
  [[gnu::noinline]] static void run_rows(const table& call, number_file<X>& numbers, void* const* kept, bool parallel) {
    const walk<X, K> way = walk_of<K>(call, kept);
    row_kernel<X, K>(way, numbers, kept, parallel).run();
  }

  // --- results ------------------------------------------------------------------------------------------------------

  /// Outputs that are numbers, where the caller wants arrays of one element.
  struct numbers_in_arrays {
    static constexpr int size = X::program.output_count;
    static constexpr bool selects(int k) {
      return program[program.outputs[k]].axes == 0 && program.layouts[k].rank > 0;
    }
  };
  struct write_number {
    template <int K>
    FUSEGRAD_INLINE static constexpr void run(const execution& e) {
      using type = typename X::template output_element<K>;
      *static_cast<type*>(e.arrays_.data[X::entries.of_output[K]]) = e.template result<K>();
    }
  };

  const table& arrays_;
  number_file<X> numbers_;
  void* kept_[pointers<X>::ins > 0 ? pointers<X>::ins : 1]{};
};

}  // namespace FUSEGRAD_ISA
}  // namespace fusegrad::cpu
