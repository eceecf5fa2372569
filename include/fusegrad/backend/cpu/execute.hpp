// Runs an executable program on the CPU: the numbers of each stage, then its kernels. What a kernel adds up is added up
// in an order that follows from extents alone, so that results do not depend on the number of threads.
#pragma once

#include "../../core/view.hpp"
#include "rows.hpp"
#include "workspace.hpp"

namespace fusegrad::cpu {

/// The number of elements of kernel K.
template <class X, int K, class Inputs>
FUSEGRAD_INLINE constexpr std::ptrdiff_t elements_of(const Inputs& inputs) {
  return elements_along<kernel_sources<X, K>, X::schedule.kernels[K].domain()>(inputs);
}

/// Bytes of the arrays that the largest of X's flat kernels reads and writes.
template <class X, class Inputs>
constexpr std::ptrdiff_t bytes_touched(const Inputs& inputs) {
  std::ptrdiff_t most = 0;
  [&]<int... K>(std::integer_sequence<int, K...>) {
    auto of = [&]<int Kernel>(std::integral_constant<int, Kernel>) {
      if constexpr (X::schedule.kernels[Kernel].outer == 0) {
        constexpr std::ptrdiff_t bytes = X::bytes_per_element(X::schedule.kernels[Kernel].first_loop);
        if (const std::ptrdiff_t all = bytes * elements_of<X, Kernel>(inputs); all > most) most = all;
      }
    };
    (of(std::integral_constant<int, K>{}), ...);
  }(std::make_integer_sequence<int, X::schedule.kernel_count>{});
  return most;
}

/// Executes X. `Inputs` and `Outputs` are results<...> of numbers and views, in the order of the program.
template <class X, class Inputs, class Outputs>
class execution {
  template <class, class, class>
  friend class execution;
  static constexpr auto& program = X::program;
  static constexpr auto& schedule = X::schedule;
  using input_indices = std::make_index_sequence<std::tuple_size_v<Inputs>>;
  using output_indices = std::make_index_sequence<std::tuple_size_v<Outputs>>;
  template <int V>
  static constexpr auto slot = static_cast<std::size_t>(position_in<array_list<X>>(V));

  struct kept_values {
    static constexpr int size = X::program.size();
    static constexpr bool selects(int v) { return schedule.kept[v]; }
  };
  using kept_list = list_of<kept_values>;

 public:
  constexpr execution(const Inputs& inputs, Outputs& outputs) : inputs_(inputs), outputs_(outputs) {}

  template <bool Parallel>
  FUSEGRAD_INLINE constexpr void run() {
    compute_numbers<X, 0>(numbers_, inputs_);
    if constexpr (schedule.kernel_count > 0) run_kernels<Parallel>();
    write_numbers(output_indices{});
  }

 private:
  template <bool Parallel>
  FUSEGRAD_INLINE void run_kernels() {
    auto run_all = [&]() __attribute__((always_inline)) {
      [&]<std::size_t... K>(std::index_sequence<K...>) __attribute__((always_inline)) {
        (run_kernel<static_cast<int>(K), Parallel>(), ...);
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
        static_cast<std::size_t>(elements_along<shape_sources<X, program[V].shape>, program[V].axes>(inputs_));
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

  /// Runs kernel K, and computes the numbers that had to wait for it.
  template <int K, bool Parallel>
  FUSEGRAD_INLINE void run_kernel() {
    constexpr auto& kernel = schedule.kernels[K];
    if constexpr (kernel.outer == 0) run_flat<K, Parallel>();
    else run_rows<K, Parallel>();
    constexpr int next = K + 1 < schedule.kernel_count
                             ? schedule.kernels[K + 1 < schedule.kernel_count ? K + 1 : K].stage
                             : schedule.stages;
    constexpr int now = kernel.stage;
    [&]<int... S>(std::integer_sequence<int, S...>) {
      (compute_numbers<X, now + 1 + S>(numbers_, inputs_), ...);
    }(std::make_integer_sequence<int, next - now>{});
  }

  // --- flat kernels: one row that is all there is -------------------------------------------------------------------

  template <int K, bool Parallel>
  FUSEGRAD_INLINE void run_flat() {
    constexpr auto& kernel = schedule.kernels[K];
    constexpr int L = kernel.first_loop;
    const std::ptrdiff_t n = elements_of<X, K>(inputs_);
    pointers<X> arrays{};
    carries<X> carried;
    if constexpr (scan_list<X>::size > 0) arrays.carry_in(carried);
    bool strided = false;
    for_each_value<point_at_input>(typename kernel_arrays<X, K>::loads{}, *this, arrays, strided);
    for_each_value<point_at_output>(typename kernel_arrays<X, K>::stores{}, *this, arrays, strided);
    // What functions are called with are copies: were the address of anything else known to them, compilers would keep
    // all of it in memory.
    number_file<X> numbers{};  // g++ 12 takes it for forgotten otherwise
    for_each_value<copy_number<X>>(list_of<loop_numbers<X, L>>{}, numbers, numbers_);
    if (!strided && n <= block_elements) {
      block_values<X, L> values = run_only_block<X, L>(numbers, arrays, n);
      for_each_value<keep<X>>(typename loop_plan<X, L>::totals{}, numbers_, values);
    } else {
      const auto inputs = values_of(inputs_, input_indices{});
      auto outputs = values_of(outputs_, output_indices{});
      execution<X, std::remove_const_t<decltype(inputs)>, decltype(outputs)> copy(inputs, outputs);
      for_each_value<copy_number<X>>(list_of<loop_numbers<X, L>>{}, copy.numbers_, numbers);
      for (std::size_t k = 0; k < sizeof(kept_) / sizeof(*kept_); ++k) copy.kept_[k] = kept_[k];
      loop_totals<X, L> totals = copy.template run_long<K, Parallel>(pointers<X>(arrays), n, strided);
      for_each_value<keep<X>>(typename loop_plan<X, L>::totals{}, numbers_, totals);
    }
  }
  template <class Bound, std::size_t... I>
  FUSEGRAD_INLINE static auto values_of(const Bound& bound, std::index_sequence<I...>) {
    return results<std::remove_cvref_t<std::tuple_element_t<I, Bound>>...>{{{copied(get<I>(bound))}...}};
  }
  template <class T>
  FUSEGRAD_INLINE static T copied(T number) {
    return number;
  }
  /// Number by number: the copy of a whole view would have the view in memory.
  template <class T, int R>
  FUSEGRAD_INLINE static view<T, R> copied(const view<T, R>& v) {
    shape<R> extents{}, strides{};
    for (std::size_t axis = 0; axis < R; ++axis) {
      extents[axis] = v.shape()[axis];
      strides[axis] = v.strides()[axis];
    }
    return view<T, R>(v.data(), extents, strides);
  }

  template <int K, bool Parallel>
  [[gnu::noinline]] auto run_long(const pointers<X>& arrays, std::ptrdiff_t n, bool strided) {
    constexpr int L = schedule.kernels[K].first_loop;
    constexpr std::ptrdiff_t bytes = X::bytes_per_element(L);
    const bool stream = !strided && n * bytes > streaming_bytes && aligned<K>(arrays);
    loop_totals<X, L> totals;
    if (strided) {
      const walk<X, K> way = walk_of<K>();
      totals = run_line<X, K, L, Parallel>(numbers_, arrays, &way, n, false);
    } else {
      totals = run_line<X, K, L, Parallel>(numbers_, arrays, nullptr, n, stream);
    }
    if (stream) simd::stream_fence();
    return totals;
  }

  struct point_at_input {
    template <int V>
    FUSEGRAD_INLINE static void run(execution& e, pointers<X>& arrays, bool& strided) {
      if constexpr (program[V].is(op_kind::input)) {
        const auto& array = get<static_cast<std::size_t>(program[V].index)>(e.inputs_);
        arrays.in[slot<V>] = array.data();
        strided |= !array.contiguous();
      } else {
        arrays.in[slot<V>] = e.kept_[slot<V>];
      }
    }
  };
  struct point_at_output {
    template <int K>
    FUSEGRAD_INLINE static void run(execution& e, pointers<X>& arrays, bool& strided) {
      const auto& array = get<static_cast<std::size_t>(K)>(e.outputs_);
      arrays.out[K] = array.data();
      strided |= !array.contiguous();
    }
  };
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
  walk<X, K> walk_of() {
    walk<X, K> way(inputs_);
    for_each_value<walk_input<K>>(typename kernel_arrays<X, K>::loads{}, *this, way);
    for_each_value<walk_output<K>>(typename kernel_arrays<X, K>::stores{}, *this, way);
    return way;
  }
  template <int K>
  struct walk_input {
    template <int V>
    static void run(execution& e, walk<X, K>& way) {
      if constexpr (program[V].is(op_kind::input)) {
        const auto& array = get<static_cast<std::size_t>(program[V].index)>(e.inputs_);
        way.template set<program[V].axes>(way.in[slot<V>], array.data(), sizeof(*array.data()),
                                          [&](int axis) { return stride_along<program[V].map>(array, axis); });
      } else {
        // the extents of its own axes: in other kernels there may be more of them
        way.template set<program[V].axes>(way.in[slot<V>], e.kept_[slot<V>], sizeof(typename stored_type<X, V>::type),
                                          [&](int axis) { return packed_stride<program[V].axes>(way.extents, axis); });
      }
    }
  };
  template <int K>
  struct walk_output {
    template <int O>
    static void run(execution& e, walk<X, K>& way) {
      const auto& array = get<static_cast<std::size_t>(O)>(e.outputs_);
      way.template set<program.layouts[O].map.axes()>(way.out[O], array.data(), sizeof(*array.data()), [&](int axis) {
        return stride_along<program.layouts[O].map>(array, axis);
      });
    }
  };
  /// The distance of an array's elements along an axis; 0 where it has but one there.
  template <ir::axis_map Map, class View>
  static std::ptrdiff_t stride_along(const View& array, int axis) {
    for (int d = 0; d < View::rank; ++d)
      if (Map[d] == axis) return array.strides()[static_cast<std::size_t>(View::rank - 1 - d)];
    return 0;
  }

  template <int K, bool Parallel>
  [[gnu::noinline]] void run_rows() {
    const walk<X, K> way = walk_of<K>();
    row_kernel<X, K, Parallel>(way, numbers_, kept_).run();
  }

  // --- results ------------------------------------------------------------------------------------------------------

  template <std::size_t... K>
  FUSEGRAD_INLINE constexpr void write_numbers(std::index_sequence<K...>) {
    (write_number<K>(), ...);
  }
  template <std::size_t K>
  FUSEGRAD_INLINE constexpr void write_number() {
    if constexpr (program[program.outputs[K]].axes == 0) {
      auto& output = get<K>(outputs_);
      if constexpr (is_view<std::remove_cvref_t<decltype(output)>>)
        *output.data() = number<X, program.outputs[K]>(numbers_);
      else output = number<X, program.outputs[K]>(numbers_);
    }
  }

  const Inputs& inputs_;
  Outputs& outputs_;
  number_file<X> numbers_;
  void* kept_[pointers<X>::ins > 0 ? pointers<X>::ins : 1]{};
};

}  // namespace fusegrad::cpu
