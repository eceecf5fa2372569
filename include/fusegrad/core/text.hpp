// Text made of parts, for errors and explanations, and how an error is raised. Appending, where `"a" +
// std::to_string(n)` would insert: g++ 12 warns of that.
#pragma once

#include <concepts>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace fusegrad::detail {

[[gnu::cold]] inline void append(std::string& to, std::string_view part) { to.append(part); }
[[gnu::cold]] inline void append(std::string& to, std::integral auto number) { to.append(std::to_string(number)); }

/// The parts, strings and integers, one after another.
template <class... Parts>
[[gnu::cold]] std::string text_of(const Parts&... parts) {
  std::string text;
  (append(text, parts), ...);
  return text;
}

/// Throws the error; where exceptions are switched off, prints its sentence and aborts.
template <class Error>
[[noreturn, gnu::cold, gnu::noinline]] void raise(const Error& error) {
#if defined(__cpp_exceptions)
  throw error;
#else
  std::fprintf(stderr, "%s\n", error.what());
  std::abort();
#endif
}

}  // namespace fusegrad::detail
