// Axes inserted, removed and permuted, against derivatives from elsewhere.
// Written by tests/oracle/axes/generate.py: change that, not this.
#include "check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto column = [](auto x, auto y) { return fg::unsqueeze(x, fg::axis<-1>) * fg::exp(0.5 * y) - y; };

constexpr auto outer_bare = [](auto x, auto y) { return fg::unsqueeze(x, fg::axis<-1>) * fg::exp(0.5 * y) - y; };

constexpr auto middle = [](auto x, auto y) { return fg::unsqueeze(x, fg::axis<1>) * fg::exp(0.5 * y) - y; };

constexpr auto crossed = [](auto x, auto y) { return fg::unsqueeze(x, fg::axis<1>) * fg::exp(0.5 * y) - y; };

constexpr auto transposed = [](auto x, auto y) { return fg::transpose(x) * fg::exp(0.5 * y) - y; };

constexpr auto permuted = [](auto x, auto y) { return fg::permute(x, fg::axis<2, 0, 1>) * fg::exp(0.5 * y) - y; };

constexpr auto squeezed = [](auto x, auto y) {
  return fg::squeeze(fg::mean(x, fg::axis<0>, fg::keepdims), fg::axis<0>) * fg::exp(0.5 * y) - y;
};

constexpr auto turned_softmax = [](auto x, auto y) {
  return fg::transpose(fg::softmax(fg::transpose(x), fg::axis<-1>)) * y;
};

constexpr auto turned_sum = [](auto x, auto y) { return fg::sum(fg::transpose(fg::sin(x)), fg::axis<-1>) * y; };

constexpr auto permuted_sum = [](auto x, auto y) {
  auto z = fg::permute(x, fg::axis<2, 0, 1>);
  auto s = fg::sum(z * z, fg::axis<-1>, fg::keepdims);
  return fg::sum(z / (1 + s), fg::axis<1>) * fg::unsqueeze(y, fg::axis<-1>);
};

constexpr auto pairwise = [](auto x) {
  auto d = fg::unsqueeze(x, fg::axis<-1>) - x;
  return d * fg::exp(-0.25 * d * d);
};

constexpr auto symmetric = [](auto x) { return x * fg::sin(fg::transpose(x)) + 0.5 * x; };

constexpr auto matrix_product = [](auto x, auto y) { return fg::sum(fg::unsqueeze(x, fg::axis<-1>) * y, fg::axis<1>); };

constexpr auto bilinear = [](auto x, auto m, auto y) { return fg::sum(x * fg::sum(m * y, fg::axis<-1>)); };

constexpr auto bias_gelu = [](auto x, auto bias) { return fg::gelu(x + bias); };

}  // namespace

TEST_CASE("a column meets a matrix", "[oracle][axes]") {
  check<double, reverse | forward, 2, wrt<0, 1>, real<1>, real<2>>(column, "unsqueezing", "column");
  check<float, thorough(reverse), 2, wrt<0, 1>, real<1>, real<2>>(column, "unsqueezing", "column");
}

TEST_CASE("a column meets an array of rank 1", "[oracle][axes]") {
  check<double, reverse | thorough(value | forward | second), 2, wrt<0, 1>, real<1>, real<1>>(outer_bare, "unsqueezing",
                                                                                              "outer_bare");
}

TEST_CASE("a middle axis is inserted", "[oracle][axes]") {
  check<double, reverse | thorough(forward), 3, wrt<0, 1>, real<2>, real<3>>(middle, "unsqueezing", "middle");
}

TEST_CASE("two matrices share one axis of three", "[oracle][axes]") {
  check<double, reverse | thorough(forward), 3, wrt<0, 1>, real<2>, real<2>>(crossed, "unsqueezing", "crossed");
}

TEST_CASE("a transposed matrix meets a matrix", "[oracle][axes]") {
  check<double, reverse | thorough(forward), 2, wrt<0, 1>, real<2>, real<2>>(transposed, "unsqueezing", "transposed");
}

TEST_CASE("axes are permuted", "[oracle][axes]") {
  check<double, reverse | forward, 3, wrt<0, 1>, real<3>, real<3>>(permuted, "unsqueezing", "permuted");
}

TEST_CASE("a kept axis is removed again", "[oracle][axes]") {
  check<double, reverse | thorough(forward), 1, wrt<0, 1>, real<2>, real<1>>(squeezed, "unsqueezing", "squeezed");
}

TEST_CASE("a softmax of a transposed matrix", "[oracle][axes]") {
  check<double, reverse | thorough(forward), 2, wrt<0, 1>, real<2>, real<1>>(turned_softmax, "unsqueezing",
                                                                             "turned_softmax");
}

TEST_CASE("a sum of the rows of a transposed matrix", "[oracle][axes]") {
  check<double, reverse | thorough(forward), 1, wrt<0, 1>, real<2>, real<1>>(turned_sum, "unsqueezing", "turned_sum");
}

TEST_CASE("sums of a permuted array meet other axes", "[oracle][axes]") {
  check<double, reverse | forward, 2, wrt<0, 1>, real<3>, real<1>>(permuted_sum, "unsqueezing", "permuted_sum");
}

TEST_CASE("an array meets itself as a column and as a row", "[oracle][axes]") {
  check<double, reverse | forward | thorough(second), 2, wrt<0>, real<1>>(pairwise, "unsqueezing", "pairwise");
}

TEST_CASE("a matrix meets its own transpose", "[oracle][axes]") {
  check<double, reverse | second | thorough(forward), 2, wrt<0>, real<2>>(symmetric, "unsqueezing", "symmetric");
}

TEST_CASE("a matrix product is written with a sum", "[oracle][axes]") {
  check<double, reverse | forward | thorough(second), 2, wrt<0, 1>, real<2>, real<2>>(matrix_product, "unsqueezing",
                                                                                      "matrix_product");
  check<float, thorough(reverse), 2, wrt<0, 1>, real<2>, real<2>>(matrix_product, "unsqueezing", "matrix_product");
}

TEST_CASE("a bilinear form reduces two axes in two steps", "[oracle][axes]") {
  check<double, reverse | thorough(forward | second), 0, wrt<0, 1, 2>, real<1>, real<2>, real<1>>(
      bilinear, "unsqueezing", "bilinear");
}

TEST_CASE("the gradient of a bias sums over the rows", "[oracle][axes]") {
  check<double, reverse | thorough(forward), 2, wrt<0, 1>, real<2>, real<1>>(bias_gelu, "unsqueezing", "bias_gelu");
  check<float, thorough(reverse), 2, wrt<0, 1>, real<2>, real<1>>(bias_gelu, "unsqueezing", "bias_gelu");
}
