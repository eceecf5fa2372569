// Elements moved in a circle along an axis, in all modes.
#include <fusegrad/fusegrad.hpp>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;

TEST_CASE("an axis can be rolled, and its derivatives are rolled back", "[api][slices]") {
  const std::vector<double> data{1, 2, 3, 4, 5, 6, 7, 8}, direction{1, 0, 0, 0, 0, 0, 0, 2};
  const fg::view<const double, 2> x(data.data(), {2, 4});
  const auto expect = [](const auto& got, std::vector<double> want) {
    CHECK(std::vector<double>(got.data(), got.data() + got.size()) == want);
  };
  const auto [one, back, two, whole, rows, none, squares] = fg::fuse([](auto v) {
    return fg::outputs(fg::roll<1>(v, fg::axis<-1>), fg::roll<-1>(v, fg::axis<-1>), fg::roll<2>(v, fg::axis<1>),
                       fg::roll<4>(v, fg::axis<1>), fg::roll<1>(v, fg::axis<0>), fg::roll<0>(v, fg::axis<0>),
                       fg::roll<-3>(v * v, fg::axis<-1>) + v);
  })(x);
  expect(one, {4, 1, 2, 3, 8, 5, 6, 7});
  expect(back, {2, 3, 4, 1, 6, 7, 8, 5});
  expect(two, {3, 4, 1, 2, 7, 8, 5, 6});
  expect(whole, {1, 2, 3, 4, 5, 6, 7, 8});
  expect(rows, {5, 6, 7, 8, 1, 2, 3, 4});
  expect(none, {1, 2, 3, 4, 5, 6, 7, 8});
  expect(squares, {17, 3, 7, 13, 69, 31, 43, 57});

  // each element times the one before it, in a circle
  constexpr auto ring = [](auto v) { return fg::sum(v * fg::roll<1>(v, fg::axis<0>)); };
  expect(fg::grad(ring)(data), {10, 4, 6, 8, 10, 12, 14, 8});
  expect(fg::hvp(ring)(data, direction), {2, 1, 0, 0, 0, 0, 2, 1});
  CHECK(fg::get<1>(fg::jvp(ring)(data, direction)) == 26);
  const std::vector<double> two_elements{1, 2};
  CHECK_THROWS_AS(fg::fuse([](auto v) { return fg::roll<3>(v, fg::axis<0>); })(two_elements), std::invalid_argument);
}
