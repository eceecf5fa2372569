// Rows of every length around the widths of vectors, few and many of them, against plain loops; and that threads do not
// change a bit.
#include "arrays.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

using extent = std::ptrdiff_t;

constexpr auto row_loss = [](auto x, auto bias) { return fg::logsumexp(x + bias, fg::axis<-1>); };
constexpr auto column_loss = [](auto x, auto scale) { return fg::sum(fg::square(x) * scale, fg::axis<0>); };
constexpr auto middle_loss = [](auto x, auto shift) {
  return fg::sum(fg::exp(x - fg::unsqueeze(shift, fg::axis<-1>)), fg::axis<1>);
};
constexpr auto norm_loss = [](auto x, auto gamma) {
  const auto d = x - fg::mean(x, fg::axis<-1>, fg::keepdims);
  return d * fg::rsqrt(fg::mean(d * d, fg::axis<-1>, fg::keepdims) + 0.01) * gamma;
};

template <class T>
double at(const fg::tensor<T, 1>& a, extent i) {
  return static_cast<double>(a[i]);
}

/// Rows of logits: value, gradient of logits and of the bias that all rows share.
template <class T>
void check_rows(extent rows, extent columns) {
  CAPTURE(rows, columns, sizeof(T));
  const auto x = random<T, 2>({rows, columns}, 11);
  const auto bias = random<T, 1>({columns}, 12), w = random<T, 1>({rows}, 13);
  const auto [value, dx, dbias] = fg::vjp<0, 1>(row_loss)(x, bias, w);
  std::vector<long double> column_sums(static_cast<std::size_t>(columns));
  int wrong = 0;
  for (extent i = 0; i < rows; ++i) {
    long double sum = 0;
    for (extent j = 0; j < columns; ++j) sum += std::exp(static_cast<double>(x(i, j)) + at(bias, j));
    wrong += !near(value[i], std::log(sum), 16);
    for (extent j = 0; j < columns; ++j) {
      const long double p = at(w, i) * std::exp(static_cast<double>(x(i, j)) + at(bias, j)) / sum;
      wrong += !near(dx(i, j), p, 16);
      column_sums[static_cast<std::size_t>(j)] += p;
    }
  }
  for (extent j = 0; j < columns; ++j)
    wrong += !near(dbias[j], column_sums[static_cast<std::size_t>(j)], 16 + static_cast<double>(rows) / 4);
  CHECK(wrong == 0);
}

/// Sums of columns, and the gradient of a scale that all rows share.
template <class T>
void check_columns(extent rows, extent columns) {
  CAPTURE(rows, columns, sizeof(T));
  const auto x = random<T, 2>({rows, columns}, 21);
  const auto scale = random<T, 1>({columns}, 22), w = random<T, 1>({columns}, 23);
  const auto [value, dx, dscale] = fg::vjp<0, 1>(column_loss)(x, scale, w);
  int wrong = 0;
  for (extent j = 0; j < columns; ++j) {
    long double sum = 0;
    for (extent i = 0; i < rows; ++i) {
      const double v = static_cast<double>(x(i, j));
      sum += v * v;
      wrong += !near(dx(i, j), 2 * v * at(scale, j) * at(w, j), 16);
    }
    wrong += !near(value[j], sum * at(scale, j), 32);
    wrong += !near(dscale[j], sum * at(w, j), 32);
  }
  CHECK(wrong == 0);
}

/// Sums along the middle axis, and the gradient of a shift that lacks the last axis.
template <class T>
void check_middle(extent a, extent b, extent c) {
  CAPTURE(a, b, c, sizeof(T));
  const auto x = random<T, 3>({a, b, c}, 31);
  const auto shift = random<T, 2>({a, b}, 32), w = random<T, 2>({a, c}, 33);
  const auto [value, dx, dshift] = fg::vjp<0, 1>(middle_loss)(x, shift, w);
  int wrong = 0;
  for (extent i = 0; i < a; ++i) {
    for (extent k = 0; k < c; ++k) {
      long double sum = 0;
      for (extent j = 0; j < b; ++j) {
        const double e = std::exp(static_cast<double>(x(i, j, k)) - static_cast<double>(shift(i, j)));
        sum += e;
        wrong += !near(dx(i, j, k), e * static_cast<double>(w(i, k)), 16);
      }
      wrong += !near(value(i, k), sum, 32);
    }
    for (extent j = 0; j < b; ++j) {
      long double sum = 0, size = 1;
      for (extent k = 0; k < c; ++k) {
        const double e = std::exp(static_cast<double>(x(i, j, k)) - static_cast<double>(shift(i, j)));
        sum -= e * static_cast<double>(w(i, k));
        size += std::abs(e * static_cast<double>(w(i, k)));
      }
      wrong += !(std::abs(static_cast<double>(dshift(i, j)) - sum) <=
                 32 * static_cast<double>(std::numeric_limits<T>::epsilon()) * size);
    }
  }
  CHECK(wrong == 0);
}

template <class A>
bool same_bits(const A& a, const A& b) {
  return a.shape() == b.shape() &&
         std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof a[0]) == 0;
}

template <class F, class... X>
void check_threads(F f, const X&... x) {
  const auto one = fg::vjp<0, 1>(f)(x...), all = fg::vjp<0, 1>(f).on(fg::par)(x...);
  CHECK(same_bits(get<0>(one), get<0>(all)));
  CHECK(same_bits(get<1>(one), get<1>(all)));
  CHECK(same_bits(get<2>(one), get<2>(all)));
}

const std::vector<extent> lengths{1,  2,   3,   4,   5,   6,   7,   8,   9,   10,  11,  12,   13,   14,  15,
                                  16, 17,  18,  19,  20,  21,  22,  23,  24,  25,  26,  27,   28,   29,  30,
                                  31, 32,  33,  34,  47,  48,  49,  63,  64,  65,  66,  71,   95,   96,  97,
                                  99, 127, 128, 129, 130, 200, 255, 256, 257, 511, 513, 1000, 1025, 4099};

}  // namespace

TEST_CASE("rows of every length around the widths of vectors", "[oracle][axes][extents]") {
  for (extent n : lengths)
    for (extent rows : {1, 2, 3, 5, 8}) {
      check_rows<double>(rows, n);
      check_rows<float>(rows, n);
    }
  for (extent rows : {100, 1000, 5000})
    for (extent n : {1, 2, 3, 7, 10, 16, 17}) {
      check_rows<double>(rows, n);
      check_rows<float>(rows, n);
    }
}

TEST_CASE("columns of every number around the widths of vectors", "[oracle][axes][extents]") {
  for (extent n : lengths)
    for (extent rows : {1, 2, 3, 7, 40}) {
      check_columns<double>(rows, n);
      check_columns<float>(rows, n);
    }
  for (extent rows : {300, 1000, 5000})
    for (extent n : {1, 2, 5, 8, 13, 33}) {
      check_columns<double>(rows, n);
      check_columns<float>(rows, n);
    }
}

TEST_CASE("middle axes of every length around the widths of vectors", "[oracle][axes][extents]") {
  for (extent n : {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 65, 130})
    for (extent m : {1, 2, 5, 8, 17, 70}) {
      check_middle<double>(3, m, n);
      check_middle<double>(1, n, m);
      check_middle<double>(n, 2, m);
    }
}

TEST_CASE("one row and one column of very many elements", "[oracle][axes][extents]") {
  check_rows<double>(1, 300'000);
  check_rows<float>(2, 100'001);
  check_columns<double>(300'001, 1);
  check_columns<float>(100'001, 2);
  check_middle<double>(1, 2, 100'003);
  check_middle<double>(1, 100'003, 1);
}

TEST_CASE("threads do not change a bit of rows, columns and broadcast gradients", "[oracle][axes][extents]") {
  for (auto [rows, columns] :
       {std::pair<extent, extent>{1, 100'000}, {2, 40'001}, {3000, 33}, {50'000, 3}, {100'000, 1}, {257, 513}}) {
    CAPTURE(rows, columns);
    const auto x = random<float, 2>({rows, columns}, 41);
    const auto by_column = random<float, 1>({columns}, 42), by_row = random<float, 1>({rows}, 43);
    check_threads(row_loss, x, by_column, by_row);
    check_threads(column_loss, x, by_column, by_column);
    check_threads(norm_loss, x, by_column, random<float, 2>({rows, columns}, 44));
  }
}
