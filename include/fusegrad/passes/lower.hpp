// From the program as traced to the program as executed: composed operations are replaced by their parts, what is equal
// merges, what is unused goes, and products that only a sum needs join it. Each pass is program in, program out.
#pragma once

#include "../ir/program.hpp"
#include "../ops/arithmetic.hpp"

namespace fusegrad::passes {

using ir::buffer;
using ir::builder;
using ir::result;

template <class Program>
constexpr buffer<result> wanted_of(const Program& p) {
  buffer<result> wanted;
  for (int k = 0; k < p.output_count; ++k) wanted.push_back({p.outputs[k], p.layouts[k]});
  return wanted;
}

/// Does a reduction keep the last axis of its operand, so that it adds rows to an array?
template <class Program>
constexpr bool adds_rows(const Program& p, int v) {
  const ir::axis_set all = p[p[v].x[0]].axes;
  return p[v].axes != 0 && (p[v].over & (all & ~(all - 1))) == 0;
}

/// Replaces composed operations by their parts, and simplifies what that brings together; `everything` also those that
/// the CPU executes where rows are added to an array.
template <class Program>
constexpr void expand(const Program& from, const buffer<result>& wanted, builder& b, buffer<result>& outputs,
                      bool everything = false) {
  ir::rebuild(from, wanted, outputs, [&](int v, const int* operands) {
    const ir::instruction& i = from[v];
    if (i.op->expand == nullptr || (i.op->expands_rows_only && !everything && adds_rows(from, v)))
      return b.replay(from, v, operands);
    return b.convert(i.op->expand(b, operands, i.over), i.type);
  });
}

/// Turns a product of floating-point numbers whose only use is a sum or a difference into one multiply_add.
template <class Program>
constexpr void contract(const Program& from, const buffer<result>& wanted, builder& b, buffer<result>& outputs) {
  buffer<int> uses(from.size(), 0), copies(from.size(), -1);
  for (const result& r : wanted) ++uses[r.value];
  for (int v = 0; v < from.size(); ++v)
    for (int k = 0; k < from[v].arity(); ++k) ++uses[from[v].x[k]];
  ir::rebuild(from, wanted, outputs, [&](int v, const int* operands) {
    const ir::instruction& i = from[v];
    int& made = copies[v];
    if (is_floating(i.type) && (i.op == &ir::info<add_t> || i.op == &ir::info<sub_t>)) {
      const bool difference = i.op == &ir::info<sub_t>;
      auto lonely_product = [&](int x) {
        return from[x].op == &ir::info<mul_t> && uses[x] == 1 && from[x].axes == i.axes;
      };
      auto negated = [&b](int x) { return b.emit(ir::info<neg_t>, x); };
      if (lonely_product(i.x[0])) {
        const ir::instruction& product = from[i.x[0]];
        const int addend = difference ? negated(operands[1]) : operands[1];
        made = b.emit(ir::info<multiply_add_t>, copies[product.x[0]], copies[product.x[1]], addend);
      } else if (lonely_product(i.x[1])) {
        const ir::instruction& product = from[i.x[1]];
        int factors[]{copies[product.x[0]], copies[product.x[1]]};
        if (int& f = factors[b.is_constant(factors[1]) ? 1 : 0]; difference) f = negated(f);  // constants at no cost
        made = b.emit(ir::info<multiply_add_t>, factors[0], factors[1], operands[0]);
      }
    }
    if (made < 0) made = b.replay(from, v, operands);
    return made;
  });
}

/// Copies what is needed, simplifying on the way.
template <class Program>
constexpr void simplify(const Program& from, const buffer<result>& wanted, builder& b, buffer<result>& outputs) {
  ir::rebuild(from, wanted, outputs, [&](int v, const int* operands) { return b.replay(from, v, operands); });
}

/// The passes as two constants, because compilers limit how long one may take to evaluate. `From` is a frozen program.
template <class From, bool Everything = false>
struct expanded {
  static constexpr int expected = From::value.size() + From::value.size() / 4 + 16;
  static constexpr void run(builder& b, buffer<result>& outputs) {
    expand(From::value, wanted_of(From::value), b, outputs, Everything);
  }
};
template <class From>
struct contracted {
  static constexpr int expected = From::value.size();
  static constexpr void run(builder& b, buffer<result>& outputs) {
    builder between;
    buffer<result> wanted;
    contract(From::value, wanted_of(From::value), between, wanted);
    simplify(between, wanted, b, outputs);
  }
};

/// Replaces pads: the operand becomes an output, into a window of a longer array, and that array an input. The program
/// has the inputs and outputs of `traced` besides.
template <class Program, class Traced>
constexpr void replace_pads(const Program& from, const Traced& traced, builder& b, buffer<result>& outputs) {
  buffer<result> operands;
  int next = traced.argument_count + traced.part_count;
  ir::rebuild(from, wanted_of(from), outputs, [&](int v, const int* x) {
    const ir::instruction& i = from[v];
    if (!i.is(ir::op_kind::pad)) return b.replay(from, v, x);
    const auto map = ir::axis_map::identity(i.axes);
    b.add_window({next, traced.output_count + operands.size(), ir::lowest_axis(i.over), i.where()});
    operands.push_back({x[0]});
    return b.input(next++, i.type, map, i.weight, from.shapes()[i.shape]);
  });
  for (const result& r : operands) outputs.push_back(r);
}

template <class From, class Traced>
struct windowed {
  static constexpr int expected = From::value.size();
  static constexpr void run(builder& b, buffer<result>& outputs) {
    replace_pads(From::value, Traced::value, b, outputs);
  }
};

template <class Lowered, class Traced>
struct without_pads : std::type_identity<Lowered> {};
template <class Lowered, class Traced>
  requires(Traced::value.part_count > 0)
struct without_pads<Lowered, Traced> : std::type_identity<ir::frozen<windowed<Lowered, Traced>>> {};

/// The program that back-ends execute, made of the program as traced.
template <class Traced>
using lowered = typename without_pads<ir::frozen<contracted<ir::frozen<expanded<Traced>>>>, Traced>::type;
template <class Traced>
using lowered_to_parts =
    typename without_pads<ir::frozen<contracted<ir::frozen<expanded<Traced, true>>>>, Traced>::type;

}  // namespace fusegrad::passes
