// What needs the elements of rows in their order: NaN last, -0 and 0 equal, equal elements as they stand.
#pragma once

#include "row_functions.hpp"

namespace fusegrad {

namespace parts {

/// A function of rows along one axis, the last one unless another is named.
template <class Op>
struct along_one_axis : operation<Op, 1> {
  static constexpr int arity = 1;
  static constexpr bool keeps_all = true;
  using operation<Op, 1>::operator();
  template <traced X, int... A>
  constexpr auto operator()(const X& x, axis_list<A...>) const {
    static_assert(sizeof...(A) == 1, "fusegrad: elements are sorted along one axis: fg::sort(x, fg::axis<0>)");
    return adl::apply<along<Op, false, A...>>(x);
  }
  static constexpr ir::layout dimensions(ir::builder& b, const ir::layout& at, ir::axis_set& over) {
    over = detail::axes_named(at, detail::dimensions_named<-1>(b, at.rank));
    return at;
  }
};

}  // namespace parts

/// sort(x): the elements of rows from the smallest to the largest, along the last axis, or the one that is named. NaN
/// are last. Derivative 1 with respect to the element that stands there; of equal ones the first in x is the first.
inline constexpr struct sort_t : parts::along_one_axis<sort_t> {
  static constexpr std::string_view name = "sort";
  static constexpr int trace(ir::builder& b, const int* x, ir::axis_set over) {
    return b.permuted(x[0], b.order(x[0], over), over);
  }
  template <class X>
  static constexpr X on_numbers(X x) {
    return x;
  }
} sort;

/// argsort(x): the positions of the elements that sort(x) returns, as 64-bit integers. No derivative. The argsort of an
/// argsort is the rank of each element, counted from 0.
inline constexpr struct argsort_t : parts::along_one_axis<argsort_t> {
  static constexpr std::string_view name = "argsort";
  static constexpr int trace(ir::builder& b, const int* x, ir::axis_set over) {
    return b.broadcast(b.order(x[0], over), x[0]);
  }
  template <class X>
  static constexpr std::int64_t on_numbers(X) {
    return 0;
  }
} argsort;

namespace parts {

/// lerp, whose ends may be infinite.
inline constexpr struct between_t : composite<between_t, 3> {
  static constexpr std::string_view name = "between";
  static constexpr std::array samples{-2.0, 0.25, 3.0};
  static constexpr auto value(auto a, auto b, auto t) {
    return where(t == 0 || a == b, a, where(t == 1, b, lerp(a, b, t)));
  }
  static constexpr auto partials(symbolic auto a, symbolic auto b, symbolic auto t, symbolic auto) {
    return outputs(1.0 - t, t, b - a);
  }
} between;

}  // namespace parts

/// quantile(x, q): what a part q of the elements is below: the element at position q (n - 1) of sort(x), counted from
/// 0, by linear interpolation between two of them, as in NumPy. q is a number, or one for each row. NaN where an
/// element is NaN, where there are none, and where q is not between 0 and 1. Derivatives: with respect to elements the
/// weights of the interpolation, with respect to q the slope (n - 1) times their difference, at an element that towards
/// the next one. Integers count as double.
inline constexpr struct quantile_t : composed_reduction<quantile_t, 2> {
  static constexpr std::string_view name = "quantile";
  static constexpr auto value(symbolic auto x, symbolic auto q) {
    ir::builder& b = *x.owner();
    if ((b[q.value()].axes & x.over()) != 0) b.fail(ir::trace_error::varying_quantile);
    const ir::symbol rank(&b, b.order(b.order(x.value(), x.over()), x.over()), x.over());
    const ir::symbol n = parts::element_count(x), last = n - 1;
    const ir::symbol known = q >= 0 && q <= 1 && n > 0;
    const ir::symbol place = where(known, cast<double>(q) * last, 0.0), begin = floor(place);
    const ir::symbol first = max(min(cast<std::int64_t>(begin), last - 1), 0), numbers = parts::real(x);
    const ir::symbol part(&b, b.convert((place - first).value(), b[numbers.value()].type), x.over());
    const auto at = [&](const ir::symbol& position) { return sum(where(rank == position, numbers, 0.0)); };
    const ir::symbol missing = sum(where(isnan(numbers), numbers * numbers, 0.0));
    return where(known, parts::between(at(first), at(first + 1), part) + missing, q * __builtin_nan(""));
  }
  template <element X, element Q>
  static constexpr auto value(X x, Q q) {
    using type = typename detail::number_type<operand_rule::real, X>::type;
    return q >= 0 && q <= 1 ? static_cast<type>(x) : static_cast<type>(__builtin_nan(""));
  }
} quantile;

/// median(x): the element in the middle of sort(x); of an even number the mean of the two in the middle, as in NumPy,
/// where PyTorch takes the lower one. NaN where an element is NaN, and where there are none. Derivative 1 with respect
/// to that element, or 1/2 to each of two.
inline constexpr struct median_t : composed_reduction<median_t> {
  static constexpr std::string_view name = "median";
  static constexpr auto value(auto x) { return quantile(x, 0.5); }
} median;

}  // namespace fusegrad
