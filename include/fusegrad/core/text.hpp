// Text made of parts, for errors and explanations. Appending, where `"a" + std::to_string(n)` would insert: g++ 12
// warns of that.
#pragma once

#include <concepts>
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

}  // namespace fusegrad::detail
