// plan, a call's facts for static_assert, and explain, the same as text.
#include <array>
#include <fusegrad/fusegrad.hpp>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto mse = [](auto x, auto t) { return fg::mean(fg::square(x - t)); };
using floats = std::vector<float>;

/// Can a user tell what this operation does, by its name or by what explain adds?
template <class Op>
constexpr bool is_known = requires { Op::meaning; } || Op::name == "max" || Op::name == "pow";
template <class... Op>
constexpr bool all_known(fg::type_list<Op...>) {
  return (is_known<Op> && ...);
}
static_assert(all_known(fg::ops::parts{}));

}  // namespace

// --- plan ------------------------------------------------------------------------------------------------------------
static_assert(fg::plan<floats, floats>(fg::value_and_grad(mse)).kernels == 1);
static_assert(fg::plan<floats, floats>(fg::value_and_grad(mse)).intensity() == 4.0 / 12);
static_assert(fg::plan<floats, floats>(fg::value_and_grad(mse)).flops == 4);  // subtract, square, sum; one factor
static_assert(fg::plan<floats>(fg::fuse([](auto x) { return fg::exp(x) * x + 1; })).flops == 3);
// of each row the root of its sum
static_assert(fg::plan<fg::tensor<float, 2>>(fg::fuse([](auto x) { return fg::norm(x, fg::axis<-1>); })).row_flops ==
              1);
static_assert(fg::plan(fg::grad([](auto x) { return x * x * x; }), 2.0).kernels == 0);  // from arguments
static_assert(fg::plan(fg::fuse([](auto x) { return x * 2; }), std::array<double, 3>{}).bytes == 16);

TEST_CASE("plans are made of arguments or of their types", "[api][plan]") {
  const floats x, t;
  const fg::plan_facts facts = fg::plan(fg::value_and_grad(mse), x, t);
  CHECK(facts.instructions == fg::plan<floats, floats>(fg::value_and_grad(mse)).instructions);
  CHECK(fg::plan_facts{}.intensity() == 0);
  const double k = 2;
  CHECK(fg::plan(fg::fuse([k](auto a) { return a * k; }), x).loads == 1);
}

// --- explain ---------------------------------------------------------------------------------------------------------
TEST_CASE("an explanation shows instructions, kernels, traffic and outputs", "[api][explain]") {
  const floats x, t;
  const std::string text = fg::explain(fg::value_and_grad(mse), x, t);
  using Catch::Matchers::ContainsSubstring;
  CHECK_THAT(text,
             ContainsSubstring("1 kernel, 2 loads, 1 stores, 12 bytes and 4 flops per element, 0.33 flops per byte"));
  CHECK_THAT(text, ContainsSubstring("  kernel 0: "));
  CHECK_THAT(text, ContainsSubstring("%0 : f32[i] = input 0\n"));
  CHECK_THAT(text, ContainsSubstring("output 0 = %"));
  CHECK_THAT(text, ContainsSubstring("output 1 = %"));
  CHECK_THAT(fg::explain(fg::fuse([](auto) { return 2.5; }), 1.0), ContainsSubstring("output 0 = 2.5"));
  const double k = 2;
  CHECK_THAT(fg::explain(fg::fuse([k](auto a) { return a * k; }), x), ContainsSubstring("mul %"));
}

TEST_CASE("an explanation says what was replaced to keep digits, each once", "[api][explain]") {
  using Catch::Matchers::ContainsSubstring;
  const std::vector<float> x(4);
  const std::string text =
      fg::explain(fg::fuse([](auto v) {
                    const auto p = fg::sigmoid(v);
                    return fg::log(p) + fg::log(1 - p) + (fg::exp(v) - 1) + fg::log(fg::sigmoid(v));
                  }),
                  x);
  CHECK_THAT(text, ContainsSubstring("to keep digits\n"
                                     "    log_sigmoid in place of log of sigmoid\n"
                                     "    sigmoid_of_negative in place of sub of sigmoid\n"
                                     "    log_sigmoid in place of log of sigmoid_of_negative\n"
                                     "    expm1 in place of sub of exp\n"));
  CHECK_THAT(fg::explain(fg::fuse([](auto v) { return fg::exp(v) - 2; }), x), !ContainsSubstring("to keep digits"));
}

TEST_CASE("an explanation tells what operations do that users do not call, once each", "[api][explain]") {
  using Catch::Matchers::ContainsSubstring, Catch::Matchers::EndsWith;
  const floats x;
  CHECK_THAT(
      fg::explain(fg::fuse([](auto v) { return fg::sigmoid(v) * fg::softplus(v); }), x),
      EndsWith("  where\n    decay: exp(-|x|)\n    reciprocal_12: 1 / x for x in [1, 2]\n    log_1p2: log(1 + x) for "
               "x in [0, 1]\n"));
  CHECK_THAT(fg::explain(fg::fuse([](auto v) { return fg::exp(v); }), x), !ContainsSubstring("where"));
  const fg::tensor<float, 2> rows;
  CHECK_THAT(fg::explain(fg::fuse([](auto v) { return fg::norm(v, fg::axis<-1>); }), rows),
             ContainsSubstring("2 flops per element, 1 flops per row"));
}
