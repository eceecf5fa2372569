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

TEST_CASE("casts convert, and reductions add up in what their operand was cast to", "[ops]") {
  const std::vector<float> x{1.75f, -2.5f, 0, 16777216, 1};
  const auto [whole, truth, total, wide, so_far] = fg::fuse([](auto v) {
    return fg::outputs(fg::cast<std::int64_t>(v), fg::cast<bool>(v), fg::sum(fg::cast<double>(v)),
                       fg::cast<double>(v) + v, fg::cast<int>(fg::cumsum(v > 0)));
  })(x);
  CHECK((whole[0] == 1 && whole[1] == -2 && whole[3] == 16777216));
  CHECK((truth[0] && truth[1] && !truth[2]));
  static_assert(std::is_same_v<std::remove_const_t<decltype(total)>, double>);
  static_assert(std::is_same_v<std::remove_cvref_t<decltype(wide[0])>, double>);
  static_assert(std::is_same_v<std::remove_cvref_t<decltype(so_far[0])>, int>);
  CHECK(total == 16777216.25);
  CHECK((wide[0] == 3.5 && so_far[4] == 3));
  constexpr auto slope = fg::grad([](auto v) { return fg::cast<double>(v) * fg::cast<int>(v); });
  CHECK(slope(2.5f) == 2);
}

TEST_CASE("positions are counted in 64 bits where 32 do not hold them", "[ops]") {
  // argmax and argmin, and positions that meet 64-bit integers or double
  constexpr auto positions = [](auto x) {
    return fg::outputs(fg::argmax(x), fg::cast<std::int64_t>(fg::index(x, fg::axis<0>)), x + fg::index(x, fg::axis<0>));
  };
  const std::vector<double> x{1, 5, 3};
  const std::string text = fg::explain(fg::fuse(positions), x);
  CHECK(text.find("i64[i] = index") != std::string::npos);
  CHECK(text.find("f64[i] = index") != std::string::npos);
  CHECK(text.find("i32") == std::string::npos);
  const auto [first, along, shifted] = fg::fuse(positions)(x);
  CHECK((first == 1 && along[2] == 2 && shifted[2] == 5));
}
