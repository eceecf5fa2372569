// Programs as text, for people and for tests that compare them with what was approved.
#pragma once

#include <string>

#include "../core/text.hpp"
#include "program.hpp"

namespace fusegrad::ir {

/// A constant as text: integers without a point, anything else with up to six digits.
[[gnu::cold]] inline std::string constant_text(double value) {
  if (value != value) return "nan";
  if (value - value != 0) return value > 0 ? "inf" : "-inf";
  char text[32];
  __builtin_snprintf(text, sizeof text, "%g", value);
  return text;
}

/// What text needs to know of an instruction. Descriptors are left out: code that runs and refers to one would drag
/// everything that passes do at compile time into the object file.
struct printed_instruction {
  std::string_view name;
  op_kind kind = op_kind::constant;
  int arity = 0;
  int x[max_arity]{};
  double immediate = 0;
  int index = 0;
  bool varies = false;
  dtype type = dtype::f64;

  constexpr printed_instruction() = default;
  constexpr printed_instruction(const instruction& i)
      : name(i.op->name),
        kind(i.op->kind),
        arity(i.arity()),
        x{i.x[0], i.x[1], i.x[2], i.x[3]},
        immediate(i.immediate),
        index(i.index),
        varies(i.axes != 0),
        type(i.type) {}
};

/// One value: `%7 : f32[i] = mul %3 %5`. `[i]` marks values that vary.
[[gnu::cold]] inline std::string to_string(const printed_instruction* code, int v) {
  using detail::text_of;
  const printed_instruction& i = code[v];
  std::string text = text_of("%", v, " : ", fusegrad::to_string(i.type), i.varies ? "[i] = " : " = ", i.name);
  if (i.kind == op_kind::input) text += text_of(" ", i.index);
  if (i.kind == op_kind::constant) text += text_of(" ", constant_text(i.immediate));
  for (int k = 0; k < i.arity; ++k) {
    const printed_instruction& x = code[i.x[k]];
    text += x.kind == op_kind::constant ? text_of(" ", constant_text(x.immediate)) : text_of(" %", i.x[k]);
  }
  return text;
}

/// The instructions of a program as text needs them.
template <auto& Program>
struct printed {
  printed_instruction code[Program.size() > 0 ? Program.size() : 1];
  int outputs[Program.output_count > 0 ? Program.output_count : 1]{};

  constexpr printed() {
    for (int v = 0; v < Program.size(); ++v) code[v] = Program[v];
    for (int k = 0; k < Program.output_count; ++k) outputs[k] = Program.outputs[k];
  }
};
template <auto& Program>
inline constexpr printed<Program> printed_program{};

template <int Size, int Outputs>
std::string to_string(const program<Size, Outputs>& p, int v) {
  printed_instruction code[Size > 0 ? Size : 1];
  for (int k = 0; k < Size; ++k) code[k] = p[k];
  return to_string(code, v);
}

}  // namespace fusegrad::ir
