// The schedule as data: which values are computed in which kernel, and which loop over what. Passes make it, back-ends
// read it.
//
// A kernel walks over rows: along its outer axes from row to row, along its inner axes within one. A flat kernel has
// one row, which is all there is. Within a row, loops over its elements alternate with steps that compute numbers of
// the row: a reduction of the row is ready in the step after its loop, so that a softmax needs one kernel of three
// loops, which find the row in cache. What is reduced across rows is ready when the kernel has ended, a stage later.
#pragma once

#include "../config.hpp"
#include "program.hpp"

FUSEGRAD_HARDLY_RUN

namespace fusegrad::ir {

/// What a schedule is for: arrays in memory, arrays that stay in the caches from one kernel to the next, or a device on
/// which values are computed anew rather than kept for the row.
enum class target : std::uint8_t { memory, caches, device };

/// How a reduction is carried out.
enum class reduction_kind : std::uint8_t {
  none,
  row,     ///< of a row's elements, to a number of the row, in the same kernel
  total,   ///< of everything, to one number
  column,  ///< of rows, to a row: an array of sums, to which each row adds
  scatter  ///< of rows and their elements, to an array with an element for some rows together
};

/// What a loop has to do with a value.
enum class presence : std::uint8_t {
  absent,
  computed,
  kept_for_row,  ///< computed, and kept for the further loops of the row
  loaded
};

struct kernel {
  int stage = 0;
  axis_set outer = 0, inner = 0;
  extents where{};        ///< where the extents of its axes are found
  int first_loop = 0;     ///< its loops: phase p is loop first_loop + p
  int phases = 1;         ///< loops of each row
  bool combines = false;  ///< a small loop that finishes what an earlier kernel has summed up over its rows

  constexpr axis_set domain() const { return outer | inner; }
};

/// What a schedule says of each value.
template <int Size>
struct value_schedule {
  int stage[Size]{};  ///< from which on it can be had
  bool kept[Size]{};  ///< stored where later kernels load it
  reduction_kind kind[Size]{};
  int reduced_in[Size]{};     ///< loop in which a reduction takes its operand; else -1
  int reduced_after[Size]{};  ///< step after which it takes it, a number of the row; else -1
  int keep_step[Size]{};      ///< step that stores a kept number of the row; else -1
  int keep_loop[Size]{};      ///< loop that stores a kept value that varies in it; else -1
};

constexpr int at_least_one(int n) { return n > 0 ? n : 1; }

/// A program with its schedule. Before the kernels of stage s, and after the last, the numbers of that stage are
/// computed. A kernel with P loops has steps 0 to P: step p stands before loop p; step numbers are first_loop + the
/// kernel's own number + p.
template <int Size, int Outputs, int Kernels, int Loops>
struct schedule : value_schedule<at_least_one(Size)> {
  using of_values = value_schedule<at_least_one(Size)>;
  using of_values::stage, of_values::kept, of_values::kind;
  static constexpr int size = Size;
  static constexpr int output_count = Outputs;
  static constexpr int kernel_count = Kernels;
  static constexpr int loops = Loops;
  static constexpr int steps = Loops + Kernels;

  bool keeps_in_cache = false;   ///< does it keep values that only pay while they stay in the caches?
  bool scans_elsewhere = false;  ///< does a scan run along something else than a row? It cannot be executed
  int stages = 0;                ///< the last stage, whose numbers are computed when all kernels have run
  kernel kernels[at_least_one(Kernels)];
  int kernel_of[at_least_one(Loops)]{};                         ///< of each loop
  presence in_loop[at_least_one(Loops)][at_least_one(Size)]{};  ///< of values that vary in the loop
  bool in_step[at_least_one(steps)][at_least_one(Size)]{};      ///< is a number of the row, computed or loaded there
  int store_loop[at_least_one(Outputs)]{};  ///< loop that writes an output; -1: a step or the caller does
  int store_step[at_least_one(Outputs)]{};  ///< step that writes an output, a number for each row; else -1

  /// Becomes the same as one with room for more kernels and loops.
  template <int MoreKernels, int MoreLoops>
  constexpr void take(const schedule<Size, Outputs, MoreKernels, MoreLoops>& other) {
    keeps_in_cache = other.keeps_in_cache;
    scans_elsewhere = other.scans_elsewhere;
    stages = other.stages;
    for (int k = 0; k < Kernels; ++k) kernels[k] = other.kernels[k];
    for (int loop = 0; loop < Loops; ++loop) kernel_of[loop] = other.kernel_of[loop];
    static_cast<of_values&>(*this) = other;
    for (int v = 0; v < Size; ++v) {
      for (int loop = 0; loop < Loops; ++loop) in_loop[loop][v] = other.in_loop[loop][v];
      for (int step = 0; step < steps; ++step)
        if (other.in_step[step][v]) in_step[step][v] = true;
    }
    for (int o = 0; o < Outputs; ++o) {
      store_loop[o] = other.store_loop[o];
      store_step[o] = other.store_step[o];
    }
  }

  /// Does a kernel load value v from where it was kept, rather than compute it?
  constexpr bool loads(int v, int kernel) const {
    const bool summed = kind[v] == reduction_kind::column || kind[v] == reduction_kind::scatter;
    return kept[v] && (summed || stage[v] < kernels[kernel].stage);
  }
  /// Does a loop of the kernel keep value v for the others of the row?
  constexpr bool keeps_for_row(int v, int kernel) const {
    for (int phase = 0; phase < kernels[kernel].phases; ++phase)
      if (in_loop[kernels[kernel].first_loop + phase][v] == presence::kept_for_row) return true;
    return false;
  }
  constexpr axis_set inner_of(int loop) const { return kernels[kernel_of[loop]].inner; }
  constexpr int step_of(int loop) const { return loop + kernel_of[loop]; }
  constexpr int first_step(int kernel) const { return kernels[kernel].first_loop + kernel; }
  constexpr int last_step(int kernel) const { return first_step(kernel) + kernels[kernel].phases; }
};

/// Is an input of a program an order along these dimensions?
template <class Program>
constexpr bool is_order(const Program& p, int input, axis_set along) {
  for (int k = 0; k < p.arrangement_count; ++k)
    if (const arrangement& a = p.arrangement_list[k]; a.input == input && a.by < 0 && a.along == along) return true;
  return false;
}

/// The stage whose kernels are the first to read arrangement k of a program.
template <class Program, class Schedule>
constexpr int stage_of_arrangement(const Program& p, const Schedule& s, int k) {
  int v = 0;
  while (!p[v].is(op_kind::input) || p[v].index != p.arrangement_list[k].input) ++v;
  return s.stage[v];
}

/// A schedule that is made at run time, of programs that fit: how much of it is in use is known only then.
struct run_time_schedule : schedule<512, 64, 32, 64> {
  int kernels_in_use = 0;
};

}  // namespace fusegrad::ir

FUSEGRAD_HARDLY_RUN_END
