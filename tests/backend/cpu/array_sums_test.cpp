// Sums along axes that are not the last: every place of the axis, few and many groups of rows, and work that grows as
// the array does.
#include <cmath>
#include <fusegrad/fusegrad.hpp>
#include <utility>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;

namespace {

using extent = std::ptrdiff_t;

/// Small multiples of 1/8: sums of thousands are exact in any order.
fg::tensor<float, 4> numbers(const fg::shape<4>& extents) {
  fg::tensor<float, 4> x(extents);
  for (extent i = 0; i < x.size(); ++i) x[i] = static_cast<float>((i * 7919) % 61 - 30) / 8;
  return x;
}

/// What is added up from the elements of x whose places along the axes in `over` differ, in the order of x.
template <class Each>
std::vector<double> reduced(const fg::tensor<float, 4>& x, unsigned over, double start, Each each) {
  const auto n = x.shape();
  extent size = 1, strides[4]{};
  for (std::size_t a = 4; a-- > 0;)
    if ((over >> a & 1u) == 0) {
      strides[a] = size;
      size *= n[a];
    }
  std::vector<double> made(static_cast<std::size_t>(size), start);
  for (extent i = 0, at = 0; i < n[0]; ++i)
    for (extent j = 0; j < n[1]; ++j)
      for (extent k = 0; k < n[2]; ++k)
        for (extent l = 0; l < n[3]; ++l, ++at) {
          double& to =
              made[static_cast<std::size_t>(i * strides[0] + j * strides[1] + k * strides[2] + l * strides[3])];
          to = each(to, static_cast<double>(x[at]));
        }
  return made;
}

template <class R>
bool equal(const R& got, const std::vector<double>& want) {
  if (static_cast<std::size_t>(got.size()) != want.size()) return false;
  for (extent i = 0; i < got.size(); ++i)
    if (static_cast<double>(got[i]) != want[static_cast<std::size_t>(i)]) return false;
  return true;
}

/// Sums and extrema over some axes.
template <int... Axes>
void check(const fg::tensor<float, 4>& x) {
  constexpr unsigned over = ((1u << Axes) | ...);
  CAPTURE(x.shape()[0], x.shape()[1], x.shape()[2], x.shape()[3], over);
  constexpr auto f = fg::fuse([](auto a) {
    return fg::outputs(fg::sum(a, fg::axis<Axes...>), fg::prod(0.0 * a + 1, fg::axis<Axes...>),
                       fg::any(a > 3.5, fg::axis<Axes...>));
  });
  const auto sums = reduced(x, over, 0, [](double all, double e) { return all + e; });
  const auto found = reduced(x, over, 0, [](double all, double e) { return all + (e > 3.5) > 0; });
  const auto check_one = [&](const auto& t) {
    const auto [total, ones, any] = t(x);
    CHECK(equal(total, sums));
    CHECK(equal(ones, std::vector<double>(sums.size(), 1)));
    CHECK(equal(any, found));
  };
  check_one(f);
  check_one(f.on(fg::par));
}

void check_everywhere(const fg::shape<4>& extents) {
  const auto x = numbers(extents);
  check<1>(x);
  check<0, 2>(x);
  check<1, 3>(x);
}

extent calls = 0;
/// The largest, which counts how often it compares.
inline constexpr struct counted_t : fg::reduction<counted_t> {
  static constexpr std::string_view name = "counted";
  template <class T>
  static constexpr T identity() {
    return T(-1e9);
  }
  static auto combine(auto x, auto y) {
    using fg::math::max;
    ++calls;
    return max(x, y);
  }
  static constexpr auto partials(fg::symbolic auto x, fg::symbolic auto y) { return fg::where(x == y, 1.0, 0.0); }
} counted;

template <class F, class... A>
double calls_per_element(F f, extent elements, const A&... a) {
  calls = 0;
  static_cast<void>(fg::fuse(f)(a...));
  return static_cast<double>(calls) / static_cast<double>(elements);
}

}  // namespace

TEST_CASE("sums along every axis, of arrays of one group of rows and of many", "[backend][sums]") {
  for (const fg::shape<4>& extents : {fg::shape<4>{3, 4, 5, 6},
                                      {1, 1, 1, 1},
                                      {2, 3, 700, 40},
                                      {700, 3, 2, 40},
                                      {1, 900, 25, 10},
                                      {40, 1, 500, 11},
                                      {5, 400, 1, 70},
                                      {3, 50'000, 2, 1}})
    check_everywhere(extents);
}

TEST_CASE("sums of nothing", "[backend][sums]") {
  for (const fg::shape<4>& extents : {fg::shape<4>{0, 2, 3, 4}, {2, 0, 3, 4}, {2, 3, 0, 4}, {2, 3, 4, 0}})
    check_everywhere(extents);
}

TEST_CASE("variances along the middle axis of arrays of many groups", "[backend][sums]") {
  for (const fg::shape<4>& extents : {fg::shape<4>{1, 600, 30, 20}, {30, 30, 40, 8}, {400, 9, 1, 50}}) {
    const auto x = numbers(extents);
    const auto squares = reduced(x, 4, 0, [](double all, double e) { return all + e * e; });
    const auto sums = reduced(x, 4, 0, [](double all, double e) { return all + e; });
    const auto got = fg::fuse([](auto a) { return fg::var(a, fg::axis<2>); })(x);
    const double n = static_cast<double>(extents[2]);
    int wrong = 0;
    for (std::size_t i = 0; i < sums.size(); ++i) {
      const double exact = squares[i] / n - sums[i] / n * (sums[i] / n);
      wrong += !(std::abs(static_cast<double>(got[static_cast<extent>(i)]) - exact) <= 4e-6 * (1 + exact));
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("what broadcasts along a middle axis has its derivative summed there", "[backend][sums]") {
  constexpr auto f = [](auto x, auto y) {
    return fg::sum(fg::square(fg::unsqueeze(x, fg::axis<-2>) - fg::unsqueeze(y, fg::axis<0>)));
  };
  for (auto [n, k, d] : {std::array<extent, 3>{5, 3, 2}, {3000, 25, 10}, {40, 3000, 9}, {20'000, 5, 3}}) {
    CAPTURE(n, k, d);
    fg::tensor<double, 2> x({n, d}), y({k, d});
    for (extent i = 0; i < x.size(); ++i) x[i] = static_cast<double>(i * 31 % 17);
    for (extent i = 0; i < y.size(); ++i) y[i] = static_cast<double>(i * 29 % 13);
    const auto [dx, dy] = fg::grad<0, 1>(f)(x, y);
    int wrong = 0;
    for (extent e = 0; e < d; ++e) {
      double of_x = 0, of_y = 0;
      for (extent i = 0; i < n; ++i) of_x += x(i, e);
      for (extent j = 0; j < k; ++j) of_y += y(j, e);
      for (extent i = 0; i < n; ++i) wrong += dx(i, e) != 2 * (static_cast<double>(k) * x(i, e) - of_y);
      for (extent j = 0; j < k; ++j) wrong += dy(j, e) != 2 * (static_cast<double>(n) * y(j, e) - of_x);
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("sums of more rows take no more work for each of them", "[backend][sums]") {
  constexpr auto middle = [](auto a) { return counted(a, fg::axis<1>); };
  constexpr auto first = [](auto a) { return counted(a, fg::axis<0>); };
  constexpr auto apart = [](auto a) { return counted(a, fg::axis<0, 2>); };
  const auto cost = [](auto f, const fg::shape<3>& n) {
    const fg::tensor<float, 3> x(n);
    return calls_per_element(f, x.size(), x);
  };
  for (extent k : {3, 25, 400}) {
    CAPTURE(k);
    CHECK(cost(middle, {4000, k, 10}) <= 1.3 * cost(middle, {40, k, 10}) + 0.1);
    CHECK(cost(first, {4000, k, 10}) <= 1.3 * cost(first, {40, k, 10}) + 0.1);
    CHECK(cost(first, {k, 4000, 10}) <= 1.3 * cost(first, {k, 40, 10}) + 0.1);
    CHECK(cost(apart, {4000, k, 10}) <= 1.3 * cost(apart, {40, k, 10}) + 0.1);
  }
}
