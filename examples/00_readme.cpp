#include <cstdio>
#include <fusegrad/fusegrad.hpp>
#include <vector>
namespace fg = fusegrad;

int main() {
  const std::vector<float> logits{-2, 0, 3}, targets{1, 0, 1};
  auto focal = [](auto logit, auto target, auto gamma) {
    auto p = fg::sigmoid(logit);
    auto pt = p * target + (1 - p) * (1 - target);
    return fg::mean(fg::pow(1 - pt, gamma) * -fg::log(pt));
  };
  auto [loss, dlogit] = fg::value_and_grad<0>(focal)(logits, targets, 2.0f);  // one pass over memory
  std::printf("loss %g, gradient %g %g %g\n", loss, dlogit[0], dlogit[1], dlogit[2]);
}
