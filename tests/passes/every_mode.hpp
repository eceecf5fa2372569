// Checks first and second derivatives of a function of one number or array in every combination of modes.
#pragma once

#include <fusegrad/fusegrad.hpp>
#include <vector>

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
  const auto reverse = fg::grad(total)(x);
  const auto [value, forward] = fg::jvp(f)(x, ones);
  const auto forward_reverse = fg::hvp(total)(x, ones);
  const auto reverse_reverse = fg::grad([](auto v) { return fg::sum(fg::grad(F{})(v)); })(x);
  const auto [also, reverse_forward] = fg::vjp([](auto v) { return get<1>(fg::jvp(F{})(v, 1.0)); })(x, 1.0);
  for (std::size_t k = 0; k < points.size(); ++k) {
    const auto i = static_cast<std::ptrdiff_t>(k);
    INFO("x = " << x[k]);
    CHECK(reverse[i] == Approx(points[k].first));
    CHECK(forward[i] == Approx(points[k].first));
    CHECK(also[i] == Approx(points[k].first));
    CHECK(forward_reverse[i] == Approx(points[k].second));
    CHECK(reverse_reverse[i] == Approx(points[k].second));
    CHECK(reverse_forward[i] == Approx(points[k].second));
    CHECK(fg::grad(fg::grad(f))(x[k]) == Approx(points[k].second));
  }
}

}  // namespace every_mode
