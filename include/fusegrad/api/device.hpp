// A function compiled for a device: the same program under a name that CUDA accepts, its schedule for a device, and
// what a launch passes on of a call's arguments.
#pragma once

#include "../backend/cuda/execute.hpp"
#include "../backend/cuda/function.hpp"
#include "../core/results.hpp"
#include "../ir/code.hpp"
#include "../passes/lower.hpp"
#include "../passes/schedule.hpp"
#include "../passes/split.hpp"
#include "executable.hpp"
#include "run.hpp"

namespace fusegrad::detail {

/// `Code` is the program; `In` and `Out` are the element types of its inputs and outputs.
template <class Code, class In, class Out>
struct device_executable;
template <class Code, class... In, class... Out>
struct device_executable<Code, results<In...>, results<Out...>>
    : loop_facts<device_executable<Code, results<In...>, results<Out...>>> {
  static constexpr auto& program = Code::lowered::value;
  static constexpr auto& schedule =
      passes::scheduled<typename Code::lowered, typename Code::traced, ir::target::device>::value;
  template <int I>
  using input_type = std::tuple_element_t<static_cast<std::size_t>(I), results<In...>>;
  template <int K>
  using output_type = std::tuple_element_t<static_cast<std::size_t>(K), results<Out...>>;
  static constexpr int input_bytes[sizeof...(In) + 1]{static_cast<int>(sizeof(In))..., 0};
  static constexpr int output_bytes[sizeof...(Out) + 1]{static_cast<int>(sizeof(Out))..., 0};
};

template <class... T>
constexpr std::type_identity<results<T...>> element_types(std::type_identity<T>...) {
  return {};
}
template <class... T, class... More>
constexpr std::type_identity<results<T..., More...>> with_more(std::type_identity<results<T...>>,
                                                               std::type_identity<results<More...>>) {
  return {};
}
/// The elements of windows.
template <class X>
constexpr auto element_types_of_windows() {
  return []<int... W>(std::integer_sequence<int, W...>) {
    return element_types(std::type_identity<typename X::template input_type<X::program.window_list[W].input>>{}...);
  }(std::make_integer_sequence<int, X::program.window_count>{});
}
template <class Code, class In, class Out>
constexpr device_executable<Code, In, Out> device_executable_named(Code, std::type_identity<In>,
                                                                   std::type_identity<Out>) {
  return {};
}

/// The type of the elements of `Out`, in which the caller wants output K; of numbers, the result's own.
template <class X, std::size_t K, class Out>
constexpr auto element_type_in() {
  if constexpr (viewable<Out>)
    return std::type_identity<
        typename std::remove_cvref_t<decltype(fusegrad::view_of(std::declval<Out&>()))>::value_type>{};
  else return std::type_identity<typename X::template output_element<static_cast<int>(K)>>{};
}

/// The same executable where nothing is left that only the CPU executes: mean and deviations of columns in one pass.
template <class X>
struct executable_in_parts : X {
  static constexpr auto& program = passes::lowered_to_parts<typename X::traced_program>::value;
};
template <class X>
constexpr bool has_parts() {
  for (int v = 0; v < X::program.size(); ++v)
    if (X::program[v].op->expands_rows_only) return true;
  return false;
}

/// What takes the place of executable X on a device, as an object of its type: an alias would name X on the way.
/// `outputs` is what element_types says of the results.
template <class X, class Outputs>
constexpr auto device_executable_of(Outputs outputs) {
  if constexpr (has_parts<X>()) {
    return device_executable_of<executable_in_parts<X>>(outputs);
  } else {
    return [&]<int... I>(std::integer_sequence<int, I...>) {
      return device_executable_named(ir::code_of<X>(),
                                     element_types(std::type_identity<typename X::template input_type<I>>{}...),
                                     with_more(outputs, element_types_of_windows<X>()));
    }(std::make_integer_sequence<int, X::input_count>{});
  }
}
/// The same with outputs as results come if the caller brings none.
template <class X>
constexpr auto device_executable_of() {
  return []<int... K>(std::integer_sequence<int, K...>) {
    return device_executable_of<X>(element_types(std::type_identity<typename X::template output_element<K>>{}...));
  }(std::make_integer_sequence<int, X::result_count>{});
}

/// May output K share all its elements with input I where D runs on a device? What a loop reads there it may read at
/// any time until it is needed: what is written must be computed from it, element by element.
template <class X, class D>
struct sharing_on_device {
  static constexpr auto value = [] {
    auto made = sharing<X, D>::value;
    const auto refuse = [&made](int o, int input) {
      const int i = X::entries.of_input[input];
      if (i >= 0 && i < X::entries.inputs)
        made.may[(X::entries.of_output[o] - X::entries.inputs) * X::entries.inputs + i] = false;
    };
    for (int o = 0; o < X::result_count; ++o) {
      if (X::entries.of_output[o] < 0) continue;
      for (int v = 0; v < D::program.size(); ++v)  // every kernel reads the elements that it takes for numbers
        if (D::program[v].is(ir::op_kind::input) && D::program[v].axes == 0) refuse(o, D::program[v].index);
      const int loop = D::schedule.store_loop[o];
      if (loop < 0) continue;
      bool needed[D::program.size()]{};
      needed[D::program.outputs[o]] = true;
      for (int v = D::program.size(); v-- > 0;)
        for (int k = 0; needed[v] && k < D::program[v].arity(); ++k)
          if (D::schedule.in_loop[loop][D::program[v].x[k]] != ir::presence::absent) needed[D::program[v].x[k]] = true;
      for (int v = 0; v < D::program.size(); ++v)
        if (D::program[v].is(ir::op_kind::input) && !needed[v] && D::schedule.in_loop[loop][v] == ir::presence::loaded)
          refuse(o, D::program[v].index);
    }
    return made;
  }();
};

/// The rules of calls of X that write to the caller's memory where D runs, whose outputs may be narrower.
template <class X, class D>
struct rules_on_device {
  static constexpr typename X::array_entries entries = [] {
    auto made = X::entries;
    for (int k = 0; k < X::result_count; ++k)
      if (const int entry = X::entries.of_output[k]; entry >= 0) made.of[entry].bytes = D::output_bytes[k];
    return made;
  }();
  static constexpr call_rules value = [] {
    call_rules made = rules_of<X>::value;
    made.entries = entries.of;
    made.may_share = sharing_on_device<X, D>::value.may;
    return made;
  }();
};

/// What each of several devices has of the results of X where the arguments with a rank here are split by rows. A slice
/// of rows is nothing that each device could take of its own.
template <class X>
constexpr auto split_of(const int* argument_rank) {
  using D = decltype(device_executable_of<X>());
  int split_rank[X::input_count + 1]{};
  for (int i = 0; i < X::argument_count; ++i) split_rank[i] = argument_rank[i];
  for (int k = 0; k < X::traced.part_count; ++k) {
    const ir::part& part = X::traced.part_list[k];
    if (part.is_extent()) continue;
    const int rank = split_rank[part.of];
    split_rank[part.input] = rank > 0 && part.dimension == rank - 1 ? -1 : rank;
  }
  return passes::split(D::program, split_rank);
}

/// The scratch memory that a call of D needs: what its kernels leave for one another, then a place for each number that
/// the caller wants on the host.
template <class Execution>
constexpr std::size_t scratch_bytes(const Execution& execution, int outputs) {
  return execution.scratch_bytes() + 8 * static_cast<std::size_t>(outputs);
}
/// As much as is enough whatever the outputs are.
template <class D, class Inputs>
std::size_t scratch_bytes_of(D, const Inputs& inputs, const simt::gpu_limits& limits) {
  const results<> unknown;
  return scratch_bytes(simt::execution<D, Inputs, results<>>(inputs, unknown, limits), D::program.output_count);
}

/// The scratch memory of a call of X, which D is on a device: D's, then that for arrays that hold windows.
struct call_scratch {
  std::size_t own = 0, windows = 0;
  static constexpr std::size_t alignment = 256;
  std::size_t window_offset() const { return (own + alignment - 1) / alignment * alignment; }
  std::size_t bytes() const { return windows > 0 ? window_offset() + windows : own; }
};
template <class X, class D, class Inputs>
call_scratch scratch_of_call(D, const typename X::table& table, const Inputs& inputs, const simt::gpu_limits& limits) {
  call_scratch found;
  if constexpr (X::program.window_count > 0) {
    alignas(call_scratch::alignment) unsigned char nowhere[1];  // nothing is touched
    with_windows<X, space::device>(
        table,
        [&](std::size_t bytes, std::size_t) {
          found.windows = bytes;
          return nowhere;
        },
        [&](const auto& arrays, const auto&) { found.own = scratch_bytes_of(D{}, joined(inputs, arrays), limits); });
  } else {
    found.own = scratch_bytes_of(D{}, inputs, limits);
  }
  return found;
}

/// Throws std::invalid_argument where a caller's scratch memory does not do for a call.
inline void check_scratch(const void* memory, std::size_t bytes, std::size_t needed) {
  if (bytes < needed)
    raise(std::invalid_argument(text_of("fusegrad: a call needs ", needed, " bytes of scratch memory and was given ",
                                        bytes, "; fg::plan tells how many")));
  if (reinterpret_cast<std::uintptr_t>(memory) % 16 != 0)
    raise(std::invalid_argument("fusegrad: scratch memory begins at a multiple of 16 bytes; this does not"));
}

/// Throws std::invalid_argument where an array lies in the memory of another GPU than the one that the call runs on.
/// `lies_on` tells it of the arguments, then of the outputs; -1 is what every GPU reads.
inline void check_gpus(int gpu, const int* lies_on, int arguments, int outputs) {
  int here = -1, elsewhere = -1;
  for (int k = arguments + outputs; k-- > 0;)
    if (lies_on[k] >= 0) (lies_on[k] == gpu ? here : elsewhere) = k;
  if (elsewhere < 0) return;
  const auto name = [&](int k) { return k < arguments ? text_of("argument ", k) : text_of("output ", k - arguments); };
  raise(std::invalid_argument(text_of("fusegrad: ", name(elsewhere), " lies on GPU ", lies_on[elsewhere],
                                      ", but the call runs on GPU ", gpu,
                                      here < 0 ? std::string() : text_of(", where ", name(here), " lies"),
                                      "; bring all arrays to one GPU, and call .on(fg::cuda(GPU))")));
}

}  // namespace fusegrad::detail
