// Axes inserted, removed and permuted, against derivatives from elsewhere.
// Written by tests/oracle/axes/generate.py: change that, not this.
#include "check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto outer = [](auto x, auto y) {
  return fg::unsqueeze(x, fg::axis<-1>) * fg::exp(0.5 * fg::unsqueeze(y, fg::axis<0>)) - fg::unsqueeze(y, fg::axis<0>);
};

constexpr auto middle_back = [](auto x, auto y) { return fg::unsqueeze(x, fg::axis<-2>) * fg::exp(0.5 * y) - y; };

constexpr auto trailing = [](auto x, auto y) { return fg::unsqueeze(x, fg::axis<-1>) * fg::exp(0.5 * y) - y; };

constexpr auto twice = [](auto x, auto y) {
  return fg::unsqueeze(fg::unsqueeze(x, fg::axis<-1>), fg::axis<-1>) * fg::exp(0.5 * y) - y;
};

constexpr auto inner = [](auto x, auto y) { return fg::unsqueeze(x, fg::axis<-1>) * fg::exp(0.5 * y) - y; };

constexpr auto crossed_first = [](auto x, auto y) {
  return fg::unsqueeze(x, fg::axis<-1>) * fg::exp(0.5 * fg::unsqueeze(y, fg::axis<1>)) - fg::unsqueeze(y, fg::axis<1>);
};

constexpr auto outer_matrix = [](auto x, auto y) {
  return fg::unsqueeze(fg::unsqueeze(x, fg::axis<-1>), fg::axis<-1>) * fg::exp(0.5 * y) - y;
};

constexpr auto transposed_row = [](auto x, auto y) { return fg::transpose(x) * fg::exp(0.5 * y) - y; };

constexpr auto transposed_batch = [](auto x, auto y) { return fg::transpose(x) * fg::exp(0.5 * y) - y; };

constexpr auto permuted_other = [](auto x, auto y) {
  return fg::permute(x, fg::axis<-1, 1, 0>) * fg::exp(0.5 * y) - y;
};

constexpr auto permuted_twice = [](auto x, auto y) {
  return fg::permute(fg::permute(x, fg::axis<1, 2, 0>), fg::axis<2, 0, 1>) * fg::exp(0.5 * y) - y;
};

constexpr auto squeezed_last = [](auto x, auto y) {
  return fg::squeeze(fg::unsqueeze(x, fg::axis<-1>), fg::axis<-1>) * fg::exp(0.5 * y) - y;
};

constexpr auto permuted_layers = [](auto x, auto gamma) {
  auto last = fg::permute(x, fg::axis<1, 2, 0>);
  auto m = fg::mean(last, fg::axis<-1>, fg::keepdims);
  auto v = fg::var(last, fg::axis<-1>, fg::keepdims);
  return fg::permute((last - m) * fg::rsqrt(v + 0.01) * gamma, fg::axis<2, 0, 1>);
};

constexpr auto three_roles = [](auto x, auto y, auto z) {
  auto rows = fg::unsqueeze(fg::unsqueeze(x, fg::axis<-1>), fg::axis<-1>);
  auto columns = fg::unsqueeze(y, fg::axis<-1>);
  return fg::sin(rows * columns) + z * rows - fg::square(columns) * z;
};

constexpr auto matrix_vector = [](auto x, auto w, auto bias) {
  return fg::sigmoid(fg::sum(x * w, fg::axis<-1>) + bias);
};

constexpr auto broadcast_extremum = [](auto x, auto y) {
  return fg::max(fg::unsqueeze(x, fg::axis<-1>), y) * fg::min(y, 0.3 + fg::unsqueeze(x, fg::axis<-1>));
};

}  // namespace

TEST_CASE("a column meets a row", "[oracle][axes]") {
  check<double, reverse | forward, 2, wrt<0, 1>, real<1>, real<1>>(outer, "unsqueezing", "outer");
}

TEST_CASE("a middle axis is inserted, counted from the end", "[oracle][axes]") {
  check<double, reverse | forward, 3, wrt<0, 1>, real<2>, real<3>>(middle_back, "unsqueezing", "middle_back");
}

TEST_CASE("a last axis is inserted", "[oracle][axes]") {
  check<double, reverse | forward, 3, wrt<0, 1>, real<2>, real<3>>(trailing, "unsqueezing", "trailing");
}

TEST_CASE("two axes are inserted", "[oracle][axes]") {
  check<double, reverse | forward, 3, wrt<0, 1>, real<1>, real<3>>(twice, "unsqueezing", "twice");
}

TEST_CASE("an array of the middle axis alone", "[oracle][axes]") {
  check<double, reverse | forward, 3, wrt<0, 1>, real<1>, real<3>>(inner, "unsqueezing", "inner");
}

TEST_CASE("two matrices share the first axis of three", "[oracle][axes]") {
  check<double, reverse | forward, 3, wrt<0, 1>, real<2>, real<2>>(crossed_first, "unsqueezing", "crossed_first");
}

TEST_CASE("a vector meets a matrix as an outer product", "[oracle][axes]") {
  check<double, reverse | forward, 3, wrt<0, 1>, real<1>, real<2>>(outer_matrix, "unsqueezing", "outer_matrix");
}

TEST_CASE("a transposed matrix meets a row", "[oracle][axes]") {
  check<double, reverse | forward, 2, wrt<0, 1>, real<2>, real<1>>(transposed_row, "unsqueezing", "transposed_row");
}

TEST_CASE("transpose swaps the last two axes of three", "[oracle][axes]") {
  check<double, reverse | forward, 3, wrt<0, 1>, real<3>, real<3>>(transposed_batch, "unsqueezing", "transposed_batch");
}

TEST_CASE("axes are permuted, counted from the end", "[oracle][axes]") {
  check<double, reverse | forward, 3, wrt<0, 1>, real<3>, real<3>>(permuted_other, "unsqueezing", "permuted_other");
}

TEST_CASE("two permutations undo each other", "[oracle][axes]") {
  check<double, reverse | forward, 3, wrt<0, 1>, real<3>, real<1>>(permuted_twice, "unsqueezing", "permuted_twice");
}

TEST_CASE("an inserted axis is removed again", "[oracle][axes]") {
  check<double, reverse | forward, 2, wrt<0, 1>, real<2>, real<2>>(squeezed_last, "unsqueezing", "squeezed_last");
}

TEST_CASE("the norm of channels that stand first", "[oracle][axes]") {
  check<double, reverse | forward, 3, wrt<0, 1>, real<3>, real<1>>(permuted_layers, "unsqueezing", "permuted_layers");
}

TEST_CASE("three vectors make an array of rank 3", "[oracle][axes]") {
  check<double, reverse | forward | second, 3, wrt<0, 1, 2>, real<1>, real<1>, real<1>>(three_roles, "unsqueezing",
                                                                                        "three_roles");
}

TEST_CASE("a matrix meets a vector: a linear model", "[oracle][axes]") {
  check<double, reverse | forward | second, 1, wrt<0, 1, 2>, real<2>, real<1>, real<0>>(matrix_vector, "unsqueezing",
                                                                                        "matrix_vector");
  check<float, thorough(reverse), 1, wrt<0, 1, 2>, real<2>, real<1>, real<0>>(matrix_vector, "unsqueezing",
                                                                              "matrix_vector");
}

TEST_CASE("elementwise extrema of a column and a row", "[oracle][axes]") {
  check<double, reverse | forward, 2, wrt<0, 1>, real<1>, real<1>>(broadcast_extremum, "unsqueezing",
                                                                   "broadcast_extremum");
}
