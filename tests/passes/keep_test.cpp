// What one loop keeps for another instead of computing it anew: within rows, and between flat kernels while arrays stay
// in the caches. Results are those of computing it anew.
#include <cmath>
#include <fusegrad/fusegrad.hpp>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;

namespace {

using floats = std::vector<float>;
using matrix = fg::tensor<float, 2>;

constexpr auto dice = [](auto x, auto t) {
  const auto p = fg::sigmoid(x);
  return 1 - 2 * fg::sum(p * t) / (fg::sum(p) + fg::sum(t));
};
constexpr auto share = [](auto x) { return x / fg::sum(x); };
constexpr auto softmax = [](auto x) { return fg::softmax(x, fg::axis<-1>); };

template <class T, class... A>
using cached = fg::detail::executable_in_cache<fg::detail::executable_of<T, A...>>;
template <class T, class... A>
using plain = fg::detail::executable_of<T, A...>;
using dice_gradient = decltype(fg::value_and_grad<0>(dice));

/// How often the loops compute an instance of Op.
template <class X, class Op>
constexpr int computed() {
  int times = 0;
  for (int loop = 0; loop < X::schedule.loops; ++loop)
    for (int v = 0; v < X::program.size(); ++v) {
      const auto here = X::schedule.in_loop[loop][v];
      times += X::program[v].op == &fg::ir::info<Op> &&
               (here == fg::ir::presence::computed || here == fg::ir::presence::kept_for_row);
    }
  return times;
}

/// How many arrays kernels keep for others.
template <class X>
constexpr int arrays_kept() {
  int arrays = 0;
  for (int v = 0; v < X::program.size(); ++v) arrays += X::schedule.kept[v] && X::program[v].axes != 0;
  return arrays;
}

}  // namespace

static_assert(cached<dice_gradient, floats, floats>::schedule.keeps_in_cache);
static_assert(computed<plain<dice_gradient, floats, floats>, fg::parts::decay_t>() == 2);
static_assert(computed<cached<dice_gradient, floats, floats>, fg::parts::decay_t>() == 1);
// of a chain its last value, which spares the others: the slope of the logistic function
static_assert(arrays_kept<cached<dice_gradient, floats, floats>>() == 1);
static_assert(arrays_kept<plain<dice_gradient, floats, floats>>() == 0);
// cheap values are computed anew
static_assert(!cached<decltype(fg::fuse(share)), floats>::schedule.keeps_in_cache);
// rows: the exponentials of a softmax are computed once
static_assert(computed<plain<decltype(fg::fuse(softmax)), matrix>, fg::parts::exp_nonpositive_t>() == 1);

TEST_CASE("a value kept between two loops changes no result", "[passes][keep]") {
  constexpr auto longest = static_cast<std::size_t>(fg::cpu::cached_bytes) / 8 + 5;
  floats x(longest), t(longest);
  for (std::size_t i = 0; i < longest; ++i) {
    x[i] = 4 * std::sin(static_cast<float>(i));
    t[i] = static_cast<float>(i % 3 == 0);
  }
  for (const std::size_t n : {std::size_t{1}, std::size_t{7}, std::size_t{1000}, longest}) {
    INFO(n << " elements");
    floats gradient(n);
    float loss = 0;
    fg::value_and_grad<0>(dice).into(loss, gradient)(fg::view<const float, 1>(x.data(), n),
                                                     fg::view<const float, 1>(t.data(), n));
    double pt = 0, sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const double p = 1 / (1 + std::exp(-static_cast<double>(x[i])));
      pt += p * static_cast<double>(t[i]);
      sum += p + static_cast<double>(t[i]);
    }
    CHECK(static_cast<double>(loss) == Approx(1 - 2 * pt / sum).epsilon(1e-5));
    for (std::size_t i = 0; i < n; i += n / 7 + 1) {
      const double p = 1 / (1 + std::exp(-static_cast<double>(x[i])));
      CHECK(static_cast<double>(gradient[i]) ==
            Approx(p * (1 - p) * 2 * (pt / sum - static_cast<double>(t[i])) / sum).epsilon(1e-4));
    }
  }
}
