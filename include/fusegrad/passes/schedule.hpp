// The schedule: which values are numbers computed once, which vary and belong to which loop, and what each loop reads,
// writes and accumulates. Computed from the program alone, at compile time.
#pragma once

#include "../ir/program.hpp"

namespace fusegrad::passes {

using ir::buffer;

/// A program with its schedule. Stage s of the execution computes the numbers of stage s, then runs loop s; after the
/// last loop come the numbers of stage `loops`.
template <int Size, int Outputs, int Loops>
struct schedule {
  static constexpr int size = Size;
  static constexpr int output_count = Outputs;
  static constexpr int loops = Loops;

  /// The stage before whose loop a number is ready, or in whose loop a varying value is first computed.
  int stage[Size > 0 ? Size : 1]{};
  /// Does loop s compute value v?
  bool in_loop[Loops > 0 ? Loops : 1][Size > 0 ? Size : 1]{};
};

namespace detail {

/// Stages of all values, and the number of loops.
template <class Program>
constexpr int find_stages(const Program& p, int* stage) {
  int loops = 0;
  for (int v = 0; v < p.size(); ++v) {
    int latest = 0;
    for (int k = 0; k < p[v].arity(); ++k) latest = stage[p[v].x[k]] > latest ? stage[p[v].x[k]] : latest;
    if (p[v].is(ir::op_kind::reduction)) ++latest;
    stage[v] = latest;
    if (p[v].is(ir::op_kind::reduction) && latest > loops) loops = latest;
  }
  for (int k = 0; k < p.output_count; ++k)
    if (const int v = p.outputs[k]; p[v].axes != 0 && stage[v] + 1 > loops) loops = stage[v] + 1;
  return loops;
}

template <class Program>
constexpr int loop_count(const Program& p) {
  buffer<int> stage(p.size(), 0);
  return find_stages(p, stage.data());
}

}  // namespace detail

/// Schedules a program with as few loops as its reductions allow: a loop for every level of reductions that
/// feed varying values again. Values are computed anew in each loop that needs them rather than stored.
template <auto& P>
struct scheduled {
  static constexpr auto make() {
    constexpr int loops = detail::loop_count(P);
    schedule<P.size(), P.output_count, loops> s{};
    detail::find_stages(P, s.stage);
    for (int k = 0; k < P.output_count; ++k)
      if (const int v = P.outputs[k]; P[v].axes != 0) s.in_loop[s.stage[v]][v] = true;
    for (int v = 0; v < P.size(); ++v)
      if (P[v].is(ir::op_kind::reduction)) s.in_loop[s.stage[v] - 1][P[v].x[0]] = true;
    for (int loop = 0; loop < loops; ++loop)
      for (int v = P.size() - 1; v >= 0; --v)
        if (s.in_loop[loop][v])
          for (int k = 0; k < P[v].arity(); ++k)
            if (const int x = P[v].x[k]; P[x].axes != 0) s.in_loop[loop][x] = true;
    return s;
  }
  static constexpr auto value = make();
};

}  // namespace fusegrad::passes
