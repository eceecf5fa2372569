// Full reductions: values, derivatives to second order, and their conventions at zeros, ties and infinities.
#include "agreement.hpp"
#include "slopes.hpp"

namespace fg = fusegrad;
using slopes::agrees;
using slopes::inf;

namespace {

template <class F>
double value(F f, const std::vector<double>& x) {
  return last_result(fg::fuse(f), x).at(0);
}

template <class F>
auto gradient(F f, const std::vector<double>& x) {
  return last_result(fg::grad<0>(f), x);
}

/// Row `row` of the Hessian, from a Hessian-vector product.
template <class F>
auto curvature(F f, const std::vector<double>& x, std::size_t row) {
  std::vector<double> direction(x.size(), 0);
  direction[row] = 1;
  return last_result(fg::hvp<0>(f), x, direction);
}

bool all_agree(const std::vector<double>& got, const std::vector<double>& want, double ulps = 8) {
  if (got.size() != want.size()) return false;
  for (std::size_t i = 0; i < got.size(); ++i)
    if (!agrees(got[i], want[i], ulps)) return false;
  return true;
}

}  // namespace

TEST_CASE("sums count conditions and integers in 64 bits", "[ops]") {
  const std::vector<int> large(4, 2'000'000'000);
  const auto total = fg::fuse([](auto x) { return fg::sum(x); })(large);
  static_assert(std::is_same_v<std::remove_const_t<decltype(total)>, std::int64_t>);
  CHECK(total == 8'000'000'000);
  const std::vector<float> x{-1, 2, 3, -4, 5};
  CHECK(fg::fuse([](auto v) { return fg::count(v > 0); })(x) == 3);
  CHECK(fg::fuse([](auto v) { return fg::sum(v > 0); })(x) == 3);
  CHECK(fg::fuse([](auto v) { return fg::count(v); })(std::vector<float>{0, 1, 0, 2}) == 2);
}

TEST_CASE("any and all", "[ops]") {
  constexpr auto any = [](auto x) { return fg::any(x > 4); };
  constexpr auto all = [](auto x) { return fg::all(x > -5); };
  const std::vector<double> x{-1, 2, 3, -4, 5}, none;
  CHECK(fg::fuse(any)(x));
  CHECK(fg::fuse(all)(x));
  CHECK_FALSE(fg::fuse(any)(std::vector<double>{1, 2}));
  CHECK_FALSE(fg::fuse(all)(std::vector<double>{1, -7}));
  CHECK_FALSE(fg::fuse(any)(none));
  CHECK(fg::fuse(all)(none));
}

TEST_CASE("the mean of integers is a floating-point number", "[ops]") {
  CHECK(fg::fuse([](auto x) { return fg::mean(x); })(std::vector<int>{1, 2}) == 1.5);
  CHECK(fg::fuse([](auto x) { return fg::mean(x > 1); })(std::vector<double>{1, 2, 3, 4}) == 0.75);
}

TEST_CASE("there is no mean and no extremum of nothing", "[ops]") {
  const std::vector<double> none;
  CHECK_THROWS_AS(fg::fuse([](auto x) { return fg::mean(x); })(none), std::invalid_argument);
  CHECK_THROWS_AS(fg::fuse([](auto x) { return fg::max(x); })(none), std::invalid_argument);
  CHECK_THROWS_AS(fg::fuse([](auto x) { return fg::min(x); })(none), std::invalid_argument);
  CHECK_THROWS_AS(fg::fuse([](auto x) { return fg::var(x); })(none), std::invalid_argument);
  CHECK(fg::fuse([](auto x) { return fg::logsumexp(x); })(none) == -inf);
  CHECK(fg::fuse([](auto x) { return fg::sum(x); })(none) == 0);
  CHECK(fg::fuse([](auto x) { return fg::prod(x); })(none) == 1);
  CHECK(fg::fuse([](auto x) { return fg::norm(x); })(none) == 0);
}

TEST_CASE("k equal extrema get 1/k each", "[ops]") {
  constexpr auto largest = [](auto x) { return fg::max(x); };
  constexpr auto smallest = [](auto x) { return fg::min(x); };
  CHECK(all_agree(gradient(largest, {1, 3, 2, 3, 3, 0}), {0, 1 / 3., 0, 1 / 3., 1 / 3., 0}));
  CHECK(all_agree(gradient(smallest, {1, 3, 1, 5}), {0.5, 0, 0.5, 0}));
  CHECK(all_agree(gradient(largest, {-inf, -inf}), {0.5, 0.5}));
  CHECK(fg::fuse(largest)(std::vector<int>{3, -7, 5}) == 5);
  CHECK(fg::fuse(smallest)(std::vector<std::int64_t>{3, -7, 5}) == -7);
  CHECK(std::isnan(value(largest, {1, NAN, 3})));
}

TEST_CASE("the derivative of a product is exact whichever elements are zero", "[ops]") {
  constexpr auto f = [](auto x) { return fg::prod(x); };
  CHECK(value(f, {2, 3, 5}) == 30);
  CHECK(all_agree(gradient(f, {2, 3, 5}), {15, 10, 6}));
  CHECK(all_agree(gradient(f, {2, 0, 5}), {0, 10, 0}));
  CHECK(all_agree(gradient(f, {2, 0, 0}), {0, 0, 0}));
  CHECK(all_agree(gradient(f, {0}), {1}));
  CHECK(all_agree(curvature(f, {2, 3, 5}, 0), {0, 5, 3}));
  CHECK(all_agree(curvature(f, {2, 0, 5}, 0), {0, 5, 0}));
  CHECK(all_agree(curvature(f, {2, 0, 5}, 1), {5, 0, 2}));
  CHECK(all_agree(curvature(f, {2, 0, 0}, 1), {0, 0, 2}));
  CHECK(all_agree(curvature(f, {2, 0, 0}, 0), {0, 0, 0}));
  CHECK(all_agree(curvature(f, {0, 0, 0}, 0), {0, 0, 0}));
}

TEST_CASE("norms have no slope at zero", "[ops]") {
  constexpr auto two = [](auto x) { return fg::norm(x); };
  constexpr auto one = [](auto x) { return fg::norm1(x); };
  constexpr auto largest = [](auto x) { return fg::norm_inf(x); };
  const std::vector<double> x{3, 0, -4};
  CHECK(value(two, x) == 5);
  CHECK(value(one, x) == 7);
  CHECK(value(largest, x) == 4);
  CHECK(all_agree(gradient(two, x), {0.6, 0, -0.8}));
  CHECK(all_agree(gradient(one, x), {1, 0, -1}));
  CHECK(all_agree(gradient(largest, x), {0, 0, -1}));
  CHECK(all_agree(gradient(two, {0, 0}), {0, 0}));
  CHECK(all_agree(curvature(two, x, 0), {0.128, 0, 0.096}));
}

TEST_CASE("variance and standard deviation", "[ops]") {
  constexpr auto var = [](auto x) { return fg::var(x); };
  constexpr auto sample = [](auto x) { return fg::var(x, 1); };
  constexpr auto deviation = [](auto x) { return fg::std(x); };
  const std::vector<double> x{1, 2, 4, 9};
  CHECK(value(var, x) == Approx(9.5));
  CHECK(value(sample, x) == Approx(38.0 / 3));
  CHECK(value(deviation, x) == Approx(std::sqrt(9.5)));
  CHECK(all_agree(gradient(var, x), {-1.5, -1, 0, 2.5}));
  CHECK(all_agree(curvature(var, x, 0), {0.375, -0.125, -0.125, -0.125}));
  CHECK(all_agree(gradient(deviation, {3, 3, 3}), {0, 0, 0}));
  CHECK(value(deviation, {3, 3, 3}) == 0);
}

TEST_CASE("the mean's derivative in a variance costs no reduction of its own", "[ops]") {
  constexpr auto f = fg::grad<0>([](auto x) { return fg::var(x); });
  CHECK(fg::plan<std::vector<double>>(f).kernels == 2);
}

TEST_CASE("logsumexp neither overflows nor makes NaN", "[ops]") {
  constexpr auto f = [](auto x) { return fg::logsumexp(x); };
  CHECK(value(f, {1000, 1000}) == Approx(1000 + std::log(2.0)));
  CHECK(fg::fuse(f)(std::vector<float>{-1000, -1001}) == Approx(-999.6867383f));
  CHECK(all_agree(gradient(f, {0, std::log(3.0)}), {0.25, 0.75}));
  CHECK(all_agree(gradient(f, {0, -inf}), {1, 0}));
  CHECK(all_agree(curvature(f, {0, std::log(3.0)}, 0), {0.1875, -0.1875}));
  CHECK(value(f, {-inf, -inf}) == -inf);
  CHECK(all_agree(gradient(f, {-inf, -inf}), {0, 0}));
  CHECK(value(f, {inf, 1}) == inf);
  CHECK(all_agree(gradient(f, {inf, 1, inf}), {0.5, 0, 0.5}));
}

TEST_CASE("reductions of a number are the number", "[ops]") {
  static_assert(fg::sum(2.5) == 2.5);
  static_assert(fg::mean(2.5) == 2.5);
  static_assert(fg::max(2.5) == 2.5);
  CHECK(fg::norm(-2.5) == 2.5);
  CHECK(fg::var(2.5) == 0);
  CHECK(fg::fuse([](auto x) { return fg::var(x); })(2.5) == 0);
  CHECK(fg::grad<0>([](auto x) { return fg::var(x); })(2.5) == 0);
  CHECK(fg::logsumexp(2.5) == 2.5);
}
