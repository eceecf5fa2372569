// std::format and std::print of tensors and views, where the standard library has them: g++ 13, clang 17, and later.
// Included by users, never by the library: <format> alone takes longer to compile than all of it.
#pragma once

#if !__has_include(<format>)
#error \
    "fusegrad: this standard library has no std::format; g++ 13 and clang 17 have it, and fg::to_string(x) needs none"
#endif
#include <format>

#include <fusegrad/fusegrad.hpp>

namespace fusegrad::detail {
/// A format is that of strings: `std::format("{:>20}", slope)`.
template <class Array>
struct array_formatter : std::formatter<std::string_view> {
  auto format(const Array& a, auto& context) const {
    return std::formatter<std::string_view>::format(fusegrad::to_string(a), context);
  }
};
}  // namespace fusegrad::detail

template <class T, int Rank>
struct std::formatter<fusegrad::tensor<T, Rank>> : fusegrad::detail::array_formatter<fusegrad::tensor<T, Rank>> {};
template <class T, int Rank>
struct std::formatter<fusegrad::view<T, Rank>> : fusegrad::detail::array_formatter<fusegrad::view<T, Rank>> {};
