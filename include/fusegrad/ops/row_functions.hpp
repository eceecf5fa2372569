// Functions of rows: what has a value for each element of a row and depends on all of them. Each needs one kernel.
#pragma once

#include "activations.hpp"  // what log becomes of some operands
#include "dimensions.hpp"
#include "statistics.hpp"

namespace fusegrad {

namespace parts {
/// The position of each element among those that are reduced, in row-major order.
constexpr auto position(symbolic auto x) {
  ir::builder& b = *x.owner();
  const ir::axis_set over = x.over() & b[x.value()].axes;
  ir::symbol made(&b, b.constant(0, dtype::i64), x.over());
  for (int axis = 0; axis < ir::max_axes; ++axis) {
    if (!ir::has_axis(over, axis)) continue;
    const ir::axis_set within = over & ((ir::axis_set{1} << axis) - 1);
    const ir::symbol index(&b, b.convert(b.index(x.value(), axis), dtype::i64), x.over());
    made = made + index * ir::symbol(&b, b.count(x.value(), within), x.over());
  }
  return made;
}

/// The first element that is equal to the extremum, or NaN.
constexpr auto first_position(symbolic auto x, symbolic auto extremum) {
  const ir::symbol same = x == extremum;
  const ir::symbol wanted = is_floating((*x.owner())[x.value()].type) ? same || isnan(x) : same;
  const ir::symbol nowhere(x.owner(), x.owner()->constant(std::numeric_limits<std::int64_t>::max()), x.over());
  return min(where(wanted, position(x), nowhere));
}
}  // namespace parts

namespace parts {
/// e / whole for the exponentials of a row and what they add up to; 0 where that is 0.
inline constexpr struct share_of_total_t : composite<share_of_total_t, 2> {
  static constexpr std::string_view name = "share_of_total";
  static constexpr std::array samples{0.5, 1.5, 3.0};
  static constexpr auto value(auto e, auto whole) { return e * reciprocal_or_zero(whole); }
  static constexpr auto partials(symbolic auto, symbolic auto whole, symbolic auto y) {
    const auto slope = reciprocal_or_zero(whole);
    return outputs(slope, -(y * slope));
  }
  static constexpr auto logarithm(symbolic auto e, symbolic auto whole) {
    return where(whole == 0, -__builtin_inf(), log(e) - log_or_zero(whole));
  }
} share_of_total;
}  // namespace parts

/// exp(x) / sum(exp(x)), without overflow. A row of -infinity has softmax 0 and derivative 0; k elements that are
/// +infinity have 1/k each.
inline constexpr struct softmax_t : row_function<softmax_t> {
  static constexpr std::string_view name = "softmax";
  static constexpr auto value(auto x) {
    return parts::share_of_total(parts::relative_exp(x), parts::relative_total(x));
  }
} softmax;

/// log(softmax(x)) = x - logsumexp(x), without the digits that this would lose. A row of -infinity has -infinity and
/// derivative 0.
inline constexpr struct log_softmax_t : row_function<log_softmax_t> {
  static constexpr std::string_view name = "log_softmax";
  static constexpr auto value(auto x) {
    const auto total = parts::relative_total(x);
    return where(total == 0, -__builtin_inf(), parts::below(x, parts::peak(x)) - parts::log_or_zero(total));
  }
} log_softmax;

/// x / norm(x); 0 with derivative 0 for a row of zeros.
inline constexpr struct normalize_t : row_function<normalize_t> {
  static constexpr std::string_view name = "normalize";
  static constexpr auto value(auto x) { return x * parts::reciprocal_or_zero(norm(x)); }
} normalize;

namespace parts {
/// The norm of x along all reduced axes of x and y: along some it may be the same for all.
constexpr auto common_norm(symbolic auto x, symbolic auto y) {
  ir::builder& b = *x.owner();
  const ir::axis_set repeated = x.over() & b[y.value()].axes & ~b[x.value()].axes;
  if (repeated == 0) return norm(x);
  return norm(x) * sqrt(ir::symbol(&b, b.count(y.value(), repeated), x.over()));
}
constexpr auto common_norm(element auto x, element auto) { return norm(x); }
}  // namespace parts

/// sum(x y) / (norm(x) norm(y)); 0 where one of them is a row of zeros. In range where squares are, as norm.
inline constexpr struct cosine_similarity_t : composed_reduction<cosine_similarity_t, 2> {
  static constexpr std::string_view name = "cosine_similarity";
  static constexpr auto value(auto x, auto y) {
    return sum(parts::real(x) * y) * parts::reciprocal_or_zero(parts::common_norm(x, y)) *
           parts::reciprocal_or_zero(parts::common_norm(y, x));
  }
} cosine_similarity;

namespace parts {

/// What all elements up to each come to, along the last axis: `Total` is the same of all of them.
template <class Op, class Total>
struct running : operation<Op, 1> {
  static constexpr int arity = 1;
  static constexpr operand_rule operands = operand_rule::arithmetic;
  template <class T>
  FUSEGRAD_HD static constexpr T identity() {
    return Total::template identity<T>();
  }
  FUSEGRAD_HD static constexpr auto combine(auto x, auto y) { return Total::combine(x, y); }

  static constexpr ir::op_info describe() {
    return {.name = Op::name,
            .hash = ir::hash(Op::name),
            .kind = op_kind::scan,
            .arity = 1,
            .operands = Op::operands,
            .result = Total::result};
  }
  static constexpr ir::layout dimensions(ir::builder& b, const ir::layout& at, ir::axis_set& over) {
    if (at.rank == 0) b.fail(ir::trace_error::axis_out_of_range);
    over = at.map[0] >= 0 ? ir::axis_set{1} << at.map[0] : 0;
    return at;
  }
  /// Where an operation says what becomes of `floating` numbers, it is that.
  static constexpr int trace(ir::builder& b, const int* x, ir::axis_set over) {
    if constexpr (requires(ir::symbol s) { Op::floating(s); }) {
      const ir::symbol operand(&b, x[0], over), number = Op::operands == operand_rule::real ? real(operand) : operand;
      if (is_floating(b[number.value()].type)) return Op::floating(number).value();
    }
    return b.scan(ir::info<Op>, x[0], over);
  }
  /// All up to each of what nothing is derived from.
  static constexpr ir::symbol underived(const ir::symbol& x) {
    ir::builder& b = *x.owner();
    return {&b, b.scan(ir::info<Op>, stop_gradient(x).value(), x.over()), x.over()};
  }
  template <class X>
  static constexpr X on_numbers(X x) {
    return x;
  }
};

/// x, with the derivatives of y: nothing else of y is computed.
inline constexpr struct with_derivatives_t : composite<with_derivatives_t, 2> {
  static constexpr std::string_view name = "with_derivatives";
  static constexpr std::array samples{-2.0, 0.5, 3.0};
  static constexpr auto value(auto x, auto) { return x; }
  static constexpr auto partials(symbolic auto, symbolic auto, symbolic auto) { return std::array{0.0, 1.0}; }
} with_derivatives;

/// x, of which y is the logarithm: that x is a product and y a sum makes derivatives simple. Nothing else of y is
/// computed.
inline constexpr struct with_logarithm_t : composite<with_logarithm_t, 2> {
  static constexpr std::string_view name = "with_logarithm";
  static constexpr std::array samples{-2.0, 0.5, 3.0};
  static constexpr auto value(auto x, auto) { return x; }
  static constexpr auto partials(symbolic auto, symbolic auto, symbolic auto z) { return outputs(0.0, z); }
} with_logarithm;

}  // namespace parts

/// cumsum(x): the sums of all elements up to each, along the last axis: y[i] = x[0] + ... + x[i]. Tangents are summed
/// up likewise, adjoints from the other end.
inline constexpr struct cumsum_t : parts::running<cumsum_t, sum_t> {
  static constexpr std::string_view name = "cumsum";
  static constexpr bool additive = true;
} cumsum;

/// cumprod(x): the products of all elements up to each, along the last axis. Derivatives are exact to second order
/// whichever elements are zero.
inline constexpr struct cumprod_t : parts::running<cumprod_t, prod_t> {
  static constexpr std::string_view name = "cumprod";

  static constexpr auto floating(symbolic auto x) { return parts::with_derivatives(underived(x), formula(x)); }

 private:
  // The product of what is not zero, times that of the zeros so far: none, one, or two; the latter is half of what the
  // square of their sum has besides the sum of their squares.
  static constexpr auto formula(symbolic auto x) {
    const auto zero = x == 0, one = parts::constant_like(x, 1.0), none = parts::constant_like(x, 0.0);
    const auto factor = where(zero, one, x), rest = where(zero, x, none);
    const auto product = parts::with_logarithm(underived(factor), cumsum(log(factor)));
    const auto zeros = cumsum(where(zero, one, none)), found = cumsum(rest), squares = cumsum(rest * rest);
    return product *
           where(zeros == 0, 1.0, where(zeros == 1, found, where(zeros == 2, 0.5 * (found * found - squares), 0.0)));
  }
} cumprod;

namespace parts {

/// The last element up to each that is not NaN, which stands for what does not count. Tangents are held likewise; each
/// element receives the adjoints of where it is held.
inline constexpr struct held_t : running<held_t, sum_t> {
  static constexpr std::string_view name = "held";
  static constexpr std::string_view meaning = "the last element up to each that is not NaN";
  static constexpr operand_rule operands = operand_rule::real;
  template <class T>
  FUSEGRAD_HD static constexpr T identity() {
    return T(__builtin_nanf(""));
  }
  FUSEGRAD_HD static constexpr auto combine(auto x, auto y) {
    using math::where;
    return where(y != y, x, y);
  }
} held;

/// The extremum of all elements up to each. Its derivatives are those of holding it from where it is reached; NaN has
/// the slope NaN.
template <class Op, class Total>
struct running_extremum : running<Op, Total> {
  static constexpr auto floating(symbolic auto x) {
    const auto y = running<Op, Total>::underived(x);
    return with_derivatives(y, held(where(x == y, x, __builtin_nan(""))) + where(isnan(x), x * x, 0.0));
  }
};

}  // namespace parts

/// cummax(x): the largest of all elements up to each, along the last axis; NaN from the first NaN on. Exact. Derivative
/// 1 with respect to the last element up to there that has this value, otherwise 0; rows of no elements have none.
inline constexpr struct cummax_t : parts::running_extremum<cummax_t, largest_t> {
  static constexpr std::string_view name = "cummax";
} cummax;

/// cummin(x): the smallest of all elements up to each, along the last axis; otherwise as cummax.
inline constexpr struct cummin_t : parts::running_extremum<cummin_t, smallest_t> {
  static constexpr std::string_view name = "cummin";
} cummin;

namespace parts {
/// A cumsum of what ranges widely: its adjoints are summed from the other end, as what is left of the sum of all would
/// lose the small ones.
inline constexpr struct wide_cumsum_t : running<wide_cumsum_t, sum_t> {
  static constexpr std::string_view name = "wide_cumsum";
  static constexpr std::string_view meaning = "the sum of the elements up to each, of any range";
  static constexpr bool additive = true;
} wide_cumsum;
}  // namespace parts

/// logcumsumexp(x): log(cumsum(exp(x))) along the last axis, without overflow, accurate whatever the range of a row.
/// Derivative exp(x[j] - y[i]) for j <= i, to any order, of results that lie no further below the row's largest element
/// than exponentials reach, 85 in float and 690 in double; beyond it is 0.
inline constexpr struct logcumsumexp_t : parts::running<logcumsumexp_t, largest_t> {
  static constexpr std::string_view name = "logcumsumexp";
  static constexpr operand_rule operands = operand_rule::real;
  static constexpr bool carries_wide = true;
  FUSEGRAD_HD static constexpr auto combine(auto x, auto y) {
    using math::logaddexp;
    return logaddexp(x, y);
  }

  static constexpr auto floating(symbolic auto x) {
    const auto sums = parts::wide_cumsum(parts::relative_exp(x));
    const auto least = parts::constant_like(x, (*x.owner())[x.value()].type == dtype::f32 ? 1e-37 : 1e-300);
    return parts::with_derivatives(underived(x), log(where(sums < least, 1.0, sums)));
  }
} logcumsumexp;

/// The position of the largest element, or of the first NaN; the first one among equals. No derivative. Over several
/// axes: the position in row-major order.
inline constexpr struct argmax_t : composed_reduction<argmax_t> {
  static constexpr std::string_view name = "argmax";
  static constexpr auto value(symbolic auto x) { return parts::first_position(x, max(x)); }
  static constexpr std::int64_t value(element auto) { return 0; }
} argmax;

/// The position of the smallest element, or of the first NaN; the first one among equals. No derivative.
inline constexpr struct argmin_t : composed_reduction<argmin_t> {
  static constexpr std::string_view name = "argmin";
  static constexpr auto value(symbolic auto x) { return parts::first_position(x, min(x)); }
  static constexpr std::int64_t value(element auto) { return 0; }
} argmin;

}  // namespace fusegrad
