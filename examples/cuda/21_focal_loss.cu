// The focal loss of example 2 on a GPU, in memory of Thrust's and written into arrays that are there already.
#include <thrust/tabulate.h>
#include <thrust/transform.h>
#include <cstdio>
#include <fusegrad/fusegrad.hpp>
#include <fusegrad/interop/thrust.hpp>

#include "gpu.hpp"

namespace fg = fusegrad;

constexpr auto focal = [](auto logit, auto target, auto gamma) {
  auto p = fg::sigmoid(logit);
  auto pt = p * target + (1 - p) * (1 - target);
  return fg::mean(fg::pow(1 - pt, gamma) * -fg::log(pt));
};

int main() {
  if (!has_gpu()) return without_gpu;
  constexpr int n = 1 << 20;
  thrust::device_vector<float> logits(n), targets(n), dlogit(n);
  // the same functions are functors for Thrust, and callable in kernels of your own
  thrust::tabulate(logits.begin(), logits.end(),
                   fg::device_function<int>(fg::fuse([](auto i) { return 4 * fg::sin(0.001f * i); })));
  thrust::transform(logits.begin(), logits.end(), targets.begin(),
                    fg::device_function<float>(fg::fuse([](auto x) { return fg::where(x > 0.5f, 1.0f, 0.0f); })));

  const auto step = fg::value_and_grad<0>(focal);
  for (float rate : {1e5f, 1e5f, 1e5f}) {
    float loss = 0;
    step.into(loss, dlogit)(logits, targets, 2.0f);  // no allocation; waits, because loss is wanted on the host
    std::printf("loss %.6f\n", loss);
    fg::fuse([](auto x, auto d, auto r) { return x - r * d; }).into(logits)(logits, dlogit, rate);  // in place
  }
}
