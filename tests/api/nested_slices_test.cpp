// Slices and flips of what is computed: once, however many are taken of it, and gradients through all of them.
#include <cmath>
#include <fusegrad/fusegrad.hpp>
#include <vector>

#include "catch.hpp"
#include "slices.hpp"

namespace fg = fusegrad;
using namespace slices;

namespace {

/// The sum of squared differences of order `Steps`, of which `binomials` are the weights.
template <int Steps>
constexpr auto differences = [](auto x) {
  auto s = x;
  for (int k = 0; k < Steps; ++k) s = last<1, fg::end>(s) - last<0, -1>(s);
  return fg::sum(s * s);
};

doubles binomials(int steps) {
  doubles row{1};
  for (int k = 0; k < steps; ++k) {
    doubles next(row.size() + 1, 0.0);
    for (std::size_t i = 0; i < row.size(); ++i) {
      next[i] -= row[i];
      next[i + 1] += row[i];
    }
    row = next;
  }
  return row;
}

template <int Steps>
void check_differences(std::size_t n) {
  const doubles x = vector_of(n), weights = binomials(Steps);
  const auto order = static_cast<std::size_t>(Steps);
  double wanted = 0;
  doubles slopes(n, 0.0);
  for (std::size_t i = 0; i + order < n; ++i) {
    double s = 0;
    for (std::size_t k = 0; k <= order; ++k) s += weights[k] * x[i + k];
    wanted += s * s;
    for (std::size_t k = 0; k <= order; ++k) slopes[i + k] += 2 * weights[k] * s;
  }
  const auto [value, gradient] = fg::value_and_grad(differences<Steps>)(x);
  INFO(Steps << " differences of " << n);
  CHECK(value == Approx(wanted));
  for (std::size_t i = 0; i < n; ++i) CHECK(gradient.data()[i] == Approx(slopes[i]).margin(1e-11));
}

}  // namespace

// Short ones are computed from the arguments; the others go through memory once in a few steps, never each slice anew.
static_assert(fg::plan(fg::fuse(differences<3>), doubles{}).kernels == 1);
static_assert(fg::plan(fg::fuse(differences<8>), doubles{}).kernels == 2);
static_assert(fg::plan(fg::value_and_grad(differences<3>), doubles{}).kernels == 2);
static_assert(fg::plan(fg::value_and_grad(differences<8>), doubles{}).kernels <= 5);

TEST_CASE("nested differences are binomial sums, and so are their gradients", "[slices]") {
  check_differences<2>(9);
  check_differences<4>(70);
  for (const std::size_t n : {5u, 6u, 200u}) check_differences<5>(n);
  check_differences<8>(33);
  CHECK_THROWS_WITH(fg::fuse(differences<5>)(doubles(4, 1.0)), Catch::Contains("does not lie within axis 0 of [4]"));
}
