// Integers stay integers: no bit is lost on the way from a literal to a result, and values of 2^63 and more are numbers
// like others.
#include <cstdint>
#include <fusegrad/fusegrad.hpp>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;

namespace {
constexpr std::int64_t beyond_double = 9007199254740993;  // 2^53 + 1
constexpr std::uint64_t half = 1ull << 63;
}  // namespace

TEST_CASE("integers of 64 bits meet literals exactly and wrap round", "[ops]") {
  const std::vector<std::int64_t> x{beyond_double, beyond_double - 1, 1};
  const auto [equal, below, step, negated] = fg::fuse([](auto v) {
    return fg::outputs(v == 9007199254740993, v < 9007199254740993, v * 6364136223846793005 + 1442695040888963407,
                       -v * 9007199254740993);
  })(x);
  CHECK((equal[0] && !equal[1] && !equal[2]));
  CHECK((!below[0] && below[1] && below[2]));
  for (std::size_t k = 0; k < 3; ++k) {
    const auto u = static_cast<std::uint64_t>(x[k]);
    CHECK(static_cast<std::uint64_t>(step.data()[k]) == u * 6364136223846793005u + 1442695040888963407u);
    CHECK(static_cast<std::uint64_t>(negated.data()[k]) == ~(u * 9007199254740993u) + 1);
  }
}

TEST_CASE("literals and numbers fold and wrap as the elements of arrays do", "[ops]") {
  constexpr auto f = [](auto x) { return (x * 0 + 2147483647) + 1; };
  CHECK(fg::fuse(f)(1) == -2147483647 - 1);
  CHECK(fg::fuse(f)(std::vector<int>{1})[0] == -2147483647 - 1);
  static_assert(fg::fuse([](auto x) { return x * 4611686018427387905 * 2; })(std::int64_t{1}) ==
                -9223372036854775807 + 1);
}

TEST_CASE("unsigned integers of 64 bits are compared, reduced and converted as what they are", "[ops]") {
  const std::vector<std::uint64_t> x{half, 5, half + 2048, 0, 7, 8, 9, 10, 11};
  const auto [larger, above, smaller, total, average, product, root, distance] = fg::fuse([](auto v) {
    return fg::outputs(fg::max(v), v > 10, fg::min(v, 6), fg::sum(v), fg::mean(v - v + 3), v * v, fg::sqrt(v), v - 1);
  })(x);
  CHECK(larger == half + 2048);
  CHECK((above[0] && !above[1] && above[2] && !above[3] && above[8]));
  CHECK((smaller[0] == 6 && smaller[1] == 5 && smaller[2] == 6 && smaller[3] == 0));
  CHECK(total == 2048 + 50u);
  CHECK(average == 3);
  CHECK((product[2] == 2048u * 2048u && product[8] == 121));
  CHECK(root[0] == std::sqrt(9223372036854775808.0));
  CHECK(distance[3] == ~std::uint64_t{0});
  CHECK(fg::fuse([](auto v) { return fg::mean(v); })(std::vector<std::uint64_t>{half, 5}) == 4611686018427387904.0);
}

TEST_CASE("reductions over rows and columns keep unsigned integers", "[ops]") {
  const std::vector<std::uint64_t> data{half, 1, 2, half + 3, half + 1, 5};
  const fg::view<const std::uint64_t, 2> x(data.data(), {2, 3});
  const auto [rows, columns, positions] = fg::fuse([](auto v) {
    return fg::outputs(fg::max(v, fg::axis<-1>), fg::min(v, fg::axis<0>), fg::argmax(v, fg::axis<-1>));
  })(x);
  CHECK((rows[0] == half && rows[1] == half + 3));
  CHECK((columns[0] == half && columns[1] == 1 && columns[2] == 2));
  CHECK((positions[0] == 0 && positions[1] == 0));
}
