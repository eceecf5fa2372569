// Smooth activations. All that have to do with the logistic function are written with e = exp(-|x|), which they share;
// where an input is infinite they take their limits.
#pragma once

#include "rectifiers.hpp"

namespace fusegrad {

/// log(1 + exp(x)), without overflow. Derivative sigmoid(x).
inline constexpr struct softplus_t : composite<softplus_t, 1> {
  static constexpr std::string_view name = "softplus";
  static constexpr std::array samples{-20.0, -1.0, 0.0, 0.5, 3.0};
  static constexpr auto value(auto x) { return where(x >= 0, x, 0.0) + parts::log_1p2(parts::decay(x)); }
  static constexpr auto partials(symbolic auto x, symbolic auto) { return sigmoid(x); }
} softplus;

/// log(sigmoid(x)) = -softplus(-x). Derivative sigmoid(-x).
inline constexpr struct log_sigmoid_t : composite<log_sigmoid_t, 1> {
  static constexpr std::string_view name = "log_sigmoid";
  static constexpr std::array samples{-20.0, -1.0, 0.0, 0.5, 3.0};
  static constexpr auto value(auto x) { return where(x >= 0, 0.0, x) - parts::log_1p2(parts::decay(x)); }
  static constexpr auto partials(symbolic auto x, symbolic auto) { return parts::sigmoid_of_negative(x); }
} log_sigmoid;

// What users write instead.

constexpr auto sigmoid_t::complement(symbolic auto x) { return parts::sigmoid_of_negative(x); }
constexpr auto sigmoid_t::logarithm(symbolic auto x) { return log_sigmoid(x); }
constexpr auto parts::sigmoid_of_negative_t::logarithm(symbolic auto x) { return log_sigmoid(-x); }

constexpr int log_t::simplify(ir::builder& b, const int* x) {
  const ir::instruction of = b[x[0]];
  if (of.op == &ir::info<add_t> && b.is_constant(of.x[1], 1.0))
    return b.keeps_digits(b.emit(ir::info<log1p_t>, of.x[0]));  // log(1 + x)
  if (of.op == &ir::info<sub_t> && b.is_constant(of.x[0], 1.0))
    return b.keeps_digits(b.emit(ir::info<log1p_t>, b.emit(ir::info<neg_t>, of.x[1])));  // log(1 - x)
  return detail::better(b, x[0], &ir::op_info::logarithm);
}

constexpr int log1p_t::simplify(ir::builder& b, const int* x) {
  const ir::instruction of = b[x[0]];
  if (of.op == &ir::info<exp_t>) return b.keeps_digits(softplus(ir::symbol(&b, of.x[0])).value());  // log(1 + exp(x))
  if (of.op != &ir::info<neg_t>) return -1;
  // log(1 - y) where both are known in another form, each from the operation it is of
  const int rest = detail::better(b, of.x[0], &ir::op_info::complement);
  return rest < 0 ? -1 : detail::better(b, rest, &ir::op_info::logarithm);
}

namespace parts {
/// x (1 - x). Derivative 1 - 2x.
inline constexpr struct times_complement_t : composite<times_complement_t, 1> {
  static constexpr std::string_view name = "times_complement";
  static constexpr std::array samples{-0.5, 0.0, 0.25, 1.0};
  static constexpr auto value(auto x) { return x * (1.0 - x); }
  static constexpr auto partials(symbolic auto x, symbolic auto) { return 1.0 - 2.0 * x; }
} times_complement;
}  // namespace parts

/// log(x / (1 - x)), the inverse of sigmoid. Derivative 1 / (x (1 - x)). Domain 0 <= x <= 1, infinite at the ends.
inline constexpr struct logit_t : composite<logit_t, 1> {
  static constexpr std::string_view name = "logit";
  static constexpr std::array samples{1e-8, 0.25, 0.5, 0.75};
  static constexpr auto value(auto x) {
    const auto rest = 1.0 - x, odds = x / rest;
    // near 1/2, what the odds lose by rounding is all there is
    const auto lost = (2.0 * x - 1.0) / rest - (odds - 1.0);
    return log(odds) + where(odds > 0.5 && odds < 2.0, lost / odds, 0.0);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto) { return reciprocal(parts::times_complement(x)); }
} logit;

/// x / (1 + |x|). Derivative 1 / (1 + |x|)^2.
inline constexpr struct softsign_t : composite<softsign_t, 1> {
  static constexpr std::string_view name = "softsign";
  static constexpr std::array samples{-20.0, -1.0, 1e-8, 0.5, 3.0};
  // from 1e18 on the result is 1 in double too; beyond, nothing is gained, and infinity would be divided by itself
  static constexpr auto value(auto x) {
    const auto size = abs(x);
    const auto bounded = where(size > 1e18, 1e18, size);
    return copysign(bounded / (1.0 + bounded), x);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto) {
    const auto r = reciprocal(1.0 + abs(x));
    return r * r;
  }
} softsign;

/// x sigmoid(x), also called swish. Derivative sigmoid(x) + x sigmoid'(x).
inline constexpr struct silu_t : composite<silu_t, 1> {
  static constexpr std::string_view name = "silu";
  static constexpr std::array samples{-20.0, -1.0, 1e-8, 0.5, 3.0};
  static constexpr auto value(auto x) { return parts::weighted(x, sigmoid(x)); }
  static constexpr auto partials(symbolic auto x, symbolic auto) {
    return sigmoid(x) + parts::weighted(x, parts::sigmoid_slope(x));
  }
} silu;

/// x normal_cdf(x), the exact one. Derivative normal_cdf(x) + x exp(-x^2/2) / sqrt(2 pi).
inline constexpr struct gelu_t : composite<gelu_t, 1> {
  static constexpr std::string_view name = "gelu";
  static constexpr std::array samples{-5.0, -1.0, 1e-8, 0.5, 3.0};
  static constexpr auto value(auto x) { return parts::weighted(x, normal_cdf(x)); }
  static constexpr auto partials(symbolic auto x, symbolic auto) {
    return normal_cdf(x) + parts::weighted(x, parts::normal_density(x));
  }
} gelu;

namespace parts {

// u = 2 sqrt(2/pi) (x + 0.044715 x^3) and its derivatives.
inline constexpr double gelu_linear = 1.59576912160573071, gelu_cubic = 0.044715 * gelu_linear;
template <operand X>
constexpr auto gelu_inner(const X& x) {
  return x * (gelu_linear + gelu_cubic * (x * x));
}

/// sigmoid(u) + x sigmoid'(u) u'.
inline constexpr struct gelu_tanh_slope_t : composite<gelu_tanh_slope_t, 1> {
  static constexpr std::string_view name = "gelu_tanh_slope";
  static constexpr std::array samples{-5.0, -1.0, 1e-8, 0.5, 3.0};
  static constexpr auto value(auto x) {
    const auto u = gelu_inner(x);
    return sigmoid(u) + weighted(x * (gelu_linear + 3 * gelu_cubic * (x * x)), sigmoid_slope(u));
  }
  static constexpr auto partials(symbolic auto x, symbolic auto) {
    const auto u = gelu_inner(x), first = gelu_linear + 3 * gelu_cubic * (x * x), second = 6 * gelu_cubic * x;
    return weighted(2.0 * first + x * (second - first * first * tanh(0.5 * u)), sigmoid_slope(u));
  }
} gelu_tanh_slope;

}  // namespace parts

/// x sigmoid(2 sqrt(2/pi) (x + 0.044715 x^3)): gelu's approximation by tanh (Hendrycks and Gimpel 2016).
inline constexpr struct gelu_tanh_t : composite<gelu_tanh_t, 1> {
  static constexpr std::string_view name = "gelu_tanh";
  static constexpr std::array samples{-5.0, -1.0, 1e-8, 0.5, 3.0};
  static constexpr auto value(auto x) { return parts::weighted(x, sigmoid(parts::gelu_inner(x))); }
  static constexpr auto partials(symbolic auto x, symbolic auto) { return parts::gelu_tanh_slope(x); }
} gelu_tanh;

namespace parts {

// tanh(softplus(x)) = n / d with, for e = exp(-|x|), n = 1 + 2e and d = n + 2e^2 where x >= 0; below, both are
// multiplied by e^2: n = e (2 + e) and d = n + 2.

/// tanh(softplus(x)).
inline constexpr struct mish_gate_t : composite<mish_gate_t, 1> {
  static constexpr std::string_view name = "mish_gate";
  static constexpr std::array samples{-20.0, -1.0, 1e-8, 0.5, 3.0};
  static constexpr auto value(auto x) {
    const auto e = decay(x);
    const auto n = where(x >= 0, 1.0 + 2.0 * e, e * (2.0 + e));
    return n / (n + where(x >= 0, 2.0 * (e * e), 2.0));
  }
  static constexpr auto partials(symbolic auto x, symbolic auto y);
} mish_gate;

/// The derivative of tanh(softplus(x)): 4 e k (1 + e) / d^2 with k = e where x >= 0, otherwise 1.
inline constexpr struct mish_gate_slope_t : composite<mish_gate_slope_t, 1> {
  static constexpr std::string_view name = "mish_gate_slope";
  static constexpr std::array samples{-20.0, -1.0, 1e-8, 0.5, 3.0};
  static constexpr auto value(auto x) {
    const auto e = decay(x);
    const auto n = where(x >= 0, 1.0 + 2.0 * e, e * (2.0 + e));
    const auto r = reciprocal(n + where(x >= 0, 2.0 * (e * e), 2.0));
    return 4.0 * e * where(x >= 0, e, 1.0) * (1.0 + e) * r * r;
  }
  static constexpr auto partials(symbolic auto x, symbolic auto y) {
    return y * (sigmoid_of_negative(x) - 2.0 * mish_gate(x) * sigmoid(x));
  }
} mish_gate_slope;

constexpr auto mish_gate_t::partials(symbolic auto x, symbolic auto) { return mish_gate_slope(x); }

}  // namespace parts

/// x tanh(softplus(x)) (Misra 2019).
inline constexpr struct mish_t : composite<mish_t, 1> {
  static constexpr std::string_view name = "mish";
  static constexpr std::array samples{-20.0, -1.0, 1e-8, 0.5, 3.0};
  static constexpr auto value(auto x) { return parts::weighted(x, parts::mish_gate(x)); }
  static constexpr auto partials(symbolic auto x, symbolic auto) {
    return parts::mish_gate(x) + parts::weighted(x, parts::mish_gate_slope(x));
  }
} mish;

namespace parts {

/// s = sqrt(x^2 + b). Derivatives x/s and 1/(2s).
inline constexpr struct smooth_abs_t : composite<smooth_abs_t, 2> {
  static constexpr std::string_view name = "smooth_abs";
  static constexpr std::array samples{0.5, 1.5, 4.0};
  static constexpr auto value(auto x, auto b) { return hypot(x, sqrt(b)); }
  static constexpr auto partials(symbolic auto x, symbolic auto, symbolic auto s) {
    return outputs(where(isinf(x), sign(x), x / s), 0.5 * reciprocal(s));
  }
} smooth_abs;

/// (1 + |x|/s) / 2.
template <operand X, operand B>
constexpr auto upper_slope(const X& x, const B& b) {
  return 0.5 + 0.5 * where(isinf(x), 1.0, abs(x) / smooth_abs(x, b));
}

/// (1 + x/s) / 2. For negative x, where that cancels, b / (2 s^2 (1 + |x|/s)). Derivatives b/(2s^3) and -x/(4s^3).
/// Quotients one after another, for 1/s may overflow and s^2 too.
inline constexpr struct squareplus_slope_t : composite<squareplus_slope_t, 2> {
  static constexpr std::string_view name = "squareplus_slope";
  static constexpr std::array samples{0.5, 1.5, 4.0};
  static constexpr auto value(auto x, auto b) {
    const auto s = smooth_abs(x, b), upper = upper_slope(x, b);
    return where(x >= 0, upper, 0.25 * b / s / s / upper);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto b, symbolic auto) {
    const auto s = smooth_abs(x, b);
    return outputs(0.5 * b / s / s / s, where(isinf(x), 0.0, -0.25 * (x / s) / s / s));
  }
} squareplus_slope;

}  // namespace parts

/// squareplus(x, b = 4): (x + sqrt(x^2 + b)) / 2, b >= 0 (Barron 2021).
inline constexpr struct squareplus_t : parts::parametrized<squareplus_t> {
  static constexpr std::string_view name = "squareplus";
  static constexpr double parameter = 4;
  static constexpr std::array samples{0.5, 1.5, 4.0};
  static constexpr auto value(auto x, auto b) {
    const auto s = parts::smooth_abs(x, b);
    return where(x >= 0, 0.5 * abs(x) + 0.5 * s, 0.25 * b / s / parts::upper_slope(x, b));
  }
  static constexpr auto partials(symbolic auto x, symbolic auto b, symbolic auto) {
    return outputs(parts::squareplus_slope(x, b), 0.25 * reciprocal(parts::smooth_abs(x, b)));
  }
} squareplus;

}  // namespace fusegrad
