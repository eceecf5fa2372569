// Several devices that each have some of the rows: what each of them makes of a program's values, and what has to be
// done to have the results of all rows. Program in, facts out. Counts of rows must be those of all rows.
#pragma once

#include "../config.hpp"
#include "../ir/program.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/comparison.hpp"
#include "../ops/reductions.hpp"

FUSEGRAD_HARDLY_RUN

namespace fusegrad::passes {

/// What each device has of a value.
enum class possession : std::uint8_t {
  all,      ///< what the others have, too
  rows,     ///< its rows
  summand,  ///< what it adds to a sum over all rows
  nothing   ///< nothing of use: the value combines rows in another way
};

template <int Outputs>
struct split_facts {
  ir::axis_set axis = 0;  ///< that of the rows
  possession of[Outputs]{};
};

/// Of an operation on something of which devices have summands: a sum of summands, or one times what all have.
constexpr possession combined(const ir::instruction& i, const possession* x) {
  const auto is = [&i](const ir::op_info& op) { return i.op == &op; };
  const auto sum = [](possession a, possession b) {
    return a == b && a == possession::summand ? a : possession::nothing;
  };
  const auto product = [](possession a, possession b) {
    return (a == possession::all && b == possession::summand) || (a == possession::summand && b == possession::all)
               ? possession::summand
               : possession::nothing;
  };
  if (is(ir::info<add_t>) || is(ir::info<sub_t>)) return sum(x[0], x[1]);
  if (is(ir::info<mul_t>)) return product(x[0], x[1]);
  if (is(ir::info<div_t>)) return x[1] == possession::all ? x[0] : possession::nothing;
  if (is(ir::info<fma_t>) || is(ir::info<multiply_add_t>)) return sum(product(x[0], x[1]), x[2]);
  if (is(ir::info<where_t>)) return x[0] == possession::all ? sum(x[1], x[2]) : possession::nothing;
  if (is(ir::info<neg_t>) || (i.is(ir::op_kind::convert) && is_floating(i.type))) return x[0];
  return possession::nothing;
}

/// The rows of input k are split along its first axis where `split_rank[k]` is its rank. 0: each device has all of it;
/// -1: no device has anything of use.
template <class Program>
constexpr split_facts<Program::output_count> split(const Program& p, const int* split_rank) {
  split_facts<Program::output_count> facts;
  possession of[Program::size() > 0 ? Program::size() : 1]{};
  const auto first_axis = [&](const ir::instruction& i) {
    const int axis = i.is(ir::op_kind::input) && split_rank[i.index] > 0 ? i.map[split_rank[i.index] - 1] : -1;
    return axis < 0 ? ir::axis_set{0} : ir::axis_set{1} << axis;
  };
  for (int v = 0; v < p.size() && facts.axis == 0; ++v) facts.axis = first_axis(p[v]);
  for (int v = 0; v < p.size(); ++v) {
    const ir::instruction& i = p[v];
    const bool varies = (i.axes & facts.axis) != 0;
    possession x[ir::max_arity]{}, most = possession::all;
    for (int k = 0; k < i.arity(); ++k) {
      x[k] = of[i.x[k]];
      most = x[k] > most ? x[k] : most;
    }
    if (i.is(ir::op_kind::input) && split_rank[i.index] < 0) {
      of[v] = possession::nothing;
    } else if (i.is(ir::op_kind::input)) {
      of[v] = first_axis(i) == (varies ? facts.axis : 0) ? (varies ? possession::rows : possession::all)
                                                         : possession::nothing;
    } else if (i.is(ir::op_kind::index)) {
      of[v] = varies ? possession::nothing : possession::all;
    } else if (i.is(ir::op_kind::scan) || i.is(ir::op_kind::arrangement)) {
      of[v] = most == possession::summand || (i.over & facts.axis) != 0 ? possession::nothing : most;
    } else if (i.is(ir::op_kind::reduction)) {
      const bool adds = i.op == &ir::info<sum_t> || i.op == &ir::info<parts::total_t>;
      if ((i.over & facts.axis) != 0)
        of[v] = adds && most == possession::rows ? possession::summand : possession::nothing;
      else of[v] = most == possession::summand && !adds ? possession::nothing : most;
    } else if (most == possession::summand) {
      of[v] = i.is(ir::op_kind::broadcast) && !varies ? most : varies ? possession::nothing : combined(i, x);
    } else {
      of[v] = most == possession::all && varies ? possession::rows : most;
    }
  }
  for (int k = 0; k < Program::output_count; ++k) {
    possession& found = facts.of[k] = of[p.outputs[k]];
    const ir::layout& at = p.layouts[k];
    if (found == possession::rows &&
        (at.rank < 1 || at.map[at.rank - 1] < 0 || facts.axis != ir::axis_set{1} << at.map[at.rank - 1]))
      found = possession::nothing;  // rows that do not follow one another in the result
  }
  return facts;
}

}  // namespace fusegrad::passes

FUSEGRAD_HARDLY_RUN_END
