// Cross-entropy and other losses of rows, against derivatives from elsewhere.
// Written by tests/oracle/axes/generate.py: change that, not this.
#include "check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto plain = [](auto x, auto y) { return fg::cross_entropy(x, y); };

constexpr auto weights_too = [](auto x, auto y, auto w) { return fg::cross_entropy(x, y, fg::class_weights(w)); };

constexpr auto everything = [](auto x, auto y, auto w) {
  return fg::cross_entropy(x, y, fg::label_smoothing(0.1), fg::class_weights(w), fg::ignore_index(-100));
};

constexpr auto one_row = [](auto x, auto y) { return fg::cross_entropy(x, y); };

constexpr auto soft_everything = [](auto x, auto t, auto w) {
  auto target = fg::softmax(t, fg::axis<-1>);
  return fg::cross_entropy(x, target, fg::class_weights(w), fg::label_smoothing(0.2));
};

constexpr auto soft_argument = [](auto x, auto t) { return fg::cross_entropy(x, t); };

constexpr auto regression = [](auto x, auto w, auto bias, auto y) {
  auto logits = fg::sum(fg::unsqueeze(x, fg::axis<-1>) * w, fg::axis<1>) + bias;
  return fg::cross_entropy(logits, y);
};

constexpr auto logistic = [](auto x, auto w, auto bias, auto t) {
  auto logit = fg::sum(x * w, fg::axis<-1>) + bias;
  return fg::mean(fg::softplus(logit) - t * logit);
};

constexpr auto dice = [](auto x, auto t) {
  auto p = fg::sigmoid(x);
  auto both = fg::sum(p * t, fg::axis<0, 2>);
  auto each = fg::sum(p, fg::axis<0, 2>) + fg::sum(t, fg::axis<0, 2>);
  return 1 - fg::mean((2 * both + 1) / (each + 1));
};

}  // namespace

TEST_CASE("cross-entropy with integer labels", "[oracle][axes]") {
  check<double, reverse | thorough(value | forward | second), 0, wrt<0>, real<2>, integer<1>>(plain, "losses", "plain");
  check<float, thorough(reverse), 0, wrt<0>, real<2>, integer<1>>(plain, "losses", "plain");
}

TEST_CASE("cross-entropy with respect to logits and class weights", "[oracle][axes]") {
  check<double, reverse | thorough(forward), 0, wrt<0, 2>, real<2>, integer<1>, real<1>>(weights_too, "losses",
                                                                                         "weights_too");
}

TEST_CASE("cross-entropy with all options", "[oracle][axes]") {
  check<double, reverse | forward | second | thorough(value), 0, wrt<0>, real<2>, integer<1>, real<1>>(
      everything, "losses", "everything");
  check<float, thorough(reverse), 0, wrt<0>, real<2>, integer<1>, real<1>>(everything, "losses", "everything");
}

TEST_CASE("cross-entropy of one row and one label", "[oracle][axes]") {
  check<double, reverse | thorough(forward | second), 0, wrt<0>, real<1>, integer<0>>(one_row, "losses", "one_row");
}

TEST_CASE("cross-entropy with smoothed soft targets and class weights", "[oracle][axes]") {
  check<double, reverse, 0, wrt<0, 1, 2>, real<2>, real<2>, real<1>>(soft_everything, "losses", "soft_everything");
}

TEST_CASE("cross-entropy with respect to its soft targets", "[oracle][axes]") {
  check<double, reverse | thorough(forward), 0, wrt<0, 1>, real<2>, real<2>>(soft_argument, "losses", "soft_argument");
}

TEST_CASE("softmax regression with respect to weights and biases", "[oracle][axes]") {
  check<double, reverse | forward | thorough(second), 0, wrt<1, 2>, real<2>, real<2>, real<1>, integer<1>>(
      regression, "losses", "regression");
  check<float, thorough(reverse), 0, wrt<1, 2>, real<2>, real<2>, real<1>, integer<1>>(regression, "losses",
                                                                                       "regression");
}

TEST_CASE("logistic regression with respect to weights and bias", "[oracle][axes]") {
  check<double, reverse | thorough(forward | second), 0, wrt<1, 2>, real<2>, real<1>, real<0>, real<1>>(
      logistic, "losses", "logistic");
  check<float, thorough(reverse), 0, wrt<1, 2>, real<2>, real<1>, real<0>, real<1>>(logistic, "losses", "logistic");
}

TEST_CASE("a dice loss for each channel", "[oracle][axes]") {
  check<double, reverse | thorough(forward | second), 0, wrt<0, 1>, real<3>, real<3>>(dice, "losses", "dice");
}
