// The first gradient on a GPU: data in device memory selects it, the lambda stays as it is.
#include <cstdio>
#include <fusegrad/fusegrad.hpp>
#include <vector>

#include "gpu.hpp"

namespace fg = fusegrad;

int main() {
  if (!has_gpu()) return without_gpu;
  const std::vector<float> points{-2, -1, 0, 1, 2};
  const auto x = fg::to(points, fg::device);

  const auto f = [](auto v) { return fg::sum(fg::exp(-v * v)); };
  auto [value, slope] = fg::value_and_grad<0>(f)(x);  // one kernel; value and slope stay on the device

  const auto slopes = slope.to(fg::host);  // waits for them
  std::printf("sum(exp(-x^2)) = %.5f\n\n    x   slope\n", value.get());
  for (std::size_t i = 0; i < points.size(); ++i) std::printf("%5.1f %7.4f\n", points[i], slopes[i]);
}
