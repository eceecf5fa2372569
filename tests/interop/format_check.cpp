// std::format of tensors and views, and the README's example, with a newer compiler and another standard library: g++
// 12 has no <format>. Compiled and run by .ci/run.
#include <cmath>
#include <cstdio>
#include <fusegrad/fusegrad.hpp>
#include <fusegrad/interop/format.hpp>
#include <vector>

namespace fg = fusegrad;

constexpr auto focal = [](auto logit, auto target, auto gamma) {
  const auto margin = (2 * target - 1) * logit;
  return fg::mean(fg::pow(fg::sigmoid(-margin), gamma) * fg::softplus(-margin));
};

int main() {
  const fg::tensor<float, 2> t{{1, 2}, {3, 4.5f}};
  const std::vector<float> x{1, 2};
  const auto slope = fg::grad([](auto v) { return fg::sum(v * v); })(x);
  const bool formatted =
      std::format("{}, {:>7}, {}|", t, slope, fg::view_of(x)) == "[[1, 2], [3, 4.5]],  [2, 4], [1, 2]|";
  // sigmoid(-1)^2 softplus(-1) and its derivative where the target is 1
  const auto [loss, dlogit] = fg::value_and_grad<0>(focal)(std::vector<float>{1}, std::vector<float>{1}, 2.0f);
  const double p = 1 / (1 + std::exp(-1.0)), q = 1 - p, l = -std::log(p);
  const bool computed =
      std::abs(loss - q * q * l) < 1e-6 && std::abs(dlogit.at(0) + 2 * p * q * q * l + q * q * q) < 1e-6;
  if (!formatted || !computed) std::puts("wrong");
  return formatted && computed ? 0 : 1;
}
