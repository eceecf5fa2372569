// Kernel counts and traffic as compile-time facts: what fuses, and what a second pass over memory costs.
#include <array>
#include <fusegrad/fusegrad.hpp>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;

namespace {

using floats = std::vector<float>;
using doubles = std::vector<double>;

constexpr auto mse = [](auto x, auto t) { return fg::mean(fg::square(x - t)); };
constexpr auto focal = [](auto logit, auto t) {
  const auto s = 2 * t - 1, z = s * logit;
  return fg::mean((0.75 - 0.5 * t) * fg::square(fg::sigmoid(-z)) * fg::softplus(-z));
};
constexpr auto dice = [](auto x, auto t) {
  const auto p = fg::sigmoid(x);
  return 1 - 2 * fg::sum(p * t) / (fg::sum(p) + fg::sum(t));
};

template <class F>
constexpr fg::plan_facts value(F f) {
  return fg::plan<floats>(fg::fuse(f));
}
template <class F>
constexpr fg::plan_facts gradient(F f) {
  return fg::plan<floats>(fg::value_and_grad(f));
}

}  // namespace

// elementwise code and full reductions of it, gradients included: one kernel, every array once
static_assert(fg::plan<floats, floats>(fg::value_and_grad<0, 1>(mse)).kernels == 1);
static_assert(fg::plan<floats, floats>(fg::value_and_grad<0, 1>(mse)).loads == 2);
static_assert(fg::plan<floats, floats>(fg::value_and_grad<0, 1>(mse)).stores == 2);
static_assert(fg::plan<floats, floats>(fg::value_and_grad<0, 1>(mse)).bytes == 16);
static_assert(fg::plan<floats, floats>(fg::value_and_grad<0, 1>(mse)).reductions == 1);
static_assert(fg::plan<floats, floats>(fg::value_and_grad(focal)).kernels == 1);
static_assert(fg::plan<floats, floats>(fg::fuse(dice)).kernels == 1);  // three sums in one pass
static_assert(fg::plan<floats, floats>(fg::fuse(dice)).reductions == 3);
static_assert(value([](auto x) { return fg::exp(x) * 2; }).kernels == 1);
static_assert(value([](auto x) { return fg::outputs(x, fg::sum(x), fg::max(x), fg::norm(x)); }).kernels == 1);
static_assert(gradient([](auto x) { return fg::sum(fg::sin(x)); }).kernels == 1);
static_assert(fg::plan<floats, float>(fg::value_and_grad<0, 1>([](auto x, auto s) {
                return fg::mean(fg::exp(s * x));
              })).kernels == 1);

// a reduction that feeds elementwise code again: two
static_assert(fg::plan<floats, floats>(fg::value_and_grad(dice)).kernels == 2);
static_assert(fg::plan<floats, floats>(fg::value_and_grad(dice)).loads == 4);
static_assert(fg::plan<floats, floats>(fg::value_and_grad(dice)).stores == 1);
static_assert(value([](auto x) { return fg::var(x); }).kernels == 2);
static_assert(value([](auto x) { return fg::std(x); }).kernels == 2);
static_assert(value([](auto x) { return fg::logsumexp(x); }).kernels == 2);
static_assert(value([](auto x) { return x / fg::sum(x); }).kernels == 2);
static_assert(value([](auto x) { return fg::square(x - fg::mean(x)) / fg::var(x); }).kernels == 3);
// the gradients of sums of squares need what the value needs, no more
static_assert(gradient([](auto x) { return fg::norm(x); }).kernels == 2);
static_assert(gradient([](auto x) { return fg::sum(x) * fg::sum(x); }).kernels == 2);
static_assert(gradient([](auto x) { return fg::var(x); }).kernels == 2);
static_assert(gradient([](auto x) { return fg::logsumexp(x); }).kernels == 3);
static_assert(gradient([](auto x) { return fg::max(x); }).kernels <= 3);

// a gradient that does not need the value does not pay for it
static_assert(fg::plan<floats, floats>(fg::grad(mse)).reductions == 0);
static_assert(fg::plan<floats, floats>(fg::grad([](auto x, auto) { return fg::sum(x); })).loads == 0);

// numbers alone need no kernel
static_assert(fg::plan<double>(fg::grad([](auto x) { return x * x; })).kernels == 0);
static_assert(fg::plan<double, float>(fg::fuse([](auto x, auto y) { return fg::exp(x * y); })).bytes == 0);
static_assert(value([](auto) { return 3.0; }).kernels == 0);

// traffic counts what arrays hold, not what the program computes in
static_assert(fg::plan<std::vector<unsigned char>, doubles>(fg::fuse([](auto b, auto x) { return b * x; })).bytes ==
              1 + 8 + 8);
static_assert(fg::plan<doubles>(fg::fuse([](auto x) { return x > 0; })).bytes == 8 + 1);

TEST_CASE("a program of several levels of reductions computes what its formula says", "[passes][schedule]") {
  const doubles x{1, 2, 6};
  const auto [standardized, level, v] = fg::fuse([](auto a) {
    const auto m = fg::mean(a);
    const auto s = fg::sqrt(fg::mean(fg::square(a - m)));
    const auto z = (a - m) / s;
    return fg::outputs(z, fg::sum(z * z * z), s);
  })(x);
  CHECK(v * v == Approx(14.0 / 3));
  CHECK(standardized[2] == Approx(3 / v));
  CHECK(level == Approx((-8 - 1 + 27) / (v * v * v)));
}
