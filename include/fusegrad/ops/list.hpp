// The list of operations. A new one is a struct in one of the headers below and its name here; from the list follow
// the set of types that tests and tools go through, and the functions that argument-dependent lookup finds.
#pragma once

#include "activations.hpp"
#include "cross_entropy.hpp"
#include "incomplete.hpp"
#include "joins.hpp"
#include "roll.hpp"
#include "sorting.hpp"

#define FUSEGRAD_ELEMENTWISE(each)                                                                                    \
  each(neg) each(add) each(sub) each(mul) each(div) each(reciprocal) each(fma) each(multiply_add) each(square)        \
      each(stop_gradient) each(equal) each(not_equal) each(less) each(less_equal) each(logical_and) each(logical_or)  \
          each(logical_not) each(where) each(isnan) each(isinf) each(isfinite) each(abs) each(sign) each(copysign)    \
              each(floor) each(ceil) each(round) each(trunc) each(fmod) each(remainder) each(max) each(min)           \
                  each(clamp) each(lerp) each(sqrt) each(rsqrt) each(cbrt) each(pow) each(hypot) each(exp) each(exp2) \
                      each(expm1) each(log) each(log2) each(log10) each(log1p) each(logaddexp) each(xlogy) each(sin)  \
                          each(cos) each(tan) each(asin) each(acos) each(atan) each(atan2) each(sinc) each(sinh)      \
                              each(cosh) each(tanh) each(asinh) each(acosh) each(atanh) each(erf) each(erfc)          \
                                  each(erfinv) each(nan_to_num) each(normal_cdf) each(log_normal_cdf) each(lgamma)    \
                                      each(digamma) each(polygamma) each(lbeta) each(gammainc) each(gammaincc)        \
                                          each(betainc) each(relu) each(relu6) each(leaky_relu) each(elu) each(selu)  \
                                              each(celu) each(hardtanh) each(hardsigmoid) each(hardswish)             \
                                                  each(sigmoid) each(log_sigmoid) each(logit) each(softplus)          \
                                                      each(softsign) each(silu) each(gelu) each(gelu_tanh) each(mish) \
                                                          each(squareplus)

#define FUSEGRAD_REDUCTIONS(each)                                                                                \
  each(sum) each(prod) each(any) each(all) each(count) each(mean) each(nansum) each(nanmean) each(var) each(std) \
      each(norm) each(norm1) each(norm_inf) each(logsumexp) each(argmax) each(argmin) each(median) each(quantile)

#define FUSEGRAD_ROW_FUNCTIONS(each)                                                                              \
  each(softmax) each(log_softmax) each(normalize) each(cosine_similarity) each(cumsum) each(cumprod) each(cummax) \
      each(cummin) each(logcumsumexp) each(sort) each(argsort)

// What others are composed of, and is not composed itself.
#define FUSEGRAD_PARTS(each)                                                                                         \
  each(beta_density) each(betainc_slope_a) each(betainc_slope_b) each(counts_as_larger) each(counts_as_smaller)      \
      each(decay) each(decided_max) each(decided_min) each(deviations) each(exp_nonpositive) each(gamma_density)     \
          each(gammainc_slope) each(held) each(log_1p2) each(nonzero_prod) each(normal_tail) each(polygamma_rise)    \
              each(real_power) each(reciprocal_12) each(share) each(sinc_derivative) each(stretched_expm1) each(top) \
                  each(total) each(undecided) each(wide_cumsum)

namespace fusegrad {

template <class... T>
struct type_list {
  static constexpr int size = sizeof...(T);
};

namespace ops {

namespace detail {
template <class Placeholder, class... T>
using listed = type_list<T...>;
}  // namespace detail

#define FUSEGRAD_TYPE(name) , name##_t
/// All elementwise operations that have a public name; max and min are reductions as well.
using elementwise = detail::listed<void FUSEGRAD_ELEMENTWISE(FUSEGRAD_TYPE)>;
/// All reductions but max and min.
using reductions = detail::listed<void FUSEGRAD_REDUCTIONS(FUSEGRAD_TYPE)>;
using row_functions = detail::listed<void FUSEGRAD_ROW_FUNCTIONS(FUSEGRAD_TYPE)>;
#undef FUSEGRAD_TYPE
#define FUSEGRAD_TYPE(name) , fusegrad::parts::name##_t
/// What others are composed of, and is not composed itself.
using parts = detail::listed<void FUSEGRAD_PARTS(FUSEGRAD_TYPE)>;
#undef FUSEGRAD_TYPE

}  // namespace ops

namespace adl {

#define FUSEGRAD_FUNCTION(name)                       \
  template <class... X>                               \
    requires(operand<X> && ...) && (traced<X> || ...) \
  constexpr auto name(const X&... x) {                \
    return fusegrad::name(x...);                      \
  }
FUSEGRAD_ELEMENTWISE(FUSEGRAD_FUNCTION)
FUSEGRAD_REDUCTIONS(FUSEGRAD_FUNCTION)
#undef FUSEGRAD_FUNCTION

// the same over some axes
#define FUSEGRAD_FUNCTION(name)                                                                                   \
  template <traced X, class... Rest>                                                                              \
    requires requires(const X& x, const Rest&... rest) { fusegrad::name(x, rest...); } && (!operand<Rest> || ...) \
  constexpr auto name(const X& x, const Rest&... rest) {                                                          \
    return fusegrad::name(x, rest...);                                                                            \
  }
FUSEGRAD_REDUCTIONS(FUSEGRAD_FUNCTION)
FUSEGRAD_ROW_FUNCTIONS(FUSEGRAD_FUNCTION)
FUSEGRAD_FUNCTION(max)
FUSEGRAD_FUNCTION(min)
#undef FUSEGRAD_FUNCTION

// Generic code says `using std::max; max(x, y)`: to std::max, a template of one type, only such a one is preferred.
#define FUSEGRAD_FUNCTION(name)                 \
  template <traced X>                           \
  constexpr auto name(const X& x, const X& y) { \
    return fusegrad::name(x, y);                \
  }
FUSEGRAD_FUNCTION(max)
FUSEGRAD_FUNCTION(min)
#undef FUSEGRAD_FUNCTION

}  // namespace adl
}  // namespace fusegrad

#undef FUSEGRAD_ELEMENTWISE
#undef FUSEGRAD_REDUCTIONS
#undef FUSEGRAD_ROW_FUNCTIONS
#undef FUSEGRAD_PARTS
