// Rows and sums that kernels of rows keep in shared memory: results are the same whatever finds room, and what does is
// read from memory once.
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
constexpr auto biased = [](auto x, auto b) { return fg::gelu(x + b); };

fg::tensor<int, 1> labels_below(int rows, int columns) {
  fg::tensor<int, 1> labels(rows);
  for (int r = 0; r < rows; ++r) labels[r] = r * 7 % columns;
  return labels;
}

}  // namespace

TEST_CASE("rows that find room in shared memory are read once", "[cuda]") {
  const auto t = fg::value_and_grad<0>(cross_entropy);
  for (auto [rows, columns] : {std::pair{9, 200}, {2, 2052}, {3, 1501}}) {
    const auto logits = matrix(rows, columns, 5);
    const auto labels = labels_below(rows, columns);
    const auto want = t(logits, labels);
    const auto reads = [&](std::int64_t room) {
      const auto [made, call] = emulated(t, fg::simt::gpu_limits(1, room), 3, logits, labels);
      same(get<0>(made), get<0>(want));
      same(get<1>(made), get<1>(want));
      return call.bytes_read;
    };
    const std::int64_t once = 4 * rows * columns, none = reads(0), all = reads(227 << 10), some = reads(4800);
    CHECK(none - all == 2 * once);  // three loops read a row
    CHECK(some > all);
    CHECK(some < none);
  }
}

TEST_CASE("rows of half in shared memory", "[cuda]") {
  const auto wide = matrix(3, 1300, 4);
  fg::tensor<fg::half, 2> x(wide.shape());
  for (std::ptrdiff_t i = 0; i < x.size(); ++i) x[i] = static_cast<fg::half>(wide[i]);
  const auto t = fg::fuse([](auto a) { return fg::logsumexp(a, fg::axis<-1>); });
  const auto all = emulated(t, fg::simt::gpu_limits(1, 227 << 10), 3, x),
             none = emulated(t, fg::simt::gpu_limits(1, 0), 3, x);
  CHECK(none.call.bytes_read == 2 * all.call.bytes_read);
  CHECK(all.call.bytes_read == 2 * x.size());
  for (std::ptrdiff_t r = 0; r < 3; ++r)
    CHECK(static_cast<float>(get<0>(all.results)[r]) == static_cast<float>(get<0>(none.results)[r]));
}

TEST_CASE("sums of rows in shared memory, by warps and by blocks", "[cuda]") {
  for (auto [rows, columns] : {std::pair{1, 1}, {0, 40}, {70, 33}, {50, 64}, {12, 300}, {5, 1100}, {3, 2049}})
    for (std::int64_t room : {0, 3000, 20'000, 227 << 10}) {
      const fg::simt::gpu_limits gpu(1, room);
      const auto x = matrix(rows, columns, 7), w = matrix(rows, columns, 8);
      compare(fg::vjp<0, 1>(biased), gpu, 5, x, vector(columns, 2), w);
      compare(fg::vjp<0, 1, 2>(layer_norm), gpu, 4, x, vector(columns, 9), vector(columns, 10), w);
    }
}

TEST_CASE("extrema and sums of rows, in double and of integers, in shared memory", "[cuda]") {
  constexpr auto f = [](auto x) {
    return fg::outputs(fg::max(x, fg::axis<0>), fg::sum(x, fg::axis<0>), fg::sum(x * x, fg::axis<-1>));
  };
  fg::tensor<double, 2> x({41, 50});
  fg::tensor<int, 2> i({41, 50});
  for (std::ptrdiff_t k = 0; k < x.size(); ++k) {
    x[k] = std::sin(static_cast<double>(k));
    i[k] = static_cast<int>(k * 37 % 101);
  }
  for (std::int64_t room : {0, 227 << 10}) {
    compare(fg::fuse(f), fg::simt::gpu_limits(1, room), 1, x);
    compare(fg::fuse(f), fg::simt::gpu_limits(1, room), 1, i);
  }
}

TEST_CASE("warps add up many parts of sums together", "[cuda]") {
  // 8 multiprocessors with blocks enough for more than 16 parts
  for (auto [rows, columns] : {std::pair{200, 40}, {199, 33}, {24, 700}}) {
    const auto x = matrix(rows, columns, 7), w = matrix(rows, columns, 8);
    compare(fg::vjp<0, 1>(biased), fg::simt::gpu_limits(8, 227 << 10), 5, x, vector(columns, 2), w);
    compare(fg::vjp<0, 1, 2>(layer_norm), fg::simt::gpu_limits(8, 227 << 10), 4, x, vector(columns, 9),
            vector(columns, 10), w);
  }
}

TEST_CASE("sums on the chip are the same bits each time", "[cuda]") {
  const auto x = matrix(90, 70, 7), w = matrix(90, 70, 8);
  const auto t = fg::vjp<1>(biased);
  const auto first = emulated(t, fg::simt::gpu_limits(7, 227 << 10), 1, x, vector(70, 2), w).results;
  for (unsigned seed : {2u, 3u}) {
    const auto again = emulated(t, fg::simt::gpu_limits(7, 227 << 10), seed, x, vector(70, 2), w).results;
    for (std::ptrdiff_t k = 0; k < 70; ++k) CHECK(get<1>(again)[k] == get<1>(first)[k]);
  }
}
