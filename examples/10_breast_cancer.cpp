// The main job: trains a classifier on the Wisconsin breast-cancer data. A step is one fused loop over the patients
// that gives the focal loss and its 31 gradients. Fails below 95 % held-out accuracy. Usage: 10_breast_cancer
// [file.csv]
#include <array>
#include <chrono>
#include <cstdio>
#include <fusegrad/fusegrad.hpp>
#include <string>
#include <utility>

#include "data/breast_cancer.hpp"

namespace fg = fusegrad;

/// A patient's logit from 31 weights and 31 columns: traced once, so the loop is unrolled into the program.
constexpr auto logit = [](auto... weights_then_columns) {
  const std::array a{weights_then_columns...};
  auto sum = a[0] * a[columns];
  for (std::size_t j = 1; j < columns; ++j) sum = sum + a[j] * a[columns + j];
  return sum;
};

/// The focal loss (1 - p)^2 * -log(p), where p = sigmoid(margin) is the probability given to the true class.
constexpr auto focal = [](auto margin) { return fg::mean(fg::square(fg::sigmoid(-margin)) * fg::softplus(-margin)); };

constexpr auto loss = [](auto benign, auto... weights_then_columns) {
  return focal((2 * benign - 1) * logit(weights_then_columns...));
};

constexpr auto accuracy = [](auto benign, auto... weights_then_columns) {
  return fg::mean(fg::where((logit(weights_then_columns...) > 0) == (benign > 0.5), 1.0, 0.0));
};

int main(int argc, char** argv) {
  const data_set data = load_patients(argc > 1 ? argv[1] : "examples/data/breast_cancer.csv");
  std::printf("%zu patients to learn from, %zu held out\n\n", data.train.benign.size(), data.held_out.benign.size());
  return [&]<std::size_t... J>(std::index_sequence<J...>) {
    std::array<float, columns> w{};
    const auto with = [&](auto f, const patients& p) { return f(p.benign, w[J]..., p.x[J]...); };
    constexpr auto value_and_gradients = fg::value_and_grad<(J + 1)...>(loss);

    const auto start = std::chrono::steady_clock::now();
    for (int epoch = 0; epoch <= 100; ++epoch) {
      const auto result = with(value_and_gradients, data.train);
      if (epoch % 10 == 0)
        std::printf("epoch %3d   focal loss %.4f   held-out accuracy %5.1f %%\n", epoch, get<0>(result),
                    100 * with(fg::fuse(accuracy), data.held_out));
      ((w[J] -= get<J + 1>(result) + 0.02f * w[J]), ...);  // gradient descent with weight decay
    }
    const std::chrono::duration<double, std::micro> time = std::chrono::steady_clock::now() - start;

    const auto fused = fg::explain(value_and_gradients, data.train.benign, w[J]..., data.train.x[J]...);
    std::printf("\n%.0f microseconds per epoch. What was fused:\n%s\n\nIts core, focal loss and derivative:\n%s",
                time.count() / 101, fused.substr(0, fused.find('\n')).c_str(),
                fg::explain(fg::value_and_grad(focal), data.train.benign).c_str());
    const double held_out_accuracy = with(fg::fuse(accuracy), data.held_out);
    std::printf("\nheld-out accuracy: %.1f %%\n", 100 * held_out_accuracy);
    return held_out_accuracy >= 0.95 ? 0 : 1;
  }(std::make_index_sequence<columns>{});
}
