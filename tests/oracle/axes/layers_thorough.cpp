// Layers as a user writes them, against derivatives from elsewhere.
// Written by tests/oracle/axes/generate.py: change that, not this.
#include "check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto layer_norm_3 = [](auto x, auto gamma, auto beta) {
  auto m = fg::mean(x, fg::axis<-1>, fg::keepdims);
  auto v = fg::var(x, fg::axis<-1>, fg::keepdims);
  return (x - m) * fg::rsqrt(v + 1e-2) * gamma + beta;
};

constexpr auto layer_norm_two_axes = [](auto x, auto gamma, auto beta) {
  auto m = fg::mean(x, fg::axis<1, 2>, fg::keepdims);
  auto v = fg::var(x, fg::axis<1, 2>, fg::keepdims);
  return (x - m) * fg::rsqrt(v + 1e-2) * gamma + beta;
};

constexpr auto instance_norm = [](auto x, auto gamma, auto beta) {
  auto d = x - fg::mean(x, fg::axis<0>);
  auto v = fg::mean(d * d, fg::axis<0>);
  return d / fg::sqrt(v + 1e-2) * gamma + beta;
};

constexpr auto row_weighted = [](auto x) { return x / fg::norm1(x, fg::axis<-1>, fg::keepdims); };

constexpr auto two_layers = [](auto x, auto w, auto u) {
  auto h = fg::tanh(fg::sum(fg::unsqueeze(x, fg::axis<-1>) * w, fg::axis<1>));
  return fg::mean(fg::square(fg::sum(h * u, fg::axis<-1>)));
};

constexpr auto scaled_columns = [](auto x) {
  auto rows = fg::sum(x, fg::axis<1>, fg::keepdims);
  auto columns = fg::sum(x, fg::axis<0>);
  return fg::sin(0.1 * rows * columns) * x;
};

}  // namespace

TEST_CASE("layer norm of the rows of rank 3", "[oracle][axes]") {
  check<double, reverse | forward, 3, wrt<0, 1, 2>, real<3>, real<1>, real<1>>(layer_norm_3, "layers", "layer_norm_3");
}

TEST_CASE("layer norm over two axes", "[oracle][axes]") {
  check<double, reverse | forward, 3, wrt<0, 1, 2>, real<3>, real<2>, real<2>>(layer_norm_two_axes, "layers",
                                                                               "layer_norm_two_axes");
}

TEST_CASE("batch norm without keeping the axis", "[oracle][axes]") {
  check<double, reverse | forward, 2, wrt<0, 1, 2>, real<2>, real<1>, real<1>>(instance_norm, "layers",
                                                                               "instance_norm");
}

TEST_CASE("rows are divided by their sums of magnitudes", "[oracle][axes]") {
  check<double, reverse | forward, 2, wrt<0>, real<2>>(row_weighted, "layers", "row_weighted");
}

TEST_CASE("a network of two layers written with broadcasts", "[oracle][axes]") {
  check<double, reverse | forward, 0, wrt<0, 1, 2>, real<2>, real<2>, real<1>>(two_layers, "layers", "two_layers");
}

TEST_CASE("sums of rows and of columns meet", "[oracle][axes]") {
  check<double, reverse | forward | second, 2, wrt<0>, real<2>>(scaled_columns, "layers", "scaled_columns");
}
