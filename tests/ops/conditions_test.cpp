// Reductions and functions of rows on conditions and arrays of bool: what NumPy gives.
#include <cmath>
#include <cstdint>
#include <fusegrad/fusegrad.hpp>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;

namespace {
template <class T>
constexpr bool is_bool = std::is_same_v<std::remove_cvref_t<T>, bool>;
template <class T>
constexpr bool is_i64 = std::is_same_v<std::remove_cvref_t<T>, std::int64_t>;
}  // namespace

TEST_CASE("conditions have extrema, products and positions", "[ops]") {
  const std::vector<float> x{1, -2, 3, -1, 5};
  const auto [largest, smallest, product, first, last_of_least] = fg::fuse([](auto v) {
    return fg::outputs(fg::max(v > 2), fg::min(v > 2), fg::prod(v > -3), fg::argmax(v > 2), fg::argmin(v < 3));
  })(x);
  static_assert(is_bool<decltype(largest)> && is_bool<decltype(smallest)> && is_i64<decltype(product)>);
  CHECK((largest && !smallest));
  CHECK(product == 1);
  CHECK(first == 2);
  CHECK(last_of_least == 2);
}

TEST_CASE("arrays of bool are added up, normalised and compared along rows", "[ops]") {
  const bool data[]{false, true, true, false, false, false};
  const fg::view<const bool, 2> b(data, {2, 3});
  const auto [largest, smallest, position, counted, softmax, lse] = fg::fuse([](auto v) {
    return fg::outputs(fg::max(v, fg::axis<-1>), fg::min(v, fg::axis<0>), fg::argmax(v, fg::axis<-1>), fg::cumsum(v),
                       fg::softmax(v, fg::axis<-1>), fg::logsumexp(v != 0, fg::axis<-1>));
  })(b);
  CHECK((largest[0] && !largest[1]));
  CHECK((!smallest[0] && !smallest[1] && !smallest[2]));
  CHECK((position[0] == 1 && position[1] == 0));
  static_assert(is_i64<decltype(counted(0, 0))>);
  CHECK((counted(0, 0) == 0 && counted(0, 1) == 1 && counted(0, 2) == 2 && counted(1, 2) == 0));
  const double e = std::exp(1.0), whole = 1 + 2 * e;
  CHECK(std::abs(softmax(0, 1) - e / whole) < 1e-15);
  CHECK(std::abs(softmax(1, 0) - 1.0 / 3) < 1e-15);
  CHECK(std::abs(lse[0] - std::log(whole)) < 1e-15);
}

TEST_CASE("sums and products of integers have 64 bits, so far and altogether", "[ops]") {
  const std::vector<int> x{2147483647, 1, 100000};
  const auto [so_far, product, over_nothing] = fg::fuse([](auto v) {
    return fg::outputs(fg::cumsum(v), fg::prod(v), fg::sum(fg::unsqueeze(v > 1, fg::axis<0>), fg::axis<0>));
  })(x);
  CHECK((so_far[1] == 2147483648 && so_far[2] == 2147583648));
  CHECK(product == 214748364700000);
  static_assert(is_i64<decltype(over_nothing[0])>);
  CHECK((over_nothing[0] == 1 && over_nothing[1] == 0));
}

TEST_CASE("functions of rows have no values where rows have no elements", "[ops]") {
  float none = 0;
  const fg::view<const float, 2> x(&none, {4, 0});
  const auto [softmax, log_softmax, lse] = fg::fuse([](auto v) {
    return fg::outputs(fg::softmax(v, fg::axis<-1>), fg::log_softmax(v, fg::axis<-1>), fg::logsumexp(v, fg::axis<-1>));
  })(x);
  CHECK((softmax.size() == 0 && log_softmax.size() == 0));
  CHECK((lse[0] == -INFINITY && lse[3] == -INFINITY));
}

TEST_CASE("a program may have eight axes", "[ops]") {
  const std::vector<float> half(16, 0.5f);
  const fg::view<const float, 8> x(half.data(), {2, 1, 2, 1, 2, 1, 2, 1});
  CHECK(fg::fuse([](auto v) { return fg::sum(v * v); })(x) == 4);
}

TEST_CASE("a branch within the other branch of the same condition has no derivative", "[ops][conditions]") {
  constexpr auto f = [](auto x) { return fg::where(x > 0, fg::where(x > 0, 1.0, x * x), x); };
  STATIC_REQUIRE(fg::grad(f)(2.0) == 0);
  STATIC_REQUIRE(fg::grad(f)(-2.0) == 1);
  STATIC_REQUIRE(get<1>(fg::jvp(f)(2.0, 1.0)) == 0);
  const std::vector<double> x{2, -2};
  CHECK(fg::grad([f](auto v) { return fg::sum(f(v)); })(x).at(0) == 0);
}
