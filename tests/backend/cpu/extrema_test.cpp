// The largest and the smallest element of rows, of columns and of all: NaN wherever one is, the sign of zeros, empty
// lanes. Loops may gather NaN apart from numbers.
#include <cmath>
#include <cstdint>
#include <fusegrad/fusegrad.hpp>
#include <limits>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;

namespace {

template <class T>
bool same(T a, T b) {
  return (a != a && b != b) || (a == b && std::signbit(a) == std::signbit(b));
}

constexpr auto extrema = [](auto x) {
  return fg::outputs(fg::max(x, fg::axis<-1>), fg::min(x, fg::axis<-1>), fg::max(x, fg::axis<-2>),
                     fg::min(x, fg::axis<-2>), fg::max(x), fg::min(x));
};

template <class T>
struct table {
  std::ptrdiff_t n, m;
  std::vector<T> x;
  table(std::ptrdiff_t rows, std::ptrdiff_t columns)
      : n(rows), m(columns), x(static_cast<std::size_t>(rows * columns)) {
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<T>(static_cast<int>(i * 7919 % 1009)) - T(500.5);
  }
  T& at(std::ptrdiff_t i, std::ptrdiff_t j) { return x[static_cast<std::size_t>(i * m + j)]; }

  void check() {
    const auto [row_max, row_min, column_max, column_min, all_max, all_min] =
        fg::fuse(extrema)(fg::view<const T, 2>(x.data(), {n, m}));
    const T inf = std::numeric_limits<T>::infinity();
    T most = -inf, least = inf;
    bool rows = true, columns = true;
    for (std::ptrdiff_t i = 0; i < n; ++i) {
      T top = -inf, bottom = inf;
      for (std::ptrdiff_t j = 0; j < m; ++j) {
        top = fg::math::max(top, at(i, j));
        bottom = fg::math::min(bottom, at(i, j));
      }
      rows = rows && same(row_max.data()[i], top) && same(row_min.data()[i], bottom);
      most = fg::math::max(most, top);
      least = fg::math::min(least, bottom);
    }
    for (std::ptrdiff_t j = 0; j < m; ++j) {
      T top = -inf, bottom = inf;
      for (std::ptrdiff_t i = 0; i < n; ++i) {
        top = fg::math::max(top, at(i, j));
        bottom = fg::math::min(bottom, at(i, j));
      }
      columns = columns && same(column_max.data()[j], top) && same(column_min.data()[j], bottom);
    }
    CHECK(rows);
    CHECK(columns);
    CHECK(same<T>(all_max, most));
    CHECK(same<T>(all_min, least));
  }
};

}  // namespace

TEMPLATE_TEST_CASE("extrema are those of the elements one by one", "[backend][extrema]", float, double) {
  using T = TestType;
  const T special[] = {std::numeric_limits<T>::quiet_NaN(), -std::numeric_limits<T>::quiet_NaN(),
                       std::numeric_limits<T>::infinity(), -std::numeric_limits<T>::infinity()};
  for (std::ptrdiff_t n : {1, 3, 40})
    for (std::ptrdiff_t m : {1, 2, 15, 16, 17, 63, 64, 65, 100, 129, 200, 5000}) {
      INFO(n << " x " << m);
      table<T>(n, m).check();
      for (T value : special)
        for (std::ptrdiff_t j : {std::ptrdiff_t(0), m / 3, m / 2, m - 1}) {
          table<T> t(n, m);
          t.at(n / 2, j) = value;
          t.check();
        }
    }
}

TEMPLATE_TEST_CASE("+0 is larger than -0, in whichever order", "[backend][extrema]", float, double) {
  using T = TestType;
  for (std::ptrdiff_t n : {1, 40})
    for (std::ptrdiff_t m : {1, 2, 17, 64, 200}) {
      INFO(n << " x " << m);
      for (T sign : {T(1), T(-1)}) {
        table<T> t(n, m);
        for (T& e : t.x) e = sign * T(0);
        t.check();
        t.at(n / 2, m / 2) = -sign * T(0);
        t.check();
      }
    }
}
