// A loss of one's own: the focal loss, which lets a classifier forget the examples it already gets right.
#include <fusegrad/fusegrad.hpp>

#include <cstdio>
#include <vector>

namespace fg = fusegrad;

constexpr auto focal = [](auto logit, auto target, auto gamma) {
  auto margin = (2 * target - 1) * logit;  // of the right class over the wrong one
  return fg::mean(fg::exp(gamma * fg::log_sigmoid(-margin)) * fg::softplus(-margin));
};

int main() {
  const std::vector<float> logits{-4, -3, -2, -1, 0, 1, 2, 3, 4};
  const std::vector<float> targets(logits.size(), 1);

  auto [plain, plain_pull] = fg::value_and_grad<0>(focal)(logits, targets, 0.0f);  // gamma 0: cross-entropy
  auto [loss, dlogit] = fg::value_and_grad<0>(focal)(logits, targets, 2.0f);       // one pass over memory

  std::printf("examples of class 1: how hard does each pull at its logit?\n\n  logit  cross-entropy  focal\n");
  for (std::size_t i = 0; i < logits.size(); ++i) {
    std::printf("%7.1f %14.4f %7.4f ", logits[i], plain_pull[i], dlogit[i]);
    for (float bar = 0; bar < -dlogit[i]; bar += 0.004f) std::putchar('#');
    std::putchar('\n');
  }
  std::printf("\nmean loss: cross-entropy %.4f, focal %.4f\n", plain, loss);

  constexpr auto facts = fg::plan<std::vector<float>, std::vector<float>, float>(fg::value_and_grad<0>(focal));
  static_assert(facts.kernels == 1 && facts.loads == 2 && facts.stores == 1, "everything is one loop");
  std::printf("value and gradient: %d loop, %d flops and %d bytes per element\n", static_cast<int>(facts.kernels),
              static_cast<int>(facts.flops), static_cast<int>(facts.bytes));
}
