// Executes a program as its schedule says, element by element, and notices where the schedule reads what it has not
// made available: what a back-end would find in a register or in memory by then is all that there is. Results do not
// depend on how a back-end carries a schedule out, only on the schedule.
#pragma once

#include "../../config.hpp"
#include "../../ir/schedule.hpp"
#include "execute.hpp"

FUSEGRAD_HARDLY_RUN

namespace fusegrad::reference {

template <class Schedule>
class scheduled_execution {
 public:
  scheduled_execution(const ir::program_view& p, const Schedule& s, const array* arguments, int count, precision in)
      : p_(p),
        s_(s),
        inputs_(p, arguments, count),
        evaluate_(p, in),
        numbers_(p.size(), slot{}),
        row_numbers_(p.size(), slot{}),
        registers_(p.size(), slot{}),
        memory_(p.size(), written{}),
        row_memory_(p.size(), written{}),
        results_(p.output_count, written{}),
        gathered_(p.size(), gathering{}),
        window_there_(p.window_count, false) {
    for (int v = 0; v < p.size(); ++v)
      if (s.kept[v]) memory_[v] = written(array_of(p[v].type, p[v].axes, p.extents_of(v)));
    for (int k = 0; k < p.output_count; ++k)
      results_[k] = written(array_of(p[p.outputs[k]].type, p[p.outputs[k]].axes, p.extents_of(p.outputs[k])));
  }

  /// The results, with their dimensions as axes.
  ir::buffer<array> run() {
    compute_numbers(0);
    for (int k = 0; k < kernel_count(); ++k) {
      run_kernel(k);
      const int next = k + 1 < kernel_count() ? s_.kernels[k + 1].stage : s_.stages;
      for (int stage = s_.kernels[k].stage + 1; stage <= next; ++stage) compute_numbers(stage);
    }
    ir::buffer<array> made(p_.output_count, array());
    for (int k = 0; k < p_.output_count; ++k) {
      const int v = p_.outputs[k];
      if (p_[v].axes == 0) results_[k].put(0, steady(v));
      if (!results_[k].complete()) broken("does not write all of result", k);
      made[k] = inputs::along_dimensions(results_[k].values, p_.layouts[k].map);
    }
    return made;
  }

 private:
  struct slot {
    number value{};
    bool there = false;
  };
  /// An array of which it is known which elements have been written.
  struct written {
    array values;
    ir::buffer<bool> there;

    written() = default;
    explicit written(array a) : values(static_cast<array&&>(a)), there(values.elements.size(), false) {}
    void put(std::ptrdiff_t k, const number& x) {
      values[k] = x;
      there[static_cast<int>(k)] = true;
    }
    bool complete() const {
      for (bool one : there)
        if (!one) return false;
      return true;
    }
  };
  /// What a reduction has taken so far, for each element of its result.
  struct gathering {
    ir::buffer<number> elements;
    ir::buffer<int> of;
  };
  using position = std::ptrdiff_t[ir::max_axes];

  [[noreturn]] void broken(const char* what, int v) const {
    throw std::logic_error(fusegrad::detail::text_of("fusegrad: the schedule ", what, " ", v));
  }
  int kernel_count() const {
    if constexpr (requires { s_.kernels_in_use; }) return s_.kernels_in_use;
    else return Schedule::kernel_count;
  }

  array array_of(dtype type, axis_set axes, const ir::extents& where) const {
    lengths n;
    inputs_.find(where, axes, n);
    return {type, axes, n};
  }
  number take(const ir::buffer<slot>& from, int v) const {
    if (!from[v].there) broken("reads what is not there yet: value", v);
    return from[v].value;
  }
  /// A value that does not vary within a row.
  number steady(int v) const {
    if (p_[v].is(op_kind::constant)) return evaluate_.constant(v);
    return take(p_[v].axes == 0 ? numbers_ : row_numbers_, v);
  }
  /// The value that an instruction makes of its operands, whose elements `operand(v)` returns.
  template <class Operand>
  number made(int v, Operand operand) const {
    const ir::instruction& i = p_[v];
    number x[ir::max_arity], y;
    for (int k = 0; k < i.arity(); ++k) x[k] = operand(i.x[k]);
    if (i.is(op_kind::convert)) return evaluate_.converted(v, x[0]);
    if (i.is(op_kind::broadcast)) return x[0];
    if (!i.is(op_kind::elementwise) || evaluate_.is_composed(v)) broken("computes what it cannot: value", v);
    evaluate_.compute(v, x, i.arity(), &y);
    return y;
  }

  void compute_numbers(int stage) {
    for (int v = 0; v < p_.size(); ++v) {
      const ir::instruction& i = p_[v];
      if (i.axes != 0 || s_.stage[v] != stage || i.is(op_kind::constant) || i.is(op_kind::reduction)) continue;
      number& y = numbers_[v].value;
      if (i.is(op_kind::input)) {
        y = inputs_[i.index][0];
      } else if (i.is(op_kind::count)) {
        lengths n;
        inputs_.find(p_.shape_list[i.index], i.over, n);
        y.whole = n.count(i.over);
      } else {
        y = made(v, [this](int x) { return steady(x); });
      }
      numbers_[v].there = true;
    }
  }

  void run_kernel(int k) {
    const ir::kernel& kernel = s_.kernels[k];
    lengths n;
    inputs_.find(kernel.where, kernel.domain(), n);
    for (int v = 0; v < p_.size(); ++v) {
      if (takes_in(k, v)) gathered_[v] = {};
      if (s_.keeps_for_row(v, k))
        row_memory_[v] = written(array_of(p_[v].type, p_[v].axes & kernel.inner, kernel.where));
    }
    position at{};
    for (place row(kernel.outer, n); row.exists(); row.next()) {
      for (int axis = 0; axis < ir::max_axes; ++axis)
        if (ir::has_axis(kernel.outer, axis)) at[axis] = row[axis];
      run_row(k, n, at);
    }
    for (int v = 0; v < p_.size(); ++v) {
      if (!takes_in(k, v) || s_.kind[v] == ir::reduction_kind::row) continue;
      if (s_.kind[v] == ir::reduction_kind::total) {
        numbers_[v] = {total(v, 0), true};
      } else {
        for (int to = 0; to < memory_[v].values.elements.size(); ++to) memory_[v].put(to, total(v, to));
      }
    }
    for (int w = 0; w < p_.window_count; ++w) {
      const int output = p_.window_list[w].output;
      if (window_there_[w] || !results_[output].complete()) continue;
      inputs_.write_window(output, results_[output].values);
      window_there_[w] = true;
    }
  }
  /// Does kernel k feed reduction v?
  bool takes_in(int k, int v) const {
    const ir::kernel& kernel = s_.kernels[k];
    if (!p_[v].is(op_kind::reduction)) return false;
    const int loop = s_.reduced_in[v], step = s_.reduced_after[v];
    return (loop >= kernel.first_loop && loop < kernel.first_loop + kernel.phases) ||
           (step >= s_.first_step(k) && step <= s_.last_step(k));
  }
  /// What the elements gathered for element `to` of a reduction come to.
  number total(int v, int to) const {
    ir::buffer<number> mine;
    for (int k = 0; k < gathered_[v].of.size(); ++k)
      if (gathered_[v].of[k] == to) mine.push_back(gathered_[v].elements[k]);
    number y;
    evaluate_.compute(v, mine.data(), mine.size(), &y);
    return y;
  }

  void run_row(int k, const lengths& n, position& at) {
    const ir::kernel& kernel = s_.kernels[k];
    for (slot& number_of_row : row_numbers_) number_of_row.there = false;
    for (written& w : row_memory_)
      for (bool& there : w.there) there = false;
    for (int v = 0; v < p_.size(); ++v)
      if (s_.kind[v] == ir::reduction_kind::row && takes_in(k, v)) gathered_[v] = {};
    step(k, s_.first_step(k), at);
    for (int phase = 0; phase < kernel.phases; ++phase) {
      loop(k, kernel.first_loop + phase, n, at);
      for (int v = 0; v < p_.size(); ++v)
        if (s_.kind[v] == ir::reduction_kind::row && s_.reduced_in[v] == kernel.first_loop + phase)
          (p_[v].axes == 0 ? numbers_ : row_numbers_)[v] = {total(v, 0), true};
      step(k, s_.first_step(k) + phase + 1, at);
    }
  }

  number loaded(int v, int k, const position& at) const {
    if (p_[v].is(op_kind::input)) {
      const array& from = inputs_[p_[v].index];
      std::ptrdiff_t offset = 0;
      for (int d = 0; from.axes >> d != 0; ++d)
        if (ir::has_axis(from.axes, d) && p_[v].map[d] >= 0) offset += at[p_[v].map[d]] * from.stride(d);
      if (s_.stage[v] > s_.kernels[k].stage) broken("reads an array before it is made: value", v);
      for (int w = 0; w < p_.window_count; ++w)
        if (p_.window_list[w].input == p_[v].index && !window_there_[w])
          broken("reads a window before it is written: value", v);
      return from[offset];
    }
    const written& from = s_.loads(v, k) ? memory_[v] : row_memory_[v];
    const std::ptrdiff_t offset = from.values.offset(at);
    if (from.there.size() == 0 || !from.there[static_cast<int>(offset)]) broken("loads what was not kept: value", v);
    return from.values[offset];
  }

  void step(int k, int number_of_step, const position& at) {
    for (int v = 0; v < p_.size(); ++v) {
      if (!s_.in_step[number_of_step][v]) continue;
      number y;
      if (p_[v].is(op_kind::input) || s_.loads(v, k)) y = loaded(v, k, at);
      else if (p_[v].is(op_kind::index)) y = evaluate_.index(v, at[ir::lowest_axis(p_[v].axes)]);
      else y = made(v, [this](int x) { return steady(x); });
      row_numbers_[v] = {y, true};
    }
    for (int o = 0; o < p_.output_count; ++o)
      if (s_.store_step[o] == number_of_step) results_[o].put(results_[o].values.offset(at), steady(p_.outputs[o]));
    for (int v = 0; v < p_.size(); ++v) {
      if (s_.keep_step[v] == number_of_step) memory_[v].put(memory_[v].values.offset(at), steady(v));
      if (s_.reduced_after[v] != number_of_step) continue;
      if (s_.kind[v] != ir::reduction_kind::total) broken("adds a number of the row to an array: value", v);
      gathered_[v].elements.push_back(steady(p_[v].x[0]));
      gathered_[v].of.push_back(0);
    }
  }

  void loop(int k, int l, const lengths& n, position& at) {
    const axis_set inner = s_.kernels[k].inner;
    auto operand = [&](int x) { return (p_[x].axes & inner) == 0 ? steady(x) : take(registers_, x); };
    for (slot& r : registers_) r.there = false;
    ir::buffer<int> here_computed;
    ir::buffer<ir::buffer<number>> scanned;
    for (int v = 0; v < p_.size(); ++v)
      if (s_.in_loop[l][v] != ir::presence::absent) {
        here_computed.push_back(v);
        scanned.push_back({});
      }
    for (place element(inner, n); element.exists(); element.next()) {
      for (int axis = 0; axis < ir::max_axes; ++axis)
        if (ir::has_axis(inner, axis)) at[axis] = element[axis];
      for (int v : here_computed) registers_[v].there = false;
      for (int c = 0; c < here_computed.size(); ++c) {
        const int v = here_computed[c];
        const ir::presence here = s_.in_loop[l][v];
        number y;
        if (here == ir::presence::loaded) {
          y = loaded(v, k, at);
        } else if (p_[v].is(op_kind::index)) {
          if (p_[v].axes != inner) broken("takes the place in a row for an index: value", v);
          y = evaluate_.index(v, at[ir::lowest_axis(inner)]);
        } else if (p_[v].is(op_kind::scan)) {
          if (p_[v].over != inner) broken("runs along something else than a row: value", v);
          ir::buffer<number>& so_far = scanned[c];
          so_far.push_back(operand(p_[v].x[0]));
          ir::buffer<number> sums(so_far.size(), number{});
          evaluate_.compute(v, so_far.data(), so_far.size(), sums.data(), so_far.size());
          y = sums.back();
        } else {
          y = made(v, operand);
        }
        registers_[v] = {y, true};
        if (here == ir::presence::kept_for_row) row_memory_[v].put(row_memory_[v].values.offset(at), y);
      }
      for (int o = 0; o < p_.output_count; ++o)
        if (s_.store_loop[o] == l) results_[o].put(results_[o].values.offset(at), operand(p_.outputs[o]));
      for (int v = 0; v < p_.size(); ++v) {
        if (s_.keep_loop[v] == l) memory_[v].put(memory_[v].values.offset(at), operand(v));
        if (s_.reduced_in[v] != l) continue;
        const bool to_array = s_.kind[v] == ir::reduction_kind::column || s_.kind[v] == ir::reduction_kind::scatter;
        if (to_array && !s_.kept[v]) broken("adds rows to an array that it does not keep: value", v);
        gathered_[v].elements.push_back(operand(p_[v].x[0]));
        gathered_[v].of.push_back(to_array ? static_cast<int>(memory_[v].values.offset(at)) : 0);
      }
    }
  }

  ir::program_view p_;
  const Schedule& s_;
  inputs inputs_;
  evaluation evaluate_;
  ir::buffer<slot> numbers_, row_numbers_, registers_;
  ir::buffer<written> memory_, row_memory_, results_;
  ir::buffer<gathering> gathered_;
  ir::buffer<bool> window_there_;
};

/// Executes a program by its schedule. Throws std::logic_error where the schedule is broken.
template <class Schedule>
ir::buffer<array> execute_scheduled(const ir::program_view& p, const Schedule& s, const array* arguments, int count,
                                    precision in = precision::declared) {
  return scheduled_execution<Schedule>(p, s, arguments, count, in).run();
}

}  // namespace fusegrad::reference

FUSEGRAD_HARDLY_RUN_END
