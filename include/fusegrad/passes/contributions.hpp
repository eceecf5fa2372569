// What several paths contribute to one derivative, and how they are added up. A contribution may hold only under a
// condition: it is then selected where contributions meet, never multiplied by zero, so that infinities and NaN of a
// branch not taken reach nothing. Shared by forward and reverse mode.
#pragma once

#include "../ops/comparison.hpp"
#include "../ops/reductions.hpp"

namespace fusegrad::passes {

using ir::axis_set;
using ir::buffer;
using ir::builder;

/// `value`, where `condition` is `when` (always, if there is no condition), otherwise zero.
struct contribution {
  int value = -1;
  int condition = -1;
  bool when = true;

  constexpr bool exists() const { return value >= 0; }
};

/// The contribution as a plain value.
constexpr int settled(builder& b, const contribution& c) {
  if (c.condition < 0) return c.value;
  const int zero = b.constant(0.0, b[c.value].type);
  return c.when ? b.emit(ir::info<where_t>, c.condition, c.value, zero)
                : b.emit(ir::info<where_t>, c.condition, zero, c.value);
}

/// slope * c. A slope that is selected against zero becomes a condition.
constexpr contribution scaled(builder& b, int slope, contribution c) {
  int condition = -1;
  bool when = true;
  if (b.is(slope, ir::info<where_t>)) {
    const int taken = b[slope].x[1], other = b[slope].x[2];
    auto zero = [&b](int v) { return b.is_constant(v) && b[v].immediate == 0; };
    if (zero(other) || zero(taken)) {
      condition = b[slope].x[0];
      when = zero(other);
      slope = when ? taken : other;
    }
  }
  if (!b.is_constant(slope, 1.0)) c.value = b.emit(ir::info<mul_t>, slope, c.value);
  if (condition < 0 || (condition == c.condition && when == c.when)) return c;
  if (c.condition < 0) return {c.value, condition, when};
  if (condition == c.condition) return {};  // under opposite conditions: nowhere
  auto holds = [&b](int v, bool positive) { return positive ? v : b.emit(ir::info<logical_not_t>, v); };
  return {c.value, b.emit(ir::info<logical_and_t>, holds(c.condition, c.when), holds(condition, when)), true};
}

/// The sum of contributions: those under one condition are added under it, and two opposite ones become one selection.
constexpr contribution sum_of(builder& b, const buffer<contribution>& parts) {
  buffer<contribution> groups;
  for (const contribution& part : parts) {
    bool placed = false;
    for (contribution& group : groups)
      if (group.condition == part.condition && group.when == part.when) {
        group.value = b.emit(ir::info<add_t>, group.value, part.value);
        placed = true;
        break;
      }
    if (!placed) groups.push_back(part);
  }
  if (groups.size() == 0) return {};
  if (groups.size() == 1) return groups[0];
  int total = -1;
  for (int g = 0; g < groups.size(); ++g) {
    if (!groups[g].exists()) continue;
    int term = -1;
    for (int h = g + 1; h < groups.size() && term < 0; ++h)
      if (groups[h].exists() && groups[g].condition >= 0 && groups[h].condition == groups[g].condition) {
        const contribution &yes = groups[g].when ? groups[g] : groups[h], &no = groups[g].when ? groups[h] : groups[g];
        term = b.emit(ir::info<where_t>, yes.condition, yes.value, no.value);
        groups[h] = {};
      }
    if (term < 0) term = settled(b, groups[g]);
    total = total < 0 ? term : b.emit(ir::info<add_t>, total, term);
  }
  return {total, -1, true};
}

/// The sum of a value over axes, along some of which it may not vary: it counts once for each element there.
constexpr int summed(builder& b, int value, axis_set over) {
  const axis_set constant_along = over & ~b[value].axes;
  if (const axis_set along = over & b[value].axes; along != 0) value = b.reduce(ir::info<sum_t>, value, along);
  if (constant_along != 0) value = b.emit(ir::info<mul_t>, value, b.count(constant_along));
  return value;
}

/// Which of the first `size` values depend on one of the given ones through floating-point numbers?
constexpr buffer<bool> dependent(const builder& b, int size, const buffer<int>& sources) {
  buffer<bool> depends(size, false);
  for (int source : sources)
    if (source < size) depends[source] = true;
  for (int v = 0; v < size; ++v) {
    if (!is_floating(b[v].type)) depends[v] = false;
    else
      for (int k = 0; k < b[v].arity() && !depends[v]; ++k) depends[v] = depends[b[v].x[k]];
  }
  return depends;
}

/// dv/dx for each operand x of a value v; -1 where it is identically zero.
constexpr void slopes(builder& b, int v, int* dvdx) {
  const ir::instruction made = b[v];
  for (int k = 0; k < ir::max_arity; ++k) dvdx[k] = -1;
  if (made.is(ir::op_kind::convert) || made.is(ir::op_kind::broadcast))
    dvdx[0] = b.constant(1.0);
  else if (made.op->partials != nullptr)
    made.op->partials(b, made.x, v, dvdx);
}

}  // namespace fusegrad::passes
