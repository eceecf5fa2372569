// All kinds of arguments and outputs give the same results: containers, C arrays, views of any strides, const or not.
#include <array>
#include <cmath>
#include <fusegrad/fusegrad.hpp>
#include <numeric>
#include <span>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto loss = [](auto x, auto t) { return fg::sum(fg::square(x - t) * x); };
constexpr auto program = fg::value_and_grad(loss);

double expected_value(const std::vector<double>& x, const std::vector<double>& t) {
  double total = 0;
  for (std::size_t i = 0; i < x.size(); ++i) total += (x[i] - t[i]) * (x[i] - t[i]) * x[i];
  return total;
}
double expected_slope(double x, double t) { return 2 * (x - t) * x + (x - t) * (x - t); }

}  // namespace

TEST_CASE("every kind of one-dimensional argument is accepted", "[api][arguments]") {
  std::vector<double> x{1, 2, 3, 4, 5}, t{5, 3, 1, 0, 2};
  const double expected = expected_value(x, t);
  auto check = [&](const auto& a, const auto& b) {
    const auto [value, gradient] = program(a, b);
    CHECK(value == Approx(expected));
    for (int i = 0; i < 5; ++i)
      CHECK(gradient[i] == Approx(expected_slope(x[static_cast<std::size_t>(i)], t[static_cast<std::size_t>(i)])));
  };
  const std::array<double, 5> array{1, 2, 3, 4, 5};
  double c_array[]{1, 2, 3, 4, 5};
  const double constant_c_array[]{5, 3, 1, 0, 2};
  const fg::tensor<double> tensor{1, 2, 3, 4, 5};
  const double every_other[]{1, -9, 2, -9, 3, -9, 4, -9, 5};
  const double reversed[]{2, 0, 1, 3, 5};
  check(x, t);
  check(std::span(x), std::span<const double>(t));
  check(std::span<double, 5>(x), t);
  check(array, t);
  check(c_array, constant_c_array);
  check(tensor, t);
  check(fg::view<const double, 1>(array.data(), 5), t);
  check(fg::view<double, 1>(c_array, 5), t);
  check(fg::view<const double, 1>(every_other, {5}, {2}), t);
  check(tensor, fg::view<const double, 1>(reversed + 4, {5}, {-1}));
  check(fg::view<const double, 1>(every_other, {5}, {2}), fg::view<const double, 1>(reversed + 4, {5}, {-1}));
}

TEST_CASE("every kind of one-dimensional output is written to", "[api][into]") {
  const std::vector<float> x{1, 2, 3};
  const auto f = fg::fuse([](auto v) { return v * 2; });
  std::vector<float> vector(3);
  std::array<float, 3> array{};
  float c_array[3]{};
  fg::tensor<float> tensor(3);
  float strided[6]{-1, -1, -1, -1, -1, -1}, backward[3]{};
  f.into(vector)(x);
  f.into(array)(x);
  f.into(c_array)(x);
  f.into(tensor)(x);
  f.into(fg::view<float, 1>(strided, {3}, {2}))(x);
  f.into(fg::view<float, 1>(backward + 2, {3}, {-1}))(x);
  for (int i = 0; i < 3; ++i) {
    const float y = 2 * x[static_cast<std::size_t>(i)];
    CHECK(vector[static_cast<std::size_t>(i)] == y);
    CHECK(array[static_cast<std::size_t>(i)] == y);
    CHECK(c_array[i] == y);
    CHECK(tensor[i] == y);
    CHECK(strided[2 * i] == y);
    CHECK(strided[2 * i + 1] == -1);  // what lies between belongs to somebody else
    CHECK(backward[2 - i] == y);
  }
  std::vector<float> again(3);
  const std::span<float> span(again);
  f.into(span)(x);  // a constant span of mutable elements
  CHECK(again[2] == 6);
}

TEST_CASE("two-dimensional C arrays, tensors and views mix", "[api][arguments]") {
  const float matrix[2][3]{{1, 2, 3}, {4, 5, 6}};
  const float columns[]{1, 4, 2, 5, 3, 6};
  const fg::view<const float, 2> transposed(columns, {2, 3}, {1, 2});
  fg::tensor<float, 2> tensor({2, 3});
  std::iota(tensor.begin(), tensor.end(), 1.0f);
  const auto f = fg::fuse([](auto a, auto b, auto c) { return a * 100 + b * 10 + c; });
  const auto r = f(matrix, transposed, tensor);
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 3; ++j) CHECK(r(i, j) == 111 * matrix[i][j]);
  float out[2][3]{};
  f.into(out)(matrix, transposed, tensor);
  CHECK(out[1][2] == 666);
  float back[6]{};
  f.into(fg::view<float, 2>(back, {2, 3}, {1, 2}))(matrix, transposed, tensor);
  CHECK(back[1] == 444);
  CHECK(back[4] == 333);
}

TEST_CASE("strided arrays of many elements cross blocks in the right place", "[api][arguments]") {
  // rank 3, permuted, padded and reversed, more elements than one block
  const std::ptrdiff_t a = 7, b = 31, c = 23, n = a * b * c;
  std::vector<float> storage(static_cast<std::size_t>(2 * n)), plain(static_cast<std::size_t>(n));
  const fg::view<float, 3> permuted(storage.data(), {a, b, c}, {2, 2 * a, 2 * a * b});
  const fg::view<float, 3> reversed(storage.data() + 2 * n - 1, {a, b, c}, {-b * c * 2, -c * 2, -2});
  fg::tensor<float, 3> input({a, b, c}), result({a, b, c});
  std::iota(input.begin(), input.end(), 0.0f);
  fg::fuse([](auto x) { return x + 1; }).into(permuted)(input);
  for (std::ptrdiff_t i = 0; i < a; ++i)
    for (std::ptrdiff_t j = 0; j < b; ++j)
      for (std::ptrdiff_t k = 0; k < c; ++k) REQUIRE(permuted(i, j, k) == input(i, j, k) + 1);
  const auto total = fg::fuse([](auto x, auto y) { return fg::outputs(fg::sum(x), x - y); });
  float sum = 0;
  total.into(sum, result)(permuted, input);
  CHECK(sum == static_cast<float>(static_cast<double>(n) * static_cast<double>(n + 1) / 2));
  for (float d : result) REQUIRE(d == 1);
  fg::fuse([](auto x) { return -x; }).into(reversed)(input);
  REQUIRE(reversed(a - 1, b - 1, c - 1) == -static_cast<float>(n - 1));
  REQUIRE(reversed(0, 0, 0) == 0);
  REQUIRE(reversed(3, 4, 5) == -input(3, 4, 5));
}

TEST_CASE("one element with a zero stride stands for all", "[api][arguments]") {
  const double one = 2.5;
  const std::vector<double> x(3000, 2.0);
  const fg::view<const double, 1> same(&one, {3000}, {0});
  CHECK(fg::fuse([](auto a, auto b) { return fg::sum(a * b); })(x, same) == 15000);
}

TEST_CASE("outputs come in the order value, gradients", "[api][into]") {
  const std::vector<double> x{1, 2}, t{3, 5};
  double value = 0, ds = 0;
  std::vector<double> dt(2), dx(2);
  fg::value_and_grad<1, 2, 0>([](auto a, auto b, auto s) {
    return fg::sum(a * b * s);
  }).into(value, dt, ds, dx)(x, t, 2.0);
  CHECK(value == 26);
  CHECK(dt[1] == 4);
  CHECK(ds == 13);
  CHECK(dx[0] == 6);
}

TEST_CASE("into and on combine in either order", "[api][into]") {
  const std::vector<float> x{1, 2, 3};
  std::vector<float> a(3), b(3);
  const auto f = fg::fuse([](auto v) { return v * v; });
  f.into(a).on(fg::par)(x);
  f.on(fg::seq).into(b)(x);
  CHECK(a[2] == 9);
  CHECK(b == a);
  CHECK(f.on(fg::par)(x)[1] == 4);
}

TEST_CASE("a call keeps the function that it was made of", "[api][into]") {
  const std::vector<double> x{1, 2, 3};
  std::vector<double> out(3);
  const double k = 10;
  const auto call = fg::fuse([k](auto v) { return v * k; }).into(out);  // the fused function is gone after this line
  const auto parallel = fg::grad([k](auto v) { return fg::sum(v * v * k); }).on(fg::par);
  call(x);
  CHECK(out[2] == 30);
  CHECK(parallel(x)[1] == 40);
}

TEST_CASE("an output may be an input of the same elements", "[api][into]") {
  std::vector<float> x(1000), y(1000, 2.0f);
  std::iota(x.begin(), x.end(), 0.0f);
  fg::fuse([](auto a, auto b) { return a * b + 1; }).into(x)(x, y);
  CHECK(x[999] == 1999);
  // a gradient step in place: its loop is the last to read the argument
  std::vector<float> w{1, 2, 3};
  fg::fuse([](auto v) { return v - 0.5 * fg::grad([](auto u) { return u * u; })(v); }).into(w)(w);
  CHECK(w[2] == 0);
  // in the last of two loops
  std::vector<double> z{1, 3};
  fg::fuse([](auto v) { return v / fg::sum(v); }).into(z)(z);
  CHECK(z[1] == 0.75);
}

TEST_CASE("a view that goes with the line is kept, what it views is written to", "[api][into]") {
  const std::vector<float> x{1, 2, 3};
  std::vector<float> y(3), z(6);
  const auto call = fg::fuse([](auto v) { return v * 2; }).into(fg::view<float, 1>(y.data(), 3));
  const auto other = fg::fuse([](auto v) { return v * 3; }).on(fg::par).into(std::span(z).subspan(1, 3));
  call(x);
  other(x);
  CHECK(y[2] == 6);
  CHECK(z == std::vector<float>{0, 3, 6, 9, 0, 0});
}
