// The program for elements at which no extremum is undecided: neither equal operands nor NaN. Most elements are such,
// and there a slope is 1 or 0. Program in, program out, with one result more: what is undecided after all.
#pragma once

#include "../ops/extrema.hpp"
#include "lower.hpp"

namespace fusegrad::passes {

/// Does the program have slopes of extrema?
template <class Program>
constexpr bool has_extrema(const Program& p) {
  for (int v = 0; v < p.size(); ++v)
    if (p[v].op == &ir::info<parts::share_t> && p[v].axes != 0) return true;
  return false;
}

/// Replaces what belongs to extrema by what it is where they are decided.
template <class Program>
constexpr void decide(const Program& from, const buffer<result>& wanted, builder& b, buffer<result>& outputs) {
  buffer<int> undecided;
  ir::rebuild(from, wanted, outputs, [&](int v, const int* x) {
    const ir::instruction& i = from[v];
    const auto is = [&i](const ir::op_info& op) { return i.op == &op; };
    const bool larger = is(ir::info<max_t>), smaller = is(ir::info<min_t>), share = is(ir::info<parts::share_t>),
               counts_larger = is(ir::info<parts::counts_as_larger_t>),
               counts_smaller = is(ir::info<parts::counts_as_smaller_t>);
    const bool extremum = larger || smaller || share || counts_larger || counts_smaller;
    if (!extremum || i.axes == 0 || !is_floating(b[x[0]].type) || b[x[0]].type != b[x[1]].type) return b.replay(from, v, x);
    const int here = b.emit(ir::info<parts::undecided_t>, x[0], x[1]);
    bool known = false;
    for (int u : undecided) known = known || u == here;
    if (!known) undecided.push_back(here);
    if (share) return b.constant(1.0, i.type);
    if (counts_larger) return b.emit(ir::info<less_t>, x[1], x[0]);
    if (counts_smaller) return b.emit(ir::info<less_t>, x[0], x[1]);
    return b.emit(larger ? ir::info<parts::decided_max_t> : ir::info<parts::decided_min_t>, x[0], x[1]);
  });
  int any = undecided[0];
  for (int u : undecided) any = b.emit(ir::info<logical_or_t>, any, u);
  outputs.push_back(any);
}

template <auto& From>
struct decided {
  static constexpr void run(builder& b, buffer<result>& outputs) { decide(From, wanted_of(From), b, outputs); }
};

/// The program that back-ends execute where everything is decided, made of the program as traced.
template <auto& Traced>
struct lowered_decided {
  static constexpr auto& value =
      ir::frozen<contracted<ir::frozen<decided<ir::frozen<expanded<Traced>>::value>>::value>>::value;
};

}  // namespace fusegrad::passes
