// Programs as text, for people and for tests that compare them with what was approved.
#pragma once

#include <string>

#include "../core/text.hpp"
#include "program.hpp"

namespace fusegrad::ir {

/// A constant as text: integers without a point, anything else with up to six digits.
inline std::string constant_text(double value) {
  if (value != value) return "nan";
  if (value - value != 0) return value > 0 ? "inf" : "-inf";
  char text[32];
  __builtin_snprintf(text, sizeof text, "%g", value);
  return text;
}

/// One value: `%7 : f32[i] = mul %3 %5`. `[i]` marks values that vary.
template <class Program>
std::string to_string(const Program& p, int v) {
  const instruction& i = p[v];
  using detail::text_of;
  std::string text = text_of("%", v, " : ", fusegrad::to_string(i.type));
  if (i.axes != 0) text += "[i]";
  text += text_of(" = ", i.op->name);
  if (i.is(op_kind::input)) text += text_of(" ", i.index);
  if (i.is(op_kind::constant)) text += text_of(" ", constant_text(i.immediate));
  for (int k = 0; k < i.arity(); ++k) {
    const instruction& x = p[i.x[k]];
    text += x.is(op_kind::constant) ? text_of(" ", constant_text(x.immediate)) : text_of(" %", i.x[k]);
  }
  return text;
}

}  // namespace fusegrad::ir
