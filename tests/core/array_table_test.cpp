// Which strided arrays share memory, against a search of all their bytes.
#include <bitset>
#include <fusegrad/fusegrad.hpp>
#include <random>

#include "catch.hpp"

namespace {

using namespace fusegrad::detail;

using bytes = std::bitset<4096>;

struct random_arrays {
  array_entry entries[2];
  void* data[2];
  std::ptrdiff_t extents[6], strides[6];

  explicit random_arrays(std::mt19937& random) {
    const auto upto = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n + 1)); };
    int first = 0;
    for (int k = 0; k < 2; ++k) {
      entries[k] = {first, 1 + upto(2), 1 << upto(3)};
      for (int d = 0; d < entries[k].rank; ++d) {
        extents[first] = 1 + upto(4);
        strides[first++] = upto(16) - 8;
      }
      data[k] = reinterpret_cast<void*>(std::intptr_t{2000} + upto(60));
    }
  }
  array_list list() const { return {entries, data, extents, strides}; }

  bytes touched(int k) const {
    bytes found;
    const auto& [first, rank, size] = entries[k];
    std::ptrdiff_t index[3]{};
    for (bool more = true; more;) {
      auto at = reinterpret_cast<std::intptr_t>(data[k]);
      for (int d = 0; d < rank; ++d) at += index[d] * strides[first + d] * size;
      for (int b = 0; b < size; ++b) found.set(static_cast<std::size_t>(at + b));
      more = false;
      for (int d = rank; d-- > 0 && !more; more ? void() : void(index[d] = 0)) more = ++index[d] < extents[first + d];
    }
    return found;
  }
};

}  // namespace

TEST_CASE("arrays share bytes where a search finds some", "[core][views]") {
  std::mt19937 random(1);
  int sharing = 0, tried = 20000, wrong = 0;
  for (int i = 0; i < tried; ++i) {
    const random_arrays arrays(random);
    const bool expected = (arrays.touched(0) & arrays.touched(1)).any();
    sharing += expected;
    wrong += share_bytes(arrays.list(), 0, 1) != expected || share_bytes(arrays.list(), 1, 0) != expected;
  }
  CHECK(wrong == 0);
  CHECK(sharing > tried / 10);
  CHECK(sharing < tried - tried / 10);
}

TEST_CASE("the diagonal of a large matrix and a column share one element", "[core][views]") {
  const std::ptrdiff_t n = 100000;
  const array_entry entries[]{{0, 1, 4}, {1, 1, 4}};
  const std::ptrdiff_t extents[]{n, n - 1}, strides[]{n + 1, n};
  auto* const at = reinterpret_cast<char*>(std::intptr_t{1} << 40);
  void *const below[]{at, at + 4 * n}, *const with_corner[]{at, at};
  CHECK_FALSE(share_bytes({entries, below, extents, strides}, 0, 1));
  CHECK(share_bytes({entries, with_corner, extents, strides}, 0, 1));
}
