// Pieces of an array that are written around the caches arrive whole, wherever they begin and end.
#include <fusegrad/fusegrad.hpp>
#include <numeric>
#include <random>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;

TEST_CASE("pieces one after the other, and with gaps", "[backend][stream]") {
  std::mt19937 random(5);
  for (std::size_t longest : {1u, 7u, 64u, 65u, 300u})
    for (std::size_t gap : {0u, 1u, 40u, 64u}) {
      INFO("up to " << longest << " bytes, gaps up to " << gap);
      std::vector<unsigned char> source(20000), wanted(20000, 0), to(20000, 0);
      std::iota(source.begin(), source.end(), static_cast<unsigned char>(1));
      {
        fg::cpu::line_writer writer;
        for (std::size_t at = random() % 64; at + longest < source.size();) {
          const std::size_t n = 1 + random() % longest;
          writer.write(to.data() + at, source.data() + at, n);
          std::copy_n(source.data() + at, n, wanted.data() + at);
          at += n + (gap > 0 ? random() % (gap + 1) : 0);
        }
      }
      fg::simd::stream_fence();
      CHECK(to == wanted);
    }
}

TEST_CASE("many rows that do not begin where vectors do", "[backend][stream]") {
  constexpr auto f = [](auto x) {
    const auto centred = x - fg::max(x, fg::axis<-1>, fg::keepdims);
    return fg::outputs(fg::exp(centred), fg::sum(centred, fg::axis<-1>), centred > -1, 2 * x);
  };
  for (std::ptrdiff_t m : {129, 1000, 1001, 4096, 4099}) {
    const std::ptrdiff_t n = 2'600'000 / m;  // beyond what is written to the caches
    INFO(n << " x " << m);
    std::vector<float> x(static_cast<std::size_t>(n * m));
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i * 7919 % 10007) * 1e-4f;
    const auto [e, sums, near, twice] = fg::fuse(f)(fg::view<const float, 2>(x.data(), {n, m}));
    bool equal = true;
    for (std::ptrdiff_t i = 0; i < n; ++i) {
      const auto [e1, sum1, near1, twice1] = fg::fuse(f)(fg::view<const float, 2>(x.data() + i * m, {1, m}));
      equal = equal && sums.data()[i] == sum1.data()[0];
      for (std::ptrdiff_t j = 0; j < m; ++j)
        equal = equal && e.data()[i * m + j] == e1.data()[j] && near.data()[i * m + j] == near1.data()[j] &&
                twice.data()[i * m + j] == twice1.data()[j];
    }
    CHECK(equal);
  }
}
