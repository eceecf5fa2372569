// What stays in an output's memory between two loops, and that results are those of computing it anew.
#include <cmath>
#include <fusegrad/fusegrad.hpp>
#include <vector>

#include "catch.hpp"
#include "fusegrad/backend/cpu/tuning.hpp"

namespace fg = fusegrad;

namespace {

using floats = std::vector<float>;

constexpr auto dice = [](auto x, auto t) {
  const auto p = fg::sigmoid(x);
  return 1 - 2 * fg::sum(p * t) / (fg::sum(p) + fg::sum(t));
};
constexpr auto share = [](auto x) { return x / fg::sum(x); };

template <class T, class... A>
using keeping = fg::detail::keeping_executable<fg::detail::executable_of<T, A...>>;
using dice_gradient = keeping<decltype(fg::value_and_grad<0>(dice)), floats, floats>;

/// Does the last loop compute an instance of Op?
template <class X, class Op>
constexpr bool last_loop_computes() {
  for (int v = 0; v < X::program.size(); ++v)
    if (X::schedule.in_loop[X::schedule.loops - 1][v] && X::program[v].op == &fg::ir::info<Op>) return true;
  return false;
}

}  // namespace

static_assert(dice_gradient::schedule.keeps_any);
static_assert(last_loop_computes<fg::detail::executable_of<decltype(fg::value_and_grad<0>(dice)), floats, floats>,
                                 fg::parts::decay_t>());
static_assert(!last_loop_computes<dice_gradient, fg::parts::decay_t>());
static_assert(!last_loop_computes<dice_gradient, fg::parts::reciprocal_12_t>());
// cheap values are computed anew
static_assert(!keeping<decltype(fg::fuse(share)), floats>::schedule.keeps_any);

TEST_CASE("a value kept between two loops changes no bit of the results", "[passes][keep]") {
  constexpr auto longest = static_cast<std::size_t>(fg::cpu::block_elements) * 3 + 5;
  floats x(longest), t(longest);
  for (std::size_t i = 0; i < longest; ++i) {
    x[i] = 4 * std::sin(static_cast<float>(i));
    t[i] = static_cast<float>(i % 3 == 0);
  }
  for (const std::size_t n : {std::size_t{1}, std::size_t{7}, std::size_t{64}, std::size_t{1000}, longest}) {
    INFO(n << " elements");
    const fg::view<const float, 1> xs(x.data(), n), ts(t.data(), n);
    floats kept(n), anew(2 * n);
    float kept_loss = 0, anew_loss = 0;
    fg::value_and_grad<0>(dice).into(kept_loss, kept)(xs, ts);
    // nothing is kept where an output is not contiguous
    fg::view<float, 1> every_other(anew.data(), {static_cast<std::ptrdiff_t>(n)}, {2});
    fg::value_and_grad<0>(dice).into(anew_loss, every_other)(xs, ts);
    if (n <= 1000) CHECK(kept_loss == anew_loss);  // longer ones are summed in other blocks
    for (std::size_t i = 0; i < n; ++i)
      if (n <= 1000 ? kept[i] != anew[2 * i] : std::abs(kept[i] - anew[2 * i]) > 1e-6f * std::abs(kept[i])) {
        INFO("element " << i);
        CHECK(kept[i] == anew[2 * i]);
        break;
      }
  }
}
