// A call on a device: what it needs of memory, and its kernels one after another. `Device` launches bodies, on a GPU or
// in an emulation.
#pragma once

#include "../../core/view.hpp"
#include "arranging.hpp"
#include "kernel.hpp"
#include "tuning.hpp"

namespace fusegrad::simt {

/// The shape of a launch.
struct launch_shape {
  int blocks = 1, threads = flat_threads;
  bool vectors = false;         ///< can elements be moved 16 bytes at a time?
  bool block_of_row = false;    ///< does a whole block walk along each row?
  int blocks_of_row = 1;        ///< or several?
  bool slices = false;          ///< do the warps of a block read sums of 32 elements together?
  chip_room room;               ///< what groups keep in shared memory
  std::int64_t room_bytes = 0;  ///< shared memory of a block, besides what every block has
  /// Groups of threads that walk along rows.
  int groups_of_block() const { return block_of_row ? 1 : threads / warp_size; }
  int groups() const { return blocks / blocks_of_row * groups_of_block(); }
};

/// What launches depend on of a GPU.
struct gpu_limits {
  static constexpr std::int64_t unasked = 47 << 10;  ///< bytes of shared memory that a kernel has without being asked
  gpu_limits(int processors, std::int64_t bytes = unasked) : multiprocessors(processors), shared_bytes(bytes) {}
  int multiprocessors;
  std::int64_t shared_bytes;  ///< of a block, at most
};

/// The rows of all devices, of which this one has some: along one axis, by its bit.
struct all_rows {
  axis_set axis = 0;
  std::ptrdiff_t count = 0;
};

/// for_each, on the host.
template <class Do, int... V, class... A>
void visit(ir::list<V...>, [[maybe_unused]] A&... args) {
  (Do::template run<V>(args...), ...);
}

/// Executes X. `Inputs` and `Outputs` are results<...> of numbers and views of device memory. With results<> for the
/// outputs it only tells how much scratch memory the call needs, whatever its outputs are.
template <class X, class Inputs, class Outputs>
class execution {
 public:
  execution(const Inputs& inputs, const Outputs& outputs, const gpu_limits& limits, const all_rows& rows = {})
      : inputs_(inputs), outputs_(outputs), limits_(limits), all_rows_(rows) {
    visit<find_given>(list_of<given_numbers<X>>{}, *this);
    each_kernel([&]<int K>(std::integral_constant<int, K>) { shapes_[K] = shape_of<K>(); });
    std::size_t bytes = 0;
    auto take = [&bytes](std::size_t size) {
      const std::size_t at = bytes;
      bytes += (size + 255) / 256 * 256;
      return at;
    };
    ticket_ = take(sizeof(unsigned));
    totals_ = take(sizeof(any_number) * static_cast<std::size_t>(totals<X>::count));
    int most = 0, sharing = 0;
    for (const launch_shape& s : shapes_) {
      most = s.blocks > most ? s.blocks : most;
      if (s.blocks_of_row > 1) sharing = s.blocks > sharing ? s.blocks : sharing;
    }
    partial_ = take(sizeof(any_number) * static_cast<std::size_t>(partials<X>::count * most));
    row_parts_ = take(sizeof(any_number) * static_cast<std::size_t>(row_reductions<X>::count * sharing));
    visit<place_kept>(list_of<arrays<X>>{}, *this, take);
    std::size_t merged = 0;
    visit<measure_merged>(all_arrangements{}, *this, merged);
    merged_ = take(merged);
    scratch_bytes_ = bytes;
  }

  /// Bytes that the call needs besides its arguments and results; the first `zeroed_bytes` of them must be zero, and
  /// are so again when it has run.
  std::size_t scratch_bytes() const { return scratch_bytes_; }
  static constexpr std::size_t zeroed_bytes = sizeof(unsigned);
  static constexpr bool counts_blocks = totals<X>::count > 0;  ///< if not, it does not read them
  const launch_shape& shape(int kernel) const { return shapes_[kernel]; }

  /// Runs all kernels. `number_out[k]` is where output k is written if it is a number.
  template <class Device>
  void run(Device& device, void* scratch, void* const* number_out) {
    scratch_ = static_cast<unsigned char*>(scratch);
    each_kernel([&]<int K>(std::integral_constant<int, K>) {
      visit<arrange_before<K>>(all_arrangements{}, *this, device);
      launch<K>(device, number_out);
    });
  }

 private:
  template <class Do>
  static void each_kernel(Do run) {
    [&]<int... K>(std::integer_sequence<int, K...>) {
      (run(std::integral_constant<int, K>{}), ...);
    }(std::make_integer_sequence<int, X::schedule.kernel_count>{});
  }
  template <int V>
  static constexpr bool is_array_input = X::program[V].is(op_kind::input) && X::program[V].axes != 0;

  std::ptrdiff_t extent_at(int source) const {
    std::ptrdiff_t found = 1;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (find_extent<I>(source, found), ...);
    }(std::make_index_sequence<std::tuple_size_v<Inputs>>{});
    return found;
  }
  template <std::size_t I>
  void find_extent(int source, std::ptrdiff_t& found) const {
    const auto& input = get<I>(inputs_);
    if constexpr (requires { input.shape(); }) {
      constexpr int rank = std::remove_cvref_t<decltype(input)>::rank;
      if (source / ir::max_axes == static_cast<int>(I))
        found = input.shape()[static_cast<std::size_t>(rank - 1 - source % ir::max_axes)];
    }
  }
  std::ptrdiff_t count(axis_set axes, const ir::extents& where) const {
    std::ptrdiff_t n = 1;
    for (int a = 0; a < ir::max_axes; ++a)
      if (ir::has_axis(axes, a)) n *= extent_at(where[a]);
    return n;
  }

  struct find_given {
    template <int V>
    static void run(execution& e) {
      auto& number = e.given_[given_numbers<X>::position(V)];
      if constexpr (X::program[V].is(op_kind::count))
        number = any_number::of(static_cast<value_type<X, V>>(
            e.count(X::program[V].over & ~e.all_rows_.axis, X::program.shape_list[X::program[V].index]) *
            ((X::program[V].over & e.all_rows_.axis) != 0 ? e.all_rows_.count : 1)));
      else if constexpr (place<X, V>::is_element)
        number = any_number::of(
            static_cast<const void*>(get<static_cast<std::size_t>(X::program[V].index)>(e.inputs_).data()));
      else
        number = any_number::of(
            static_cast<value_type<X, V>>(get<static_cast<std::size_t>(X::program[V].index)>(e.inputs_)));
    }
  };

  // --- arrangements -----------------------------------------------------------------------------------------------

  using all_arrangements = list_of<ir::all_of<X::program.arrangement_count>>;
  template <int A>
  static constexpr int arranged_for = ir::stage_of_arrangement(X::program, X::schedule, A);
  template <int A>
  static constexpr bool merges =
      X::program.arrangement_list[A].by < 0 &&
      !ir::is_order(X::program, X::program.arrangement_list[A].of, X::program.arrangement_list[A].along);

  struct measure_merged {
    template <int A>
    static void run(const execution& e, std::size_t& most) {
      constexpr ir::arrangement made = X::program.arrangement_list[A];
      static_assert(X::schedule.kernels[at_least_one(X::schedule.kernel_count) - 1].stage >= arranged_for<A>,
                    "fusegrad: on a GPU, no result can be but an element of sorted rows; return these");
      const auto elements = static_cast<std::size_t>(get<static_cast<std::size_t>(made.of)>(e.inputs_).size());
      if (merges<A> && most < elements * sizeof(std::int64_t)) most = elements * sizeof(std::int64_t);
    }
  };
  /// What the kernels of its stage are the first to read, in the order in which it can be made.
  template <int K>
  struct arrange_before {
    template <int A, class Device>
    static void run(const execution& e, Device& device) {
      constexpr int before = K > 0 ? X::schedule.kernels[K > 0 ? K - 1 : 0].stage : -1;
      if constexpr (arranged_for<A> > before && arranged_for<A> <= X::schedule.kernels[K].stage)
        e.template arrange<A>(device);
    }
  };
  template <int A, class Device>
  void arrange(Device& device) const {
    constexpr ir::arrangement made = X::program.arrangement_list[A];
    const auto& x = get<static_cast<std::size_t>(made.of)>(inputs_);
    const auto& to = get<static_cast<std::size_t>(made.input)>(inputs_);
    using T = typename std::remove_cvref_t<decltype(x)>::value_type;
    const auto shape = x.shape();
    arranging_arguments<T> a{
        x.data(), nullptr, to.data(), {shape.data(), static_cast<int>(shape.size()), made.along}, 1};
    const std::int64_t n = a.at.elements.count, all = n * a.at.rows.count;
    if (all == 0) return;
    launch_shape s;
    const std::int64_t blocks = (all + s.threads - 1) / s.threads,
                       most = std::int64_t{limits_.multiprocessors} * blocks_per_multiprocessor;
    s.blocks = static_cast<int>(blocks < most ? blocks : most);
    if constexpr (made.by >= 0) {
      a.positions = get<static_cast<std::size_t>(made.by)>(inputs_).data();
      device.template launch_alone<permute_body>(s, a);
    } else if constexpr (!merges<A>) {
      device.template launch_alone<rank_body>(s, a);
    } else {
      // from the one array into the other, so that the last launch writes to the result
      bool odd = true;
      for (std::int64_t width = 2; width < n; width *= 2) odd = !odd;
      void* const arrays[]{scratch_ + merged_, to.data()};
      do {
        a.to = arrays[odd ? 1 : 0];
        device.template launch_alone<merge_body>(s, a);
        a.positions = static_cast<const std::int64_t*>(a.to);
        odd = !odd;
      } while ((a.width *= 2) < n);
    }
  }

  // --- shapes of launches -----------------------------------------------------------------------------------------

  template <int K>
  static constexpr int width = [] {
    int least = 16;
    constexpr auto& kernel = X::schedule.kernels[K];
    [&]<int... P>(std::integer_sequence<int, P...>) {
      ((least =
            loop_facts<X, kernel.first_loop + P>::width < least ? loop_facts<X, kernel.first_loop + P>::width : least),
       ...);
    }(std::make_integer_sequence<int, kernel.phases>{});
    return least;
  }();

  /// Does kernel K add rows to arrays?
  template <int K>
  static constexpr bool adds_to_arrays = list_of<typename kernel_facts<X, K>::row_sums>::size > 0;

  /// Does flat kernel K begin with sums that an earlier kernel has left in parts?
  template <int K>
  static constexpr bool begins_with_sums = [] {
    if (X::schedule.kernels[K].outer != 0 || loop_facts<X, X::schedule.kernels[K].first_loop>::scan_depth > 0)
      return false;
    return list_of<typename loop_facts<X, X::schedule.kernels[K].first_loop>::loaded_sums>::size > 0;
  }();
  struct count_parts {
    template <int V>
    static void run(const execution& e, int& most) {
      if (const int parts = e.parts_of<V>(); parts > most) most = parts;
    }
  };
  /// The most parts of sums that kernel K loads.
  template <int K>
  int most_parts_of() const {
    int most = 1;
    visit<count_parts>(list_of<typename loop_facts<X, X::schedule.kernels[K].first_loop>::loaded_sums>{}, *this, most);
    return most;
  }

  /// May several blocks walk along a row of kernel K? Not where they need what those before them come to.
  template <int K>
  static constexpr bool several_blocks = [] {
    constexpr auto& kernel = X::schedule.kernels[K];
    return [&]<int... P>(std::integer_sequence<int, P...>) {
      return !kernel.combines && ((loop_facts<X, kernel.first_loop + P>::scan_depth == 0) && ...);
    }(std::make_integer_sequence<int, kernel.phases>{});
  }();

  template <int K>
  launch_shape shape_of() const {
    if constexpr (std::tuple_size_v<Outputs> > 0) {
      return shape_of<K>(width<K> > 1 && moves_vectors<K>());
    } else {
      const launch_shape narrow = shape_of<K>(false), wide = shape_of<K>(width<K> > 1);
      return wide.blocks > narrow.blocks ? wide : narrow;
    }
  }
  template <int K>
  launch_shape shape_of(bool vectors) const {
    constexpr auto& kernel = X::schedule.kernels[K];
    launch_shape s;
    const std::ptrdiff_t elements = count(kernel.inner, kernel.where), rows = count(kernel.outer, kernel.where);
    s.vectors = vectors;
    const int w = s.vectors ? width<K> : 1;
    std::ptrdiff_t wanted;
    if constexpr (kernel.outer == 0) {
      std::ptrdiff_t tile = flat_threads * w;
      if constexpr (begins_with_sums<K>) {
        s.slices = most_parts_of<K>() >= slices;
        if (s.slices) {
          s.threads = slices * warp_size;
          s.room_bytes = s.threads * static_cast<std::int64_t>(sizeof(any_number));
          tile = warp_size;
        }
      }
      wanted = (elements + tile - 1) / tile;
    } else {
      using chip = on_chip<X, K>;
      s.block_of_row =
          elements > warp_row || chip_room::all_bytes(elements, chip::row_bytes, chip::sum_bytes) > warp_share;
      if (s.block_of_row) s.threads = row_threads(elements, w);
      if (several_blocks<K>) s.blocks_of_row = blocks_of_row(rows, elements, limits_.multiprocessors);
      if (s.blocks_of_row > 1) {
        s.threads = flat_threads;
        s.blocks = static_cast<int>(rows) * s.blocks_of_row;
        return s;
      }
      s.room =
          chip_room::within(limits_.shared_bytes / s.groups_of_block(), elements, chip::row_bytes, chip::sum_bytes);
      s.room_bytes = static_cast<std::int64_t>(s.room.group_bytes) * s.groups_of_block();
      wanted = (rows + s.groups_of_block() - 1) / s.groups_of_block();
    }
    std::ptrdiff_t most =
        static_cast<std::ptrdiff_t>(limits_.multiprocessors) * blocks_per_multiprocessor * flat_threads / s.threads;
    if constexpr (adds_to_arrays<K>) {
      const std::ptrdiff_t parts =
          s.room.sums ? limits_.multiprocessors * adding_blocks(s.room_bytes, s.threads, limits_.shared_bytes)
                      : most_parts / s.groups_of_block();
      most = parts < most ? parts : most;
    }
    s.blocks = static_cast<int>(wanted < 1 ? 1 : wanted < most ? wanted : most);
    return s;
  }

  /// Do all arrays that kernel K touches allow that 16 bytes are moved at a time?
  template <int K>
  bool moves_vectors() const {
    bool all = true;
    visit<check_input<K>>(list_of<arrays<X>>{}, *this, all);
    visit<check_output<K>>(list_of<ir::all_of<X::program.output_count>>{}, *this, all);
    return all;
  }
  /// Do rows begin where 16 bytes do? A flat kernel has one row, which is all there is.
  template <int K, class View>
  static bool aligned_rows(const View& view) {
    constexpr std::ptrdiff_t bytes = sizeof(*view.data());
    if (!view.contiguous() || reinterpret_cast<std::uintptr_t>(view.data()) % 16 != 0) return false;
    const std::ptrdiff_t last = view.shape()[static_cast<std::size_t>(View::rank) - 1];
    return X::schedule.kernels[K].outer == 0 || View::rank == 1 || last * bytes % 16 == 0 || last == view.size();
  }
  template <int K>
  struct check_input {
    template <int V>
    static void run(const execution& e, bool& all) {
      if constexpr (is_array_input<V>) {
        constexpr bool loaded = on_chip<X, K>::in_loops(V, presence::loaded) > 0;
        if (loaded) all = all && aligned_rows<K>(get<static_cast<std::size_t>(X::program[V].index)>(e.inputs_));
        // a permuted input's rows are no rows in memory
        if (loaded) all = all && (X::program[V].map == ir::axis_map::identity(X::program[V].axes));
      } else {
        const std::ptrdiff_t last =
            e.count(X::program[V].axes & X::schedule.kernels[K].inner, X::program.extents_of(V));
        all = all && (X::schedule.kernels[K].outer == 0 || last % 4 == 0);
      }
    }
  };
  template <int K>
  struct check_output {
    template <int O>
    static void run(const execution& e, bool& all) {
      constexpr int loop = X::schedule.store_loop[O] - X::schedule.kernels[K].first_loop;
      if constexpr (loop >= 0 && loop < X::schedule.kernels[K].phases)
        all = all && aligned_rows<K>(get<static_cast<std::size_t>(O)>(e.outputs_)) &&
              X::program.layouts[O].map == ir::axis_map::identity(X::program[X::program.outputs[O]].axes);
    }
  };

  // --- memory -----------------------------------------------------------------------------------------------------

  /// How many parts a kept value has: sums have one for each group of threads of the kernel that makes them, or for
  /// each block that has them in shared memory.
  template <int V>
  int parts_of() const {
    int parts = 1;
    if constexpr (array_sums<X>::selects(V))
      each_kernel([&]<int K>(std::integral_constant<int, K>) {
        if constexpr (kernel_facts<X, K>::reduces(V))
          parts = on_chip<X, K>::holds_sums(V) && shapes_[K].room.sums ? shapes_[K].blocks : shapes_[K].groups();
      });
    return parts;
  }
  template <int V>
  static constexpr std::size_t kept_bytes() {
    if constexpr (array_sums<X>::selects(V)) return sizeof(wide_type<X, V>);
    else return sizeof(value_type<X, V>);
  }
  struct place_kept {
    template <int V, class Take>
    static void run(execution& e, Take& take) {
      if constexpr (X::schedule.kept[V]) {
        const auto elements = static_cast<std::size_t>(e.count(X::program[V].axes, X::program.extents_of(V)));
        e.kept_[arrays<X>::position(V)] = take(elements * kept_bytes<V>() * static_cast<std::size_t>(e.parts_of<V>()));
      }
    }
  };

  // --- launches ---------------------------------------------------------------------------------------------------

  template <int K>
  using arguments = kernel_arguments<X, K>;

  /// Fills in an array: `stride(axis)` elements lie between neighbours along an axis.
  template <int K, class Stride>
  void set(typename arguments<K>::array& to, const arguments<K>& a, const void* base, Stride stride) const {
    constexpr auto& kernel = X::schedule.kernels[K];
    to.base = const_cast<void*>(base);
    for (int k = 0; k < arguments<K>::outer_count; ++k) to.outer[k] = stride(axes_of<kernel.outer>::at(k));
    std::int64_t expected = 1;
    to.contiguous = true;
    for (int k = arguments<K>::inner_count; k-- > 0; expected *= a.inner_extents[k]) {
      to.inner[k] = stride(axes_of<kernel.inner>::at(k));
      to.contiguous = to.contiguous && (to.inner[k] == expected || a.inner_extents[k] <= 1);
    }
    to.parts = 1;
    to.part = 0;
  }
  template <class View>
  static std::int64_t stride_along(const View& view, ir::axis_map map, int axis) {
    for (int d = 0; d < View::rank; ++d)
      if (map[d] == axis) return view.strides()[static_cast<std::size_t>(View::rank - 1 - d)];
    return 0;
  }
  template <int K>
  struct set_input {
    template <int V>
    static void run(const execution& e, arguments<K>& a) {
      if constexpr (is_array_input<V>) {
        const auto& view = get<static_cast<std::size_t>(X::program[V].index)>(e.inputs_);
        e.set<K>(a.in[arrays<X>::position(V)], a, view.data(),
                 [&](int axis) { return stride_along(view, X::program[V].map, axis); });
      } else {
        auto& array = a.in[arrays<X>::position(V)];
        const ir::extents& where = X::program.extents_of(V);
        e.set<K>(array, a, e.scratch_ + e.kept_[arrays<X>::position(V)], [&](int axis) {
          if (!ir::has_axis(X::program[V].axes, axis)) return std::int64_t{0};
          const axis_set within = X::program[V].axes & ((axis_set{1} << axis) - 1);
          return static_cast<std::int64_t>(e.count(within, where));
        });
        array.part = e.count(X::program[V].axes, where);
        array.parts = e.parts_of<V>();
      }
    }
  };
  template <int K>
  struct set_output {
    template <int O>
    static void run(const execution& e, arguments<K>& a, void* const* number_out) {
      const auto& output = get<static_cast<std::size_t>(O)>(e.outputs_);
      if constexpr (X::program[X::program.outputs[O]].axes != 0)
        e.set<K>(a.out[O], a, output.data(),
                 [&](int axis) { return stride_along(output, X::program.layouts[O].map, axis); });
      else if constexpr (X::program.layouts[O].rank > 0) a.number_out[O] = output.data();
      else a.number_out[O] = number_out[O];
    }
  };

  template <int K, class Device>
  void launch(Device& device, void* const* number_out) const {
    constexpr auto& kernel = X::schedule.kernels[K];
    arguments<K> a{};
    a.rows = a.elements = 1;
    for (int k = 0; k < arguments<K>::outer_count; ++k)
      a.rows *= a.outer_extents[k] = extent_at(kernel.where[axes_of<kernel.outer>::at(k)]);
    for (int k = 0; k < arguments<K>::inner_count; ++k)
      a.elements *= a.inner_extents[k] = extent_at(kernel.where[axes_of<kernel.inner>::at(k)]);
    for (int g = 0; g < given_numbers<X>::count; ++g) a.given[g] = given_[g];
    visit<set_input<K>>(list_of<arrays<X>>{}, *this, a);
    visit<set_output<K>>(list_of<ir::all_of<X::program.output_count>>{}, *this, a, number_out);
    a.ticket = reinterpret_cast<unsigned*>(scratch_ + ticket_);
    a.totals = reinterpret_cast<any_number*>(scratch_ + totals_);
    a.partial = reinterpret_cast<any_number*>(scratch_ + partial_);
    a.row_parts = reinterpret_cast<any_number*>(scratch_ + row_parts_);
    const launch_shape& s = shapes_[K];
    a.blocks_of_row = s.blocks_of_row;
    a.room = s.room;
    constexpr int w = width<K>;
    constexpr int scans = loop_facts<X, kernel.first_loop>::scan_depth;
    if constexpr (kernel.outer == 0 && scans > 0) {
      launch_scans<K>(device, a, std::make_integer_sequence<int, scans + 1>{});
    } else if (begins_with_sums<K> && s.slices) {
      if constexpr (begins_with_sums<K>) device.template launch<sum_body<1, slices>, X, K>(s, a);
    } else if constexpr (kernel.outer == 0) {
      launch_with<K, w, vectors_in_flight(loop_facts<X, kernel.first_loop>::load_count), flat_body>(device, a);
    } else if (s.blocks_of_row > 1) {
      launch_parts<K, w>(device, a);
    } else if (s.block_of_row) {
      launch_with<K, w, 0, row_body>(device, a);
    } else {
      launch_with<K, w, warp_size, row_body>(device, a);
    }
  }
  template <int K, int Width, class Device>
  void launch_parts(Device& device, const arguments<K>& a) const {
    using parts = kernel_parts<X, K>;
    if constexpr (several_blocks<K>) {
      if constexpr (parts::clears) launch_with<K, 1, clearing, part_body>(device, a);
      [&]<int... P>(std::integer_sequence<int, P...>) {
        (launch_with < K, P < parts::loops ? Width : 1, P, part_body > (device, a), ...);
      }(std::make_integer_sequence<int, parts::count>{});
    }
  }
  /// Several blocks need a launch for each scan, one of another, that tells them what to begin with.
  template <int K, int... Known, class Device>
  void launch_scans(Device& device, const arguments<K>& a, std::integer_sequence<int, Known...>) const {
    auto launch = [&]<int Here>(std::integral_constant<int, Here>) {
      if (shapes_[K].blocks > 1 || Here + 1 == sizeof...(Known)) launch_with<K, width<K>, Here, scan_body>(device, a);
    };
    (launch(std::integral_constant<int, Known>{}), ...);
  }
  /// The variant that moves vectors, or the one that takes any strides.
  template <int K, int Width, int Other, template <int, int> class Body, class Device>
  void launch_with(Device& device, const arguments<K>& a) const {
    if constexpr (Width > 1)
      if (shapes_[K].vectors) return device.template launch<Body<Width, Other>, X, K>(shapes_[K], a);
    device.template launch<Body<1, Other>, X, K>(shapes_[K], a);
  }

  const Inputs& inputs_;
  const Outputs& outputs_;
  gpu_limits limits_;
  all_rows all_rows_;
  launch_shape shapes_[at_least_one(X::schedule.kernel_count)];
  any_number given_[at_least_one(given_numbers<X>::count)]{};
  std::size_t ticket_ = 0, totals_ = 0, partial_ = 0, row_parts_ = 0, merged_ = 0, scratch_bytes_ = 0;
  std::size_t kept_[at_least_one(arrays<X>::count)]{};
  unsigned char* scratch_ = nullptr;
};

}  // namespace fusegrad::simt
