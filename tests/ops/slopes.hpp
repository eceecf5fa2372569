// Checks a function's value and derivative at one point, in forward and reverse mode, float and double: on the
// reference, and where programs are compiled, as a number and as arrays.
#pragma once

#include <cmath>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "oracle/run.hpp"

namespace slopes {

namespace fg = fusegrad;

inline constexpr double inf = std::numeric_limits<double>::infinity();
inline constexpr double quiet_nan = std::numeric_limits<double>::quiet_NaN();

/// Equal to within some ulp, infinities and NaN included.
template <class T>
bool agrees(T got, double want, double ulps = 4) {
  const T rounded = static_cast<T>(want);
  if (std::isnan(rounded) || std::isnan(got)) return std::isnan(rounded) && std::isnan(got);
  if (got == rounded) return true;
  if (std::isinf(rounded) || std::isinf(got)) return false;
  const T scale = std::max(std::abs(rounded), std::numeric_limits<T>::min());
  const double step = static_cast<double>(std::numeric_limits<T>::epsilon() * scale);
  return std::abs(static_cast<double>(got) - want) <= ulps * step;
}

/// Element k of a result; what does not depend on the arguments is one number.
template <class T, class R>
T at(const R& r, std::size_t k) {
  if constexpr (std::is_arithmetic_v<R>) return static_cast<T>(r);
  else return static_cast<T>(r[r.size() == 1 ? 0 : static_cast<std::ptrdiff_t>(k)]);
}

/// The value and the derivative with respect to argument I, in reverse and in forward mode, as one function.
template <int I, class F>
struct both_modes {
  constexpr auto operator()(const auto&... x) const {
    const auto reverse = fg::vjp<I>(F{})(x..., 1.0);
    const auto forward = fg::jvp<I>(F{})(x..., 1.0);
    return fg::outputs(get<0>(reverse), get<1>(reverse), get<0>(forward), get<1>(forward));
  }
};

/// The check itself, compiled once for each type instead of once for each function.
template <class T>
void check_values(double value, double slope, T y_of_reverse, T x_bar, T y_of_forward, T y_dot) {
  CHECK(agrees(y_of_reverse, value));
  CHECK(agrees(y_of_forward, value));
  CHECK(agrees(x_bar, slope));
  CHECK(agrees(y_dot, slope));
}

template <class T, int I, class F, class... X>
void check_in(F, double value, double slope, X... x) {
  constexpr std::size_t odd = 5;
  const auto check_all = [&](const auto& result) {
    for (std::size_t k : {std::size_t{0}, odd - 1})
      check_values<T>(value, slope, at<T>(get<0>(result), k), at<T>(get<1>(result), k), at<T>(get<2>(result), k),
                      at<T>(get<3>(result), k));
  };
  constexpr auto f = fg::fuse(both_modes<I, F>{});
  if constexpr (sizeof(T) == 8 && oracle::compiled) check_all(f(static_cast<T>(x)...));
  check_all(oracle::run(f, std::vector<T>(odd, static_cast<T>(x))...));
}

/// f(x...) = value, and its derivative with respect to argument I is `slope`.
template <int I = 0, class F, class... X>
void check(F f, double value, double slope, X... x) {
  INFO("at " << [](std::initializer_list<double> all) {
    std::string text;
    for (double v : all) text += std::to_string(v) + " ";
    return text;
  }({static_cast<double>(x)...}));
  {
    INFO("float");
    check_in<float, I>(f, value, slope, x...);
  }
  {
    INFO("double");
    check_in<double, I>(f, value, slope, x...);
  }
}

}  // namespace slopes
