// A function compiled for arguments of given types: its program, its schedule and what back-ends ask of it.
#pragma once

#include "../core/array_table.hpp"
#include "../passes/decide.hpp"
#include "../passes/lower.hpp"
#include "../passes/schedule.hpp"
#include "arguments.hpp"

namespace fusegrad::detail {
inline namespace FUSEGRAD_ISA {

template <class X>
struct decided_executable;

/// The argument that result k of a traced transform, one of so many, is the gradient of; -1: of none.
template <class Trace>
constexpr int gradient_argument(int k, int results) {
  if constexpr (requires { Trace::function_type::argument_of(k, results); })
    return Trace::function_type::argument_of(k, results);
  else return -1;
}

/// The type that the elements of all floating-point arrays among arguments A have, if it is the same; `Found` so far.
template <class Found, class... A>
struct shared_element : std::type_identity<Found> {};
template <class Found, class First, class... A>
struct shared_element<Found, First, A...> : shared_element<Found, A...> {};
template <class Found, class First, class... A>
  requires(First::weight == strength::array && is_floating(dtype_of<typename First::type>))
struct shared_element<Found, First, A...>
    : shared_element<std::conditional_t<std::is_void_v<Found> || std::is_same_v<Found, typename First::type>,
                                        typename First::type, float>,
                     A...> {};

/// What an executable's loops read, compute and write.
template <class X>
struct loop_facts {
  /// Does loop `loop`, or a step around it, read value v from memory?
  static constexpr bool reads(int loop, int v) {
    if (X::program[v].axes == 0 ||
        !(X::program[v].is(ir::op_kind::input) || X::schedule.loads(v, X::schedule.kernel_of[loop])))
      return false;
    return X::schedule.in_loop[loop][v] != ir::presence::absent;
  }
  /// Does loop `loop` compute value v?
  static constexpr bool computes(int loop, int v) {
    const ir::presence here = X::schedule.in_loop[loop][v];
    return X::program[v].arity() > 0 && (here == ir::presence::computed || here == ir::presence::kept_for_row);
  }
  /// The last kernel that reads value v, an input; -1 if none does.
  static constexpr int last_reader_of(int v) {
    for (int kernel = X::schedule.kernel_count; kernel-- > 0;) {
      for (int phase = 0; phase < X::schedule.kernels[kernel].phases; ++phase)
        if (X::schedule.in_loop[X::schedule.kernels[kernel].first_loop + phase][v] != ir::presence::absent)
          return kernel;
      for (int step = X::schedule.first_step(kernel); step <= X::schedule.last_step(kernel); ++step)
        if (X::schedule.in_step[step][v]) return kernel;
    }
    return -1;
  }
  /// The kernel that writes output k; -1 if it is one number.
  static constexpr int writer_of(int k) {
    for (int kernel = 0; kernel < X::schedule.kernel_count; ++kernel) {
      const int loop = X::schedule.store_loop[k], step = X::schedule.store_step[k];
      if (loop >= 0 && X::schedule.kernel_of[loop] == kernel) return kernel;
      if (step >= 0 && step >= X::schedule.first_step(kernel) && step <= X::schedule.last_step(kernel)) return kernel;
    }
    return -1;
  }
  /// Bytes of value v in memory.
  static constexpr int stored_bytes(int v) {
    return X::program[v].is(ir::op_kind::input) ? X::input_bytes[static_cast<std::size_t>(X::program[v].index)]
                                                : bytes_of(X::program[v].type);
  }
  /// Bytes that a loop reads and writes for each element.
  static constexpr int bytes_per_element(int loop) {
    int bytes = 0;
    for (int v = 0; v < X::program.size(); ++v)
      if (reads(loop, v)) bytes += stored_bytes(v);
    for (int k = 0; k < X::program.output_count; ++k)
      if (X::schedule.store_loop[k] == loop) bytes += bytes_of(X::program[X::program.outputs[k]].type);
    return bytes;
  }
};

template <class Trace, class... A>
struct executable : loop_facts<executable<Trace, A...>> {
  static constexpr ir::trace_error error = ir::frozen<Trace>::error;

  static_assert(
      error != ir::trace_error::too_long,
      "fusegrad: the function is too long for the compiler to call within its limits; raise them, with g++ by "
      "-fconstexpr-ops-limit=1000000000, with clang by -fconstexpr-steps=100000000, with nvcc by "
      "-Xcudafe --max_cost_constexpr_call=1000000000");
  static_assert(error != ir::trace_error::not_a_scalar,
                "fusegrad: a gradient needs a function whose result is one number; reduce the result with fg::sum or "
                "fg::mean, or use fg::vjp");
  static_assert(
      error != ir::trace_error::integer_argument,
      "fusegrad: a derivative with respect to an integer or boolean argument does not exist; pass it as float "
      "or double, or differentiate with respect to another argument");
  static_assert(error != ir::trace_error::condition_in_order,
                "fusegrad: a condition is compared with a number by <, <=, > or >=; instead of 0 < x < 1 write "
                "0 < x && x < 1");
  static_assert(error != ir::trace_error::literal_too_large,
                "fusegrad: a literal does not fit the integer type of the array or number beside it; convert that with "
                "fg::cast<std::int64_t>(x), or pass the number as an argument");
  static_assert(error != ir::trace_error::foreign_expression,
                "fusegrad: an expression was used outside the function whose argument it depends on");

  static_assert(
      error != ir::trace_error::axis_out_of_range,
      "fusegrad: an axis is named that the value does not have; axes are counted from 0, or from -1 at the end");
  static_assert(error != ir::trace_error::axis_twice, "fusegrad: an axis is named twice");
  static_assert(error != ir::trace_error::axis_not_single,
                "fusegrad: fg::squeeze removes axes that have one element by their type, as fg::unsqueeze and "
                "fg::keepdims make them");
  static_assert(error != ir::trace_error::direction_too_large,
                "fusegrad: a tangent or cotangent has axes that its argument or result does not have");
  static_assert(
      error != ir::trace_error::cannot_slice,
      "fusegrad: a slice is asked of an axis of which the type says that it has one element; squeeze it instead");
  static_assert(error != ir::trace_error::varying_quantile,
                "fusegrad: fg::quantile takes one q for each row; one that varies along the axes that are reduced is "
                "several quantiles: call it for each");
  static_assert(error != ir::trace_error::unknown_extent,
                "fusegrad: fg::index runs along an axis that no array has; use it together with an array that does");
  static_assert(
      error != ir::trace_error::coupled_elements,
      "fusegrad: a Jacobian or Hessian has one entry for each element, but this function combines elements; use "
      "fg::jvp, fg::vjp or fg::hvp");

  using trace_type = Trace;
  using traced_program = ir::frozen<Trace>;
  using lowered_program = passes::lowered<traced_program>;
  static constexpr auto& traced = traced_program::value;
  static constexpr auto& program = lowered_program::value;
  static constexpr auto& schedule = passes::scheduled<lowered_program, traced_program>::value;

  static_assert(
      !schedule.scans_elsewhere,
      "fusegrad: fg::cumsum runs along the last axis of all that it meets; permute the arrays, or unsqueeze others");

  /// The executable for vectors of elements at which all extrema are decided, if there are any.
  using decided =
      std::conditional_t<schedule.loops == 1 && schedule.kernels[0].outer == 0 && passes::worth_deciding(program),
                         decided_executable<executable>, void>;

  /// Inputs are the call's arguments, the parts of these that the program reads, then the arrays that hold windows,
  /// what is arranged of these, and parts of both.
  static constexpr int argument_count = sizeof...(A);
  static constexpr int result_count = traced.output_count;
  static constexpr int first_window = argument_count + traced.part_count;
  static constexpr int arrays_with_windows = [] {
    int arrays = 0;
    for (int w = 0; w < program.window_count; ++w)
      arrays += w == 0 || program.window_list[w].input != program.window_list[w - 1].input;
    return arrays;
  }();
  static constexpr int input_count =
      first_window + arrays_with_windows + program.part_count + program.arrangement_count;

  /// Is input i an extent that no array has?
  static constexpr bool is_extent(int i) {
    return i >= argument_count && i < first_window && traced.part_list[i - argument_count].is_extent();
  }
  /// The argument that input i is, or is a part of; -1: it is an extent.
  static constexpr int argument_of(int i) {
    while (i >= argument_count) i = traced.part_list[i - argument_count].of;
    return i;
  }

  /// The part of an array that input i is; -1 if it is all of it.
  static constexpr int part_in_memory(int i) {
    for (int k = 0; k < program.part_count; ++k)
      if (program.part_list[k].input == i) return k;
    return -1;
  }
  /// The arrangement that input i is; -1 if it is none.
  static constexpr int arranged_in_memory(int i) {
    for (int k = 0; k < program.arrangement_count; ++k)
      if (program.arrangement_list[k].input == i) return k;
    return -1;
  }
  /// The input that input i is a part or an arrangement of; -1: of none.
  static constexpr int made_of(int i) {
    if (const int k = part_in_memory(i); k >= 0) return program.part_list[k].of;
    const int k = arranged_in_memory(i);
    return k >= 0 ? program.arrangement_list[k].of : -1;
  }
  /// The window in the array that input i is, or is made of.
  static constexpr int window_of(int i) {
    for (int of = made_of(i); of >= 0; of = made_of(i)) i = of;
    int w = 0;
    while (program.window_list[w].input != i) ++w;
    return w;
  }

  template <int C>
  static constexpr std::string_view constraint_name = traced.constraint_list[C].op->name;
  template <int R>
  static constexpr std::string_view requirement_name = traced.requirement_list[R].op->name;

  template <int I>
  struct input_element : std::tuple_element_t<static_cast<std::size_t>(argument_of(I)), results<A...>> {};
  static constexpr dtype type_in_memory(int i) {
    for (int of = made_of(i); of >= 0; i = of, of = made_of(i))
      if (const int k = arranged_in_memory(i); k >= 0 && program.arrangement_list[k].by < 0) return dtype::i64;
    return program[program.outputs[program.window_list[window_of(i)].output]].type;
  }
  template <int I>
    requires(I >= first_window)
  struct input_element<I> : std::type_identity<type_of<type_in_memory(I)>> {};
  template <int I>
    requires(is_extent(I))
  struct input_element<I> : std::type_identity<int> {};
  template <int I>
  using input_type = typename input_element<I>::type;

  static constexpr auto input_bytes = []<int... I>(std::integer_sequence<int, I...>) {
    return std::array<int, sizeof...(I) + 1>{static_cast<int>(sizeof(input_type<I>))..., 0};
  }(std::make_integer_sequence<int, input_count>{});

  /// What output k is to the user: an array of so many axes, or a number (0).
  template <int K>
  static constexpr int output_rank = program.layouts[K].rank;
  template <class T>
  using narrow_or_float = std::type_identity<std::conditional_t<is_narrow<T>, T, float>>;
  /// Its type: that which is computed, or one that is as narrow as the argument of which it is the gradient, or as all
  /// floating-point arrays of the call.
  template <int K>
  static constexpr auto element_of_output() {
    using computed = type_of<program[program.outputs[K]].type>;
    constexpr bool is_array = K < result_count && output_rank<K> > 0;
    constexpr int argument = is_array ? gradient_argument<Trace>(K, result_count) : -1;
    if constexpr (!is_array || !std::is_same_v<computed, float>) return std::type_identity<computed>{};
    else if constexpr (argument >= 0) return narrow_or_float<input_type<argument>>{};
    else return narrow_or_float<typename shared_element<void, A...>::type>{};
  }
  template <int K>
  using output_element = typename decltype(element_of_output<K>())::type;

  /// Bytes of an element of each output.
  static constexpr auto output_bytes = []<int... K>(std::integer_sequence<int, K...>) {
    return std::array<int, sizeof...(K) + 1>{static_cast<int>(sizeof(output_element<K>))..., 0};
  }(std::make_integer_sequence<int, program.output_count>{});

  /// The call's arrays in a table: arguments, parts of these, results, and last what only the program knows.
  struct array_entries {
    array_entry of[input_count + program.output_count + 1]{};
    int of_input[input_count + 1]{}, of_output[program.output_count + 1]{};  ///< -1: a number
    int inputs = 0, outputs = 0, count = 0;  ///< those of arguments and their parts, those of results, all
    int dimensions = 0;
  };
  static constexpr array_entries entries = [] {
    constexpr int argument_ranks[]{A::rank..., 0};
    array_entries made{};
    auto add = [&made](int rank, int bytes) {
      if (rank == 0) return -1;
      made.of[made.count] = {made.dimensions, rank, bytes};
      made.dimensions += rank;
      return made.count++;
    };
    const auto add_output = [&](int k) {
      made.of_output[k] = add(program.layouts[k].rank, output_bytes[static_cast<std::size_t>(k)]);
    };
    for (int i = 0; i < first_window; ++i)
      made.of_input[i] = is_extent(i) ? add(1, 0)  // there is no memory that outputs could overlap
                                      : add(argument_ranks[argument_of(i)], input_bytes[static_cast<std::size_t>(i)]);
    made.inputs = made.count;
    for (int k = 0; k < result_count; ++k) add_output(k);
    made.outputs = made.count - made.inputs;
    for (int i = first_window; i < input_count; ++i)
      made.of_input[i] =
          add(program.layouts[program.window_list[window_of(i)].output].rank, input_bytes[static_cast<std::size_t>(i)]);
    for (int k = result_count; k < program.output_count; ++k) add_output(k);
    return made;
  }();
  using table = array_table<entries.count, entries.dimensions>;
  /// Where the table has the extent that a source names: that of a dimension of an input, the last one first.
  static constexpr int place_of(int source) {
    const array_entry& entry = entries.of[entries.of_input[source / ir::max_axes]];
    return entry.first + entry.rank - 1 - source % ir::max_axes;
  }

  static constexpr bool holds_narrow = (is_narrow<typename A::type> || ...);
};

template <class X>
struct decided_executable : X {
  using decided = void;
  using lowered_program = passes::lowered_decided<typename X::traced_program>;
  static constexpr auto& program = lowered_program::value;
  static constexpr auto& schedule = passes::scheduled<lowered_program, typename X::traced_program>::value;
  /// Not a result: whether something is undecided after all.
  static constexpr int undecided = program.outputs[program.output_count - 1];
};

/// The same executable for arrays that stay in the caches from one kernel to the next.
template <class X>
struct executable_in_cache : X {
  static constexpr auto& schedule =
      passes::scheduled<typename X::lowered_program, typename X::traced_program, ir::target::caches>::value;
  static constexpr bool reads(int loop, int v) { return loop_facts<executable_in_cache>::reads(loop, v); }
  static constexpr int bytes_per_element(int loop) { return loop_facts<executable_in_cache>::bytes_per_element(loop); }
};

/// Has a program several kernels without rows, so that it matters whether arrays stay in the caches? Long programs are
/// not compiled a second time for that.
template <class X>
constexpr bool has_flat_kernels() {
  if (X::program.size() > 64) return false;
  int flat = 0;
  for (int k = 0; k < X::schedule.kernel_count; ++k) flat += X::schedule.kernels[k].outer == 0;
  return flat > 1;
}

}  // namespace FUSEGRAD_ISA
}  // namespace fusegrad::detail
