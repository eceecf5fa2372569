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
}
