// Programs as text, for people and for tests that compare them with what was approved.
#pragma once

#include <string>

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
  std::string text = "%" + std::to_string(v) + " : " + std::string(fusegrad::to_string(i.type));
  if (i.axes != 0) text += "[i]";
  text += " = " + std::string(i.op->name);
  if (i.is(op_kind::input)) text += " " + std::to_string(i.index);
  if (i.is(op_kind::constant)) text += " " + constant_text(i.immediate);
  for (int k = 0; k < i.arity(); ++k) {
    const instruction& x = p[i.x[k]];
    text += x.is(op_kind::constant) ? " " + constant_text(x.immediate) : " %" + std::to_string(i.x[k]);
  }
  return text;
}

}  // namespace fusegrad::ir
