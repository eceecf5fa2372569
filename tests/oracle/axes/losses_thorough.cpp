// Cross-entropy and other losses of rows, against derivatives from elsewhere.
// Written by tests/oracle/axes/generate.py: change that, not this.
#include "check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto plain_1 = [](auto x, auto y) { return fg::cross_entropy(x, y); };

constexpr auto plain_2 = [](auto x, auto y) { return fg::cross_entropy(x, y); };

constexpr auto plain_17 = [](auto x, auto y) { return fg::cross_entropy(x, y); };

constexpr auto plain_33 = [](auto x, auto y) { return fg::cross_entropy(x, y); };

constexpr auto smooth = [](auto x, auto y) { return fg::cross_entropy(x, y, fg::label_smoothing(0.1)); };

constexpr auto ignored = [](auto x, auto y) { return fg::cross_entropy(x, y, fg::ignore_index(-100)); };

constexpr auto weighted = [](auto x, auto y, auto w) { return fg::cross_entropy(x, y, fg::class_weights(w)); };

constexpr auto smooth_ignored = [](auto x, auto y) {
  return fg::cross_entropy(x, y, fg::ignore_index(-100), fg::label_smoothing(0.1));
};

constexpr auto smooth_weighted = [](auto x, auto y, auto w) {
  return fg::cross_entropy(x, y, fg::label_smoothing(0.1), fg::class_weights(w));
};

constexpr auto ignored_weighted = [](auto x, auto y, auto w) {
  return fg::cross_entropy(x, y, fg::class_weights(w), fg::ignore_index(-100));
};

constexpr auto everything_else = [](auto x, auto y, auto w) {
  return fg::cross_entropy(x, y, fg::ignore_index(-100), fg::class_weights(w), fg::label_smoothing(0.1));
};

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

TEST_CASE("cross-entropy with label smoothing", "[oracle][axes]") {
  check<double, reverse | forward | second, 0, wrt<0>, real<2>, integer<1>>(smooth, "losses", "smooth");
}

TEST_CASE("cross-entropy with an ignored label", "[oracle][axes]") {
  check<double, reverse | forward | second, 0, wrt<0>, real<2>, integer<1>>(ignored, "losses", "ignored");
  check<float, thorough(reverse), 0, wrt<0>, real<2>, integer<1>>(ignored, "losses", "ignored");
}

TEST_CASE("cross-entropy with class weights", "[oracle][axes]") {
  check<double, reverse | forward, 0, wrt<0>, real<2>, integer<1>, real<1>>(weighted, "losses", "weighted");
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

TEST_CASE("cross-entropy with all options in another order", "[oracle][axes]") {
  check<double, reverse, 0, wrt<0>, real<2>, integer<1>, real<1>>(everything_else, "losses", "everything_else");
}

TEST_CASE("cross-entropy of an array of rank 3", "[oracle][axes]") {
  check<double, reverse | forward, 0, wrt<0>, real<3>, integer<2>>(batches, "losses", "batches");
}

TEST_CASE("cross-entropy with soft targets", "[oracle][axes]") {
  check<double, value | reverse | forward | second, 0, wrt<0, 1>, real<2>, real<2>>(soft, "losses", "soft");
  check<float, thorough(reverse), 0, wrt<0, 1>, real<2>, real<2>>(soft, "losses", "soft");
}

TEST_CASE("cross-entropy with smoothed soft targets", "[oracle][axes]") {
  check<double, reverse | forward, 0, wrt<0, 1>, real<2>, real<2>>(soft_smooth, "losses", "soft_smooth");
}

TEST_CASE("cross-entropy with soft targets and class weights", "[oracle][axes]") {
  check<double, reverse | forward, 0, wrt<0, 1, 2>, real<2>, real<2>, real<1>>(soft_weighted, "losses",
                                                                               "soft_weighted");
}

TEST_CASE("a contrastive loss of normalized rows", "[oracle][axes]") {
  check<double, reverse | forward, 0, wrt<0, 1>, real<2>, real<2>>(contrastive, "losses", "contrastive");
}
