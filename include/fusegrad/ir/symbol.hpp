// The symbol: what a traced function sees in place of a number. One type for every value, so that traced code may
// reassign it, loop over it and keep it in arrays. It names a value of a builder and lives only while that one does.
#pragma once

#include "../config.hpp"
#include "align.hpp"
#include "builder.hpp"

FUSEGRAD_HARDLY_RUN

namespace fusegrad {

/// Argument-dependent lookup finds the operators and functions of this namespace for everything that is traced.
namespace adl {
/// What becomes a number for any function of numbers: instantiated where that is asked, which is one sentence. Not a
/// template itself, so that std::exp(x) finds exp(double) alone.
template <class T>
struct number_refused {
  constexpr operator double() const {
    static_assert(std::is_void_v<T>,
                  "fusegrad: an expression has no value yet and cannot become a number; keep it as 'auto', return it "
                  "from the function, and call fg::exp(x) instead of std::exp(x)");
    return 0;
  }
};

/// What every expression inherits, with what one might take it for and it is not: each is one sentence.
struct enable : number_refused<int> {
  template <class T = void>
  constexpr explicit operator bool() const {
    static_assert(!std::is_void_v<T>,
                  "fusegrad: an expression has no value yet and cannot steer 'if', '?:' or 'while'; "
                  "use fg::where(condition, a, b)");
    return false;
  }
  template <class T = void>
  constexpr std::ptrdiff_t size() const {
    static_assert(!std::is_void_v<T>,
                  "fusegrad: an expression has no size yet; fg::sum(0 * x + 1) counts elements, fg::mean divides by "
                  "their number");
    return 0;
  }
  template <class I>
    requires(!std::integral<I>)
  constexpr double operator[](const I&) const {
    static_assert(std::is_void_v<I>,
                  "fusegrad: an element is taken by an integer, as in x[2] or fg::at<fg::all, 2>(x); the one at an "
                  "expression i is fg::sum(fg::where(fg::index(x, fg::axis<0>) == i, x, 0))");
    return 0;
  }
  template <class T = void>
  constexpr const enable* begin() const {
    static_assert(!std::is_void_v<T>,
                  "fusegrad: an expression stands for all elements at once and is no range; write what becomes of one, "
                  "and fg::sum it");
    return nullptr;
  }
  template <class T = void>
  constexpr const enable* end() const {
    return nullptr;
  }
};
}  // namespace adl

/// Symbols and expressions: what stands for a value that is not known yet.
template <class T>
concept traced = std::derived_from<T, adl::enable>;

namespace ir {

/// Operations that change the dimensions of their operands, reductions among them, say how:
/// `dimensions(builder&, operands' layout, axis_set& over)` is the layout of the result, and sets the axes to reduce.
template <class Op>
concept shapes_result = requires(builder& b, layout at, axis_set& over) { Op::dimensions(b, at, over); };

class symbol : public adl::enable {
 public:
  constexpr symbol() = default;
  /// A value with dimensions, as users see it.
  constexpr symbol(builder* owner, int value, layout dimensions) : owner_(owner), value_(value), at_(dimensions) {}
  /// A value within an operation: it has axes but no dimensions, and `over` is what a reduction there reduces.
  constexpr symbol(builder* owner, int value, axis_set over = ~axis_set{})
      : owner_(owner), value_(value), over_(over) {}

  constexpr builder* owner() const { return owner_; }
  constexpr int value() const { return value_; }
  constexpr layout dimensions() const { return at_; }
  /// The axes that a full reduction of this value removes.
  constexpr axis_set over() const { return at_.positional() ? at_.map.axes() : over_; }

  using adl::enable::operator[];
  /// Element i along the first axis, which goes; negative: counted from the end. Defined with the operations on
  /// dimensions.
  template <std::integral I>
  constexpr symbol operator[](I i) const;

  template <class Op, class... X>
  using result_of = symbol;

  /// The result of an operation on symbols and numbers, of which at least one is a symbol.
  template <class Op, class... X>
  static constexpr symbol apply(const X&... x) {
    builder* const home = innermost(x...);
    if (home->is_full()) {
      home->pass_over();
      return {home, 0, layout{{}, 0}};
    }
    if constexpr (requires { Op::on_symbols(lifted(home, x)...); }) {
      return Op::on_symbols(lifted(home, x)...);
    } else {
      const symbol operands[]{lifted(home, x)...};
      if constexpr (shapes_result<Op>) return shaped(operands, sizeof...(X), &Op::dimensions, &Op::trace);
      else return of_elements(operands, sizeof...(X), &Op::trace);
    }
  }

  /// The innermost of the functions that the symbols among these values belong to.
  template <class... X>
  static constexpr builder* innermost(const X&... x) {
    builder* home = nullptr;
    auto visit = [&home](const auto& value) {
      if constexpr (std::same_as<std::remove_cvref_t<decltype(value)>, symbol>)
        if (home == nullptr || (home != value.owner_ && depth(value.owner_) > depth(home))) home = value.owner_;
    };
    (visit(x), ...);
    return home;
  }

  /// A symbol, number or closed expression as a symbol of the given builder.
  template <class X>
  static constexpr symbol lifted(builder* home, const X& x) {
    symbol made(home, in(*home, x), over_of(x));
    made.at_ = dimensions_of(x);
    return made;
  }

 private:
  // What operations do with their operands, once for all of them: they are instantiated for each.
  static constexpr symbol of_elements(const symbol* x, int count, int (*trace)(builder&, const int*)) {
    builder& home = *x->owner_;
    int operands[max_arity];
    layout common;
    if (!aligned_into(operands, common, x, count)) return {&home, trace(home, operands), over_of(x, count)};
    return {&home, home.broadcast_to_union(trace(home, operands), operands, count, common.map.axes()), common};
  }
  static constexpr symbol shaped(const symbol* x, int count, layout (*dimensions)(builder&, const layout&, axis_set&),
                                 int (*trace)(builder&, const int*, axis_set)) {
    builder& home = *x->owner_;
    int operands[max_arity];
    layout common;
    if (!aligned_into(operands, common, x, count)) {
      const axis_set over = over_of(x, count);
      return {&home, trace(home, operands, over), over};
    }
    axis_set over = 0;
    const layout made = dimensions(home, common, over);
    return {&home, trace(home, operands, over), made};
  }
  /// Brings operands to common axes; false within operations, where axes meet by their names.
  static constexpr bool aligned_into(int* operands, layout& common, const symbol* x, int count) {
    builder& home = *x->owner_;
    layout dimensions[max_arity];
    bool positional = true;
    for (int k = 0; k < count; ++k) {
      operands[k] = x[k].value_;
      dimensions[k] = x[k].at_;
      positional = positional && x[k].at_.positional();
    }
    if (!positional) return false;
    common = aligned(home, operands, dimensions, count);
    if (count == 1) return true;
    if (common.rank > 1) home.note_order(common);
    if (home.has_unlocated()) locate_indices(home, operands, count);
    return true;
  }
  static constexpr axis_set over_of(const symbol* x, int count) {
    axis_set over = ~axis_set{};
    for (int k = 0; k < count; ++k) over &= x[k].over_;
    return over;
  }

 public:
  static constexpr layout dimensions_of(const symbol& x) { return x.at_; }
  template <element T>
  static constexpr layout dimensions_of(T) {
    return {{}, 0};
  }

  /// What stands for a value by itself, knowing no function: `trace_in(builder&)` makes it a symbol.
  template <class E>
    requires requires(const E& e, builder& b) { e.trace_in(b); }
  static constexpr layout dimensions_of(const E& e) {
    builder scratch;
    return e.trace_in(scratch).at_;
  }
  template <class E>
    requires requires(const E& e, builder& b) { e.trace_in(b); }
  static constexpr int in(builder& home, const E& e) {
    return e.trace_in(home).value_;
  }

  /// A symbol or number as a value of the given builder.
  static constexpr int in(builder& home, const symbol& x) {
    return x.owner_ == &home ? x.value_ : home.lift(x.owner_, x.value_);
  }
  template <element T>
  static constexpr int in(builder& home, T x) {
    return home.constant(x);
  }

 private:
  static constexpr axis_set over_of(const symbol& x) { return x.over(); }
  template <class T>
  static constexpr axis_set over_of(const T&) {
    return ~axis_set{};
  }

  static constexpr int depth(const builder* b) {
    int levels = 0;
    for (; b != nullptr; b = b->parent()) ++levels;
    return levels;
  }

  builder* owner_ = nullptr;
  int value_ = -1;
  layout at_{};
  axis_set over_ = ~axis_set{};
};

}  // namespace ir
}  // namespace fusegrad

FUSEGRAD_HARDLY_RUN_END
