// Where a number that is not finite comes from: the call is computed value by value, and what reaches a result is
// followed back to the operation that made it out of finite numbers.
#pragma once

#include <cstdio>

#include "../backend/reference/execute.hpp"
#include "../config.hpp"
#include "../ir/print.hpp"
#include "at_run_time.hpp"

FUSEGRAD_HARDLY_RUN

namespace fusegrad {

/// Where a NaN or an infinity that reaches a result is born; where none does, a product that vanishes by underflow.
struct non_finite {
  enum class kind : std::uint8_t { none, nan, infinity, underflow };
  /// A part of the expression, and its value there.
  struct part {
    std::string expression;
    double value = 0;
    int argument = -1;  ///< the argument that it is an element of; -1: it is computed
    std::ptrdiff_t element = 0;
  };

  kind born = kind::none;
  std::string expression;      ///< what made it, in terms of the arguments x0, x1, ...: log(1 - sigmoid(x0))
  double value = 0;            ///< what it is there
  std::ptrdiff_t element = 0;  ///< at which element of the expression, row-major
  ir::buffer<part> led_there;  ///< the arguments and values that it was made of
  int result = -1;             ///< the result that it reaches, counted from 0; -1: none, it is an underflow
  std::ptrdiff_t result_element = 0;

  /// Was anything found?
  explicit operator bool() const { return born != kind::none; }
  /// The same as sentences.
  std::string text() const;
};

namespace detail {

[[gnu::cold]] inline std::string number_text(double x) {
  char text[40];
  __builtin_snprintf(text, sizeof text, "%.9g", x);
  return text;
}

/// The operator that stands between the operands of an operation, and how strongly it binds; a function otherwise.
struct infix {
  std::string_view name, sign;
  int strength;
};
inline constexpr infix infixes[]{{"add", " + ", 4},        {"sub", " - ", 4},        {"mul", " * ", 5},
                                 {"div", " / ", 5},        {"less", " < ", 3},       {"less_equal", " <= ", 3},
                                 {"equal", " == ", 2},     {"not_equal", " != ", 2}, {"logical_and", " && ", 1},
                                 {"logical_or", " || ", 0}};

/// A call computed value by value, all of which are kept.
class traced_values {
 public:
  explicit traced_values(const run_time_call& call)
      : call_(call),
        p_(call.program),
        inputs_(p_, call.arguments.data(), call.arguments.size()),
        values_(p_.size(), {}) {
    const auto keep = [this](int v, const reference::array* const*, const reference::array& x) { values_[v] = x; };
    results =
        reference::execute(p_, call.arguments.data(), call.arguments.size(), reference::precision::declared, keep);
  }

  ir::buffer<reference::array> results;

  non_finite found() const {
    for (int k = 0; k < results.size(); ++k) {
      const reference::array& y = values_[p_.outputs[k]];
      if (!is_floating(y.type)) continue;
      for (reference::place at(y.axes, y.n); at.exists(); at.next())
        if (!is_finite(p_.outputs[k], at)) {
          non_finite origin = born(p_.outputs[k], at);
          origin.result = k;
          origin.result_element = element_along(p_.layouts[k], y, at);
          return origin;
        }
    }
    for (int v = 0; v < p_.size(); ++v)
      if (p_[v].op->name == "mul" && is_floating(p_[v].type))
        for (reference::place at(values_[v].axes, values_[v].n); at.exists(); at.next())
          if (value(v, at) == 0 && value(p_[v].x[0], at) != 0 && value(p_[v].x[1], at) != 0) return described(v, at);
    return {};
  }

 private:
  double value(int v, const reference::place& at) const {
    const reference::array& a = values_[v];
    const reference::number x = a[a.offset(at)];
    return is_floating(a.type) ? static_cast<double>(x.real) : static_cast<double>(x.whole);
  }
  bool is_finite(int v, const reference::place& at) const {
    const double x = value(v, at);
    return x - x == 0;
  }
  static bool is_nan(double x) { return x != x; }

  /// Follows what is not finite to what made it of finite operands: a NaN first, else an infinity.
  non_finite born(int v, reference::place at) const {
    for (;;) {
      const ir::instruction& i = p_[v];
      int from = -1;
      reference::place there = at;
      const auto look = [&](int x, const reference::place& place) {
        if (is_finite(x, place) || (from >= 0 && !is_nan(value(x, place)))) return;
        if (from >= 0 && is_nan(value(from, there))) return;
        from = x;
        there = place;
      };
      if (i.is(ir::op_kind::reduction) || i.is(ir::op_kind::scan)) {
        const reference::array& x = values_[i.x[0]];
        for (reference::place all(x.axes, x.n); all.exists(); all.next())
          if (all.agrees(at, x.axes & ~i.over) &&
              (i.is(ir::op_kind::reduction) || all[ir::lowest_axis(i.over)] <= at[ir::lowest_axis(i.over)]))
            look(i.x[0], all);
      } else if (i.moves_elements()) {
        const reference::array& x = values_[i.x[0]];
        const int axis = ir::lowest_axis(i.over);
        const bool pads = i.is(ir::op_kind::pad);
        const ir::cut where = inputs_.known(i.where());
        const std::ptrdiff_t extent = (pads ? values_[v] : x).n.along[axis];
        for (reference::place all(x.axes, x.n); all.exists(); all.next()) {
          const std::ptrdiff_t in_part = (pads ? all : at)[axis], in_whole = (pads ? at : all)[axis];
          if (all.agrees(at, x.axes & ~i.over) && reference::place_in_whole(where, extent, in_part) == in_whole)
            look(i.x[0], all);
        }
        if (pads) look(i.x[1], at);
      } else if (i.op == &ir::permuted_op) {
        const reference::array& x = values_[i.x[0]];
        for (reference::place all(x.axes, x.n); all.exists(); all.next())
          if (all.agrees(at, x.axes & ~i.over) &&
              static_cast<double>(all[ir::lowest_axis(i.over)]) == value(i.x[1], at))
            look(i.x[0], all);
      } else if (i.op == &ir::info<where_t>) {
        look(i.x[value(i.x[0], at) != 0 ? 1 : 2], at);
      } else {
        for (int k = 0; k < i.arity(); ++k) look(i.x[k], at);
      }
      if (from < 0) return described(v, at);
      v = from;
      at = there;
    }
  }

  non_finite described(int v, const reference::place& at) const {
    non_finite found;
    found.value = value(v, at);
    found.born = is_nan(found.value) ? non_finite::kind::nan
                 : found.value == 0  ? non_finite::kind::underflow
                                     : non_finite::kind::infinity;
    found.expression = text(v, 0, 0);
    found.element = values_[v].offset(at);
    ir::buffer<bool> listed(p_.size(), false);
    list(v, v, at, listed, found.led_there, 0);
    return found;
  }

  /// Lists what value v was made of, arguments first.
  void list(int v, int top, const reference::place& at, ir::buffer<bool>& listed, ir::buffer<non_finite::part>& parts,
            int depth) const {
    if (listed[v] || depth > deepest) return;
    listed[v] = true;
    const ir::instruction& i = p_[v];
    const bool gathers =
        i.is(ir::op_kind::reduction) || i.is(ir::op_kind::scan) || i.is(ir::op_kind::arrangement) || i.moves_elements();
    if (!gathers)
      for (int k = 0; k < i.arity(); ++k) list(i.x[k], top, at, listed, parts, depth + 1);
    if (v == top && i.arity() > 0) return;
    if (i.is(ir::op_kind::constant) || i.is(ir::op_kind::convert) || i.is(ir::op_kind::broadcast)) return;
    non_finite::part part{text(v, 0, 0), value(v, at)};
    if (i.is(ir::op_kind::input)) {
      part.argument = i.index;
      const reference::array& a = call_.arguments[i.index < call_.arguments.size() ? i.index : 0];
      if (i.index < call_.arguments.size()) part.element = element_of_argument(i, a, at);
      else part.argument = -1;
    }
    parts.push_back(part);
  }

  static std::ptrdiff_t element_of_argument(const ir::instruction& i, const reference::array& a,
                                            const reference::place& at) {
    std::ptrdiff_t element = 0;
    for (int d = 0; d < ir::max_axes; ++d)
      if (ir::has_axis(a.axes, d) && i.map[d] >= 0) element += at[i.map[d]] * a.stride(d);
    return element;
  }
  static std::ptrdiff_t element_along(const ir::layout& at, const reference::array& y, const reference::place& place) {
    std::ptrdiff_t element = 0, stride = 1;
    for (int d = 0; d < at.rank; ++d)
      if (at.map[d] >= 0) {
        element += place[at.map[d]] * stride;
        stride *= y.n.along[at.map[d]];
      }
    return element;
  }

  /// Value v as its user wrote it, or would write it.
  std::string text(int v, int strength, int depth) const {
    const ir::instruction& i = p_[v];
    switch (i.op->kind) {
      case ir::op_kind::input: return input_text(i.index);
      case ir::op_kind::constant: return ir::constant_text(i.value());
      case ir::op_kind::convert:
      case ir::op_kind::broadcast: return text(i.x[0], strength, depth);
      default: break;
    }
    if (depth > deepest) return text_of("%", v);
    for (const infix& between : infixes)
      if (between.name == i.op->name) {
        std::string all = text(i.x[0], between.strength, depth + 1);
        all += between.sign;
        all += text(i.x[1], between.strength + 1, depth + 1);
        return between.strength < strength ? text_of("(", all, ")") : all;
      }
    if (i.op->name == "neg") return text_of("-", text(i.x[0], 6, depth + 1));
    std::string all = text_of(i.op->name, "(");
    for (int k = 0; k < i.arity(); ++k) all += text_of(k > 0 ? ", " : "", text(i.x[k], 0, depth + 1));
    return all + ")";
  }
  std::string input_text(int input) const {
    for (int k = 0; k < p_.part_count; ++k)
      if (p_.part_list[k].input == input && !p_.part_list[k].is_extent())
        return text_of(p_.part_list[k].where.step < 0 ? "flip(" : "slice(", input_text(p_.part_list[k].of), ")");
    return text_of("x", input);
  }

  static constexpr int deepest = 8;
  const run_time_call& call_;
  const ir::run_time_program& p_;
  reference::inputs inputs_;
  ir::buffer<reference::array> values_;
};

}  // namespace detail

inline std::string non_finite::text() const {
  using detail::number_text, detail::text_of;
  if (born == kind::none) return "every number that reaches a result is finite, and no product vanishes";
  std::string lines = text_of(number_text(value), born == kind::underflow ? " by underflow" : "", " in ", expression,
                              ", element ", element);
  for (const part& p : led_there) {
    lines += text_of("\n  ", p.expression, " = ", number_text(p.value));
    if (p.argument >= 0) lines += text_of("  (argument ", p.argument, ", element ", p.element, ")");
  }
  if (result >= 0) lines += text_of("\n  it reaches result ", result, ", element ", result_element);
  return lines;
}

/// Where a number that is not finite comes from in the call `t(args...)`, be t a function (fg::fuse) or a derivative:
/// the first element of a result that is NaN or infinite is followed back, through the derivative and the function, to
/// the operation or argument that is NaN or infinite without having been given such a number. Branches of `where` that
/// are not taken are not followed. Where all results are finite, the first product of numbers that are not 0 that is 0.
///
/// The call is computed value by value, in the types that it has, by the operations' scalar functions: slowly, and all
/// values are kept. Throws std::invalid_argument where shapes do not fit.
///
///     const auto found = fg::find_non_finite(fg::value_and_grad(loss), logits, targets);
///     if (found) std::puts(found.text().c_str());
template <class T, argument... A>
non_finite find_non_finite(const T& t, const A&... a) {
  const run_time_call call = detail::at_run_time(t, a...);
  return detail::traced_values(call).found();
}

namespace detail {
template <class T>
struct debugged {
  T transform;

  template <argument... A>
  auto operator()(const A&... a) const {
    using X = executable_of<T, A...>;
    const run_time_call call = at_run_time(transform, a...);
    const traced_values values(call);
    if (const non_finite found = values.found()) std::fprintf(stderr, "fusegrad: %s\n", found.text().c_str());
    return results_of_reference<X>(values.results);
  }
};
}  // namespace detail

/// fg::debug(t)(args...) returns what t(args...) returns, to rounding, and prints to the standard error output what
/// fg::find_non_finite finds.
template <class T>
constexpr detail::debugged<T> debug(T t) {
  return {static_cast<T&&>(t)};
}

}  // namespace fusegrad

FUSEGRAD_HARDLY_RUN_END
