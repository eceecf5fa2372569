// Bands: short rows, one a lane, give what each row alone gives, which is too few rows for a band.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <fusegrad/fusegrad.hpp>
#include <limits>
#include <random>
#include <vector>

#include "catch.hpp"
#include "loop_types.hpp"

namespace fg = fusegrad;

namespace {

template <class T>
struct table {
  std::ptrdiff_t n, m;
  std::vector<T> x;
  table(std::ptrdiff_t rows, std::ptrdiff_t columns, unsigned seed)
      : n(rows), m(columns), x(static_cast<std::size_t>(n * m)) {
    std::mt19937 engine(seed);
    std::uniform_real_distribution<double> uniform(-2, 2);
    for (T& e : x) e = static_cast<T>(uniform(engine));
  }
  auto all() const { return fg::view<const T, 2>(x.data(), {n, m}); }
  auto row(std::ptrdiff_t i) const { return fg::view<const T, 2>(x.data() + i * m, {1, m}); }
};
template <class T>
auto part(const std::vector<T>& v, std::ptrdiff_t i, std::ptrdiff_t n) {
  return fg::view<const T, 1>(v.data() + i, {n});
}
std::vector<std::int32_t> labels(std::ptrdiff_t n, std::ptrdiff_t m) {
  std::vector<std::int32_t> made(static_cast<std::size_t>(n));
  for (std::size_t i = 0; i < made.size(); ++i)
    made[i] = static_cast<std::int32_t>((i * 7) % static_cast<std::size_t>(m));
  return made;
}

bool close(double a, double b, double scale = 1) {
  return (std::isnan(a) && std::isnan(b)) || a == b || std::abs(a - b) <= 1e-5 * (scale + std::abs(b));
}

constexpr std::ptrdiff_t row_counts[] = {16, 17, 31, 64, 300},
                         column_counts[] = {1, 2, 3, 4, 5, 7, 10, 16, 30, 127, 128, 129};

template <class F>
void each_shape(F f) {
  for (std::ptrdiff_t n : row_counts)
    for (std::ptrdiff_t m : column_counts) {
      INFO(n << " x " << m);
      f(n, m);
    }
}

}  // namespace

TEST_CASE("a band's softmax and its gradient are those of its rows", "[backend][band]") {
  each_shape([](std::ptrdiff_t n, std::ptrdiff_t m) {
    const table<float> x(n, m, 1);
    const auto label = labels(n, m);
    const auto loss = fg::value_and_grad<0>([](auto a, auto l) { return fg::cross_entropy(a, l); });
    const auto [value, dx] = loss(x.all(), part(label, 0, n));
    double mean = 0;
    bool right = true;
    for (std::ptrdiff_t i = 0; i < n; ++i) {
      const auto [row_value, row_dx] = loss(x.row(i), part(label, i, 1));
      mean += static_cast<double>(row_value) / static_cast<double>(n);
      for (std::ptrdiff_t j = 0; j < m; ++j) right = right && close(dx(i, j) * static_cast<float>(n), row_dx(0, j));
    }
    CHECK(right);
    CHECK(close(value, mean));
  });
}

TEMPLATE_LIST_TEST_CASE("a band's layer norm and its gradients are those of its rows", "[backend][band]", loop_types) {
  each_shape([](std::ptrdiff_t n, std::ptrdiff_t m) {
    const table<TestType> x(n, m, 2), dy(n, m, 3), gamma(1, m, 4), beta(1, m, 5);
    const auto norm = fg::vjp<0, 1, 2>([](auto a, auto g, auto b) {
      auto centred = a - fg::mean(a, fg::axis<-1>, fg::keepdims);
      return centred * fg::rsqrt(fg::mean(fg::square(centred), fg::axis<-1>, fg::keepdims) + 0.1) * g + b;
    });
    const auto [y, dx, dgamma, dbeta] = norm(x.all(), part(gamma.x, 0, m), part(beta.x, 0, m), dy.all());
    std::vector<double> sum_gamma(static_cast<std::size_t>(m)), sum_beta(sum_gamma);
    bool right = true;
    for (std::ptrdiff_t i = 0; i < n; ++i) {
      const auto row = norm(x.row(i), part(gamma.x, 0, m), part(beta.x, 0, m), dy.row(i));
      for (std::ptrdiff_t j = 0; j < m; ++j) {
        right = right && close(y(i, j), get<0>(row)(0, j)) && close(dx(i, j), get<1>(row)(0, j), 10);
        sum_gamma[static_cast<std::size_t>(j)] += static_cast<double>(get<2>(row)[j]);
        sum_beta[static_cast<std::size_t>(j)] += static_cast<double>(get<3>(row)[j]);
      }
    }
    for (std::ptrdiff_t j = 0; j < m; ++j)
      right = right && close(dgamma[j], sum_gamma[static_cast<std::size_t>(j)], 20) &&
              close(dbeta[j], sum_beta[static_cast<std::size_t>(j)], 20);
    CHECK(right);
  });
}

TEST_CASE("a band's reductions of every kind and type are those of its rows", "[backend][band]") {
  each_shape([](std::ptrdiff_t n, std::ptrdiff_t m) {
    table<float> x(n, m, 6);
    table<std::int8_t> k(n, m, 7);
    if (n > 20 && m > 2) {
      x.x[static_cast<std::size_t>(2 * m + 1)] = std::numeric_limits<float>::quiet_NaN();
      x.x[static_cast<std::size_t>(5 * m)] = -std::numeric_limits<float>::infinity();
    }
    const auto all = fg::fuse([](auto a, auto b) {
      constexpr auto over = fg::axis<-1>;
      return fg::outputs(fg::max(a, over), fg::min(a, over), fg::prod(a, over), fg::sum(b, over),
                         fg::any(a > 1.5, over), fg::all(b < 2, over), fg::argmax(a, over), fg::logsumexp(a, over),
                         a > fg::mean(a, over, fg::keepdims), a * fg::index(a, fg::axis<0>) + fg::index(a, over),
                         fg::sum(a * a), fg::max(b));
    });
    const auto bands = all(x.all(), k.all());
    bool right = true;
    double squares = 0;
    int largest = -100;
    for (std::ptrdiff_t i = 0; i < n; ++i) {
      const auto row = all(x.row(i), k.row(i));
      right = right && close(get<0>(bands)[i], get<0>(row)[0]) && close(get<1>(bands)[i], get<1>(row)[0]) &&
              close(get<2>(bands)[i], get<2>(row)[0]) && get<3>(bands)[i] == get<3>(row)[0] &&
              get<4>(bands)[i] == get<4>(row)[0] && get<5>(bands)[i] == get<5>(row)[0] &&
              get<6>(bands)[i] == get<6>(row)[0] && close(get<7>(bands)[i], get<7>(row)[0]);
      for (std::ptrdiff_t j = 0; j < m; ++j) {
        const float e = x.all()(i, j);
        right = right && get<8>(bands)(i, j) == get<8>(row)(0, j) &&
                close(get<9>(bands)(i, j), e * static_cast<float>(i) + static_cast<float>(j));
      }
      squares += static_cast<double>(get<10>(row));
      largest = largest > get<11>(row) ? largest : get<11>(row);
    }
    CHECK(right);
    CHECK(close(get<10>(bands), squares));
    CHECK(get<11>(bands) == largest);
  });
}

TEST_CASE("bands reach the end of each outer row", "[backend][band]") {
  const std::ptrdiff_t a = 5, b = 19, c = 6;
  const table<float> x(a * b, c, 8), scale(a, 1, 9), offset(b, 1, 10);
  const auto f = fg::fuse([](auto t, auto s, auto o) {
    auto centred = t - fg::mean(t, fg::axis<-1>, fg::keepdims);
    return fg::outputs(centred * fg::unsqueeze(s, fg::axis<-1, -2>) + fg::unsqueeze(o, fg::axis<-1>),
                       fg::sum(t, fg::axis<-1>) * fg::unsqueeze(s, fg::axis<-1>));
  });
  const auto [y, sums] = f(fg::view<const float, 3>(x.x.data(), {a, b, c}), part(scale.x, 0, a), part(offset.x, 0, b));
  bool right = true;
  for (std::ptrdiff_t i = 0; i < a; ++i)
    for (std::ptrdiff_t j = 0; j < b; ++j) {
      double sum = 0;
      for (std::ptrdiff_t k = 0; k < c; ++k) sum += static_cast<double>(x.all()(i * b + j, k));
      right = right && close(sums(i, j), sum * static_cast<double>(scale.x[static_cast<std::size_t>(i)]));
      for (std::ptrdiff_t k = 0; k < c; ++k)
        right = right && close(y(i, j, k), (static_cast<double>(x.all()(i * b + j, k)) - sum / static_cast<double>(c)) *
                                                   static_cast<double>(scale.x[static_cast<std::size_t>(i)]) +
                                               static_cast<double>(offset.x[static_cast<std::size_t>(j)]));
    }
  CHECK(right);
}

TEST_CASE("large arrays of short rows are written around the caches", "[backend][band]") {
  const std::ptrdiff_t n = 400003, m = 10;
  const table<float> x(n, m, 11);
  fg::tensor<float, 2> y({n, m});
  fg::fuse([](auto a) { return a - fg::mean(a, fg::axis<-1>, fg::keepdims); }).into(y)(x.all());
  bool right = true;
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    double mean = 0;
    for (std::ptrdiff_t j = 0; j < m; ++j) mean += static_cast<double>(x.all()(i, j)) / static_cast<double>(m);
    for (std::ptrdiff_t j = 0; j < m; ++j) right = right && close(y(i, j), static_cast<double>(x.all()(i, j)) - mean);
  }
  CHECK(right);
}

TEST_CASE("what a band keeps for another kernel is that of its rows", "[backend][band]") {
  const std::ptrdiff_t n = 41, m = 8, classes = 10;
  const table<float> x(n, m, 12), w(classes, m, 13), b(1, classes, 14);
  const auto label = labels(n, classes);
  const auto step = fg::value_and_grad<1, 2>([](auto images, auto weights, auto bias, auto l) {
    return fg::cross_entropy(fg::sum(fg::unsqueeze(images, fg::axis<-2>) * weights, fg::axis<-1>) + bias, l);
  });
  const auto [value, dw, db] = step(x.all(), w.all(), part(b.x, 0, classes), part(label, 0, n));
  std::vector<double> sum_w(static_cast<std::size_t>(classes * m)), sum_b(static_cast<std::size_t>(classes));
  double mean = 0;
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    const auto row = step(x.row(i), w.all(), part(b.x, 0, classes), part(label, i, 1));
    mean += static_cast<double>(get<0>(row)) / static_cast<double>(n);
    for (std::ptrdiff_t k = 0; k < classes * m; ++k)
      sum_w[static_cast<std::size_t>(k)] += static_cast<double>(get<1>(row)[k]);
    for (std::ptrdiff_t k = 0; k < classes; ++k)
      sum_b[static_cast<std::size_t>(k)] += static_cast<double>(get<2>(row)[k]);
  }
  bool right = close(value, mean);
  for (std::ptrdiff_t k = 0; k < classes * m; ++k)
    right = right && close(dw[k] * static_cast<float>(n), sum_w[static_cast<std::size_t>(k)], 10);
  for (std::ptrdiff_t k = 0; k < classes; ++k)
    right = right && close(db[k] * static_cast<float>(n), sum_b[static_cast<std::size_t>(k)], 10);
  CHECK(right);
}

TEST_CASE("rows that begin between vectors are written around the caches", "[backend][rows]") {
  const std::ptrdiff_t n = 4001, m = 1001;
  const table<float> x(n, m, 15);
  fg::tensor<float, 2> y({n, m});
  fg::fuse([](auto a) { return a - fg::max(a, fg::axis<-1>, fg::keepdims); }).into(y)(x.all());
  bool right = true;
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    float largest = x.all()(i, 0);
    for (std::ptrdiff_t j = 0; j < m; ++j) largest = std::max(largest, x.all()(i, j));
    for (std::ptrdiff_t j = 0; j < m; ++j) right = right && y(i, j) == x.all()(i, j) - largest;
  }
  CHECK(right);
}
