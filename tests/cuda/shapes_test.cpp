// Several CUDA kernels one after another, and the shapes of arrays, in the emulation of blocks and threads.
#include "compare.hpp"

namespace fg = fusegrad;
using namespace emulator;

namespace {
constexpr auto dice = [](auto p, auto t) { return 1 - 2 * fg::sum(p * t) / (fg::sum(p) + fg::sum(t)); };
}

TEST_CASE("several kernels one after another", "[cuda]") {
  const auto p = matrix(1, 3001, 1), t = matrix(1, 3001, 2);
  CHECK(compare(fg::value_and_grad<0>(dice), 1, 6, p, t) == 2);
  constexpr auto batch_norm = [](auto x) {
    return (x - fg::mean(x, fg::axis<0>)) * fg::rsqrt(fg::mean(fg::square(x), fg::axis<0>) + 1e-5);
  };
  compare(fg::fuse(batch_norm), 1, 6, matrix(50, 13, 3));
  // the CPU finds mean and deviations of columns in one pass, a device in two
  compare(fg::fuse([](auto x) { return fg::var(x, fg::axis<0>); }), 1, 6, matrix(50, 13, 3));
  compare(fg::grad<0>([](auto x) { return fg::sum(fg::std(x, fg::axis<0>)); }), 1, 6, matrix(33, 7, 3));
}

TEST_CASE("other shapes on the device", "[cuda]") {
  const auto x = matrix(19, 23, 1), y = matrix(23, 19, 2);
  compare(fg::fuse([](auto a, auto b) { return a * fg::transpose(b); }), 1, 1, x, y);
  compare(fg::fuse([](auto a) { return fg::exp(a) + 1; }), 1, 1, x);  // flat, though no row of it is aligned
  compare(fg::fuse([](auto a) { return fg::sum(a, fg::axis<0>); }), 1, 1, x);
  compare(fg::fuse([](auto a) { return fg::max(a, fg::axis<-1>); }), 1, 1, x);
  compare(fg::fuse([](auto a) { return fg::sum(fg::max(a, fg::axis<-1>)); }), 1, 1, x);
  compare(fg::fuse([](auto a) { return a + fg::index(fg::axis<-1>) - 2 * fg::index(a, fg::axis<0>); }), 1, 1, x);
  fg::tensor<float, 3> z({5, 6, 7});
  for (std::ptrdiff_t i = 0; i < z.size(); ++i) z[i] = static_cast<float>(i % 17) - 8;
  compare(fg::fuse([](auto a) { return fg::sum(a, fg::axis<1>); }), 1, 1, z);
  compare(fg::fuse([](auto a) { return fg::sum(a, fg::axis<0, 2>); }), 1, 1, z);
  compare(fg::fuse([](auto a) { return fg::mean(a, fg::axis<0, 1, 2>, fg::keepdims); }), 1, 1, z);  // one element
  compare(fg::grad<0>([](auto a) { return fg::sum(fg::square(fg::logsumexp(a, fg::axis<1>))); }), 1, 1, z);
}

TEST_CASE("functions of numbers for device code", "[cuda]") {
  constexpr auto f = [](auto x, auto y) { return fg::exp(-x * y) + 2 * x; };
  const auto on_device = []<class T>(const T&) {
    return fg::simt::function<
        decltype(fg::detail::device_executable_of<fg::detail::executable_of<T, float, float>>())>();
  };
  CHECK(on_device(fg::fuse(f))(0.5f, 2.0f) == Approx(std::exp(-1.0f) + 1));
  const auto slopes = on_device(fg::grad<0, 1>(f))(0.5f, 2.0f);
  CHECK(slopes[0] == Approx(-2 * std::exp(-1.0f) + 2));
  CHECK(slopes[1] == Approx(-0.5f * std::exp(-1.0f)));
}
