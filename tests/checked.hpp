// What a call checks before it runs, without the call: no kernel is compiled.
#pragma once

#include <fusegrad/fusegrad.hpp>

/// Checks the arguments of a call that returns its results, and throws as the call does. The function captures nothing.
template <class T, class... A>
void check_arguments(const T&, const A&... a) {
  using X = fusegrad::detail::executable_of<T, A...>;
  fusegrad::detail::with_parts<X>(
      [](const auto&... inputs) {
        const fusegrad::results<decltype(inputs)...> all{{{inputs}...}};
        fusegrad::detail::check_inputs<X>(fusegrad::detail::table_of<X>(all));
      },
      fusegrad::detail::bound(a)...);
}
