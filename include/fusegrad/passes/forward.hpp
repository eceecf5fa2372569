// Forward mode: appends to a program the tangents of its results. Program in, longer program out.
#pragma once

#include "../config.hpp"
#include "contributions.hpp"

FUSEGRAD_HARDLY_RUN

namespace fusegrad::passes {

/// What an input that is another, or a part of it, takes of that one's tangent.
constexpr int tangent_of_part(builder& b, int tangent, int input, int whole) {
  buffer<ir::part> parts;
  for (int index = b[input].index; index != b[whole].index; index = parts.back().of) parts.push_back(*b.part_at(index));
  const ir::axis_map map = b[whole].map;
  for (int k = parts.size(); k-- > 0;) tangent = b.sliced(tangent, map[parts[k].dimension], parts[k].where);
  return b.renamed(tangent, from_to(map, b[input].map));
}

/// The tangents of `results`, given the tangents of the inputs `along`, whose axes these have. A tangent has the axes
/// of its value.
constexpr buffer<int> forward(builder& b, const buffer<int>& results, const buffer<int>& along,
                              const buffer<int>& tangents) {
  int size = 0;
  for (int result : results) size = result + 1 > size ? result + 1 : size;
  const buffer<bool> active = dependent(b, size, along);
  buffer<int> tangent(size, -1);
  for (int v = 0; v < size; ++v)
    for (int k = 0; k < along.size(); ++k)
      if (within_input(b, v, along[k])) tangent[v] = b.convert(tangent_of_part(b, tangents[k], v, along[k]), b[v].type);

  for (int v = 0; v < size; ++v) {
    if (!active[v] || b[v].arity() == 0) continue;
    if (b[v].is(ir::op_kind::pad)) {
      tangent[v] = padded(b, v, tangent[b[v].x[0]], tangent[b[v].x[1]]);
      continue;
    }
    int dydx[ir::max_arity];
    slopes(b, v, dydx);
    buffer<contribution> parts;
    for (int k = 0; k < b[v].arity(); ++k) {
      const int x = b[v].x[k];
      if (dydx[k] < 0 || tangent[x] < 0) continue;
      contribution part = scaled(b, dydx[k], contributed(b, tangent[x]));
      if (part.exists() && b[v].is(ir::op_kind::reduction)) part = summed(b, part, x, b[v].over, false);
      if (part.exists() && b[v].is(ir::op_kind::scan)) part = scanned(b, part, v, false);
      if (part.exists() && b[v].is(ir::op_kind::arrangement)) part = arranged(b, part, v, false);
      if (part.exists() && b[v].is(ir::op_kind::slice)) part = moved(b, part, v, false);
      if (part.exists()) parts.push_back(part);
    }
    if (const contribution y_dot = sum_of(b, parts); y_dot.exists())
      tangent[v] = b.convert(settled(b, y_dot), b[v].type);
  }

  buffer<int> found;
  for (int y : results) {
    const int value = y < size && tangent[y] >= 0 ? tangent[y] : b.constant(0.0);
    found.push_back(b.broadcast(b.convert(value, b[y].type), y));
  }
  return found;
}

}  // namespace fusegrad::passes

FUSEGRAD_HARDLY_RUN_END
