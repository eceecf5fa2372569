// Softmax and its relatives, against derivatives from elsewhere.
// Written by tests/oracle/axes/generate.py: change that, not this.
#include "check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto softmax_vector = [](auto x) { return fg::softmax(x, fg::axis<0>); };

constexpr auto log_softmax_vector = [](auto x) { return fg::log_softmax(x, fg::axis<0>); };

constexpr auto log_softmax_columns = [](auto x) { return fg::log_softmax(x, fg::axis<0>); };

constexpr auto log_softmax_middle = [](auto x) { return fg::log_softmax(x, fg::axis<1>); };

constexpr auto normalize_vector = [](auto x) { return fg::normalize(x, fg::axis<0>); };

constexpr auto normalize_columns = [](auto x) { return fg::normalize(x, fg::axis<0>); };

constexpr auto normalize_middle = [](auto x) { return fg::normalize(x, fg::axis<1>); };

constexpr auto cosine_columns = [](auto x, auto y) { return fg::cosine_similarity(x, y, fg::axis<0>); };

constexpr auto cosine_row = [](auto x, auto y) { return fg::cosine_similarity(x, y, fg::axis<-1>); };

constexpr auto divergence = [](auto x, auto y) {
  auto p = fg::log_softmax(x, fg::axis<-1>);
  auto q = fg::log_softmax(y, fg::axis<-1>);
  return fg::mean(fg::sum(fg::exp(p) * (p - q), fg::axis<-1>));
};

constexpr auto temperature = [](auto x, auto t) {
  return fg::softmax(x * fg::unsqueeze(fg::exp(t), fg::axis<-1>), fg::axis<-1>);
};

constexpr auto double_softmax = [](auto x) { return fg::softmax(3 * fg::softmax(x, fg::axis<0>), fg::axis<-1>); };

}  // namespace

TEST_CASE("softmax of a vector", "[oracle][axes]") {
  check<double, reverse | forward | second, 1, wrt<0>, real<1>>(softmax_vector, "softmax", "softmax_vector");
}

TEST_CASE("log_softmax of a vector", "[oracle][axes]") {
  check<double, reverse | forward | second, 1, wrt<0>, real<1>>(log_softmax_vector, "softmax", "log_softmax_vector");
}

TEST_CASE("log_softmax of the columns of a matrix", "[oracle][axes]") {
  check<double, reverse | forward | second, 2, wrt<0>, real<2>>(log_softmax_columns, "softmax", "log_softmax_columns");
}

TEST_CASE("log_softmax along the middle axis of three", "[oracle][axes]") {
  check<double, reverse | forward, 3, wrt<0>, real<3>>(log_softmax_middle, "softmax", "log_softmax_middle");
}

TEST_CASE("normalize of a vector", "[oracle][axes]") {
  check<double, reverse | forward | second, 1, wrt<0>, real<1>>(normalize_vector, "softmax", "normalize_vector");
}

TEST_CASE("normalize of the columns of a matrix", "[oracle][axes]") {
  check<double, reverse | forward | second, 2, wrt<0>, real<2>>(normalize_columns, "softmax", "normalize_columns");
}

TEST_CASE("normalize along the middle axis of three", "[oracle][axes]") {
  check<double, reverse | forward, 3, wrt<0>, real<3>>(normalize_middle, "softmax", "normalize_middle");
}

TEST_CASE("the cosine similarity of columns", "[oracle][axes]") {
  check<double, reverse | forward, 1, wrt<0, 1>, real<2>, real<2>>(cosine_columns, "softmax", "cosine_columns");
}

TEST_CASE("the cosine similarity of every row with one vector", "[oracle][axes]") {
  check<double, reverse | forward, 1, wrt<0, 1>, real<2>, real<1>>(cosine_row, "softmax", "cosine_row");
}

TEST_CASE("the Kullback-Leibler divergence between two rows of logits", "[oracle][axes]") {
  check<double, reverse | forward | second, 0, wrt<0, 1>, real<2>, real<2>>(divergence, "softmax", "divergence");
}

TEST_CASE("softmax with a temperature for each row", "[oracle][axes]") {
  check<double, reverse | forward, 2, wrt<0, 1>, real<2>, real<1>>(temperature, "softmax", "temperature");
}

TEST_CASE("a softmax of the rows of a softmax of the columns", "[oracle][axes]") {
  check<double, reverse | forward | second, 2, wrt<0>, real<2>>(double_softmax, "softmax", "double_softmax");
}
