// Layers as a user writes them, against derivatives from elsewhere.
// Written by tests/oracle/axes/generate.py: change that, not this.
#include "check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto layer_norm = [](auto x, auto gamma, auto beta) {
  auto m = fg::mean(x, fg::axis<-1>, fg::keepdims);
  auto v = fg::var(x, fg::axis<-1>, fg::keepdims);
  return (x - m) * fg::rsqrt(v + 1e-2) * gamma + beta;
};

constexpr auto batch_norm = [](auto x, auto gamma, auto beta) {
  auto m = fg::mean(x, fg::axis<0>, fg::keepdims);
  auto v = fg::var(x, fg::axis<0>, fg::keepdims);
  return (x - m) * fg::rsqrt(v + 1e-2) * gamma + beta;
};

constexpr auto batch_norm_channels = [](auto x, auto gamma, auto beta) {
  auto m = fg::mean(x, fg::axis<0, 2>, fg::keepdims);
  auto v = fg::var(x, fg::axis<0, 2>, fg::keepdims);
  return (x - m) * fg::rsqrt(v + 1e-2) * fg::unsqueeze(gamma, fg::axis<-1>) + fg::unsqueeze(beta, fg::axis<-1>);
};

constexpr auto rms_norm = [](auto x, auto gamma) {
  return x * fg::rsqrt(fg::mean(fg::square(x), fg::axis<-1>, fg::keepdims) + 1e-3) * gamma;
};

constexpr auto standardized = [](auto x) { return (x - fg::mean(x, fg::axis<0>)) / fg::std(x, 1, fg::axis<0>); };

constexpr auto norm_then_softmax = [](auto x, auto gamma, auto t) {
  auto d = x - fg::mean(x, fg::axis<-1>, fg::keepdims);
  auto y = d * fg::rsqrt(fg::mean(d * d, fg::axis<-1>, fg::keepdims) + 1e-2) * gamma;
  return -fg::mean(fg::sum(t * fg::log_softmax(y, fg::axis<-1>), fg::axis<-1>));
};

}  // namespace

TEST_CASE("layer norm of rows", "[oracle][axes]") {
  check<double, reverse | forward | second | thorough(value), 2, wrt<0, 1, 2>, real<2>, real<1>, real<1>>(
      layer_norm, "layers", "layer_norm");
  check<float, thorough(reverse), 2, wrt<0, 1, 2>, real<2>, real<1>, real<1>>(layer_norm, "layers", "layer_norm");
}

TEST_CASE("batch norm of columns", "[oracle][axes]") {
  check<double, reverse | forward | thorough(value | second), 2, wrt<0, 1, 2>, real<2>, real<1>, real<1>>(
      batch_norm, "layers", "batch_norm");
  check<float, thorough(reverse), 2, wrt<0, 1, 2>, real<2>, real<1>, real<1>>(batch_norm, "layers", "batch_norm");
}

TEST_CASE("batch norm of the channels of rank 3", "[oracle][axes]") {
  check<double, reverse | thorough(forward), 3, wrt<0, 1, 2>, real<3>, real<1>, real<1>>(batch_norm_channels, "layers",
                                                                                         "batch_norm_channels");
}

TEST_CASE("rms norm of rows", "[oracle][axes]") {
  check<double, reverse | thorough(forward | second), 2, wrt<0, 1>, real<2>, real<1>>(rms_norm, "layers", "rms_norm");
  check<float, thorough(reverse), 2, wrt<0, 1>, real<2>, real<1>>(rms_norm, "layers", "rms_norm");
}

TEST_CASE("columns are standardized with the sample deviation", "[oracle][axes]") {
  check<double, reverse | second | thorough(forward), 2, wrt<0>, real<2>>(standardized, "layers", "standardized");
}

TEST_CASE("a softmax of normalized rows, and its loss", "[oracle][axes]") {
  check<double, reverse | thorough(forward), 0, wrt<0, 1, 2>, real<2>, real<1>, real<2>>(norm_then_softmax, "layers",
                                                                                         "norm_then_softmax");
}
