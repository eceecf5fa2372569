// The workloads as a user of fusegrad writes them, from the formulas in README.md: no hint, no tuning.
#pragma once

#include <fusegrad/fusegrad.hpp>

namespace workloads {

namespace fg = fusegrad;

inline constexpr auto mse = [](auto x, auto y) { return fg::mean(fg::square(x - y)); };

inline constexpr auto huber = [](auto x, auto y) {
  auto d = fg::abs(x - y);
  return fg::mean(fg::where(d <= 1, 0.5 * d * d, d - 0.5));
};

inline constexpr auto focal = [](auto x, auto t) {
  auto z = (2 * t - 1) * x;
  auto q = fg::sigmoid(-z);
  return fg::mean((0.75 - 0.5 * t) * q * q * fg::softplus(-z));
};

inline constexpr auto gaussian_nll = [](auto x, auto mu, auto lv) {
  return fg::mean(0.5 * (lv + fg::square(x - mu) * fg::exp(-lv)));
};

inline constexpr auto giou = [](auto x1, auto y1, auto x2, auto y2, auto u1, auto v1, auto u2, auto v2) {
  auto inner_width = fg::max(fg::min(x2, u2) - fg::max(x1, u1), 0);
  auto inner_height = fg::max(fg::min(y2, v2) - fg::max(y1, v1), 0);
  auto inner = inner_width * inner_height;
  auto join = (x2 - x1) * (y2 - y1) + (u2 - u1) * (v2 - v1) - inner;
  auto hull = (fg::max(x2, u2) - fg::min(x1, u1)) * (fg::max(y2, v2) - fg::min(y1, v1));
  return fg::mean(1 - (inner / join - (hull - join) / hull));
};

inline constexpr auto black_scholes = [](auto s, auto k, auto t, auto v, auto r) {
  auto spread = v * fg::sqrt(t);
  auto d1 = (fg::log(s / k) + (r + 0.5 * v * v) * t) / spread;
  return s * fg::normal_cdf(d1) - k * fg::exp(-r * t) * fg::normal_cdf(d1 - spread);
};

/// The price, and its derivatives with respect to spot, time and volatility.
inline constexpr auto greeks = [](auto s, auto k, auto t, auto v, auto r) {
  return fg::vjp<0, 2, 3>(black_scholes)(s, k, t, v, r, 1);
};

inline constexpr auto dice = [](auto x, auto t) {
  auto p = fg::sigmoid(x);
  return 1 - 2 * fg::sum(p * t) / (fg::sum(p) + fg::sum(t));
};

// With axes: rows are the last axis but one, vectors align with the last.

inline constexpr auto cross_entropy = [](auto logits, auto labels) { return fg::cross_entropy(logits, labels); };

inline constexpr auto layer_norm = [](auto x, auto gamma, auto beta) {
  auto centred = x - fg::mean(x, fg::axis<-1>, fg::keepdims);
  auto variance = fg::mean(fg::square(centred), fg::axis<-1>, fg::keepdims);
  return centred * fg::rsqrt(variance + 1e-5) * gamma + beta;
};

/// Times the cotangent, so that the gradients are those of a layer within a model; its sum is not asked for.
inline constexpr auto bias_gelu = [](auto x, auto b, auto dy) { return fg::sum(fg::gelu(x + b) * dy); };

inline constexpr auto softmax_regression = [](auto x, auto w, auto b, auto labels) {
  auto logits = fg::sum(fg::unsqueeze(x, fg::axis<-2>) * w, fg::axis<-1>) + b;  // [n, 1, m] * [classes, m]
  return fg::cross_entropy(logits, labels);
};

inline constexpr auto linear_focal = [](auto x, auto w, auto b, auto t) {
  return focal(fg::sum(x * w, fg::axis<-1>) + b, t);
};

}  // namespace workloads
