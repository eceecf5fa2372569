// What must hold of any program. A program is traced, differentiated in both modes and nested, lowered and scheduled as
// calls do it, and executed by the reference: what each step makes of it must mean the same.
#pragma once

#include <fusegrad/backend/reference/scheduled.hpp>
#include <fusegrad/ir/print.hpp>
#include <fusegrad/ir/verify.hpp>
#include <fusegrad/passes/decide.hpp>
#include <fusegrad/passes/forward.hpp>
#include <fusegrad/passes/reverse.hpp>
#include <fusegrad/passes/schedule.hpp>

#include <cmath>
#include <stdexcept>

#include "recipe.hpp"

namespace random_programs {

namespace passes = fusegrad::passes;
namespace reference = fusegrad::reference;
using ir::buffer;
using reference::array, reference::number, reference::precision;
using real = long double;

/// What is wrong with a program; empty if nothing is.
using complaint = std::string;

/// How much was checked.
struct tally {
  long programs = 0, values = 0, undecided = 0, differences = 0, rough = 0, second = 0, scheduled = 0, longest = 0;
  long without_derivative = 0;
};

inline std::string text(const ir::run_time_program& p) {
  buffer<ir::printed_instruction> code;
  for (const ir::instruction& i : p.code) code.push_back(i);
  buffer<bool> needed(p.size(), false);
  for (int k = 0; k < p.output_count; ++k) needed[p.outputs[k]] = true;
  for (int v = p.size(); v-- > 0;)
    for (int k = 0; k < p[v].arity() && needed[v]; ++k) needed[p[v].x[k]] = true;
  std::string all;
  for (int v = 0; v < p.size(); ++v)
    if (needed[v]) all += "    " + ir::to_string(code.data(), v) + "\n";
  for (int k = 0; k < p.output_count; ++k) all += (k > 0 ? ", %" : "    results: %") + std::to_string(p.outputs[k]);
  return all + "\n";
}
inline std::string text(real x) {
  char characters[48];
  std::snprintf(characters, sizeof characters, "%.17Lg", x);
  return characters;
}

inline real number_in(const array& a, std::ptrdiff_t k) {
  return fg::is_floating(a.type) ? a[k].real : static_cast<real>(a[k].whole);
}

// --- rounding errors ------------------------------------------------------------------------------------------------

/// Bounds on the rounding errors of a program's values in double: each operation's own, and what it makes of those of
/// its operands, which is found by trying.
class error_bounds {
 public:
  error_bounds(const ir::run_time_program& p, const std::vector<array>& arguments)
      : p_(p),
        inputs_(p, arguments.data(), static_cast<int>(arguments.size())),
        evaluate_(p, precision::extended),
        values_(p.size(), array()),
        errors_(p.size(), array()) {
    results = reference::execute(p, arguments.data(), static_cast<int>(arguments.size()), precision::extended,
                                 [this](int v, const array* const*, const array& y) { note(v, y); });
    for (int k = 0; k < p.output_count; ++k)
      of_results.push_back(reference::inputs::along_dimensions(errors_[p.outputs[k]], p.layouts[k].map));
  }
  buffer<array> results, of_results;

 private:
  static constexpr real unit = 0x1p-53L, unknown = 1e300L;

  void note(int v, const array& y) {
    values_[v] = y;
    array e(dtype::f64, y.axes, y.n);
    const ir::instruction& i = p_[v];
    switch (i.op->kind) {
      case fg::op_kind::constant:
        // it may have been computed when it was folded
        if (fg::is_floating(i.type) && i.value().as<double>() * 4096 != std::trunc(i.value().as<double>() * 4096))
          e[0].real = std::fabs(y[0].real) * (i.type == dtype::f32 ? 0x1p-24L : 0x1p-53L);
        break;
      case fg::op_kind::convert:
      case fg::op_kind::elementwise: note_elements(v, y, e); break;
      case fg::op_kind::broadcast: {
        std::ptrdiff_t k = 0;
        for (reference::place at(y.axes, y.n); at.exists(); at.next())
          e[k++] = errors_[i.x[0]][errors_[i.x[0]].offset(at)];
        break;
      }
      case fg::op_kind::pad:
        if (p_[i.x[1]].axes != 0) e.elements = errors_[i.x[1]].elements;
        put_into(e, errors_[i.x[0]], ir::lowest_axis(i.over), inputs_.known(i.where()));
        break;
      case fg::op_kind::slice:
        e.elements = cut_from(errors_[i.x[0]], ir::lowest_axis(i.over), inputs_.known(i.where())).elements;
        break;
      case fg::op_kind::reduction: note_reduction(v, y, e); break;
      case fg::op_kind::scan: note_scan(v, e); break;
      case fg::op_kind::arrangement: note_arrangement(v, e); break;
      default: break;
    }
    errors_[v] = e;
  }
  static real difference(const array& like, const number& a, const number& b) {
    const real d = fg::is_floating(like.type) ? std::fabs(a.real - b.real)
                                              : std::fabs(static_cast<real>(a.whole) - static_cast<real>(b.whole));
    if (d == d) return d;
    const bool both = a.real != a.real && b.real != b.real;
    return both || a.real == b.real ? 0 : unknown;
  }
  /// An operand moved by its error, up or down.
  static number moved(const array& x, const number& value, real by) {
    number y = value;
    if (fg::is_floating(x.type)) y.real += by;
    else if (x.type == dtype::boolean) y.whole = by == 0 ? value.whole : 1 - value.whole;
    else
      y.whole += by > 0 ? static_cast<std::int64_t>(std::fmin(by + 0.5L, 1e6L))
                        : -static_cast<std::int64_t>(std::fmin(0.5L - by, 1e6L));
    return y;
  }
  void note_elements(int v, const array& y, array& e) const {
    const ir::instruction& i = p_[v];
    const bool function =
        i.is(fg::op_kind::elementwise) && i.op->fold == nullptr && i.op->operands == fg::operand_rule::real;
    const bool selects = i.op == &ir::info<fg::where_t> || i.is(fg::op_kind::convert);
    std::ptrdiff_t k = 0;
    for (reference::place at(y.axes, y.n); at.exists(); at.next(), ++k) {
      number x[ir::max_arity];
      real error[ir::max_arity]{};
      for (int o = 0; o < i.arity(); ++o) {
        const std::ptrdiff_t from = values_[i.x[o]].offset(at);
        x[o] = values_[i.x[o]][from];
        error[o] = errors_[i.x[o]][from].real;
      }
      auto value = [&] {
        number z;
        if (i.is(fg::op_kind::convert)) z = evaluate_.converted(v, x[0]);
        else evaluate_.compute(v, x, i.arity(), &z);
        return z;
      };
      // each operand by itself, then all of them together
      number exact[ir::max_arity];
      for (int o = 0; o < i.arity(); ++o) exact[o] = x[o];
      auto when_moved = [&](auto sign) {
        for (int o = 0; o < i.arity(); ++o) x[o] = moved(values_[i.x[o]], exact[o], sign(o) * error[o]);
        return difference(y, value(), y[k]);
      };
      real all = 0;
      for (int o = 0; o < i.arity(); ++o) {
        if (error[o] == 0) continue;
        if (error[o] >= unknown && !selects) all = unknown;
        all += std::fmax(when_moved([o](int other) { return other == o ? 1 : 0; }),
                         when_moved([o](int other) { return other == o ? -1 : 0; }));
      }
      if (i.arity() > 1 && all < unknown)
        all = std::fmax(
            all, std::fmax(when_moved([](int) { return 1; }), when_moved([](int o) { return o == 0 ? 1 : -1; })));
      // a pole within reach
      if (const int last = i.arity() - 1;
          (i.op == &ir::info<fg::reciprocal_t> || i.op == &ir::info<fg::div_t>)&&error[last] > 0 &&
          std::fabs(exact[last].real) <= 2 * error[last])
        all = unknown;
      // what is compared, or taken for a condition, may be equal by chance
      if (i.type == dtype::boolean && fg::is_floating(values_[i.x[0]].type) && error[0] + error[i.arity() - 1] > 0 &&
          std::fabs(exact[0].real - (i.arity() > 1 ? exact[1].real : 0)) <= 2 * (error[0] + error[i.arity() - 1]))
        all = 1;
      if (fg::is_floating(i.type)) all += std::fabs(y[k].real) * unit * (function ? 8 : 1) + 0x1p-1070L;
      e[k].real = all;
      if (i.op == &ir::info<fg::multiply_add_t>) e[k].real += unit * std::fabs(exact[0].real * exact[1].real);
      if (i.op == &ir::info<fg::where_t>) {
        const real taken = exact[0].whole != 0 ? error[1] : error[2];
        e[k].real = error[0] == 0 ? taken : difference(y, exact[1], exact[2]) + error[1] + error[2];
      }
      if (!(e[k].real < unknown)) e[k].real = unknown;
    }
  }
  void note_reduction(int v, const array& y, array& e) const {
    const ir::instruction& i = p_[v];
    const array &x = values_[i.x[0]], &error = errors_[i.x[0]];
    const bool sums = i.op == &ir::info<fg::sum_t> || i.op == &ir::info<fg::parts::total_t>;
    std::ptrdiff_t k = 0;
    for (reference::place at(y.axes, y.n); at.exists(); at.next(), ++k) {
      buffer<number> elements;
      buffer<real> errors;
      real magnitude = 0, all = 0;
      for (reference::place within(i.over, x.n); within.exists(); within.next()) {
        const std::ptrdiff_t from = x.offset(at) + x.offset(within);
        elements.push_back(x[from]);
        errors.push_back(error[from].real);
        magnitude += std::fabs(number_in(x, from));
      }
      // each element by itself, then all of them together; -1: all
      const buffer<number> exact = elements;
      auto when_moved = [&](int which, real sign) {
        for (int j = 0; j < exact.size(); ++j)
          if (which < 0 || which == j) elements[j] = moved(x, exact[j], sign * errors[j]);
        number z;
        evaluate_.compute(v, elements.data(), elements.size(), &z);
        for (int j = 0; j < exact.size(); ++j) elements[j] = exact[j];
        return difference(y, z, y[k]);
      };
      bool any = false;
      for (int j = 0; j < errors.size(); ++j) {
        any = any || errors[j] != 0;
        if (sums) all += errors[j];
        else if (errors[j] >= unknown) all = unknown;
        else if (errors[j] != 0) all += std::fmax(when_moved(j, 1), when_moved(j, -1));
      }
      if (any && !sums && all < unknown) all = std::fmax(all, std::fmax(when_moved(-1, 1), when_moved(-1, -1)));
      if (fg::is_floating(i.type))
        all += (sums ? magnitude : std::fabs(y[k].real) * static_cast<real>(elements.size())) * unit * 2;
      e[k].real = all < unknown ? all : unknown;
    }
  }
  void note_scan(int v, array& e) const {
    const ir::instruction& i = p_[v];
    const array &x = values_[i.x[0]], &error = errors_[i.x[0]];
    const real own = i.op == &ir::info<fg::logcumsumexp_t> ? 1 : 0;  // a logarithm of at most 2, each time
    for (reference::place at(x.axes & ~i.over, x.n); at.exists(); at.next()) {
      real all = 0;
      for (reference::place within(i.over, x.n); within.exists(); within.next()) {
        const std::ptrdiff_t k = x.offset(at) + x.offset(within);
        all += error[k].real + 2 * unit * (std::fabs(number_in(x, k)) + own);
        e[k].real = all < unknown ? all : unknown;
      }
    }
  }

  /// Where two elements of a row are nearer to each other than their errors, the order of the row is not known.
  void note_arrangement(int v, array& e) const {
    const ir::instruction& i = p_[v];
    const array &x = values_[i.x[0]], &error = errors_[i.x[0]];
    if (i.arity() == 2) e.elements = reference::arranged(error, &values_[i.x[1]], i.over).elements;
    for (reference::place at(x.axes & ~i.over, x.n); at.exists(); at.next()) {
      bool known = true;
      for (reference::place a(i.over, x.n); a.exists(); a.next()) {
        const std::ptrdiff_t k = x.offset(at) + x.offset(a);
        if (i.arity() == 2) known = known && errors_[i.x[1]][k].real == 0;
        else
          for (reference::place b(i.over, x.n); b.exists() && known; b.next()) {
            const std::ptrdiff_t j = x.offset(at) + x.offset(b);
            const real apart = std::fabs(number_in(x, k) - number_in(x, j)), both = error[k].real + error[j].real;
            known = j == k || both == 0 || apart > 2 * both;
          }
      }
      for (reference::place a(i.over, x.n); a.exists() && !known; a.next())
        e[x.offset(at) + x.offset(a)].real = unknown;
    }
  }

  const ir::run_time_program& p_;
  const reference::inputs inputs_;
  reference::evaluation evaluate_;
  buffer<array> values_, errors_;
};

// --- one program
// ------------------------------------------------------------------------------------------------------

class check {
 public:
  check(const recipe& r, tally& counts) : r_(r), counts_(counts) {}

  complaint run() {
    try {
      ++counts_.programs;
      trace();
      if (b_.error() != ir::trace_error::none) return "";
      if (!complaint_.empty()) return complaint_;
      lowered_and_scheduled();
      if (complaint_.empty() && derived_) derivatives();
    } catch (const std::exception& e) { say(e.what()); }
    return complaint_;
  }
  /// The program in question, as text.
  std::string program() const { return text(program_); }

 private:
  void say(const std::string& what) {
    if (complaint_.empty()) complaint_ = what;
  }

  // --- the program, and its derivatives in the same one
  // --------------------------------------------------------------- inputs: arguments, tangents of those that are
  // floating, cotangents of the floating results

  void trace() {
    const int arguments = static_cast<int>(r_.arguments.size());
    generator g(r_.seed * 2 + 1);
    std::vector<shaped> inputs;
    for (int k = 0; k < arguments; ++k) {
      inputs.push_back(input_of(b_, r_, r_.arguments[static_cast<std::size_t>(k)], k));
      arguments_.push_back(drawn_array(g, r_.arguments[static_cast<std::size_t>(k)].type, inputs.back(), r_.special));
      if (fg::is_floating(r_.arguments[static_cast<std::size_t>(k)].type)) sources_.push_back(k);
    }
    // how many results are floating, and of which shape, is known when they are built
    ir::builder scratch;
    scratch.expect_arguments(arguments);
    std::vector<shaped> again;
    for (int k = 0; k < arguments; ++k)
      again.push_back(input_of(scratch, r_, r_.arguments[static_cast<std::size_t>(k)], k));
    again = built(scratch, r_, again);
    int next = arguments;
    for (int k : sources_) {
      const argument& a = r_.arguments[static_cast<std::size_t>(k)];
      tangents_.push_back(input_of(b_, r_, a, next++).s.value());
      arguments_.push_back(drawn_array(g, a.type, inputs[static_cast<std::size_t>(k)], false));
    }
    for (int v : r_.results) {
      const shaped& y = again[static_cast<std::size_t>(v)];
      if (!fg::is_floating(y.type())) continue;
      cotangent_inputs_.push_back(next++);
      arguments_.push_back(drawn_array(g, y.type(), y, false));
    }
    b_.expect_arguments(next);

    if (r_.inner) trace_within(inputs);
    else trace_here(inputs);
    if (b_.error() != ir::trace_error::none) return;
    program_ = ir::run_time_program(b_, outputs_);
    if (const char* broken = ir::verify(program_); broken != nullptr) say(std::string("as traced: ") + broken);
  }

  array drawn_array(generator& g, dtype type, const shaped& like, bool special) {
    reference::lengths n;
    ir::axis_set dimensions = 0;
    for (int d = 0; d < like.rank; ++d) {
      n.along[d] = like.n[d];
      if (like.varies(d)) dimensions |= ir::axis_set{1} << d;
    }
    array made(type, dimensions, n);
    static const double specials[]{HUGE_VAL, -HUGE_VAL, NAN, 0.0, -0.0, 4e-324, -2e-310, 1.0, 1e-300};
    for (std::ptrdiff_t k = 0; k < made.size(); ++k) {
      if (!fg::is_floating(type)) made[k].whole = type == dtype::boolean ? g.below(2) : g.below(9) - 3;
      else made[k].real = special && g.chance(30) ? specials[g.below(9)] : g.uniform(-2, 2);
    }
    return made;
  }
  void collect(const std::vector<shaped>& values, buffer<int>& floating, std::vector<ir::layout>& at) {
    for (int v : r_.results) {
      const shaped& y = values[static_cast<std::size_t>(v)];
      if (!fg::is_floating(y.type())) continue;
      floating.push_back(y.s.value());
      at.push_back(y.s.dimensions());
    }
  }
  /// A cotangent as a value with the axes of its result.
  static int cotangent(ir::builder& b, int input, dtype type, const ir::layout& at) {
    return b.input(input, type, at.map, fg::strength::array);
  }

  void trace_here(std::vector<shaped> values) {
    values = built(b_, r_, values);
    if (b_.error() != ir::trace_error::none) return;
    for (int v : r_.results)
      outputs_.push_back(
          {values[static_cast<std::size_t>(v)].s.value(), values[static_cast<std::size_t>(v)].s.dimensions()});
    value_count_ = outputs_.size();
    std::vector<ir::layout> at;
    buffer<int> results, along, cotangents;
    collect(values, results, at);
    derived_ = !r_.special && results.size() > 0 && !sources_.empty();
    if (!derived_) return;
    values_ = ir::run_time_program(b_, outputs_);
    buffer<int> directions;
    for (int k : sources_) along.push_back(values[static_cast<std::size_t>(k)].s.value());
    for (int t : tangents_) directions.push_back(t);
    for (int k = 0; k < results.size(); ++k)
      cotangents.push_back(cotangent(b_, cotangent_inputs_[static_cast<std::size_t>(k)], b_[results[k]].type,
                                     at[static_cast<std::size_t>(k)]));
    const buffer<int> tangents = passes::forward(b_, results, along, directions);
    for (int k = 0; k < tangents.size(); ++k) add_output(tangents[k], at[static_cast<std::size_t>(k)]);
    const auto gradients = passes::reverse(b_, results, cotangents, along);
    add_gradients(gradients, outputs_);
    if (b_.error() != ir::trace_error::none) return;
    second_order(gradients, along, directions);
  }
  void add_output(int value, const ir::layout& at) { outputs_.push_back({value, at}); }
  void add_gradients(const buffer<passes::input_adjoint>& gradients, buffer<ir::result>& to) {
    for (int k = 0; k < gradients.size(); ++k) {
      const int rank = r_.arguments[static_cast<std::size_t>(sources_[static_cast<std::size_t>(k)])].rank;
      to.push_back({gradients[k].value, ir::layout{gradients[k].map, rank}});
    }
  }
  /// Derivatives of the gradients along the tangents: forward over reverse, and reverse over reverse.
  void second_order(const buffer<passes::input_adjoint>& gradients, const buffer<int>& along,
                    const buffer<int>& directions) {
    if (r_.seed % 3 != 0 || b_.size() > 250) return;
    buffer<ir::result> gradient_outputs;
    add_gradients(gradients, gradient_outputs);
    const ir::run_time_program gradients_alone(b_, gradient_outputs);
    buffer<int> values, weights;
    for (int k = 0; k < gradients.size(); ++k) {
      values.push_back(gradients[k].value);
      weights.push_back(b_.renamed(directions[k], passes::from_to(b_[along[k]].map, gradients[k].map)));
    }
    const buffer<int> forward = passes::forward(b_, values, along, directions);
    const auto reverse = passes::reverse(b_, values, weights, along);
    if (b_.error() != ir::trace_error::none || b_.size() > 480) {
      // a slice of sums so far has no second derivative; the first stand for themselves
      ignored_ = true;
      return;
    }
    gradients_ = gradients_alone;
    second_ = true;
    for (int k = 0; k < forward.size(); ++k) {
      const int rank = r_.arguments[static_cast<std::size_t>(sources_[static_cast<std::size_t>(k)])].rank;
      add_output(forward[k], ir::layout{gradients[k].map, rank});
    }
    add_gradients(reverse, outputs_);
  }

  /// The same as a function within a function: what passes see there are the arguments as inputs of its own.
  void trace_within(const std::vector<shaped>& arguments) {
    ir::builder inner(&b_);
    std::vector<shaped> values;
    for (const shaped& a : arguments) {
      const int bound = inner.bind(a.s.value());
      values.push_back(shape_like(symbol(&inner, bound, a.s.dimensions()), a));
    }
    values = built(inner, r_, values);
    b_.adopt_conditions(inner);
    if (b_.error() != ir::trace_error::none) return;
    buffer<int> done;
    auto out = [&](int value, const ir::layout& at) {
      while (done.size() < inner.size()) done.push_back(-1);
      add_output(b_.inline_value(inner, value, done), at);
    };
    for (int v : r_.results)
      out(values[static_cast<std::size_t>(v)].s.value(), values[static_cast<std::size_t>(v)].s.dimensions());
    value_count_ = outputs_.size();
    std::vector<ir::layout> at;
    buffer<int> results, along, cotangents, directions;
    collect(values, results, at);
    derived_ = !r_.special && results.size() > 0 && !sources_.empty();
    if (!derived_) return;
    values_ = ir::run_time_program(b_, outputs_);
    for (int k : sources_) along.push_back(values[static_cast<std::size_t>(k)].s.value());
    for (int t : tangents_) directions.push_back(inner.lift(&b_, t));
    for (int k = 0; k < results.size(); ++k) {
      // brought to the names that axes have within, as api/ brings them
      const ir::layout& here = at[static_cast<std::size_t>(k)];
      const int outside = cotangent(b_, cotangent_inputs_[static_cast<std::size_t>(k)], inner[results[k]].type, here);
      cotangents.push_back(inner.lift(&b_, outside));
    }
    const buffer<int> tangents = passes::forward(inner, results, along, directions);
    for (int k = 0; k < tangents.size(); ++k) out(tangents[k], at[static_cast<std::size_t>(k)]);
    const auto gradients = passes::reverse(inner, results, cotangents, along);
    for (int k = 0; k < gradients.size(); ++k) {
      const int rank = r_.arguments[static_cast<std::size_t>(sources_[static_cast<std::size_t>(k)])].rank;
      out(gradients[k].value, ir::layout{gradients[k].map, rank});
    }
  }

  // --- executing it
  // -----------------------------------------------------------------------------------------------------

  buffer<array> execute(const ir::run_time_program& p, const std::vector<array>& arguments, precision in) {
    return reference::execute(p, arguments.data(), static_cast<int>(arguments.size()), in);
  }
  bool verified(const ir::run_time_program& p, const char* after) {
    const char* broken = ir::verify(p);
    if (broken != nullptr) say(std::string(after) + ": " + broken + "\n" + text(p));
    return broken == nullptr;
  }
  /// A pass of builders at run time.
  template <class Pass>
  ir::run_time_program after(Pass pass, const char* name) {
    ir::builder b;
    buffer<ir::result> outputs;
    b.expect_arguments(program_.argument_count);
    pass(b, outputs);
    ir::run_time_program made(b, outputs);
    verified(made, name);
    return made;
  }
  /// Lowered programs find parts of arguments where the traced one has them.
  ir::run_time_program with_parts(ir::run_time_program p) const {
    buffer<ir::part> all = program_.part_list;
    for (const ir::part& own : p.part_list) all.push_back(own);
    p.part_list = all;
    p.part_count = all.size();
    return p;
  }

  /// Do the results agree, within bounds?
  void compare(const char* what, const buffer<array>& found, const buffer<array>& wanted, const buffer<array>& bounds,
               real factor, const ir::run_time_program& p) {
    for (int k = 0; k < wanted.size() && complaint_.empty(); ++k) {
      if (found[k].size() != wanted[k].size())
        return say(std::string(what) + ": result " + std::to_string(k) + " has another shape");
      for (std::ptrdiff_t j = 0; j < wanted[k].size(); ++j) {
        const real x = number_in(found[k], j), y = number_in(wanted[k], j), bound = bounds[k][j].real;
        ++counts_.values;
        if (bound >= 1e290L || bound > 1e-3L * std::fmax(1, std::fabs(y))) {
          ++counts_.undecided;
          continue;
        }
        if (x == y || (x != x && y != y) || std::fabs(x - y) <= factor * bound + 1e-300L) continue;
        if (std::fabs(y) > 1e300L && std::fabs(x) > 1e300L) continue;  // where double ends
        return say(std::string(what) + ": result " + std::to_string(k) + ", element " + std::to_string(j) + " is " +
                   text(x) + ", not " + text(y) + " (bound " + text(bound) + ")\n" + text(p));
      }
    }
  }

  void lowered_and_scheduled() {
    const auto traced = execute(program_, arguments_, precision::extended);
    results_ = traced;
    const bool everything = r_.seed % 4 == 1;  // as for a GPU
    auto expanded = after(
        [&](ir::builder& b, buffer<ir::result>& out) {
          passes::expand(program_, passes::wanted_of(program_), b, out, everything);
        },
        "expanded");
    if (!complaint_.empty()) return;
    auto contracted =
        after([&](ir::builder& b,
                  buffer<ir::result>& out) { passes::contract(expanded, passes::wanted_of(expanded), b, out); },
              "contracted");
    if (!complaint_.empty()) return;
    contracted = with_parts(contracted);
    if (contracted.size() > counts_.longest) counts_.longest = contracted.size();
    const error_bounds bounds(contracted, arguments_);
    bounds_ = bounds.of_results;
    compare("lowered", bounds.results, traced, bounds_, 16, contracted);
    if (!r_.special)
      compare("lowered, in double", execute(contracted, arguments_, precision::wide), traced, bounds_, 16, contracted);
    if (!complaint_.empty()) return;
    if (r_.seed % 4 == 2) decided(expanded, traced);
    ir::run_time_program final = contracted;
    if (passes::moves_elements(contracted)) {
      final = after(
          [&](ir::builder& b, buffer<ir::result>& out) { passes::move_through_memory(contracted, program_, b, out); },
          "through memory");
      final = with_parts(final);
    }
    if (complaint_.empty()) scheduled(final, traced);
  }
  /// The program for elements at which extrema are decided, where it says that they are. It is for programs
  /// of one loop.
  void decided(const ir::run_time_program& expanded, const buffer<array>& traced) {
    bool any = false;
    for (int v = 0; v < expanded.size(); ++v)
      any = any || (passes::is_extremum(expanded[v]) && expanded[v].axes != 0 &&
                    fg::is_floating(expanded[expanded[v].x[0]].type));
    auto& s = schedule();
    if (!any || passes::moves_elements(expanded) ||
        !passes::schedule_at_run_time(expanded, program_, ir::target::memory, s) || s.kernels_in_use != 1 ||
        s.kernels[0].phases != 1 || s.kernels[0].outer != 0)
      return;
    auto made = after(
        [&](ir::builder& b, buffer<ir::result>& out) { passes::decide(expanded, passes::wanted_of(expanded), b, out); },
        "decided");
    if (!complaint_.empty()) return;
    made = with_parts(made);
    const auto found = execute(made, arguments_, precision::extended);
    const array& undecided = found[made.output_count - 1];
    for (std::ptrdiff_t k = 0; k < undecided.size(); ++k)
      if (undecided[k].whole != 0) return;
    compare("decided", found, traced, bounds_, 16, made);
  }
  static ir::run_time_schedule& schedule() {
    static ir::run_time_schedule s;
    return s;
  }
  void scheduled(const ir::run_time_program& p, const buffer<array>& traced) {
    const ir::target where = r_.seed % 4 == 1   ? ir::target::device
                             : r_.seed % 2 == 0 ? ir::target::memory
                                                : ir::target::caches;
    auto& s = schedule();
    if (!passes::schedule_at_run_time(p, program_, where, s) || s.scans_elsewhere) return;
    ++counts_.scheduled;
    try {
      auto found = reference::execute_scheduled(p, s, arguments_.data(), static_cast<int>(arguments_.size()),
                                                precision::extended);
      compare("scheduled", found, traced, bounds_, 16, p);
    } catch (const std::logic_error& e) { say(std::string(e.what()) + "\n" + text(p)); }
  }

  // --- derivatives
  // --------------------------------------------------------------------------------------------------------

  void derivatives() {
    const int results = static_cast<int>(cotangent_inputs_.size()), sources = static_cast<int>(sources_.size());
    const int arguments = static_cast<int>(r_.arguments.size());
    auto tangent = [&](int k) -> const array& { return results_[value_count_ + k]; };
    auto gradient = [&](int k) -> const array& { return results_[value_count_ + results + k]; };
    auto bound_of_tangent = [&](int k) -> const array& { return bounds_[value_count_ + k]; };
    auto bound_of_gradient = [&](int k) -> const array& { return bounds_[value_count_ + results + k]; };
    // <u, J v> = <J' u, v>
    real forward = 0, reverse = 0, bound = 0;
    for (int k = 0; k < results; ++k)
      add_product(arguments_[static_cast<std::size_t>(arguments + sources + k)], tangent(k), bound_of_tangent(k),
                  forward, bound);
    for (int k = 0; k < sources; ++k)
      add_product(arguments_[static_cast<std::size_t>(arguments + k)], gradient(k), bound_of_gradient(k), reverse,
                  bound);
    if (!(forward - forward == 0) || !(reverse - reverse == 0) || bound > 1e-3L * std::fmax(1, std::fabs(forward))) {
      ++counts_.without_derivative;
      return;
    }
    if (std::fabs(forward - reverse) > 16 * bound)
      return say("forward and reverse mode: " + text(forward) + " and " + text(reverse) + " (bound " + text(bound) +
                 ")");
    for (std::size_t k = 0; k < r_.steps.size(); ++k)
      if (r_.steps[k].kind == step_kind::elementwise && r_.steps[k].which == number_of("stop_gradient")) return;
    buffer<array> tangents, errors, gradient_tangents, gradient_errors;
    for (int k = 0; k < results; ++k) {
      tangents.push_back(tangent(k));
      errors.push_back(bound_of_tangent(k));
    }
    compare_with_differences("forward mode", values_, tangents, errors, true);
    if (!second_ || !complaint_.empty()) return;
    ++counts_.second;
    for (int k = 0; k < sources; ++k) {
      const array &over_reverse = results_[value_count_ + results + sources + k],
                  &both_reverse = results_[value_count_ + results + 2 * sources + k];
      const array &e = bounds_[value_count_ + results + sources + k],
                  &f = bounds_[value_count_ + results + 2 * sources + k];
      for (std::ptrdiff_t j = 0; j < over_reverse.size(); ++j) {
        const real x = over_reverse[j].real, y = both_reverse[j].real, limit = e[j].real + f[j].real;
        if (!(x - x == 0) || !(y - y == 0) || limit > 1e-3L * std::fmax(1, std::fabs(x))) continue;
        if (std::fabs(x - y) > 16 * limit)
          return say("forward over reverse and reverse over reverse: argument " +
                     std::to_string(sources_[static_cast<std::size_t>(k)]) + ", element " + std::to_string(j) + ": " +
                     text(x) + " and " + text(y) + " (bound " + text(limit) + ")");
      }
      gradient_tangents.push_back(over_reverse);
      gradient_errors.push_back(e);
    }
    compare_with_differences("forward over reverse", gradients_, gradient_tangents, gradient_errors, false);
  }
  static void add_product(const array& weights, const array& x, const array& error, real& sum, real& bound) {
    for (std::ptrdiff_t k = 0; k < x.size(); ++k) {
      sum += weights[k].real * x[k].real;
      bound += std::fabs(weights[k].real) * (error[k].real + 0x1p-53L * std::fabs(x[k].real));
    }
  }

  /// Tangents, as exact as their `errors` say, against central differences of two step sizes, where the function is
  /// smooth.
  void compare_with_differences(const char* what, const ir::run_time_program& p, const buffer<array>& tangents,
                                const buffer<array>& errors, bool skip_others) {
    const real step = 0x1p-10L;
    auto at = [&](real by) {
      std::vector<array> moved = arguments_;
      for (std::size_t k = 0; k < sources_.size(); ++k) {
        array& x = moved[static_cast<std::size_t>(sources_[k])];
        const array& direction = arguments_[r_.arguments.size() + k];
        for (std::ptrdiff_t j = 0; j < x.size(); ++j) x[j].real += by * direction[j].real;
      }
      return execute(p, moved, precision::extended);
    };
    // where values are that large, steps are too
    real largest = 0;
    const auto y = reference::execute(p, arguments_.data(), static_cast<int>(arguments_.size()), precision::extended,
                                      [&](int, const array* const*, const array& value) {
                                        for (std::ptrdiff_t k = 0; k < value.size(); ++k)
                                          largest = std::fmax(largest, std::fabs(number_in(value, k)));
                                      });
    if (!(largest < 1e5L)) {
      ++counts_.without_derivative;
      return;
    }
    const auto far_up = at(step), far_down = at(-step), up = at(step / 2), down = at(-step / 2),
               fine_up = at(step / 64), fine_down = at(-step / 64);
    bool narrow = false;  // constants of float are rounded
    for (int v = 0; v < p.size(); ++v) narrow = narrow || p[v].type == dtype::f32;
    int t = 0;
    for (int k = 0; k < y.size(); ++k) {
      if (skip_others && !fg::is_floating(y[k].type)) continue;
      const array &tangent = tangents[t], &error = errors[t];
      ++t;
      for (std::ptrdiff_t j = 0; j < tangent.size(); ++j) {
        const real far = (far_up[k][j].real - far_down[k][j].real) / (2 * step),
                   close = (up[k][j].real - down[k][j].real) / step;
        const real bend_far = (far_up[k][j].real - 2 * y[k][j].real + far_down[k][j].real) / step;
        const real bend = (up[k][j].real - 2 * y[k][j].real + down[k][j].real) / (step / 2);
        const real fine = (fine_up[k][j].real - fine_down[k][j].real) / (step / 32);
        const real size = std::fmax(std::fmax(std::fabs(far), std::fabs(close)), 1);
        const real noise = (narrow ? 1e-6L : 1e-9L) * std::fmax(size, std::fabs(y[k][j].real)) + 4 * error[j].real;
        ++counts_.differences;
        // a kink bends as much however close one looks; what is rougher than the steps has no common limit
        const bool smooth = std::fabs(fine - close) <= std::fabs(far - close) + noise &&
                            std::fabs(far - close) <= 1e-2L * size &&
                            std::fabs(bend) <= 0.75L * std::fabs(bend_far) + noise;
        if (!smooth || error[j].real > 1e-3L * size || !(tangent[j].real - tangent[j].real == 0)) {
          ++counts_.rough;
          continue;
        }
        const real wanted = (4 * close - far) / 3;
        if (std::fabs(tangent[j].real - wanted) > 2 * std::fabs(far - close) + noise)
          return say(std::string(what) + " and differences: result " + std::to_string(k) + ", element " +
                     std::to_string(j) + ": " + text(tangent[j].real) + " and " + text(wanted) + " (steps give " +
                     text(far) + ", " + text(close) + ")");
      }
    }
  }

  const recipe& r_;
  tally& counts_;
  complaint complaint_;
  ir::builder b_;
  buffer<ir::result> outputs_;
  ir::run_time_program program_, values_, gradients_;
  std::vector<array> arguments_;
  std::vector<int> sources_, tangents_, cotangent_inputs_;
  int value_count_ = 0;
  bool derived_ = false, second_ = false, ignored_ = false;
  buffer<array> results_, bounds_;
};

/// Checks a program; a complaint with the program, as text, if something is wrong.
inline complaint checked(const recipe& r, tally& counts) {
  check c(r, counts);
  return c.run();
}

// --- what is left of a program that fails
// --------------------------------------------------------------------------------

inline recipe shrunk(recipe r) {
  tally ignored;
  int tries = 400;
  auto fails = [&](const recipe& candidate) { return tries-- > 0 && !checked(candidate, ignored).empty(); };
  for (bool smaller = true; smaller && tries > 0;) {
    smaller = false;
    auto attempt = [&](auto change) {
      recipe candidate = r;
      change(candidate);
      if (!fails(candidate)) return;
      r = candidate;
      smaller = true;
    };
    for (std::size_t k = r.results.size(); k-- > 0 && r.results.size() > 1;)
      attempt([k](recipe& c) { c.results.erase(c.results.begin() + static_cast<std::ptrdiff_t>(k)); });
    const std::vector<bool> needed = needed_by_results(r);
    for (std::size_t k = r.steps.size(); k-- > 0;) {
      if (!needed[r.arguments.size() + k] || r.steps[k].kind == step_kind::literal) continue;
      for (int o = 0; o < arity_of(r.steps[k]); ++o)
        if (const int v = r.steps[k].x[o]; r.steps[k].kind != step_kind::pass) {
          // its operand in its place, wherever it is used
          attempt([k, v](recipe& c) {
            const int self = static_cast<int>(c.arguments.size() + k);
            for (int& result : c.results) result = result == self ? v : result;
            for (step& s : c.steps)
              for (int& x : s.x) x = x == self ? v : x;
          });
        }
      attempt([k](recipe& c) { c.steps[k] = {.kind = step_kind::literal, .value = 1.5}; });
    }
    for (std::size_t k = 0; k < r.extents.size(); ++k)
      if (r.extents[k] > 1) attempt([k](recipe& c) { c.extents[k] = c.extents[k] > 3 ? 2 : c.extents[k] - 1; });
    for (std::size_t k = 0; k < r.arguments.size(); ++k) {
      if (r.arguments[k].type != dtype::f64) attempt([k](recipe& c) { c.arguments[k].type = dtype::f64; });
      if (r.arguments[k].rank > 0) attempt([k](recipe& c) { --c.arguments[k].rank; });
    }
    if (r.inner) attempt([](recipe& c) { c.inner = false; });
  }
  return r;
}

/// All about a program that fails.
inline std::string report(const recipe& r) {
  const recipe small = shrunk(r);
  tally ignored;
  check c(small, ignored);
  const complaint what = c.run();
  return what + "\n" + to_string(small) + c.program();
}

}  // namespace random_programs
