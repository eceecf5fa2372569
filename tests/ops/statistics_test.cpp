// Statistics of integers, of operands that broadcast, of equal numbers and of numbers far from zero; rows with
// infinities; labels.
#include "slopes.hpp"

namespace fg = fusegrad;
using slopes::agrees;
using slopes::at;
using slopes::inf;
using slopes::quiet_nan;

namespace {

constexpr auto rows = fg::axis<-1>;
constexpr auto columns = fg::axis<0>;

/// The elements of a result, which are of type T.
template <class T = double, class R>
void check_all(const R& got, const std::vector<double>& want) {
  REQUIRE(static_cast<std::size_t>(got.size()) == want.size());
  for (std::size_t i = 0; i < want.size(); ++i) {
    CAPTURE(i, at<T>(got, i), want[i]);
    CHECK(agrees(at<T>(got, i), want[i]));
  }
}

template <class T>
fg::view<const T, 2> matrix(const std::vector<T>& x, std::ptrdiff_t n) {
  return {x.data(), {n, static_cast<std::ptrdiff_t>(x.size()) / n}};
}

}  // namespace

TEST_CASE("statistics of integers and conditions are floating-point numbers", "[ops][statistics]") {
  const std::vector<int> x{1, 2, 4, 50000, 100, 50000};
  const auto all = oracle::run(fg::fuse([](auto v) {
                                 return fg::outputs(fg::var(v), fg::std(v, 1), fg::var(v, rows), fg::var(v, columns),
                                                    fg::norm(v, rows), fg::normalize(v, rows),
                                                    fg::cosine_similarity(v, v), fg::var(v > 50));
                               }),
                               matrix(x, 2));
  CHECK(agrees(at<double>(get<0>(all), 0), 554962463.25));
  CHECK(agrees(at<double>(get<1>(all), 0), std::sqrt(554962463.25 * 6 / 5)));
  check_all(get<2>(all), {1.5555555555555556, 553335555.5555555556});
  check_all(get<3>(all), {624975000.25, 2401, 624900004});
  CHECK(agrees(at<double>(get<4>(all), 1), std::sqrt(5000010000.0)));
  CHECK(agrees(at<double>(get<5>(all), 3), 50000 / std::sqrt(5000010000.0)));
  CHECK(agrees(at<double>(get<6>(all), 0), 1));
  CHECK(agrees(at<double>(get<7>(all), 0), 0.25));
  const auto share = fg::fuse([](auto v) { return fg::var(v > 50); })(x);
  static_assert(std::is_same_v<std::remove_const_t<decltype(share)>, double>);
  CHECK(share == 0.25);
}

TEST_CASE("an operand that broadcasts counts as often as it is met", "[ops][statistics]") {
  const std::vector<double> ones(6, 1.0), three{1, 1, 1}, two{1, 1};
  constexpr auto f = [](auto x, auto y, auto z) {
    return fg::outputs(fg::cosine_similarity(x, y), fg::cosine_similarity(y, x, columns),
                       fg::cosine_similarity(x, 1, rows), fg::cosine_similarity(x, fg::unsqueeze(z, rows), rows),
                       fg::grad<1>([](auto u, auto v) { return fg::cosine_similarity(u, v); })(x, y));
  };
  const auto all = oracle::run(fg::fuse(f), matrix(ones, 2), three, two);
  CHECK(agrees(at<double>(get<0>(all), 0), 1));
  check_all(get<1>(all), {1, 1, 1});
  check_all(get<2>(all), {1, 1});
  check_all(get<3>(all), {1, 1});
  for (std::size_t k = 0; k < 3; ++k) CHECK(std::abs(at<double>(get<4>(all), k)) < 1e-15);
}

TEST_CASE("equal numbers deviate by nothing and have no slope, however their mean rounds", "[ops][statistics]") {
  const auto check = [](auto x, int n) {
    const auto [value, slope] = fg::value_and_grad<0>([](auto v) { return fg::std(v); })(std::vector(n, x));
    CHECK(value == 0);
    for (auto s : slope) CHECK(s == 0);
  };
  for (int n : {1, 3, 7, 100, 1000}) {
    check(0.1f, n);
    check(0.1, n);
  }
  check(34050628916015625.0, 7);
}

TEST_CASE("the variance of numbers far from zero keeps its digits", "[ops][statistics]") {
  const std::ptrdiff_t n = 100;
  std::vector<float> x;
  for (int i = 0; i < n; ++i) x.push_back(1e7f + static_cast<float>((i * 37) % n));
  double mean = 0, squares = 0;
  for (float v : x) mean += static_cast<double>(v) / n;
  for (float v : x) squares += (static_cast<double>(v) - mean) * (static_cast<double>(v) - mean);
  const auto [all, of_row] = fg::fuse([](auto v) { return fg::outputs(fg::var(v), fg::var(v, rows)); })(matrix(x, 1));
  CHECK(static_cast<double>(all) == Approx(squares / n).epsilon(1e-6));
  CHECK(static_cast<double>(of_row[0]) == Approx(squares / n).epsilon(1e-6));
}

TEST_CASE("variances of columns keep their digits in one pass over memory", "[ops][statistics]") {
  // more rows than are gathered in float at a time, the first one far off; columns of columns
  const auto check = [](auto like, double mean, double deviation, double first, double most) {
    using T = decltype(like);
    fg::tensor<T, 3> x({3, 301, 37});
    for (std::ptrdiff_t k = 0; k < x.size(); ++k)
      x.data()[k] = static_cast<T>(mean + deviation * std::sin(static_cast<double>(k * k % 9973)));
    for (std::ptrdiff_t k = 0; k < 37; ++k) x.data()[k] = static_cast<T>(mean + first);
    const auto of = [&](std::ptrdiff_t begin, std::ptrdiff_t step, std::ptrdiff_t n) {
      const auto element = [&](std::ptrdiff_t i) {
        return static_cast<long double>(x.data()[begin + i * step]) - static_cast<long double>(x.data()[begin]);
      };
      long double sum = 0, squares = 0;
      for (std::ptrdiff_t i = 0; i < n; ++i) sum += element(i);
      for (std::ptrdiff_t i = 0; i < n; ++i) squares += (element(i) - sum / n) * (element(i) - sum / n);
      return static_cast<double>(squares / n);
    };
    const auto var = fg::fuse([](auto v) { return fg::var(v, fg::axis<0>); });
    const auto middle = fg::fuse([](auto v) { return fg::var(v, fg::axis<1>); })(x);
    const auto of_columns = var(fg::view<const T, 2>(x.data(), {903, 37}));
    const auto outer = var(x);
    double worst = 0;
    const auto compare = [&worst](T got, double exact) {
      worst = std::max(worst, std::abs(static_cast<double>(got) / exact - 1));
    };
    for (std::ptrdiff_t k = 0; k < 37; ++k) {
      compare(of_columns[k], of(k, 37, 903));
      for (std::ptrdiff_t i = 0; i < 3; ++i) compare(middle(i, k), of(i * 301 * 37 + k, 37, 301));
    }
    for (std::ptrdiff_t k = 0; k < 301 * 37; ++k) compare(outer.data()[k], of(k, 301 * 37, 3));
    CHECK(worst / most <= 1);
  };
  check(0.0f, 1e6, 10, 3, 2e-6);
  check(0.0f, 0, 1, 1e5, 2e-6);
  check(0.0f, -1e4, 1, 0, 2e-6);
  check(0.0, 1e12, 10, -1e4, 1e-13);
  CHECK(fg::fuse([](auto v) { return fg::var(v, columns); })(matrix(std::vector<float>(2000, 0.1f), 1000))[1] == 0);
}

TEST_CASE("squares of norms and of magnitudes are curved at 0", "[ops][statistics]") {
  constexpr auto f = fg::hvp<0>([](auto x) { return fg::square(fg::norm(x)); });
  check_all(get<1>(oracle::run(fg::fuse([=](auto x, auto v) { return fg::outputs(fg::norm(x), f(x, v)); }),
                               std::vector<double>{0, 0}, std::vector<double>{1, 2})),
            {2, 4});
  CHECK(fg::grad(fg::grad([](auto x) { return fg::square(fg::abs(x)); }))(0.0) == 2);
}

TEST_CASE("softmax and its kin take their limits in rows with infinities", "[ops][statistics]") {
  const std::vector<float> x{INFINITY, 5, 900, -INFINITY, -INFINITY, -INFINITY, 0, INFINITY, INFINITY};
  constexpr auto f = [](auto v) {
    return fg::outputs(fg::softmax(v, rows), fg::log_softmax(v, rows), fg::logsumexp(v, rows),
                       fg::grad<0>([](auto u) { return fg::sum(fg::logsumexp(u, rows)); })(v), fg::grad<0>([](auto u) {
                         return fg::sum(fg::where(fg::isinf(u), fg::log_softmax(u, rows), 0));
                       })(v));
  };
  const auto all = oracle::run(fg::fuse(f), matrix(x, 3));
  const double log2 = std::log(2.0);
  check_all<float>(get<0>(all), {1, 0, 0, 0, 0, 0, 0, 0.5, 0.5});
  check_all<float>(get<1>(all), {0, -inf, -inf, -inf, -inf, -inf, -inf, -log2, -log2});
  check_all<float>(get<2>(all), {inf, -inf, inf});
  check_all<float>(get<3>(all), {1, 0, 0, 0, 0, 0, 0, 0.5, 0.5});
  check_all<float>(get<4>(all), {0, 0, 0, 0, 0, 0, 0, 0, 0});
}

TEST_CASE("a logarithm of softmax loses nothing to the size of the logits", "[ops][statistics]") {
  const std::vector<float> x{1e5f, 1e5f - 1, 1e5f - 10};
  const double exact = -std::log(1 + std::exp(-1.0) + std::exp(-10.0));
  constexpr auto f = [](auto v) { return fg::outputs(fg::log_softmax(v, rows), fg::cross_entropy(v, 0)); };
  const auto all = oracle::run(fg::fuse(f), x);
  CHECK(agrees(at<float>(get<0>(all), 0), exact));
  CHECK(agrees(at<float>(get<1>(all), 0), -exact));
}

TEST_CASE("a label that names no class spoils its row, in any type", "[ops][statistics]") {
  const std::vector<double> z{1, 2, 3, 0, -1, 4, 2, 2, 1};
  constexpr auto f = fg::value_and_grad<0>([](auto x, auto y) { return fg::cross_entropy(x, y); });
  const auto check = [&](const auto& labels) {
    const auto all = oracle::run(f, matrix(z, 3), labels);
    CHECK(std::isnan(at<double>(get<0>(all), 0)));
    for (std::size_t i = 0; i < z.size(); ++i) CHECK(std::isnan(at<double>(get<1>(all), i)) == (i / 3 == 1));
  };
  for (int wrong : {3, -1, -100}) check(std::vector<int>{0, wrong, 1});
  for (double wrong : {3.0, -1.0, 0.5, quiet_nan}) check(std::vector<double>{0, wrong, 1});
  const double of_rows[] = {std::log(1 + std::exp(1.0) + std::exp(2.0)), std::log(1 + std::exp(-4.0) + std::exp(-5.0)),
                            std::log(2 + std::exp(-1.0))};
  const double right = (of_rows[0] + of_rows[1] + of_rows[2]) / 3;
  const auto loss = [&](const auto& labels) { return at<double>(get<0>(oracle::run(f, matrix(z, 3), labels)), 0); };
  CHECK(agrees(loss(std::vector<int>{0, 2, 1}), right));
  CHECK(agrees(loss(std::vector<double>{0, 2, 1}), right));
  constexpr auto ignoring = fg::vjp<0>([](auto x, auto y) { return fg::cross_entropy(x, y, fg::ignore_index(-1)); });
  const auto all = oracle::run(ignoring, matrix(z, 3), std::vector<int>{0, -1, 1}, 1.0);
  for (std::size_t i = 0; i < z.size(); ++i) CHECK(std::isfinite(at<double>(get<1>(all), i)));
}

TEST_CASE("a class that is not wanted may be impossible", "[ops][statistics]") {
  const std::vector<double> z{-inf, 0, 1}, wanted{0, 1, 0};
  constexpr auto f = fg::value_and_grad<0>([](auto x, auto y) { return fg::cross_entropy(x, y); });
  const auto all = oracle::run(f, matrix(z, 1), matrix(wanted, 1));
  CHECK(agrees(at<double>(get<0>(all), 0), 1.3132616875182228));
  check_all(get<1>(all), {0, -0.7310585786300049, 0.7310585786300049});
}
