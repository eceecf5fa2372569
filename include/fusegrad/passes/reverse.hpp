// Reverse mode: appends to a program the adjoints of its inputs. Program in, longer program out.
#pragma once

#include "contributions.hpp"

namespace fusegrad::passes {

/// An adjoint of an input, and the axes along which its dimensions run.
struct input_adjoint {
  int value;
  ir::axis_map map;
};

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
      part.value = b.convert(product_of(b, part), b[value].type);
      part.factor = -1;
      part.coefficient = 1;
    }
    entries.push_back({part, first[value]});
    first[value] = entries.size() - 1;
  };
  auto adjoint = [&](int value) {
    buffer<contribution> parts;
    for (int e = first[value]; e >= 0; e = entries[e].next) parts.push_back(entries[e].part);
    return sum_of(b, parts);
  };

  for (int k = 0; k < results.size(); ++k)
    if (active[results[k]]) contribute(results[k], contributed(b, cotangents[k]));

  for (int v = size - 1; v >= 0; --v) {
    if (!active[v] || first[v] < 0 || b[v].arity() == 0) continue;
    const contribution y_bar = adjoint(v);
    if (!y_bar.exists()) continue;
    int dydx[ir::max_arity];
    slopes(b, v, dydx);
    for (int k = 0; k < b[v].arity(); ++k) {
      const int x = b[v].x[k];
      if (dydx[k] < 0 || !active[x]) continue;
      contribution x_bar = scaled(b, dydx[k], y_bar);
      if (!x_bar.exists()) continue;
      if (b[v].is(ir::op_kind::scan)) x_bar = scanned(b, x_bar, v, true);
      // along axes that the operand lacks it was broadcast: its adjoint is the sum over them
      if (const axis_set missing = b[v].axes & ~b[x].axes; missing != 0)
        x_bar = summed(b, x_bar, v, missing, b[x].arity() > 0);  // an input multiplies it by no further slope
      contribute(x, x_bar);
    }
  }

  buffer<input_adjoint> adjoints;
  for (int x : with_respect_to) {
    // an input that is read along several axes receives the adjoints of all readings, under the names of one of them
    int home = x;
    contribution x_bar = adjoint(x);
    for (int v = 0; v < size; ++v) {
      if (v == x || !same_input(b, v, x)) continue;
      const contribution other = adjoint(v);
      if (!other.exists()) continue;
      if (!x_bar.exists()) {
        home = v;
        x_bar = other;
      } else {
        const int value = b.renamed(settled(b, other), from_to(b[v].map, b[home].map));
        x_bar = contributed(b, b.emit(ir::info<add_t>, settled(b, x_bar), value));
      }
    }
    const int value = x_bar.exists() ? settled(b, x_bar) : b.constant(0.0);
    adjoints.push_back({b.broadcast(b.convert(value, b[x].type), home), b[home].map});
  }
  return adjoints;
}

}  // namespace fusegrad::passes
