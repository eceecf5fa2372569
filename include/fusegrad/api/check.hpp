// Checks derivatives against finite differences and against each other: for operations and functions of users' own.
#pragma once

#include "../backend/reference/execute.hpp"
#include "../config.hpp"
#include "at_run_time.hpp"

FUSEGRAD_HARDLY_RUN

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
    if (comparisons == 0) return "nothing was compared: no argument has floating-point elements";
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

/// The description of an argument in double, so that differences mean something; integers and booleans stay as they
/// are.
template <class D>
struct in_double : std::type_identity<D> {};
template <class T, int Rank, ir::axis_set Single>
  requires(is_floating(dtype_of<T>))
struct in_double<expr::array_argument<T, Rank, Single>>
    : std::type_identity<expr::array_argument<double, Rank, Single>> {};
template <class T>
  requires(is_floating(dtype_of<T>))
struct in_double<expr::number_argument<T>> : std::type_identity<expr::number_argument<double>> {};

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

/// Derivatives with respect to one argument after the other, each as a program that the reference executes in long
/// double.
class gradient_check {
 public:
  /// Looks at argument k of calls for the value, for the gradient, and, along directions that follow the arguments, for
  /// the derivative and the product with the second derivative.
  void along(int k, run_time_call& value, run_time_call& gradient, const run_time_call& tangent,
             const run_time_call& curvature) {
    const reference::array slope = at(gradient, 0), bend = at(curvature, 0);
    const std::ptrdiff_t n = slope.size();
    compare_differences(k, slope, value);

    real product = 0, size = 0;
    for (std::ptrdiff_t i = 0; i < n; ++i) {
      product += slope[i].real * direction(i);
      size += math::abs(slope[i].real * direction(i));
    }
    record("forward mode against reverse mode", k, 0, product, at(tangent, 1)[0].real, 1e-9L * size + 1e-14L);

    // forward over reverse against differences of the reverse mode along the directions
    const auto gradient_at = [&](real t) {
      reference::array& x = gradient.arguments[k];
      const reference::array origin = x;
      for (std::ptrdiff_t i = 0; i < n; ++i) x[i].real += t * direction(i);
      reference::array g = at(gradient, 0);
      x = origin;
      return g;
    };
    const real h = 1e-4L;
    const auto up = gradient_at(h), down = gradient_at(-h), up2 = gradient_at(2 * h), down2 = gradient_at(-2 * h);
    for (std::ptrdiff_t i = 0; i < n; ++i)
      judge("second order against differences of the first", k, i, (up[i].real - down[i].real) / (2 * h),
            (up2[i].real - down2[i].real) / (4 * h), bend[i].real);
  }

  /// Neither aligned with an axis nor random: repeatable.
  static reference::array directions(const reference::array& like) {
    reference::array made = like;
    for (std::ptrdiff_t i = 0; i < made.size(); ++i) made[i].real = direction(i);
    return made;
  }

  gradient_report report;

 private:
  using real = long double;

  static real direction(std::ptrdiff_t i) {
    const real t = 0.6180339887498949L * static_cast<real>(i + 1);
    return 0.5L + (t - static_cast<real>(static_cast<std::ptrdiff_t>(t)));
  }
  static reference::array at(const run_time_call& call, int result) {
    return reference::execute(call.program, call.arguments.data(), call.arguments.size(),
                              reference::precision::extended)[result];
  }

  /// Central differences of two widths: their extrapolation is the estimate, their distance its doubt.
  void compare_differences(int k, const reference::array& slope, run_time_call& value) {
    reference::array& x = value.arguments[k];
    const std::ptrdiff_t n = x.size(), step = n > 64 ? n / 64 : 1;
    for (std::ptrdiff_t i = 0; i < n; i += step) {
      const real origin = x[i].real, h = 1e-4L * (1 + math::abs(origin));
      const auto moved = [&](real t) {
        x[i].real = origin + t;
        const real y = at(value, 0)[0].real;
        x[i].real = origin;
        return y;
      };
      const real near_slope = (moved(h) - moved(-h)) / (2 * h), far_slope = (moved(2 * h) - moved(-2 * h)) / (4 * h);
      judge("reverse mode against finite differences", k, i, near_slope, far_slope, slope[i].real);
    }
  }

  void judge(const char* mode, int argument, std::ptrdiff_t i, real near_slope, real far_slope, real found) {
    const real estimate = near_slope + (near_slope - far_slope) / 3;
    record(mode, argument, i, estimate, found, math::abs(near_slope - far_slope) + 1e-6L * math::abs(estimate) + 1e-7L);
  }

  void record(const char* mode, int argument, std::ptrdiff_t i, real expected, real found, real allowed) {
    ++report.comparisons;
    const real error = math::abs(expected - found);
    const double fraction = static_cast<double>(error == error ? error / allowed : __builtin_infl());
    if (fraction <= report.worst && !report.mode.empty()) return;
    report.worst = fraction;
    report.mode = mode;
    report.argument = argument;
    report.element = i;
    report.expected = static_cast<double>(expected);
    report.found = static_cast<double>(found);
    report.agreed = fraction <= 1;
  }
};

}  // namespace detail

/// Compares, at the given arguments, reverse mode with finite differences, forward mode with reverse mode, and the
/// second derivative (forward over reverse) with differences of the first, with respect to each floating-point
/// argument; several results or elements are added up. At most 64 elements of an array are moved one by one. Points
/// where f is not smooth will be reported. Everything is computed value by value in long double, whatever the
/// arguments' types (operations of one's own in double), so that no loop of f is compiled.
///
///     #include <fusegrad/debug.hpp>
///     assert(fg::check_gradient([](auto x) { return my_op(x); }, std::vector{0.1, 2.0}));
template <class F, argument... A>
gradient_report check_gradient(const F& f, const A&... a) {
  const detail::summed_results<F> function{f};
  const auto arguments = detail::reference_arrays(a...);
  detail::gradient_check check;
  [&]<class... D>(std::type_identity<D>...) {
    auto value = detail::call_at_run_time<D...>(fuse(function), arguments);
    const auto along = [&]<int K, class Own>(std::integral_constant<int, K>, std::type_identity<Own>) {
      if constexpr (is_floating(dtype_of<typename Own::type>)) {
        using detail::call_at_run_time;
        auto gradient = call_at_run_time<D...>(grad<K>(function), arguments);
        auto with_directions = arguments;
        with_directions.push_back(detail::gradient_check::directions(arguments[K]));
        check.along(K, value, gradient, call_at_run_time<D..., Own>(jvp<K>(function), with_directions),
                    call_at_run_time<D..., Own>(hvp<K>(function), with_directions));
      }
    };
    [&]<int... K>(std::integer_sequence<int, K...>) {
      (along(std::integral_constant<int, K>{}, std::type_identity<D>{}), ...);
    }(std::make_integer_sequence<int, static_cast<int>(sizeof...(D))>{});
  }(detail::in_double<detail::described<A>>{}...);
  return check.report;
}

}  // namespace fusegrad

FUSEGRAD_HARDLY_RUN_END
