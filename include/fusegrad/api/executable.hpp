// A function compiled for arguments of given types: its program, its schedule and what back-ends ask of it.
#pragma once

#include "../passes/lower.hpp"
#include "../passes/schedule.hpp"
#include "arguments.hpp"

namespace fusegrad::detail {

template <class Trace, class... A>
struct executable {
  static constexpr ir::trace_error error = ir::frozen<Trace>::error;

  static_assert(error != ir::trace_error::not_a_scalar,
                "fusegrad: a gradient needs a function whose result is one number; reduce the result with fg::sum or "
                "fg::mean, or use fg::vjp");
  static_assert(
      error != ir::trace_error::integer_argument,
      "fusegrad: a derivative with respect to an integer or boolean argument does not exist; pass it as float "
      "or double, or differentiate with respect to another argument");
  static_assert(error != ir::trace_error::foreign_expression,
                "fusegrad: an expression was used outside the function whose argument it depends on");

  static_assert(error != ir::trace_error::too_many_results, "fusegrad: a function has more than 64 results");
  static_assert(
      error != ir::trace_error::coupled_elements,
      "fusegrad: a Jacobian or Hessian has one entry for each element, but this function combines elements; use "
      "fg::jvp, fg::vjp or fg::hvp");

  static constexpr auto& traced = ir::frozen<Trace>::value;
  static constexpr auto& program = passes::lowered<traced>::value;
  static constexpr auto& schedule = passes::scheduled<program>::value;

  static constexpr int input_count = sizeof...(A);
  static constexpr int rank = common_rank<A...>();

  template <int I>
  using input_type = typename std::tuple_element_t<static_cast<std::size_t>(I), results<A...>>::type;

  static constexpr int input_bytes[input_count + 1]{static_cast<int>(sizeof(typename A::type))..., 0};

  /// Does loop `loop` read input `i`?
  static constexpr bool reads(int loop, int i) {
    for (int v = 0; v < program.size(); ++v)
      if (schedule.in_loop[loop][v] && program[v].is(ir::op_kind::input) && program[v].index == i) return true;
    return false;
  }
  /// Does loop `loop` write output `k`?
  static constexpr bool writes(int loop, int k) {
    return program[program.outputs[k]].axes != 0 && schedule.stage[program.outputs[k]] == loop;
  }
  static constexpr int bytes_of(dtype type) {
    return type == dtype::boolean ? 1 : type == dtype::i64 || type == dtype::f64 ? 8 : 4;
  }
  /// Bytes that a loop reads and writes for each element.
  static constexpr int bytes_per_element(int loop) {
    int bytes = 0;
    for (int i = 0; i < input_count; ++i)
      if (reads(loop, i)) bytes += input_bytes[i];
    for (int k = 0; k < program.output_count; ++k)
      if (writes(loop, k)) bytes += bytes_of(program[program.outputs[k]].type);
    return bytes;
  }

  /// The name of the operation that has no value over an empty range; empty if the function contains none.
  static constexpr std::string_view needs_elements =
      ir::frozen<Trace>::needs_elements == nullptr ? std::string_view{} : ir::frozen<Trace>::needs_elements->name;

  /// What output k is to the user: an array or a number.
  template <int K>
  static constexpr bool is_array = program[program.outputs[K]].axes != 0;
  template <int K>
  using output_element = type_of<program[program.outputs[K]].type>;
};

}  // namespace fusegrad::detail
