// The program for elements at which no extremum is undecided: neither equal operands nor NaN. Most elements are such,
// and there a slope is 1 or 0. Program in, program out, with one result more: what is undecided after all.
#pragma once

#include "../config.hpp"
#include "../ops/extrema.hpp"
#include "lower.hpp"

FUSEGRAD_HARDLY_RUN

namespace fusegrad::passes {

constexpr bool is_extremum(const ir::instruction& i) {
  for (const ir::op_info* op : {&ir::info<max_t>, &ir::info<min_t>, &ir::info<parts::share_t>,
                                &ir::info<parts::counts_as_larger_t>, &ir::info<parts::counts_as_smaller_t>})
    if (i.op == op) return true;
  return false;
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

/// Replaces what belongs to extrema by what it is where they are decided.
template <class Program>
constexpr void decide(const Program& from, const buffer<result>& wanted, builder& b, buffer<result>& outputs) {
  buffer<int> undecided;
  ir::rebuild(from, wanted, b, outputs, [&](int v, const int* x) {
    const ir::instruction& i = from[v];
    const auto is = [&i](const ir::op_info& op) { return i.op == &op; };
    if (!is_extremum(i) || i.axes == 0 || !is_floating(b[x[0]].type) || b[x[0]].type != b[x[1]].type) return -1;
    const int here = b.emit(ir::info<parts::undecided_t>, x[0], x[1]);
    bool known = false;
    for (int u : undecided) known = known || u == here;
    if (!known) undecided.push_back(here);
    if (is(ir::info<parts::share_t>)) return b.constant(1.0, i.type);
    if (is(ir::info<parts::counts_as_larger_t>)) return b.emit(ir::info<less_t>, x[1], x[0]);
    if (is(ir::info<parts::counts_as_smaller_t>)) return b.emit(ir::info<less_t>, x[0], x[1]);
    return b.emit(is(ir::info<max_t>) ? ir::info<parts::decided_max_t> : ir::info<parts::decided_min_t>, x[0], x[1]);
  });
  int any = undecided[0];
  for (int u : undecided) any = b.emit(ir::info<logical_or_t>, any, u);
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
