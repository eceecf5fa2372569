// The bodies of flat CUDA kernels, run by an emulation of blocks and threads.
#include "compare.hpp"

namespace fg = fusegrad;
using namespace emulator;

namespace {

constexpr auto focal = [](auto logit, auto target, auto gamma) {
  auto p = fg::sigmoid(logit);
  auto pt = p * target + (1 - p) * (1 - target);
  return fg::mean(fg::pow(1 - pt, gamma) * -fg::log(pt));
};

}  // namespace

TEST_CASE("elementwise functions on the device", "[cuda]") {
  constexpr auto f = [](auto x, auto y) { return fg::exp(-x * x) * fg::sin(y) + 1; };
  for (std::size_t n : {0u, 1u, 3u, 4u, 130u, 1025u, 4099u}) {
    const auto x = made(n, 1), y = made(n, 2);
    std::vector<float> got(n, 99), want(n);
    fg::fuse(f).into(want)(x, y);
    const auto call = emulate(fg::fuse(f), fg::results<std::vector<float>&>{{{got}}}, 1, 7, x, y);
    CHECK(call.launches == 1);
    for (std::size_t i = 0; i < n; ++i) CHECK(got[i] == Approx(want[i]).epsilon(1e-5).margin(1e-6));
  }
}

TEST_CASE("a loss with its gradient is one launch, bitwise the same each time", "[cuda]") {
  const auto t = fg::value_and_grad<0>(focal);
  for (std::size_t n : {1u, 31u, 127u, 2050u}) {
    const auto x = made(n, 3), y = made(n, 4, 0, 1);
    float loss = 0, first = 0;
    std::vector<float> slope(n), want(n), first_slope;
    t.into(loss, want)(x, y, 2.0f);
    for (unsigned seed : {1u, 2u, 3u}) {
      float got = -1;
      const auto call = emulate(t, fg::results<float&, std::vector<float>&>{{{got}, {slope}}}, 1, seed, x, y, 2.0f);
      CHECK(call.launches == 1);
      CHECK(call.ticket_left);
      CHECK(got == Approx(loss).epsilon(1e-5));
      for (std::size_t i = 0; i < n; ++i) CHECK(slope[i] == Approx(want[i]).epsilon(1e-4).margin(1e-8));
      if (seed == 1) {
        first = got;
        first_slope = slope;
      }
      CHECK(got == first);
      CHECK(slope == first_slope);
    }
  }
}

TEST_CASE("the emulation notices a missing barrier", "[cuda]") {
  const auto x = made(3000, 3), y = made(3000, 4, 0, 1);
  const auto t = fg::value_and_grad<0>(focal);
  float want = 0;
  std::vector<float> slope(x.size());
  t.into(want, slope)(x, y, 2.0f);
  forgets_a_barrier = true;
  int wrong = 0;
  for (unsigned seed = 0; seed < 20; ++seed) {
    float got = -1;
    emulate(t, fg::results<float&, std::vector<float>&>{{{got}, {slope}}}, 1, seed, x, y, 2.0f);
    wrong += got != Approx(want).epsilon(1e-5);
  }
  forgets_a_barrier = false;
  CHECK(wrong > 0);
}
