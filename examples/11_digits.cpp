// Trains softmax regression on handwritten digits. Model and cross-entropy are one lambda; a step is one fused call
// that gives the loss and the gradients of weights and biases. Fails below 94 % held-out accuracy. Usage: 11_digits
// [file.csv]
#include <chrono>
#include <cstdio>
#include <fusegrad/fusegrad.hpp>
#include <string>

#include "data/digits.hpp"

namespace fg = fusegrad;

/// x: [images, pixels], w: [classes, pixels], b: [classes] -> [images, classes]
constexpr auto logits = [](auto x, auto w, auto b) {
  return fg::sum(fg::unsqueeze(x, fg::axis<-2>) * w, fg::axis<-1>) + b;
};

constexpr auto loss = [](auto x, auto label, auto w, auto b) { return fg::cross_entropy(logits(x, w, b), label); };

constexpr auto predict = [](auto x, auto w, auto b) { return fg::argmax(logits(x, w, b), fg::axis<-1>); };

int main(int argc, char** argv) {
  const data_set data = load_images(argc > 1 ? argv[1] : "examples/data/digits.csv");
  const auto matrix = [](const images& set) {
    return fg::view<const float, 2>(set.x.data(), {std::ssize(set.label), pixels});
  };
  std::printf("%zu images to learn from, %zu held out\n\n", data.train.label.size(), data.held_out.label.size());
  fg::tensor<float, 2> w(fg::extents(classes, pixels)), dw(fg::extents(classes, pixels));
  fg::tensor<float> b(fg::extents(classes)), db(fg::extents(classes));
  float value;
  constexpr auto value_and_gradients = fg::value_and_grad<2, 3>(loss);

  const auto start = std::chrono::steady_clock::now();
  for (int step = 0; step <= 150; ++step) {
    value_and_gradients.into(value, dw, db)(matrix(data.train), data.train.label, w, b);
    if (step % 15 == 0) std::printf("step %3d   cross-entropy %.4f\n", step, value);
    for (std::ptrdiff_t i = 0; i < w.size(); ++i) w[i] -= 2 * dw[i];
    for (std::ptrdiff_t c = 0; c < classes; ++c) b[c] -= 2 * db[c];
  }
  const std::chrono::duration<double, std::micro> time = std::chrono::steady_clock::now() - start;
  const auto fused = fg::explain(value_and_gradients, matrix(data.train), data.train.label, w, b);
  std::printf("\n%.0f microseconds per step. What was fused:\n%s\n\n", time.count() / 151,
              fused.substr(0, fused.find('\n')).c_str());

  const auto predicted = fg::fuse(predict)(matrix(data.held_out), w, b);
  int seen[classes][classes] = {}, right = 0;
  for (std::ptrdiff_t i = 0; i < predicted.size(); ++i) {
    ++seen[data.held_out.label[static_cast<std::size_t>(i)]][predicted[i]];
    right += data.held_out.label[static_cast<std::size_t>(i)] == predicted[i];
  }
  std::printf("Digits held out, by row, and what they were taken for, by column:\n");
  for (const auto& row : seen)
    for (std::ptrdiff_t c = 0; c < classes; ++c) std::printf(c < classes - 1 ? "%5d" : "%5d\n", row[c]);
  const double accuracy = 1.0 * right / static_cast<double>(predicted.size());
  std::printf("\nheld-out accuracy: %.1f %%\n", 100 * accuracy);
  return accuracy >= 0.94 ? 0 : 1;
}
