// Checks first and second derivatives of a function of one number or array in every combination of modes: of arrays by
// the reference, because rules are the same whatever executes a program, or compiled where tests are thorough.
#pragma once

#include <fusegrad/debug.hpp>
#include <vector>

#include "../agreement.hpp"
#include "catch.hpp"

namespace every_mode {

namespace fg = fusegrad;

/// The derivatives of f at each point, in every mode, for numbers and arrays, to second order: `first` and `second` are
/// what is expected.
struct point {
  double x, first, second;
};
template <class F>
void check(F, const std::vector<point>& points) {
  constexpr F f{};
  constexpr auto total = [](auto v) { return fg::sum(F{}(v)); };
  std::vector<double> x, ones(points.size(), 1.0);
  for (const point& p : points) x.push_back(p.x);
  const auto reverse = last_result(fg::grad(total), x), forward = last_result(fg::jvp(f), x, ones);
  const auto forward_reverse = last_result(fg::hvp(total), x, ones);
  const auto reverse_reverse = last_result(fg::grad([](auto v) { return fg::sum(fg::grad(F{})(v)); }), x);
  constexpr auto slope = [](auto v) { return get<1>(fg::jvp(F{})(v, 1.0)); };
  const auto also = last_result(fg::fuse(slope), x), reverse_forward = last_result(fg::vjp(slope), x, 1.0);
  for (std::size_t i = 0; i < points.size(); ++i) {
    INFO("x = " << x[i]);
    CHECK(reverse[i] == Approx(points[i].first));
    CHECK(forward[i] == Approx(points[i].first));
    CHECK(also[i] == Approx(points[i].first));
    CHECK(forward_reverse[i] == Approx(points[i].second));
    CHECK(reverse_reverse[i] == Approx(points[i].second));
    CHECK(reverse_forward[i] == Approx(points[i].second));
    CHECK(fg::grad(fg::grad(f))(x[i]) == Approx(points[i].second));
  }
}

}  // namespace every_mode
