// What runs along an axis: rounding, and values to the end of vectors, blocks and rows.
#include <cmath>
#include <fusegrad/fusegrad.hpp>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;

TEST_CASE("sums so far do not gather rounding errors", "[ops]") {
  constexpr auto f = [](auto x) { return fg::cumsum(x); };
  const std::vector<float> tenths(10'000'000, 0.1f);
  const auto sums = fg::fuse(f)(tenths);
  for (std::ptrdiff_t k : {1'000'000, 5'000'001, 9'999'999}) {
    const double exact = static_cast<double>(k + 1) * static_cast<double>(0.1f);
    CHECK(std::abs(sums[k] - exact) <= 1.2e-7 * exact);
  }
  const std::vector<double> small(3'000'000, 0.1);
  const double exact = 300000;  // and 1.7e-11, far below a unit in the last place
  CHECK(std::abs(fg::fuse(f)(small)[2'999'999] - exact) <= 2.3e-16 * exact);
}

TEST_CASE("sums so far are those of plain loops", "[ops]") {
  for (std::ptrdiff_t n : {1, 2, 7, 8, 15, 16, 17, 33, 5000}) {
    fg::tensor<float, 2> x({2, n});
    for (std::ptrdiff_t k = 0; k < 2 * n; ++k) x.data()[k] = static_cast<float>(k % 13 - 5);
    const auto sums = fg::fuse([](auto v) { return fg::cumsum(v); })(x);
    bool same = true;
    for (std::ptrdiff_t row = 0; row < 2; ++row) {
      float sum = 0;
      for (std::ptrdiff_t k = 0; k < n; ++k) same = same && sums(row, k) == (sum += x(row, k));
    }
    CHECK(same);
  }
  const float inf = INFINITY;
  const auto sums = fg::fuse([](auto v) { return fg::cumsum(v); })(std::vector<float>{1, inf, 2, -inf, 3});
  CHECK((sums[0] == 1 && sums[1] == inf && sums[2] == inf && std::isnan(sums[3]) && std::isnan(sums[4])));
}
