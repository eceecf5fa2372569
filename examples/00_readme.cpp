#include <cstdio>
#include <fusegrad/fusegrad.hpp>
#include <vector>
namespace fg = fusegrad;

int main() {
  const std::vector<float> logits{-2, 0, 3}, targets{1, 0, 1};
  auto focal = [](auto logit, auto target, auto gamma) {
    auto margin = (2 * target - 1) * logit;  // of the right class over the wrong one
    return fg::mean(fg::exp(gamma * fg::log_sigmoid(-margin)) * fg::softplus(-margin));
  };
  auto [loss, dlogit] = fg::value_and_grad<0>(focal)(logits, targets, 2.0f);  // one pass over memory
  std::printf("loss %g, gradient %g %g %g\n", loss, dlogit[0], dlogit[1], dlogit[2]);
}
