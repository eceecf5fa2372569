// A derivative inside a loss: a small network learns to solve u' = -u, u(0) = 1 by being told only the equation.
#include <fusegrad/fusegrad.hpp>

#include <array>
#include <cmath>
#include <cstdio>
#include <utility>
#include <vector>

namespace fg = fusegrad;
constexpr std::size_t units = 4, parameters = 3 * units;

/// u(x) = 1 + x * (a sum of tanh units), so u(0) = 1 holds by construction.
constexpr auto network = [](auto x, auto... p) {
  const std::array q{p...};
  auto sum = q[0] * fg::tanh(q[1] * x + q[2]);
  for (std::size_t k = 3; k < parameters; k += 3) sum = sum + q[k] * fg::tanh(q[k + 1] * x + q[k + 2]);
  return 1 + x * sum;
};

constexpr auto loss = [](auto x, auto... p) {
  auto [u, slope] = fg::jvp<0>(network)(x, p..., 1.0f);
  return fg::mean(fg::square(slope + u));
};

int main() {
  std::vector<float> x(64);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = 3 * static_cast<float>(i) / 63;
  std::array<float, parameters> p{-0.5f, 1, 0, 0.5f, -1, 1, -0.5f, 0.5f, -1, 0.5f, 0.3f, 0.5f}, m{}, v{};

  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    for (int epoch = 0; epoch <= 3000; ++epoch) {
      const auto result = fg::value_and_grad<I + 1 ...>(loss)(x, p[I]...);  // loss, then 12 gradients, in one pass
      const std::array<float, parameters> g{get<I + 1>(result)...};
      const float rate = 0.02f / (1 + static_cast<float>(epoch) / 500);
      for (std::size_t k = 0; k < parameters; ++k) {  // Adam
        m[k] += 0.1f * (g[k] - m[k]);
        v[k] += 0.01f * (g[k] * g[k] - v[k]);
        p[k] -= rate * m[k] / (std::sqrt(v[k]) + 1e-8f);
      }
      if (epoch % 500 == 0) std::printf("epoch %4d: mean (u' + u)^2 = %.2e\n", epoch, get<0>(result));
    }
    std::printf("\n   x  network    e^-x\n");
    for (float at = 0; at <= 3; at += 0.5f) std::printf("%4.1f %8.4f %7.4f\n", at, network(at, p[I]...), std::exp(-at));
    return std::fabs(network(2.0f, p[I]...) - std::exp(-2.0f)) < 0.01f ? 0 : 1;
  }(std::make_index_sequence<parameters>{});
}
