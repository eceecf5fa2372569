// Kernel counts of losses with axes as compile-time facts, as design promises them: what fuses, what needs one more
// pass.
#include <cmath>
#include <fusegrad/debug.hpp>
#include <fusegrad/ir/verify.hpp>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;

namespace {

using matrix = fg::tensor<float, 2>;
using cube = fg::tensor<float, 3>;
using floats = std::vector<float>;
using labels = std::vector<int>;

constexpr auto cross_entropy = [](auto logits, auto label) { return fg::cross_entropy(logits, label); };
constexpr auto layer_norm = [](auto x, auto gamma, auto beta) {
  const auto centred = x - fg::mean(x, fg::axis<-1>, fg::keepdims);
  return centred * fg::rsqrt(fg::var(x, fg::axis<-1>, fg::keepdims) + 1e-5) * gamma + beta;
};
constexpr auto batch_norm = [](auto x, auto gamma, auto beta) {
  const auto centred = x - fg::mean(x, fg::axis<0>);
  return centred * fg::rsqrt(fg::var(x, fg::axis<0>) + 1e-5) * gamma + beta;
};
constexpr auto bias_gelu = [](auto x, auto b) { return fg::gelu(x + b); };
constexpr auto softmax = [](auto x) { return fg::softmax(x, fg::axis<-1>); };
constexpr auto linear = [](auto X, auto w, auto b, auto y) {
  const auto z = fg::sum(X * w, fg::axis<-1>) + b;
  return fg::mean(fg::softplus(z) - y * z);
};

}  // namespace

// one kernel: rows feed elementwise code again, gradients of broadcast arguments are finished by a small loop
static_assert(fg::plan<matrix, labels>(fg::value_and_grad(cross_entropy)).kernels == 1);
static_assert(fg::plan<matrix, labels>(fg::value_and_grad(cross_entropy)).loads == 1);
static_assert(fg::plan<matrix, labels>(fg::value_and_grad(cross_entropy)).stores == 1);
static_assert(fg::plan<matrix, labels>(fg::value_and_grad(cross_entropy)).combines == 0);
static_assert(fg::plan<matrix>(fg::fuse(softmax)).kernels == 1);
static_assert(fg::plan<matrix, matrix>(fg::vjp(softmax)).kernels == 1);
static_assert(fg::plan<matrix, floats, floats>(fg::fuse(layer_norm)).kernels == 1);
static_assert(fg::plan<matrix, floats, floats, matrix>(fg::vjp<0, 1, 2>(layer_norm)).kernels == 1);
static_assert(fg::plan<matrix, floats, floats, matrix>(fg::vjp<0, 1, 2>(layer_norm)).combines <= 1);
static_assert(fg::plan<matrix, floats, matrix>(fg::vjp<0, 1>(bias_gelu)).kernels == 1);
static_assert(fg::plan<matrix, floats, float, floats>(fg::value_and_grad<1, 2>(linear)).kernels == 1);
static_assert(fg::plan<cube, floats, floats>(fg::fuse(layer_norm)).kernels == 1);

// columns that feed elementwise code again: one pass to reduce, one to use
static_assert(fg::plan<matrix, floats, floats>(fg::fuse(batch_norm)).kernels == 2);
static_assert(fg::plan<matrix>(fg::fuse([](auto x) { return fg::cumsum(fg::exp(x)); })).kernels == 1);

TEST_CASE("mean and variance of columns come from one pass, and are accurate", "[passes][schedule]") {
  const std::ptrdiff_t n = 1000, m = 37;
  matrix x({n, m});
  for (std::ptrdiff_t i = 0; i < x.size(); ++i) x[i] = 100.0f + std::sin(0.7f * static_cast<float>(i));
  for (std::ptrdiff_t j = 0; j < m; ++j) x(0, j) = 1e4f;  // a shift by the first element would lose digits here
  const auto variance = fg::fuse([](auto v) { return fg::var(v, fg::axis<0>); })(x);
  for (std::ptrdiff_t j = 0; j < m; ++j) {
    double mean = 0, squares = 0;
    for (std::ptrdiff_t i = 0; i < n; ++i) mean += static_cast<double>(x(i, j)) / static_cast<double>(n);
    for (std::ptrdiff_t i = 0; i < n; ++i) squares += std::pow(static_cast<double>(x(i, j)) - mean, 2);
    CHECK(static_cast<double>(variance[j]) == Approx(squares / static_cast<double>(n)).epsilon(1e-5));
  }
}

TEST_CASE("a cumulative sum goes on across blocks, and differentiates", "[passes][scan]") {
  const std::vector<double> ones(10001, 1.0);
  const auto sums = fg::fuse([](auto v) { return fg::cumsum(v); })(ones);
  for (std::ptrdiff_t i = 0; i < sums.size(); ++i) REQUIRE(sums[i] == static_cast<double>(i + 1));
  fg::tensor<double, 2> x({3, 37});
  for (std::ptrdiff_t i = 0; i < x.size(); ++i) x[i] = std::sin(static_cast<double>(i));
  const auto f = [](auto v) { return fg::square(fg::cumsum(fg::sin(v) / fg::sum(v * v, fg::axis<-1>, fg::keepdims))); };
  CHECK(fg::check_gradient(f, x));
}
