// Softmax cross-entropy and the gradient of its logits: one kernel, a row for each warp or block.
#include <cstdio>
#include <fusegrad/fusegrad.hpp>
#include <vector>

#include "gpu.hpp"

namespace fg = fusegrad;

int main() {
  if (!has_gpu()) return without_gpu;
  constexpr int rows = 512, classes = 1000;
  fg::tensor<float, 2> scores(fg::extents(rows, classes));
  std::vector<int> wanted(rows);
  for (int r = 0; r < rows; ++r) {
    wanted[static_cast<std::size_t>(r)] = r * 37 % classes;
    for (int c = 0; c < classes; ++c) scores(r, c) = static_cast<float>((r * 31 + c * 17) % 101) / 50 - 1;
  }
  auto logits = fg::to(scores, fg::device);
  const auto labels = fg::to(wanted, fg::device);

  const auto loss = [](auto x, auto label) { return fg::cross_entropy(x, label); };
  for (int step = 0; step < 5; ++step) {
    auto [value, slope] = fg::value_and_grad<0>(loss)(logits, labels);
    std::printf("step %d: cross-entropy %.4f\n", step, value.get());
    fg::fuse([](auto x, auto d) { return x - 400.0f * d; }).into(logits)(logits, slope);
  }
  std::printf("\n%s", fg::explain(fg::value_and_grad<0>(loss), scores, wanted).c_str());
}
