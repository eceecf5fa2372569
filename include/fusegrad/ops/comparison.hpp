// Comparisons, conditions and selection. Conditions have no derivative; `where` passes that of the branch it takes.
#pragma once

#include "arithmetic.hpp"

namespace fusegrad {

namespace detail {
template <class Op>
struct comparison : elementwise<Op, 2> {
  static constexpr operand_rule operands = operand_rule::arithmetic;
  static constexpr result_rule result = result_rule::boolean;
  static constexpr bool foldable = true;
  static constexpr std::array samples{-2.0, 0.0, 1.5};
};
}  // namespace detail

namespace detail {
/// Conditions have an order among each other only.
template <class Op>
struct ordering : comparison<Op> {
  static constexpr int trace(ir::builder& b, const int* x) {
    if ((b[x[0]].type == dtype::boolean) != (b[x[1]].type == dtype::boolean))
      b.fail(ir::trace_error::condition_in_order);
    return comparison<Op>::trace(b, x);
  }
};
}  // namespace detail

/// x == y.
inline constexpr struct equal_t : detail::comparison<equal_t> {
  static constexpr std::string_view name = "equal";
  static constexpr bool commutative = true;
  FUSEGRAD_HD static constexpr auto value(auto x, auto y) { return x == y; }
} equal;

/// x != y.
inline constexpr struct not_equal_t : detail::comparison<not_equal_t> {
  static constexpr std::string_view name = "not_equal";
  static constexpr bool commutative = true;
  FUSEGRAD_HD static constexpr auto value(auto x, auto y) { return x != y; }
} not_equal;

/// x < y.
inline constexpr struct less_t : detail::ordering<less_t> {
  static constexpr std::string_view name = "less";
  FUSEGRAD_HD static constexpr auto value(auto x, auto y) { return x < y; }
} less;

/// x <= y.
inline constexpr struct less_equal_t : detail::ordering<less_equal_t> {
  static constexpr std::string_view name = "less_equal";
  FUSEGRAD_HD static constexpr auto value(auto x, auto y) { return x <= y; }
} less_equal;

namespace detail {
template <class Op>
struct connective : elementwise<Op, 2> {
  static constexpr operand_rule operands = operand_rule::logical;
  static constexpr result_rule result = result_rule::boolean;
  static constexpr bool commutative = true, foldable = true;
  static constexpr std::array samples{0.0, 1.0};
};
}  // namespace detail

/// x && y. Both operands are evaluated.
inline constexpr struct logical_and_t : detail::connective<logical_and_t> {
  static constexpr std::string_view name = "logical_and";
  FUSEGRAD_HD static constexpr auto value(auto x, auto y) { return x && y; }
  static constexpr int simplify(ir::builder&, const int* x) { return x[0] == x[1] ? x[0] : -1; }
} logical_and;

/// x || y. Both operands are evaluated.
inline constexpr struct logical_or_t : detail::connective<logical_or_t> {
  static constexpr std::string_view name = "logical_or";
  FUSEGRAD_HD static constexpr auto value(auto x, auto y) { return x || y; }
  static constexpr int simplify(ir::builder&, const int* x) { return x[0] == x[1] ? x[0] : -1; }
} logical_or;

/// !x.
inline constexpr struct logical_not_t : elementwise<logical_not_t, 1> {
  static constexpr std::string_view name = "logical_not";
  static constexpr operand_rule operands = operand_rule::logical;
  static constexpr result_rule result = result_rule::boolean;
  static constexpr bool foldable = true;
  static constexpr std::array samples{0.0, 1.0};
  FUSEGRAD_HD static constexpr auto value(auto x) { return !x; }
  static constexpr int simplify(ir::builder& b, const int* x) {
    return b.is(x[0], ir::info<logical_not_t>) ? b[x[0]].x[0] : -1;  // !!x = x
  }
} logical_not;

/// x if the condition holds, otherwise y. Derivatives are those of the branch taken, exactly: what the other branch
/// would have had, infinities and NaN included, is never looked at.
inline constexpr struct where_t : elementwise<where_t, 3> {
  static constexpr std::string_view name = "where";
  static constexpr operand_rule operands = operand_rule::select;
  static constexpr std::array samples{0.0, 1.0, 2.5};
  FUSEGRAD_HD static constexpr auto value(auto condition, auto x, auto y) {
    using math::where;
    if constexpr (requires { where(condition, x, y); }) return where(condition, x, y);
    else return (condition && x) || (!condition && y);  // vectors of conditions
  }
  static constexpr auto partials(symbolic auto condition, symbolic auto, symbolic auto, symbolic auto) {
    return outputs(0.0, where_t{}(condition, 1.0, 0.0), where_t{}(condition, 0.0, 1.0));
  }
  static constexpr int simplify(ir::builder& b, const int* x) {
    if (x[1] == x[2]) return x[1];
    if (b.is_constant(x[0])) return b.known(x[0]) != 0 ? x[1] : x[2];
    if (b.is(x[0], ir::info<logical_not_t>)) return b.emit(ir::info<where_t>, b[x[0]].x[0], x[2], x[1]);
    return -1;
  }
} where;

/// Is x not a number?
inline constexpr struct isnan_t : elementwise<isnan_t, 1> {
  static constexpr std::string_view name = "isnan";
  static constexpr result_rule result = result_rule::boolean;
  static constexpr std::array samples{0.0, 1.0};
  FUSEGRAD_HD static constexpr auto value(auto x) { return x != x; }
} isnan;

/// Is x an infinity?
inline constexpr struct isinf_t : elementwise<isinf_t, 1> {
  static constexpr std::string_view name = "isinf";
  static constexpr result_rule result = result_rule::boolean;
  static constexpr std::array samples{0.0, 1.0};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    const auto nothing = x - x;  // 0, or NaN
    return x == x && nothing != nothing;
  }
} isinf;

/// Is x neither an infinity nor NaN?
inline constexpr struct isfinite_t : elementwise<isfinite_t, 1> {
  static constexpr std::string_view name = "isfinite";
  static constexpr result_rule result = result_rule::boolean;
  static constexpr std::array samples{0.0, 1.0};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    const auto nothing = x - x;  // 0, or NaN
    return nothing == nothing;
  }
} isfinite;

}  // namespace fusegrad
