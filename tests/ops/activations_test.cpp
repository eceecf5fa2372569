// Activations: kinks, saturation, and limits at infinity.
#include "slopes.hpp"

namespace fg = fusegrad;
using slopes::check;
using slopes::inf;
using slopes::quiet_nan;

TEST_CASE("rectifiers have the slope of the lower side at their kinks", "[ops]") {
  check(fg::relu, 0, 0, 0.0);
  check(fg::relu6, 0, 0, 0.0);
  check(fg::relu6, 6, 0, 6.0);
  check([](auto x) { return fg::leaky_relu(x, 0.25); }, 0, 0.25, 0.0);
  check(fg::relu, quiet_nan, 1, quiet_nan);
}

TEST_CASE("saturated functions keep their small slopes", "[ops]") {
  const auto slope = [](auto f, float x) {
    const auto [y, x_bar] = fg::vjp<0>(f)(x, 1.0f);
    return static_cast<double>(x_bar);
  };
  CHECK(slope(fg::sigmoid, 20) == Approx(2.0611536e-9).epsilon(1e-6));
  CHECK(slope(fg::tanh, 10) == Approx(8.2446145e-9).epsilon(1e-6));
  CHECK(slope(fg::expm1, -20) == Approx(2.0611536e-9).epsilon(1e-6));
  CHECK(slope(fg::softplus, 100) == 1);
  CHECK(slope(fg::softplus, -100) == static_cast<double>(std::exp(-100.0f)));
  CHECK(slope(fg::log_sigmoid, -100) == 1);
  check(fg::softplus, 100, 1, 100.0);
  check(fg::log_sigmoid, -100, 1, -100.0);
}

TEST_CASE("smooth activations take their limits at infinity", "[ops]") {
  check(fg::sigmoid, 1, 0, inf);
  check(fg::silu, inf, 1, inf);
  check(fg::silu, 0, 0, -inf);
  check(fg::gelu, inf, 1, inf);
  check(fg::gelu, 0, 0, -inf);
  check(fg::gelu_tanh, inf, 1, inf);
  check(fg::gelu_tanh, 0, 0, -inf);
  check(fg::mish, inf, 1, inf);
  check(fg::mish, 0, 0, -inf);
  check(fg::softsign, 1, 0, inf);
  check(fg::squareplus, 0, 0, -inf);
}
