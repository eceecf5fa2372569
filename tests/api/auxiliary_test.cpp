// Gradients of functions with auxiliary results.
#include <cmath>
#include <fusegrad/fusegrad.hpp>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;

namespace {

/// A loss, its logits, and how many of them are right.
constexpr auto loss = [](auto w, auto x, auto target) {
  const auto z = fg::sum(w * x, fg::axis<-1>);
  const auto right = fg::count((z > 0) == (target > 0));
  return fg::outputs(fg::mean(fg::softplus(z) - target * z), z, right);
};
constexpr auto loss_alone = [](auto w, auto x, auto target) { return get<0>(loss(w, x, target)); };

const std::vector<double> w{1, -2, 0.5}, target{1, 0};
const fg::tensor<double, 2> x{{1, 2, 3}, {0, -1, 1}};

}  // namespace

// all of it comes out of one pass
static_assert(
    fg::plan<std::vector<double>, fg::tensor<double, 2>, std::vector<double>>(fg::value_and_grad(fg::with_aux(loss)))
        .kernels ==
    fg::plan<std::vector<double>, fg::tensor<double, 2>, std::vector<double>>(fg::value_and_grad(loss_alone)).kernels);

TEST_CASE("auxiliary results stand between the value and the gradients", "[aux]") {
  const auto [value, z, right, dw, dx] = fg::value_and_grad<0, 1>(fg::with_aux(loss))(w, x, target);
  const auto [value_alone, dw_alone, dx_alone] = fg::value_and_grad<0, 1>(loss_alone)(w, x, target);
  CHECK(value == value_alone);
  CHECK(std::vector<double>(z) == std::vector{-1.5, 2.5});
  CHECK(right == 0);
  for (int k = 0; k < 3; ++k) CHECK(dw[k] == dw_alone[k]);
  for (int k = 0; k < 6; ++k) CHECK(dx[k] == dx_alone[k]);
}

TEST_CASE("a gradient with auxiliary results leaves the value out", "[aux]") {
  const auto [z, right, dw] = fg::grad(fg::with_aux(loss))(w, x, target);
  CHECK(z[1] == 2.5);
  CHECK(right == 0);
  CHECK(dw[0] == fg::grad(loss_alone)(w, x, target)[0]);
}

TEST_CASE("auxiliary results are written to memory of the caller, on all cores", "[aux]") {
  double value = 0;
  std::vector<double> z(2), dw(3);
  std::int64_t right = 5;
  fg::value_and_grad(fg::with_aux(loss)).on(fg::par).into(value, z, right, dw)(w, x, target);
  CHECK(value == fg::fuse(loss_alone)(w, x, target));
  CHECK(z[0] == -1.5);
  CHECK(right == 0);
  CHECK(dw[2] == fg::grad(loss_alone)(w, x, target)[2]);
}

TEST_CASE("auxiliary results of functions with state, and inside functions", "[aux]") {
  const double factor = 3;
  const auto scaled = [factor](auto v) { return fg::outputs(factor * fg::sum(v * v), factor * v); };
  const auto [value, beside, slope] = fg::value_and_grad(fg::with_aux(scaled))(w);
  CHECK(value == 3 * 5.25);
  CHECK(beside[1] == -6);
  CHECK(slope[1] == -12);

  constexpr auto norm_of_slope = [](auto v) {
    const auto [cubes, dv] =
        fg::grad(fg::with_aux([](auto u) { return fg::outputs(fg::sum(u * u * u), u * u * u); }))(v);
    return fg::sum(dv * dv) + fg::sum(cubes);
  };
  const auto [outer, outer_slope] = fg::value_and_grad(norm_of_slope)(std::vector{2.0});
  CHECK(outer == 144 + 8);
  CHECK(outer_slope[0] == 4 * 9 * 8 + 12);
  const auto stateful = [factor](auto v) {
    const auto [half, dv] = fg::grad(fg::with_aux([](auto u) { return fg::outputs(fg::sum(u * u), u / 2); }))(v);
    return factor * fg::sum(dv * half);
  };
  CHECK(fg::fuse(stateful)(std::vector{2.0, 3.0}) == 39);
}

TEST_CASE("with_aux of a function with one result changes nothing", "[aux]") {
  static_assert(fg::grad(fg::with_aux([](auto v) { return v * v; }))(3.0) == 6);
}
