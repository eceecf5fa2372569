// The program: a finished list of instructions and the values that leave it, as plain constexpr data of exact size.
// Assumes SSA order: an instruction's operands stand before it.
#pragma once

#include "builder.hpp"

namespace fusegrad::ir {

template <int Size, int Outputs>
struct program {
  static constexpr int output_count = Outputs;
  static constexpr int size() { return Size; }

  instruction code[Size > 0 ? Size : 1];
  int outputs[Outputs > 0 ? Outputs : 1];

  constexpr const instruction& operator[](int value) const { return code[value]; }
};

/// Most programs have fewer instructions.
inline constexpr int usual_size = 192;

/// A program with room to spare, as it comes out of a builder.
template <int Capacity>
struct draft {
  static constexpr int output_capacity = 64;
  instruction code[Capacity];
  int outputs[output_capacity];
  int size = 0;
  int output_count = 0;
  trace_error error = trace_error::none;
  op_ref needs_elements;
};

/// What `Make::run(builder&, buffer<int>& outputs)` builds; its size alone where there is not room enough for it.
template <class Make, int Capacity>
constexpr draft<Capacity> drafted() {
  builder b;
  buffer<int> outputs;
  Make::run(b, outputs);
  draft<Capacity> made{};
  made.size = b.size();
  made.output_count = outputs.size();
  made.error = outputs.size() > made.output_capacity ? trace_error::too_many_results : b.error();
  made.needs_elements = b.needs_elements();
  if (made.size <= Capacity && made.error == trace_error::none) {
    for (int v = 0; v < b.size(); ++v) made.code[v] = b[v];
    for (int k = 0; k < outputs.size(); ++k) made.outputs[k] = outputs[k];
  }
  return made;
}

/// The program that `Make::run(builder&, buffer<int>& outputs)` builds, kept as a constant of exact size. Small
/// programs, which most are, are built once; larger ones once more when their size is known.
template <class Make>
struct frozen {
  template <const auto& Draft>
  static constexpr auto exact() {
    program<Draft.size, Draft.output_count> made{};
    for (int v = 0; v < Draft.size; ++v) made.code[v] = Draft.code[v];
    for (int k = 0; k < Draft.output_count; ++k) made.outputs[k] = Draft.outputs[k];
    return made;
  }
  static constexpr draft<usual_size> first = drafted<Make, usual_size>();
  static constexpr trace_error error = first.error;
  static constexpr op_ref needs_elements = first.needs_elements;
  static constexpr auto build() {
    if constexpr (error != trace_error::none) {
      return program<0, 0>{};
    } else if constexpr (first.size <= usual_size) {
      return exact<first>();
    } else {
      return exact<larger<first.size>>();
    }
  }
  template <int Size>
  static constexpr draft<Size> larger = drafted<Make, Size>();

  static constexpr auto value = build();
};

/// Copies the wanted values of a program and what they need, one instruction at a time: `each(v, operands)` returns the
/// value that takes the place of instruction v, whose operands are given as values of the copy.
template <class Program, class Each>
constexpr void rebuild(const Program& from, const buffer<int>& wanted, buffer<int>& outputs, Each each) {
  buffer<bool> needed(from.size(), false);
  for (int v : wanted) needed[v] = true;
  for (int v = from.size() - 1; v >= 0; --v)
    if (needed[v])
      for (int k = 0; k < from[v].arity(); ++k) needed[from[v].x[k]] = true;
  buffer<int> copy(from.size(), -1);
  for (int v = 0; v < from.size(); ++v) {
    if (!needed[v]) continue;
    int operands[max_arity]{-1, -1, -1, -1};
    for (int k = 0; k < from[v].arity(); ++k) operands[k] = copy[from[v].x[k]];
    copy[v] = each(v, operands);
  }
  for (int v : wanted) outputs.push_back(copy[v]);
}

}  // namespace fusegrad::ir
