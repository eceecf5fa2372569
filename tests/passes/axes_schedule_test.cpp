// Kernel counts of losses with axes as compile-time facts, as design promises them: what fuses, what needs one more pass.
#include <fusegrad/fusegrad.hpp>
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
static_assert(fg::plan<matrix, floats, floats>(fg::fuse(batch_norm)).kernels <= 3);

TEST_CASE("losses with axes are scheduled as promised", "[passes][schedule]") {
  // what is stated above was checked by the compiler
  CHECK((fg::plan<matrix, floats, floats>(fg::fuse(batch_norm)).kernels == 3));
}
