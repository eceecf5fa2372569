// Activations in pieces, as PyTorch defines them. At a kink the slope is that of the lower side; NaN stays NaN.
#pragma once

#include "special.hpp"

namespace fusegrad {

namespace parts {

/// A parameter's default, in the type of the operand it goes with if that is a number.
template <operand X>
constexpr auto parameter(const X&, double value) {
  if constexpr (std::is_same_v<X, float>) return static_cast<float>(value);
  else return value;
}

/// Operations of which the second operand is a parameter that has a default.
template <class Op>
struct parametrized : composite<Op, 2> {
  using operation<Op, 2>::operator();
  template <operand X>
  constexpr auto operator()(const X& x) const {
    return Op{}(x, parameter(x, Op::parameter));
  }
};

/// Of full accuracy near 0, where both are small.
inline constexpr struct stretched_expm1_t : elementwise<stretched_expm1_t, 1> {
  static constexpr std::string_view name = "stretched_expm1";
  static constexpr std::string_view meaning = "expm1(x) - x exp(x)";
  static constexpr std::array samples{-3.0, -1.0, -1e-8, 0.5};
  FUSEGRAD_HD static constexpr auto value(std::floating_point auto x) { return math::stretched_expm1(x); }
  static constexpr auto partials(symbolic auto x, symbolic auto) { return -weighted(x, exp(x)); }
} stretched_expm1;

}  // namespace parts

/// max(x, 0). Slope 0 at 0.
inline constexpr struct relu_t : composite<relu_t, 1> {
  static constexpr std::string_view name = "relu";
  static constexpr operand_rule operands = operand_rule::arithmetic;
  static constexpr std::array samples{-2.0, 0.0, 1.5};
  static constexpr auto value(auto x) { return where(x <= 0, 0, x); }
} relu;

/// min(max(x, 0), 6). Slope 0 at 0 and at 6.
inline constexpr struct relu6_t : composite<relu6_t, 1> {
  static constexpr std::string_view name = "relu6";
  static constexpr operand_rule operands = operand_rule::arithmetic;
  static constexpr std::array samples{-2.0, 0.0, 1.5, 6.0, 7.0};
  static constexpr auto value(auto x) { return where(x <= 0, 0, where(x >= 6, 6, x)); }
} relu6;

/// leaky_relu(x, slope = 0.01): x for positive x, otherwise slope x; slope at 0.
inline constexpr struct leaky_relu_t : parts::parametrized<leaky_relu_t> {
  static constexpr std::string_view name = "leaky_relu";
  static constexpr double parameter = 0.01;
  static constexpr std::array samples{-2.0, 0.0, 1.5};
  static constexpr auto value(auto x, auto slope) { return where(x <= 0, slope * x, x); }
} leaky_relu;

/// elu(x, alpha = 1): x for positive x, otherwise alpha (e^x - 1); slope alpha at 0.
inline constexpr struct elu_t : parts::parametrized<elu_t> {
  static constexpr std::string_view name = "elu";
  static constexpr double parameter = 1;
  static constexpr std::array samples{-20.0, -1.0, 0.5, 1.5};
  static constexpr auto value(auto x, auto alpha) { return where(x > 0, x, alpha * expm1(x)); }
} elu;

/// scale elu(x, alpha), with the constants that preserve mean 0 and variance 1 (Klambauer et al. 2017).
inline constexpr struct selu_t : composite<selu_t, 1> {
  static constexpr std::string_view name = "selu";
  static constexpr std::array samples{-20.0, -1.0, 0.5, 1.5};
  static constexpr auto value(auto x) {
    constexpr double scale = 1.0507009873554804934, alpha = 1.6732632423543772848;
    return where(x > 0, scale * x, scale * alpha * expm1(x));
  }
} selu;

namespace parts {

// The derivatives of celu for x <= 0, in u = x / alpha. Where exp(u) is zero so is what it is multiplied with, however
// large u is.

/// exp(x / alpha).
inline constexpr struct celu_slope_t : composite<celu_slope_t, 2> {
  static constexpr std::string_view name = "celu_slope";
  static constexpr std::array samples{-20.0, -1.0, 0.5, 1.5};
  static constexpr auto value(auto x, auto alpha) { return exp(x / alpha); }
  static constexpr auto partials(symbolic auto x, symbolic auto alpha, symbolic auto y) {
    return outputs(y / alpha, -(weighted(x / alpha, y) / alpha));
  }
} celu_slope;

/// expm1(u) - u exp(u).
inline constexpr struct celu_stretch_t : composite<celu_stretch_t, 2> {
  static constexpr std::string_view name = "celu_stretch";
  static constexpr std::array samples{-20.0, -1.0, 0.5, 1.5};
  static constexpr auto value(auto x, auto alpha) { return stretched_expm1(x / alpha); }
  static constexpr auto partials(symbolic auto x, symbolic auto alpha, symbolic auto) {
    const auto u = x / alpha, first = weighted(u, exp(u));
    return outputs(-(first / alpha), weighted(u, first) / alpha);
  }
} celu_stretch;

}  // namespace parts

/// celu(x, alpha = 1): x for positive x, otherwise alpha (e^(x / alpha) - 1), alpha > 0; the slope is continuous.
inline constexpr struct celu_t : parts::parametrized<celu_t> {
  static constexpr std::string_view name = "celu";
  static constexpr double parameter = 1;
  static constexpr std::array samples{-20.0, -1.0, 0.5, 1.5};
  static constexpr auto value(auto x, auto alpha) { return where(x > 0, x, alpha * expm1(x / alpha)); }
  static constexpr auto partials(symbolic auto x, symbolic auto alpha, symbolic auto) {
    return outputs(where(x > 0, 1.0, parts::celu_slope(x, alpha)), where(x > 0, 0.0, parts::celu_stretch(x, alpha)));
  }
} celu;

/// x between -1 and 1, otherwise that bound. Slope 0 at both.
inline constexpr struct hardtanh_t : composite<hardtanh_t, 1> {
  static constexpr std::string_view name = "hardtanh";
  static constexpr operand_rule operands = operand_rule::arithmetic;
  static constexpr std::array samples{-2.0, -1.0, 0.5, 1.0, 3.0};
  static constexpr auto value(auto x) { return where(x <= -1, -1, where(x >= 1, 1, x)); }
} hardtanh;

/// (x + 3) / 6 between -3 and 3, otherwise 0 and 1. Slope 0 at both bounds.
inline constexpr struct hardsigmoid_t : composite<hardsigmoid_t, 1> {
  static constexpr std::string_view name = "hardsigmoid";
  static constexpr std::array samples{-4.0, -3.0, 0.5, 3.0, 5.0};
  static constexpr auto value(auto x) { return where(x <= -3, 0.0, where(x >= 3, 1.0, (x + 3) * (1.0 / 6))); }
} hardsigmoid;

/// x hardsigmoid(x). Slope 0 at -3 and 1 at 3.
inline constexpr struct hardswish_t : composite<hardswish_t, 1> {
  static constexpr std::string_view name = "hardswish";
  static constexpr std::array samples{-4.0, -3.0, 0.5, 3.0, 5.0};
  static constexpr auto value(auto x) { return where(x <= -3, 0.0, where(x >= 3, x, x * (x + 3) * (1.0 / 6))); }
} hardswish;

}  // namespace fusegrad
