// What users write of a result that loses digits is the program of the form that keeps them: derivatives of every order
// follow. Compared as programs, in float and double, so that only compiling costs.
#include <cmath>
#include <fusegrad/fusegrad.hpp>

#include "catch.hpp"

namespace fg = fusegrad;

namespace {

/// Are two functions of one number, or row, the same value of the program that has both?
template <class Argument, class Written, class Meant>
constexpr bool same_program = [] {
  constexpr auto both = [](auto x) { return fg::outputs(Written{}(x), Meant{}(x)); };
  constexpr auto& program = fg::ir::frozen<fg::expr::trace<decltype(both), Argument>>::value;
  return program.outputs[0] == program.outputs[1];
}();
template <class Written, class Meant>
constexpr bool is_written_as(Written, Meant) {
  return same_program<fg::expr::number_argument<double>, Written, Meant> &&
         same_program<fg::expr::array_argument<float, 1>, Written, Meant>;
}

}  // namespace

static_assert(is_written_as([](auto x) { return fg::log(fg::sigmoid(x)); }, fg::log_sigmoid));
static_assert(is_written_as([](auto x) { return fg::log(1 - fg::sigmoid(x)); },
                            [](auto x) { return fg::log_sigmoid(-x); }));
static_assert(is_written_as([](auto x) { return fg::log1p(-fg::sigmoid(x)); },
                            [](auto x) { return fg::log_sigmoid(-x); }));
static_assert(is_written_as([](auto x) { return 1 - (1 - fg::sigmoid(x)); }, fg::sigmoid));
static_assert(is_written_as([](auto x) { return fg::sigmoid(x) - 1; }, [](auto x) { return -(1 - fg::sigmoid(x)); }));
static_assert(is_written_as([](auto x) { return fg::log(1 + fg::exp(x)); }, fg::softplus));
static_assert(is_written_as([](auto x) { return fg::log1p(fg::exp(x)); }, fg::softplus));
static_assert(is_written_as([](auto x) { return fg::log(fg::exp(x)); }, [](auto x) { return +x; }));
static_assert(is_written_as([](auto x) { return fg::exp(x) - 1; }, fg::expm1));
static_assert(is_written_as([](auto x) { return -1 + fg::exp(x); }, fg::expm1));
static_assert(is_written_as([](auto x) { return 1 - fg::exp(x); }, [](auto x) { return -fg::expm1(x); }));
static_assert(is_written_as([](auto x) { return fg::log(1 + x); }, fg::log1p));
static_assert(is_written_as([](auto x) { return fg::log(1 - x); }, [](auto x) { return fg::log1p(-x); }));
static_assert(is_written_as([](auto x) { return 1 - fg::normal_cdf(x); }, [](auto x) { return fg::normal_cdf(-x); }));
static_assert(is_written_as([](auto x) { return fg::log(fg::normal_cdf(x)); }, fg::log_normal_cdf));
static_assert(is_written_as([](auto x) { return fg::log(1 - fg::normal_cdf(x)); },
                            [](auto x) { return fg::log_normal_cdf(-x); }));
static_assert(is_written_as([](auto x) { return 1 - fg::erf(x); }, fg::erfc));
static_assert(is_written_as([](auto x) { return 1 - fg::erfc(x); }, fg::erf));
static_assert(is_written_as([](auto x) { return fg::sqrt(x * x); }, fg::abs));
static_assert(is_written_as([](auto x) { return fg::square(fg::abs(x)); }, fg::square));
static_assert(same_program<fg::expr::array_argument<float, 2>,
                           decltype([](auto x) { return fg::log(fg::softmax(x, fg::axis<-1>)); }),
                           decltype([](auto x) { return fg::log_softmax(x, fg::axis<-1>); })>);

TEST_CASE("complements keep their digits where one of both is near", "[ops][better_forms]") {
  const auto [cosine, hyperbolic, tangent] = fg::fuse(
      [](auto x, auto y) { return fg::outputs(1 - fg::cos(x), fg::cosh(x) - 1, 1 - fg::tanh(y)); })(1e-5, 30.0);
  CHECK(cosine == Approx(5e-11).epsilon(1e-10));
  CHECK(hyperbolic == Approx(5e-11).epsilon(1e-10));
  CHECK(tangent == Approx(2 * std::exp(-60.0)).epsilon(1e-14));
}
