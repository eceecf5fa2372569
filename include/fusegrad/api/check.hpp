// Checks derivatives against finite differences and against each other: for operations and functions of users' own.
#pragma once

#include "transforms.hpp"

namespace fusegrad {

/// What check_gradient found. True if every derivative agreed.
struct gradient_report {
  bool agreed = true;
  double worst = 0;            ///< the largest disagreement, as a fraction of what is allowed: at most 1 if agreed
  std::string mode;            ///< which comparison it was
  int argument = 0;            ///< with respect to which argument
  std::ptrdiff_t element = 0;  ///< at which element of it, row-major
  double expected = 0, found = 0;
  std::ptrdiff_t comparisons = 0;

  explicit operator bool() const { return agreed; }

  std::string text() const {
    char line[256];
    __builtin_snprintf(
        line, sizeof line,
        "%s: %td comparisons; worst: %s, argument %d, element %td: expected %.10g, found %.10g (%.3g of the "
        "tolerance)",
        agreed ? "derivatives agree" : "derivatives differ", comparisons, mode.c_str(), argument, element, expected,
        found, worst);
    return line;
  }
};

namespace detail {

/// An argument in double, so that differences mean something; integers and booleans stay as they are.
template <element T>
constexpr auto widened(const T& x) {
  if constexpr (std::is_floating_point_v<T>) return static_cast<double>(x);
  else return x;
}
template <class A>
  requires(!element<A>)
auto widened(const A& a) {
  const auto v = view_of(a);
  using T = typename decltype(v)::value_type;
  constexpr int rank = decltype(v)::rank;
  using wide = std::conditional_t<std::is_floating_point_v<T>, double, T>;
  tensor<wide, rank> copy(v.shape());
  cpu::for_each_run(v.shape(), v.strides(), 0, v.size(),
                    [&](std::ptrdiff_t offset, std::ptrdiff_t run, std::ptrdiff_t to) {
                      for (std::ptrdiff_t i = 0; i < run; ++i)
                        copy[to + i] = static_cast<wide>(v.data()[offset + i * v.strides()[rank - 1]]);
                    });
  return copy;
}

inline std::ptrdiff_t elements_of(double) { return 1; }
template <int R>
std::ptrdiff_t elements_of(const tensor<double, R>& t) {
  return t.size();
}
inline double& element_of(double& x, std::ptrdiff_t) { return x; }
template <int R>
double& element_of(tensor<double, R>& t, std::ptrdiff_t i) {
  return t[i];
}

template <class T>
inline constexpr bool is_checked = false;
template <>
inline constexpr bool is_checked<double> = true;
template <int R>
inline constexpr bool is_checked<tensor<double, R>> = true;

/// The sum of whatever a function returns: a number of which to take the gradient.
template <class F>
struct summed_results {
  [[no_unique_address]] F f;
  template <class... X>
  constexpr auto operator()(const X&... x) const {
    return total(f(x...));
  }

 private:
  template <class Y>
  static constexpr auto total(const Y& y) {
    return sum(y);
  }
  template <class... Y>
  static constexpr auto total(const results<Y...>& y) {
    return [&]<std::size_t... K>(std::index_sequence<K...>) {
      return (... + sum(get<K>(y)));
    }(std::index_sequence_for<Y...>{});
  }
};

/// Directions that are neither aligned with an axis nor random: repeatable.
inline double direction(std::ptrdiff_t i) {
  const double t = 0.6180339887498949 * static_cast<double>(i + 1);
  return 0.5 + (t - static_cast<double>(static_cast<std::ptrdiff_t>(t)));
}

template <class F, class... W>
class gradient_check {
 public:
  gradient_check(const F& f, W&... arguments) : f_{f}, arguments_{{{arguments}...}} {}

  gradient_report run() {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (check<static_cast<int>(I)>(), ...);
    }(std::index_sequence_for<W...>{});
    return report_;
  }

 private:
  template <int I>
  void check() {
    using type = std::remove_reference_t<decltype(get<I>(arguments_))>;
    if constexpr (is_checked<type>) {
      auto gradient = call(grad<I>(f_));
      compare_differences<I>("reverse mode against finite differences", gradient, [&] { return call(fuse(f_)); });

      type v = get<I>(arguments_);
      for (std::ptrdiff_t i = 0; i < elements_of(v); ++i) element_of(v, i) = direction(i);
      const auto [value, tangent] = call(jvp<I>(f_), v);
      double product = 0, size = 0;
      for (std::ptrdiff_t i = 0; i < elements_of(v); ++i) {
        product += element_of(gradient, i) * direction(i);
        size += math::abs(element_of(gradient, i) * direction(i));
      }
      record("forward mode against reverse mode", I, 0, product, tangent, 1e-9 * size + 1e-14);

      // forward over reverse against differences of the reverse mode along v
      auto curvature = call(hvp<I>(f_), v);
      type& x = get<I>(arguments_);
      const type origin = x;
      auto gradient_at = [&](double t) {
        for (std::ptrdiff_t i = 0; i < elements_of(x); ++i)
          element_of(x, i) = element_of(const_cast<type&>(origin), i) + t * direction(i);
        auto g = call(grad<I>(f_));
        x = origin;
        return g;
      };
      const double h = 1e-4;
      auto up = gradient_at(h), down = gradient_at(-h), up2 = gradient_at(2 * h), down2 = gradient_at(-2 * h);
      for (std::ptrdiff_t i = 0; i < elements_of(v); ++i) {
        const double near = (element_of(up, i) - element_of(down, i)) / (2 * h);
        const double far = (element_of(up2, i) - element_of(down2, i)) / (4 * h);
        judge("second order against differences of the first", I, i, near, far, element_of(curvature, i));
      }
    }
  }

  /// Central differences of two widths: their extrapolation is the estimate, their distance its doubt.
  template <int I, class G, class Value>
  void compare_differences(const char* mode, G& gradient, Value value) {
    auto& x = get<I>(arguments_);
    const std::ptrdiff_t n = elements_of(x), step = n > 64 ? n / 64 : 1;
    for (std::ptrdiff_t i = 0; i < n; i += step) {
      double& element = element_of(x, i);
      const double origin = element, h = 1e-4 * (1 + math::abs(origin));
      auto at = [&](double t) {
        element = origin + t;
        const double y = static_cast<double>(value());
        element = origin;
        return y;
      };
      const double near = (at(h) - at(-h)) / (2 * h), far = (at(2 * h) - at(-2 * h)) / (4 * h);
      judge(mode, I, i, near, far, element_of(gradient, i));
    }
  }

  void judge(const char* mode, int argument, std::ptrdiff_t i, double near, double far, double found) {
    const double estimate = near + (near - far) / 3;
    record(mode, argument, i, estimate, found, math::abs(near - far) + 1e-6 * math::abs(estimate) + 1e-7);
  }

  void record(const char* mode, int argument, std::ptrdiff_t i, double expected, double found, double allowed) {
    ++report_.comparisons;
    const double error = math::abs(expected - found);
    const double share = error == error ? error / allowed : __builtin_inf();
    if (share <= report_.worst) return;
    report_.worst = share;
    report_.mode = mode;
    report_.argument = argument;
    report_.element = i;
    report_.expected = expected;
    report_.found = found;
    report_.agreed = share <= 1;
  }

  template <class T, class... More>
  auto call(const T& t, const More&... more) {
    return [&]<std::size_t... K>(std::index_sequence<K...>) {
      return t(get<K>(arguments_)..., more...);
    }(std::index_sequence_for<W...>{});
  }

  summed_results<F> f_;
  results<W&...> arguments_;
  gradient_report report_;
};

}  // namespace detail

/// Compares, at the given arguments and in double precision, reverse mode with finite differences, forward mode with
/// reverse mode, and the second derivative (forward over reverse) with differences of the first, with respect to each
/// floating-point argument; several results or elements are added up. At most 64 elements of an array are moved one by
/// one. Points where f is not smooth will be reported.
///
///     assert(fg::check_gradient([](auto x) { return my_op(x); }, std::vector{0.1, 2.0}));
template <class F, argument... A>
gradient_report check_gradient(const F& f, const A&... a) {
  auto arguments = outputs(detail::widened(a)...);
  return [&]<std::size_t... K>(std::index_sequence<K...>) {
    return detail::gradient_check<F, std::remove_reference_t<decltype(get<K>(arguments))>...>(f, get<K>(arguments)...)
        .run();
  }(std::index_sequence_for<A...>{});
}

}  // namespace fusegrad
