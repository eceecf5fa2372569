// The promises: how far the value and the derivatives of each operation may be off.
#include "findings.hpp"

namespace oracle {

accuracy accuracy_of(std::string_view op) {
  struct entry {
    std::string_view op;
    accuracy promised;
  };
  constexpr double exact = 0.501;
  static constexpr accuracy exactly{exact, exact, 0}, exactly_but_sign_of_zero{exact, exact, 0, false};
  // sums that cancel, and factors whose rounding an exponential or a logarithm raises
  static constexpr accuracy cancels{4, 4, 16, true, true}, any_zero_cancels{3, 4, 16, false, true};
  static constexpr accuracy tail{4, 5, 16, true, true, true, true}, small_slope{3, 3, 16, true, false, true};
  // exponentials of what is as large as the shapes, and derivatives of continued fractions
  static constexpr accuracy incomplete{4, 16, 128, true, true, true, true};
  static constexpr entry entries[]{
      {"add", exactly},
      {"sub", exactly},
      {"mul", exactly},
      {"neg", exactly},
      {"fma", exactly},
      {"abs", exactly},
      {"where", exactly},
      {"equal", exactly},
      {"not_equal", exactly},
      {"less", exactly},
      {"less_equal", exactly},
      {"greater", exactly},
      {"greater_equal", exactly},
      {"logical_and", exactly},
      {"logical_or", exactly},
      {"logical_not", exactly},
      {"isnan", exactly},
      {"isinf", exactly},
      {"isfinite", exactly},
      {"max", exactly},
      {"min", exactly},
      {"clamp", exactly},
      {"floor", exactly},
      {"ceil", exactly},
      {"trunc", exactly},
      {"round", exactly},
      {"copysign", exactly},
      {"hardtanh", exactly},
      {"square", exactly},
      {"sign", exactly_but_sign_of_zero},
      {"relu", exactly_but_sign_of_zero},
      {"relu6", exactly_but_sign_of_zero},
      {"leaky_relu", exactly_but_sign_of_zero},
      {"xlogy", {.signed_zero = false}},
      {"hardswish", {.signed_zero = false}},
      {"logaddexp", {.signed_zero = false}},
      {"elu", {.signed_zero = false}},
      {"div", {1.5, 1.5, 8}},
      {"reciprocal", {1.5, 1.5, 8}},
      {"sqrt", {exact, exact, 8}},
      {"fmod", {exact, exact, 2}},
      {"remainder", {exact, exact, 2}},
      {"pown", {6, 6}},
      {"erfc", {3, 4}},
      {"lerp", any_zero_cancels},
      {"sinc", any_zero_cancels},
      {"logit", {4, 4, 16}},
      {"lgamma", cancels},
      {"digamma", cancels},
      {"lbeta", cancels},
      {"gammainc", incomplete},
      {"gammaincc", incomplete},
      {"betainc", incomplete},
      {"trigamma", cancels},
      {"tetragamma", cancels},
      {"normal_cdf", tail},
      {"log_normal_cdf", {4, 4, 512, true, true}},  // x and the slope cancel in the second derivative
      {"gelu", tail},
      {"gelu_tanh", tail},
      {"silu", tail},
      {"mish", tail},
      {"celu", small_slope},
      {"pow", small_slope},
      {"atan", small_slope},
      {"atan2", small_slope},
      {"hypot", small_slope},
  };
  for (const entry& e : entries)
    if (e.op == op) return e.promised;
  return {};
}

bool accepted(std::string_view op, std::size_t column, const std::vector<double>& x, bool single) {
  // pi x is rounded: beyond a million no digit of a slope is left, and the value is small whatever it is
  if (op == "sinc" && column > 0 && std::abs(x[0]) > 1e6) return true;
  // glibc reduces this one argument, the double nearest to a multiple of pi / 2, with an error of some ulp
  if ((op == "cos" || op == "tan") && std::abs(x[0]) == 0x1.6ac5b262ca1ffp+849) return true;
  // slopes of quotients are made of one shared reciprocal: where it or its square leaves float's range, a zero or an
  // infinite numerator meets the opposite, and the slope is NaN
  if (single && column > 0 && (op == "div" || op == "xlogy") && (x[0] == 0 || std::isinf(x[0]))) {
    const float r = 1 / static_cast<float>(x[1]), r2 = r * r;
    return std::isinf(r2) || std::abs(r2) < std::numeric_limits<float>::min();
  }
  return false;
}

}  // namespace oracle
