// Rows that are sorted between kernels, run by an emulation of blocks and threads.
#include "compare.hpp"

namespace fg = fusegrad;
using namespace emulator;

TEST_CASE("rows are sorted by merging, whatever their length", "[cuda][sort]") {
  constexpr auto sorted = [](auto x) { return fg::outputs(fg::sort(x), fg::argsort(x)); };
  for (auto [rows, columns] : {std::pair{3, 1}, {1, 2}, {5, 3}, {2, 16}, {3, 130}, {1, 1025}, {0, 4}, {4, 0}}) {
    auto x = matrix(rows, columns, 1);
    for (auto& e : x) e = std::round(4 * e);  // some are equal
    if (x.size() > 7) x[3] = NAN;
    if (x.size() > 7) x[5] = -INFINITY;
    const auto got = emulated(fg::fuse(sorted), 1, 3, x);
    const auto [numbers, places] = fg::fuse(sorted)(x);
    CHECK(std::equal(places.begin(), places.end(), get<1>(got.results).begin()));
    CHECK(std::equal(numbers.begin(), numbers.end(), get<0>(got.results).begin(),
                     [](float a, float b) { return a == b || (a != a && b != b); }));
  }
}

TEST_CASE("sorted rows have gradients, along any axis, and medians", "[cuda][sort]") {
  constexpr auto loss = [](auto x, auto w) { return fg::sum(fg::square(fg::sort(x, fg::axis<0>)) * w); };
  constexpr auto spread = [](auto x) { return fg::mean(fg::abs(x - fg::median(x, fg::axis<-1>, fg::keepdims))); };
  constexpr auto tail = [](auto x) {
    return fg::sort(fg::slice(fg::sort(x), fg::axis<-1>, fg::range<2, fg::end>) * -1);
  };
  const auto x = matrix(9, 70, 1), w = matrix(9, 70, 2);
  CHECK(compare(fg::value_and_grad<0, 1>(loss), 2, 3, x, w) == 3 + 4 + 1 + 1 + 1);  // kernels, merges, and moves
  compare(fg::value_and_grad(spread), 1, 4, x);
  compare(fg::fuse(tail), 1, 5, x);
}
