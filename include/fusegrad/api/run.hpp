// One call: binds arguments and outputs, checks them, allocates what the caller did not bring, runs.
#pragma once

#include <cstring>

#include "../backend/cpu/execute.hpp"
#include "../core/rearrange.hpp"
#include "checks.hpp"

namespace fusegrad {

/// Where a call runs: one thread of the CPU.
struct sequential_executor {};
/// Where a call runs: all threads of OpenMP, where the compiler has it switched on (-fopenmp). The same bits as one
/// thread.
struct parallel_executor {};

inline constexpr sequential_executor seq;
inline constexpr parallel_executor par;

namespace detail {

/// Where the table has the extents of output K, the first one first.
template <class X, int K>
inline constexpr auto places_of_extents = [] {
  std::array<int, max_rank> places{};
  for (int d = 0; d < X::program.layouts[K].rank; ++d) places[static_cast<std::size_t>(d)] = place_of_extent<X>(K, d);
  return places;
}();

/// The shape of output K.
template <class X, int K>
FUSEGRAD_INLINE constexpr auto output_shape(const typename X::table& arrays) {
  constexpr int rank = X::template output_rank<K>;
  shape<rank> extents{};
  for (std::size_t d = 0; d < extents.size(); ++d) {
    const int place = places_of_extents<X, K>[d];
    extents[d] = place < 0 ? 1 : arrays.extents[place];
  }
  return extents;
}

/// The result of output K when the caller brought no memory for it.
template <class X, int K>
FUSEGRAD_INLINE constexpr auto new_output(const typename X::table& arrays) {
  using type = typename X::template output_element<K>;
  if constexpr (X::template output_rank<K> > 0)
    return tensor<type, X::template output_rank<K>>(output_shape<X, K>(arrays), uninitialized_t{});
  else return type{};
}

/// Puts arrays into a call's table, as they are viewed, and forgets numbers: inputs or outputs, from one on.
template <class X, bool Outputs, int First, class Results>
FUSEGRAD_INLINE constexpr void enter(typename X::table& table, Results& all) {
  auto put = [&]<int K>(std::integral_constant<int, K>, auto& array) __attribute__((always_inline)) {
    constexpr int entry = Outputs ? X::entries.of_output[K] : X::entries.of_input[K];
    if constexpr (entry >= 0) table.set(entry, X::entries.of[entry].first, fusegrad::view_of(array));
  };
  [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
    (put(std::integral_constant<int, First + static_cast<int>(I)>{}, get<I>(all)), ...);
  }
  (std::make_index_sequence<std::tuple_size_v<std::remove_const_t<Results>>>{});
}
template <class X, int First, class Inputs>
FUSEGRAD_INLINE constexpr void enter_inputs(typename X::table& table, const Inputs& inputs) {
  enter<X, false, First>(table, inputs);
}
template <class X, int First = 0, class Outputs>
FUSEGRAD_INLINE constexpr void enter_outputs(typename X::table& table, Outputs& outputs) {
  enter<X, true, First>(table, outputs);
}

/// The table of a call with these arguments, and parts of them.
template <class X, class Inputs>
FUSEGRAD_INLINE constexpr typename X::table table_of(const Inputs& inputs) {
  typename X::table table;
  enter_inputs<X, 0>(table, inputs);
  return table;
}

/// Runs X on the arrays of a table and the numbers among its inputs, and keeps the results that are numbers.
template <class X, class Inputs, class Results>
FUSEGRAD_INLINE constexpr void run_kernels(const typename X::table& arrays, const Inputs& inputs, bool parallel,
                                           Results& made) {
  auto run = [&](auto execution) __attribute__((always_inline)) {
    execution.run(inputs, parallel);
    auto keep = [&]<std::size_t K>(std::integral_constant<std::size_t, K>) __attribute__((always_inline)) {
      auto& mine = get<K>(made);
      using type = std::remove_cvref_t<decltype(mine)>;
      if constexpr (element<type>) mine = static_cast<type>(execution.template result<static_cast<int>(K)>());
    };
    [&]<std::size_t... K>(std::index_sequence<K...>) __attribute__((always_inline)) {
      (keep(std::integral_constant<std::size_t, K>{}), ...);
    }
    (std::make_index_sequence<std::tuple_size_v<std::remove_const_t<Results>>>{});
  };
  if constexpr (has_flat_kernels<X>()) {
    using cached = executable_in_cache<X>;
    if constexpr (cached::schedule.keeps_in_cache)
      if (cpu::bytes_touched<X>(arrays) <= cpu::cached_bytes) return run(cpu::execution<cached>(arrays));
  }
  run(cpu::execution<X>(arrays));
}

/// Do a call's arrays lie in device memory? All of them must, or none.
template <class... B>
constexpr bool runs_on_device() {
  // counted, not folded: clang nests no more than 256 brackets, and functions with state may have more numbers
  constexpr bool device[]{false, is_device_view<std::remove_cvref_t<B>>...};
  constexpr bool view[]{false, is_view<std::remove_cvref_t<B>>...};
  constexpr auto count = [](const auto& list) {
    int found = 0;
    for (bool listed : list) found += listed;
    return found;
  };
  constexpr bool some = count(device) > 0, all = count(device) == count(view);
  static_assert(
      !some || all,
      "fusegrad: some arrays lie in device memory and some do not; bring all to one place, with .to(fg::device) "
      "or .to(fg::host)");
  return some;
}

/// Where an array begins of which only the extent is known.
inline constexpr int nothing = 0;

/// Calls `next(arguments..., parts...)`: the parts of the arguments that X reads as inputs of their own, and extents
/// that none has, each as an array of which nothing else is known.
template <class X, class Next, class... B>
FUSEGRAD_INLINE constexpr decltype(auto) with_parts(Next&& next, const B&... bound) {
  constexpr int k = static_cast<int>(sizeof...(B)) - X::argument_count;
  if constexpr (k == X::traced.part_count) {
    return next(bound...);
  } else {
    constexpr ir::part part = X::traced.part_list[k];
    const results<const B&...> inputs{{{bound}...}};
    const auto extent = [&inputs]<int Source>(std::integral_constant<int, Source>) -> std::ptrdiff_t {
      if constexpr (Source < 0) {
        return 0;
      } else {
        const auto& of = get<static_cast<std::size_t>(Source / ir::max_axes)>(inputs);
        return of.extent(of.rank - 1 - Source % ir::max_axes);
      }
    };
    if constexpr (part.is_extent()) {
      shape<1> n{part.elements.times * (extent(std::integral_constant<int, part.elements.first>{}) +
                                        extent(std::integral_constant<int, part.elements.second>{})) +
                 part.elements.more};
      if constexpr (std::ptrdiff_t start = 0; !(part.where == ir::cut{})) {
        start = bound_of<part.where.start>(extent);
        n[0] = elements_of_slice(n, 0, start, bound_of<part.where.stop>(extent), part.where.step);
      }
      constexpr space lies_in = runs_on_device<B...>() ? space::device : space::host;
      return with_parts<X>(next, bound..., view<const int, 1, lies_in>(&nothing, n));
    } else {
      const auto& whole = get<static_cast<std::size_t>(part.of)>(inputs);
      constexpr auto at = static_cast<std::size_t>(std::remove_cvref_t<decltype(whole)>::rank - 1 - part.dimension);
      return with_parts<X>(next, bound..., cut_from<part.where>(whole, at, extent));
    }
  }
}

/// The extents that sources name, in a call's table.
template <class X>
constexpr auto extents_in(const typename X::table& table) {
  return [&table]<int Source>(std::integral_constant<int, Source>) {
    constexpr int place = X::place_of(Source);
    return table.extents[place];
  };
}

/// The array that holds window W.
template <class X, int W>
constexpr auto shape_around_window(const typename X::table& table) {
  constexpr ir::window window = X::program.window_list[W];
  constexpr ir::layout at = X::program.layouts[window.output];
  constexpr ir::extents where = [] {
    for (int v = 0; v < X::program.size(); ++v)
      if (X::program[v].is(ir::op_kind::input) && X::program[v].index == X::program.window_list[W].input)
        return X::program.extents_of(v);
    return ir::extents{};
  }();
  shape<at.rank> extents{};
  for (int d = 0; d < at.rank; ++d)
    extents[static_cast<std::size_t>(at.rank - 1 - d)] =
        at.map[d] < 0 ? 1 : table.extents[X::place_of(where[at.map[d]])];
  return extents;
}

/// Input I of X, which is an array that holds windows, what is arranged of one, or part of these. `arrays[w]` holds
/// window w, and others; arrangements follow the windows.
template <class X, space Space, int I>
auto input_in_memory(const typename X::table& table, unsigned char* const* arrays) {
  if constexpr (constexpr int k = X::part_in_memory(I); k >= 0) {
    constexpr ir::part part = X::program.part_list[k];
    const auto whole = input_in_memory<X, Space, part.of>(table, arrays);
    return cut_from<part.where>(whole, static_cast<std::size_t>(whole.rank - 1 - part.dimension), extents_in<X>(table));
  } else {
    using type = typename X::template input_type<I>;
    constexpr int w = X::window_of(I), a = X::arranged_in_memory(I);
    return view<type, X::program.layouts[X::program.window_list[w].output].rank, Space>(
        reinterpret_cast<type*>(arrays[a < 0 ? w : X::program.window_count + a]), shape_around_window<X, w>(table));
  }
}

/// Calls `next(arrays, windows)` with the arrays that hold windows, what is arranged of them and the parts of both that
/// X reads, and the windows. `memory(bytes, zeros)` is memory for them in Space, so many bytes of which are zero.
template <class X, space Space, class Memory, class Next>
void with_windows(const typename X::table& table, Memory memory, Next next) {
  constexpr int windows = X::program.window_count, arrangements = X::program.arrangement_count;
  [&]<int... W, int... A, int... M>(std::integer_sequence<int, W...>, std::integer_sequence<int, A...>,
                                    std::integer_sequence<int, M...>) {
    auto bytes_of = [&]<int I>(std::integral_constant<int, I>) {
      return cpu::aligned_bytes(
          static_cast<std::size_t>(element_count(shape_around_window<X, X::window_of(I)>(table))) *
          sizeof(typename X::template input_type<I>));
    };
    const std::size_t bytes[]{bytes_of(std::integral_constant<int, X::program.window_list[W].input>{})...,
                              bytes_of(std::integral_constant<int, X::program.arrangement_list[A].input>{})...};
    // the constants alone: code that runs and reads the program would drag all that passes do into the object file
    constexpr bool filled[]{X::program.window_list[W].filled..., (A >= 0)...};
    constexpr int first_in_array[]{X::window_of(X::program.window_list[W].input)..., windows + A...};
    std::size_t all = 0, offsets[windows + arrangements]{};
    auto place = [&](bool whole) {
      for (int w = 0; w < windows + arrangements; ++w)
        if (filled[w] == whole && first_in_array[w] == w) {
          offsets[w] = all;
          all += bytes[w];
        }
      return all;
    };
    const std::size_t zeros = place(false);  // what is written as a whole need not be
    unsigned char* const base = memory(place(true), zeros);
    unsigned char* const arrays[]{base + offsets[W]..., base + offsets[windows + A]...};
    auto window = [&]<int N>(std::integral_constant<int, N>) {
      constexpr ir::window w = X::program.window_list[N];
      const auto array = input_in_memory<X, Space, w.input>(table, arrays);
      return cut_from<w.where>(array, static_cast<std::size_t>(array.rank - 1 - w.dimension), extents_in<X>(table));
    };
    next(
        results<decltype(input_in_memory<X, Space, X::first_window + M>(table, arrays))...>{
            {{input_in_memory<X, Space, X::first_window + M>(table, arrays)}...}},
        results<decltype(window(std::integral_constant<int, W>{}))...>{
            {{window(std::integral_constant<int, W>{})}...}});
  }(std::make_integer_sequence<int, windows>{}, std::make_integer_sequence<int, arrangements>{},
    std::make_integer_sequence<int, X::input_count - X::first_window>{});
}

/// Runs X with its windows in the thread's workspace.
template <class X, class Inputs, class Results>
void run_with_windows(typename X::table& table, const Inputs& inputs, bool parallel, Results& made) {
  cpu::borrowed_workspace workspace;
  const auto memory = [&workspace](std::size_t bytes, std::size_t zeros) {
    unsigned char* const all = workspace.reserve(bytes);
    std::memset(all, 0, zeros);
    return all;
  };
  with_windows<X, space::host>(table, memory, [&](const auto& arrays, const auto& windows) {
    enter_inputs<X, X::first_window>(table, arrays);
    enter_outputs<X, X::result_count>(table, windows);
    run_kernels<X>(table, inputs, parallel, made);
  });
}

template <class X, class Inputs, class Results>
FUSEGRAD_INLINE constexpr void execute(typename X::table& table, const Inputs& inputs, bool parallel, Results& made) {
  if constexpr (X::program.window_count > 0) run_with_windows<X>(table, inputs, parallel, made);
  else run_kernels<X>(table, inputs, parallel, made);
}

/// Does a call run on all threads?
template <class Executor>
inline constexpr bool is_parallel = std::is_same_v<Executor, parallel_executor>;

/// Runs X and returns its results: tensors and numbers.
template <class X, class Executor, class... B>
FUSEGRAD_INLINE constexpr auto run_returning(const B&... bound) {
  const results<const B&...> inputs{{{bound}...}};
  typename X::table table = table_of<X>(inputs);
  check_inputs<X>(table);
  return [&]<std::size_t... K>(std::index_sequence<K...>) {
    results<decltype(new_output<X, K>(table))...> made{{{new_output<X, K>(table)}...}};
    enter_outputs<X>(table, made);
    execute<X>(table, inputs, is_parallel<Executor>, made);
    if constexpr (sizeof...(K) == 1) return std::move(get<0>(made));
    else return made;
  }(std::make_index_sequence<static_cast<std::size_t>(X::result_count)>{});
}

template <class Out>
inline constexpr bool is_device_output = false;
template <viewable Out>
inline constexpr bool is_device_output<Out> =
    is_device_view<std::remove_cvref_t<decltype(fusegrad::view_of(std::declval<Out&>()))>>;

template <class X, std::size_t K, class Out>
constexpr void check_output_type() {
  using type = typename X::template output_element<static_cast<int>(K)>;
  if constexpr (X::template output_rank<static_cast<int>(K)> > 0) {
    static_assert(viewable<Out>, "fusegrad: this output is an array; pass something that can be viewed as one");
    if constexpr (viewable<Out>) {
      using view_type = std::remove_cvref_t<decltype(fusegrad::view_of(std::declval<Out&>()))>;
      static_assert(!std::is_const_v<typename view_type::element_type>,
                    "fusegrad: an output is constant and cannot be written to");
      constexpr bool rounds = view_type::on_device && dtype_of<type> == dtype::f32;
      static_assert(std::is_same_v<typename view_type::value_type, type> ||
                        (rounds && dtype_of<typename view_type::value_type> == dtype::f32),
                    "fusegrad: an output's element type differs from that of the result");
      static_assert(view_type::rank == X::template output_rank<static_cast<int>(K)>,
                    "fusegrad: an output's rank differs from that of the result");
    }
  } else {
    static_assert(element<Out>, "fusegrad: this output is one number; pass a variable of an arithmetic type");
    static_assert(!std::is_const_v<Out>, "fusegrad: an output is constant and cannot be written to");
  }
}

/// In place of an executor: nothing runs, and the call returns the plan of its program on a device.
struct plans_only {};

/// Runs calls whose arrays lie in the memory of a device, as run_returning and run_into do others: see api/cuda.hpp.
template <class X>
struct device_calls;

/// Runs X into the caller's memory. Nothing is written before everything is checked.
template <class X, class Executor, class... Out, class... B>
FUSEGRAD_INLINE constexpr void run_into(const results<Out&...>& out, const B&... bound) {
  static_assert(sizeof...(Out) == static_cast<std::size_t>(X::result_count),
                "fusegrad: into() takes one output for each result: the value, then the gradients");
  const results<const B&...> inputs{{{bound}...}};
  typename X::table table = table_of<X>(inputs);
  [&]<std::size_t... K>(std::index_sequence<K...>) __attribute__((always_inline)) {
    (check_output_type<X, K, Out>(), ...);
    static_assert(
        (!is_device_output<Out> && ...),
        "fusegrad: an output array lies in device memory, the arguments in the host's; bring them to one place, "
        "with .to(fg::device) or .to(fg::host)");
    enter_outputs<X>(table, out);
    check_call<X, rules_into<X>>(table);
    execute<X>(table, inputs, is_parallel<Executor>, out);
  }
  (std::index_sequence_for<Out...>{});
}

}  // namespace detail
}  // namespace fusegrad
