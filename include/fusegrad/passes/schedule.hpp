// Scheduling: from a program to its kernels, as few as its reductions allow. Computed from the program alone, at
// compile time; ir/schedule.hpp says what comes out.
#pragma once

#include "../config.hpp"
#include "../ir/schedule.hpp"

FUSEGRAD_HARDLY_RUN

namespace fusegrad::passes {

using ir::axis_set;
using ir::buffer;
using ir::kernel;
using ir::reduction_kind;

namespace detail {

/// The axes that always come together, so that they can be walked as one.
template <class Program>
constexpr void find_groups(const Program& p, axis_set* group_of) {
  axis_set all = 0;
  for (int v = 0, size = p.size(); v < size; ++v) {
    const ir::instruction& i = p[v];
    all |= i.axes | i.over;
  }
  for (int a = 0; a < ir::max_axes; ++a) group_of[a] = ir::has_axis(all, a) ? all : 0;
  if ((all & (all - 1)) == 0) return;  // there is one axis
  axis_set last = all;
  auto split = [&](axis_set some) {
    last = some;
    for (int a = 0; a < ir::max_axes; ++a) group_of[a] &= ir::has_axis(some, a) ? some : ~some;
  };
  // in arrays they lie side by side, in one order
  auto respect = [&](const ir::axis_map& map) {
    for (int d = 0; d + 1 < ir::max_axes; ++d) {
      if (map[d] < 0) continue;
      for (int e = d + 1; e < ir::max_axes; ++e) {
        if (map[e] < 0 || !ir::has_axis(group_of[map[d]], map[e])) continue;
        bool between = map[d] < map[e];
        for (int m = d + 1; m < e; ++m)
          between = between && map[m] > map[m - 1] && ir::has_axis(group_of[map[d]], map[m]);
        if (!between || map[e] < map[e - 1]) {
          split(axis_set{1} << map[d]);
          split(axis_set{1} << map[e]);
        }
      }
    }
  };
  for (int v = 0, size = p.size(); v < size; ++v) {
    const ir::instruction& i = p[v];
    if (i.axes != last) split(i.axes);
    if (i.over != 0) split(i.over);
  }
  for (int v = 0; v < p.size(); ++v)
    if (p[v].is(ir::op_kind::input)) respect(p[v].map);
  for (int k = 0; k < p.output_count; ++k) respect(p.layouts[k].map);
}

/// Finds the kernels of a program, given which extents the traced program requires to be equal.
template <class Program, class Traced>
class scheduler {
 public:
  constexpr scheduler(const Program& p, const Traced& traced, ir::target where)
      : p_(p),
        target_(where),
        placed_(p.size()),
        kind_(p.size()),
        at_(p.size(), -1),
        at_phase_(p.size()),
        worth_keeping_(p.size()) {
    find_groups(p, group_of_);
    find_equal_extents(traced);
    for (int v = 0; v < p.size(); ++v) place(v);
    for (int v = 0; v < p.size(); ++v)
      if (kind_[v] != reduction_kind::none) assign(v);
    for (int k = 0; k < p.output_count; ++k)
      if (const int v = p.outputs[k]; p[v].axes != 0) kernel_of_value(v);
    if (where == ir::target::caches) keep_between_flat_kernels();
    find_kept();
    sort();
  }

  constexpr int kernel_count() const { return found_.size(); }
  constexpr int loop_count() const {
    int loops = 0;
    for (const kernel& k : found_) loops += k.phases;
    return loops;
  }

  template <class Schedule>
  constexpr void write(Schedule& s) const {
    s.keeps_in_cache = keeps_in_cache_;
    s.scans_elsewhere = scans_elsewhere_;
    for (int v = 0, size = p_.size(); v < size; ++v) {
      const int stage = s.stage[v] = placed_.data()[v].stage;
      s.kind[v] = kind_[v];
      s.reduced_in[v] = s.reduced_after[v] = s.keep_step[v] = s.keep_loop[v] = -1;
      if (stage > s.stages) s.stages = stage;
    }
    int next = 0;
    for (int k = 0; k < found_.size(); ++k) {
      s.kernels[k] = found_[k];
      s.kernels[k].first_loop = next;
      for (int phase = 0; phase < found_[k].phases; ++phase) s.kernel_of[next++] = k;
      if (found_[k].stage + 1 > s.stages) s.stages = found_[k].stage + 1;
    }
    for (int o = 0; o < p_.output_count; ++o) s.store_loop[o] = s.store_step[o] = -1;
    for (int k = 0; k < found_.size(); ++k) write_kernel(s, k);
  }

 private:
  constexpr axis_set inner_of(axis_set domain) const {
    for (int a = 0; a < ir::max_axes; ++a)
      if (ir::has_axis(domain, a)) return group_of_[a] & domain;
    return 0;
  }

  constexpr void find_equal_extents(const Traced& traced) {
    for (int c = 0; c < traced.constraint_count; ++c) {
      const int last = traced.constraint_list[c].second;
      if (last == ir::constraint::one_element) continue;
      while (equal_.size() <= last) equal_.push_back(equal_.size());
      const int a = equal_[traced.constraint_list[c].first], b = equal_[last];
      for (int& e : equal_)
        if (e == a || e == b) e = a < b ? a : b;
    }
  }
  constexpr bool same_extent(int a, int b) const {
    auto representative = [this](int s) { return s >= 0 && s < equal_.size() ? equal_[s] : s; };
    return representative(a) == representative(b);
  }

  constexpr bool same_extents(axis_set axes, const ir::extents& one, const ir::extents& other) const {
    if (one == other) return true;
    for (int a = 0; axes >> a != 0; ++a)
      if (ir::has_axis(axes, a) && !same_extent(one[a], other[a])) return false;
    return true;
  }

  // --- where each value is computed --------------------------------------------------------------------------------

  constexpr bool is_reduction(int v) const { return p_[v].is(ir::op_kind::reduction); }

  /// A value at a later stage than its own: is it loaded from where its kernel kept it, rather than computed again?
  constexpr bool worth_keeping(int v) const { return is_reduction(v) || worth_keeping_[v]; }

  struct placement {
    int stage = 0;
    axis_set domain = 0;  ///< none for numbers
    axis_set rows = 0;    ///< the domain of the row reductions that it depends on in this stage
    ir::extents where{};
    int phase = 0;
  };
  constexpr placement at_stage(int v, int stage) const {
    if (const placement& own = placed_.data()[v]; own.stage == stage) return own;
    return {stage, p_[v].axes, 0, p_.extents_of(v), 0};
  }

  /// From which stage on an array can be read that kernels write, or is arranged between them.
  constexpr int stage_of_array(int array) const {
    for (int k = p_.part_count; k-- > 0;)
      if (p_.part_list[k].input == array) array = p_.part_list[k].of;
    for (int k = 0; k < p_.arrangement_count; ++k)
      if (const ir::arrangement& a = p_.arrangement_list[k]; a.input == array) {
        const int of = stage_of_array(a.of), by = a.by < 0 ? 0 : stage_of_array(a.by);
        return of > by ? of : by;
      }
    int stage = 0;
    for (int k = 0; k < p_.window_count; ++k)
      if (p_.window_list[k].input == array)
        if (const int written = placed_[p_.outputs[p_.window_list[k].output]].stage; written >= stage)
          stage = written + 1;
    return stage;
  }

  constexpr void place(int v) {
    const ir::instruction& i = p_[v];
    int stage = 0;
    if (i.is(ir::op_kind::input) && p_.window_count > 0) stage = stage_of_array(i.index);
    placement* const placed = placed_.data();
    const int arity = i.arity();
    for (int k = 0; k < arity; ++k) stage = placed[i.x[k]].stage > stage ? placed[i.x[k]].stage : stage;
    if (i.is(ir::op_kind::reduction)) return place_reduction(v, stage);
    placed[v].stage = stage;
    if (i.axes == 0) return;
    for (;; ++stage) {
      placement all{stage, i.axes, 0, p_.extents_of(v), 0};
      axis_set rows = 0;
      for (int k = 0; k < arity; ++k) {
        if (placed[i.x[k]].domain == 0) continue;
        const placement x = at_stage(i.x[k], stage);
        all.domain |= x.domain;
        rows |= x.rows;
        if (x.phase > all.phase) all.phase = x.phase;
        if (!(all.where == x.where)) all.where.complete(x.where);
      }
      // rows that are reduced are those of this kernel, otherwise their results are kept for the next stage
      bool fits = true;
      for (int k = 0; k < arity && rows != 0; ++k)
        if (const placement x = at_stage(i.x[k], stage); x.rows != 0) {
          fits = fits && x.rows == all.domain && same_extents(x.rows, x.where, all.where);
          all.rows = x.rows;
        }
      if (i.is(ir::op_kind::scan) && inner_of(all.domain) != i.over) scans_elsewhere_ = true;
      placed[v] = all;
      if (fits) return;
      // what would be computed once for every element of a larger domain is kept instead
      for (int k = 0; k < i.arity(); ++k)
        if (at_stage(i.x[k], stage).rows != 0 && p_[i.x[k]].axes != all.domain) worth_keeping_[i.x[k]] = true;
    }
  }

  constexpr void place_reduction(int v, int stage) {
    const ir::instruction& i = p_[v];
    const int x = i.x[0];
    placement operand = at_stage(x, stage);
    if ((p_[x].axes & inner_of(operand.domain)) == 0 && i.axes != 0)
      operand = at_stage(x, ++stage);  // numbers of rows, reduced to fewer: a kernel of their own
    const axis_set inner = inner_of(operand.domain);
    at_[v] = stage;
    at_phase_[v] = operand.phase;
    at_domain_.push_back({v, operand.domain, operand.where});
    if (i.axes == 0) kind_[v] = reduction_kind::total;
    else if (i.over == inner) kind_[v] = reduction_kind::row;
    else kind_[v] = (i.axes & inner) != 0 ? reduction_kind::column : reduction_kind::scatter;
    if (kind_[v] == reduction_kind::row)
      placed_[v] = {stage, operand.domain, operand.domain, operand.where, operand.phase + 1};
    else placed_[v] = {stage + 1, i.axes, 0, p_.extents_of(v), 0};
  }

  // --- kernels -------------------------------------------------------------------------------------------------------

  /// The kernel over a domain; it needs a loop for a value that varies there, none after the step of a number of the
  /// row.
  constexpr int kernel_at(int stage, axis_set domain, const ir::extents& where, axis_set axes, int phase) {
    const axis_set inner = inner_of(domain);
    const int phases = (axes & inner) != 0 ? phase + 1 : phase;
    for (int k = 0; k < found_.size(); ++k) {
      if (!is_over(found_[k], stage, domain, where)) continue;
      if (phases > found_[k].phases) found_[k].phases = phases;
      found_[k].where.complete(where);
      return k;
    }
    found_.push_back({.stage = stage,
                      .outer = domain & ~inner,
                      .inner = inner,
                      .where = where.within(domain),
                      .phases = phases > 0 ? phases : 1});
    return found_.size() - 1;
  }
  constexpr bool is_over(const kernel& k, int stage, axis_set domain, const ir::extents& where) const {
    return k.stage == stage && k.domain() == domain && same_extents(domain, k.where, where);
  }
  constexpr int kernel_of_value(int v) {
    const placement at = placed_[v];
    return kernel_at(at.stage, at.domain, at.where, p_[v].axes, at.phase);
  }
  constexpr bool stores(int k, int v) const {
    return is_over(found_[k], placed_[v].stage, placed_[v].domain, placed_[v].where);
  }

  constexpr void assign(int v) {
    for (const reduction_domain& d : at_domain_)
      if (d.value == v)
        reduction_kernel_.push_back({v, kernel_at(at_[v], d.domain, d.where, p_[p_[v].x[0]].axes, at_phase_[v])});
  }

  /// Is v loaded in a kernel of this stage?
  constexpr bool loaded(int v, int stage) const {
    const ir::op_kind kind = p_[v].op.info->kind;
    if (kind == ir::op_kind::input) return true;
    const bool earlier = placed_.data()[v].stage < stage;
    if (kind == ir::op_kind::reduction) return kind_[v] != reduction_kind::row || earlier;
    return earlier && worth_keeping_[v];
  }

  /// Calls f(v, phase, loaded) for each value that a kernel computes or loads in its loops (phase of the loop), and
  /// g(v, phase) for each number of its rows (phase of the step). Values of `row_kept` are computed in the first loop
  /// that needs them, and loaded by others.
  template <class F, class G>
  constexpr void for_needs(int k, const buffer<bool>& row_kept, F f, G g) const {
    const int stage = found_[k].stage;
    const axis_set inner = found_[k].inner;
    buffer<std::uint32_t> loops(p_.size());  // one bit a phase
    buffer<bool> rows(p_.size());
    std::uint32_t* const in_loops = loops.data();
    bool* const in_rows = rows.data();
    auto need = [&](int v, int phase) {
      const axis_set axes = p_[v].axes;
      if ((axes & inner) != 0) in_loops[v] |= 1u << phase;
      else if (axes != 0 && !(kind_[v] == reduction_kind::row && placed_[v].stage == stage)) in_rows[v] = true;
    };
    for (const auto& r : reduction_kernel_)
      if (r.kernel == k) need(p_[r.value].x[0], at_phase_[r.value]);
    for (int o = 0; o < p_.output_count; ++o)
      if (const int v = p_.outputs[o]; p_[v].axes != 0 && stores(k, v)) need(v, placed_[v].phase);
    for (int v : kept_)
      if (kind_[v] == reduction_kind::none && stores(k, v)) need(v, placed_[v].phase);
    for (int v = p_.size() - 1; v >= 0; --v) {
      if (in_loops[v] == 0 && !in_rows[v]) continue;
      const ir::instruction& i = p_[v];
      const int arity = i.arity();
      const bool from_memory = loaded(v, stage);
      bool loads = from_memory;
      for (int phase = 0; in_loops[v] >> phase != 0; ++phase)
        if ((in_loops[v] >> phase & 1u) != 0) {
          f(v, phase, loads);
          for (int x = 0; x < arity && !loads; ++x) need(i.x[x], phase);
          loads = loads || row_kept[v];
        }
      if (in_rows[v]) {
        const int phase = !from_memory && placed_[v].stage == stage ? placed_[v].phase : 0;
        g(v, phase);
        for (int x = 0; x < arity && !from_memory; ++x) need(i.x[x], phase);
      }
    }
  }
  /// Finds the values that kernels keep for others: what is kept is stored in the kernel that computes it.
  constexpr void find_kept() {
    kept_ = {};
    for (bool more = true; more;) {
      more = false;
      for (int k = 0; k < found_.size(); ++k) more = trace_needs(k) || more;
    }
  }
  /// Notes which values kernel k loads from where others kept them; true if that is news.
  constexpr bool trace_needs(int k) {
    bool news = false;
    const int stage = found_[k].stage;
    buffer<int> loads;
    auto note = [&](int v, auto...) {
      if (!p_[v].is(ir::op_kind::input) && loaded(v, stage)) loads.push_back(v);
    };
    for_needs(k, buffer<bool>(p_.size()), note, note);
    for (int v : loads) {
      bool known = false;
      for (int other : kept_) known = known || other == v;
      if (known) continue;
      kept_.push_back(v);
      if (kind_[v] == reduction_kind::none || kind_[v] == reduction_kind::row) kernel_of_value(v);
      news = true;
    }
    return news;
  }

  /// What a value costs to compute: functions more than arithmetic.
  constexpr int cost(int v) const {
    const ir::op_info& op = *p_[v].op;
    if (p_[v].arity() == 0) return 1;
    return op.kind == ir::op_kind::elementwise && op.fold == nullptr && op.operands == ir::operand_rule::real ? 4 : 1;
  }
  /// The values that one loop of a row keeps for the others: those that spare more than a store and loads cost.
  constexpr buffer<bool> worth_keeping_for_the_row(int k) const {
    buffer<bool> kept(p_.size());
    if (found_[k].outer == 0 || found_[k].phases < 2 || target_ == ir::target::device) return kept;
    auto costs = [&](buffer<int>& times) {
      int total = 0;
      auto count = [&](int v, int, bool loads) {
        total += loads ? 1 : cost(v);
        ++times[v];
      };
      for_needs(k, kept, count, [](int, int) {});
      return total;
    };
    buffer<int> times(p_.size());
    int total = costs(times);
    int tried = 0;
    for (int v = p_.size() - 1; v >= 0 && tried < most_tries; --v) {
      if (times[v] < 2 || cost(v) < 4 || p_[v].type == dtype::boolean) continue;
      if (loaded(v, found_[k].stage) || worth_keeping(v)) continue;
      ++tried;
      kept[v] = true;
      buffer<int> ignored(p_.size());
      const int now = costs(ignored);
      kept[v] = now + 4 <= total;
      if (kept[v]) total = now;
    }
    return kept;
  }

  /// What all kernels cost, stores of kept values included, and which values are computed at a later stage than their
  /// own.
  struct costs_of_kernels {
    int total = 0;
    buffer<bool> again;
  };
  constexpr costs_of_kernels costs() {
    find_kept();
    costs_of_kernels all{kept_.size(), buffer<bool>(p_.size())};
    const buffer<bool> no_row(p_.size());
    for (int k = 0; k < found_.size(); ++k) {
      auto count = [&](int v, int, bool loads) {
        all.total += loads ? 1 : cost(v);
        all.again[v] = all.again[v] || (!loads && placed_[v].stage < found_[k].stage);
      };
      for_needs(k, no_row, count, [](int, int) {});
    }
    return all;
  }
  /// What one flat kernel keeps for others, which pays where arrays stay in the caches meanwhile. The last value of a
  /// chain first: it spares the others.
  constexpr void keep_between_flat_kernels() {
    costs_of_kernels now = costs();
    int tried = 0;
    for (int v = p_.size() - 1; v >= 0 && tried < most_tries; --v) {
      if (!now.again[v] || p_[v].arity() == 0 || p_[v].type == dtype::boolean || is_reduction(v)) continue;
      const axis_set domain = placed_[v].domain;
      if (p_[v].axes != domain || inner_of(domain) != domain || !has_kernel(v)) continue;
      ++tried;
      worth_keeping_[v] = true;
      const costs_of_kernels then = costs();
      worth_keeping_[v] = then.total + 2 <= now.total;
      if (!worth_keeping_[v]) continue;
      now = then;
      keeps_in_cache_ = true;
    }
  }
  /// Is there a kernel already that computes v?
  constexpr bool has_kernel(int v) const {
    for (int k = 0; k < found_.size(); ++k)
      if (stores(k, v)) return true;
    return false;
  }
  static constexpr int most_tries = 16;  ///< a bound on the time that choices take to compile

  /// Orders kernels by stage.
  constexpr void sort() {
    buffer<kernel> sorted;
    buffer<int> place(found_.size());
    for (int stage = 0; sorted.size() < found_.size(); ++stage)
      for (int k = 0; k < found_.size(); ++k)
        if (found_[k].stage == stage) {
          place[k] = sorted.size();
          sorted.push_back(found_[k]);
        }
    for (int k = 0; k < found_.size(); ++k) found_[k] = sorted[k];
    for (auto& r : reduction_kernel_) r.kernel = place[r.kernel];
  }

  template <class Schedule>
  constexpr void write_kernel(Schedule& s, int k) const {
    const int loop = s.kernels[k].first_loop, step = s.first_step(k);
    bool finishes = false;
    const buffer<bool> row_kept = worth_keeping_for_the_row(k);
    for_needs(
        k, row_kept,
        [&](int v, int phase, bool loads) {
          s.in_loop[loop + phase][v] = loads         ? ir::presence::loaded
                                       : row_kept[v] ? ir::presence::kept_for_row
                                                     : ir::presence::computed;
          const bool summed = kind_[v] == reduction_kind::column || kind_[v] == reduction_kind::scatter;
          finishes = finishes || (summed && p_[v].axes == found_[k].domain());
        },
        [&](int v, int phase) {
          s.in_step[step + phase][v] = true;
          if (p_[v].is(ir::op_kind::scan) && !loaded(v, found_[k].stage)) s.scans_elsewhere = true;
        });
    s.kernels[k].combines = finishes;
    for (const auto& r : reduction_kernel_) {
      if (r.kernel != k) continue;
      if ((p_[p_[r.value].x[0]].axes & found_[k].inner) != 0) s.reduced_in[r.value] = loop + at_phase_[r.value];
      else s.reduced_after[r.value] = step + at_phase_[r.value];
    }
    for (int v : kept_) {
      s.kept[v] = true;
      if (kind_[v] != reduction_kind::none && kind_[v] != reduction_kind::row) continue;
      if (!stores(k, v)) continue;
      if ((p_[v].axes & found_[k].inner) != 0) s.keep_loop[v] = loop + placed_[v].phase;
      else s.keep_step[v] = step + placed_[v].phase;
    }
    for (int o = 0; o < p_.output_count; ++o) {
      const int v = p_.outputs[o];
      if (p_[v].axes == 0 || !stores(k, v)) continue;
      if ((p_[v].axes & found_[k].inner) != 0) s.store_loop[o] = loop + placed_[v].phase;
      else s.store_step[o] = step + placed_[v].phase;
    }
  }

  struct reduction_domain {
    int value;
    axis_set domain;
    ir::extents where;
  };
  struct kernel_of_one {
    int value, kernel;
  };

  const Program& p_;
  ir::target target_;
  axis_set group_of_[ir::max_axes]{};
  buffer<int> equal_;
  buffer<placement> placed_;
  buffer<reduction_kind> kind_;
  buffer<int> at_, at_phase_;  // of reductions: stage and phase in which the operand is taken
  buffer<bool> worth_keeping_;
  buffer<reduction_domain> at_domain_;
  buffer<kernel_of_one> reduction_kernel_;
  buffer<kernel> found_;
  buffer<int> kept_;
  bool keeps_in_cache_ = false;
  bool scans_elsewhere_ = false;
};

}  // namespace detail

/// Schedules a program with as few kernels as its reductions allow.
template <class Program, class Traced, ir::target Target = ir::target::memory>
struct scheduled {
  template <int Kernels, int Loops>
  using schedule = ir::schedule<Program::value.size(), Program::value.output_count, Kernels, Loops>;

  /// Most schedules have room in this one, and are found once; others once more when their size is known.
  static constexpr int usual_kernels = 3, usual_loops = 5;
  struct draft {
    int kernels = 0, loops = 0;
    schedule<usual_kernels, usual_loops> made;
  };
  static constexpr draft first = [] {
    const detail::scheduler found(Program::value, Traced::value, Target);
    draft d;  // an initializer of its array g++ 12 rejects, with hundreds of lines, wherever an error stands before
    d.kernels = found.kernel_count();
    d.loops = found.loop_count();
    if (d.kernels <= usual_kernels && d.loops <= usual_loops) found.write(d.made);
    return d;
  }();
  static constexpr auto value = [] {
    schedule<first.kernels, first.loops> s{};
    if constexpr (first.kernels <= usual_kernels && first.loops <= usual_loops) s.take(first.made);
    else detail::scheduler(Program::value, Traced::value, Target).write(s);
    return s;
  }();
};

/// The same at run time; false if the program is too long for it, or needs too many kernels.
template <class Program, class Traced>
bool schedule_at_run_time(const Program& p, const Traced& traced, ir::target where, ir::run_time_schedule& s) {
  if (p.size() > s.size || p.output_count > s.output_count) return false;
  const detail::scheduler found(p, traced, where);
  if (found.kernel_count() > s.kernel_count || found.loop_count() > s.loops) return false;
  s = {};
  found.write(s);
  s.kernels_in_use = found.kernel_count();
  return true;
}

}  // namespace fusegrad::passes

FUSEGRAD_HARDLY_RUN_END
