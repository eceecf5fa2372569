// The conventions along axes: ties, infinite and zero rows, empty axes, extents of 1, and shapes that do not fit.
#include "arrays.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

using doubles = std::vector<double>;

/// {value, gradient} of a reduction of rows, for the cotangent w.
template <class F>
auto pulled(F f, const fg::tensor<double, 2>& x, const doubles& w) {
  return fg::vjp<0>(f)(x, w);
}
template <class F>
auto pushed(F f, const fg::tensor<double, 2>& x, const fg::tensor<double, 2>& t) {
  return fg::jvp<0>(f)(x, t);
}

constexpr auto largest = [](auto x) { return fg::max(x, fg::axis<-1>); };
constexpr auto smallest = [](auto x) { return fg::min(x, fg::axis<0>); };
constexpr auto magnitude = [](auto x) { return fg::norm_inf(x, fg::axis<-1>); };
constexpr auto log_sum = [](auto x) { return fg::logsumexp(x, fg::axis<-1>); };
constexpr auto soft = [](auto x) { return fg::softmax(x, fg::axis<-1>); };
constexpr auto length = [](auto x) { return fg::norm(x, fg::axis<-1>); };
constexpr auto unit = [](auto x) { return fg::normalize(x, fg::axis<-1>); };
constexpr auto deviation = [](auto x) { return fg::std(x, fg::axis<-1>); };
constexpr auto product = [](auto x) { return fg::prod(x, fg::axis<-1>); };

}  // namespace

TEST_CASE("k equal extrema of a row or column share its derivative", "[oracle][axes][edges]") {
  const auto x = matrix({{1, 3, 3}, {2, 2, 2}, {3, 1, -3}});
  const auto t = matrix({{1, 2, 4}, {3, 6, 9}, {5, 1, 1}});
  auto [value, gradient] = pulled(largest, x, {1, 6, 5});
  CHECK(holds(value, {3, 2, 3}));
  CHECK(holds(gradient, {0, 0.5, 0.5, 2, 2, 2, 5, 0, 0}));
  CHECK(holds(get<1>(pushed(largest, x, t)), {3, 6, 5}));

  auto [low, low_gradient] = pulled(smallest, matrix({{1, 3, 3}, {1, 2, 3}}), {1, 6, 5});
  CHECK(holds(low, {1, 2, 3}));
  CHECK(holds(low_gradient, {0.5, 0, 2.5, 0.5, 6, 2.5}));

  auto [far, far_gradient] = pulled(magnitude, x, {1, 6, 4});
  CHECK(holds(far, {3, 2, 3}));
  CHECK(holds(far_gradient, {0, 0.5, 0.5, 2, 2, 2, 2, 0, -2}));
}

TEST_CASE("extrema of rows of equal infinities and of rows with a NaN", "[oracle][axes][edges]") {
  const auto x = matrix({{-inf, -inf}, {inf, 1}, {NAN, 1}, {1, NAN}});
  auto [value, gradient] = pulled(largest, x, {1, 1, 1, 1});
  CHECK(holds(value, {-inf, inf, NAN, NAN}));
  CHECK(holds(fg::tensor<double, 1>{gradient[0], gradient[1], gradient[2], gradient[3]}, {0.5, 0.5, 1, 0}));
}

TEST_CASE("the first of equal extrema has the position", "[oracle][axes][edges]") {
  const auto x = matrix({{1, 3, 3}, {2, 2, 2}, {-1, -1, -2}});
  const auto last = fg::fuse([](auto v) { return fg::argmax(v, fg::axis<-1>); })(x);
  static_assert(std::is_same_v<std::remove_const_t<decltype(last)>, fg::tensor<std::int64_t, 1>>);
  CHECK(numbers_of(last) == doubles{1, 0, 0});
  CHECK(numbers_of(fg::fuse([](auto v) { return fg::argmin(v, fg::axis<-1>); })(x)) == doubles{0, 0, 2});
  CHECK(numbers_of(fg::fuse([](auto v) { return fg::argmax(v, fg::axis<0>); })(x)) == doubles{1, 0, 0});
  CHECK(fg::fuse([](auto v) { return fg::argmax(v); })(x) == 1);
  CHECK(fg::fuse([](auto v) { return fg::argmin(v); })(x) == 8);
  for (std::ptrdiff_t n : {1, 3, 8, 15, 64, 200}) {
    fg::tensor<double, 2> same({3, n});
    CHECK(numbers_of(fg::fuse([](auto v) { return fg::argmax(v, fg::axis<-1>); })(same)) == doubles{0, 0, 0});
    same(1, n - 1) = 1;
    same(2, n / 2) = 2;
    CHECK(numbers_of(fg::fuse([](auto v) { return fg::argmax(v, fg::axis<-1>); })(same)) ==
          doubles{0, static_cast<double>(n - 1), static_cast<double>(n / 2)});
  }
}

TEST_CASE("logsumexp of a row of minus infinities is minus infinity without a slope", "[oracle][axes][edges]") {
  const auto x = matrix({{-inf, -inf, -inf}, {0, -inf, 0}, {-inf, 5, -inf}, {1, 2, 3}});
  auto [value, gradient] = pulled(log_sum, x, {1, 2, 3, 0});
  CHECK(holds(value, {-inf, std::log(2.0), 5, 3.4076059644443806}));
  CHECK(holds(gradient, {0, 0, 0, 1, 0, 1, 0, 3, 0, 0, 0, 0}));
  const auto t = matrix({{1, 2, 3}, {1, 2, 5}, {7, 8, 9}, {1, 1, 1}});
  CHECK(holds(get<1>(pushed(log_sum, x, t)), {0, 3, 8, 1}));
}

TEST_CASE("softmax of a row of minus infinities is zero without a slope", "[oracle][axes][edges]") {
  const auto x = matrix({{-inf, -inf}, {0, -inf}, {0, 0}, {1000, -1000}});
  const auto w = matrix({{1, 2}, {3, 4}, {1, 3}, {1, 2}});
  auto [value, gradient] = fg::vjp<0>(soft)(x, w);
  CHECK(holds(value, {0, 0, 1, 0, 0.5, 0.5, 1, 0}));
  CHECK(holds(gradient, {0, 0, 0, 0, -0.5, 0.5, 0, 0}));
  auto [again, tangent] = fg::jvp<0>(soft)(x, w);
  CHECK(holds(again, {0, 0, 1, 0, 0.5, 0.5, 1, 0}));
  CHECK(holds(tangent, {0, 0, 0, 0, -0.5, 0.5, 0, 0}));
}

TEST_CASE("softmax and logsumexp of large numbers do not overflow", "[oracle][axes][edges]") {
  const auto x = matrix<float>({{1000, 999, -1000}, {-1000, -1000, -1001}});
  const auto p = fg::fuse(soft)(x);
  CHECK(near(p(0, 0), 0.7310585786300049));
  CHECK(near(p(0, 1), 0.2689414213699951));
  CHECK(near(p(1, 2), 0.15536240349696362));
  const auto lse = fg::fuse(log_sum)(x);
  CHECK(near(lse[0], 1000.3132616875182));
  const auto l = fg::fuse([](auto v) { return fg::log_softmax(v, fg::axis<-1>); })(x);
  CHECK(near(l(0, 2), -2000.3132616875182));
}

TEST_CASE("zero rows have no norm, no direction and no slope", "[oracle][axes][edges]") {
  const auto x = matrix({{0, 0}, {3, -4}, {0, 5}});
  auto [value, gradient] = pulled(length, x, {7, 5, 1});
  CHECK(holds(value, {0, 5, 5}));
  CHECK(holds(gradient, {0, 0, 3, -4, 0, 1}));
  CHECK(holds(get<1>(pushed(length, x, matrix({{1, 1}, {1, 1}, {1, 1}}))), {0, -0.2, 1}));

  const auto w = matrix({{1, 1}, {25, 0}, {5, 5}});
  auto [directions, slopes] = fg::vjp<0>(unit)(x, w);
  CHECK(holds(directions, {0, 0, 0.6, -0.8, 0, 1}));
  CHECK(std::isfinite(slopes[0]));
  CHECK(holds(fg::tensor<double, 1>{slopes[2], slopes[3], slopes[4], slopes[5]}, {3.2, 2.4, 1, 0}));

  const auto similar = fg::fuse([](auto u, auto v) { return fg::cosine_similarity(u, v, fg::axis<-1>); });
  const auto y = matrix({{1, 1}, {-4, -3}, {0, 0}});
  CHECK(holds(similar(x, y), {0, 0, 0}));
}

TEST_CASE("constant rows have no deviation and no slope", "[oracle][axes][edges]") {
  const auto x = matrix({{2, 2, 2}, {0, 3, 6}, {0, 0, 0}});
  auto [value, gradient] = pulled(deviation, x, {5, 3, 1});
  CHECK(holds(value, {0, std::sqrt(6.0), 0}));
  CHECK(holds(gradient, {0, 0, 0, -std::sqrt(1.5), 0, std::sqrt(1.5), 0, 0, 0}));
  CHECK(holds(get<1>(pushed(deviation, x, matrix({{1, 2, 3}, {0, 0, 3}, {1, 2, 3}}))), {0, std::sqrt(1.5), 0}));
  const auto variance = fg::fuse([](auto v) { return fg::var(v, 1, fg::axis<-1>); })(x);
  CHECK(holds(variance, {0, 9, 0}));
}

TEST_CASE("the derivative of a row's product is exact whichever elements are zero", "[oracle][axes][edges]") {
  const auto x = matrix({{2, 3, 5}, {2, 0, 5}, {0, 0, 5}, {0, 0, 0}});
  auto [value, gradient] = pulled(product, x, {1, 2, 3, 4});
  CHECK(holds(value, {30, 0, 0, 0}));
  CHECK(holds(gradient, {15, 10, 6, 0, 20, 0, 0, 0, 0, 0, 0, 0}));
}

TEST_CASE("sums and products along an empty axis are those of nothing", "[oracle][axes][edges]") {
  constexpr auto columns = [](auto x) {
    return fg::outputs(fg::sum(x, fg::axis<0>), fg::prod(x, fg::axis<0>), fg::norm1(x, fg::axis<0>),
                       fg::any(x > 0, fg::axis<0>), fg::all(x > 0, fg::axis<0>), fg::count(x > 0, fg::axis<0>),
                       fg::norm(x, fg::axis<0>));
  };
  const fg::tensor<double, 2> none({0, 3});
  const auto r = fg::fuse(columns)(none);
  CHECK(numbers_of(get<0>(r)) == doubles{0, 0, 0});
  CHECK(numbers_of(get<1>(r)) == doubles{1, 1, 1});
  CHECK(numbers_of(get<2>(r)) == doubles{0, 0, 0});
  CHECK(numbers_of(get<3>(r)) == doubles{0, 0, 0});
  CHECK(numbers_of(get<4>(r)) == doubles{1, 1, 1});
  CHECK(numbers_of(get<5>(r)) == doubles{0, 0, 0});
  CHECK(numbers_of(get<6>(r)) == doubles{0, 0, 0});

  constexpr auto rows = [](auto x) {
    return fg::outputs(fg::sum(x, fg::axis<-1>), fg::prod(x, fg::axis<-1>, fg::keepdims));
  };
  const auto s = fg::fuse(rows)(fg::tensor<double, 2>({2, 0}));
  CHECK(numbers_of(get<0>(s)) == doubles{0, 0});
  CHECK(numbers_of(get<1>(s)) == doubles{1, 1});
  CHECK(get<1>(s).shape() == fg::shape<2>{2, 1});
}

TEST_CASE("there is no mean, extremum or variance along an empty axis", "[oracle][axes][edges]") {
  const fg::tensor<double, 2> none({0, 3});
  CHECK_THROWS_AS(fg::fuse([](auto x) { return fg::mean(x, fg::axis<0>); })(none), std::invalid_argument);
  CHECK_THROWS_AS(fg::fuse([](auto x) { return fg::max(x, fg::axis<0>); })(none), std::invalid_argument);
  CHECK_THROWS_AS(fg::fuse([](auto x) { return fg::min(x, fg::axis<0, 1>); })(none), std::invalid_argument);
  CHECK_THROWS_AS(fg::fuse([](auto x) { return fg::argmax(x, fg::axis<0>); })(none), std::invalid_argument);
  CHECK_THROWS_AS(fg::fuse([](auto x) { return fg::var(x, fg::axis<0>); })(none), std::invalid_argument);
  CHECK_THROWS_AS(fg::grad<0>([](auto x) { return fg::sum(fg::max(x, fg::axis<0>)); })(none), std::invalid_argument);
}

TEST_CASE("reductions of no rows are empty", "[oracle][axes][edges]") {
  const fg::tensor<double, 2> none({0, 3});
  const auto means = fg::fuse([](auto x) { return fg::mean(x, fg::axis<-1>); })(none);
  CHECK(means.size() == 0);
  const auto extrema = fg::fuse([](auto x) { return fg::max(x, fg::axis<-1>, fg::keepdims); })(none);
  CHECK(extrema.shape() == fg::shape<2>{0, 1});
  CHECK(fg::fuse(soft)(none).shape() == fg::shape<2>{0, 3});
  auto [value, gradient, bias] =
      fg::value_and_grad<0, 1>([](auto x, auto b) { return fg::sum(fg::square(x + b)); })(none, doubles{1, 2, 3});
  CHECK(value == 0);
  CHECK(gradient.shape() == fg::shape<2>{0, 3});
  CHECK(holds(bias, {0, 0, 0}));
}

TEST_CASE("an axis of extent 1 is not stretched unless it is declared away", "[oracle][axes][edges]") {
  constexpr auto add = [](auto x, auto y) { return x + y; };
  const auto x = matrix({{1, 2, 3}, {4, 5, 6}});
  const auto row = matrix({{10, 20, 30}}), column = matrix({{10}, {20}});
  CHECK_THROWS_AS(fg::fuse(add)(x, row), std::invalid_argument);
  CHECK_THROWS_AS(fg::fuse(add)(row, x), std::invalid_argument);
  CHECK_THROWS_AS(fg::fuse(add)(x, column), std::invalid_argument);
  CHECK_THROWS_AS(fg::fuse(add)(x, doubles{1}), std::invalid_argument);
  CHECK_THROWS_AS((fg::vjp<0, 1>(add)(x, row, x)), std::invalid_argument);
  CHECK(holds(fg::fuse(add)(x, doubles{10, 20, 30}), {11, 22, 33, 14, 25, 36}));
  constexpr auto add_column = [](auto a, auto b) { return a + fg::unsqueeze(b, fg::axis<-1>); };
  CHECK(holds(fg::fuse(add_column)(x, doubles{10, 20}), {11, 12, 13, 24, 25, 26}));
  CHECK_THROWS_AS(fg::fuse(add_column)(x, doubles{10}), std::invalid_argument);
  CHECK(holds(fg::fuse(add)(row, doubles{1, 2, 3}), {11, 22, 33}));
}

TEST_CASE("arrays whose axes differ are refused with a sentence", "[oracle][axes][edges]") {
  constexpr auto multiply = [](auto x, auto y) { return x * y; };
  const auto x = matrix({{1, 2, 3}, {4, 5, 6}});
  CHECK_THROWS_AS(fg::fuse(multiply)(x, doubles{1, 2}), std::invalid_argument);
  CHECK_THROWS_AS(fg::fuse(multiply)(x, fg::tensor<double, 3>({4, 3, 2})), std::invalid_argument);
  CHECK_NOTHROW(fg::fuse(multiply)(x, fg::tensor<double, 3>({4, 2, 3})));
  CHECK_THROWS_AS(fg::fuse(multiply)(x, fg::tensor<double, 2>({0, 3})), std::invalid_argument);
  try {
    fg::fuse(multiply)(x, doubles{1, 2});
  } catch (const std::invalid_argument& e) {
    CHECK_THAT(e.what(), Catch::StartsWith("fusegrad: "));
    CHECK_THAT(e.what(), Catch::Contains("2") && Catch::Contains("3"));
  }
  CHECK_THROWS_AS((fg::vjp<0>(largest)(x, doubles{1, 2, 3})), std::invalid_argument);
  CHECK_THROWS_AS((fg::jvp<0>(largest)(x, fg::tensor<double, 2>({3, 2}))), std::invalid_argument);
}

TEST_CASE("results have the rank and the type of their operation", "[oracle][axes][edges]") {
  const fg::tensor<float, 3> x({2, 3, 4});
  constexpr auto f = [](auto v) {
    return fg::outputs(fg::sum(v, fg::axis<0, 2>), fg::mean(v, fg::axis<1>, fg::keepdims),
                       fg::sum(v, fg::axis<0, 1, 2>), fg::sum(v), fg::count(v > 0, fg::axis<1>),
                       fg::any(v > 0, fg::axis<1, 2>));
  };
  auto r = fg::fuse(f)(x);
  static_assert(std::is_same_v<std::remove_cvref_t<decltype(get<0>(r))>, fg::tensor<float, 1>>);
  static_assert(std::is_same_v<std::remove_cvref_t<decltype(get<1>(r))>, fg::tensor<float, 3>>);
  static_assert(std::is_same_v<std::remove_cvref_t<decltype(get<2>(r))>, float>);
  static_assert(std::is_same_v<std::remove_cvref_t<decltype(get<3>(r))>, float>);
  static_assert(std::is_same_v<std::remove_cvref_t<decltype(get<4>(r))>, fg::tensor<std::int64_t, 2>>);
  static_assert(std::is_same_v<std::remove_cvref_t<decltype(get<5>(r))>, fg::tensor<bool, 1>>);
  CHECK(get<0>(r).shape() == fg::shape<1>{3});
  CHECK(get<1>(r).shape() == fg::shape<3>{2, 1, 4});
  CHECK(get<4>(r).shape() == fg::shape<2>{2, 4});
  CHECK(get<5>(r).shape() == fg::shape<1>{2});

  const auto integers = matrix<int>({{2'000'000'000, 2'000'000'000}, {1, 2}});
  const auto sums = fg::fuse([](auto v) { return fg::sum(v, fg::axis<-1>); })(integers);
  static_assert(std::is_same_v<std::remove_const_t<decltype(sums)>, fg::tensor<std::int64_t, 1>>);
  CHECK(sums[0] == 4'000'000'000);
  CHECK(holds(fg::fuse([](auto v) { return fg::mean(v, fg::axis<-1>); })(integers), {2'000'000'000, 1.5}));
}

TEST_CASE("reduced and broadcast results are written where the caller says", "[oracle][axes][edges]") {
  const auto x = matrix({{1, 2, 3}, {4, 5, 6}});
  const doubles b{1, 0, -1};
  constexpr auto loss = [](auto v, auto bias) { return fg::sum(fg::square(v + bias)); };
  double value = 0;
  fg::tensor<double, 2> dx({2, 3});
  doubles db(3);
  fg::value_and_grad<0, 1>(loss).into(value, dx, db)(x, b);
  CHECK(near(value, 4 + 4 + 4 + 25 + 25 + 25));
  CHECK(holds(dx, {4, 4, 4, 10, 10, 10}));
  CHECK(db == doubles{14, 14, 14});

  doubles sums(5, 7);
  fg::view<double, 1> every_other(sums.data(), {2}, {2});
  fg::fuse([](auto v) { return fg::sum(v, fg::axis<-1>); }).into(every_other)(x);
  CHECK(sums == doubles{6, 7, 15, 7, 7});
  doubles wrong(3);
  CHECK_THROWS_AS(fg::fuse([](auto v) { return fg::sum(v, fg::axis<-1>); }).into(wrong)(x), std::invalid_argument);
}
