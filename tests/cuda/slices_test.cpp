// Slices on a device, and gradients with respect to the arrays that they are taken of.
#include "../api/slices.hpp"

#include "compare.hpp"

namespace fg = fusegrad;
using namespace emulator;
using slices::first;
using slices::last;

namespace {
constexpr auto variation = [](auto x) {
  return fg::sum(fg::sqrt(1 + fg::square(last<1, fg::end>(x) - last<0, -1>(x))));
};
/// Slices of what a row function gives, along rows.
constexpr auto steps = [](auto x, auto b) {
  const auto p = fg::softmax(x + b, fg::axis<-1>);
  return fg::sum(first<1, fg::end>(p) * fg::log(first<0, -1>(p)));
};
}  // namespace

TEST_CASE("gradients of slices of vectors", "[cuda]") {
  for (const int n : {1, 2, 5, 130, 5000}) {
    INFO(n << " elements");
    CHECK(compare(fg::value_and_grad<0>(variation), 3, 1, vector(n, 1)) == 2);
    compare(fg::grad<0>([](auto x) { return fg::sum(fg::sin(fg::flip(x, fg::axis<0>)) * x); }), 3, 1, vector(n, 1));
  }
}

TEST_CASE("gradients of slices of matrices, and second derivatives", "[cuda]") {
  for (const int rows : {2, 37}) {
    INFO(rows << " rows");
    compare(fg::value_and_grad<0, 1>(steps), 3, 1, matrix(rows, 23, 1), vector(23, 3));
    compare(fg::hvp<0>(variation), 3, 1, matrix(rows, 23, 1), matrix(rows, 23, 2));
  }
}

TEST_CASE("scratch memory holds the arrays that slices' gradients go to", "[cuda]") {
  const auto x = vector(1000, 1);
  using X = fg::detail::executable_of<decltype(fg::grad<0>(variation)), floats<1>>;
  const auto inputs = inputs_of<X>(fg::view_of(x));
  const auto needed =
      fg::detail::scratch_of_call<X>(fg::detail::device_executable_of<X>(), fg::detail::table_of<X>(inputs), inputs, 3);
  CHECK(needed.own > 0);
  CHECK(needed.windows == 2 * 4032);  // each begins at a multiple of 64 bytes
  CHECK(needed.window_offset() % 256 == 0);
  CHECK(needed.bytes() == needed.window_offset() + needed.windows);
}

TEST_CASE("elements are numbers that kernels read from memory", "[cuda]") {
  const auto weighted = [](auto x, auto y) {
    return fg::sum(fg::square(y - last<2, 3>(x)) * fg::sin(last<-1, fg::end>(x) * y));
  };
  compare(fg::value_and_grad<0, 1>(weighted), 3, 1, vector(7, 1), vector(500, 2));
}

TEST_CASE("slices of what is computed go through memory", "[cuda]") {
  const auto waves = [](auto x) {
    const auto p = fg::sin(x) * fg::cos(x) + fg::exp(x);
    return fg::sum(last<2, fg::end>(p) * last<0, -2>(p)) * fg::sum(last<-2, -1>(fg::cumsum(x)));
  };
  compare(fg::value_and_grad<0>(waves), 3, 1, vector(500, 1));
}
