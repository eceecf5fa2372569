// What several paths contribute to one derivative, and how they are added up. A contribution may hold only under a
// condition: it is then selected where contributions meet, never multiplied by zero, so that infinities and NaN of a
// branch not taken reach nothing. Shared by forward and reverse mode.
#pragma once

#include "../config.hpp"
#include "../ops/comparison.hpp"
#include "../ops/row_functions.hpp"

FUSEGRAD_HARDLY_RUN

namespace fusegrad::passes {

using ir::axis_set;
using ir::buffer;
using ir::builder;

/// `coefficient * factor * value` where `condition` is `when` (always, if there is no condition), otherwise zero. The
/// factor does not vary (-1: one), so it is multiplied last, once, however many steps a varying value goes through
/// before.
struct contribution {
  int value = -1;
  int factor = -1;
  double coefficient = 1;
  int condition = -1;
  bool when = true;
  bool zero_elsewhere = false;  ///< is the value zero already where the condition is not as it should be?

  constexpr bool exists() const { return value >= 0; }
  constexpr bool same_condition(const contribution& other) const {
    return condition == other.condition && when == other.when;
  }
};

/// A value as a contribution.
constexpr contribution contributed(builder& b, int value) {
  if (b[value].axes != 0 || b.is_constant(value)) return {.value = value};
  return {.value = b.constant(1.0, b[value].type), .factor = value};
}

/// coefficient * factor * value, without regard to conditions.
constexpr int product_of(builder& b, const contribution& c) {
  int scale = c.factor;
  if (c.coefficient != 1) {
    const int k = b.constant(c.coefficient, b[scale < 0 ? c.value : scale].type);
    scale = scale < 0 ? k : b.emit(ir::info<mul_t>, scale, k);
  }
  return scale < 0 ? c.value : b.emit(ir::info<mul_t>, c.value, scale);
}

/// The contribution with nothing left to be multiplied last.
constexpr contribution multiplied(builder& b, contribution c) {
  c.value = product_of(b, c);
  c.factor = -1;
  c.coefficient = 1;
  return c;
}

/// The contribution as one without a condition. What is multiplied last still is, unless it could make something of
/// zero.
constexpr contribution unconditional(builder& b, contribution c) {
  if (c.condition >= 0 && !c.zero_elsewhere) {
    if (c.factor >= 0 && !mul_t::is_share(b, c.factor)) c = multiplied(b, c);
    const int zero = b.constant(0.0, b[c.value].type);
    c.value = c.when ? b.emit(ir::info<where_t>, c.condition, c.value, zero)
                     : b.emit(ir::info<where_t>, c.condition, zero, c.value);
  }
  return {.value = c.value, .factor = c.factor, .coefficient = c.coefficient};
}

/// The contribution as a plain value.
constexpr int settled(builder& b, const contribution& c) { return unconditional(b, multiplied(b, c)).value; }

/// c times slope: what does not vary goes to the factor, constants to the coefficient.
constexpr void multiply(builder& b, contribution& c, int slope) {
  if (b[slope].is(ir::op_kind::broadcast)) slope = b[slope].x[0];  // an adjoint need not have all axes of its value
  for (bool more = !b.is_constant(slope); more;) {
    more = false;
    if (b.is(slope, ir::info<neg_t>)) {
      slope = b[slope].x[0];
      c.coefficient = -c.coefficient;
      more = true;
    } else if (b.is(slope, ir::info<mul_t>) && b[slope].axes != 0) {
      for (int k = 0; k < 2 && !more; ++k)
        if (const int steady = b[slope].x[k]; b[steady].axes == 0) {
          slope = b[slope].x[1 - k];
          multiply(b, c, steady);
          more = true;
        }
    }
  }
  const double k = b.is_constant(slope) ? b.known(slope) : 0, size = k < 0 ? -k : k;
  if (size >= 1e-6 && size <= 1e6)  // further out, the order of products could decide what overflows
    c.coefficient *= k;
  else if (b[slope].axes == 0) c.factor = c.factor < 0 ? slope : b.emit(ir::info<mul_t>, c.factor, slope);
  else c.value = b.emit(ir::info<mul_t>, slope, c.value);
}

/// Where the condition of a contribution is as it should be.
constexpr int holds(builder& b, const contribution& c) {
  return c.when ? c.condition : b.emit(ir::info<logical_not_t>, c.condition);
}

/// slope * c. A slope that is selected against zero becomes a condition.
constexpr contribution scaled(builder& b, int slope, contribution c) {
  int condition = -1;
  bool when = true;
  if (b.is(slope, ir::info<where_t>)) {
    const int taken = b[slope].x[1], other = b[slope].x[2];
    auto zero = [&b](int v) { return b.is_constant(v) && b.known(v) == 0; };
    if (zero(other) || zero(taken)) {
      condition = b[slope].x[0];
      when = zero(other);
      slope = when ? taken : other;
    }
  }
  const contribution before = c;
  multiply(b, c, slope);
  // zero times an infinite slope is not zero
  c.zero_elsewhere = before.zero_elsewhere && c.value == before.value && c.factor == before.factor;
  if (condition < 0 || (condition == c.condition && when == c.when)) return c;
  if (condition == c.condition) return {};  // under opposite conditions: nowhere
  if (c.condition >= 0) {
    condition = b.emit(ir::info<logical_and_t>, holds(b, c), holds(b, {.condition = condition, .when = when}));
    when = true;
  }
  c.condition = condition;
  c.when = when;
  c.zero_elsewhere = false;
  return c;
}

/// x + y under their common condition.
constexpr contribution sum_of_two(builder& b, contribution x, const contribution& y) {
  x.zero_elsewhere = x.zero_elsewhere && y.zero_elsewhere;
  if (x.factor == y.factor && x.value == y.value) {
    x.coefficient += y.coefficient;
  } else if (x.factor == y.factor && x.coefficient == y.coefficient) {
    x.value = b.emit(ir::info<add_t>, x.value, y.value);
  } else if (x.factor == y.factor && x.coefficient == -y.coefficient) {
    x.value = b.emit(ir::info<sub_t>, x.value, y.value);
  } else {
    const int sum = b.emit(ir::info<add_t>, product_of(b, x), product_of(b, y));
    const contribution made = contributed(b, sum);
    x.value = made.value;
    x.factor = made.factor;
    x.coefficient = 1;
  }
  return x;
}

/// One of two contributions of opposite conditions.
constexpr contribution selected(builder& b, const contribution& yes, contribution no) {
  if (yes.factor == no.factor && yes.coefficient == -no.coefficient) {
    no.value = b.emit(ir::info<neg_t>, no.value);
    no.coefficient = yes.coefficient;
  }
  if (yes.factor == no.factor && yes.coefficient == no.coefficient)
    return {.value = b.emit(ir::info<where_t>, yes.condition, yes.value, no.value),
            .factor = yes.factor,
            .coefficient = yes.coefficient};
  return contributed(b, b.emit(ir::info<where_t>, yes.condition, product_of(b, yes), product_of(b, no)));
}

/// The sum of contributions: those under one condition are added under it, and two opposite ones become one selection.
/// What holds under several conditions only is absent where none of them holds.
constexpr contribution sum_of(builder& b, const buffer<contribution>& parts) {
  buffer<contribution> distinct;  // equal ones may stand apart
  int slots = 4;
  while (slots < 2 * parts.size()) slots *= 2;
  buffer<int> table(slots);  // where they stand, counted from 1, by a hash of them
  for (const contribution& part : parts) {
    int slot = (part.value + 31 * part.factor + 5 * part.condition) & (slots - 1), place = 0;
    for (; (place = table[slot]) != 0; slot = (slot + 1) & (slots - 1))
      if (contribution& other = distinct[place - 1];
          other.value == part.value && other.factor == part.factor && other.same_condition(part)) {
        other = sum_of_two(b, other, part);
        break;
      }
    if (place != 0) continue;
    distinct.push_back(part);
    table[slot] = distinct.size();
  }
  buffer<contribution> groups;
  for (const contribution& part : distinct) {
    int g = 0;
    while (g < groups.size() && !groups[g].same_condition(part)) ++g;
    if (g < groups.size()) groups[g] = sum_of_two(b, groups[g], part);
    else groups.push_back(part);
  }
  if (groups.size() == 0) return {};
  contribution total = groups[0];
  if (groups.size() == 1) return total;
  total = {};
  const auto add = [&](const contribution& term) { total = total.exists() ? sum_of_two(b, total, term) : term; };
  bool everywhere = false;
  for (int g = 0; g < groups.size(); ++g) {
    everywhere = everywhere || groups[g].condition < 0;
    for (int h = g + 1; h < groups.size(); ++h)
      if (groups[h].condition >= 0 && groups[h].condition == groups[g].condition) {
        add(selected(b, groups[groups[g].when ? g : h], groups[groups[g].when ? h : g]));
        groups[g] = groups[h] = {};
        everywhere = true;
      }
  }
  // what holds everywhere comes last: selections that meet may turn out to be one (decide.hpp)
  int condition = -1;
  for (const contribution& part : groups) {
    if (part.condition < 0) continue;
    add(unconditional(b, part));
    if (everywhere) continue;
    const int here = holds(b, part);
    condition = condition < 0 ? here : b.emit(ir::info<logical_or_t>, condition, here);
  }
  for (const contribution& part : groups)
    if (part.exists() && part.condition < 0) add(part);
  if (!everywhere) {
    total.condition = condition;
    total.zero_elsewhere = true;
  }
  return total;
}

/// The sum of a value over axes along which it varies. What does not vary along them is multiplied last, once: sums of
/// the rest need not wait for it.
constexpr int sum_along(builder& b, int value, axis_set along) {
  if (b.is(value, ir::info<mul_t>))
    for (int k = 0; k < 2; ++k)
      if (const int steady = b[value].x[k]; (b[steady].axes & along) == 0)
        return b.emit(ir::info<mul_t>, steady, sum_along(b, b[value].x[1 - k], along));
  return b.reduce(ir::info<sum_t>, value, along);
}

/// The sum of a contribution over axes of a value, along some of which it may not vary: it counts once for each element
/// there. If `guarded`, it is absent where its condition holds for none of them.
constexpr contribution summed(builder& b, contribution c, int value, axis_set over, bool guarded) {
  if (c.condition >= 0) {
    const int anywhere = guarded ? b.reduce(ir::info<any_t>, holds(b, c), over) : -1;
    c = summed(b, {.value = settled(b, c)}, value, over, false);
    c.condition = anywhere;
    c.zero_elsewhere = guarded;
    return c;
  }
  const axis_set constant_along = over & ~b[c.value].axes;
  if (const axis_set along = over & b[c.value].axes; along != 0) c.value = sum_along(b, c.value, along);
  if (constant_along != 0) c.value = b.emit(ir::info<mul_t>, c.value, b.count(value, constant_along));
  return b[c.value].axes == 0 ? contributed(b, product_of(b, c)) : c;
}

/// The input that a value is, along whichever axes it is read.
constexpr bool same_input(const builder& b, int v, int input) {
  return b[v].is(ir::op_kind::input) && b[v].index == b[input].index;
}

/// Is a value an input, or a part of it?
constexpr bool within_input(const builder& b, int v, int input) {
  return b[v].is(ir::op_kind::input) && b.is_within(b[v].index, b[input].index);
}

/// The way from the axes of one reading of an input to those of another, which may lack some.
constexpr ir::permutation from_to(const ir::axis_map& one, const ir::axis_map& other) {
  int from[ir::max_axes]{}, onto[ir::max_axes]{}, count = 0;
  for (int d = 0; d < ir::max_axes; ++d)
    if (one[d] >= 0 && other[d] >= 0) {
      from[count] = one[d];
      onto[count++] = other[d];
    }
  return ir::permutation::renaming(from, onto, count);
}

/// What holding elements makes of a tangent, or (`backwards`) of an adjoint: the sum of adjoints from where an element
/// is on to where it is held last, found from the other end as the sum so far less what it was at the element before.
constexpr int held(builder& b, int value, int v, bool backwards) {
  const axis_set over = b[v].over;
  const int axis = ir::lowest_axis(over), absent = b.emit(ir::info<isnan_t>, b[v].x[0]);
  const int none = b.constant(__builtin_nan(""), b[v].type), zero = b.constant(0.0, b[v].type);
  if (!backwards) return b.scan(*b[v].op, b.emit(ir::info<where_t>, absent, none, value), over);
  const ir::cut flip = ir::cut::flipped();
  const int sums = b.scan(ir::info<cumsum_t>, b.sliced(value, axis, flip), over);
  const int at_elements = b.emit(ir::info<where_t>, b.sliced(absent, axis, flip), none, sums);
  const int until = b.sliced(b.scan(*b[v].op, at_elements, over), axis, {0, -1});
  const int before = b.pad(until, axis, {1, end}, b.extents_of(v));
  const int known = b.emit(ir::info<where_t>, b.emit(ir::info<isnan_t>, before), zero, before);
  const int own = b.sliced(b.emit(ir::info<sub_t>, sums, known), axis, flip);
  return b.emit(ir::info<where_t>, absent, zero, own);
}

/// What a scan makes of a tangent, or (`backwards`) of an adjoint: the sums of the elements up to each, or from it on.
constexpr contribution scanned(builder& b, const contribution& c, int v, bool backwards) {
  const ir::instruction scan = b[v];
  const int value = b.broadcast(settled(b, c), v);
  if (scan.op == &ir::info<parts::held_t>) return contributed(b, held(b, value, v, backwards));
  if (backwards && scan.op == &ir::info<parts::wide_cumsum_t>) {
    const ir::cut flip = ir::cut::flipped();
    const int axis = ir::lowest_axis(scan.over), from_end = b.scan(*scan.op, b.sliced(value, axis, flip), scan.over);
    return contributed(b, b.sliced(from_end, axis, flip));
  }
  const int sums = b.scan(*scan.op, value, scan.over);
  if (!backwards) return contributed(b, sums);
  const int rest = b.emit(ir::info<sub_t>, b.reduce(ir::info<sum_t>, value, scan.over), sums);
  return contributed(b, b.emit(ir::info<add_t>, rest, value));
}

/// A value where a cut takes it from a longer axis, and zero elsewhere there; `part` and `whole` tell the extents. A
/// single element has no such axis yet.
constexpr int placed(builder& b, int value, int axis, const ir::cut& where, const ir::extents& part,
                     const ir::extents& whole) {
  const axis_set along = axis_set{1} << axis;
  if (!where.single()) return b.pad(b.broadcast(value, along, part.within(along)), axis, where, whole);
  const int position = b.index(whole.within(along), axis);
  int element = b.constant(where.start, dtype::i32);
  if (where.start < 0) element = b.emit(ir::info<add_t>, b.count(position, along), element);
  const int here = b.emit(ir::info<equal_t>, position, element);
  return b.emit(ir::info<where_t>, here, value, b.constant(0.0, b[value].type));
}

/// The tangent of a pad, given those of its operands; -1: zero.
constexpr int padded(builder& b, int v, int x_dot, int rest_dot) {
  if (x_dot < 0) return rest_dot;
  const ir::instruction made = b[v];
  const int axis = ir::lowest_axis(made.over), value = b.broadcast(x_dot, made.x[0]);
  const auto pad = [&](int rest) { return b.pad(value, axis, made.where(), ir::extents(b.extents_of(v)), rest); };
  if (rest_dot < 0 || b.can_follow(rest_dot, value, axis)) return pad(rest_dot);
  return b.emit(ir::info<add_t>, pad(-1), rest_dot);
}

/// What a pad or a slice makes of the adjoint of its result, or a slice of the tangent of its operand.
constexpr contribution moved(builder& b, const contribution& c, int v, bool backwards) {
  const ir::instruction made = b[v];
  const int axis = ir::lowest_axis(made.over), value = settled(b, c);
  if (made.is(ir::op_kind::pad) == backwards) return contributed(b, b.sliced(value, axis, made.where()));
  const ir::extents here = b.extents_of(v), there = b.extents_of(made.x[0]);
  return contributed(b, placed(b, value, axis, made.where(), here, there));
}

/// What a permutation of rows makes of a tangent, or (`backwards`) of an adjoint. What holds under a condition does so
/// where the element goes.
constexpr contribution arranged(builder& b, const contribution& c, int v, bool backwards) {
  const ir::instruction made = b[v];
  const int positions = backwards ? b.order(made.x[1], made.over) : made.x[1];
  contribution moved = contributed(b, b.permuted(settled(b, c), positions, made.over));
  if (c.condition >= 0) {
    moved.condition = b.permuted(holds(b, c), positions, made.over);
    moved.zero_elsewhere = true;
  }
  return moved;
}

/// Which of the first `size` values depend on one of the given inputs through floating-point numbers?
constexpr buffer<bool> dependent(const builder& b, int size, const buffer<int>& sources) {
  buffer<bool> depends(size);
  for (int v = 0; v < size; ++v) {
    if (b[v].is(ir::op_kind::input))
      for (int source : sources) depends[v] = depends[v] || within_input(b, v, source);
    if (!is_floating(b[v].type)) depends[v] = false;
    else
      for (int k = 0; k < b[v].arity() && !depends[v]; ++k) depends[v] = depends[b[v].x[k]];
  }
  return depends;
}

/// Does a value that depends on the sources combine different elements of one: as reductions and scans do, or because
/// it reads a slice of it, or reads it along other axes or in another order?
constexpr bool combines_elements(const builder& b, int v, const buffer<int>& sources) {
  using ir::op_kind;
  if (b[v].is(op_kind::reduction) || b[v].is(op_kind::scan) || b[v].is(op_kind::arrangement) || b[v].moves_elements())
    return true;
  if (b[v].is(op_kind::input))
    for (int source : sources)
      if (within_input(b, v, source) && (!same_input(b, v, source) || !(b[v].map == b[source].map))) return true;
  return false;
}

/// dv/dx for each operand x of a value v; -1 where it is identically zero.
constexpr void slopes(builder& b, int v, int* dvdx) {
  const ir::instruction made = b[v];
  for (int k = 0; k < ir::max_arity; ++k) dvdx[k] = -1;
  if (made.is(ir::op_kind::convert) || made.is(ir::op_kind::broadcast) || made.is(ir::op_kind::scan) ||
      made.moves_elements())
    for (int k = 0; k < made.arity(); ++k) dvdx[k] = b.constant(1.0);
  else if (made.op == &ir::permuted_op) dvdx[0] = b.constant(1.0);
  else if (made.op->partials != nullptr) made.op->partials(b, made.x, v, dvdx);
}

}  // namespace fusegrad::passes

FUSEGRAD_HARDLY_RUN_END
