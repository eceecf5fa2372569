// The program for elements at which no extremum is undecided: neither equal operands nor NaN. Most elements are such,
// and there a slope is 1 or 0. Program in, program out, with one result more: what is undecided after all.
#pragma once

#include "../config.hpp"
#include "../ops/extrema.hpp"
#include "lower.hpp"

FUSEGRAD_HARDLY_RUN

namespace fusegrad::passes {

/// Is it a condition under which an operand of an extremum has a slope?
constexpr bool counts(const ir::instruction& i) {
  return i.op == &ir::info<parts::counts_as_larger_t> || i.op == &ir::info<parts::counts_as_smaller_t>;
}
constexpr bool is_extremum(const ir::instruction& i) {
  for (const ir::op_info* op : {&ir::info<max_t>, &ir::info<min_t>, &ir::info<parts::share_t>})
    if (i.op == op) return true;
  return counts(i);
}

/// Do extrema and their slopes make up so much of the program that a second loop is worth the time to compile it?
template <class Program>
constexpr bool worth_deciding(const Program& p) {
  int slopes = 0, extrema = 0;
  for (int v = 0; v < p.size(); ++v) {
    if (p[v].axes == 0) continue;
    slopes += p[v].op == &ir::info<parts::share_t>;
    extrema += is_extremum(p[v]);
  }
  return slopes > 0 && 5 * extrema >= p.size();
}

/// Is a value what an operand of an extremum receives, and zero where that does not count?
template <class Program>
constexpr bool is_received(const Program& p, int v) {
  if (p[v].op != &ir::info<where_t>) return false;
  const ir::instruction& condition = p[p[v].x[0]];
  return counts(condition) ||
         (condition.op == &ir::info<logical_and_t> && (counts(p[condition.x[0]]) || counts(p[condition.x[1]])));
}

/// x < y between decided operands: one comparison for both orders.
constexpr int is_smaller(builder& b, int x, int y) {
  return x < y ? b.emit(ir::info<less_t>, x, y) : b.emit(ir::info<logical_not_t>, b.emit(ir::info<less_t>, y, x));
}

/// The sum, or the difference, of two values that are zero under opposite conditions, as a selection; -1: they are not.
constexpr int sum_of_opposites(builder& b, const ir::op_info* op, const int* x) {
  const ir::instruction one = b[x[0]], other = b[x[1]];
  if (one.op != &ir::info<where_t> || other.op != one.op || one.x[0] != other.x[0]) return -1;
  for (int k = 1; k <= 2; ++k) {
    if (!b.is_constant(one.x[k], 0.0) || !b.is_constant(other.x[3 - k], 0.0)) continue;
    int values[]{one.x[1], one.x[2]};
    values[k - 1] = op == &ir::info<sub_t> ? b.emit(ir::info<neg_t>, other.x[k]) : other.x[k];
    return b.emit(ir::info<where_t>, one.x[0], values[0], values[1]);
  }
  return -1;
}

/// Replaces what belongs to extrema by what it is where they are decided. Conditions that hold for no operand or for
/// both are gone, so that what operands receive by several extrema is selected instead of added.
template <class Program>
constexpr void decide(const Program& from, const buffer<result>& wanted, builder& b, buffer<result>& outputs) {
  buffer<int> undecided;
  int any = -1;
  ir::rebuild(from, wanted, b, outputs, [&](int v, const int* x) {
    const ir::instruction& i = from[v];
    const auto is = [&i](const ir::op_info& op) { return i.op == &op; };
    if ((is(ir::info<add_t>) || is(ir::info<sub_t>)) && is_received(from, i.x[0]) && is_received(from, i.x[1]))
      return sum_of_opposites(b, &*i.op, x);
    // the last of several conditions is the one that another operand may have the opposite of
    if (is_received(from, v) && b.is(x[0], ir::info<logical_and_t>) && b.is_constant(x[2], 0.0)) {
      const ir::instruction both = b[x[0]];
      return b.emit(ir::info<where_t>, both.x[1], b.emit(ir::info<where_t>, both.x[0], x[1], x[2]), x[2]);
    }
    if (!is_extremum(i) || i.axes == 0 || !is_floating(b[x[0]].type) || b[x[0]].type != b[x[1]].type) return -1;
    const int here = b.emit(ir::info<parts::undecided_t>, x[0], x[1]);
    bool known = false;
    for (int u : undecided) known = known || u == here;
    if (!known) {
      undecided.push_back(here);
      any = any < 0 ? here : b.emit(ir::info<logical_or_t>, any, here);
      // both extrema while their operands are at hand; what is not needed goes with the next pass
      b.emit(ir::info<parts::decided_max_t>, x[0], x[1]);
      b.emit(ir::info<parts::decided_min_t>, x[0], x[1]);
    }
    if (is(ir::info<parts::share_t>)) return b.constant(1.0, i.type);
    if (is(ir::info<parts::counts_as_larger_t>)) return is_smaller(b, x[1], x[0]);
    if (is(ir::info<parts::counts_as_smaller_t>)) return is_smaller(b, x[0], x[1]);
    return b.emit(is(ir::info<max_t>) ? ir::info<parts::decided_max_t> : ir::info<parts::decided_min_t>, x[0], x[1]);
  });
  outputs.push_back(any);
}

template <class From>
struct decided {
  static constexpr int expected = From::value.size() + From::value.size() / 4 + 16;
  static constexpr void run(builder& b, buffer<result>& outputs) {
    decide(From::value, wanted_of(From::value), b, outputs);
  }
};

/// The program that back-ends execute where everything is decided, made of the program as traced.
template <class Traced>
using lowered_decided = ir::frozen<contracted<ir::frozen<decided<in_parts<Traced>>>>>;

}  // namespace fusegrad::passes

FUSEGRAD_HARDLY_RUN_END
