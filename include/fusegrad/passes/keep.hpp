// What a later loop need not compute anew: between its loop and the one before, the memory of an output may hold a
// value that both of them need. Schedule in, schedule out; worth it where the arrays stay in the caches meanwhile.
#pragma once

#include "schedule.hpp"

namespace fusegrad::passes {

/// A schedule in which output k is preceded by value kept[k] in its memory (-1: none): the loop before that of the
/// output writes it there, the loop of the output reads it.
template <class Schedule>
struct keeping_schedule : Schedule {
  int kept[Schedule::output_count > 0 ? Schedule::output_count : 1]{};
  bool keeps_any = false;
};

namespace detail {

/// Instructions from which on a value is worth a store and a load.
inline constexpr int worth_keeping = 4;

/// Does `loop` read value v from memory rather than compute it?
template <class Program, class Schedule>
constexpr bool is_loaded(const Program& p, const keeping_schedule<Schedule>& s, int loop, int v) {
  for (int k = 0; k < p.output_count; ++k)
    if (s.kept[k] == v && s.stage[p.outputs[k]] == loop) return true;
  return false;
}

/// Finds what each loop computes, and returns how many instructions that are in all.
template <class Program, class Schedule>
constexpr int find_loops(const Program& p, keeping_schedule<Schedule>& s) {
  int computed = 0;
  for (int loop = 0; loop < Schedule::loops; ++loop) {
    bool* const needed = s.in_loop[loop];
    for (int v = 0; v < p.size(); ++v) needed[v] = false;
    for (int k = 0; k < p.output_count; ++k) {
      const int v = p.outputs[k];
      if (p[v].axes != 0 && s.stage[v] == loop) needed[v] = true;
      if (s.kept[k] >= 0 && s.stage[v] == loop + 1) needed[s.kept[k]] = true;
    }
    for (int v = 0; v < p.size(); ++v)
      if (p[v].is(ir::op_kind::reduction) && s.stage[v] == loop + 1) needed[p[v].x[0]] = true;
    for (int v = p.size() - 1; v >= 0; --v)
      if (needed[v] && !is_loaded(p, s, loop, v))
        for (int k = 0; k < p[v].arity(); ++k)
          if (const int x = p[v].x[k]; p[x].axes != 0) needed[x] = true;
    for (int v = 0; v < p.size(); ++v) computed += needed[v] && p[v].arity() > 0 && !is_loaded(p, s, loop, v);
  }
  return computed;
}

}  // namespace detail

/// For each output of a later loop, keeps the value that spares most, if any spares enough.
template <auto& P, auto& S>
struct keeping {
  static constexpr auto make() {
    keeping_schedule<std::remove_cvref_t<decltype(S)>> s{S};
    for (int& k : s.kept) k = -1;
    if constexpr (S.loops > 1) {
      int computed = detail::find_loops(P, s);
      for (int k = 0; k < P.output_count; ++k) {
        const int output = P.outputs[k], loop = s.stage[output];
        if (P[output].axes == 0 || loop == 0) continue;
        int best = -1, fewest = computed - detail::worth_keeping;
        for (int v = 0; v < P.size(); ++v) {
          if (!S.in_loop[loop][v] || s.stage[v] >= loop || P[v].type != P[output].type || P[v].axes != P[output].axes ||
              P[v].arity() == 0)
            continue;
          s.kept[k] = v;
          if (const int now = detail::find_loops(P, s); now <= fewest) {
            best = v;
            fewest = now - 1;
          }
        }
        s.kept[k] = best;
        computed = detail::find_loops(P, s);
        s.keeps_any = s.keeps_any || best >= 0;
      }
    }
    return s;
  }
  static constexpr auto value = make();
};

}  // namespace fusegrad::passes
