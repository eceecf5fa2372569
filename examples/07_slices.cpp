// Smooths a noisy signal: the loss compares neighbours by slices of its argument, and the gradient comes from the same
// pass. Nesterov's method, with the Hessian's norm known from the loss.
#include <cmath>
#include <cstdio>
#include <fusegrad/fusegrad.hpp>
#include <random>
#include <vector>

namespace fg = fusegrad;

// |u - noisy|^2 / 2 + the smoothed total variation of u
constexpr auto loss = [](auto u, auto noisy, auto weight) {
  auto next = fg::slice(u, fg::axis<-1>, fg::range<1, fg::end>);
  auto here = fg::slice(u, fg::axis<-1>, fg::range<0, -1>);
  auto jumps = fg::sqrt(fg::square(next - here) + 1e-4);
  return 0.5 * fg::sum(fg::square(u - noisy)) + weight * fg::sum(jumps);
};

int main() {
  constexpr std::size_t n = 2000;
  std::mt19937 random(1);
  std::normal_distribution<double> noise(0, 0.2);
  std::vector<double> clean(n), noisy(n);
  for (std::size_t i = 0; i < n; ++i) {
    clean[i] = static_cast<double>(i / 400 % 2);  // steps
    noisy[i] = clean[i] + noise(random);
  }
  auto error = [&](const std::vector<double>& u) {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += (u[i] - clean[i]) * (u[i] - clean[i]);
    return std::sqrt(sum / static_cast<double>(n));
  };

  const double weight = 0.5, step = 1 / (1 + 4 * weight / 1e-2);
  std::vector<double> u = noisy, ahead = noisy, slope(n);
  double value = 0;
  const auto call = fg::value_and_grad<0>(loss).into(value, slope);
  for (int k = 1; k <= 600; ++k) {
    call(ahead, noisy, weight);
    if (k % 200 == 0) std::printf("step %3d: loss %.4f, distance to the clean signal %.4f\n", k, value, error(u));
    for (std::size_t i = 0; i < n; ++i) {
      const double moved = ahead[i] - step * slope[i];
      ahead[i] = moved + (k - 1.0) / (k + 2.0) * (moved - u[i]);
      u[i] = moved;
    }
  }
  std::printf("noise of %.3f became %.3f\n%s", error(noisy), error(u),
              fg::explain(fg::value_and_grad<0>(loss), u, noisy, weight).c_str());
  return error(u) < 0.3 * error(noisy) ? 0 : 1;
}
