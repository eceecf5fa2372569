// Calls computed value by value instead of by compiled loops, and the one against the other.
#pragma once

#include <cmath>
#include <type_traits>
#include <vector>

#include "by_reference.hpp"

/// The largest difference between an element of a result and what it is value by value, relative to that where it is
/// larger than 1; infinite where one of both is not a number.
template <class T, class... A>
double disagreement(const T& t, const A&... a) {
  double worst = 0;
  const auto compare = [&worst](double compiled, double wanted) {
    const double error = std::abs(compiled - wanted) / std::fmax(1, std::abs(wanted));
    if (!(compiled == wanted) && !(error <= worst)) worst = error == error ? error : INFINITY;
  };
  const auto compare_results = [&compare](const auto& compiled, const auto& wanted) {
    if constexpr (std::is_arithmetic_v<std::remove_cvref_t<decltype(compiled)>>) {
      compare(static_cast<double>(compiled), static_cast<double>(wanted));
    } else if (compiled.size() != wanted.size()) {
      compare(INFINITY, 0);
    } else {
      for (std::ptrdiff_t i = 0; i < compiled.size(); ++i)
        compare(static_cast<double>(compiled.data()[i]), static_cast<double>(wanted.data()[i]));
    }
  };
  const auto compiled = t(a...);
  const auto wanted = fusegrad::detail::results_of_reference<fusegrad::detail::executable_of<T, A...>>(
      results_by_reference(fusegrad::detail::at_run_time(t, a...)));
  if constexpr (requires { compiled.size(); } || std::is_arithmetic_v<std::remove_cvref_t<decltype(compiled)>>)
    compare_results(compiled, wanted);
  else
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      (compare_results(get<K>(compiled), get<K>(wanted)), ...);
    }(std::make_index_sequence<std::tuple_size_v<std::remove_cvref_t<decltype(compiled)>>>{});
  return worst;
}

/// The elements of the last result of a call, computed value by value: for rules, which are the same whatever executes
/// a program. Compiled where tests are thorough.
template <class T, class... A>
std::vector<double> last_result(const T& t, const A&... a) {
  std::vector<double> elements;
#if defined(FUSEGRAD_COMPILED)
  const auto all = t(a...);
  const auto take = [&elements](const auto& last) {
    if constexpr (std::is_arithmetic_v<std::remove_cvref_t<decltype(last)>>) elements.push_back(last);
    else
      for (double e : last) elements.push_back(e);
  };
  if constexpr (requires { get<1>(all); }) take(get<1>(all));
  else take(all);
#else
  const auto all = results_by_reference(fusegrad::detail::at_run_time(t, a...));
  for (const auto& e : all[all.size() - 1].elements) elements.push_back(static_cast<double>(e.real));
#endif
  return elements;
}
