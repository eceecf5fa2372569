// Exponentials and logarithms. At zero a logarithm is -infinity with slope +infinity.
#pragma once

#include "extrema.hpp"

namespace fusegrad {

/// e^x. Derivative e^x.
inline constexpr struct exp_t : elementwise<exp_t, 1> {
  static constexpr std::string_view name = "exp";
  static constexpr std::array samples{-20.0, -1.0, 0.0, 0.5, 3.0};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::exp;
    return exp(x);
  }
  static constexpr auto partials(symbolic auto, symbolic auto y) { return y; }
  static constexpr auto complement(symbolic auto x);
  static constexpr auto logarithm(symbolic auto x) { return x; }
} exp;

/// 2^x. Derivative 2^x log 2.
inline constexpr struct exp2_t : elementwise<exp2_t, 1> {
  static constexpr std::string_view name = "exp2";
  static constexpr std::array samples{-20.0, -1.0, 0.0, 0.5, 3.0};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::exp2;
    return exp2(x);
  }
  static constexpr auto partials(symbolic auto, symbolic auto y) { return 0.693147180559945309 * y; }
} exp2;

/// e^x - 1, accurate near 0. Derivative e^x, which y + 1 would lose where y is near -1.
inline constexpr struct expm1_t : elementwise<expm1_t, 1> {
  static constexpr std::string_view name = "expm1";
  static constexpr std::array samples{-20.0, -1.0, 1e-8, 0.5, 3.0};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::expm1;
    return expm1(x);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto) { return exp(x); }
} expm1;

constexpr auto exp_t::complement(symbolic auto x) { return -expm1(x); }

/// The natural logarithm. Derivative 1/x. Domain x >= 0.
inline constexpr struct log_t : elementwise<log_t, 1> {
  static constexpr std::string_view name = "log";
  static constexpr std::array samples{1e-8, 0.5, 1.0, 3.0, 1e8};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::log;
    return log(x);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto) { return reciprocal(x); }
  static constexpr int simplify(ir::builder& b, const int* x);
} log;

/// The logarithm to base 2. Derivative 1/(x log 2). Domain x >= 0.
inline constexpr struct log2_t : elementwise<log2_t, 1> {
  static constexpr std::string_view name = "log2";
  static constexpr std::array samples{1e-8, 0.5, 1.0, 3.0, 1e8};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::log2;
    return log2(x);
  }
  // one division: reciprocal(x) would overflow where this does not
  static constexpr auto partials(symbolic auto x, symbolic auto) { return 1.44269504088896341 / x; }
} log2;

/// The logarithm to base 10. Derivative 1/(x log 10). Domain x >= 0.
inline constexpr struct log10_t : elementwise<log10_t, 1> {
  static constexpr std::string_view name = "log10";
  static constexpr std::array samples{1e-8, 0.5, 1.0, 3.0, 1e8};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::log10;
    return log10(x);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto) { return 0.434294481903251828 / x; }
} log10;

/// log(1 + x), accurate near 0. Derivative 1/(1 + x). Domain x >= -1.
inline constexpr struct log1p_t : elementwise<log1p_t, 1> {
  static constexpr std::string_view name = "log1p";
  static constexpr std::array samples{-0.5, 1e-8, 0.5, 1.0, 1e8};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::log1p;
    return log1p(x);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto) { return reciprocal(1.0 + x); }
  static constexpr int simplify(ir::builder& b, const int* x);
} log1p;

namespace parts {

/// x - y, and 0 between equal infinities. Derivatives 1 and -1.
inline constexpr struct finite_difference_t : composite<finite_difference_t, 2> {
  static constexpr std::string_view name = "finite_difference";
  static constexpr std::array samples{-3.0, 0.5, 20.0};
  static constexpr auto value(auto x, auto y) { return where(x == y, 0.0, x - y); }
  static constexpr auto partials(symbolic auto, symbolic auto, symbolic auto) { return outputs(1.0, -1.0); }
} finite_difference;

/// The derivative of the logistic function, e / (1 + e)^2 with e = exp(-|x|). Its own, -y tanh(x/2), cancels nowhere.
inline constexpr struct sigmoid_slope_t : composite<sigmoid_slope_t, 1> {
  static constexpr std::string_view name = "sigmoid_slope";
  static constexpr std::array samples{-3.0, -1.0, 0.5, 2.0};
  static constexpr auto value(auto x) {
    const auto e = decay(x);
    const auto r = reciprocal_12(1.0 + e);
    return e * r * r;
  }
  static constexpr auto partials(symbolic auto x, symbolic auto y);
} sigmoid_slope;

}  // namespace parts

/// The logistic function 1 / (1 + exp(-x)). Derivative sigmoid(x) sigmoid(-x), which stays accurate in both tails.
inline constexpr struct sigmoid_t : composite<sigmoid_t, 1> {
  static constexpr std::string_view name = "sigmoid";
  static constexpr std::array samples{-20.0, -1.0, 0.0, 0.5, 3.0};
  static constexpr auto value(auto x) {
    const auto e = parts::decay(x);
    const auto r = parts::reciprocal_12(1.0 + e);
    return where(x >= 0, r, e * r);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto) { return parts::sigmoid_slope(x); }
  static constexpr auto complement(symbolic auto x);
  static constexpr auto logarithm(symbolic auto x);
} sigmoid;

namespace parts {

/// sigmoid(-x), from the same parts as sigmoid(x).
inline constexpr struct sigmoid_of_negative_t : composite<sigmoid_of_negative_t, 1> {
  static constexpr std::string_view name = "sigmoid_of_negative";
  static constexpr std::array samples{-3.0, -1.0, 0.0, 0.5, 20.0};
  static constexpr auto value(auto x) {
    const auto e = decay(x);
    const auto r = reciprocal_12(1.0 + e);
    return where(x >= 0, e * r, r);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto) { return -sigmoid_slope(x); }
  static constexpr auto complement(symbolic auto x) { return sigmoid(x); }
  static constexpr auto logarithm(symbolic auto x);
} sigmoid_of_negative;

}  // namespace parts

/// log(exp(x) + exp(y)), without overflow. Derivatives sigmoid(x - y) and sigmoid(y - x); of two infinities: 0 each at
/// -infinity, 1/2 each at +infinity.
inline constexpr struct logaddexp_t : composite<logaddexp_t, 2> {
  static constexpr std::string_view name = "logaddexp";
  static constexpr std::array samples{-3.0, 0.5, 20.0};
  static constexpr auto value(auto x, auto y) {
    return max(x, y) + parts::log_1p2(parts::decay(parts::finite_difference(x, y)));
  }
  static constexpr auto partials(symbolic auto x, symbolic auto y, symbolic auto z) {
    const auto difference = parts::finite_difference(x, y);
    const auto nowhere = z == -__builtin_inf();
    return outputs(where(nowhere, 0.0, sigmoid(difference)),
                   where(nowhere, 0.0, parts::sigmoid_of_negative(difference)));
  }
} logaddexp;

/// x log(y), and 0 where x = 0 for every y but NaN. Derivatives log(y) and x/y; 0 and 0 at (0, 0). Domain y >= 0.
inline constexpr struct xlogy_t : composite<xlogy_t, 2> {
  static constexpr std::string_view name = "xlogy";
  static constexpr std::array samples{0.5, 1.0, 3.0};
  static constexpr auto value(auto x, auto y) { return where(x == 0 && !isnan(y), 0.0, x * log(y)); }
  static constexpr auto partials(symbolic auto x, symbolic auto y, symbolic auto) {
    const auto origin = x == 0 && y == 0;
    return outputs(where(origin, 0.0, log(y)), where(origin, 0.0, x / y));
  }
} xlogy;

}  // namespace fusegrad
