// Programs as text, for people and for tests that compare them with what was approved.
#pragma once

#include <string>

#include "../config.hpp"
#include "../core/text.hpp"
#include "program.hpp"

FUSEGRAD_HARDLY_RUN

namespace fusegrad::ir {

/// A constant as text: integers in full, anything else with up to six digits.
[[gnu::cold]] inline std::string constant_text(number constant) {
  if (constant.type() == dtype::u64) return std::to_string(constant.as<std::uint64_t>());
  if (!is_floating(constant.type())) return std::to_string(constant.as<std::int64_t>());
  const double value = constant.as<double>();
  if (value != value) return "nan";
  if (value - value != 0) return value > 0 ? "inf" : "-inf";
  char text[32];
  __builtin_snprintf(text, sizeof text, "%g", value);
  return text;
}

/// What text needs to know of an instruction. Descriptors are left out: code that runs and refers to one would drag
/// everything that passes do at compile time into the object file.
struct printed_instruction {
  std::string_view name, meaning;
  op_kind kind = op_kind::constant;
  int arity = 0;
  int x[max_arity]{};
  std::uint64_t immediate = 0;
  int index = 0;
  axis_set axes = 0;
  axis_set over = 0;
  axis_map map{};
  dtype type = dtype::f64;

  constexpr printed_instruction() = default;
  constexpr printed_instruction(const instruction& i)
      : name(i.op->name),
        meaning(i.op->meaning),
        kind(i.op->kind),
        arity(i.arity()),
        x{i.x[0], i.x[1], i.x[2], i.x[3]},
        immediate(i.immediate),
        index(i.index),
        axes(i.axes),
        over(i.over),
        map(i.map),
        type(i.type) {}
};

/// The name of an axis: i for the last one of most arrays, j for the one before, ...
constexpr char axis_letter(int axis) { return static_cast<char>('i' + axis); }

/// One value: `%7 : f32[ji] = mul %3 %5`: it varies along axes j and i. Reductions tell the axes that they remove.
[[gnu::cold]] inline std::string to_string(const printed_instruction* code, int v) {
  using detail::text_of;
  const printed_instruction& i = code[v];
  std::string text = text_of("%", v, " : ", fusegrad::to_string(i.type));
  auto append_axes = [&text](axis_set axes) {
    text += '[';
    for (int a = max_axes; a-- > 0;)
      if (has_axis(axes, a)) text += axis_letter(a);
    text += ']';
  };
  if (i.axes != 0) append_axes(i.axes);
  text += text_of(" = ", i.name);
  if (i.kind == op_kind::input) text += text_of(" ", i.index);
  if (i.kind == op_kind::input && !(i.map == axis_map::identity(i.axes))) {
    text += '(';
    for (int d = max_axes; d-- > 0;)
      if (i.map.digits >> 4 * d != 0) text += i.map[d] < 0 ? '1' : axis_letter(i.map[d]);
    text += ')';
  }
  if (i.over != 0 && (i.over != 1 || i.axes != 0)) append_axes(i.over);
  if (i.kind == op_kind::constant) text += text_of(" ", constant_text({i.type, i.immediate}));
  for (int k = 0; k < i.arity; ++k) {
    const printed_instruction& x = code[i.x[k]];
    text += x.kind == op_kind::constant ? text_of(" ", constant_text({x.type, x.immediate})) : text_of(" %", i.x[k]);
  }
  return text;
}

/// The instructions of an executable's program as text needs them.
template <class X>
struct printed {
  static constexpr int size = X::program.size(), output_count = X::program.output_count;
  printed_instruction code[size > 0 ? size : 1];
  int outputs[output_count > 0 ? output_count : 1]{};

  constexpr printed() {
    for (int v = 0; v < size; ++v) code[v] = X::program[v];
    for (int k = 0; k < output_count; ++k) outputs[k] = X::program.outputs[k];
  }
};
template <class X>
inline constexpr printed<X> printed_program{};

template <program_size Size>
std::string to_string(const program<Size>& p, int v) {
  printed_instruction code[Size.code > 0 ? Size.code : 1];
  for (int k = 0; k < Size.code; ++k) code[k] = p[k];
  return to_string(code, v);
}

}  // namespace fusegrad::ir

FUSEGRAD_HARDLY_RUN_END
