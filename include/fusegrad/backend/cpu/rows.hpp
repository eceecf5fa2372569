// Kernels of rows: for each row steps of numbers alternate with loops over its elements. Rows are dealt to groups by
// their number alone; each group has sums of its own, which are added up in order.
#pragma once

#include "array_sums.hpp"
#include "line_writer.hpp"
#include "register_tile.hpp"

#if defined(_OPENMP)
#include <omp.h>
#endif

namespace fusegrad::cpu {
inline namespace FUSEGRAD_ISA {

/// The result of a reduction becomes a number.
template <class X>
struct keep {
  template <int V, class Values>
  FUSEGRAD_INLINE static void run(number_file<X>& numbers, Values& values) {
    auto& number = numbers.template at<X::program[V].type, number_slots<X>.of[V]>();
    if constexpr (requires { values.template of<V>().value(); }) number = values.template of<V>().value();
    else number = values.template of<V>();
  }
};

/// Runs loop L over elements [begin, end) of a row of which some arrays are not contiguous.
template <class X, int K, int L>
block_values<X, L> run_staged(const number_file<X>& numbers, const pointers<X>& row, const walk<X, K>& way,
                              std::ptrdiff_t begin, std::ptrdiff_t end);

/// Runs loop L over the n elements of a line, block by block. `way` is given if some arrays are not contiguous. Every
/// second loop over a row begins with the last block, which the one before has left in the cache.
template <class X, int K, int L>
loop_totals<X, L> run_line(const number_file<X>& numbers, const pointers<X>& row, const walk<X, K>* way,
                           std::ptrdiff_t n, bool stream, [[maybe_unused]] bool parallel) {
  const std::ptrdiff_t block = way != nullptr ? staged_elements : block_elements;
  const std::ptrdiff_t blocks = (n + block - 1) / block;
  constexpr bool serial = loop_plan<X, L>::scans::size > 0;  // each element needs those before it
  const std::ptrdiff_t per_group = serial ? blocks : (blocks + max_groups - 1) / max_groups;
  const std::ptrdiff_t groups = per_group == 0 ? 0 : (blocks + per_group - 1) / per_group;
  constexpr bool backwards = !serial && (L - X::schedule.kernels[K].first_loop) % 2 == 1;
  loop_totals<X, L> partial[static_cast<std::size_t>(max_groups)];
  auto run_group = [&](std::ptrdiff_t g) {
    const std::ptrdiff_t first = g * per_group * block;
    const std::ptrdiff_t last = first + per_group * block < n ? first + per_group * block : n;
    const std::ptrdiff_t own_blocks = (last - first + block - 1) / block;
    for (std::ptrdiff_t k = 0; k < own_blocks; ++k) {
      const std::ptrdiff_t begin = first + (backwards ? own_blocks - 1 - k : k) * block;
      const std::ptrdiff_t end = begin + block < last ? begin + block : last;
      block_values<X, L> values = way != nullptr ? run_staged<X, K, L>(numbers, row, *way, begin, end)
                                                 : run_block<X, L>(numbers, row, begin, end, stream);
      partial[g].add(values);
    }
  };
#if defined(_OPENMP)
  if (parallel) {
#pragma omp parallel for schedule(static) if (n >= parallel_elements)
    for (std::ptrdiff_t g = 0; g < groups; ++g) run_group(g);
  } else
#endif
    for (std::ptrdiff_t g = 0; g < groups; ++g) run_group(backwards ? groups - 1 - g : g);
  loop_totals<X, L> totals;
  for (std::ptrdiff_t g = 0; g < groups; ++g) totals.add(partial[g]);
  return totals;
}

/// Gathers and scatters for run_staged.
template <class X, int K, int L>
struct staged_loop {
  using way_type = walk<X, K>;
  template <int V>
  static constexpr auto slot = static_cast<std::size_t>(position_in<array_list<X>>(V));

  struct loaded {
    static constexpr int size = X::program.size();
    static constexpr bool selects(int v) {
      return in_memory<X>::selects(v) &&
             (X::schedule.in_loop[L][v] == presence::loaded || X::schedule.in_loop[L][v] == presence::kept_for_row ||
              X::schedule.keep_loop[v] == L);
    }
  };
  using loads = list_of<loaded>;
  using stores = typename loop_plan<X, L>::outputs;

  template <class List, template <int> class Element>
  struct buffers;
  template <int... V, template <int> class Element>
  struct buffers<ir::list<V...>, Element> {
    results<staging<typename Element<V>::type>...> all;
  };
  template <int V>
  struct input_element : stored_type<X, V> {};
  template <int O>
  struct output_element : std::type_identity<type_of<X::program[X::program.outputs[O]].type>> {};
  using staged_in = buffers<loads, input_element>;
  using staged_out = buffers<stores, output_element>;

  struct bring {
    template <int V>
    static void run(const pointers<X>& row, const way_type& way, staged_in& staged, pointers<X>& block,
                    std::ptrdiff_t begin, std::ptrdiff_t end) {
      using T = typename stored_type<X, V>::type;
      const T* const from = static_cast<const T*>(row.in[slot<V>]);
      if (way.in[slot<V>].contiguous) {
        block.in[slot<V>] = from + begin;
      } else {
        auto& buffer = get<static_cast<std::size_t>(position_in<loads>(V))>(staged.all);
        buffer.gather(from, way.inner_extents, way.in[slot<V>].inner, begin, end);
        block.in[slot<V>] = buffer.elements;
      }
    }
  };
  struct place {
    template <int O>
    static void run(const pointers<X>& row, const way_type& way, staged_out& staged, pointers<X>& block,
                    std::ptrdiff_t begin) {
      using T = typename output_element<O>::type;
      if (way.out[O].contiguous) block.out[O] = static_cast<T*>(row.out[O]) + begin;
      else block.out[O] = get<static_cast<std::size_t>(position_in<stores>(O))>(staged.all).elements;
    }
  };
  struct take {
    template <int O>
    static void run(const pointers<X>& row, const way_type& way, staged_out& staged, std::ptrdiff_t begin,
                    std::ptrdiff_t end) {
      using T = typename output_element<O>::type;
      if (!way.out[O].contiguous)
        get<static_cast<std::size_t>(position_in<stores>(O))>(staged.all)
            .scatter(static_cast<T*>(row.out[O]), way.inner_extents, way.out[O].inner, begin, end);
    }
  };
  struct shift_sum {
    template <int V>
    static void run(pointers<X>& block, std::ptrdiff_t begin) {
      using T = type_of<X::program[V].type>;
      void*& p = block.sum[position_in<sum_list<X>>(V)];
      p = static_cast<T*>(p) + begin;
    }
  };
};

template <class X, int K, int L>
block_values<X, L> run_staged(const number_file<X>& numbers, const pointers<X>& row, const walk<X, K>& way,
                              std::ptrdiff_t begin, std::ptrdiff_t end) {
  using loop = staged_loop<X, K, L>;
  typename loop::staged_in staged_in;
  typename loop::staged_out staged_out;
  pointers<X> block = row;
  block.origin = row.origin + begin;
  for_each_value<typename loop::bring>(typename loop::loads{}, row, way, staged_in, block, begin, end);
  for_each_value<typename loop::place>(typename loop::stores{}, row, way, staged_out, block, begin);
  for_each_value<typename loop::shift_sum>(typename loop_plan<X, L>::columns{}, block, begin);
  const block_values<X, L> values = run_block<X, L>(numbers, block, 0, end - begin, false);
  for_each_value<typename loop::take>(typename loop::stores{}, row, way, staged_out, begin, end);
  return values;
}

/// Runs kernel K of X over its rows.
template <class X, int K>
class row_kernel {
  using way_type = walk<X, K>;
  using arrays_of = kernel_arrays<X, K>;
  static constexpr auto& program = X::program;
  static constexpr auto& schedule = X::schedule;
  static constexpr auto& kernel = X::schedule.kernels[K];
  static constexpr std::size_t outer_count = way_type::outer_count;
  using row_index = typename way_type::row_index;
  using totals = total_list<X, typename arrays_of::totals>;
  using sums_of_group = group_sums<X, K>;
  static constexpr bool sums_arrays = arrays_of::sums::size > 0;
  template <int V>
  static constexpr auto slot = static_cast<std::size_t>(position_in<array_list<X>>(V));
  template <int V>
  static constexpr auto sum_slot = static_cast<std::size_t>(position_in<sum_list<X>>(V));

 public:
  row_kernel(const way_type& way, number_file<X>& numbers, void* const* kept, bool parallel)
      : way_(way), numbers_(numbers), kept_(kept), parallel_(parallel) {}

  void run() {
    const std::ptrdiff_t rows = way_.rows, work = rows * way_.elements;
    if (rows == 0 && !sums_arrays) return finish_totals();
    bool in_bands = false;
    if constexpr (band_plan<X, K>::possible) in_bands = band<X, K>::worth(way_);
    if (way_.strided && rows > 1) find_tiles();
    std::ptrdiff_t groups = work / (!sums_arrays ? row_group_elements
                                    : in_bands   ? band_group_elements
                                                 : array_group_elements) +
                            1;
    const std::ptrdiff_t most = sums_arrays ? array_sums<X, K>::most_groups(way_) : max_groups;
    groups = groups < most ? groups : most;
    groups = groups < rows ? groups : rows > 0 ? rows : 1;
    std::ptrdiff_t per_group = (rows + groups - 1) / groups;
    if constexpr (band_plan<X, K>::possible) {
      const std::ptrdiff_t unit = band_lanes * band_plan<X, K>::vectors_in_tile * rows_of_lane();
      if (in_bands) per_group = (per_group + unit - 1) / unit * unit;
    }
    if (tiles_in_ || tiles_out_) per_group = (per_group + tile_rows - 1) / tile_rows * tile_rows;
    stream_ = !way_.strided && work * bytes_per_element > streaming_bytes;
    if (stream_ && !in_bands) choose_how_to_stream();
    tiles_stream_ = tiles_out_ && work * bytes_per_element > tiles_stream_bytes;
    stream_ = stream_ && !tiles_out_;
    if constexpr (band_plan<X, K>::possible)
      if (in_bands) stream_ = stream_ && band<X, K>::streams(way_);

    array_sums<X, K> sums(way_, groups, per_group);
    // few long rows are shared among threads, many are dealt to them
    bool share = false;
#if defined(_OPENMP)
    share = parallel_ && groups < 2 * omp_get_max_threads() && way_.elements >= parallel_elements;
#endif
    auto run_group = [&](std::ptrdiff_t g) {
      const std::ptrdiff_t first = g * per_group;
      const std::ptrdiff_t last = first + per_group < rows ? first + per_group : rows;
      if (first >= last && !sums_arrays) return;
      if constexpr (band_plan<X, K>::possible)
        if (in_bands) return run_bands(g, sums.of(g), first < last ? first : last, last);
      run_rows(g, sums.of(g), first, last, share);
    };
#if defined(_OPENMP)
    if (parallel_ && !share) {
#pragma omp parallel for schedule(static) if (work >= parallel_elements)
      for (std::ptrdiff_t g = 0; g < groups; ++g) run_group(g);
    } else
#endif
      for (std::ptrdiff_t g = 0; g < groups; ++g) run_group(g);
    for (std::ptrdiff_t g = 0; g < groups; ++g) all_.add(partial_[g]);
    sums.finish(kept_);
    if (stream_ || tiles_stream_) simd::stream_fence();
    finish_totals();
  }

 private:
  void finish_totals() { for_each_value<keep<X>>(typename arrays_of::totals{}, numbers_, all_); }

  // --- one group of rows ------------------------------------------------------------------------------------------

  void run_rows(std::ptrdiff_t g, const sums_of_group& sums, std::ptrdiff_t first, std::ptrdiff_t last, bool share) {
    totals sum;
    row_under_way under_way[rows_interleave ? 2 : 1];
    carries<X> carried;
    sums.clear();
    if (first >= last) return;
    borrowed_workspace row_memory;
    const bool diverts = stream_ && !aligned_;
    written_rows written;
    unsigned char* kept = nullptr;
    if (row_kept::size > 0 || diverts || tiles_in_ || tiles_out_) {
      std::size_t bytes = 0;
      for_each_value<measure_tile>(read_in_loops{}, *this, bytes);
      for_each_value<measure_tile_out>(written_in_loops{}, *this, bytes);
      for_each_value<measure_row_kept>(row_kept{}, *this, bytes);
      if (diverts) for_each_value<measure_row>(written_in_loops{}, *this, bytes);
      kept = row_memory.reserve(bytes);
    }
    const bool interleave = rows_interleave && way_.elements <= block_elements &&
                            way_.rows * way_.elements * bytes_per_element <= interleaved_bytes;
    row_tiles tiles;
    for_each_value<place_tile>(read_in_loops{}, *this, tiles, kept);
    for_each_value<place_tile_out>(written_in_loops{}, *this, tiles, kept);
    for (row_under_way& row : under_way) {
      unsigned char* at = kept;
      row.numbers = numbers_;
      row.arrays.carry_in(carried);
      row.arrays.ahead = way_.elements <= fetched_elements ? (interleave ? 2 : 1) * way_.elements : 0;
      for_each_value<place_row_kept>(row_kept{}, *this, row.arrays, at);
      if (diverts) for_each_value<place_row>(written_in_loops{}, *this, written, at);
    }
    row_index index = way_.row(first), flushed = index;
    std::ptrdiff_t begun = first;
    auto begin = [&](row_under_way& row) {
      row.index = index;
      for_each_value<point_at_input>(typename arrays_of::loads{}, *this, row.arrays, index);
      for_each_value<point_at_output>(typename arrays_of::stores{}, *this, row.arrays, index);
      if (tiles_in_ || tiles_out_) row.tile_start = enter_tile(row.arrays, index, tiles, begun == first, last - begun);
      ++begun;
      sums.point_at(row.arrays, index);
      if (diverts) for_each_value<divert_output>(written_in_loops{}, written, row.arrays);
      for (std::size_t k = outer_count; k-- > 0;) {
        if (++index[k] < way_.outer_extents[k]) break;
        index[k] = 0;
      }
      step<0>(row.numbers, row.arrays, row.index, sum);
      phase<0>(row.numbers, row.arrays, row.index, sum, share);
    };
    std::ptrdiff_t until_flush = rows_between_flushes;
    if (interleave) begin(under_way[0]);
    for (std::ptrdiff_t row = first; row < last; ++row) {
      row_under_way& here = under_way[interleave ? (row - first) % 2 : 0];
      if (!interleave) begin(here);
      [&]<int... P>(std::integer_sequence<int, P...>) __attribute__((always_inline)) {
        (phase<P + 1>(here.numbers, here.arrays, here.index, sum, share), ...);
      }
      (std::make_integer_sequence<int, (kernel.phases > 2 ? kernel.phases - 2 : 0)>{});
      if (interleave && row + 1 < last) begin(under_way[(row + 1 - first) % 2]);
      if constexpr (kernel.phases > 1) phase<kernel.phases - 1>(here.numbers, here.arrays, here.index, sum, share);
      if (diverts) for_each_value<write_row>(written_in_loops{}, *this, written, here.index);
      if (tiles_out_) leave_tile(here, tiles, row + 1 == last);
      if (sums_arrays && (--until_flush == 0 || row + 1 == last)) {
        sums.flush(flushed, here.index);
        flushed = here.index;
        until_flush = rows_between_flushes;
      }
    }
    partial_[g] = sum;
  }
  struct row_under_way {
    number_file<X> numbers;
    pointers<X> arrays{};
    row_index index{};
    std::ptrdiff_t tile_start = 0;  ///< the first row of its tile, along the last outer axis
  };

  // --- arrays whose rows run across memory ------------------------------------------------------------------------
  // Some rows of them are brought together at a time, transposed in registers, so that what the loops see is
  // contiguous.

  struct in_loops_read {
    static constexpr int size = program.size();
    static constexpr bool selects(int v) {
      return arrays_of::touched::selects(v) && program[v].is(op_kind::input) && (program[v].axes & kernel.inner) != 0;
    }
  };
  using read_in_loops = list_of<in_loops_read>;
  /// The rows that are together, one tile after another in turn: a row may begin before the one before it ends.
  struct row_tiles {
    unsigned char* in[pointers<X>::ins > 0 ? pointers<X>::ins : 1]{};
    unsigned char* out[pointers<X>::outs > 0 ? pointers<X>::outs : 1]{};
    std::ptrdiff_t start = 0;
    bool odd = false;
  };

  /// Is this an array whose neighbours along the last outer axis are neighbours in memory, those along a row not?
  static bool runs_across(const typename way_type::line_type& array, std::size_t bytes, std::ptrdiff_t elements) {
    if constexpr (way_type::inner_count != 1) return false;
    else
      return !array.contiguous && array.outer[outer_count - 1] == static_cast<std::ptrdiff_t>(bytes) &&
             tile_rows * elements * static_cast<std::ptrdiff_t>(bytes) <= tile_bytes;
  }
  void find_tiles() {
    if constexpr (way_type::inner_count == 1) {
      bool rest = false;
      for_each_value<find_tile>(read_in_loops{}, *this, rest);
      for_each_value<find_tile_out>(written_in_loops{}, *this, rest);
      way_.strided = rest;
    }
  }
  struct find_tile {
    template <int V>
    static void run(row_kernel& k, bool& rest) {
      auto& array = k.way_.in[slot<V>];
      const bool tiled = runs_across(array, sizeof(typename stored_type<X, V>::type), k.way_.elements);
      k.tiled_in_[slot<V>] = tiled;
      k.tiles_in_ = k.tiles_in_ || tiled;
      if (tiled) array.contiguous = true;
      rest = rest || !array.contiguous;
    }
  };
  struct find_tile_out {
    template <int O>
    static void run(row_kernel& k, bool& rest) {
      auto& array = k.way_.out[O];
      const bool tiled = runs_across(array, sizeof(output_type<O>), k.way_.elements);
      k.tiled_out_[O] = tiled;
      k.tiles_out_ = k.tiles_out_ || tiled;
      if (tiled) array.contiguous = true;
      rest = rest || !array.contiguous;
    }
  };
  template <int O>
  using output_type = type_of<program[program.outputs[O]].type>;
  /// Elements from row to row of a tile: a line more than a row has, lest rows of a power of two meet in the cache.
  std::ptrdiff_t tile_stride() const { return (way_.elements + 15) / 16 * 16 + 16; }
  template <class T>
  std::size_t bytes_of_tile() const {
    return aligned_bytes(static_cast<std::size_t>(tile_rows * tile_stride()) * sizeof(T));
  }
  struct measure_tile {
    template <int V>
    static void run(const row_kernel& k, std::size_t& bytes) {
      if (k.tiled_in_[slot<V>]) bytes += 2 * k.bytes_of_tile<typename stored_type<X, V>::type>();
    }
  };
  struct measure_tile_out {
    template <int O>
    static void run(const row_kernel& k, std::size_t& bytes) {
      if (k.tiled_out_[O]) bytes += k.bytes_of_tile<output_type<O>>();
    }
  };
  struct place_tile {
    template <int V>
    static void run(const row_kernel& k, row_tiles& tiles, unsigned char*& at) {
      if (!k.tiled_in_[slot<V>]) return;
      tiles.in[slot<V>] = at;
      at += 2 * k.bytes_of_tile<typename stored_type<X, V>::type>();
    }
  };
  struct place_tile_out {
    template <int O>
    static void run(const row_kernel& k, row_tiles& tiles, unsigned char*& at) {
      if (!k.tiled_out_[O]) return;
      tiles.out[O] = at;
      at += k.bytes_of_tile<output_type<O>>();
    }
  };

  /// Points a row that begins at its place in the tile, which is brought if the row is the first of it.
  std::ptrdiff_t enter_tile(pointers<X>& arrays, const row_index& index, row_tiles& tiles, bool first,
                            std::ptrdiff_t rows_left) {
    const std::ptrdiff_t at = index[outer_count - 1];
    std::ptrdiff_t count = 0;
    if (first || at % tile_rows == 0) {
      tiles.start = at;
      tiles.odd = !tiles.odd;
      count = tile_rows - at % tile_rows;
      const std::ptrdiff_t along = way_.outer_extents[outer_count - 1] - at;
      count = count < along ? count : along;
      count = count < rows_left ? count : rows_left;
    }
    for_each_value<enter_tile_in>(read_in_loops{}, *this, arrays, tiles, at, count);
    for_each_value<enter_tile_out>(written_in_loops{}, *this, arrays, tiles, at);
    return tiles.start;
  }
  struct enter_tile_in {
    template <int V>
    static void run(const row_kernel& k, pointers<X>& arrays, const row_tiles& tiles, std::ptrdiff_t at,
                    std::ptrdiff_t count) {
      if (!k.tiled_in_[slot<V>]) return;
      using T = typename stored_type<X, V>::type;
      T* const rows = reinterpret_cast<T*>(tiles.in[slot<V>] + (tiles.odd ? k.bytes_of_tile<T>() : 0));
      const std::ptrdiff_t n = k.way_.elements;
      if (count > 0)
        transpose_matrix<false>(static_cast<const T*>(arrays.in[slot<V>]), k.way_.in[slot<V>].inner[0], rows,
                                k.tile_stride(), count, n);
      arrays.in[slot<V>] = rows + (at - tiles.start) * k.tile_stride();
    }
  };
  struct enter_tile_out {
    template <int O>
    static void run(const row_kernel& k, pointers<X>& arrays, const row_tiles& tiles, std::ptrdiff_t at) {
      if (k.tiled_out_[O])
        arrays.out[O] = reinterpret_cast<output_type<O>*>(tiles.out[O]) + (at - tiles.start) * k.tile_stride();
    }
  };
  /// Writes the rows of a tile where the last of them has ended.
  void leave_tile(const row_under_way& row, row_tiles& tiles, bool last) {
    const std::ptrdiff_t next = row.index[outer_count - 1] + 1;
    if (!last && next % tile_rows != 0 && next != way_.outer_extents[outer_count - 1]) return;
    row_index index = row.index;
    index[outer_count - 1] = row.tile_start;
    const std::ptrdiff_t count = next - row.tile_start;
    for_each_value<leave_tile_out>(written_in_loops{}, *this, tiles, index, count);
  }
  struct leave_tile_out {
    template <int O>
    static void run(const row_kernel& k, const row_tiles& tiles, const row_index& index, std::ptrdiff_t count) {
      if (!k.tiled_out_[O]) return;
      using T = output_type<O>;
      transpose_matrix<true>(reinterpret_cast<const T*>(tiles.out[O]), k.tile_stride(),
                             static_cast<T*>(way_type::at(k.way_.out[O], index)), k.way_.out[O].inner[0],
                             k.way_.elements, count, k.tiles_stream_);
    }
  };

  /// Does the first loop of a row come before the last one of the row before? Then neither waits for the numbers that
  /// the loop before it has found. What the first loop writes would have to be there twice.
  static constexpr bool rows_interleave = [] {
    if (kernel.phases < 2) return false;
    for (int v = 0; v < program.size(); ++v)
      if (schedule.in_loop[kernel.first_loop][v] == presence::kept_for_row) return false;
    for (int k = 0; k < program.output_count; ++k)
      if (schedule.store_loop[k] == kernel.first_loop) return false;
    return true;
  }();

  // what one loop of a row keeps for the others
  struct kept_for_row {
    static constexpr int size = program.size();
    static constexpr bool selects(int v) { return schedule.keeps_for_row(v, K); }
  };
  using row_kept = list_of<kept_for_row>;
  struct measure_row_kept {
    template <int V>
    static void run(const row_kernel& k, std::size_t& bytes) {
      bytes += aligned_bytes(static_cast<std::size_t>(k.way_.elements) * sizeof(type_of<program[V].type>));
    }
  };
  struct place_row_kept {
    template <int V>
    static void run(const row_kernel& k, pointers<X>& arrays, unsigned char*& at) {
      arrays.in[slot<V>] = at;
      at += aligned_bytes(static_cast<std::size_t>(k.way_.elements) * sizeof(type_of<program[V].type>));
    }
  };

  /// The same, a vector of rows at a time.
  static constexpr std::ptrdiff_t band_lanes = band_plan<X, K>::lanes;
  /// Rows for each element along the lanes' axis, if that is not the last one.
  std::ptrdiff_t rows_of_lane() const {
    if constexpr (outer_count > 1 && band_plan<X, K>::lane_dimension == 0) return way_.outer_extents[1];
    else return 1;
  }
  [[gnu::noinline]] void run_bands(std::ptrdiff_t g, const sums_of_group& sums, std::ptrdiff_t first,
                                   std::ptrdiff_t last) {
    totals sum;
    [[maybe_unused]] pointers<X> arrays{};
    sums.clear();
    if (first >= last) return;
    row_index index = way_.row(first), flushed = index;
    constexpr bool tiled = band_plan<X, K>::tiled;
    if constexpr (tiled) sums.point_at(arrays, row_index{});  // all of them: tiles find theirs
    std::conditional_t<tiled, register_tile<X, K>, band<X, K>> rows(way_, numbers_, stream_, sums);
    std::ptrdiff_t until_flush = rows_between_flushes;
    auto flush = [&](bool goes_on) {
      rows.flush(flushed, index, sum, goes_on);
      sums.flush(flushed, index);
      flushed = index;
    };
    auto added = [&](std::ptrdiff_t additions) {
      if ((until_flush -= additions) > 0) return;
      flush(true);
      until_flush = rows_between_flushes;
    };
    const std::ptrdiff_t others = rows_of_lane();
    for (std::ptrdiff_t row = first; row < last;) {
      if constexpr (outer_count > 1 && band_plan<X, K>::lane_dimension == 0) {
        constexpr std::ptrdiff_t most = band_lanes * band_plan<X, K>::vectors_in_tile;
        index[0] = row / others;
        const std::ptrdiff_t left = last / others - index[0], count = most < left ? most : left;
        if constexpr (tiled) {
          rows.run(index[0], count, arrays);
          index[1] = others - 1;
          added(rows.additions);
        } else {
          for (index[1] = 0; index[1] < others; ++index[1]) {
            rows.run(index, static_cast<int>(count));
            added(1);
          }
        }
        row += count * others;
      } else {
        index = way_.row(row);
        std::ptrdiff_t count = way_.outer_extents[outer_count - 1] - index[outer_count - 1];
        count = count < band_lanes ? count : band_lanes;
        count = count < last - row ? count : last - row;
        rows.run(index, static_cast<int>(count));
        added(1);
        row += count;
      }
    }
    flush(false);
    partial_[g] = sum;
  }

  /// Loop P of a row, and the step after it.
  template <int P>
  FUSEGRAD_INLINE void phase(number_file<X>& numbers, pointers<X>& arrays, const row_index& index, totals& sum,
                             bool share) {
    constexpr int L = kernel.first_loop + P;
    for_each_value<count_row>(typename loop_plan<X, L>::columns{}, arrays);
    using reductions = typename loop_plan<X, L>::totals;
    if (!way_.strided && way_.elements <= block_elements) {
      block_values<X, L> values = run_block<X, L>(numbers, arrays, 0, way_.elements, stream_ && aligned_);
      for_each_value<take_reduction>(reductions{}, numbers, arrays, sum, values);
    } else {
      loop_totals<X, L> values =
          run_line<X, K, L>(numbers, arrays, way_.strided ? &way_ : nullptr, way_.elements, stream_ && aligned_, share);
      for_each_value<take_reduction>(reductions{}, numbers, arrays, sum, values);
    }
    step<P + 1>(numbers, arrays, index, sum);
  }
  struct count_row {
    template <int V>
    FUSEGRAD_INLINE static void run(pointers<X>& arrays) {
      auto& of = arrays.moments[sum_slot<V>];
      if constexpr (gathers_moments<ir::op_type<program[V].op>>) of.part = 1 / static_cast<double>(++*of.rows);
    }
  };
  /// What becomes of a reduction of a row.
  struct take_reduction {
    template <int V, class Values>
    FUSEGRAD_INLINE static void run(number_file<X>& numbers, const pointers<X>& arrays, totals& sum, Values& values) {
      if constexpr (schedule.kind[V] == reduction_kind::row) {
        keep<X>::template run<V>(numbers, values);
      } else if constexpr (schedule.kind[V] == reduction_kind::total) {
        sum.template of<V>().add(values.template of<V>());
      } else {
        using T = type_of<program[V].type>;
        T& to = *static_cast<T*>(arrays.sum[sum_slot<V>]);
        T x;
        if constexpr (requires { values.template of<V>().value(); }) x = values.template of<V>().value();
        else x = values.template of<V>();
        to = ir::op_type<program[V].op>::combine(to, x);
      }
    }
  };

  template <int P>
  FUSEGRAD_INLINE void step(number_file<X>& numbers, const pointers<X>& arrays, const row_index& index, totals& sum) {
    constexpr int S = schedule.first_step(K) + P;
    for_each_value<compute_row_number>(list_of<step_numbers<X, S>>{}, numbers, arrays, index);
    for_each_value<store_number>(list_of<stored_after<S>>{}, numbers, arrays);
    for_each_value<keep_number>(list_of<kept_after<S>>{}, numbers, arrays);
    for_each_value<add_number>(list_of<reduced_after<S>>{}, numbers, sum);
  }
  struct compute_row_number {
    template <int V>
    FUSEGRAD_INLINE static void run(number_file<X>& numbers, const pointers<X>& arrays, const row_index& index) {
      constexpr dtype type = program[V].type;
      auto& result = numbers.template at<type, number_slots<X>.of[V]>();
      if constexpr (program[V].is(op_kind::input) || schedule.loads(V, K)) {
        using T = typename stored_type<X, V>::type;
        result = static_cast<type_of<type>>(*static_cast<const T*>(arrays.in[slot<V>]));
      } else if constexpr (program[V].is(op_kind::index)) {
        constexpr std::size_t at = [] {
          std::size_t k = 0;
          while (way_type::outer_axes::value[k] != axes_of<program[V].axes>::value[0]) ++k;
          return k;
        }();
        result = static_cast<type_of<type>>(index[at]);
      } else {
        result = number_operation<X>::template run<V>(numbers);
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
    FUSEGRAD_INLINE static void run(const number_file<X>& numbers, const pointers<X>& arrays) {
      constexpr int v = program.outputs[O];
      *static_cast<type_of<program[v].type>*>(arrays.out[O]) = number<X, v>(numbers);
    }
  };
  template <int S>
  struct kept_after {
    static constexpr int size = program.size();
    static constexpr bool selects(int v) { return schedule.keep_step[v] == S; }
  };
  struct keep_number {
    template <int V>
    FUSEGRAD_INLINE static void run(const number_file<X>& numbers, const pointers<X>& arrays) {
      *static_cast<type_of<program[V].type>*>(const_cast<void*>(arrays.in[slot<V>])) = number<X, V>(numbers);
    }
  };
  template <int S>
  struct reduced_after {
    static constexpr int size = program.size();
    static constexpr bool selects(int v) { return schedule.reduced_after[v] == S; }
  };
  struct add_number {
    template <int V>
    FUSEGRAD_INLINE static void run(const number_file<X>& numbers, totals& sum) {
      sum.template of<V>().add(static_cast<type_of<program[V].type>>(number<X, program[V].x[0]>(numbers)));
    }
  };

  // --- where a row lies ---------------------------------------------------------------------------------------------

  struct point_at_input {
    template <int V>
    FUSEGRAD_INLINE static void run(const row_kernel& k, pointers<X>& arrays, const row_index& index) {
      arrays.in[slot<V>] = way_type::at(k.way_.in[slot<V>], index);
    }
  };
  struct point_at_output {
    template <int O>
    FUSEGRAD_INLINE static void run(const row_kernel& k, pointers<X>& arrays, const row_index& index) {
      arrays.out[O] = way_type::at(k.way_.out[O], index);
    }
  };
  /// Bytes that a row reads and writes in memory for each of its elements; from its second loop on it is in cache.
  static constexpr std::ptrdiff_t bytes_per_element = [] {
    std::ptrdiff_t bytes = 0;
    for (int v = 0; v < program.size(); ++v)
      if (arrays_of::touched::selects(v) && program[v].axes == kernel.domain()) bytes += X::stored_bytes(v);
    for (int o = 0; o < program.output_count; ++o)
      if (arrays_of::stored::selects(o) && schedule.store_loop[o] >= 0)
        bytes += bytes_of(program[program.outputs[o]].type);
    return bytes;
  }();
  // Rows that begin where a vector does are written around the caches by their loops; others, if they are of one block,
  // from where their loops have put them.
  void choose_how_to_stream() {
    aligned_ = true;
    for_each_value<check_alignment>(written_in_loops{}, way_, aligned_);
    stream_ = written_in_loops::size > 0 &&
              (aligned_ || (way_.elements >= streamed_elements && way_.elements <= block_elements));
  }
  struct check_alignment {
    template <int O>
    static void run(const way_type& way, bool& aligned) {
      aligned = aligned && reinterpret_cast<std::uintptr_t>(way.out[O].base) % simd::native_bytes == 0;
      for (std::size_t k = 0; k < outer_count; ++k) aligned = aligned && way.out[O].outer[k] % simd::native_bytes == 0;
    }
  };
  struct in_loops {
    static constexpr int size = program.output_count;
    static constexpr bool selects(int k) { return arrays_of::has_loop(schedule.store_loop[k]); }
  };
  using written_in_loops = list_of<in_loops>;
  /// A row before it is written.
  struct written_row {
    void* row = nullptr;
    line_writer writer;
  };
  using written_rows = written_row[written_in_loops::size > 0 ? written_in_loops::size : 1];
  template <int O>
  static constexpr std::size_t row_bytes(const row_kernel& k) {
    return static_cast<std::size_t>(k.way_.elements) * sizeof(type_of<program[program.outputs[O]].type>);
  }
  struct measure_row {
    template <int O>
    static void run(const row_kernel& k, std::size_t& bytes) {
      bytes += aligned_bytes(row_bytes<O>(k));
    }
  };
  struct place_row {
    template <int O>
    static void run(const row_kernel& k, written_rows& rows, unsigned char*& at) {
      rows[position_in<written_in_loops>(O)].row = at;
      at += aligned_bytes(row_bytes<O>(k));
    }
  };
  struct divert_output {
    template <int O>
    static void run(written_rows& rows, pointers<X>& arrays) {
      arrays.out[O] = rows[position_in<written_in_loops>(O)].row;
    }
  };
  struct write_row {
    template <int O>
    static void run(const row_kernel& k, written_rows& rows, const row_index& index) {
      written_row& row = rows[position_in<written_in_loops>(O)];
      row.writer.write(way_type::at(k.way_.out[O], index), row.row, row_bytes<O>(k));
    }
  };

  way_type way_;  // a copy: arrays in tiles are contiguous in it
  bool tiled_in_[pointers<X>::ins > 0 ? pointers<X>::ins : 1]{},
      tiled_out_[pointers<X>::outs > 0 ? pointers<X>::outs : 1]{};
  bool tiles_in_ = false, tiles_out_ = false, tiles_stream_ = false;
  number_file<X>& numbers_;
  void* const* kept_;
  const bool parallel_;
  bool stream_ = false, aligned_ = true;
  totals partial_[static_cast<std::size_t>(max_groups)];
  totals all_;
};

}  // namespace FUSEGRAD_ISA
}  // namespace fusegrad::cpu
