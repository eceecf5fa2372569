// What every operation inherits: one call operator for numbers, symbols and expressions, and the descriptor that
// passes read. An operation states its name, its value and its partial derivatives; everything else follows.
#pragma once

#include <array>

#include "../config.hpp"
#include "../core/results.hpp"
#include "../core/view.hpp"
#include "operators.hpp"

namespace fusegrad {

using ir::op_kind;
using ir::operand_rule;
using ir::result_rule;

/// A symbol of the program under construction: the type of which `partials` are written.
template <class S>
concept symbolic = std::same_as<S, ir::symbol>;

namespace detail {

// symbols before expressions, which may stand beside them where they know no function
template <class First, class... Rest>
struct first_traced : std::conditional_t<(traced<First> && !(symbolic<Rest> || ...)) || symbolic<First>,
                                         std::type_identity<First>, first_traced<Rest...>> {};
template <class Last>
struct first_traced<Last> : std::type_identity<Last> {};

template <class T>
constexpr std::string_view text_with_type() {
  return __PRETTY_FUNCTION__;
}
/// Does an operation belong to the library, whose types lie in its namespace?
inline constexpr std::size_t types_begin = text_with_type<operand_rule>().find("fusegrad::ir::operand_rule");
template <class Op>
inline constexpr bool of_library = text_with_type<Op>().substr(types_begin).starts_with("fusegrad::");

/// The type in which plain numbers are computed.
template <operand_rule Rule, class... X>
struct number_type : std::common_type<X...> {};
template <class... X>
struct number_type<operand_rule::real, X...>
    : std::conditional<std::is_floating_point_v<std::common_type_t<X...>>, std::common_type_t<X...>, double> {};
template <class... X>
struct number_type<operand_rule::logical, X...> : std::type_identity<bool> {};
template <class C, class... X>
struct number_type<operand_rule::select, C, X...> : std::common_type<X...> {};

}  // namespace detail

/// The call operator of all operations.
template <class Op, int Arity>
struct operation {
  template <operand... X>
    requires(sizeof...(X) == Arity && (traced<X> || ...))
  constexpr auto operator()(const X&... x) const ->
      typename detail::first_traced<X...>::type::template result_of<Op, X...> {
    return detail::first_traced<X...>::type::template apply<Op>(x...);
  }
  template <element... X>
    requires(sizeof...(X) == Arity)
  constexpr auto operator()(const X&... x) const {
    return Op::on_numbers(x...);
  }
  template <class... X>
    requires(viewable<X> || ...)
  constexpr auto operator()(const X&...) const {
    static_assert(std::is_void_v<Op>,
                  "fusegrad: an operation takes numbers and expressions, not arrays; give the array to a function: "
                  "fg::fuse([](auto x) { return fg::exp(x); })(array)");
  }
  template <operand... X>
    requires(sizeof...(X) != Arity && (traced<X> || ...))
  constexpr double operator()(const X&...) const {
    static_assert(sizeof...(X) == Arity,
                  "fusegrad: an operation has too few or too many operands; the axes of a reduction are named by type: "
                  "fg::sum(x, fg::axis<1>)");
    return 0;
  }
};

namespace detail {

// Has the operation a member of this name? Asked of the name alone: their bodies may use the operation itself.
struct all_names {
  int partials, complement, logarithm, squared;
};
template <class Op>
struct names_probe : Op, all_names {};
template <class Op>
concept has_partials = !requires { &names_probe<Op>::partials; };
template <class Op>
concept has_complement = !requires { &names_probe<Op>::complement; };
template <class Op>
concept has_logarithm = !requires { &names_probe<Op>::logarithm; };
template <class Op>
concept has_squared = !requires { &names_probe<Op>::squared; };

FUSEGRAD_HARDLY_RUN

/// Replaces composed operations by their parts in what an operation was expanded to.
class parts_expander {
 public:
  constexpr parts_expander(ir::builder& b, const int* operands, int arity)
      : b_(b), operands_(operands), arity_(arity) {}

  constexpr int expanded(int value) {
    for (int k = 0; k < arity_; ++k)
      if (operands_[k] == value) return value;
    const ir::instruction i = b_[value];
    if (i.arity() == 0) return value;
    for (int k = 0; k < composed_.size(); ++k)
      if (composed_[k] == value) return executed_[k];
    int x[ir::max_arity]{-1, -1, -1, -1};
    for (int k = 0; k < i.arity(); ++k) x[k] = expanded(i.x[k]);
    const int made =
        i.op->expand != nullptr ? b_.convert(i.op->expand(b_, x, i.over), i.type) : b_.replay(b_, value, x);
    composed_.push_back(value);
    executed_.push_back(made);
    return made;
  }

 private:
  ir::builder& b_;
  const int* operands_;
  int arity_;
  ir::buffer<int> composed_, executed_;
};

/// A derivative as a value of a program; -1: zero.
constexpr int slope_in(ir::builder& b, const operand auto& slope) {
  const int value = ir::symbol::in(b, slope);
  return b.is_constant(value) && b.known(value) == 0 ? -1 : value;
}
template <int Arity, class... Y>
constexpr void write_slopes(ir::builder& b, int* dydx, const results<Y...>& slopes) {
  static_assert(sizeof...(Y) == Arity, "fusegrad: an operation's partials must be one derivative for each operand");
  [&]<std::size_t... K>(std::index_sequence<K...>) {
    ((dydx[K] = slope_in(b, get<K>(slopes))), ...);
  }(std::index_sequence_for<Y...>{});
}
template <int Arity, class Y, std::size_t N>
constexpr void write_slopes(ir::builder& b, int* dydx, const std::array<Y, N>& slopes) {
  static_assert(N == Arity, "fusegrad: an operation's partials must be one derivative for each operand");
  for (std::size_t k = 0; k < N; ++k) dydx[k] = slope_in(b, slopes[k]);
}
template <int Arity, operand Y>
constexpr void write_slopes(ir::builder& b, int* dydx, const Y& slope) {
  static_assert(Arity == 1, "fusegrad: an operation's partials must be one derivative for each operand");
  dydx[0] = slope_in(b, slope);
}

/// The descriptor's functions, written in terms of an operation's members.
template <class Op, class Operands = std::make_index_sequence<Op::arity>>
struct description;
template <class Op, std::size_t... K>
struct description<Op, std::index_sequence<K...>> {
  // what is reduced within a reduction's derivative is reduced over the same axes
  static constexpr void partials(ir::builder& b, const int* x, int y, int* dydx) {
    const ir::axis_set over = b[y].over;
    write_slopes<sizeof...(K)>(b, dydx, Op::partials(ir::symbol(&b, x[K], over)..., ir::symbol(&b, y, over)));
  }
  static constexpr int expand(ir::builder& b, const int* x, ir::axis_set over) {
    return ir::symbol::in(b, Op::value(ir::symbol(&b, x[K], over)...));
  }
  static constexpr int complement(ir::builder& b, const int* x) {
    return ir::symbol::in(b, Op::complement(ir::symbol(&b, x[K])...));
  }
  static constexpr int logarithm(ir::builder& b, const int* x) {
    return ir::symbol::in(b, Op::logarithm(ir::symbol(&b, x[K])...));
  }
  static constexpr int squared(ir::builder& b, const int* x) {
    return ir::symbol::in(b, Op::squared(ir::symbol(&b, x[K])...));
  }
  static constexpr int expand_all(ir::builder& b, const int* x, ir::axis_set over) {
    return parts_expander(b, x, sizeof...(K)).expanded(expand(b, x, over));
  }

  /// What the operation makes of numbers that are of type T.
  template <class T>
  static void of_numbers(const wide_number* x, std::ptrdiff_t, wide_number* y) {
    y->become<T>(Op::value(operand_of<T, K>(x)...));
  }

  template <class T, std::size_t Position>
  static auto operand_of(const wide_number* x) {
    if constexpr (Op::operands == operand_rule::logical ||
                  (Op::operands == operand_rule::select && sizeof...(K) > 1 && Position == 0))
      return x[Position].whole != 0;
    else return x[Position].template as<T>();
  }

  template <class T>
  static constexpr number folded(const number* x) {
    return number(Op::value(x[K].template as<T>()...));
  }
  // Constants are folded where every compiler can, and where neither range nor domain is in question.
  static constexpr bool fold(dtype type, const number* x, number& y) {
    if constexpr (Op::operands == operand_rule::logical) {
      y = folded<bool>(x);
      return true;
    } else {
      if constexpr (Op::operands == operand_rule::arithmetic)
        if (!is_floating(type)) {
          y = type == dtype::i32   ? folded<std::int32_t>(x)
              : type == dtype::i64 ? folded<std::int64_t>(x)
                                   : folded<std::uint64_t>(x);
          return true;
        }
      const double largest = type == dtype::f64 ? 1e100 : 1e9, smallest = type == dtype::f64 ? 1e-100 : 1e-12;
      for (int k = 0; k < Op::arity; ++k) {
        if (x[k].is_nan()) return false;  // which nvcc does not compare
        const double value = x[k].template as<double>(), size = value < 0 ? -value : value;
        if (!(size == 0 || (size >= smallest && size <= largest))) return false;
        if (Op::divides && k == Op::arity - 1 && size == 0) return false;
      }
      y = type == dtype::f64 ? folded<double>(x) : folded<float>(x);
      return true;
    }
  }
};

}  // namespace detail

FUSEGRAD_HARDLY_RUN_END

/// An operation that acts on each element by itself. `Op` has
///   - `static constexpr std::string_view name`;
///   - `static constexpr auto value(auto... x)`, run on float, double and SIMD packs (where it does not accept packs,
///     lane by lane);
///   - `static constexpr auto partials(symbolic auto... x, symbolic auto y)`, the derivatives dy/dx in terms of the
///     operands and of the result: one expression for one operand, otherwise a std::array or fg::outputs(...). Left out
///     where the derivative is zero everywhere.
/// It may have, where 1 - y, log(y) or y y would lose digits of the result y, or its slope,
///   - `static constexpr auto complement(symbolic auto... x)`, `logarithm` and `squared`, which are taken instead;
/// a `meaning` beside its name, which `explain` tells;
/// and may override the constants below.
template <class Op, int Arity>
struct elementwise : operation<Op, Arity> {
  static_assert(Arity >= 1 && Arity <= ir::max_arity, "fusegrad: an operation takes one to four operands");

  static constexpr int arity = Arity;
  static constexpr operand_rule operands = operand_rule::real;
  static constexpr result_rule result = result_rule::same;
  static constexpr bool commutative = false;
  static constexpr bool foldable = false;  ///< can every compiler evaluate `value` in a constant expression?
  static constexpr bool divides = false;   ///< is the last operand a divisor?
  static constexpr bool composed = false;  ///< is `value` written in terms of other operations?
  static constexpr int flops = 1;

  static constexpr ir::op_info describe() {
    using functions = detail::description<Op>;
    ir::op_info made{.name = Op::name,
                     .hash = ir::hash(Op::name) + Arity,
                     .arity = Arity,
                     .operands = Op::operands,
                     .result = Op::result,
                     .commutative = Op::commutative,
                     .flops = Op::flops};
    if constexpr (Op::foldable) made.fold = &functions::fold;
    if constexpr (requires { &Op::simplify; }) made.simplify = &Op::simplify;
    if constexpr (detail::has_partials<Op>) made.partials = &functions::partials;
    if constexpr (Op::composed) made.expand = &functions::expand_all;
    if constexpr (detail::has_complement<Op>) made.complement = &functions::complement;
    if constexpr (detail::has_logarithm<Op>) made.logarithm = &functions::logarithm;
    if constexpr (detail::has_squared<Op>) made.squared = &functions::squared;
    if constexpr (!detail::of_library<Op> && !Op::composed) {
      if constexpr (Op::operands != operand_rule::logical) {
        made.of_floats = &functions::template of_numbers<float>;
        made.of_doubles = &functions::template of_numbers<double>;
      }
      if constexpr (Op::operands != operand_rule::real)
        made.of_integers = &functions::template of_numbers<std::int64_t>;
    }
    return made;
  }

  static constexpr int trace(ir::builder& b, const int* x) {
    // what has no partials of its own is differentiated through its parts
    if constexpr (Op::composed && !detail::has_partials<Op>) return detail::description<Op>::expand(b, x, 0);
    else return b.emit(ir::info<Op>, x);
  }

  template <class... X>
  static constexpr auto on_numbers(X... x) {
    using type = typename detail::number_type<Op::operands, X...>::type;
    if constexpr (Op::operands == operand_rule::select) return on_selected<type>(x...);
    else if constexpr (Op::result == result_rule::boolean) return static_cast<bool>(Op::value(static_cast<type>(x)...));
    else return static_cast<type>(Op::value(static_cast<type>(x)...));
  }

 private:
  template <class T, class C, class... X>
  static constexpr T on_selected(C condition, X... x) {
    return Op::value(static_cast<bool>(condition), static_cast<T>(x)...);
  }
};

/// An elementwise operation whose `value` is written in terms of other operations, on any kind of operand. Programs
/// expand it, so that its parts merge with equal parts elsewhere. Without `partials` its derivative is that of
/// its parts.
template <class Op, int Arity>
struct composite : elementwise<Op, Arity> {
  static constexpr bool composed = true;
};

namespace detail {

/// The axis that number A means among `rank` dimensions; fails if there is none.
constexpr int dimension_of(ir::builder& b, int a, int rank) {
  const int d = a < 0 ? -1 - a : rank - 1 - a;  // dimensions are counted from the end
  if (d >= 0 && d < rank) return d;
  b.fail(ir::trace_error::axis_out_of_range);
  return 0;
}

/// Which of the dimensions are named, one bit each; fails if one is named twice.
template <int... A>
constexpr unsigned dimensions_named(ir::builder& b, int rank) {
  unsigned named = 0;
  for (int a : {A...}) {
    const unsigned bit = 1u << dimension_of(b, a, rank);
    if ((named & bit) != 0) b.fail(ir::trace_error::axis_twice);
    named |= bit;
  }
  return named;
}

/// The axes of the named dimensions.
constexpr ir::axis_set axes_named(const ir::layout& at, unsigned named) {
  ir::axis_set axes = 0;
  for (int d = 0; d < at.rank; ++d)
    if ((named >> d & 1u) != 0 && at.map[d] >= 0) axes |= ir::axis_set{1} << at.map[d];
  return axes;
}

/// The layout without the named dimensions.
constexpr ir::layout without(const ir::layout& at, unsigned named) {
  ir::layout made{{}, 0};
  for (int d = 0; d < at.rank; ++d)
    if ((named >> d & 1u) == 0) made.map.set(made.rank++, at.map[d]);
  return made;
}

}  // namespace detail

/// What becomes of the dimensions of an operation's operands: a reduction removes those that it reduces ...
struct removes_axes {
  static constexpr bool keeps_all = false;
  static constexpr ir::layout dimensions(ir::builder&, const ir::layout& at, ir::axis_set& over) {
    over = at.map.axes();
    return {{}, 0};
  }
};
/// ... while a function of rows, a softmax for example, has a value for each of their elements.
struct keeps_axes {
  static constexpr bool keeps_all = true;
  static constexpr ir::layout dimensions(ir::builder&, const ir::layout& at, ir::axis_set& over) {
    over = at.map.axes();
    return at;
  }
};

/// A reduction, or function of rows, over the axes A only.
template <class Op, bool Keep, int... A>
struct along : operation<along<Op, Keep, A...>, Op::arity> {
  static constexpr ir::layout dimensions(ir::builder& b, const ir::layout& at, ir::axis_set& over) {
    const unsigned named = detail::dimensions_named<A...>(b, at.rank);
    over = detail::axes_named(at, named);
    if constexpr (Op::keeps_all) return at;
    if constexpr (!Keep) return detail::without(at, named);
    ir::layout kept = at;
    for (int d = 0; d < at.rank; ++d)
      if ((named >> d & 1u) != 0) kept.map.set(d, -1);
    return kept;
  }
  static constexpr int trace(ir::builder& b, const int* x, ir::axis_set over) { return Op::trace(b, x, over); }
};

namespace detail {
/// The calls of reductions and functions of rows: over all axes, or those that follow the operands.
template <class Op, int Arity>
struct reducing;
template <class Op>
struct reducing<Op, 1> : operation<Op, 1> {
  using operation<Op, 1>::operator();
  template <traced X, int... A>
  constexpr auto operator()(const X& x, axis_list<A...>) const {
    return adl::apply<along<Op, false, A...>>(x);
  }
  template <traced X, int... A>
  constexpr auto operator()(const X& x, axis_list<A...>, keepdims_t) const {
    return adl::apply<along<Op, true, A...>>(x);
  }
};
template <class Op>
struct reducing<Op, 2> : operation<Op, 2> {
  using operation<Op, 2>::operator();
  template <operand X, operand Y, int... A>
    requires(traced<X> || traced<Y>)
  constexpr auto operator()(const X& x, const Y& y, axis_list<A...>) const {
    return adl::apply<along<Op, false, A...>>(x, y);
  }
  template <operand X, operand Y, int... A>
    requires(traced<X> || traced<Y>)
  constexpr auto operator()(const X& x, const Y& y, axis_list<A...>, keepdims_t) const {
    return adl::apply<along<Op, true, A...>>(x, y);
  }
};
}  // namespace detail

/// An operation that combines all elements of its operand, or all along some axes. `Op` has a name, `identity<T>()`,
/// `combine(a, b)` on numbers and packs, and `partials(x, y)`: the derivative of the result with respect to each
/// element.
template <class Op>
struct reduction : detail::reducing<Op, 1>, removes_axes {
  static constexpr int arity = 1;
  static constexpr operand_rule operands = operand_rule::arithmetic;
  static constexpr result_rule result = result_rule::same;
  static constexpr bool needs_elements = false;

  static constexpr ir::op_info describe() {
    using functions = detail::description<Op>;
    ir::op_info made{.name = Op::name,
                     .hash = ir::hash(Op::name),
                     .kind = op_kind::reduction,
                     .arity = 1,
                     .operands = Op::operands,
                     .result = Op::result,
                     .needs_elements = Op::needs_elements};
    if constexpr (detail::has_partials<Op>) made.partials = &functions::partials;
    if constexpr (requires { Op::expands_rows_only; }) {
      made.expand = &functions::expand_all;
      made.expands_rows_only = true;
    }
    return made;
  }

  static constexpr int trace(ir::builder& b, const int* x, ir::axis_set over) {
    return b.reduce(ir::info<Op>, x[0], over);
  }

  template <class X>
  static constexpr X on_numbers(X x) {
    return x;
  }
};

namespace detail {
/// What is written in terms of other operations.
template <class Op, int Arity>
struct composed : reducing<Op, Arity> {
  static constexpr int arity = Arity;
  static constexpr int trace(ir::builder& b, const int* x, ir::axis_set over) {
    return description<Op>::expand(b, x, over);
  }

  template <class... X>
  static constexpr auto on_numbers(X... x) {
    return Op::value(x...);
  }
};
}  // namespace detail

/// A function of arrays that is written in terms of other operations, reductions among them: these are over whichever
/// axes it is called for.
template <class Op, int Arity = 1>
struct composed_reduction : detail::composed<Op, Arity>, removes_axes {};

/// The same with a value for each element instead of one for each row.
template <class Op, int Arity = 1>
struct row_function : detail::composed<Op, Arity>, keeps_axes {};

}  // namespace fusegrad
