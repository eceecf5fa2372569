// The types in which tests of compiled loops run.
#pragma once

#include <tuple>

/// The floating types that a test of compiled loops runs in: one of them where it is compiled for another instruction
/// set than the machine's own, too.
#if defined(FUSEGRAD_ONE_TYPE)
using loop_types = std::tuple<float>;
#else
using loop_types = std::tuple<float, double>;
#endif
/// Calls f with a 0 of each of them.
template <class F>
void for_each_loop_type(F f) {
  std::apply([&f](auto... zero) { (f(zero), ...); }, loop_types{});
}
