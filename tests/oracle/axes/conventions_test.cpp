// The conventions along axes: ties, infinite rows, zero rows, constant rows.
#include "arrays.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;
using oracle::elements, oracle::elements_of;

namespace {

using doubles = std::vector<double>;

/// {value, gradient} of a function of rows, for the cotangent w.
template <class F, class W>
auto pulled(F f, const fg::tensor<double, 2>& x, const W& w) {
  const auto both = oracle::run(fg::vjp<0>(f), x, w);
  return std::pair(get<0>(both), get<1>(both));
}
/// {value, tangent} along t.
template <class F>
auto pushed(F f, const fg::tensor<double, 2>& x, const fg::tensor<double, 2>& t) {
  const auto both = oracle::run(fg::jvp<0>(f), x, t);
  return std::pair(get<0>(both), get<1>(both));
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
  auto [value, gradient] = pulled(largest, x, doubles{1, 6, 5});
  CHECK(holds(value, {3, 2, 3}));
  CHECK(holds(gradient, {0, 0.5, 0.5, 2, 2, 2, 5, 0, 0}));
  CHECK(holds(get<1>(pushed(largest, x, t)), {3, 6, 5}));

  auto [low, low_gradient] = pulled(smallest, matrix({{1, 3, 3}, {1, 2, 3}}), doubles{1, 6, 5});
  CHECK(holds(low, {1, 2, 3}));
  CHECK(holds(low_gradient, {0.5, 0, 2.5, 0.5, 6, 2.5}));

  auto [far, far_gradient] = pulled(magnitude, x, doubles{1, 6, 4});
  CHECK(holds(far, {3, 2, 3}));
  CHECK(holds(far_gradient, {0, 0.5, 0.5, 2, 2, 2, 2, 0, -2}));
}

TEST_CASE("extrema of rows of equal infinities and of rows with a NaN", "[oracle][axes][edges]") {
  const auto x = matrix({{-inf, -inf}, {inf, 1}, {NAN, 1}, {1, NAN}});
  auto [value, gradient] = pulled(largest, x, doubles{1, 1, 1, 1});
  CHECK(holds(value, {-inf, inf, NAN, NAN}));
  CHECK(holds(fg::tensor<double, 1>{gradient[0], gradient[1], gradient[2], gradient[3]}, {0.5, 0.5, 1, 0}));
}

TEST_CASE("the first of equal extrema has the position", "[oracle][axes][edges]") {
  const auto x = matrix({{1, 3, 3}, {2, 2, 2}, {-1, -1, -2}});
  constexpr auto position = fg::fuse([](auto v) { return fg::argmax(v, fg::axis<-1>); });
  const auto last = position(x);
  static_assert(std::is_same_v<std::remove_const_t<decltype(last)>, fg::tensor<std::int64_t, 1>>);
  CHECK(elements_of(last) == doubles{1, 0, 0});
  CHECK(elements(fg::fuse([](auto v) { return fg::argmin(v, fg::axis<-1>); }), x) == doubles{0, 0, 2});
  CHECK(elements(fg::fuse([](auto v) { return fg::argmax(v, fg::axis<0>); }), x) == doubles{1, 0, 0});
  CHECK(elements(fg::fuse([](auto v) { return fg::argmax(v); }), x) == doubles{1});
  CHECK(elements(fg::fuse([](auto v) { return fg::argmin(v); }), x) == doubles{8});
  for (std::ptrdiff_t n : {1, 3, 8, 15, 64, 200}) {
    fg::tensor<double, 2> same({3, n});
    CHECK(elements_of(position(same)) == doubles{0, 0, 0});
    same(1, n - 1) = 1;
    same(2, n / 2) = 2;
    CHECK(elements_of(position(same)) == doubles{0, static_cast<double>(n - 1), static_cast<double>(n / 2)});
  }
}

TEST_CASE("logsumexp of a row of minus infinities is minus infinity without a slope", "[oracle][axes][edges]") {
  const auto x = matrix({{-inf, -inf, -inf}, {0, -inf, 0}, {-inf, 5, -inf}, {1, 2, 3}});
  auto [value, gradient] = pulled(log_sum, x, doubles{1, 2, 3, 0});
  CHECK(holds(value, {-inf, std::log(2.0), 5, 3.4076059644443806}));
  CHECK(holds(gradient, {0, 0, 0, 1, 0, 1, 0, 3, 0, 0, 0, 0}));
  const auto t = matrix({{1, 2, 3}, {1, 2, 5}, {7, 8, 9}, {1, 1, 1}});
  CHECK(holds(get<1>(pushed(log_sum, x, t)), {0, 3, 8, 1}));
}

TEST_CASE("softmax of a row of minus infinities is zero without a slope", "[oracle][axes][edges]") {
  const auto x = matrix({{-inf, -inf}, {0, -inf}, {0, 0}, {1000, -1000}});
  const auto w = matrix({{1, 2}, {3, 4}, {1, 3}, {1, 2}});
  auto [value, gradient] = pulled(soft, x, w);
  CHECK(holds(value, {0, 0, 1, 0, 0.5, 0.5, 1, 0}));
  CHECK(holds(gradient, {0, 0, 0, 0, -0.5, 0.5, 0, 0}));
  auto [again, tangent] = pushed(soft, x, w);
  CHECK(holds(again, {0, 0, 1, 0, 0.5, 0.5, 1, 0}));
  CHECK(holds(tangent, {0, 0, 0, 0, -0.5, 0.5, 0, 0}));
}

TEST_CASE("softmax and logsumexp of large numbers do not overflow", "[oracle][axes][edges]") {
  const auto x = matrix<float>({{1000, 999, -1000}, {-1000, -1000, -1001}});
  constexpr auto all = [](auto v) {
    return fg::outputs(fg::softmax(v, fg::axis<-1>), fg::logsumexp(v, fg::axis<-1>), fg::log_softmax(v, fg::axis<-1>));
  };
  const auto [p, sums, logarithms] = fg::fuse(all)(x);
  CHECK(near(p(0, 0), 0.7310585786300049));
  CHECK(near(p(0, 1), 0.2689414213699951));
  CHECK(near(p(1, 2), 0.15536240349696362));
  CHECK(near(sums[0], 1000.3132616875182));
  CHECK(near(logarithms(0, 2), -2000.3132616875182));
}

TEST_CASE("zero rows have no norm, no direction and no slope", "[oracle][axes][edges]") {
  const auto x = matrix({{0, 0}, {3, -4}, {0, 5}});
  auto [value, gradient] = pulled(length, x, doubles{7, 5, 1});
  CHECK(holds(value, {0, 5, 5}));
  CHECK(holds(gradient, {0, 0, 3, -4, 0, 1}));
  CHECK(holds(get<1>(pushed(length, x, matrix({{1, 1}, {1, 1}, {1, 1}}))), {0, -0.2, 1}));

  const auto w = matrix({{1, 1}, {25, 0}, {5, 5}});
  auto [directions, slopes] = pulled(unit, x, w);
  CHECK(holds(directions, {0, 0, 0.6, -0.8, 0, 1}));
  CHECK(std::isfinite(slopes[0]));
  CHECK(holds(fg::tensor<double, 1>{slopes[2], slopes[3], slopes[4], slopes[5]}, {3.2, 2.4, 1, 0}));

  constexpr auto similar = [](auto u, auto v) { return fg::cosine_similarity(u, v, fg::axis<-1>); };
  CHECK(elements(fg::fuse(similar), x, matrix({{1, 1}, {-4, -3}, {0, 0}})) == doubles{0, 0, 0});
}

TEST_CASE("constant rows have no deviation and no slope", "[oracle][axes][edges]") {
  const auto x = matrix({{2, 2, 2}, {0, 3, 6}, {0, 0, 0}});
  auto [value, gradient] = pulled(deviation, x, doubles{5, 3, 1});
  CHECK(holds(value, {0, std::sqrt(6.0), 0}));
  CHECK(holds(gradient, {0, 0, 0, -std::sqrt(1.5), 0, std::sqrt(1.5), 0, 0, 0}));
  CHECK(holds(get<1>(pushed(deviation, x, matrix({{1, 2, 3}, {0, 0, 3}, {1, 2, 3}}))), {0, std::sqrt(1.5), 0}));
  CHECK(elements(fg::fuse([](auto v) { return fg::var(v, 1, fg::axis<-1>); }), x) == doubles{0, 9, 0});
}

TEST_CASE("the derivative of a row's product is exact whichever elements are zero", "[oracle][axes][edges]") {
  const auto x = matrix({{2, 3, 5}, {2, 0, 5}, {0, 0, 5}, {0, 0, 0}});
  auto [value, gradient] = pulled(product, x, doubles{1, 2, 3, 4});
  CHECK(holds(value, {30, 0, 0, 0}));
  CHECK(holds(gradient, {15, 10, 6, 0, 20, 0, 0, 0, 0, 0, 0, 0}));
}
