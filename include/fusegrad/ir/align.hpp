// Alignment: values meet dimension by dimension, the last ones first, as arrays do in NumPy. Where two of them run
// along different axes in the same place, one is renamed, with all that it depends on: an input may then be read along
// several axes. Nothing is copied at run time; a renamed input is another way through the same memory.
#pragma once

#include "../config.hpp"
#include "builder.hpp"

FUSEGRAD_HARDLY_RUN

namespace fusegrad::ir {

/// The number of instructions that a value needs, its own included.
constexpr int cost_of(const builder& b, int value) {
  buffer<bool> needed(value + 1);
  needed[value] = true;
  int cost = 0;
  for (int v = value; v >= 0; --v)
    if (needed[v]) {
      ++cost;
      for (int k = 0; k < b[v].arity(); ++k) needed[b[v].x[k]] = true;
    }
  return cost;
}

/// Joins the dimensions of a value to those of another; false where they run along different axes.
constexpr bool joined(layout& to, const layout& x) {
  if (x.map.digits == 0 || x.map.digits == to.map.digits) {
    if (x.rank > to.rank) to.rank = x.rank;
    return true;
  }
  axis_map both = to.map;
  for (int d = 0; d < x.rank; ++d)
    if (const int axis = x.map[d]; axis >= 0) {
      if (both[d] < 0 && !has_axis(both.axes(), axis)) both.set(d, axis);
      else if (both[d] != axis) return false;
    }
  to.map = both;
  if (x.rank > to.rank) to.rank = x.rank;
  return true;
}

/// Renames a value so that its dimensions run along the axes that `to` has there, and joins them to `to`.
constexpr int renamed_onto(builder& b, int value, const layout& at, layout& to) {
  int from[max_axes]{}, onto[max_axes]{}, count = 0;
  axis_set taken = to.map.axes();
  for (int d = 0; d < at.rank; ++d)
    if (const int axis = at.map[d]; axis >= 0) {
      int target = to.map[d];
      if (target < 0) {
        target = axis;
        if (has_axis(taken, target))
          for (target = 0; has_axis(taken | at.map.axes(), target);) ++target;
      }
      taken |= axis_set{1} << target;
      to.map.set(d, target);
      from[count] = axis;
      onto[count++] = target;
    }
  if (at.rank > to.rank) to.rank = at.rank;
  return b.renamed(value, permutation::renaming(from, onto, count));
}

/// Tells indices whose extents are not known those of what they meet.
constexpr void locate_indices(builder& b, int* operands, int count) {
  for (int k = 0; k < count; ++k)
    for (int other = 0; other < count; ++other)
      if (other != k) operands[k] = b.located(operands[k], b.extents_of(operands[other]));
}

/// Brings the operands of an operation to common axes, and returns their common dimensions.
constexpr layout aligned(builder& b, int* operands, const layout* dimensions, int count) {
  layout common = dimensions[0];
  bool fit = true;
  for (int k = 1; k < count && fit; ++k) fit = joined(common, dimensions[k]);
  if (fit) return common;
  // the operand that is the most work keeps its axes, so that what it shares with others stays shared
  int keeps = 0, most = -1;
  for (int k = 0; k < count; ++k)
    if (dimensions[k].map.digits != 0)
      if (const int cost = cost_of(b, operands[k]); cost > most) {
        most = cost;
        keeps = k;
      }
  common = dimensions[keeps];
  for (int k = 0; k < count; ++k)
    if (k != keeps && !joined(common, dimensions[k])) operands[k] = renamed_onto(b, operands[k], dimensions[k], common);
  return common;
}

}  // namespace fusegrad::ir

FUSEGRAD_HARDLY_RUN_END
