// Runs an executable program on the CPU: the numbers of each stage, then its loop, block by block. Blocks are dealt to
// groups by the number of elements alone, so that results do not depend on the number of threads.
#pragma once

#include "../../core/view.hpp"
#include "loop.hpp"

#if defined(_OPENMP)
#include <omp.h>
#endif

namespace fusegrad::cpu {

/// Calls `f(element offset, run length, position)` for the rows of which elements [begin, end) of a strided array
/// consist.
template <std::size_t Rank, class F>
void for_each_run(const std::array<std::ptrdiff_t, Rank>& extents, const std::array<std::ptrdiff_t, Rank>& strides,
                  std::ptrdiff_t begin, std::ptrdiff_t end, F f) {
  if (begin >= end) return;
  std::array<std::ptrdiff_t, Rank> index{};
  std::ptrdiff_t rest = begin;
  for (std::size_t axis = Rank; axis-- > 0; rest /= extents[axis]) index[axis] = rest % extents[axis];
  for (std::ptrdiff_t at = begin; at < end;) {
    std::ptrdiff_t offset = 0;
    for (std::size_t axis = 0; axis < Rank; ++axis) offset += index[axis] * strides[axis];
    const std::ptrdiff_t in_row = extents[Rank - 1] - index[Rank - 1];
    const std::ptrdiff_t run = in_row < end - at ? in_row : end - at;
    f(offset, run, at - begin);
    at += run;
    index[Rank - 1] = 0;
    for (std::size_t axis = Rank - 1; axis-- > 0;) {
      if (++index[axis] < extents[axis]) break;
      index[axis] = 0;
    }
  }
}

/// A block of elements of a strided array, brought together.
template <class T>
struct staging {
  alignas(64) std::remove_const_t<T> elements[static_cast<std::size_t>(staged_elements)];

  template <int Rank>
  void gather(const view<T, Rank>& from, std::ptrdiff_t begin, std::ptrdiff_t end) {
    const std::ptrdiff_t step = from.strides()[Rank - 1];
    for_each_run(from.shape(), from.strides(), begin, end,
                 [&](std::ptrdiff_t offset, std::ptrdiff_t run, std::ptrdiff_t to) {
                   for (std::ptrdiff_t i = 0; i < run; ++i) elements[to + i] = from.data()[offset + i * step];
                 });
  }
  template <int Rank>
  void scatter(const view<T, Rank>& into, std::ptrdiff_t begin, std::ptrdiff_t end) const {
    const std::ptrdiff_t step = into.strides()[Rank - 1];
    for_each_run(into.shape(), into.strides(), begin, end,
                 [&](std::ptrdiff_t offset, std::ptrdiff_t run, std::ptrdiff_t from) {
                   for (std::ptrdiff_t i = 0; i < run; ++i) into.data()[offset + i * step] = elements[from + i];
                 });
  }
};
struct no_staging {};

template <class B>
struct staging_of {
  using type = no_staging;
};
template <class T, int Rank>
struct staging_of<view<T, Rank>> {
  using type = staging<T>;
};

/// Executes X. `Inputs` and `Outputs` are results<...> of numbers and views, in the order of the program.
template <class X, class Inputs, class Outputs, std::size_t Rank>
class execution {
  template <class, class, class, std::size_t>
  friend class execution;
  using extents_type = std::array<std::ptrdiff_t, Rank>;
  static constexpr std::size_t input_count = std::tuple_size_v<Inputs>;
  static constexpr std::size_t output_count = std::tuple_size_v<Outputs>;
  using input_indices = std::make_index_sequence<input_count>;
  using output_indices = std::make_index_sequence<output_count>;

 public:
  constexpr execution(const Inputs& inputs, Outputs& outputs, const extents_type& extents)
      : inputs_(inputs), outputs_(outputs), extents_(extents) {}

  template <bool Parallel>
  FUSEGRAD_INLINE constexpr void run() {
    compute_numbers<X, 0>(numbers_, inputs_, extents_);
    [&]<std::size_t... L>(std::index_sequence<L...>) {
      (run_stage<static_cast<int>(L), Parallel>(), ...);
    }(std::make_index_sequence<static_cast<std::size_t>(X::schedule.loops)>{});
    write_numbers(output_indices{});
  }

 private:
  template <int L, bool Parallel>
  FUSEGRAD_INLINE void run_stage() {
    const std::ptrdiff_t n = element_count(extents_);
    pointers<X> arrays{};
    const bool strided = point_at(arrays, input_indices{}, output_indices{});
    const bool stream = !strided && n * traffic<L>() > streaming_bytes && aligned(arrays, output_indices{});
    const std::ptrdiff_t block = strided ? staged_elements : block_elements;
    // What functions are called with are copies: were the address of anything else known to them, compilers would keep
    // all of it in memory.
    number_file<X> numbers;
    for_each_value<copy_number<X>>(list_of<loop_numbers<X, L>>{}, numbers, numbers_);
    if (n <= block && !strided) {
      block_values<X, L> values = run_block<X, L>(numbers, arrays, 0, n, stream);
      for_each_value<keep>(typename loop_plan<X, L>::totals{}, numbers_, values);
    } else {
      const auto inputs = values_of(inputs_, input_indices{});
      auto outputs = values_of(outputs_, output_indices{});
      const extents_type extents = extents_;
      execution<X, std::remove_const_t<decltype(inputs)>, decltype(outputs), Rank> blockwise(inputs, outputs, extents);
      for_each_value<copy_number<X>>(list_of<loop_numbers<X, L>>{}, blockwise.numbers_, numbers);
      loop_totals<X, L> totals =
          blockwise.template run_groups<L, Parallel>(pointers<X>(arrays), n, block, strided, stream);
      for_each_value<keep>(typename loop_plan<X, L>::totals{}, numbers_, totals);
    }
    if (stream) simd::stream_fence();
    compute_numbers<X, L + 1>(numbers_, inputs_, extents_);
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

  /// Runs loop L over n elements, block by block.
  template <int L, bool Parallel>
  [[gnu::noinline]] loop_totals<X, L> run_groups(const pointers<X>& arrays, std::ptrdiff_t n, std::ptrdiff_t block,
                                                 bool strided, bool stream) {
    const std::ptrdiff_t blocks = (n + block - 1) / block;
    const std::ptrdiff_t per_group = (blocks + max_groups - 1) / max_groups;
    const std::ptrdiff_t groups = per_group == 0 ? 0 : (blocks + per_group - 1) / per_group;
    loop_totals<X, L> partial[static_cast<std::size_t>(max_groups)];
    auto run_group = [&](std::ptrdiff_t g) {
      const std::ptrdiff_t first = g * per_group * block;
      const std::ptrdiff_t last = first + per_group * block < n ? first + per_group * block : n;
      for (std::ptrdiff_t begin = first; begin < last; begin += block) {
        const std::ptrdiff_t end = begin + block < last ? begin + block : last;
        block_values<X, L> values =
            strided ? run_staged<L>(arrays, begin, end) : run_block<X, L>(numbers_, arrays, begin, end, stream);
        partial[g].add(values);
      }
    };
#if defined(_OPENMP)
    if constexpr (Parallel) {
#pragma omp parallel for schedule(static) if (n >= parallel_elements)
      for (std::ptrdiff_t g = 0; g < groups; ++g) run_group(g);
    } else
#endif
      for (std::ptrdiff_t g = 0; g < groups; ++g) run_group(g);
    loop_totals<X, L> totals;
    for (std::ptrdiff_t g = 0; g < groups; ++g) totals.add(partial[g]);
    return totals;
  }

  /// The result of a reduction becomes a number.
  struct keep {
    template <int V, class Values>
    FUSEGRAD_INLINE static void run(number_file<X>& numbers, Values& values) {
      auto& number = numbers.template at<X::program[V].type, number_slots<X>.of[V]>();
      if constexpr (requires { values.template of<V>().value(); }) number = values.template of<V>().value();
      else number = values.template of<V>();
    }
  };

  /// Runs elements [begin, end), gathering and scattering those arrays that are not contiguous.
  template <int L>
  block_values<X, L> run_staged(const pointers<X>& whole, std::ptrdiff_t begin, std::ptrdiff_t end) {
    return [&]<std::size_t... I, std::size_t... O>(std::index_sequence<I...>, std::index_sequence<O...>) {
      results<typename staging_of<std::remove_cvref_t<std::tuple_element_t<I, Inputs>>>::type...> staged_in;
      results<typename staging_of<std::remove_cvref_t<std::tuple_element_t<O, Outputs>>>::type...> staged_out;
      pointers<X> block = whole;
      (bring<L>(block.in[I], get<I>(inputs_), get<I>(staged_in), begin, end), ...);
      (place<L, O>(block.out[O], get<O>(outputs_), get<O>(staged_out), begin), ...);
      const block_values<X, L> values = run_block<X, L>(numbers_, block, 0, end - begin, false);
      (take<L, O>(get<O>(outputs_), get<O>(staged_out), begin, end), ...);
      return values;
    }(input_indices{}, output_indices{});
  }
  template <int L, class B, class S>
  void bring(const void*& pointer, const B& input, S& staged, std::ptrdiff_t begin, std::ptrdiff_t end) {
    if constexpr (is_view<B>) {
      if (input.contiguous()) {
        pointer = input.data() + begin;
      } else {
        staged.gather(input, begin, end);
        pointer = staged.elements;
      }
    }
  }
  template <int L, std::size_t K, class B, class S>
  void place(void*& pointer, const B& output, S& staged, std::ptrdiff_t begin) {
    if constexpr (is_view<B>) pointer = output.contiguous() ? output.data() + begin : staged.elements;
  }
  template <int L, std::size_t K, class B, class S>
  void take(const B& output, const S& staged, std::ptrdiff_t begin, std::ptrdiff_t end) {
    if constexpr (is_view<B>)
      if constexpr (loop_plan<X, L>::stored::selects(static_cast<int>(K)))
        if (!output.contiguous()) staged.scatter(output, begin, end);
  }

  template <std::size_t... I, std::size_t... O>
  bool point_at(pointers<X>& arrays, std::index_sequence<I...>, std::index_sequence<O...>) {
    bool strided = false;
    auto point = [&strided](auto*& pointer, const auto& bound) {
      if constexpr (is_view<std::remove_cvref_t<decltype(bound)>>) {
        pointer = bound.data();
        strided |= !bound.contiguous();
      }
    };
    (point(arrays.in[I], get<I>(inputs_)), ...);
    (point(arrays.out[O], get<O>(outputs_)), ...);
    return strided;
  }
  template <std::size_t... O>
  static bool aligned(const pointers<X>& arrays, std::index_sequence<O...>) {
    return ((reinterpret_cast<std::uintptr_t>(arrays.out[O]) % simd::native_bytes == 0) && ... && (sizeof...(O) > 0));
  }
  /// Bytes that loop L reads and writes for each element.
  template <int L>
  static constexpr std::ptrdiff_t traffic() {
    return X::bytes_per_element(L);
  }

  template <std::size_t... K>
  FUSEGRAD_INLINE constexpr void write_numbers(std::index_sequence<K...>) {
    (write_number<K>(), ...);
  }
  template <std::size_t K>
  FUSEGRAD_INLINE constexpr void write_number() {
    if constexpr (!is_view<std::remove_cvref_t<std::tuple_element_t<K, Outputs>>>)
      get<K>(outputs_) = number<X, X::program.outputs[K]>(numbers_);
  }

  const Inputs& inputs_;
  Outputs& outputs_;
  const extents_type& extents_;
  number_file<X> numbers_;
};

}  // namespace fusegrad::cpu
