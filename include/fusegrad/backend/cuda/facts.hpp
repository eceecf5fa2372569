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
  static constexpr bool reduces_row(int v) {
    return reduces(v, reduction_kind::row) || reduces(v, reduction_kind::scatter);
  }
  static constexpr bool scans(int v) { return computes(v) && X::program[v].is(op_kind::scan); }
  struct loaded : of_values<X> {
    static constexpr bool selects(int v) { return loads(v); }
  };
  struct loaded_sums : of_values<X> {
    static constexpr bool selects(int v) { return loads(v) && array_sums<X>::selects(v); }
  };
  struct computed : of_values<X> {
    static constexpr bool selects(int v) { return computes(v); }
  };
  struct scanned : of_values<X> {
    static constexpr bool selects(int v) { return scans(v); }
  };
  /// Reductions to something of a row.
  struct reduced_to_row : of_values<X> {
    static constexpr bool selects(int v) { return reduces_row(v); }
  };
  /// What begins anew with each row.
  struct begun : of_values<X> {
    static constexpr bool selects(int v) { return reduces_row(v) || scans(v); }
  };
  /// What elements are added to, or kept as for another kernel.
  struct left : of_values<X> {
    static constexpr bool selects(int v) {
      return reduces_row(v) || reduces(v, reduction_kind::total) || reduces(v, reduction_kind::column) ||
             X::schedule.keep_loop[v] == L;
    }
  };
  struct stored : of_outputs<X> {
    static constexpr bool selects(int o) { return X::schedule.store_loop[o] == L; }
  };
  static constexpr int load_count = list_of<loaded>::size;
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

/// Outputs that are numbers, or arrays of one element.
template <class X>
struct number_outputs : of_outputs<X> {
  static constexpr bool selects(int o) { return X::program[X::program.outputs[o]].axes == 0; }
};

// What kernels do with value V: in a loop, in a step between loops, anywhere.

template <class X, int L, int V>
struct in_loop {
  static constexpr bool reduces_total = loop_facts<X, L>::reduces(V, reduction_kind::total),
                        reduces_row = loop_facts<X, L>::reduces_row(V),
                        reduces_column = loop_facts<X, L>::reduces(V, reduction_kind::column),
                        scans = loop_facts<X, L>::scans(V);
  static constexpr int scan_depth = loop_facts<X, L>::scan_depths.of[V];
};
template <class X, int S>
struct step_facts {
  struct computed : of_values<X> {
    static constexpr bool selects(int v) { return X::schedule.in_step[S][v] && X::program[v].axes != 0; }
  };
  struct left : of_values<X> {
    static constexpr bool selects(int v) { return X::schedule.keep_step[v] == S || X::schedule.reduced_after[v] == S; }
  };
  struct stored : of_outputs<X> {
    static constexpr bool selects(int o) { return X::schedule.store_step[o] == S; }
  };
};
template <class X, int S, int V>
struct in_step {
  static constexpr bool keeps = X::schedule.keep_step[V] == S, reduces = X::schedule.reduced_after[V] == S;
};
template <class X, int K>
struct kernel_facts {
  static constexpr int first_loop = X::schedule.kernels[K].first_loop, loops = X::schedule.kernels[K].phases,
                       first_step = X::schedule.first_step(K), last_step = X::schedule.last_step(K);
  static constexpr bool reduces(int v) {
    const int loop = X::schedule.reduced_in[v], step = X::schedule.reduced_after[v];
    return (loop >= first_loop && loop < first_loop + loops) || (step >= first_step && step <= last_step);
  }
  /// Sums to which it adds rows.
  struct row_sums : of_values<X> {
    static constexpr bool selects(int v) { return reduces(v) && array_sums<X>::selects(v); }
  };
};
template <class X, int K, int V>
struct in_kernel {
  static constexpr bool is_loaded =
      place<X, V>::is_array && (X::program[V].is(op_kind::input) || X::schedule.loads(V, K));
};
/// A kernel in parts: part P is step P and loop P, and after the last loop comes one more where its step has work.
/// A kernel that adds rows to arrays has a part that clears them.
inline constexpr int whole_kernel = -1, clearing = -2;
template <class X, int K>
struct kernel_parts {
  static constexpr int loops = X::schedule.kernels[K].phases, last_step = X::schedule.last_step(K);
  static constexpr bool clears = list_of<typename kernel_facts<X, K>::row_sums>::size > 0;
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
/// What part P of kernel K leaves behind.
template <class X, int K, int P>
struct kernel_results {
  struct totals : of_values<X> {
    static constexpr bool selects(int v) {
      const int loop = X::schedule.reduced_in[v], step = X::schedule.reduced_after[v];
      return kernel_facts<X, K>::reduces(v) && simt::totals<X>::selects(v) &&
             (P == whole_kernel || (loop >= 0 && loop - kernel_facts<X, K>::first_loop == P) ||
              (step >= 0 && step - kernel_facts<X, K>::first_step == P));
    }
  };
  /// Outputs that are numbers are written when everything has run.
  static constexpr bool numbers = K + 1 == X::schedule.kernel_count &&
                                  (P == whole_kernel || P + 1 == kernel_parts<X, K>::count) &&
                                  list_of<number_outputs<X>>::size > 0;
};

}  // namespace fusegrad::simt
