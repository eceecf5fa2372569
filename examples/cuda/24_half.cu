// Arrays of 16 bits: half the memory to move; a kernel computes in float and rounds what it stores. The weights of a
// line are found in float from points in CUDA's bfloat16.
#include <cstdio>
#include <fusegrad/fusegrad.hpp>
#include <fusegrad/interop/half.hpp>
#include <vector>

#include "gpu.hpp"

namespace fg = fusegrad;

int main() {
  if (!has_gpu()) return without_gpu;
  constexpr int n = 1 << 16;
  std::vector<float> points(n);
  for (std::size_t i = 0; i < points.size(); ++i) points[i] = static_cast<float>(i) / n;
  const auto wide = fg::to(points, fg::device);
  fg::tensor<__nv_bfloat16, 1, fg::device> x(n), y(n);
  fg::fuse([](auto p) { return fg::outputs(p, 3 * p - 1); }).into(x, y)(wide);  // rounded as they are stored

  const auto loss = [](auto px, auto py, auto slope, auto shift) {
    return fg::mean(fg::square(slope * px + shift - py));
  };
  float slope = 0, shift = 0;
  for (int epoch = 0; epoch < 200; ++epoch) {
    auto [dslope, dshift] = fg::grad<2, 3>(loss)(x, y, slope, shift);  // numbers are float
    slope -= 0.5f * dslope;
    shift -= 0.5f * dshift;
  }
  const auto residuals = fg::grad<1>(loss)(x, y, slope, shift);  // a gradient is an array like its argument: bfloat16
  std::printf("y = %.2f x %+.2f; %td residuals of %zu bytes\n", slope, shift, residuals.size(), sizeof(__nv_bfloat16));
}
