// What comes out for what goes in: element types, ranks, shapes, several results.
#include <array>
#include <fusegrad/fusegrad.hpp>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;

namespace {

template <class T>
using element_of = std::remove_cvref_t<decltype(std::declval<T&>()[0])>;

using floats = std::array<float, 2>;
using doubles = std::array<double, 2>;
using ints = std::array<int, 2>;

/// What a call returns: its type, that of an array's elements, or these of several results.
template <class T>
struct flat : std::type_identity<T> {};
template <class T>
struct flat<fg::tensor<T, 1>> : std::type_identity<T[]> {};
template <class... T>
struct flat<fg::results<T...>> : std::type_identity<fg::results<typename flat<T>::type...>> {};
template <class T, class F, class... A>
constexpr bool gives(F f, const A&...) {
  return std::is_same_v<typename flat<std::remove_cvref_t<decltype(f(std::declval<const A&>()...))>>::type, T>;
}

constexpr auto product = [](auto x, auto y) { return x * y; };
constexpr auto cubic = [](auto x, auto y) { return x * x * y; };

}  // namespace

// an array's type decides over a number's, a number's over a literal's
static_assert(gives<float[]>(fg::fuse(product), floats{}, 2.0) && gives<int[]>(fg::fuse(product), ints{}, 2L));
static_assert(gives<float>(fg::fuse([](auto x) { return 2.5 * x; }), 2.0f));
static_assert(gives<double>(fg::fuse(product), 2.0f, 2.0) && gives<double[]>(fg::fuse(product), floats{}, doubles{}));
// floating types over integers, these over conditions
static_assert(gives<float[]>(fg::fuse(product), ints{}, 2.5f) && gives<float>(fg::fuse(product), 2.5f, 2L));
static_assert(gives<double[]>(fg::fuse([](auto x) { return x * 2.5; }), ints{}));
static_assert(gives<float[]>(fg::fuse([](auto x) { return (x > 0) * x; }), floats{}));
// quotients and functions of integers; unsigned beside int; sums
static_assert(gives<double[]>(fg::fuse([](auto x) { return x / 2; }), ints{}));
static_assert(gives<std::int64_t[]>(fg::fuse(product), std::array<unsigned, 2>{}, ints{}));
static_assert(gives<std::int64_t>(fg::fuse([](auto x) { return fg::sum(x); }), ints{}));
static_assert(gives<double>(fg::fuse([](auto x) { return fg::mean(x); }), ints{}));

// a gradient has the type of its argument, an entry of a Jacobian that of its result
static_assert(gives<fg::results<float, double>>(fg::grad<0, 1>(product), 2.0f, 3.0));
static_assert(gives<fg::results<double, double>>(fg::jacobian<0, 1>(product), 2.0f, 3.0));
static_assert(gives<fg::results<float[], double>>(fg::jacobian([](auto x, auto y) { return fg::outputs(x * y, x); }),
                                                  2.0, floats{}));
// one of a Hessian that of the argument that is named first, or of numbers beside arrays, of the result
static_assert(gives<fg::results<float, float, float, double>>(fg::hessian<0, 1>(cubic), 2.0f, 3.0));
static_assert(gives<fg::results<double, double, double, float>>(fg::hessian<1, 0>(cubic), 2.0f, 3.0));
static_assert(gives<float[]>(fg::hessian(cubic), 2.0, floats{}));

TEST_CASE("fuse returns a tensor for elementwise results and a number for reduced ones", "[api][fuse]") {
  const std::vector<float> x{1, 2, 3};
  const auto y = fg::fuse([](auto v) { return 2 * v + 1; })(x);
  static_assert(std::is_same_v<decltype(y), const fg::tensor<float, 1>>);
  CHECK(y.size() == 3);
  CHECK(y[2] == 7);
  const float total = fg::fuse([](auto v) { return fg::sum(v); })(x);
  CHECK(total == 6);
  const auto [a, b, c] = fg::fuse([](auto v) { return fg::outputs(v * v, fg::max(v), v > 1.5); })(x);
  static_assert(std::is_same_v<decltype(b), const float> && std::is_same_v<element_of<decltype(c)>, bool>);
  CHECK(a[2] == 9);
  CHECK(b == 3);
  CHECK((!c[0] && c[1] && c[2]));
}

TEST_CASE("float, double, integer and boolean arrays may be mixed", "[api][types]") {
  const std::vector<float> f{0.5f, 1.5f, 2.5f};
  const std::vector<double> d{1, 2, 3};
  const std::vector<int> i{1, -2, 3};
  const std::array<bool, 3> b{true, false, true};
  const std::vector<std::int8_t> narrow{-100, 50, 127};
  const std::vector<std::uint8_t> bytes{200, 100, 255};
  const std::vector<std::uint16_t> shorts{65535, 1, 2};
  const std::vector<long> longs{5000000000, -1, 2};
  const auto f_times_d = fg::fuse([](auto x, auto y) { return x * y; })(f, d);
  static_assert(std::is_same_v<element_of<decltype(f_times_d)>, double>);
  CHECK(f_times_d[2] == 7.5);
  const auto f_times_i = fg::fuse([](auto x, auto y) { return x * y; })(f, i);
  static_assert(std::is_same_v<element_of<decltype(f_times_i)>, float>);
  CHECK(f_times_i[1] == -3);
  const auto sums =
      fg::fuse([](auto x, auto y, auto z, auto w) { return x + y + z + w; })(narrow, bytes, shorts, longs);
  static_assert(std::is_same_v<element_of<decltype(sums)>, std::int64_t>);
  CHECK(sums[0] == 5000000000 + 65535 + 100);
  CHECK(sums[2] == 127 + 255 + 2 + 2);
  CHECK(fg::fuse([](auto x) { return fg::sum(x); })(bytes) == 555);
  CHECK(fg::fuse([](auto x) { return fg::mean(x); })(i) == Approx(2.0 / 3));
  const auto chosen = fg::fuse([](auto c, auto x, auto y) { return fg::where(c && x < 3, x, y); })(b, f, d);
  CHECK(chosen[0] == 0.5);
  CHECK(chosen[1] == 2);
  CHECK(chosen[2] == 2.5);
  const auto [value, df, dd] = fg::value_and_grad<0, 1>(
      [](auto x, auto y, auto n, auto c) { return fg::sum(fg::where(c, x * y * n, x)); })(f, d, i, b);
  static_assert(std::is_same_v<element_of<decltype(df)>, float> && std::is_same_v<element_of<decltype(dd)>, double>);
  CHECK(value == 0.5 + 1.5 + 22.5);
  CHECK(df[0] == 1);
  CHECK(df[1] == 1);
  CHECK(df[2] == 9);
  CHECK(dd[1] == 0);
  CHECK(dd[2] == 7.5);
}

TEST_CASE("rank 2 and rank 3 arrays keep their shape", "[api][rank]") {
  fg::tensor<float, 2> m({3, 5});
  for (std::ptrdiff_t i = 0; i < m.size(); ++i) m[i] = static_cast<float>(i);
  const auto [value, gradient] = fg::value_and_grad([](auto a) { return fg::sum(a * a); })(m);
  static_assert(std::is_same_v<decltype(gradient), const fg::tensor<float, 2>>);
  CHECK(gradient.shape() == fg::shape<2>{3, 5});
  CHECK(gradient(2, 4) == 28);
  CHECK(value == 14 * 15 * 29 / 6);
  fg::tensor<double, 3> c({2, 3, 4});
  for (std::ptrdiff_t i = 0; i < c.size(); ++i) c[i] = static_cast<double>(i);
  const auto r = fg::fuse([](auto a, auto s) { return a * s; })(c, 2);
  CHECK(r.shape() == fg::shape<3>{2, 3, 4});
  CHECK(r(1, 2, 3) == 46);
}

TEST_CASE("arrays without elements have results without elements, and sums of zero", "[api][empty]") {
  const std::vector<float> none;
  CHECK(fg::fuse([](auto x) { return x + 1; })(none).size() == 0);
  CHECK(fg::fuse([](auto x) { return fg::sum(x); })(none) == 0);
  CHECK(fg::fuse([](auto x) { return fg::prod(x); })(none) == 1);
  CHECK(fg::fuse([](auto x) { return fg::all(x > 0); })(none));
  CHECK_FALSE(fg::fuse([](auto x) { return fg::any(x > 0); })(none));
  const auto [value, dx, ds] = fg::value_and_grad<0, 1>([](auto x, auto s) { return fg::sum(x * s); })(none, 2.0f);
  CHECK(value == 0);
  CHECK(dx.size() == 0);
  CHECK(ds == 0);
  const auto y = fg::fuse([](auto x) { return fg::exp(x); })(fg::tensor<double, 2>({0, 4}));
  CHECK(y.shape() == fg::shape<2>{0, 4});
}
