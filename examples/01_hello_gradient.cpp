// The first derivatives: of a function of one number, of the same lambda over an array, and some known at compile time.
#include <fusegrad/fusegrad.hpp>

#include <cstdio>
#include <vector>

namespace fg = fusegrad;

constexpr auto parabola = [](auto x) { return x * x + 2 * x + 1; };
static_assert(fg::grad(parabola)(2.0) == 6.0);            // 2x + 2
static_assert(fg::grad(fg::grad(parabola))(2.0) == 2.0);  // transforms nest

int main() {
  auto [y, slope] = fg::value_and_grad(parabola)(3.0);
  std::printf("(x + 1)^2 at 3: value %g, slope %g\n\n", y, slope);

  // Over arrays a loss is any expression that ends in one number.
  constexpr auto energy = [](auto x) { return fg::sum(fg::exp(-x * x) * fg::cos(6 * x)); };
  std::vector<float> x(41);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = (static_cast<float>(i) - 20) / 10;
  auto [total, gradient] = fg::value_and_grad(energy)(x);

  std::printf("the gradient of sum(exp(-x^2) cos(6x)), which is %g:\n", total);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const int at = static_cast<int>(32.5f + 6 * gradient[i]);
    std::printf("%5.1f %*c\n", x[i], at, '*');
  }
}
