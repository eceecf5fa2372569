// Softmax and its relatives, against derivatives from elsewhere.
// Written by tests/oracle/axes/generate.py: change that, not this.
#include "check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto softmax_rows = [](auto x) { return fg::softmax(x, fg::axis<-1>); };

constexpr auto softmax_columns = [](auto x) { return fg::softmax(x, fg::axis<0>); };

constexpr auto softmax_middle = [](auto x) { return fg::softmax(x, fg::axis<1>); };

constexpr auto log_softmax_rows = [](auto x) { return fg::log_softmax(x, fg::axis<-1>); };

constexpr auto normalize_rows = [](auto x) { return fg::normalize(x, fg::axis<-1>); };

constexpr auto cosine_rows = [](auto x, auto y) { return fg::cosine_similarity(x, y, fg::axis<-1>); };

constexpr auto entropy = [](auto x) {
  auto p = fg::softmax(x, fg::axis<-1>);
  return -fg::sum(p * fg::log_softmax(x, fg::axis<-1>), fg::axis<-1>);
};

constexpr auto attention = [](auto q, auto k, auto v) {
  auto scores = fg::sum(fg::unsqueeze(q, fg::axis<1>) * k, fg::axis<-1>);
  auto p = fg::softmax(0.5 * scores, fg::axis<-1>);
  return fg::sum(fg::unsqueeze(p, fg::axis<-1>) * v, fg::axis<1>);
};

}  // namespace

TEST_CASE("softmax of the rows of a matrix", "[oracle][axes]") {
  check<double, reverse | forward | thorough(value | second), 2, wrt<0>, real<2>>(softmax_rows, "softmax",
                                                                                  "softmax_rows");
  check<float, thorough(reverse), 2, wrt<0>, real<2>>(softmax_rows, "softmax", "softmax_rows");
}

TEST_CASE("softmax of the columns of a matrix", "[oracle][axes]") {
  check<double, reverse | thorough(forward | second), 2, wrt<0>, real<2>>(softmax_columns, "softmax",
                                                                          "softmax_columns");
}

TEST_CASE("softmax along the middle axis of three", "[oracle][axes]") {
  check<double, reverse | thorough(forward), 3, wrt<0>, real<3>>(softmax_middle, "softmax", "softmax_middle");
}

TEST_CASE("log_softmax of the rows of a matrix", "[oracle][axes]") {
  check<double, reverse | thorough(value | forward | second), 2, wrt<0>, real<2>>(log_softmax_rows, "softmax",
                                                                                  "log_softmax_rows");
  check<float, thorough(reverse), 2, wrt<0>, real<2>>(log_softmax_rows, "softmax", "log_softmax_rows");
}

TEST_CASE("normalize of the rows of a matrix", "[oracle][axes]") {
  check<double, reverse | thorough(value | forward | second), 2, wrt<0>, real<2>>(normalize_rows, "softmax",
                                                                                  "normalize_rows");
  check<float, thorough(reverse), 2, wrt<0>, real<2>>(normalize_rows, "softmax", "normalize_rows");
}

TEST_CASE("the cosine similarity of rows", "[oracle][axes]") {
  check<double, reverse | thorough(forward | second), 1, wrt<0, 1>, real<2>, real<2>>(cosine_rows, "softmax",
                                                                                      "cosine_rows");
  check<float, thorough(reverse), 1, wrt<0, 1>, real<2>, real<2>>(cosine_rows, "softmax", "cosine_rows");
}

TEST_CASE("the entropy of every row", "[oracle][axes]") {
  check<double, reverse | thorough(forward | second), 1, wrt<0>, real<2>>(entropy, "softmax", "entropy");
}

TEST_CASE("attention of queries, keys and values", "[oracle][axes]") {
  check<double, reverse | thorough(forward), 2, wrt<0, 1, 2>, real<2>, real<2>, real<2>>(attention, "softmax",
                                                                                         "attention");
}
