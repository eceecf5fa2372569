// The program: a finished list of instructions and the values that leave it, as plain constexpr data of exact size.
// Assumes SSA order: an instruction's operands stand before it.
#pragma once

#include "builder.hpp"

namespace fusegrad::ir {

template <int Size, int Outputs>
struct program {
  static constexpr int size = Size;
  static constexpr int output_count = Outputs;

  instruction code[Size > 0 ? Size : 1];
  int outputs[Outputs > 0 ? Outputs : 1];
  trace_error error = trace_error::none;

  constexpr const instruction& operator[](int value) const { return code[value]; }
};

/// The size of a program under construction.
struct extent {
  int size;
  int outputs;
  trace_error error;
};

/// The size of the program that `Make::run(builder&, buffer<int>& outputs)` builds.
template <class Make>
constexpr extent measure() {
  builder b;
  buffer<int> outputs;
  Make::run(b, outputs);
  return {b.size(), outputs.size(), b.error()};
}

/// The program that `Make::run(builder&, buffer<int>& outputs)` builds, kept as a constant. It is built twice: once for its
/// size, once for its contents.
template <class Make>
struct frozen {
  static constexpr extent counts = measure<Make>();
  static constexpr auto build() {
    program<counts.size, counts.outputs> made{};
    builder b;
    buffer<int> outputs;
    Make::run(b, outputs);
    for (int v = 0; v < b.size(); ++v) made.code[v] = b[v];
    for (int k = 0; k < outputs.size(); ++k) made.outputs[k] = outputs[k];
    made.error = b.error();
    return made;
  }
  static constexpr program<counts.size, counts.outputs> value = build();
};

/// Copies what the outputs of a program need, one instruction at a time: `each(v, operands)` returns the value that takes
/// the place of instruction v, whose operands are given as values of the copy.
template <class Program, class Each>
constexpr void rebuild(const Program& from, buffer<int>& outputs, Each each) {
  buffer<bool> needed(from.size, false);
  for (int k = 0; k < from.output_count; ++k) needed[from.outputs[k]] = true;
  for (int v = from.size - 1; v >= 0; --v)
    if (needed[v])
      for (int k = 0; k < from[v].arity(); ++k) needed[from[v].x[k]] = true;
  buffer<int> copy(from.size, -1);
  for (int v = 0; v < from.size; ++v) {
    if (!needed[v]) continue;
    int operands[max_arity]{-1, -1, -1, -1};
    for (int k = 0; k < from[v].arity(); ++k) operands[k] = copy[from[v].x[k]];
    copy[v] = each(v, operands);
  }
  for (int k = 0; k < from.output_count; ++k) outputs.push_back(copy[from.outputs[k]]);
}

}  // namespace fusegrad::ir
