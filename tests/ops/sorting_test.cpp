// Elements in their order: sort, argsort, median and quantile, against what NumPy 2 gives.
#include <algorithm>
#include <cmath>
#include <fusegrad/debug.hpp>
#include <limits>
#include <numeric>
#include <vector>

#include "agreement.hpp"
#include "catch.hpp"
#include "oracle/run.hpp"

namespace fg = fusegrad;
using oracle::elements;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity(), none = std::numeric_limits<double>::quiet_NaN();

constexpr auto sorted = [](auto x) { return fg::sort(x); };
constexpr auto order = [](auto x) { return fg::argsort(x); };
constexpr auto middle = [](auto x) { return fg::median(x); };
constexpr auto quantile = [](auto x, auto q) { return fg::quantile(x, q); };

/// A loss of what is sorted along the middle axis of three, where elements are not side by side.
constexpr auto of_middle_axis = fg::value_and_grad([](auto v) {
  const auto doubled = fg::sort(fg::transpose(v) * 2, fg::axis<1>);
  return fg::sum(fg::square(doubled) * fg::index(doubled, fg::axis<1>));
});

template <class T>
bool equal(const fg::tensor<T, 1>& found, const std::vector<T>& wanted) {
  bool same = found.size() == static_cast<std::ptrdiff_t>(wanted.size());
  for (std::size_t k = 0; same && k < wanted.size(); ++k) {
    const T x = found[static_cast<std::ptrdiff_t>(k)], y = wanted[k];
    same = x == y || (x != x && y != y);
  }
  return same;
}

}  // namespace

TEST_CASE("elements are sorted as NumPy sorts them: NaN last, equal ones as they stand", "[ops][sort]") {
  // every type in one program
  constexpr auto sort_each = fg::fuse([](auto x, auto y, auto i, auto u, auto l) {
    return fg::outputs(fg::sort(x), fg::argsort(x), fg::sort(y), fg::argsort(y), fg::sort(i), fg::sort(u), fg::sort(l),
                       fg::sort(y > 0), fg::argsort(y > 0));
  });
  constexpr std::int32_t least = std::numeric_limits<std::int32_t>::min(), most = -(least + 1);
  constexpr std::uint64_t large = std::uint64_t{1} << 63;
  const auto [numbers, places, floats, of_floats, integers, naturals, wide, conditions, of_conditions] =
      sort_each(std::vector<double>{3, -1, none, 2, -0.0, inf, 2, 0, -inf, none, 5e-324},
                std::vector<float>{1, -INFINITY, NAN, -2, -1.5f, 1e-45f, INFINITY},
                std::vector<std::int32_t>{most, -1, least, 0}, std::vector<std::uint64_t>{large, 5, large + 1, 0},
                std::vector<std::int64_t>{9007199254740993, -1, 9007199254740992});
  CHECK(equal<double>(numbers, {-inf, -1, 0, 0, 5e-324, 2, 2, 3, inf, none, none}));
  CHECK(equal<std::int64_t>(places, {8, 1, 4, 7, 10, 3, 6, 0, 5, 2, 9}));
  CHECK((std::signbit(numbers[2]) && !std::signbit(numbers[3])));
  CHECK(equal<float>(floats, {-INFINITY, -2, -1.5f, 1e-45f, 1, INFINITY, NAN}));
  CHECK(equal<std::int64_t>(of_floats, {1, 3, 4, 5, 0, 6, 2}));
  CHECK(equal<std::int32_t>(integers, {least, -1, 0, most}));
  CHECK(equal<std::uint64_t>(naturals, {0, 5, large, large + 1}));
  CHECK(equal<std::int64_t>(wide, {-1, 9007199254740992, 9007199254740993}));
  CHECK(equal<bool>(conditions, {false, false, false, false, true, true, true}));
  CHECK(equal<std::int64_t>(of_conditions, {1, 2, 3, 4, 0, 5, 6}));

  const auto few = sort_each(std::vector<double>{}, std::vector<float>{1, -NAN, 0}, std::vector<std::int32_t>{7},
                             std::vector<std::uint64_t>{}, std::vector<std::int64_t>{});
  CHECK(equal<double>(get<0>(few), {}));
  CHECK(equal<std::int64_t>(get<3>(few), {2, 0, 1}));
  CHECK(equal<std::int32_t>(get<4>(few), {7}));
  static_assert(fg::sort(3.0f) == 3.0f && fg::argsort(3.0f) == 0 && fg::median(4) == 4.0);
  static_assert(fg::quantile(2.0f, 0.3) == 2.0f && fg::quantile(2.0f, 1.5) != fg::quantile(2.0f, 1.5));
}

TEST_CASE("rows of any length are sorted, along any axis", "[ops][sort]") {
  for (std::ptrdiff_t n = 1; n <= 130; ++n) {
    fg::tensor<float, 2> x({3, n}), y({n, 3});
    for (std::ptrdiff_t r = 0; r < 3; ++r)
      for (std::ptrdiff_t k = 0; k < n; ++k)
        y(k, r) = x(r, k) = static_cast<float>((k * 37 + r * 11) % 29 % (4 + 9 * r));
    const auto [numbers, places, columns] = fg::fuse([](auto rows, auto of_columns) {
      return fg::outputs(fg::sort(rows), fg::argsort(rows), fg::argsort(of_columns, fg::axis<0>));
    })(x, y);
    bool same = true;
    for (std::ptrdiff_t r = 0; r < 3; ++r) {
      std::vector<std::ptrdiff_t> wanted(static_cast<std::size_t>(n));
      std::iota(wanted.begin(), wanted.end(), 0);
      std::stable_sort(wanted.begin(), wanted.end(), [&](auto a, auto b) { return x(r, a) < x(r, b); });
      for (std::ptrdiff_t k = 0; k < n; ++k) {
        const std::ptrdiff_t at = wanted[static_cast<std::size_t>(k)];
        same = same && places(r, k) == at && columns(k, r) == at && numbers(r, k) == x(r, at);
      }
    }
    CAPTURE(n);
    CHECK(same);
  }
  fg::tensor<double, 3> x({4, 5, 3});
  for (std::ptrdiff_t k = 0; k < x.size(); ++k) x.data()[k] = static_cast<double>(k * 17 % 23);
  CHECK(disagreement(of_middle_axis, fg::permute(x, fg::axis<2, 0, 1>)) == 0);
}

TEST_CASE("each element has the derivative of its place among the sorted ones", "[ops][sort]") {
  constexpr auto weighted = [](auto x, auto w) { return fg::sum(fg::exp(fg::sort(x)) * w); };
  const std::vector<double> x{2, -1, 2, 0.5, -1}, w{1, 10, 100, 1000, 10000}, direction{1, 2, 3, 4, 5};
  const auto curvature = elements(fg::hvp<0>(weighted), x, w, direction);
  const auto [dx, dw] = elements<2>(fg::grad<0, 1>(weighted), x, w);
  for (auto [k, place] : {std::pair{1, 0}, {4, 1}, {3, 2}, {0, 3}, {2, 4}}) {
    const auto at = static_cast<std::size_t>(k), to = static_cast<std::size_t>(place);
    CHECK(dx[at] == Approx(std::exp(x[at]) * w[to]));
    CHECK(dw[to] == Approx(std::exp(x[at])));
    CHECK(curvature[at] == Approx(std::exp(x[at]) * w[to] * direction[at]));
  }
  CHECK(elements<2>(fg::jvp<0>(sorted), x, w)[1] == std::vector<double>{10, 10000, 1000, 1, 100});
  CHECK(elements<2>(fg::vjp<0>(sorted), x, w)[1] == std::vector<double>{1000, 1, 10000, 100, 10});
  CHECK(fg::check_gradient(weighted, std::vector<double>{2, -1, 3, 0.5, -2}, w));  // no equal ones: differences

  // forwards and backwards again, the same order serves
  constexpr auto nested = [](auto v) {
    return fg::sum(
        fg::square(fg::grad([](auto u) { return fg::sum(fg::square(fg::sort(u)) * fg::cumsum(fg::sort(u))); })(v)));
  };
  CHECK(fg::check_gradient(nested, std::vector<double>{0.3, -1.2, 2.5, 0.7}));
  // a branch that is not taken has no slope, however infinite
  constexpr auto roots = [](auto v) {
    return fg::sum(fg::where(fg::index(v, fg::axis<0>) == 0, 0.0, fg::sort(fg::sqrt(v))));
  };
  CHECK(elements(fg::grad(roots), std::vector<double>{4, 0, 1}) == std::vector<double>{0.25, 0, 0.5});
}

TEST_CASE("what is sorted can be sliced, summed, sorted again and put back", "[ops][sort]") {
  const std::vector<double> x{4, 1, 3, 2, 5};
  const auto [three, spread, again] =
      elements<3>(fg::fuse([](auto v) {
                    const auto s = fg::sort(v);
                    return fg::outputs(fg::slice(s, fg::axis<0>, fg::range<-3, fg::end>), fg::at<-1>(s) - fg::at<0>(s),
                                       fg::sort(fg::flip(s, fg::axis<0>) * fg::where(s > 2, -1.0, 1.0)));
                  }),
                  x);
  CHECK(three == std::vector<double>{3, 4, 5});
  CHECK(spread[0] == 4);
  CHECK(again == std::vector<double>{-3, -2, -1, 4, 5});
  constexpr auto joined = [](auto a, auto b) { return fg::sort(fg::concatenate(a, fg::sort(b), fg::axis<0>)); };
  CHECK(elements<2>(fg::vjp<0>(joined), x, std::vector<double>{9, 0}, std::vector<double>{1, 2, 3, 4, 5, 6, 7})[1] ==
        std::vector<double>{5, 2, 4, 3, 6});
  CHECK(elements(fg::fuse(joined), x, std::vector<double>{9, 0}) == std::vector<double>{0, 1, 2, 3, 4, 5, 9});
  // a trimmed mean, and Spearman's rank correlation
  constexpr auto trimmed = [](auto v) { return fg::mean(fg::slice(fg::sort(v), fg::axis<0>, fg::range<1, -1>)); };
  CHECK(elements(fg::grad(trimmed), x) == std::vector<double>{1. / 3, 0, 1. / 3, 1. / 3, 0});
  constexpr auto spearman = [](auto a, auto b) {
    const auto rank = [](auto v) { return fg::argsort(fg::argsort(v)) * 1.0; };
    const auto centered = [](auto v) { return v - fg::mean(v); };
    return fg::cosine_similarity(centered(rank(a)), centered(rank(b)));
  };
  CHECK(elements(fg::fuse(spearman), x, std::vector<double>{40, 10, 20, 30, 50})[0] == Approx(0.9));
}

TEST_CASE("medians are NumPy's", "[ops][sort]") {
  const auto median = [](const auto& x) { return elements(fg::fuse(middle), x)[0]; };
  CHECK(median(std::vector<double>{3, 1, 2}) == 2);
  CHECK(median(std::vector<double>{4, 1, 3, 2}) == 2.5);
  CHECK(median(std::vector<int>{4, 1, 3, 2}) == 2.5);
  CHECK(median(std::vector<double>{7}) == 7);
  CHECK(std::isnan(median(std::vector<double>{1, none, 2})));
  CHECK(std::isnan(median(std::vector<double>{})));
  CHECK(median(std::vector<double>{-inf, 1, inf}) == 1);
  CHECK(median(std::vector<double>{inf, inf, 1, inf}) == inf);
  CHECK(median(std::vector<float>{3e38f, 3e38f}) == static_cast<double>(3e38f));
  CHECK(elements(fg::fuse([](auto x) { return fg::median(x > 1); }), std::vector<int>{1, 2, 3})[0] == 1);

  const fg::tensor<double, 2> x{{3, 1, 2}, {6, 5, 9}};
  constexpr auto of_rows = [](auto v) { return v - fg::median(v, fg::axis<1>, fg::keepdims); };
  constexpr auto of_columns = [](auto v) { return fg::median(v, fg::axis<0>); };
  constexpr auto of_all = [](auto v) { return v - fg::median(v); };
  CHECK(elements(fg::fuse(of_rows), x) == std::vector<double>{1, -1, 0, 0, -1, 3});
  CHECK(elements(fg::fuse(of_columns), x) == std::vector<double>{4.5, 3, 5.5});
  CHECK(elements(fg::fuse(of_all), x) == std::vector<double>{-1, -3, -2, 2, 1, 5});
  CHECK(elements<2>(fg::vjp<0>(of_rows), x, x)[1] == std::vector<double>{3, 1, -4, -14, 5, 9});
  CHECK(elements(fg::fuse(of_columns), fg::transpose(x)) == std::vector<double>{2, 6});

  const auto slopes = [](const auto& v) { return elements(fg::grad(middle), v); };
  CHECK(slopes(std::vector<double>{4, 1, 3, 2}) == std::vector<double>{0, 0, 0.5, 0.5});
  CHECK(slopes(std::vector<double>{2, 2, 2}) == std::vector<double>{0, 1, 0});
  const auto with_none = slopes(std::vector<double>{1, none, 2});
  CHECK((with_none[0] == 0 && std::isnan(with_none[1]) && with_none[2] == 1));
  CHECK(elements(fg::grad([](auto v) { return fg::median(fg::log(v)); }), std::vector<double>{0, 2, 4}) ==
        std::vector<double>{0, 0.5, 0});
}

TEST_CASE("quantiles are interpolated as NumPy does", "[ops][sort]") {
  const std::vector<double> x{15, 20, 35, 40, 50};
  const auto of = [](const auto& v, auto q) { return elements(fg::fuse(quantile), v, q)[0]; };
  for (auto [q, wanted] :
       {std::pair{0.0, 15.0}, {0.05, 16.0}, {0.3, 23.0}, {0.4, 29.0}, {0.5, 35.0}, {0.9, 46.0}, {1.0, 50.0}})
    CHECK(of(x, q) == Approx(wanted).epsilon(1e-15));
  for (double q : {-0.1, 1.1, none}) CHECK(std::isnan(of(x, q)));
  CHECK(std::isnan(of(std::vector<double>{}, 0.5)));
  CHECK(std::isnan(of(std::vector<double>{1, none}, 0.0)));
  CHECK(of(std::vector<double>{7}, 0.3) == 7);
  CHECK(of(std::vector<double>{-inf, 2, inf}, 0.5) == 2);
  CHECK(of(std::vector<double>{-inf, -inf, 2}, 0.3) == -inf);
  CHECK(of(std::vector<double>{1, 2, inf}, 0.0) == 1);
  CHECK(of(std::vector<double>{-inf, 2, 3}, 1.0) == 3);
  CHECK(of(std::vector<float>{0.1f, 0.1f, 0.1f}, 0.7f) == static_cast<double>(0.1f));

  const auto [dx, dq] = elements<2>(fg::grad<0, 1>(quantile), x, 0.3);
  for (auto [k, slope] : {std::pair{0u, 0.0}, {1u, 0.8}, {2u, 0.2}, {3u, 0.0}})
    CHECK(dx[k] == Approx(slope).margin(1e-15));
  CHECK(dq[0] == Approx(4 * 15));
  const auto slope = [&](double q) { return elements(fg::grad<1>(quantile), x, q)[0]; };
  CHECK((slope(0) == 20 && slope(1) == 40 && std::isnan(slope(2))));
  CHECK(fg::check_gradient(quantile, x, 0.37));

  // one for each row
  const fg::tensor<double, 2> rows{{3, 1, 2}, {6, 5, 9}};
  constexpr auto of_rows = [](auto v, auto q) { return fg::quantile(v, fg::unsqueeze(q, fg::axis<1>), fg::axis<1>); };
  CHECK(elements(fg::fuse(of_rows), rows, std::vector<double>{0.25, 1}) == std::vector<double>{1.5, 9});
}

TEST_CASE("a loss of medians is robust", "[ops][sort]") {
  // a line through points of which one is far away, by the median of absolute deviations
  constexpr auto deviation = [](auto x, auto y, auto slope) { return fg::median(fg::abs(y - slope * x)); };
  const std::vector<double> x{1, 2, 3, 4, 5}, y{2.1, 3.9, 6.05, 80, 9.9};
  double slope = 0;
  for (int k = 0; k < 200; ++k) slope -= 0.4 / (k + 1) * elements(fg::grad<2>(deviation), x, y, slope)[0];
  CHECK(slope == Approx(2).margin(0.03));
}

TEST_CASE("rows are sorted by several threads as by one", "[ops][sort]") {
  fg::tensor<double, 3> x({2, 1000, 70});
  for (std::ptrdiff_t k = 0; k < x.size(); ++k) x.data()[k] = static_cast<double>(k * 7919 % 10007);
  const auto one = of_middle_axis(x), several = of_middle_axis.on(fg::par)(x);
  CHECK(get<0>(one) == get<0>(several));
  CHECK(std::equal(get<1>(one).begin(), get<1>(one).end(), get<1>(several).begin()));
  CHECK(disagreement(of_middle_axis, x) == 0);
}

TEST_CASE("plans tell what is arranged between kernels", "[ops][sort]") {
  const std::vector<float> x(3);
  static_assert(fg::plan<std::vector<float>>(fg::grad(middle)).arrangements == 2);
  CHECK(fg::explain(fg::fuse(sorted), x).find("input 3 = permuted input 1 by input 2 along axis -1") !=
        std::string::npos);
  CHECK(fg::explain(fg::fuse(order), x).find("input 2 = order of input 1 along axis -1") != std::string::npos);
}

TEST_CASE("what is not finite is followed through a sort", "[ops][sort]") {
  const auto found =
      fg::find_non_finite(fg::fuse([](auto x) { return fg::sort(fg::log(x)); }), std::vector<double>{3, 0, 1});
  CHECK((found.expression == "log(x0)" && found.element == 1 && found.result_element == 0));
}
