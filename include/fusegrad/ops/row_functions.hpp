// Functions of rows: what has a value for each element of a row and depends on all of them. Each needs one kernel.
#pragma once

#include "dimensions.hpp"
#include "statistics.hpp"

namespace fusegrad {

namespace parts {
/// 1/x; 0 at 0.
template <operand X>
constexpr auto reciprocal_or_zero(const X& x) {
  return where(x == 0, 0.0, 1.0 / where(x == 0, 1.0, x));
}

/// The position of each element among those that are reduced, in row-major order.
constexpr auto position(symbolic auto x) {
  ir::builder& b = *x.owner();
  const ir::axis_set over = x.over() & b[x.value()].axes;
  ir::symbol made(&b, b.constant(0, dtype::i64), x.over());
  for (int axis = 0; axis < ir::max_axes; ++axis) {
    if (!ir::has_axis(over, axis)) continue;
    const ir::axis_set below = over & ((ir::axis_set{1} << axis) - 1);
    const ir::symbol index(&b, b.convert(b.index(x.value(), axis), dtype::i64), x.over());
    made = made + index * ir::symbol(&b, b.count(x.value(), below), x.over());
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

/// exp(x) / sum(exp(x)), without overflow. A row of -inf has softmax 0 and derivative 0.
inline constexpr struct softmax_t : row_function<softmax_t> {
  static constexpr std::string_view name = "softmax";
  static constexpr auto value(auto x) {
    const auto top = stop_gradient(parts::top(x));
    const auto e = parts::exp_nonpositive(x - where(isfinite(top), top, 0.0));
    return e * parts::reciprocal_or_zero(sum(e));
  }
} softmax;

/// log(softmax(x)) = x - logsumexp(x).
inline constexpr struct log_softmax_t : row_function<log_softmax_t> {
  static constexpr std::string_view name = "log_softmax";
  static constexpr auto value(auto x) { return x - logsumexp(x); }
} log_softmax;

/// x / norm(x); 0 with derivative 0 for a row of zeros.
inline constexpr struct normalize_t : row_function<normalize_t> {
  static constexpr std::string_view name = "normalize";
  static constexpr auto value(auto x) { return x * parts::reciprocal_or_zero(norm(x)); }
} normalize;

/// sum(x y) / (norm(x) norm(y)); 0 where one of them is a row of zeros.
inline constexpr struct cosine_similarity_t : composed_reduction<cosine_similarity_t, 2> {
  static constexpr std::string_view name = "cosine_similarity";
  static constexpr auto value(auto x, auto y) {
    return sum(x * y) * (parts::reciprocal_or_zero(norm(x)) * parts::reciprocal_or_zero(norm(y)));
  }
} cosine_similarity;

/// cumsum(x): the sums of all elements up to each, along the last axis: y[i] = x[0] + ... + x[i]. Tangents are summed
/// up likewise, adjoints from the other end.
inline constexpr struct cumsum_t : operation<cumsum_t, 1> {
  static constexpr int arity = 1;
  static constexpr std::string_view name = "cumsum";
  static constexpr bool additive = true;
  template <class T>
  FUSEGRAD_HD static constexpr T identity() {
    return T(0);
  }
  FUSEGRAD_HD static constexpr auto combine(auto x, auto y) { return math::sum(x, y); }

  static constexpr ir::op_info describe() {
    return {.name = name,
            .hash = ir::hash(name),
            .kind = op_kind::scan,
            .arity = 1,
            .result = result_rule::widened,
            .slice = &cumsum_t::sliced};
  }
  // from the other end it lies in memory; otherwise it begins with the sum of what is left out
  static constexpr int sliced(ir::builder& b, int x, ir::axis_set along, const ir::cut& where) {
    const ir::op_info &total = ir::info<sum_t>, &running = ir::info<cumsum_t>;
    const int axis = ir::lowest_axis(along), end_of_first = where.start + 1;
    if (where.step < 0) {
      const int whole = b.scan(running, x, along);
      return b.pad(whole, axis, where, ir::extents(b.extents_of(whole)));
    }
    if (where.single()) return b.reduce(total, end_of_first == 0 ? x : b.sliced(x, axis, {0, end_of_first, 1}), along);
    if (where.step != 1) b.fail(ir::trace_error::cannot_slice);
    const int rest = b.scan(running, b.sliced(x, axis, where), along);
    if (where.start == 0) return rest;
    return b.emit(ir::info<add_t>, b.reduce(total, b.sliced(x, axis, {0, where.start, 1}), along), rest);
  }
  static constexpr ir::layout dimensions(ir::builder& b, const ir::layout& at, ir::axis_set& over) {
    if (at.rank == 0) b.fail(ir::trace_error::axis_out_of_range);
    over = at.map[0] >= 0 ? ir::axis_set{1} << at.map[0] : 0;
    return at;
  }
  static constexpr int trace(ir::builder& b, const int* x, ir::axis_set over) {
    return b.scan(ir::info<cumsum_t>, x[0], over);
  }
  template <class X>
  static constexpr X on_numbers(X x) {
    return x;
  }
} cumsum;

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
