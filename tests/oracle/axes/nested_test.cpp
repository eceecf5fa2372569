// Derivatives that stand inside functions of rows, against the same functions with the derivative written out; and
// inputs whose elements share memory, where calls are compiled.
#include "arrays.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;
using oracle::get;

namespace {

constexpr auto critic = [](auto x, auto w) { return fg::sum(fg::tanh(fg::sum(x * w, fg::axis<-1>))); };

/// The mean squared distance of the norm of the critic's slope from 1, for every row.
constexpr auto penalty = [](auto x, auto w) {
  const auto slope = fg::grad<0>(critic)(x, w);
  return fg::mean(fg::square(fg::norm(slope, fg::axis<-1>) - 1));
};
constexpr auto penalty_written_out = [](auto x, auto w) {
  const auto y = fg::tanh(fg::sum(x * w, fg::axis<-1>));
  return fg::mean(fg::square((1 - y * y) * fg::norm(w) - 1));
};

/// A row's softmax and how it changes when the logits move along their own softmax.
constexpr auto moving = [](auto x) {
  constexpr auto p = [](auto v) { return fg::softmax(v, fg::axis<-1>); };
  auto [value, tangent] = fg::jvp<0>(p)(x, fg::stop_gradient(p(x)));
  return fg::sum(value * tangent, fg::axis<-1>);
};
constexpr auto moving_written_out = [](auto x) {
  const auto p = fg::softmax(x, fg::axis<-1>), q = fg::stop_gradient(p);
  return fg::sum(p * p * (q - fg::sum(p * q, fg::axis<-1>, fg::keepdims)), fg::axis<-1>);
};

/// The gradient of a row loss with respect to what all rows share, reduced again.
constexpr auto shared = [](auto x, auto bias) {
  constexpr auto loss = [](auto v, auto b) { return fg::sum(fg::logsumexp(v + b, fg::axis<-1>)); };
  return fg::sum(fg::square(fg::grad<1>(loss)(x, bias)));
};
constexpr auto shared_written_out = [](auto x, auto bias) {
  return fg::sum(fg::square(fg::sum(fg::softmax(x + bias, fg::axis<-1>), fg::axis<0>)));
};

template <class A, class B>
void check_close(const A& got, const B& want) {
  if constexpr (std::is_arithmetic_v<A>) {
    CHECK(near(got, want, 64));
  } else {
    REQUIRE(got.shape() == want.shape());
    int wrong = 0;
    for (std::ptrdiff_t i = 0; i < got.size(); ++i) wrong += !near(got[i], want[i], 64);
    CHECK(wrong == 0);
  }
}

const std::vector<fg::shape<2>> shapes{{1, 1}, {3, 5}, {7, 4}, {4, 17}, {2, 33}, {70, 3}};

}  // namespace

TEST_CASE("a slope's norm in a loss of rows", "[oracle][axes][nested]") {
  for (const auto& shape : shapes) {
    CAPTURE(shape[0], shape[1]);
    const auto x = random<double, 2>(shape, 51);
    const auto w = random<double, 1>({shape[1]}, 52);
    const auto got = oracle::run(fg::value_and_grad<0, 1>(penalty), x, w);
    const auto want = oracle::run(fg::value_and_grad<0, 1>(penalty_written_out), x, w);
    check_close(get<0>(got), get<0>(want));
    check_close(get<1>(got), get<1>(want));
    check_close(get<2>(got), get<2>(want));
  }
}

TEST_CASE("a tangent of a softmax in a function of rows", "[oracle][axes][nested]") {
  for (const auto& shape : shapes) {
    CAPTURE(shape[0], shape[1]);
    const auto x = random<double, 2>(shape, 53);
    const auto w = random<double, 1>({shape[0]}, 54);
    const auto got = oracle::run(fg::vjp<0>(moving), x, w), want = oracle::run(fg::vjp<0>(moving_written_out), x, w);
    check_close(get<0>(got), get<0>(want));
    check_close(get<1>(got), get<1>(want));
  }
}

TEST_CASE("the gradient of a shared bias, reduced again", "[oracle][axes][nested]") {
  for (const auto& shape : shapes) {
    CAPTURE(shape[0], shape[1]);
    const auto x = random<double, 2>(shape, 55);
    const auto bias = random<double, 1>({shape[1]}, 56);
    const auto got = oracle::run(fg::value_and_grad<0, 1>(shared), x, bias);
    const auto want = oracle::run(fg::value_and_grad<0, 1>(shared_written_out), x, bias);
    check_close(get<0>(got), get<0>(want));
    check_close(get<1>(got), get<1>(want));
    check_close(get<2>(got), get<2>(want));
  }
}

TEST_CASE("inputs whose elements share memory", "[oracle][axes][nested]") {
  constexpr auto f = [](auto x, auto scale) { return fg::softmax(x * scale, fg::axis<-1>); };
  for (const auto& shape : shapes) {
    CAPTURE(shape[0], shape[1]);
    const auto row = random<double, 1>({shape[1]}, 57), scale = random<double, 1>({shape[1]}, 58);
    const auto w = random<double, 2>(shape, 59);
    const fg::view<const double, 2> repeated(row.data(), shape, {0, 1});
    fg::tensor<double, 2> copied(shape);
    for (std::ptrdiff_t i = 0; i < copied.size(); ++i) copied[i] = row[i % shape[1]];
    const auto got = fg::vjp<0, 1>(f)(repeated, scale, w), want = fg::vjp<0, 1>(f)(copied, scale, w);
    check_close(get<0>(got), get<0>(want));
    check_close(get<1>(got), get<1>(want));
    check_close(get<2>(got), get<2>(want));
    // a column is stretched along its row
    const auto column = random<double, 1>({shape[0]}, 60);
    const fg::view<const double, 2> stretched(column.data(), shape, {1, 0});
    for (std::ptrdiff_t i = 0; i < copied.size(); ++i) copied[i] = column[i / shape[1]];
    check_close(get<2>(fg::vjp<0, 1>(f)(stretched, scale, w)), get<2>(fg::vjp<0, 1>(f)(copied, scale, w)));
  }
}
