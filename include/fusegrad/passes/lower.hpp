// From the program as traced to the program as executed: composed operations are replaced by their parts, what is equal
// merges, what is unused goes, and products that only a sum needs join it. Each pass is program in, program out.
#pragma once

#include "../config.hpp"
#include "../ir/program.hpp"
#include "../ops/arithmetic.hpp"

FUSEGRAD_HARDLY_RUN

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

/// Is a value replaced by the parts of its operation?
template <class Program>
constexpr bool is_composed(const Program& p, int v, bool everything) {
  const ir::op_info& op = *p[v].op.info;
  return op.expand != nullptr && (!op.expands_rows_only || everything || !adds_rows(p, v));
}
template <class Program>
constexpr bool has_composed(const Program& p, bool everything) {
  for (int v = 0; v < p.size(); ++v)
    if (is_composed(p, v, everything)) return true;
  return false;
}

/// Replaces composed operations by their parts, and simplifies what that brings together; `everything` also those that
/// the CPU executes where rows are added to an array.
template <class Program>
constexpr void expand(const Program& from, const buffer<result>& wanted, builder& b, buffer<result>& outputs,
                      bool everything = false) {
  ir::rebuild(from, wanted, b, outputs, [&](int v, const int* operands) {
    if (!is_composed(from, v, everything)) return -1;
    const ir::instruction& i = from[v];
    return b.convert(i.op->expand(b, operands, i.over), i.type);
  });
}

/// What `contract` notes of a product that becomes a part of a sum.
inline constexpr int joins_sum = ir::max_arity;

/// Turns a product of floating-point numbers whose only use is a sum or a difference into one multiply_add.
template <class Program>
constexpr void contract(const Program& from, const buffer<result>& wanted, builder& b, buffer<result>& outputs) {
  const buffer<int> uses = ir::uses_of(from, wanted);
  buffer<int> products(from.size(), -1);  // of a sum: which of its operands is a product that nothing else needs
  struct pair {
    int first = -1, second = -1;
  };
  buffer<pair> factors(from.size(), pair{});  // of these products
  int* const product = products.data();
  for (int v = 0, size = from.size(); v < size; ++v) {
    const ir::instruction& i = from[v];
    if (uses[v] == 0 || !(i.op == &ir::info<add_t> || i.op == &ir::info<sub_t>) || !is_floating(i.type)) continue;
    for (int k = 0; k < 2 && product[v] < 0; ++k)
      if (const int x = i.x[k]; uses[x] == 1 && from[x].op == &ir::info<mul_t> && from[x].axes == i.axes) {
        product[v] = k;
        product[x] = joins_sum;
      }
  }
  ir::rebuild(from, uses, wanted, b, outputs, [&](int v, const int* operands) {
    if (product[v] < 0) return -1;
    if (product[v] == joins_sum) {
      factors[v] = {operands[0], operands[1]};
      return operands[0];  // which nothing reads
    }
    const ir::instruction& i = from[v];
    const bool difference = i.op == &ir::info<sub_t>;
    auto negated = [&b](int x) { return b.emit(ir::info<neg_t>, x); };
    pair factor = factors[i.x[product[v]]];
    int addend = operands[1 - product[v]];
    if (difference && product[v] == 0) addend = negated(addend);
    if (difference && product[v] == 1) {
      int& f = b.is_constant(factor.second) ? factor.second : factor.first;  // constants at no cost
      f = negated(f);
    }
    return b.emit(ir::info<multiply_add_t>, factor.first, factor.second, addend);
  });
  ir::prune(b, outputs);
}

/// The passes as constants of their own, because compilers limit how long one may take to evaluate. `From` is a frozen
/// program.
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
    contract(From::value, wanted_of(From::value), b, outputs);
  }
};

/// Is nothing zero in a pad, because what it holds makes up the whole axis: one place after another, or each in turn?
template <class Program>
constexpr bool is_filled(const Program& p, int v) {
  const ir::axis_set over = p[v].over;
  const auto holds = [&](int start, int step, int& stop) {
    for (int at = v; p[at].is(ir::op_kind::pad); at = p[at].x[1])
      if (const ir::cut where = p[at].where(); where.start == start && where.step == step) {
        stop = where.stop;
        return true;
      }
    return false;
  };
  const int all = ir::cut::at_extent(p.extents_of(v)[ir::lowest_axis(over)]);
  int places = 0, stop = 0;
  for (int at = v; p[at].is(ir::op_kind::pad); at = p[at].x[1]) ++places;
  for (int k = 0; k < places && stop != all && stop != end && holds(stop, 1, stop);) ++k;
  if (stop == all || stop == end) return true;
  const int step = p[v].where().step;
  int first = 0;
  while (first < step && holds(first, step, stop) && stop == end) ++first;
  return first == step;
}

/// Replaces pads, slices and arrangements of what is computed by ways through memory: the operand becomes an output,
/// into a window of a longer array or into one that holds nothing else, and that array, part of it, or what is made of
/// it between kernels an input. Pads that hold one another share an array. The program has the inputs and outputs of
/// `traced` besides.
template <class Program, class Traced>
constexpr void move_through_memory(const Program& from, const Traced& traced, builder& b, buffer<result>& outputs) {
  const int first = traced.argument_count + traced.part_count;
  int next = first;
  buffer<result> written;
  auto input = [&](dtype type, ir::axis_set axes, ir::extents where) {
    return b.input(next++, type, ir::axis_map::identity(axes), strength::array, where);
  };
  auto write = [&](int value, int dimension, const ir::cut& where, bool filled) {
    b.add_window({next, traced.output_count + written.size(), dimension, where, filled});
    written.push_back({value});
  };
  // `packed`: one whose elements lie side by side, in the order of their axes
  auto array_of = [&](int value, bool packed) {
    if (b[value].is(ir::op_kind::input) && b[value].index >= first && !(packed && b.part_at(b[value].index) != nullptr))
      return b[value].index;
    for (const ir::window& w : b.windows())
      if (w.where == ir::cut{} && written[w.output - traced.output_count].value == value) return w.input;
    write(value, 0, {}, true);
    return b[input(b[value].type, b[value].axes, b.extents_of(value))].index;
  };
  const buffer<result> wanted = wanted_of(from);
  buffer<bool> read(from.size());  // otherwise than around another pad
  for (const result& r : wanted) read[r.value] = true;
  for (int v = 0; v < from.size(); ++v)
    for (int k = 0; k < from[v].arity(); ++k)
      if (!from[v].is(ir::op_kind::pad) || k == 0) read[from[v].x[k]] = true;
  buffer<int> held(from.size(), -1);  // by pads
  ir::rebuild(from, wanted, b, outputs, [&](int v, const int* x) {
    const ir::instruction& i = from[v];
    if (i.is(ir::op_kind::arrangement)) {
      const int of = array_of(x[0], true), by = i.arity() > 1 ? array_of(x[1], true) : ir::arrangement::none;
      b.add_arrangement({next, of, by, i.over});
      return input(i.type, i.axes, from.shapes()[i.shape]);
    }
    if (!i.moves_elements()) return -1;
    const int axis = ir::lowest_axis(i.over);
    if (i.is(ir::op_kind::pad)) {
      held[v] = x[0];
      if (!read[v]) return x[0];  // which nothing reads
      const bool filled = is_filled(from, v);
      for (int at = v; from[at].is(ir::op_kind::pad); at = from[at].x[1])
        write(held[at], axis, from[at].where(), filled);
    } else {
      const int whole = array_of(x[0], false);
      b.add_part({next, whole, axis, i.where()});
    }
    return input(i.type, i.axes, from.shapes()[i.shape]);
  });
  for (const result& r : written) outputs.push_back(r);
}

template <class From, class Traced>
struct moved_through_memory {
  static constexpr int expected = From::value.size();
  static constexpr void run(builder& b, buffer<result>& outputs) {
    move_through_memory(From::value, Traced::value, b, outputs);
  }
};

template <class Program>
constexpr bool moves_elements(const Program& p) {
  for (int v = 0; v < p.size(); ++v)
    if (p[v].moves_elements() || p[v].is(ir::op_kind::arrangement)) return true;
  return false;
}

template <class Lowered, class Traced>
struct in_memory : std::type_identity<Lowered> {};
template <class Lowered, class Traced>
  requires(moves_elements(Lowered::value))
struct in_memory<Lowered, Traced> : std::type_identity<ir::frozen<moved_through_memory<Lowered, Traced>>> {};

/// A traced program without composed operations.
template <class Traced, bool Everything = false>
using in_parts =
    std::conditional_t<has_composed(Traced::value, Everything), ir::frozen<expanded<Traced, Everything>>, Traced>;

/// The program that back-ends execute, made of the program as traced.
template <class Traced>
using lowered = typename in_memory<ir::frozen<contracted<in_parts<Traced>>>, Traced>::type;
template <class Traced>
using lowered_to_parts = typename in_memory<ir::frozen<contracted<in_parts<Traced, true>>>, Traced>::type;

}  // namespace fusegrad::passes

FUSEGRAD_HARDLY_RUN_END
