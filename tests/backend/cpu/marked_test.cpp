// A position that equals a number of the row marks one element of it at most: loops that run as if there were none, and
// compute that element by itself, give what loops give that ask at every element. These cannot tell a range of one
// element from any other.
#include <cmath>
#include <cstdint>
#include <fusegrad/fusegrad.hpp>
#include <limits>
#include <random>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto marked = [](auto x, auto at) { return fg::index(x, fg::axis<-1>) == fg::unsqueeze(at, fg::axis<-1>); };
constexpr auto in_range = [](auto x, auto at) {
  const auto i = fg::index(x, fg::axis<-1>), j = fg::unsqueeze(at, fg::axis<-1>);
  return i >= j && i <= j;
};

// Each function is given how it asks for the element.
constexpr auto sums = [](auto hot, auto x, auto) {
  const auto lowest = -std::numeric_limits<double>::infinity();
  return fg::outputs(fg::sum(fg::where(hot, x, 0), fg::axis<-1>), fg::max(fg::where(hot, x, lowest), fg::axis<-1>),
                     fg::max(x, fg::axis<-1>), fg::sum(fg::where(hot, x * x, 0)), fg::sum(x));
};
constexpr auto arrays = [](auto hot, auto x, auto) {
  return fg::outputs(fg::where(hot, 2 * x, x), fg::where(hot, 0, x - 1), hot, x + 1);
};
constexpr auto every_element = [](auto hot, auto x, auto) {
  return fg::outputs(fg::sum(fg::where(hot, 3, x), fg::axis<-1>), fg::any(!hot, fg::axis<-1>),
                     fg::cumsum(fg::where(hot, x, 0)));
};
constexpr auto columns = [](auto hot, auto x, auto) {
  return fg::outputs(fg::sum(fg::where(hot, x, 0), fg::axis<-2>), fg::sum(fg::where(hot, x, 1)));
};
constexpr auto several_loops = [](auto hot, auto x, auto) {
  const auto e = fg::exp(fg::where(hot, x + 1, x) - fg::max(x, fg::axis<-1>, fg::keepdims));
  return fg::outputs(e / fg::sum(e, fg::axis<-1>, fg::keepdims), fg::sum(fg::where(hot, e, 0), fg::axis<-1>));
};
constexpr auto two_marks = [](auto hot, auto x, auto at) {
  const auto other = fg::index(x, fg::axis<-1>) == fg::unsqueeze(at + 1, fg::axis<-1>);
  return fg::outputs(fg::where(hot, 1, 0) * x + fg::where(other, x, 0), fg::sum(fg::where(other, x, 0), fg::axis<-1>),
                     fg::sum(fg::where(hot || other, x, 0), fg::axis<-1>));
};

constexpr std::ptrdiff_t rows = 7;

template <class T>
struct problem {
  std::ptrdiff_t columns;
  std::vector<float> x;
  std::vector<T> at;
  explicit problem(std::ptrdiff_t m) : columns(m), x(static_cast<std::size_t>(rows * m)) {
    std::mt19937 engine(static_cast<unsigned>(m));
    std::uniform_real_distribution<float> uniform(-2, 2);
    for (float& e : x) e = uniform(engine);
    const auto last = static_cast<T>(m - 1);
    at = {T(0), last, static_cast<T>(m / 2), static_cast<T>(m), T(-1), static_cast<T>(m / 3), static_cast<T>(m + 70)};
  }
  auto row_major() const { return fg::view<const float, 2>(x.data(), {rows, columns}); }
  auto column_major() const { return fg::view<const float, 2>(x.data(), {rows, columns}, {1, rows}); }
};

// sums may take elements in another order
bool same(float a, float b) { return a == b || std::abs(a - b) <= 1e-5f * (1 + std::abs(b)); }
template <class T>
bool same(T a, T b) {
  return a == b;
}
template <class T, int Rank>
bool same(const fg::tensor<T, Rank>& a, const fg::tensor<T, Rank>& b) {
  if (a.size() != b.size()) return false;
  for (std::ptrdiff_t i = 0; i < a.size(); ++i)
    if (!same(a.data()[i], b.data()[i])) return false;
  return true;
}

constexpr std::ptrdiff_t row_lengths[] = {1, 15, 16, 17, 63, 64, 100, 129, 1000, 4095, 4097, 10000};

template <class T, class F>
void check(F) {
  const auto by_mark = fg::fuse([](auto x, auto at) { return F{}(marked(x, at), x, at); });
  const auto by_range = fg::fuse([](auto x, auto at) { return F{}(in_range(x, at), x, at); });
  for (std::ptrdiff_t m : row_lengths) {
    INFO(m << " columns");
    const problem<T> p(m);
    auto compare = [&](const auto& x) {
      const auto a = by_mark(x, p.at);
      const auto b = by_range(x, p.at);
      [&]<std::size_t... I>(std::index_sequence<I...>) {
        (
            [&] {
              INFO("result " << I);
              CHECK(same(get<I>(a), get<I>(b)));
            }(),
            ...);
      }(std::make_index_sequence<std::tuple_size_v<std::remove_cvref_t<decltype(a)>>>{});
    };
    compare(p.row_major());
    compare(p.column_major());
  }
}

}  // namespace

TEST_CASE("a marked element is summed up alone", "[backend][marked]") {
  check<std::int32_t>(sums);
#if !defined(FUSEGRAD_ONE_TYPE)
  check<std::int64_t>(sums);
#endif
}
TEST_CASE("a marked element is written alone", "[backend][marked]") { check<std::int32_t>(arrays); }
TEST_CASE("what takes other elements too asks at each", "[backend][marked]") {
  check<std::int32_t>(every_element);
  check<std::int32_t>(columns);
}
TEST_CASE("a marked element is kept for further loops", "[backend][marked]") { check<std::int32_t>(several_loops); }
TEST_CASE("one of two marks is asked for at each element", "[backend][marked]") { check<std::int32_t>(two_marks); }

TEST_CASE("a marked element is computed from what the loop overwrites", "[backend][marked]") {
  const auto subtract = fg::fuse([](auto x, auto at) { return 3 * x - fg::where(marked(x, at), 1, 0); });
  for (std::ptrdiff_t m : row_lengths) {
    INFO(m << " columns");
    problem<std::int32_t> p(m);
    const auto wanted = subtract(p.row_major(), p.at);
    const fg::view<float, 2> in_place(p.x.data(), {rows, m});
    subtract.into(in_place)(in_place, p.at);
    bool equal = true;
    for (std::ptrdiff_t i = 0; i < rows * m; ++i) equal = equal && p.x[static_cast<std::size_t>(i)] == wanted.data()[i];
    CHECK(equal);
  }
}

TEST_CASE("one row is a row too", "[backend][marked]") {
  const auto pick = fg::fuse([](auto x, auto at) {
    const auto hot = fg::index(x, fg::axis<-1>) == at;
    return fg::outputs(fg::sum(fg::where(hot, x, 0)), fg::where(hot, -x, x), fg::max(x));
  });
  for (std::ptrdiff_t m : {1, 17, 100, 5000, 100'000}) {
    std::vector<double> x(static_cast<std::size_t>(m));
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = 1 + static_cast<double>(i);
    for (std::ptrdiff_t at : {std::ptrdiff_t(-1), std::ptrdiff_t(0), m / 2, m - 1, m}) {
      INFO("element " << at << " of " << m);
      const auto [picked, flipped, most] = pick(x, static_cast<int>(at));
      const bool inside = at >= 0 && at < m;
      CHECK(picked == (inside ? x[static_cast<std::size_t>(at)] : 0));
      CHECK(most == static_cast<double>(m));
      bool right = true;
      for (std::ptrdiff_t i = 0; i < m; ++i)
        right = right && flipped.data()[i] == (i == at ? -1 : 1) * x[static_cast<std::size_t>(i)];
      CHECK(right);
    }
  }
}

TEST_CASE("a label outside of the row spoils that row alone", "[backend][marked]") {
  const std::vector<float> x(2000, 1.0f);
  const std::vector<std::int32_t> at{1000, 999};
  const auto [loss, slope] = fg::value_and_grad<0>([](auto logits, auto labels) {
    return fg::cross_entropy(logits, labels);
  })(fg::view<const float, 2>(x.data(), {2, 1000}), at);
  CHECK(std::isnan(loss));
  for (std::ptrdiff_t i = 0; i < 1000; ++i) REQUIRE(std::isnan(slope.data()[i]));
  for (std::ptrdiff_t i = 1000; i < 1999; ++i) REQUIRE(slope.data()[i] == Approx(0.0005));
  CHECK(slope.data()[1999] == Approx(0.0005 - 0.5));
}
