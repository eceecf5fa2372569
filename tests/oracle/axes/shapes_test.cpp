// Empty axes, extents of 1, shapes that do not fit, and the types of results.
#include "../../checked.hpp"
#include "arrays.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;
using oracle::elements_of;

namespace {

using doubles = std::vector<double>;
constexpr auto largest = [](auto x) { return fg::max(x, fg::axis<-1>); };

}  // namespace

TEST_CASE("sums and products along an empty axis are those of nothing", "[oracle][axes][edges]") {
  constexpr auto columns = [](auto x) {
    return fg::outputs(fg::sum(x, fg::axis<0>), fg::prod(x, fg::axis<0>), fg::norm1(x, fg::axis<0>),
                       fg::any(x > 0, fg::axis<0>), fg::all(x > 0, fg::axis<0>), fg::count(x > 0, fg::axis<0>),
                       fg::norm(x, fg::axis<0>));
  };
  const fg::tensor<double, 2> none({0, 3});
  const auto r = fg::fuse(columns)(none);
  CHECK(elements_of(get<0>(r)) == doubles{0, 0, 0});
  CHECK(elements_of(get<1>(r)) == doubles{1, 1, 1});
  CHECK(elements_of(get<2>(r)) == doubles{0, 0, 0});
  CHECK(elements_of(get<3>(r)) == doubles{0, 0, 0});
  CHECK(elements_of(get<4>(r)) == doubles{1, 1, 1});
  CHECK(elements_of(get<5>(r)) == doubles{0, 0, 0});
  CHECK(elements_of(get<6>(r)) == doubles{0, 0, 0});

  constexpr auto rows = [](auto x) {
    return fg::outputs(fg::sum(x, fg::axis<-1>), fg::prod(x, fg::axis<-1>, fg::keepdims));
  };
  const auto s = fg::fuse(rows)(fg::tensor<double, 2>({2, 0}));
  CHECK(elements_of(get<0>(s)) == doubles{0, 0});
  CHECK(elements_of(get<1>(s)) == doubles{1, 1});
  CHECK(get<1>(s).shape() == fg::shape<2>{2, 1});
}

TEST_CASE("there is no mean, extremum or variance along an empty axis", "[oracle][axes][edges]") {
  const fg::tensor<double, 2> none({0, 3});
  const auto refused = [&](auto t) { CHECK_THROWS_AS(check_arguments(t, none), std::invalid_argument); };
  CHECK_THROWS_AS(fg::fuse([](auto x) { return fg::mean(x, fg::axis<0>); })(none), std::invalid_argument);
  refused(fg::fuse([](auto x) { return fg::max(x, fg::axis<0>); }));
  refused(fg::fuse([](auto x) { return fg::min(x, fg::axis<0, 1>); }));
  refused(fg::fuse([](auto x) { return fg::argmax(x, fg::axis<0>); }));
  refused(fg::fuse([](auto x) { return fg::var(x, fg::axis<0>); }));
  refused(fg::grad<0>([](auto x) { return fg::sum(fg::max(x, fg::axis<0>)); }));
}

TEST_CASE("reductions of no rows are empty", "[oracle][axes][edges]") {
  const fg::tensor<double, 2> none({0, 3});
  const auto means = fg::fuse([](auto x) { return fg::mean(x, fg::axis<-1>); })(none);
  CHECK(means.size() == 0);
  const auto extrema = fg::fuse([](auto x) { return fg::max(x, fg::axis<-1>, fg::keepdims); })(none);
  CHECK(extrema.shape() == fg::shape<2>{0, 1});
  CHECK(fg::fuse([](auto x) { return fg::softmax(x, fg::axis<-1>); })(none).shape() == fg::shape<2>{0, 3});
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
  CHECK_THROWS_AS(check_arguments(fg::fuse(add), x, row), std::invalid_argument);
  CHECK_THROWS_AS(check_arguments(fg::fuse(add), row, x), std::invalid_argument);
  CHECK_THROWS_AS(check_arguments(fg::fuse(add), x, column), std::invalid_argument);
  CHECK_THROWS_AS(check_arguments(fg::fuse(add), x, doubles{1}), std::invalid_argument);
  CHECK_THROWS_AS(check_arguments(fg::vjp<0, 1>(add), x, row, x), std::invalid_argument);
  CHECK(holds(fg::fuse(add)(x, doubles{10, 20, 30}), {11, 22, 33, 14, 25, 36}));
  constexpr auto add_column = [](auto a, auto b) { return a + fg::unsqueeze(b, fg::axis<-1>); };
  CHECK(holds(fg::fuse(add_column)(x, doubles{10, 20}), {11, 12, 13, 24, 25, 26}));
  CHECK_THROWS_AS(check_arguments(fg::fuse(add_column), x, doubles{10}), std::invalid_argument);
  CHECK(holds(fg::fuse(add)(row, doubles{1, 2, 3}), {11, 22, 33}));
}

TEST_CASE("arrays whose axes differ are refused with a sentence", "[oracle][axes][edges]") {
  constexpr auto multiply = [](auto x, auto y) { return x * y; };
  const auto x = matrix({{1, 2, 3}, {4, 5, 6}});
  CHECK_THROWS_AS(check_arguments(fg::fuse(multiply), x, doubles{1, 2}), std::invalid_argument);
  CHECK_THROWS_AS(check_arguments(fg::fuse(multiply), x, fg::tensor<double, 3>({4, 3, 2})), std::invalid_argument);
  CHECK_NOTHROW(check_arguments(fg::fuse(multiply), x, fg::tensor<double, 3>({4, 2, 3})));
  CHECK_THROWS_AS(check_arguments(fg::fuse(multiply), x, fg::tensor<double, 2>({0, 3})), std::invalid_argument);
  try {
    static_cast<void>(fg::fuse(multiply)(x, doubles{1, 2}));
  } catch (const std::invalid_argument& e) {
    CHECK_THAT(e.what(), Catch::StartsWith("fusegrad: "));
    CHECK_THAT(e.what(), Catch::Contains("2") && Catch::Contains("3"));
  }
  CHECK_THROWS_AS(check_arguments(fg::vjp<0>(largest), x, doubles{1, 2, 3}), std::invalid_argument);
  CHECK_THROWS_AS(check_arguments(fg::jvp<0>(largest), x, fg::tensor<double, 2>({3, 2})), std::invalid_argument);
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
