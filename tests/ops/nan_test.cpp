// What passes over NaN: values, and derivatives that are 0 there.
#include <cmath>
#include <fusegrad/fusegrad.hpp>
#include <limits>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;

TEST_CASE("sums and means of what is not NaN", "[ops]") {
  const float nan = NAN;
  const std::vector<float> data{1, nan, 3, nan, nan, nan};
  const fg::view<const float, 2> x(data.data(), {2, 3});
  constexpr auto all = [](auto v) { return fg::nansum(v * v) + fg::nanmean(v); };
  const auto [value, slope] = fg::value_and_grad(all)(x);
  CHECK(value == 12);
  CHECK((slope(0, 0) == 2.5f && slope(0, 1) == 0 && slope(0, 2) == 6.5f && slope(1, 0) == 0));
  const auto [sums, means] = fg::fuse(
      [](auto v) { return fg::outputs(fg::nansum(v, fg::axis<-1>), fg::nanmean(v, fg::axis<-1>, fg::keepdims)); })(x);
  CHECK((sums[0] == 4 && sums[1] == 0));
  CHECK((means(0, 0) == 2 && std::isnan(means(1, 0))));
  CHECK(fg::fuse([](auto v) { return fg::nansum(v); })(std::vector<int>{2147483647, 1}) == 2147483648);
}

TEST_CASE("the outermost finite numbers stand for infinities", "[ops]") {
  const float inf = INFINITY;
  constexpr auto f = [](auto v) { return fg::nan_to_num(v); };
  const auto y = fg::fuse(f)(std::vector<float>{inf, -inf, NAN, -2});
  constexpr float most = std::numeric_limits<float>::max();
  CHECK((y[0] == most && y[1] == -most && y[2] == 0 && y[3] == -2));
  CHECK(fg::fuse(f)(static_cast<double>(inf)) == std::numeric_limits<double>::max());
  const auto slope = fg::grad([](auto v) { return fg::sum(fg::nan_to_num(v * v)); })(std::vector<float>{inf, NAN, -2});
  CHECK((slope[0] == 0 && slope[1] == 0 && slope[2] == -4));
}
