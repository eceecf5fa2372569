// The rules that every program obeys, checked between passes in the tests.
#pragma once

#include "../config.hpp"
#include "program.hpp"

FUSEGRAD_HARDLY_RUN

namespace fusegrad::ir {

/// The first rule that the program breaks, in words; null if it is well formed.
template <class Program>
constexpr const char* verify(const Program& p) {
  for (int v = 0; v < p.size(); ++v) {
    const instruction& i = p[v];
    if (i.op == nullptr) return "an instruction has no operation";
    if (i.arity() < 0 || i.arity() > max_arity) return "an operation has more operands than an instruction holds";
    axis_set axes = 0;
    for (int k = 0; k < max_arity; ++k) {
      if (k >= i.arity()) {
        if (i.x[k] != -1) return "an instruction has an operand too many";
        continue;
      }
      if (i.x[k] < 0 || i.x[k] >= v) return "an operand does not stand before its use";
      axes |= p[i.x[k]].axes;
    }
    auto operand_type = [&](int k) { return p[i.x[k]].type; };
    switch (i.op->kind) {
      case op_kind::input: break;
      case op_kind::scan:
        if (i.over == 0 || (i.over & ~axes) != 0 || i.axes != axes)
          return "a scan runs along an axis that its operand lacks";
        break;
      case op_kind::arrangement:
        if (i.over == 0 || (i.over & ~axes) != 0 || p[i.x[0]].axes != i.axes || axes != i.axes)
          return "an arrangement runs along an axis that an operand lacks";
        if (i.type != (i.arity() == 1 ? dtype::i64 : operand_type(0))) return "an arrangement has the wrong type";
        if (i.arity() == 2 && (p[i.x[1]].axes != i.axes || operand_type(1) != dtype::i64))
          return "elements are permuted by what is no order";
        break;
      case op_kind::slice:
        if ((i.over & (i.over - 1)) != 0 || (i.over & axes) == 0 || (i.axes | i.over) != axes)
          return "a slice is taken of no axis, or several";
        if (i.type != operand_type(0)) return "a slice changes the type";
        break;
      case op_kind::index:
        if (i.axes == 0 || (i.axes & (i.axes - 1)) != 0) return "an index runs along no axis, or several";
        break;
      case op_kind::constant:
      case op_kind::count:
        if (i.axes != 0) return "a constant varies";
        break;
      case op_kind::convert:
        if (i.axes != axes) return "a conversion changes axes";
        if (i.type == operand_type(0)) return "a conversion changes nothing";
        break;
      case op_kind::broadcast:
        if ((axes & ~i.axes) != 0 || axes == i.axes) return "a broadcast adds no axes";
        if (i.type != operand_type(0)) return "a broadcast changes the type";
        break;
      case op_kind::pad:
        if (i.axes != p[i.x[0]].axes || (i.over & i.axes) == 0)
          return "a pad runs along an axis that its operand lacks";
        if (i.type != operand_type(0) || i.type != operand_type(1)) return "a pad changes the type";
        if (const instruction& rest = p[i.x[1]];
            rest.is(op_kind::constant) ? rest.immediate != 0
                                       : !rest.is(op_kind::pad) || rest.over != i.over || rest.axes != i.axes)
          return "around a pad is neither zero nor another pad along its axis";
        break;
      case op_kind::reduction:
        if (i.over == 0 || (i.over & ~axes) != 0) return "a reduction removes axes that its operand lacks";
        if (i.axes != (axes & ~i.over)) return "a reduction keeps the wrong axes";
        break;
      case op_kind::elementwise: {
        if (i.axes != axes) return "an operation's axes are not the union of its operands'";
        const int first = i.op->operands == operand_rule::select ? 1 : 0;
        if (first == 1 && operand_type(0) != dtype::boolean) return "a selection's condition is not boolean";
        for (int k = first + 1; k < i.arity(); ++k)
          if (i.op->operands != operand_rule::any && operand_type(k) != operand_type(first))
            return "an operation's operands differ in type";
        if (i.op->operands == operand_rule::real && !is_floating(operand_type(first)))
          return "a real operation has operands that are not floating-point";
        if (i.op->result == result_rule::boolean ? i.type != dtype::boolean : i.type != operand_type(first))
          return "an operation's result has the wrong type";
        break;
      }
    }
  }
  for (int k = 0; k < p.output_count; ++k)
    if (p.outputs[k] < 0 || p.outputs[k] >= p.size()) return "an output is no value of the program";
  return nullptr;
}

}  // namespace fusegrad::ir

FUSEGRAD_HARDLY_RUN_END
