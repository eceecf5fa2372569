// Runs a transform as most tests of values do: traced and lowered while the test runs, and executed by the reference,
// so that no program is compiled. Where FUSEGRAD_EMULATED is defined it runs in the emulation of a GPU, where
// FUSEGRAD_COMPILED is, as users run it.
#pragma once

#include <array>
#include <fusegrad/fusegrad.hpp>
#include <stdexcept>
#include <utility>
#include <vector>

#if defined(FUSEGRAD_EMULATED)
#include "../cuda/compare.hpp"
#elif !defined(FUSEGRAD_COMPILED)
#include "../by_reference.hpp"
#endif

namespace oracle {

/// A result of the reference: an array, or a number, of which type and shape are known when the test runs.
struct reference_result {
  fusegrad::dtype type;
  std::vector<std::ptrdiff_t> extents;
  std::vector<double> numbers;

  const std::vector<std::ptrdiff_t>& shape() const { return extents; }
  std::ptrdiff_t size() const { return static_cast<std::ptrdiff_t>(numbers.size()); }
  double operator[](std::ptrdiff_t k) const { return numbers[static_cast<std::size_t>(k)]; }
};
struct reference_results {
  std::vector<reference_result> all;
};
template <std::size_t K>
const reference_result& get(const reference_results& r) {
  return r.all.at(K);
}

/// Are programs compiled, so that vectors and numbers are paths of their own?
#if defined(FUSEGRAD_EMULATED) || defined(FUSEGRAD_COMPILED)
inline constexpr bool compiled = true;
#else
inline constexpr bool compiled = false;
#endif

template <class R>
inline constexpr bool is_reference = std::is_same_v<R, reference_result> || std::is_same_v<R, reference_results>;

#if defined(FUSEGRAD_EMULATED)
/// So many times the elements of a table are more than a block takes at once.
inline constexpr int often = 131;
/// Kernels know nothing of modes: reverse mode will do.
inline constexpr bool every_mode = false;

template <class T, class... A>
auto run(const T& t, const A&... a) {
  auto all = emulator::emulated(t, 1, 7, a...).results;
  if constexpr (std::tuple_size_v<decltype(all)> == 1) return get<0>(all);
  else return all;
}
#else
inline constexpr int often = 3;
inline constexpr bool every_mode = true;

#if defined(FUSEGRAD_COMPILED)
template <class T, class... A>
auto run(const T& t, const A&... a) {
  return t(a...);
}
#else
inline reference_results run_by_reference(const fusegrad::run_time_call& call) {
  const auto values = lowered_results_by_reference(call);
  reference_results made;
  for (int k = 0; k < call.program.output_count; ++k) {
    reference_result r{values[k].type, {}, {}};
    for (int d = call.program.layouts[k].rank; d-- > 0;) r.extents.push_back(values[k].n.along[d]);
    for (std::ptrdiff_t i = 0; i < values[k].size(); ++i)
      r.numbers.push_back(fusegrad::is_floating(r.type) ? static_cast<double>(values[k][i].real)
                                                        : static_cast<double>(values[k][i].whole));
    made.all.push_back(std::move(r));
  }
  return made;
}
template <class T, class... A>
reference_results run(const T& t, const A&... a) {
  return run_by_reference(fusegrad::detail::at_run_time(t, a...));
}
#endif
#endif

/// The elements of a result, row after row.
template <class R>
std::vector<double> elements_of(const R& result) {
  if constexpr (std::is_same_v<R, reference_result>) {
    return result.numbers;
  } else if constexpr (std::is_arithmetic_v<R>) {
    return {static_cast<double>(result)};
  } else {
    std::vector<double> made;
    for (std::ptrdiff_t i = 0; i < result.size(); ++i) made.push_back(static_cast<double>(result[i]));
    return made;
  }
}

/// The elements of the result of a call, or of each of its N results.
template <std::size_t N = 1, class T, class... A>
auto elements(const T& t, const A&... a) {
  const auto all = run(t, a...);
  constexpr bool reference = is_reference<std::remove_const_t<decltype(all)>>;
  if constexpr (reference)
    if (all.all.size() != N) throw std::logic_error("a call has another number of results");
  if constexpr (N == 1 && !reference) {
    return elements_of(all);
  } else {
    return [&]<std::size_t... K>(std::index_sequence<K...>) {
      if constexpr (N == 1) return elements_of(get<0>(all));
      else return std::array{elements_of(get<K>(all))...};
    }(std::make_index_sequence<N>{});
  }
}

}  // namespace oracle
