// What runs along an axis: rounding, and values to the end of vectors, blocks and rows.
#include <cmath>
#include <fusegrad/fusegrad.hpp>
#include <vector>

#include "agreement.hpp"
#include "catch.hpp"

namespace fg = fusegrad;

namespace {
constexpr auto sums_so_far = fg::fuse([](auto x) { return fg::cumsum(x); });
constexpr auto products_so_far = fg::fuse([](auto x) { return fg::cumprod(x); });
}  // namespace

TEST_CASE("sums so far do not gather rounding errors", "[ops]") {
  const std::vector<float> tenths(10'000'000, 0.1f);
  const auto sums = sums_so_far(tenths);
  for (std::ptrdiff_t k : {1'000'000, 5'000'001, 9'999'999}) {
    const double exact = static_cast<double>(k + 1) * static_cast<double>(0.1f);
    CHECK(std::abs(sums[k] - exact) <= 1.2e-7 * exact);
  }
  const std::vector<double> small(3'000'000, 0.1);
  const double exact = 300000;  // and 1.7e-11, far below a unit in the last place
  CHECK(std::abs(sums_so_far(small)[2'999'999] - exact) <= 2.3e-16 * exact);
}

TEST_CASE("sums so far are those of plain loops", "[ops]") {
  for (std::ptrdiff_t n : {1, 2, 7, 8, 15, 16, 17, 33, 5000}) {
    fg::tensor<float, 2> x({2, n});
    for (std::ptrdiff_t k = 0; k < 2 * n; ++k) x.data()[k] = static_cast<float>(k % 13 - 5);
    const auto sums = sums_so_far(x);
    bool same = true;
    for (std::ptrdiff_t row = 0; row < 2; ++row) {
      float sum = 0;
      for (std::ptrdiff_t k = 0; k < n; ++k) same = same && sums(row, k) == (sum += x(row, k));
    }
    CHECK(same);
  }
  const float inf = INFINITY;
  const auto sums = sums_so_far(std::vector<float>{1, inf, 2, -inf, 3});
  CHECK((sums[0] == 1 && sums[1] == inf && sums[2] == inf && std::isnan(sums[3]) && std::isnan(sums[4])));
}

TEST_CASE("sums so far can be sliced and flipped along their axis", "[ops]") {
  constexpr auto f = [](auto x) {
    const auto sums = fg::cumsum(fg::square(x));
    return fg::outputs(fg::flip(sums, fg::axis<-1>), fg::slice(sums, fg::axis<-1>, fg::range<2, -1>) * 2,
                       fg::slice(sums, fg::axis<-1>, fg::range<0, -3>),
                       fg::slice(sums, fg::axis<-1>, fg::range<-2, fg::end>), fg::cumsum(fg::flip(sums, fg::axis<-1>)));
  };
  const std::vector<double> data{1, 2, 3, 4, 5, 1, 1, 1, 1, 1};
  const fg::view<const double, 2> x(data.data(), {2, 5});
  const auto [flipped, middle, first, end, again] = fg::fuse(f)(x);
  CHECK((flipped(0, 0) == 55 && flipped(0, 4) == 1 && flipped(1, 1) == 4));
  CHECK((middle.shape()[1] == 2 && middle(0, 0) == 28 && middle(0, 1) == 60 && middle(1, 0) == 6));
  CHECK((first.shape()[1] == 2 && first(0, 1) == 5 && first(1, 1) == 2));
  CHECK((end(0, 0) == 30 && end(0, 1) == 55 && end(1, 0) == 4));
  CHECK((again(0, 0) == 55 && again(0, 1) == 85 && again(0, 4) == 105));

  // sum of x_j^2 (5 - j) from the other end, and of those from 2 on: both modes and both orders
  constexpr auto loss = [](auto v) {
    const auto sums = fg::cumsum(fg::square(v));
    return fg::sum(fg::cumsum(fg::flip(sums, fg::axis<0>))) +
           fg::sum(fg::slice(sums, fg::axis<0>, fg::range<2, fg::end>));
  };
  const std::vector<double> v{1, -2, 3, 0.5}, direction{1, 0, 2, 0};
  // element j is in the sums from j on, and sum k is counted k + 1 times
  const double weight[]{1 + 2 + 3 + 4 + 2, 2 + 3 + 4 + 2, 3 + 4 + 2, 4 + 1};
  const auto slope = last_result(fg::grad(loss), v), curvature = last_result(fg::hvp(loss), v, direction);
  const double along = last_result(fg::jvp(loss), v, direction)[0];
  double expected = 0;
  for (std::ptrdiff_t k = 0; k < 4; ++k) {
    const auto at = static_cast<std::size_t>(k);
    CHECK(slope[k] == 2 * weight[k] * v[at]);
    CHECK(curvature[k] == 2 * weight[k] * direction[at]);
    expected += 2 * weight[k] * v[at] * direction[at];
  }
  CHECK(along == expected);
}

TEST_CASE("products so far have exact derivatives, to second order and at zeros", "[ops]") {
  // against the product rule, element by element
  constexpr auto f = [](auto x, auto w) { return fg::sum(w * fg::cumprod(x)); };
  const std::vector<double> w{1, -2, 3, 0.5, 4};
  for (const std::vector<double>& x : {std::vector<double>{2, -1, 3, 0.5, -4},
                                       {2, 0, 3, 0.5, -4},
                                       {0, 2, 0, 3, -4},
                                       {0, 0, 0, 2, 3},
                                       {1, 2, 3, 0, 0}}) {
    const auto without = [&](std::size_t last, std::initializer_list<std::size_t> some) {
      double product = 1;
      for (std::size_t k = 0; k <= last; ++k) {
        bool counts = true;
        for (std::size_t s : some) counts = counts && s != k;
        if (counts) product *= x[k];
      }
      return product;
    };
    const std::vector<double> direction{1, 0.5, -1, 2, 3};
    const auto y = products_so_far(x);
    const auto slope = last_result(fg::grad(f), x, w);
    const auto tangent = last_result(fg::jvp<0>([](auto v) { return fg::cumprod(v); }), x, direction);
    const auto curvature = last_result(fg::hvp(f), x, w, direction);
    for (std::size_t i = 0; i < x.size(); ++i) {
      double first = 0, second = 0, along = 0;
      for (std::size_t j = i; j < x.size(); ++j) {
        first += w[j] * without(j, {i});
        for (std::size_t k = 0; k <= j; ++k)
          if (k != i) second += w[j] * without(j, {i, k}) * direction[k];
      }
      for (std::size_t k = 0; k <= i; ++k) along += without(i, {k}) * direction[k];
      const auto at = static_cast<std::ptrdiff_t>(i);
      CHECK(y[at] == without(i, {}));
      CHECK(slope[at] == Approx(first).margin(1e-12));
      CHECK(tangent[at] == Approx(along).margin(1e-12));
      CHECK(curvature[at] == Approx(second).margin(1e-12));
    }
  }
  CHECK(products_so_far(std::vector<int>{100000, 100000, -2})[2] == -20000000000);
}

TEST_CASE("logarithms of sums of exponentials so far keep their digits, and differentiate to second order", "[ops]") {
  constexpr auto f = [](auto x) { return fg::logcumsumexp(x); };
  // far below and far above what exponentials reach, and many: as plain loops in long double
  std::vector<float> x{-5000, -4999, -1e30f, 300, 299, 301, -7};
  for (int k = 0; k < 3000; ++k) x.push_back(250 + static_cast<float>(k % 100) / 2);
  const auto y = fg::fuse(f)(x);
  long double top = -INFINITY, rest = 0, worst = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    const long double next = static_cast<long double>(x[k]);
    rest = next > top ? rest * std::exp(top - next) + 1 : rest + std::exp(next - top);
    top = std::max(top, next);
    const long double exact = top + std::log(rest);
    worst = std::max(worst, std::abs((static_cast<long double>(y[static_cast<std::ptrdiff_t>(k)]) - exact) / exact));
  }
  CHECK(worst < 3e-7L);

  // slopes are shares: exp(x_j - y_i), and their derivatives those of a softmax
  constexpr auto loss = [](auto v, auto w) { return fg::sum(w * fg::logcumsumexp(v)); };
  const std::vector<double> v{0.5, -1, 2, 1.25}, w{1, -2, 0.5, 3}, direction{1, 0.5, -1, 2};
  const auto slope = last_result(fg::grad(loss), v, w), curvature = last_result(fg::hvp(loss), v, w, direction);
  const auto tangent = last_result(fg::jvp(f), v, direction);
  double first[4]{}, second[4]{};
  for (std::size_t i = 0; i < 4; ++i) {
    double all_of_it = 0, along = 0;
    for (std::size_t j = 0; j <= i; ++j) all_of_it += std::exp(v[j]);
    for (std::size_t j = 0; j <= i; ++j) along += std::exp(v[j]) / all_of_it * direction[j];
    for (std::size_t j = 0; j <= i; ++j) {
      const double part = std::exp(v[j]) / all_of_it;
      first[j] += w[i] * part;
      second[j] += w[i] * part * (direction[j] - along);
    }
    CHECK(tangent[static_cast<std::ptrdiff_t>(i)] == Approx(along));
  }
  for (std::ptrdiff_t j = 0; j < 4; ++j) {
    CHECK(slope[j] == Approx(first[j]));
    CHECK(curvature[j] == Approx(second[j]).margin(1e-14));
  }

  // a range of 600, in which the shares of all elements but two are too small to be seen
  const std::vector<double> wide{-600, -50, 0, -50, 0};
  const auto apart = last_result(fg::vjp<0>(f), wide, std::vector<double>{1, 1, 1, 1, 1});
  CHECK((apart[0] == Approx(1) && apart[1] == Approx(1) && apart[2] == Approx(2.5) && apart[4] == Approx(0.5)));
  CHECK(apart[3] == Approx(1.5 * std::exp(-50.0)));

  const double inf = INFINITY;
  const std::vector<double> ends{-inf, -inf, 1, inf, 2, inf};
  const auto [values, slopes] = fg::vjp<0>(f)(ends, std::vector<double>{1, 0, 0, 0, 0, 1});
  CHECK((values[0] == -inf && values[1] == -inf && values[2] == 1 && values[3] == inf && values[5] == inf));
  CHECK((slopes[0] == 0 && slopes[2] == 0 && slopes[3] == 0.5 && slopes[4] == 0 && slopes[5] == 0.5));
  CHECK(std::isnan(last_result(fg::fuse(f), std::vector<double>{1, NAN, 2})[2]));
}

TEST_CASE("extrema so far pass derivatives to the last element that has their value", "[ops]") {
  const std::vector<double> x{1, 3, 2, 3, 5, -1, 4, 5, 6, 0}, w{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  const auto expect = [](const auto& got, std::vector<double> want) {
    CHECK(std::vector<double>(got.data(), got.data() + got.size()) == want);
  };
  constexpr auto top = [](auto v) { return fg::cummax(v); };
  const auto [high, high_slope] = fg::vjp<0>(top)(x, w);
  expect(high, {1, 3, 3, 3, 5, 5, 5, 5, 6, 6});
  expect(high_slope, {1, 5, 0, 4, 18, 0, 0, 8, 19, 0});
  constexpr auto bottom = [](auto v) { return fg::cummin(v); };
  const auto [low, low_slope] = fg::vjp<0>(bottom)(x, w);
  expect(low, {1, 1, 1, 1, 1, -1, -1, -1, -1, -1});
  expect(low_slope, {15, 0, 0, 0, 0, 40, 0, 0, 0, 0});
  expect(last_result(fg::jvp(top), x, w), {1, 2, 2, 4, 5, 5, 5, 8, 9, 9});

  // second order: of the squares, each element counts as often as it is held
  constexpr auto loss = [](auto v) { return fg::sum(fg::square(fg::cummax(v))); };
  expect(last_result(fg::grad(loss), x), {2, 12, 0, 6, 30, 0, 0, 10, 24, 0});
  expect(last_result(fg::hvp(loss), x, w), {2, 8, 0, 8, 30, 0, 0, 16, 36, 0});

  // rows longer than a vector, in float; integers; NaN
  fg::tensor<float, 2> rows({2, 53});
  for (std::ptrdiff_t k = 0; k < rows.size(); ++k) rows.data()[k] = static_cast<float>(k * 37 % 101);
  const auto tops = fg::fuse(top)(rows);
  bool same = true;
  for (std::ptrdiff_t row = 0; row < 2; ++row) {
    float most = -INFINITY;
    for (std::ptrdiff_t k = 0; k < 53; ++k) same = same && tops(row, k) == (most = std::max(most, rows(row, k)));
  }
  CHECK(same);
  expect(fg::fuse(bottom)(std::vector<int>{4, 5, -2, 7}), {4, 4, -2, -2});
  const auto [bad, bad_slope] = fg::vjp<0>(top)(std::vector<double>{1, NAN, 2}, std::vector<double>{1, 1, 1});
  CHECK((bad[0] == 1 && std::isnan(bad[1]) && std::isnan(bad[2]) && std::isnan(bad_slope[1])));
}
