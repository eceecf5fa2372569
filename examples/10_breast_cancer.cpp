// The main job: trains a classifier on the Wisconsin breast-cancer data. Model and focal loss are one lambda; a step is
// one fused loop over the patients that gives the loss and all gradients. Fails below 95 % held-out accuracy. Usage:
// 10_breast_cancer [file.csv]
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fusegrad/fusegrad.hpp>
#include <string>
#include <vector>

#include "data/breast_cancer.hpp"

namespace fg = fusegrad;

/// x: [patients, features], w: [features], b: a number -> [patients]
constexpr auto logit = [](auto x, auto w, auto b) { return fg::sum(x * w, fg::axis<-1>) + b; };

/// The focal loss (1 - p)^2 * -log(p), where p = sigmoid(margin) is the probability given to the true class.
constexpr auto loss = [](auto x, auto benign, auto w, auto b) {
  auto margin = (2 * benign - 1) * logit(x, w, b);
  return fg::mean(fg::square(fg::sigmoid(-margin)) * fg::softplus(-margin));
};

constexpr auto value_and_gradients = fg::value_and_grad<2, 3>(loss);

constexpr auto accuracy = [](auto x, auto benign, auto w, auto b) {
  return fg::mean(fg::where((logit(x, w, b) > 0) == (benign > 0.5), 1.0, 0.0));
};

/// The same loss and gradients, differentiated by hand and written as a plain loop: what to compare with.
float loop_by_hand(const patients& p, const std::vector<float>& w, float b, std::vector<float>& dw, float& db) {
  const auto n = static_cast<float>(p.benign.size());
  float value = db = 0;
  std::fill(dw.begin(), dw.end(), 0.0f);
  for (std::size_t i = 0; i < p.benign.size(); ++i) {
    const float* const x = p.x.data() + i * w.size();
    float z = b;
    for (std::size_t j = 0; j < w.size(); ++j) z += x[j] * w[j];
    const float side = 2 * p.benign[i] - 1, e = std::exp(side * z), wrong = 1 / (1 + e), softplus = std::log1p(1 / e);
    value += wrong * wrong * softplus / n;
    const float slope = -wrong * wrong * (2 * (1 - wrong) * softplus + wrong) * side / n;
    for (std::size_t j = 0; j < w.size(); ++j) dw[j] += slope * x[j];
    db += slope;
  }
  return value;
}

/// Microseconds that a call takes, of many.
double microseconds(auto call) {
  const auto start = std::chrono::steady_clock::now();
  for (int k = 0; k < 500; ++k) call();
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count() / 500;
}

int main(int argc, char** argv) {
  const data_set data = load_patients(argc > 1 ? argv[1] : "examples/data/breast_cancer.csv");
  std::printf("%zu patients to learn from, %zu held out\n\n", data.train.benign.size(), data.held_out.benign.size());
  std::vector<float> w(features), dw(features);
  float b = 0, db, value;
  const auto with = [&](auto f, const patients& p) {
    return f(fg::view<const float, 2>(p.x.data(), {std::ssize(p.benign), features}), p.benign, w, b);
  };

  for (int epoch = 0; epoch <= 100; ++epoch) {
    with(value_and_gradients.into(value, dw, db), data.train);
    if (epoch % 10 == 0)
      std::printf("epoch %3d   focal loss %.4f   held-out accuracy %5.1f %%\n", epoch, value,
                  100 * with(fg::fuse(accuracy), data.held_out));
    for (std::size_t j = 0; j < w.size(); ++j) w[j] -= dw[j] + 0.02f * w[j];  // gradient descent with weight decay
    b -= db;
  }

  const auto explain = [](auto&&... args) { return fg::explain(value_and_gradients, args...); };
  std::printf("\nWhat was fused:\n%s", with(explain, data.train).c_str());
  const double fused = microseconds([&] { with(value_and_gradients.into(value, dw, db), data.train); });
  float same = 0;
  const double by_hand = microseconds([&] { same = loop_by_hand(data.train, w, b, dw, db); });
  std::printf("\nloss and gradients: %.0f microseconds; derived and written by hand as a loop: %.0f\n", fused, by_hand);
  const double held_out_accuracy = with(fg::fuse(accuracy), data.held_out);
  std::printf("\nheld-out accuracy: %.1f %%\n", 100 * held_out_accuracy);
  return held_out_accuracy >= 0.95 && std::abs(same - value) < 1e-5f ? 0 : 1;
}
