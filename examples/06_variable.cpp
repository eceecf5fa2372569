// The expression-first style, as in PyTorch: variables remember what they went into, and backward() fills their
// gradients.
#include <fusegrad/fusegrad.hpp>

#include <cstdio>

namespace fg = fusegrad;

int main() {
  fg::variable x = 2.0;
  auto y = x * x + 2 * x + 1;
  y.backward();
  std::printf("y = x^2 + 2x + 1 at x = 2: dy/dx = %g\n\n", x.grad());

  // Two variables, one used twice: their gradients are told apart and add up.
  fg::variable width = 3.0, height = 4.0;
  auto diagonal = fg::sqrt(width * width + height * height);
  diagonal.backward();
  std::printf("a 3 x 4 rectangle: 1 cm more width adds %.1f cm of diagonal, 1 cm more height %.1f cm\n", width.grad(),
              height.grad());

  // Downhill: gradients add up until zero_grad().
  for (int step = 0; step < 200; ++step) {
    auto cost = fg::square(width * height - 12.0) + fg::square(width - height);
    width.zero_grad(), height.zero_grad();
    cost.backward();
    width.value() -= 0.02 * width.grad();
    height.value() -= 0.02 * height.grad();
  }
  std::printf("the square of 12 square centimetres: %.3f x %.3f\n", width.value(), height.value());
}
