// Cross-entropy and other losses of rows, in every mode against another library's derivatives.
// Written by tests/oracle/axes/generate.py: change that, not this.
#include "check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto plain_1 = [](auto x, auto y) { return fg::cross_entropy(x, y); };

constexpr auto plain_2 = [](auto x, auto y) { return fg::cross_entropy(x, y); };

constexpr auto plain_17 = [](auto x, auto y) { return fg::cross_entropy(x, y); };

constexpr auto plain_33 = [](auto x, auto y) { return fg::cross_entropy(x, y); };

constexpr auto plain = [](auto x, auto y) { return fg::cross_entropy(x, y); };

constexpr auto smooth = [](auto x, auto y) { return fg::cross_entropy(x, y, fg::label_smoothing(0.1)); };

constexpr auto ignored = [](auto x, auto y) { return fg::cross_entropy(x, y, fg::ignore_index(-100)); };

constexpr auto weighted = [](auto x, auto y, auto w) { return fg::cross_entropy(x, y, fg::class_weights(w)); };

constexpr auto weights_too = [](auto x, auto y, auto w) { return fg::cross_entropy(x, y, fg::class_weights(w)); };

constexpr auto smooth_ignored = [](auto x, auto y) {
  return fg::cross_entropy(x, y, fg::ignore_index(-100), fg::label_smoothing(0.1));
};

constexpr auto smooth_weighted = [](auto x, auto y, auto w) {
  return fg::cross_entropy(x, y, fg::label_smoothing(0.1), fg::class_weights(w));
};

constexpr auto ignored_weighted = [](auto x, auto y, auto w) {
  return fg::cross_entropy(x, y, fg::class_weights(w), fg::ignore_index(-100));
};

constexpr auto everything = [](auto x, auto y, auto w) {
  return fg::cross_entropy(x, y, fg::label_smoothing(0.1), fg::class_weights(w), fg::ignore_index(-100));
};

constexpr auto everything_else = [](auto x, auto y, auto w) {
  return fg::cross_entropy(x, y, fg::ignore_index(-100), fg::class_weights(w), fg::label_smoothing(0.1));
};

constexpr auto one_row = [](auto x, auto y) { return fg::cross_entropy(x, y); };

constexpr auto batches = [](auto x, auto y) { return fg::cross_entropy(x, y, fg::label_smoothing(0.25)); };

constexpr auto soft = [](auto x, auto t) {
  auto target = fg::softmax(t, fg::axis<-1>);
  return fg::cross_entropy(x, target);
};

constexpr auto soft_smooth = [](auto x, auto t) {
  auto target = fg::softmax(t, fg::axis<-1>);
  return fg::cross_entropy(x, target, fg::label_smoothing(0.1));
};

constexpr auto soft_weighted = [](auto x, auto t, auto w) {
  auto target = fg::softmax(t, fg::axis<-1>);
  return fg::cross_entropy(x, target, fg::class_weights(w));
};

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

constexpr auto contrastive = [](auto x, auto y) {
  auto u = fg::normalize(x, fg::axis<-1>);
  auto v = fg::normalize(y, fg::axis<-1>);
  auto s = 2 * fg::sum(fg::unsqueeze(u, fg::axis<1>) * v, fg::axis<-1>);
  return fg::mean(fg::logsumexp(s, fg::axis<-1>)) - 2 * fg::mean(fg::sum(u * v, fg::axis<-1>));
};

}  // namespace

TEST_CASE("cross-entropy of 1 classes", "[oracle][axes]") {
  check<double, reverse, 0, wrt<0>, real<2>, integer<1>>(plain_1, "losses", "plain_1");
}

TEST_CASE("cross-entropy of 2 classes", "[oracle][axes]") {
  check<double, reverse, 0, wrt<0>, real<2>, integer<1>>(plain_2, "losses", "plain_2");
}

TEST_CASE("cross-entropy of 17 classes", "[oracle][axes]") {
  check<double, reverse, 0, wrt<0>, real<2>, integer<1>>(plain_17, "losses", "plain_17");
}

TEST_CASE("cross-entropy of 33 classes", "[oracle][axes]") {
  check<double, reverse, 0, wrt<0>, real<2>, integer<1>>(plain_33, "losses", "plain_33");
}

TEST_CASE("cross-entropy with integer labels", "[oracle][axes]") {
  check<double, value | reverse | forward | second, 0, wrt<0>, real<2>, integer<1>>(plain, "losses", "plain");
  check<float, value | reverse | forward | second, 0, wrt<0>, real<2>, integer<1>>(plain, "losses", "plain");
}

TEST_CASE("cross-entropy with label smoothing", "[oracle][axes]") {
  check<double, reverse | forward | second, 0, wrt<0>, real<2>, integer<1>>(smooth, "losses", "smooth");
}

TEST_CASE("cross-entropy with an ignored label", "[oracle][axes]") {
  check<double, reverse | forward | second, 0, wrt<0>, real<2>, integer<1>>(ignored, "losses", "ignored");
  check<float, reverse | forward | second, 0, wrt<0>, real<2>, integer<1>>(ignored, "losses", "ignored");
}

TEST_CASE("cross-entropy with class weights", "[oracle][axes]") {
  check<double, reverse | forward, 0, wrt<0>, real<2>, integer<1>, real<1>>(weighted, "losses", "weighted");
}

TEST_CASE("cross-entropy with respect to logits and class weights", "[oracle][axes]") {
  check<double, reverse | forward, 0, wrt<0, 2>, real<2>, integer<1>, real<1>>(weights_too, "losses", "weights_too");
}

TEST_CASE("cross-entropy with label smoothing and an ignored label", "[oracle][axes]") {
  check<double, reverse, 0, wrt<0>, real<2>, integer<1>>(smooth_ignored, "losses", "smooth_ignored");
}

TEST_CASE("cross-entropy with label smoothing and class weights", "[oracle][axes]") {
  check<double, reverse, 0, wrt<0>, real<2>, integer<1>, real<1>>(smooth_weighted, "losses", "smooth_weighted");
}

TEST_CASE("cross-entropy with an ignored label and class weights", "[oracle][axes]") {
  check<double, reverse, 0, wrt<0>, real<2>, integer<1>, real<1>>(ignored_weighted, "losses", "ignored_weighted");
}

TEST_CASE("cross-entropy with all options", "[oracle][axes]") {
  check<double, value | reverse | forward | second, 0, wrt<0>, real<2>, integer<1>, real<1>>(everything, "losses",
                                                                                             "everything");
  check<float, value | reverse | forward | second, 0, wrt<0>, real<2>, integer<1>, real<1>>(everything, "losses",
                                                                                            "everything");
}

TEST_CASE("cross-entropy with all options in another order", "[oracle][axes]") {
  check<double, reverse, 0, wrt<0>, real<2>, integer<1>, real<1>>(everything_else, "losses", "everything_else");
}

TEST_CASE("cross-entropy of one row and one label", "[oracle][axes]") {
  check<double, reverse | forward | second, 0, wrt<0>, real<1>, integer<0>>(one_row, "losses", "one_row");
}

TEST_CASE("cross-entropy of an array of rank 3", "[oracle][axes]") {
  check<double, reverse | forward, 0, wrt<0>, real<3>, integer<2>>(batches, "losses", "batches");
}

TEST_CASE("cross-entropy with soft targets", "[oracle][axes]") {
  check<double, value | reverse | forward | second, 0, wrt<0, 1>, real<2>, real<2>>(soft, "losses", "soft");
  check<float, value | reverse | forward | second, 0, wrt<0, 1>, real<2>, real<2>>(soft, "losses", "soft");
}

TEST_CASE("cross-entropy with smoothed soft targets", "[oracle][axes]") {
  check<double, reverse | forward, 0, wrt<0, 1>, real<2>, real<2>>(soft_smooth, "losses", "soft_smooth");
}

TEST_CASE("cross-entropy with soft targets and class weights", "[oracle][axes]") {
  check<double, reverse | forward, 0, wrt<0, 1, 2>, real<2>, real<2>, real<1>>(soft_weighted, "losses",
                                                                               "soft_weighted");
}

TEST_CASE("cross-entropy with smoothed soft targets and class weights", "[oracle][axes]") {
  check<double, reverse, 0, wrt<0, 1, 2>, real<2>, real<2>, real<1>>(soft_everything, "losses", "soft_everything");
}

TEST_CASE("cross-entropy with respect to its soft targets", "[oracle][axes]") {
  check<double, reverse | forward, 0, wrt<0, 1>, real<2>, real<2>>(soft_argument, "losses", "soft_argument");
}

TEST_CASE("softmax regression with respect to weights and biases", "[oracle][axes]") {
  check<double, reverse | forward | second, 0, wrt<1, 2>, real<2>, real<2>, real<1>, integer<1>>(regression, "losses",
                                                                                                 "regression");
  check<float, reverse | forward | second, 0, wrt<1, 2>, real<2>, real<2>, real<1>, integer<1>>(regression, "losses",
                                                                                                "regression");
}

TEST_CASE("logistic regression with respect to weights and bias", "[oracle][axes]") {
  check<double, reverse | forward | second, 0, wrt<1, 2>, real<2>, real<1>, real<0>, real<1>>(logistic, "losses",
                                                                                              "logistic");
  check<float, reverse | forward | second, 0, wrt<1, 2>, real<2>, real<1>, real<0>, real<1>>(logistic, "losses",
                                                                                             "logistic");
}

TEST_CASE("a dice loss for each channel", "[oracle][axes]") {
  check<double, reverse | forward | second, 0, wrt<0, 1>, real<3>, real<3>>(dice, "losses", "dice");
}

TEST_CASE("a contrastive loss of normalized rows", "[oracle][axes]") {
  check<double, reverse | forward, 0, wrt<0, 1>, real<2>, real<2>>(contrastive, "losses", "contrastive");
}
