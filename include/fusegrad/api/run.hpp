// One call: binds arguments and outputs, checks them, allocates what the caller did not bring, runs.
#pragma once

#include <cstring>

#include "../backend/cpu/execute.hpp"
#include "../core/rearrange.hpp"
#include "executable.hpp"

namespace fusegrad {

/// Where a call runs: one thread of the CPU.
struct sequential_executor {};
/// Where a call runs: all threads of OpenMP, where the compiler has it switched on (-fopenmp). The same bits as one
/// thread.
struct parallel_executor {};

inline constexpr sequential_executor seq;
inline constexpr parallel_executor par;

namespace detail {

/// The extent of a dimension of output K, counted from the last: that of its axis, which an input tells, or one.
template <class X, int K, int Dimension, class Inputs>
FUSEGRAD_INLINE constexpr std::ptrdiff_t output_extent(const Inputs& inputs) {
  constexpr int axis = X::program.layouts[K].map[Dimension];
  if constexpr (axis < 0) return 1;
  else return cpu::extent_at<X::program.extents_of(X::program.outputs[K])[axis]>(inputs);
}

template <class X, int K, class Inputs>
FUSEGRAD_INLINE constexpr auto output_shape(const Inputs& inputs) {
  constexpr int rank = X::template output_rank<K>;
  shape<rank> extents{};
  [&]<int... D>(std::integer_sequence<int, D...>) __attribute__((always_inline)) {
    ((extents[static_cast<std::size_t>(rank - 1 - D)] = output_extent<X, K, D>(inputs)), ...);
  }
  (std::make_integer_sequence<int, rank>{});
  return extents;
}

/// The result of output K when the caller brought no memory for it.
template <class X, int K, class Inputs>
constexpr auto new_output(const Inputs& inputs) {
  using type = typename X::template output_element<K>;
  if constexpr (X::template output_rank<K> > 0)
    return tensor<type, X::template output_rank<K>>(output_shape<X, K>(inputs), uninitialized_t{});
  else return type{};
}

template <class X, class Executor, class Inputs, class Outputs>
FUSEGRAD_INLINE constexpr void run_kernels(const Inputs& inputs, Outputs& outputs) {
  if constexpr (has_flat_kernels<X>()) {
    using cached = executable_in_cache<X>;
    if constexpr (cached::schedule.keeps_in_cache)
      if (cpu::bytes_touched<X>(inputs) <= cpu::cached_bytes)
        return cpu::execution<cached, Inputs, Outputs>(inputs, outputs)
            .template run<std::is_same_v<Executor, parallel_executor>>();
  }
  cpu::execution<X, Inputs, Outputs>(inputs, outputs).template run<std::is_same_v<Executor, parallel_executor>>();
}

/// Calls `next(arguments..., parts...)`: the parts of the arguments that X reads as inputs of their own.
template <class X, class Next, class... B>
FUSEGRAD_INLINE constexpr decltype(auto) with_parts(Next&& next, const B&... bound) {
  constexpr int k = static_cast<int>(sizeof...(B)) - X::argument_count;
  if constexpr (k == X::traced.part_count) {
    return next(bound...);
  } else {
    constexpr ir::part part = X::traced.part_list[k];
    const auto& whole = get<static_cast<std::size_t>(part.of)>(results<const B&...>{{{bound}...}});
    constexpr auto at = static_cast<std::size_t>(std::remove_cvref_t<decltype(whole)>::rank - 1 - part.dimension);
    return with_parts<X>(next, bound..., cut_from(whole, at, part.where));
  }
}

/// The array that holds window W.
template <class X, int W, class Inputs>
constexpr auto shape_around_window(const Inputs& inputs) {
  constexpr ir::window window = X::program.window_list[W];
  constexpr ir::layout at = X::program.layouts[window.output];
  constexpr ir::extents where = [] {
    for (int v = 0; v < X::program.size(); ++v)
      if (X::program[v].is(ir::op_kind::input) && X::program[v].index == X::program.window_list[W].input)
        return X::program.extents_of(v);
    return ir::extents{};
  }();
  shape<at.rank> extents{};
  [&]<int... D>(std::integer_sequence<int, D...>) {
    auto extent = [&]<int Axis>(std::integral_constant<int, Axis>) {
      if constexpr (Axis < 0) return std::ptrdiff_t{1};
      else return cpu::extent_at<where[Axis]>(inputs);
    };
    ((extents[static_cast<std::size_t>(at.rank - 1 - D)] = extent(std::integral_constant<int, at.map[D]>{})), ...);
  }(std::make_integer_sequence<int, at.rank>{});
  return extents;
}

/// Calls `next(inputs, outputs)` with the arrays that hold windows, and the windows, after those of the call.
/// `zeroed(bytes)` is memory for them in Space, full of zeros.
template <class X, space Space, class Memory, class Next, class... B, class... O>
void with_windows(Memory zeroed, Next next, const results<B...>& inputs, results<O...>& outputs) {
  [&]<int... W, std::size_t... I, std::size_t... K>(std::integer_sequence<int, W...>, std::index_sequence<I...>,
                                                    std::index_sequence<K...>) {
    const std::size_t bytes[]{
        cpu::aligned_bytes(static_cast<std::size_t>(element_count(shape_around_window<X, W>(inputs))) *
                           sizeof(typename X::template input_type<X::first_window + W>))...};
    std::size_t all = 0;
    for (std::size_t b : bytes) all += b;
    unsigned char* next_array = zeroed(all);
    auto place = [&]<int N>(std::integral_constant<int, N>) {
      using type = typename X::template input_type<X::first_window + N>;
      const view<type, X::program.layouts[X::program.window_list[N].output].rank, Space> array(
          reinterpret_cast<type*>(next_array), shape_around_window<X, N>(inputs));
      next_array += bytes[N];
      return array;
    };
    const auto arrays =
        results<decltype(place(std::integral_constant<int, W>{}))...>{{{place(std::integral_constant<int, W>{})}...}};
    auto window = [&]<int N>(std::integral_constant<int, N>) {
      const auto& array = get<static_cast<std::size_t>(N)>(arrays);
      constexpr ir::window w = X::program.window_list[N];
      constexpr auto at = static_cast<std::size_t>(std::remove_cvref_t<decltype(array)>::rank - 1 - w.dimension);
      // as many elements as the value has; a range of which only the first is known would reach to the end
      return window_of(array, at, w.where, output_shape<X, w.output>(inputs)[at]);
    };
    const results<B..., decltype(get<static_cast<std::size_t>(W)>(arrays))...> all_inputs{
        {{get<I>(inputs)}..., {get<static_cast<std::size_t>(W)>(arrays)}...}};
    results<O..., decltype(window(std::integral_constant<int, W>{}))...> all_outputs{
        {{get<K>(outputs)}..., {window(std::integral_constant<int, W>{})}...}};
    next(all_inputs, all_outputs);
    [[maybe_unused]] auto keep = [](auto& mine, const auto& written) {
      if constexpr (element<std::remove_cvref_t<decltype(mine)>>) mine = written;
    };
    (keep(get<K>(outputs), get<K>(all_outputs)), ...);
  }(std::make_integer_sequence<int, X::program.window_count>{}, std::index_sequence_for<B...>{},
    std::index_sequence_for<O...>{});
}

/// Runs X with its windows in the thread's workspace.
template <class X, class Executor, class Inputs, class Outputs>
void run_with_windows(const Inputs& inputs, Outputs& outputs) {
  cpu::borrowed_workspace memory;
  const auto zeroed = [&memory](std::size_t bytes) {
    unsigned char* const all = memory.reserve(bytes);
    std::memset(all, 0, bytes);
    return all;
  };
  with_windows<X, space::host>(
      zeroed, [](const auto& in, auto& out) { run_kernels<X, Executor>(in, out); }, inputs, outputs);
}

template <class X, class Executor, class Inputs, class Outputs>
FUSEGRAD_INLINE constexpr void execute(const Inputs& inputs, Outputs& outputs) {
  if constexpr (X::program.window_count > 0) run_with_windows<X, Executor>(inputs, outputs);
  else run_kernels<X, Executor>(inputs, outputs);
}

/// Runs X and returns its results: tensors and numbers.
template <class X, class Executor, class... B>
FUSEGRAD_INLINE constexpr auto run_returning(const B&... bound) {
  const results<const B&...> inputs{{{bound}...}};
  check_shapes<X>(inputs);
  check_elements<X>(inputs);
  return [&]<std::size_t... K>(std::index_sequence<K...>) {
    results<decltype(new_output<X, K>(inputs))...> made{{{new_output<X, K>(inputs)}...}};
    auto target = [](auto& output) {
      if constexpr (element<std::remove_cvref_t<decltype(output)>>) return output;
      else return fusegrad::view_of(output);
    };
    results<decltype(target(get<K>(made)))...> outputs{{{target(get<K>(made))}...}};
    execute<X, Executor>(inputs, outputs);
    auto keep = [](auto& mine, auto& written) {
      if constexpr (element<std::remove_cvref_t<decltype(mine)>>) mine = written;
    };
    (keep(get<K>(made), get<K>(outputs)), ...);
    if constexpr (sizeof...(K) == 1) return std::move(get<0>(made));
    else return made;
  }(std::make_index_sequence<static_cast<std::size_t>(X::result_count)>{});
}

/// What output K is written to: a view of the caller's array, or a new number of the result's own type.
template <class X, std::size_t K, class Out>
FUSEGRAD_INLINE constexpr decltype(auto) output_target(Out& out) {
  if constexpr (element<Out>) return typename X::template output_element<static_cast<int>(K)>{};
  else return fusegrad::view_of(out);
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

template <int Rank>
[[noreturn, gnu::cold, gnu::noinline]] inline void output_shape_differs(int k, shape<Rank> has, shape<Rank> wanted) {
  raise(std::invalid_argument(text_of("fusegrad: output ", k, " has shape ", to_string(has), " where the result has ",
                                      to_string(wanted), "; resize it before the call")));
}
[[noreturn, gnu::cold, gnu::noinline]] inline void output_overlaps(int k, const char* what, int other) {
  raise(std::invalid_argument(text_of("fusegrad: output ", k, " overlaps ", what, " ", other,
                                      ", which would be overwritten while it is needed; give it memory of its own")));
}

template <class T, int Rank, space Space>
[[gnu::cold, gnu::noinline]] void require_own_memory(int k, view<T, Rank, Space> out) {
  for (int axis = 0; axis < Rank; ++axis)
    if (out.strides()[static_cast<std::size_t>(axis)] == 0 && out.extent(axis) > 1)
      raise(std::invalid_argument("fusegrad: output " + std::to_string(k) + " has stride 0 along axis " +
                                  std::to_string(axis) + ", so that its elements share memory; give each its own"));
}

/// May output K share all its elements with input I where X runs? Yes, if it is written, element by element, in the
/// only loop that reads that input.
template <class X, std::size_t K, std::size_t I>
constexpr bool may_share() {
  const int writer = X::writer_of(static_cast<int>(K));
  if (writer < 0) return false;
  for (int kernel = writer + 1; kernel < X::schedule.kernel_count; ++kernel)
    if (X::kernel_reads(kernel, static_cast<int>(I))) return false;
  if (!X::kernel_reads(writer, static_cast<int>(I))) return true;
  // in a row, what is written may be read once more by the loops of the rows that follow, but not elsewhere
  const ir::kernel& k = X::schedule.kernels[writer];
  const int loop = X::schedule.store_loop[K];
  if (k.outer != 0 && loop != k.first_loop + k.phases - 1) return false;
  for (int v = 0; v < X::program.size(); ++v)
    if (X::program[v].is(ir::op_kind::input) && X::program[v].index == static_cast<int>(I) &&
        !(X::program[v].map == X::program.layouts[K].map))
      return false;
  return true;
}

template <class X>
struct sharing {
  template <std::size_t K, std::size_t I>
  static constexpr bool may_share() {
    return detail::may_share<X, K, I>();
  }
};

/// Throws std::invalid_argument where writing output K would destroy what is still needed. `Runs` is what X is where it
/// runs, and has may_share<K, I>.
template <class X, std::size_t K, class Runs, class Out, class... B, class... O, std::size_t... I>
FUSEGRAD_INLINE void check_output(const Out& out, const results<B...>& inputs, const results<O...>& outputs,
                                  std::index_sequence<I...>) {
  if constexpr (is_view<Out>) {
    const auto extents = output_shape<X, static_cast<int>(K)>(inputs);
    if (out.shape() != extents) output_shape_differs<Out::rank>(K, out.shape(), extents);
    if (out.size() == 0) return;
    if (!out.contiguous()) require_own_memory(K, out);
    const byte_range range = bytes_of(out, out.contiguous());
    auto meet_input = [&]<std::size_t J>(std::integral_constant<std::size_t, J>, const auto& in)
        __attribute__((always_inline)) {
      if constexpr (is_view<std::remove_cvref_t<decltype(in)>>)
        if (in.size() > 0 && overlap(range, bytes_of(in, in.contiguous())) &&
            !(Runs::template may_share<K, J>() && same_elements(out, in)))
          output_overlaps(K, "argument", X::argument_of(J));
    };
    (meet_input(std::integral_constant<std::size_t, I>{}, get<I>(inputs)), ...);
    [&]<std::size_t... J>(std::index_sequence<J...>) __attribute__((always_inline)) {
      auto meet_output = [&]<std::size_t M>(std::integral_constant<std::size_t, M>, const auto& other)
          __attribute__((always_inline)) {
        if constexpr (M < K && is_view<std::remove_cvref_t<decltype(other)>>)
          if (other.size() > 0 && overlap(range, bytes_of(other, other.contiguous()))) output_overlaps(K, "output", M);
      };
      (meet_output(std::integral_constant<std::size_t, J>{}, get<J>(outputs)), ...);
    }
    (std::index_sequence_for<O...>{});
  }
}

/// In place of an executor: nothing runs, and the call returns the plan of its program on a device.
struct plans_only {};

/// Runs calls whose arrays lie in the memory of a device, as run_returning and run_into do others: see api/cuda.hpp.
template <class X>
struct device_calls;

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

/// Runs X into the caller's memory. Nothing is written before everything is checked.
template <class X, class Executor, class... Out, class... B>
FUSEGRAD_INLINE constexpr void run_into(const results<Out&...>& out, const B&... bound) {
  static_assert(sizeof...(Out) == static_cast<std::size_t>(X::result_count),
                "fusegrad: into() takes one output for each result: the value, then the gradients");
  const results<const B&...> inputs{{{bound}...}};
  check_shapes<X>(inputs);
  check_elements<X>(inputs);
  [&]<std::size_t... K>(std::index_sequence<K...>) __attribute__((always_inline)) {
    (check_output_type<X, K, Out>(), ...);
    static_assert(
        (!is_device_output<Out> && ...),
        "fusegrad: an output array lies in device memory, the arguments in the host's; bring them to one place, "
        "with .to(fg::device) or .to(fg::host)");
    results<decltype(output_target<X, K>(get<K>(out)))...> targets{{{output_target<X, K>(get<K>(out))}...}};
    (check_output<X, K, sharing<X>>(get<K>(targets), inputs, targets, std::index_sequence_for<B...>{}), ...);
    execute<X, Executor>(inputs, targets);
    auto keep = [](auto& mine, const auto& written) {
      if constexpr (element<std::remove_cvref_t<decltype(mine)>>)
        mine = static_cast<std::remove_cvref_t<decltype(mine)>>(written);
    };
    (keep(get<K>(out), get<K>(targets)), ...);
  }
  (std::index_sequence_for<Out...>{});
}

}  // namespace detail
}  // namespace fusegrad
