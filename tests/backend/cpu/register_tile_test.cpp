// Products of matrices as users write them, sums of broadcast products: register tiles, their edges, and what happens
// where a condition does not hold for all of their rows. Against loops in double.
#include <cmath>
#include <fusegrad/fusegrad.hpp>
#include <limits>
#include <random>
#include <vector>

#include "catch.hpp"
#include "loop_types.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto logits = [](auto x, auto w, auto b) {
  return fg::sum(fg::unsqueeze(x, fg::axis<-2>) * w, fg::axis<-1>) + b;
};
constexpr auto layer = [](auto x, auto w, auto b) { return fg::tanh(logits(x, w, b)); };
constexpr auto loss = [](auto x, auto label, auto w, auto b) { return fg::cross_entropy(logits(x, w, b), label); };

template <class T, int R>
fg::tensor<T, R> random(const fg::shape<R>& extents, unsigned seed) {
  fg::tensor<T, R> x(extents);
  std::mt19937 bits(seed);
  for (std::ptrdiff_t i = 0; i < x.size(); ++i) x[i] = static_cast<T>(bits() % 2001) / 1000 - 1;
  return x;
}

struct shape_of_product {
  std::ptrdiff_t rows, outputs, inputs;
};
// below, at and beyond vectors of rows, tiles and several groups of them
constexpr shape_of_product shapes[] = {{15, 3, 7},     {16, 5, 16},  {17, 4, 33},   {64, 10, 64},   {65, 11, 31},
                                       {100, 1, 1},    {129, 6, 77}, {333, 64, 64}, {600, 10, 128}, {70, 3, 129},
                                       {2048, 7, 100}, {40, 0, 5},   {40, 5, 0}};

template <class T>
void check_layer(const shape_of_product& n) {
  CAPTURE(n.rows, n.outputs, n.inputs, sizeof(T));
  const auto x = random<T, 2>({n.rows, n.inputs}, 1), w = random<T, 2>({n.outputs, n.inputs}, 2);
  const auto b = random<T, 1>({n.outputs}, 3);
  const auto y = fg::fuse(layer)(x, w, b);
  double error = 0;
  for (std::ptrdiff_t k = 0; k < n.rows; ++k)
    for (std::ptrdiff_t j = 0; j < n.outputs; ++j) {
      double z = b[j];
      for (std::ptrdiff_t i = 0; i < n.inputs; ++i) z += double{x(k, i)} * double{w(j, i)};
      error = std::max(error, std::abs(double{y(k, j)} - std::tanh(z)));
    }
  CHECK(error <= 40 * double{std::numeric_limits<T>::epsilon()});
}

template <class T>
void check_gradient(const shape_of_product& n) {
  CAPTURE(n.rows, n.outputs, n.inputs, sizeof(T));
  const auto x = random<T, 2>({n.rows, n.inputs}, 4), w = random<T, 2>({n.outputs, n.inputs}, 5);
  const auto b = random<T, 1>({n.outputs}, 6);
  fg::tensor<int> label(n.rows);
  for (std::ptrdiff_t k = 0; k < n.rows; ++k) label[k] = static_cast<int>((k * 5 + 2) % n.outputs);
  const auto [value, dw, db] = fg::value_and_grad<2, 3>(loss)(x, label, w, b);
  const auto [again, dw_of_threads, db_of_threads] = fg::value_and_grad<2, 3>(loss).on(fg::par)(x, label, w, b);

  const auto size = static_cast<std::size_t>(n.outputs * n.inputs);
  std::vector<double> slopes(size), z(static_cast<std::size_t>(n.outputs));
  double total = 0;
  for (std::ptrdiff_t k = 0; k < n.rows; ++k) {
    double largest = -INFINITY, sum = 0;
    for (std::ptrdiff_t j = 0; j < n.outputs; ++j) {
      double& at = z[static_cast<std::size_t>(j)];
      at = b[j];
      for (std::ptrdiff_t i = 0; i < n.inputs; ++i) at += double{x(k, i)} * double{w(j, i)};
      largest = std::max(largest, at);
    }
    for (double at : z) sum += std::exp(at - largest);
    total += std::log(sum) + largest - z[static_cast<std::size_t>(label[k])];
    for (std::ptrdiff_t j = 0; j < n.outputs; ++j) {
      const double d = std::exp(z[static_cast<std::size_t>(j)] - largest) / sum - (j == label[k] ? 1 : 0);
      for (std::ptrdiff_t i = 0; i < n.inputs; ++i)
        slopes[static_cast<std::size_t>(j * n.inputs + i)] += d * double{x(k, i)} / static_cast<double>(n.rows);
    }
  }
  const double epsilon = double{std::numeric_limits<T>::epsilon()};
  CHECK(std::abs(double{value} - total / static_cast<double>(n.rows)) <= 20 * epsilon * (1 + std::abs(total)));
  double error = 0;
  bool same = value == again;
  for (std::size_t i = 0; i < size; ++i) {
    const auto at = static_cast<std::ptrdiff_t>(i);
    error = std::max(error, std::abs(double{dw[at]} - slopes[i]));
    same = same && dw[at] == dw_of_threads[at];
  }
  for (std::ptrdiff_t j = 0; j < n.outputs; ++j) same = same && db[j] == db_of_threads[j];
  CHECK(error <= 20 * epsilon);
  CHECK(same);
}

}  // namespace

TEST_CASE("a linear layer of any shape is that of a loop") {
  for (const shape_of_product& n : shapes) {
    for_each_loop_type([&n](auto zero) { check_layer<decltype(zero)>(n); });
  }
}

TEST_CASE("gradients of linear layers of any shape are those of a loop, and the same with threads") {
  for (const shape_of_product& n : shapes) {
    if (n.outputs == 0) continue;
    for_each_loop_type([&n](auto zero) { check_gradient<decltype(zero)>(n); });
  }
}

TEST_CASE("rows that a condition leaves out keep what is infinite or no number in them out of a product's gradient") {
  constexpr std::ptrdiff_t rows = 70, outputs = 7, inputs = 40;
  auto x = random<float, 2>({rows, inputs}, 7);
  const auto w = random<float, 2>({outputs, inputs}, 8);
  const auto chosen = [](auto x, auto keep, auto w) {
    return fg::sum(
        fg::where(fg::unsqueeze(keep, fg::axis<-1>), fg::sum(fg::unsqueeze(x, fg::axis<-2>) * w, fg::axis<-1>), 0));
  };
  fg::tensor<bool> keep(rows);
  for (std::ptrdiff_t k = 0; k < rows; ++k) keep[k] = k % 9 != 4;
  std::vector<double> slope(static_cast<std::size_t>(inputs));
  for (std::ptrdiff_t k = 0; k < rows; ++k)
    for (std::ptrdiff_t i = 0; i < inputs; ++i) {
      if (keep[k]) slope[static_cast<std::size_t>(i)] += double{x(k, i)};
      else x(k, i) = i % 2 == 0 ? INFINITY : NAN;
    }
  const auto dw = fg::grad<2>(chosen)(x, keep, w);
  double error = 0;
  bool finite = true;
  for (std::ptrdiff_t j = 0; j < outputs; ++j)
    for (std::ptrdiff_t i = 0; i < inputs; ++i) {
      finite = finite && std::isfinite(dw(j, i));
      error = std::max(error, std::abs(double{dw(j, i)} - slope[static_cast<std::size_t>(i)]));
    }
  CHECK(finite);
  CHECK(error <= 1e-5);
}

TEST_CASE("Hessian-vector products of a linear layer whose weights are transposed are slopes of its gradient") {
  constexpr auto regression = [](auto x, auto w, auto label) {
    return fg::cross_entropy(fg::sum(fg::unsqueeze(x, fg::axis<-1>) * w, fg::axis<1>), label);
  };
  constexpr std::ptrdiff_t rows = 70, inputs = 7, outputs = 5;
  const auto x = random<double, 2>({rows, inputs}, 9), w = random<double, 2>({inputs, outputs}, 10),
             v = random<double, 2>({inputs, outputs}, 11);
  fg::tensor<int> label(rows);
  for (std::ptrdiff_t k = 0; k < rows; ++k) label[k] = static_cast<int>(k * 3 % outputs);
  const auto product = fg::hvp<1>(regression)(x, w, label, v);
  const double step = 1e-5;
  auto above = w, below = w;
  for (std::ptrdiff_t i = 0; i < w.size(); ++i) above[i] += step * v[i], below[i] -= step * v[i];
  const auto slope_above = fg::grad<1>(regression)(x, above, label);
  const auto slope_below = fg::grad<1>(regression)(x, below, label);
  double error = 0, largest = 0;
  for (std::ptrdiff_t i = 0; i < w.size(); ++i) {
    error = std::max(error, std::abs(product[i] - (slope_above[i] - slope_below[i]) / (2 * step)));
    largest = std::max(largest, std::abs(product[i]));
  }
  CHECK(error <= 1e-8);
  CHECK(largest > 1e-3);
}
