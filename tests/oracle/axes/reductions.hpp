// Every reduction along a set of axes, in every mode. One program holds them all, each times a number of the call: all
// but one of these numbers are 0, so a program is compiled once for all reductions and all extents.
#pragma once

#include <array>

#include "check.hpp"

namespace oracle::axes {

inline constexpr std::array reduction_names{"sum",   "mean",     "prod",      "max", "min", "norm",
                                            "norm1", "norm_inf", "logsumexp", "var", "std"};

template <bool Keep, int... A>
struct mixture {
  template <class R>
  static constexpr auto over(R reduce, auto... x) {
    if constexpr (Keep) return reduce(x..., fusegrad::axis<A...>, fusegrad::keepdims);
    else return reduce(x..., fusegrad::axis<A...>);
  }
  constexpr auto operator()(auto x, auto correction, auto s0, auto s1, auto s2, auto s3, auto s4, auto s5, auto s6,
                            auto s7, auto s8, auto s9, auto s10) const {
    namespace fg = fusegrad;
    return s0 * over(fg::sum, x) + s1 * over(fg::mean, x) + s2 * over(fg::prod, x) + s3 * over(fg::max, x) +
           s4 * over(fg::min, x) + s5 * over(fg::norm, x) + s6 * over(fg::norm1, x) + s7 * over(fg::norm_inf, x) +
           s8 * over(fg::logsumexp, x) + s9 * over(fg::var, x, correction) + s10 * over(fg::std, x, correction);
  }
};

/// Calls f(name, correction, selectors) for every reduction that the section has.
template <class T>
void for_each_reduction(const section& s, auto f) {
  for (std::size_t k = 0; k < reduction_names.size(); ++k) {
    std::array<T, reduction_names.size()> selectors{};
    selectors[k] = 1;
    const std::string name = reduction_names[k];
    f(name, T(0), selectors);
    if (name == "var" || name == "std") {
      const bool single = s.at("x").size() == s.at("w").size();
      CHECK(s.has(name + "_sample.value") != single);  // there is no sample variance of one element
      if (!single) f(name + "_sample", T(1), selectors);
    }
  }
}

template <int R, int... A>
std::vector<section> reductions_of() {
  std::vector<int> axes{(A < 0 ? A + R : A)...};
  std::sort(axes.begin(), axes.end());
  std::string name = "rank" + std::to_string(R) + " axes";
  for (int a : axes) name += " " + std::to_string(a);
  return read("reductions", name);
}

/// The section with some of its results in the shape that they have with kept axes.
inline section with_kept_shape(section s, std::initializer_list<const char*> names) {
  for (const char* name : names) s.entries.at(name).shape = s.at("kept").shape;
  return s;
}

/// How a transform is executed: as most tests of rules do, or as users do.
struct as_rules {
  auto operator()(const auto& t, const auto&... x) const { return run(t, x...); }
};
struct as_users {
  auto operator()(const auto& t, const auto&... x) const { return t(x...); }
};

/// Value and gradient, the tangent, and the Hessian of the sum of squares.
template <class T, int Modes, bool Keep, int R, int... A, class Execute = as_rules>
void check_reductions_as(Execute execute = {}) {
  namespace fg = fusegrad;
  constexpr int left = Keep ? R : R - static_cast<int>(sizeof...(A));
  constexpr mixture<Keep, A...> program{};
  for (section s : reductions_of<R, A...>()) {
    if (Keep)
      for (auto& [name, e] : s.entries)
        if (name.ends_with(".value")) e.shape = s.at("kept").shape;
    for (layout how : {layout::rows, layout::columns, layout::gaps}) {
      const input<T, R> x(s.at("x"), how), t(s.at("t"), how);
      const input<T, left> w(s.at(Keep ? "kept" : "w"), how);
      for_each_reduction<T>(s, [&](const std::string& name, T correction, const auto& selectors) {
        std::apply(
            [&](auto... k) {
              if constexpr ((Modes & reverse) != 0) {
                const auto pulled = execute(fg::vjp<0>(program), x.get(), correction, k..., w.get());
                compare<T>("vjp", get<0>(pulled), name + ".value", s);
                compare<T>("vjp", get<1>(pulled), name + ".gradient", s);
              }
              if constexpr ((Modes & forward) != 0) {
                const auto pushed = execute(fg::jvp<0>(program), x.get(), correction, k..., t.get());
                compare<T>("jvp", get<0>(pushed), name + ".value", s);
                compare<T>("jvp", get<1>(pushed), name + ".jvp", s);
              }
              if constexpr ((Modes & second) != 0) {
                // of a number the loss is its square, of an array the sum of squares
                const auto h =
                    execute(fg::hvp<0>(squared<mixture<Keep, A...>, left>{}), x.get(), correction, k..., t.get());
                compare<T>("hvp", h, name + ".hvp", s);
              }
            },
            selectors);
      });
    }
  }
}

/// The reductions in double precision and the given modes; all of that if thorough.
template <int Modes, int R, int... A, class Execute = as_rules>
void check_reductions(Execute execute = {}) {
  check_reductions_as<double, Modes | thorough(forward), false, R, A...>(execute);
  if constexpr (thorough(reverse) != 0) {
    check_reductions_as<float, reverse, false, R, A...>(execute);
    check_reductions_as<double, reverse, true, R, A...>(execute);
  }
}

/// What has no derivative: conditions, counts and positions.
template <int R, int... A>
void check_conditions() {
  namespace fg = fusegrad;
  constexpr auto program = [](auto x) {
    const auto high = x > 1.5;
    const auto low = x < 1.75;
    const auto middle = x > 0.25;
    return fg::outputs(fg::any(high, fg::axis<A...>), fg::all(low, fg::axis<A...>), fg::count(middle, fg::axis<A...>),
                       fg::any(high, fg::axis<A...>, fg::keepdims), fg::count(middle, fg::axis<A...>, fg::keepdims));
  };
  for (const section& s : reductions_of<R, A...>())
    for (layout how : {layout::rows, layout::columns, layout::gaps}) {
      const input<double, R> x(s.at("x"), how);
      const auto result = run(fg::fuse(program), x.get());
      compare<bool>("any", get<0>(result), "any", s);
      compare<bool>("all", get<1>(result), "all", s);
      compare<std::int64_t>("count", get<2>(result), "count", s);
      const section kept = with_kept_shape(s, {"any", "count"});
      compare<bool>("any, kept", get<3>(result), "any", kept);
      compare<std::int64_t>("count, kept", get<4>(result), "count", kept);
    }
}

/// The first of equal extrema, along one axis or of all elements.
template <int R, int... A>
void check_positions() {
  namespace fg = fusegrad;
  constexpr auto program = [](auto x) {
    const auto steps = fg::round(2 * x);
    if constexpr (sizeof...(A) == 1)
      return fg::outputs(fg::argmax(steps, fg::axis<A...>), fg::argmin(steps, fg::axis<A...>),
                         fg::argmax(steps, fg::axis<A...>, fg::keepdims));
    else return fg::outputs(fg::argmax(steps), fg::argmin(steps));
  };
  for (const section& s : reductions_of<R, A...>())
    for (layout how : {layout::rows, layout::columns, layout::gaps}) {
      const input<double, R> x(s.at("x"), how);
      const auto result = run(fg::fuse(program), x.get());
      compare<std::int64_t>("argmax", get<0>(result), "argmax", s);
      compare<std::int64_t>("argmin", get<1>(result), "argmin", s);
      if constexpr (sizeof...(A) == 1) {
        compare<std::int64_t>("argmax, kept", get<2>(result), "argmax", with_kept_shape(s, {"argmax"}));
      }
    }
}

}  // namespace oracle::axes
