// Reverse mode: appends to a program the adjoints of its inputs. Program in, longer program out.
#pragma once

#include "../config.hpp"
#include "contributions.hpp"

FUSEGRAD_HARDLY_RUN

namespace fusegrad::passes {

/// An adjoint of an input, and the axes along which its dimensions run.
struct input_adjoint {
  int value;
  ir::axis_map map;
};

/// The adjoint of an input, given that of a part of it.
constexpr input_adjoint adjoint_around(builder& b, input_adjoint cut, const ir::part& part) {
  int axis = cut.map[part.dimension];
  if (axis < 0) {  // one that a single element lacks
    for (axis = 0; ir::has_axis(b[cut.value].axes | cut.map.axes(), axis);) ++axis;
    cut.map.set(part.dimension, axis);
  }
  ir::extents one, whole;
  one.set(axis, ir::max_axes * part.input + part.dimension);
  whole.set(axis, ir::max_axes * part.of + part.dimension);
  cut.value = placed(b, cut.value, axis, part.where, one, whole);
  return cut;
}

/// The adjoints of the inputs `with_respect_to`: the derivative of `sum over k of <results[k], cotangents[k]>`.
/// An adjoint has the dimensions of its input; a cotangent may lack axes of its result, it is then the same for all
/// elements.
constexpr buffer<input_adjoint> reverse(builder& b, const buffer<int>& results, const buffer<int>& cotangents,
                                        const buffer<int>& with_respect_to) {
  int size = 0;
  for (int result : results) size = result + 1 > size ? result + 1 : size;
  for (int source : with_respect_to) size = source + 1 > size ? source + 1 : size;
  const buffer<bool> active = dependent(b, size, with_respect_to);

  // the contributions to each value, as linked lists through one array
  struct entry {
    contribution part;
    int next;
  };
  buffer<entry> entries;
  buffer<int> first(size, -1);
  auto contribute = [&](int value, contribution part) {
    if (b[value].type != b[part.value].type) {
      part = multiplied(b, part);
      part.value = b.convert(part.value, b[value].type);
    }
    entries.push_back({part, first[value]});
    first[value] = entries.size() - 1;
  };
  auto adjoint = [&](int value) {
    if (const int e = first[value]; e >= 0 && entries[e].next < 0) return entries[e].part;
    buffer<contribution> parts;
    for (int e = first[value]; e >= 0; e = entries[e].next) parts.push_back(entries[e].part);
    return sum_of(b, parts);
  };

  for (int k = 0; k < results.size(); ++k)
    if (active[results[k]]) contribute(results[k], contributed(b, cotangents[k]));

  for (int v = size - 1; v >= 0; --v) {
    if (first[v] < 0 || !active[v]) continue;
    const ir::instruction made = b[v];
    const int arity = made.arity();
    if (arity == 0) continue;
    const contribution y_bar = adjoint(v);
    if (!y_bar.exists()) continue;
    int dydx[ir::max_arity];
    slopes(b, v, dydx);
    for (int k = 0; k < arity; ++k) {
      const int x = made.x[k];
      if (dydx[k] < 0 || !active[x]) continue;
      contribution x_bar = scaled(b, dydx[k], y_bar);
      if (!x_bar.exists()) continue;
      if (made.is(ir::op_kind::scan)) x_bar = scanned(b, x_bar, v, true);
      if (made.is(ir::op_kind::arrangement)) x_bar = arranged(b, x_bar, v, true);
      if (made.moves_elements() && k == 0) x_bar = moved(b, x_bar, v, true);
      // along axes that the operand lacks it was broadcast: its adjoint is the sum over them
      if (const axis_set missing = made.axes & ~b[x].axes; missing != 0)
        x_bar = summed(b, x_bar, v, missing, b[x].arity() > 0);  // an input multiplies it by no further slope
      contribute(x, x_bar);
    }
  }

  // An input that is read along several axes receives the adjoints of all readings, under the names of one of them; and
  // where parts of it are read as inputs of their own, those of the parts.
  struct of_part {
    int input;
    input_adjoint adjoint;
  };
  buffer<of_part> of_parts;
  auto total = [&](int input) {
    input_adjoint sum{-1, {}};
    auto add = [&](int value, const ir::axis_map& map) {
      if (sum.value < 0) sum = {value, map};
      else sum.value = b.emit(ir::info<add_t>, sum.value, b.renamed(value, from_to(map, sum.map)));
    };
    for (int v = 0; v < size; ++v) {
      if (!b[v].is(ir::op_kind::input) || b[v].index != input) continue;
      if (const contribution x_bar = adjoint(v); x_bar.exists()) add(settled(b, x_bar), b[v].map);
    }
    for (const of_part& p : of_parts)
      if (p.input == input) add(p.adjoint.value, p.adjoint.map);
    return sum;
  };
  for (int k = b.parts().size(); k-- > 0;) {
    const ir::part part = b.parts()[k];
    bool wanted = false;
    for (int x : with_respect_to) wanted = wanted || b.is_within(part.input, b[x].index);
    if (!wanted) continue;
    const input_adjoint cut = total(part.input);
    if (cut.value < 0) continue;
    of_parts.push_back({part.of, adjoint_around(b, cut, part)});
  }

  buffer<input_adjoint> adjoints;
  for (int x : with_respect_to) {
    input_adjoint x_bar = total(b[x].index);
    if (x_bar.value < 0) x_bar = {b.constant(0.0), b[x].map};
    const int reading = b.input(b[x].index, b[x].type, x_bar.map, b[x].weight);
    adjoints.push_back({b.broadcast(b.convert(x_bar.value, b[x].type), reading), x_bar.map});
  }
  return adjoints;
}

}  // namespace fusegrad::passes

FUSEGRAD_HARDLY_RUN_END
