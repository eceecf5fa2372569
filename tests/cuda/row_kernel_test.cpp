// The bodies of CUDA kernels of rows, and several kernels one after another, run by an emulation of blocks and threads.
#include "compare.hpp"

namespace fg = fusegrad;
using namespace emulator;

namespace {

constexpr auto cross_entropy = [](auto logits, auto labels) { return fg::mean(fg::cross_entropy(logits, labels)); };
constexpr auto layer_norm = [](auto x, auto gain, auto shift) {
  const auto m = fg::mean(x, fg::axis<-1>, fg::keepdims);
  const auto v = fg::var(x, fg::axis<-1>, fg::keepdims);
  return (x - m) * fg::rsqrt(v + 1e-5) * gain + shift;
};

}  // namespace

TEST_CASE("cross-entropy and its gradient are one launch of rows", "[cuda]") {
  for (auto [rows, columns] : {std::pair{1, 1}, {5, 3}, {33, 10}, {7, 130}, {3, 1500}}) {
    const auto logits = matrix(rows, columns, 5);
    fg::tensor<int, 1> labels(rows);
    for (int r = 0; r < rows; ++r) labels[r] = r * 7 % columns;
    CHECK(compare(fg::value_and_grad<0>(cross_entropy), 1, 3, logits, labels) == 1);
  }
}

TEST_CASE("softmax rows", "[cuda]") {
  for (auto [rows, columns] : {std::pair{4, 8}, {3, 1028}, {2, 5000}})
    CHECK(compare(fg::fuse([](auto x) { return fg::softmax(x, fg::axis<-1>); }), 2, 9, matrix(rows, columns, 6)) == 1);
}

TEST_CASE("layer normalisation", "[cuda]") {
  for (auto [rows, columns] : {std::pair{9, 16}, {40, 33}, {6, 1100}})
    compare(fg::fuse(layer_norm), 1, 2, matrix(rows, columns, 7), vector(columns, 9), vector(columns, 10));
}

TEST_CASE("several blocks walk along a long row", "[cuda]") {
  const auto labels_below = [](int rows, int columns) {
    fg::tensor<int, 1> labels(rows);
    for (int r = 0; r < rows; ++r) labels[r] = (r + 1) * 1237 % columns;
    return labels;
  };
  const auto t = fg::value_and_grad<0>(cross_entropy);
  for (auto [rows, columns, multiprocessors] : {std::tuple{1, 70'001, 2}, {2, 65'540, 5}})
    CHECK(compare(t, multiprocessors, 3, matrix(rows, columns, 5), labels_below(rows, columns)) > 1);
  const auto x = matrix(1, 65'538, 5), w = matrix(1, 65'538, 6);
  CHECK(compare(t, 1, 3, x, labels_below(1, 65'538)) == 1);  // nothing is left idle
  compare(fg::fuse([](auto a) { return fg::outputs(fg::logsumexp(a, fg::axis<-1>), fg::argmin(a, fg::axis<-1>)); }), 2,
          3, x);
  compare(fg::vjp<0, 1, 2>(layer_norm), 2, 4, x, vector(65'538, 9), vector(65'538, 10), w);
}

TEST_CASE("several blocks of a row leave the same bits each time", "[cuda]") {
  const auto x = matrix(1, 66'000, 7);
  const auto t = fg::fuse([](auto a) { return fg::sum(fg::logsumexp(a, fg::axis<-1>)); });
  float first = 0;
  for (unsigned seed : {1u, 2u, 3u}) {
    float got = -1;
    const auto call = emulate(t, fg::results<float&>{{{got}}}, 2, seed, x);
    CHECK(call.ticket_left);
    if (seed == 1) first = got;
    CHECK(got == first);
  }
}
