// What kernels have to do with values, found from the schedule: in a loop, in a step between loops, in one of the parts
// that a kernel is launched in. Constants, which device code may read, and no code that runs.
#pragma once

#include "values.hpp"

namespace fusegrad::simt {

/// What loop L of kernel K has to do with values.
template <class X, int L>
struct loop_facts {
  static constexpr axis_set inner = X::schedule.inner_of(L);
  static constexpr bool loads(int v) { return X::schedule.in_loop[L][v] == presence::loaded; }
  static constexpr bool computes(int v) {
    return X::schedule.in_loop[L][v] == presence::computed || X::schedule.in_loop[L][v] == presence::kept_for_row;
  }
  static constexpr bool reduces(int v, reduction_kind kind) {
    return X::schedule.kind[v] == kind && X::schedule.reduced_in[v] == L;
  }
  static constexpr int load_count = [] {
    int n = 0;
    for (int v = 0; v < X::program.size(); ++v) n += loads(v);
    return n;
  }();
  static constexpr bool scans(int v) { return computes(v) && X::program[v].is(op_kind::scan); }
  /// How many scans, one of another, values come from.
  struct depths {
    int of[X::program.size()]{}, most = 0;
  };
  static constexpr depths scan_depths = [] {
    depths found;
    for (int v = 0; v < X::program.size(); ++v) {
      for (int k = 0; k < X::program[v].arity() && computes(v); ++k)
        if (const int x = X::program[v].x[k]; found.of[v] < found.of[x] + scans(x))
          found.of[v] = found.of[x] + scans(x);
      if (found.most < found.of[v] + scans(v)) found.most = found.of[v] + scans(v);
    }
    return found;
  }();
  static constexpr int scan_depth = scan_depths.most;
  /// Elements that a thread moves at once: as many as 16 bytes hold of the widest type, of floating-point numbers in
  /// memory or any in registers.
  static constexpr int width = [] {
    int widest = 0;
    auto meet = [&](int bytes) { widest = widest < bytes ? bytes : widest; };
    for (int v = 0; v < X::program.size(); ++v) {
      const dtype type = X::program[v].type;
      if (!loads(v) && !computes(v)) continue;
      if (bytes_of(type) == 8) meet(8);
      else if (loads(v))
        meet(type == dtype::f32 && X::program[v].is(op_kind::input) ? X::input_bytes[X::program[v].index] : 4);
    }
    for (int o = 0; o < X::program.output_count; ++o)
      if (X::schedule.store_loop[o] == L)
        meet(X::program[X::program.outputs[o]].type == dtype::f32 ? X::output_bytes[o] : 4);
    if (widest == 0) widest = 4;
    for (int v = 0; v < X::program.size(); ++v)
      if (loads(v) && array_sums<X>::selects(v)) return 1;  // parts are added up: the more threads do, the better
    return 16 / widest;
  }();
};

// What kernels do with value V: in a loop, in a step between loops, anywhere.

template <class X, int L, int V>
struct in_loop {
  static constexpr bool loads = loop_facts<X, L>::loads(V), computes = loop_facts<X, L>::computes(V),
                        reduces_total = loop_facts<X, L>::reduces(V, reduction_kind::total),
                        is_row = loop_facts<X, L>::reduces(V, reduction_kind::row),
                        reduces_row = is_row || loop_facts<X, L>::reduces(V, reduction_kind::scatter),
                        reduces_column = loop_facts<X, L>::reduces(V, reduction_kind::column),
                        scans = loop_facts<X, L>::scans(V), keeps = X::schedule.keep_loop[V] == L;
  static constexpr int scan_depth = loop_facts<X, L>::scan_depths.of[V];
};
template <class X, int S, int V>
struct in_step {
  static constexpr bool here = X::schedule.in_step[S][V] && X::program[V].axes != 0,
                        keeps = X::schedule.keep_step[V] == S, reduces = X::schedule.reduced_after[V] == S;
};
template <class X, int K, int V>
struct in_kernel {
  static constexpr int first_loop = X::schedule.kernels[K].first_loop, loops = X::schedule.kernels[K].phases,
                       loop = X::schedule.reduced_in[V], step = X::schedule.reduced_after[V];
  static constexpr bool reduces = (loop >= first_loop && loop < first_loop + loops) ||
                                  (step >= X::schedule.first_step(K) && step <= X::schedule.last_step(K));
  static constexpr bool adds_total = reduces && place<X, V>::is_total, adds = reduces && place<X, V>::is_sum;
  static constexpr bool is_loaded =
      place<X, V>::is_array && (X::program[V].is(op_kind::input) || X::schedule.loads(V, K));
};
/// A kernel in parts: part P is step P and loop P, and after the last loop comes one more where its step has work.
/// A kernel that adds rows to arrays has a part that clears them.
inline constexpr int whole_kernel = -1, clearing = -2;
template <class X, int K>
struct kernel_parts {
  static constexpr int loops = X::schedule.kernels[K].phases, last_step = X::schedule.last_step(K);
  static constexpr bool clears = [] {
    bool any = false;
    [&]<int... V>(std::integer_sequence<int, V...>) {
      ((any = any || in_kernel<X, K, V>::adds), ...);
    }(all_values<X>{});
    return any;
  }();
  static constexpr bool ends_in_step = [] {
    bool any = false;
    for (int v = 0; v < X::program.size(); ++v)
      any =
          any || X::schedule.in_step[last_step][v] || X::schedule.reduced_after[v] == last_step ||
          (row_reductions<X>::selects(v) && X::schedule.reduced_in[v] == X::schedule.kernels[K].first_loop + loops - 1);
    for (int o = 0; o < X::program.output_count; ++o) any = any || X::schedule.store_step[o] == last_step;
    return any;
  }();
  static constexpr int count = loops + ends_in_step;
};
/// Is value V added up in part P of kernel K?
template <class X, int K, int P, int V>
struct in_part {
  static constexpr int loop = in_kernel<X, K, V>::loop - X::schedule.kernels[K].first_loop,
                       step = in_kernel<X, K, V>::step - X::schedule.first_step(K);
  static constexpr bool adds_total =
      in_kernel<X, K, V>::adds_total && (P == whole_kernel || (in_kernel<X, K, V>::loop >= 0 && loop == P) ||
                                         (in_kernel<X, K, V>::step >= 0 && step == P));
};
template <class X, int O>
struct stores {
  static constexpr int loop = X::schedule.store_loop[O], step = X::schedule.store_step[O];
};

/// What part P of kernel K leaves behind.
template <class X, int K, int P>
struct kernel_results {
  static constexpr bool totals = [] {
    bool any = false;
    [&]<int... V>(std::integer_sequence<int, V...>) {
      ((any = any || in_part<X, K, P, V>::adds_total), ...);
    }(all_values<X>{});
    return any;
  }();
  /// Outputs that are numbers are written when everything has run.
  static constexpr bool numbers =
      K + 1 == X::schedule.kernel_count && (P == whole_kernel || P + 1 == kernel_parts<X, K>::count) && [] {
        for (int k = 0; k < X::program.output_count; ++k)
          if (X::program[X::program.outputs[k]].axes == 0) return true;
        return false;
      }();
};

}  // namespace fusegrad::simt
