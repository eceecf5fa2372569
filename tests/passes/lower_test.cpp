// From the program as traced to the program as executed: well formed after every pass, fewer instructions, the same
// results.
#include <fusegrad/fusegrad.hpp>
#include <fusegrad/ir/verify.hpp>
#include <random>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;
namespace ir = fusegrad::ir;
namespace passes = fusegrad::passes;

namespace {

template <class T, int Rank = 1>
using array = fg::expr::array_argument<T, Rank>;
template <class T>
using number = fg::expr::number_argument<T>;

/// All stages of a program.
template <class T, class... A>
struct stages {
  using program = ir::frozen<fg::expr::trace<T, A...>>;
  static constexpr auto& traced = program::value;
  static constexpr auto& expanded = ir::frozen<passes::expanded<program>>::value;
  static constexpr auto& lowered = passes::lowered<program>::value;

  static constexpr bool well_formed() {
    return ir::frozen<fg::expr::trace<T, A...>>::error == ir::trace_error::none && ir::verify(traced) == nullptr &&
           ir::verify(expanded) == nullptr && ir::verify(lowered) == nullptr &&
           lowered.output_count == traced.output_count;
  }
  /// How often an operation occurs in the lowered program.
  template <class Op>
  static constexpr int uses() {
    int n = 0;
    for (int v = 0; v < lowered.size(); ++v) n += lowered[v].op == &ir::info<Op>;
    return n;
  }
};
template <class... A, class T>
constexpr auto stages_of(T) {
  return stages<T, A...>{};
}

constexpr auto mse = [](auto x, auto t) { return fg::mean(fg::square(x - t)); };
constexpr auto focal = [](auto logit, auto t, auto gamma) {
  const auto p = fg::sigmoid(logit);
  const auto pt = p * t + (1 - p) * (1 - t);
  return fg::mean(fg::pow(1 - pt, gamma) * -fg::log(pt));
};
constexpr auto dice = [](auto x, auto t) {
  const auto p = fg::sigmoid(x);
  return 1 - 2 * fg::sum(p * t) / (fg::sum(p) + fg::sum(t));
};
constexpr auto everything = [](auto x, auto n, auto c, auto s) {
  const auto y = fg::where(c, fg::gelu(x), fg::tanh(x * n)) + fg::clamp(x, -1, 1);
  return fg::outputs(y * s, fg::logsumexp(y), fg::any(y > 3), fg::max(y), fg::count(c), fg::var(x), fg::norm(y));
};

}  // namespace

static_assert(stages_of<array<float>, array<float>>(fg::fuse(mse)).well_formed());
static_assert(stages_of<array<float>, array<float>>(fg::value_and_grad<0, 1>(mse)).well_formed());
static_assert(stages_of<array<float, 3>, array<double, 3>>(fg::value_and_grad<0, 1>(mse)).well_formed());
static_assert(stages_of<array<float>, array<int>, number<double>>(fg::value_and_grad<0, 2>(focal)).well_formed());
static_assert(stages_of<array<double>, array<bool>>(fg::value_and_grad<0>(dice)).well_formed());
static_assert(stages_of<array<double>, array<double>, array<double>>(fg::hvp<0>(dice)).well_formed());
static_assert(stages_of<array<float>, array<int>, array<bool>, number<int>>(fg::fuse(everything)).well_formed());
static_assert(stages_of<array<float>, array<int>, array<bool>, number<float>, array<float>>(fg::jvp<0>(everything))
                  .well_formed());
static_assert(
    stages_of<number<float>>(fg::grad(fg::grad(fg::grad([](auto x) { return fg::tanh(x) * x; })))).well_formed());
static_assert(stages_of<array<float>, array<float>>(fg::grad([](auto x, auto t) {
                return fg::mean(fg::square(fg::grad([t](auto v) { return fg::sin(v) * t; })(x)));
              })).well_formed());

// expand: composed operations are gone, and their parts merge
namespace {
constexpr auto logistic = [](auto x) {
  return fg::outputs(fg::sigmoid(x), fg::softplus(x), fg::log_sigmoid(x), fg::silu(x));
};
using logistic_stages = stages<decltype(fg::fuse(logistic)), array<float>>;
}  // namespace
static_assert([] {
  for (int v = 0; v < logistic_stages::lowered.size(); ++v)
    if (logistic_stages::lowered[v].op->expand != nullptr) return false;
  return true;
}());
static_assert(logistic_stages::uses<fg::parts::decay_t>() == 1);  // one exponential for all of them

// contract: a product that only a sum needs joins it; one that something else needs stays
namespace {
template <class F, class... A>
constexpr int fused_products(F f) {
  return stages_of<A...>(fg::fuse(f)).template uses<fg::multiply_add_t>();
}
template <class F, class... A>
constexpr int products(F f) {
  return stages_of<A...>(fg::fuse(f)).template uses<fg::mul_t>();
}
template <class F>
constexpr bool contracts(F f, int fused, int left) {
  using a = array<float>;
  return fused_products<F, a, a, a>(f) == fused && products<F, a, a, a>(f) == left;
}
}  // namespace
static_assert(contracts([](auto x, auto y, auto z) { return x * y + z; }, 1, 0));
static_assert(contracts([](auto x, auto y, auto z) { return x * y - z; }, 1, 0));
static_assert(contracts([](auto x, auto y, auto z) { return z - x * y; }, 1, 0));
static_assert(contracts([](auto x, auto y, auto z) { return x * y + y * z; }, 1, 1));
static_assert(contracts([](auto x, auto y, auto z) { return fg::outputs(x * y + z, x * y); }, 0, 1));
static_assert(contracts([](auto x, auto y, auto z) { return x * y + x * y * z; }, 1, 1));
static_assert(fused_products<decltype([](auto x, auto y, auto z) { return x * y + z; }), array<int>, array<int>,
                             array<int>>({}) == 0);

// a number of the row takes in one over a number of elements: one product for each element fewer
namespace {
template <class T>
constexpr int products_of_elements(T transform) {
  using lowered = decltype(stages_of<array<float, 2>, array<float>>(transform));
  int n = 0;
  for (int v = 0; v < lowered::lowered.size(); ++v)
    n += lowered::lowered[v].op == &ir::info<fg::mul_t> && lowered::lowered[v].axes == 3;
  return n;
}
}  // namespace
static_assert(products_of_elements(fg::grad([](auto x, auto) { return fg::mean(fg::logsumexp(x, fg::axis<-1>)); })) ==
              1);
static_assert(products_of_elements(fg::fuse([](auto x, auto w) { return x * w * (1 / fg::sum(w)); })) ==
              2);  // no count

// dead code goes: a gradient alone does not compute the value
static_assert(stages_of<array<float>, array<float>>(fg::grad(mse)).uses<fg::parts::total_t>() == 0);
static_assert(stages_of<array<float>, array<float>>(fg::value_and_grad(mse)).uses<fg::parts::total_t>() == 1);
static_assert(stages_of<array<float>, array<float>>(fg::fuse([](auto x, auto t) {
                const auto unused = fg::exp(x) * t;
                static_cast<void>(unused);
                return x;
              })).lowered.size() == 1);

// an argument is loaded once, however often it occurs
static_assert(fg::plan<std::vector<float>>(fg::fuse([](auto x) {
                return x * x + fg::sin(x) / x - x + fg::max(x, 0.5) * x;
              })).loads == 1);

TEST_CASE("simplified programs compute what the plain expression does", "[passes][lower]") {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> uniform(-2, 2);
  std::vector<double> x(33), y(33), z(33);
  for (int i = 0; i < 33; ++i) x[i] = uniform(random), y[i] = uniform(random), z[i] = uniform(random);
  const auto f = [](auto a, auto b, auto c) {
    return -(-a) * -b + (a - (-b)) * (c * -1) - (-a) * 2.0 + (c - a * b) / 4 + (-c + b) * 1.0 - (0.0 - a * -(-b));
  };
  const auto r = fg::fuse(f)(x, y, z);
  for (int i = 0; i < 33; ++i) CHECK(r[i] == Approx(f(x[i], y[i], z[i])).epsilon(1e-14));
}

TEST_CASE("simplification keeps signed zeros, infinities and NaN", "[passes][lower]") {
  const double inf = __builtin_inf();
  const std::vector<double> x{0.0, -0.0, inf, -inf, __builtin_nan("")};
  const auto check = [&x](auto f) {
    const auto r = fg::fuse(f)(x);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double expected = f(x[i]), got = r[static_cast<std::ptrdiff_t>(i)];
      INFO("x = " << x[i]);
      CHECK(((expected != expected && got != got) ||
             (expected == got && __builtin_signbit(expected) == __builtin_signbit(got))));
    }
  };
  check([](auto v) { return v + 0.0; });
  check([](auto v) { return v - 0.0; });
  check([](auto v) { return 0.0 - v; });
  check([](auto v) { return v + -0.0; });
  check([](auto v) { return v * 0.0; });
  check([](auto v) { return v - v; });
  check([](auto v) { return v * 1.0; });
  check([](auto v) { return v / 1.0; });
  check([](auto v) { return -(-v); });
  check([](auto v) { return 1.0 / v; });
  check([](auto v) { return v * -1.0; });
  check([](auto v) { return v / v; });
}
