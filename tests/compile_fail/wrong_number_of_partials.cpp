// An operation of two operands has two partial derivatives.
// expect: fusegrad: an operation's partials must be one derivative for each operand
#include <array>
#include <fusegrad/fusegrad.hpp>
#include <string_view>

namespace fg = fusegrad;

inline constexpr struct product_t : fg::elementwise<product_t, 2> {
  static constexpr std::string_view name = "product";
  static constexpr auto value(auto x, auto y) { return x * y; }
#ifdef MISTAKE
  static constexpr auto partials(fg::symbolic auto, fg::symbolic auto y, fg::symbolic auto) { return y; }
#else
  static constexpr auto partials(fg::symbolic auto x, fg::symbolic auto y, fg::symbolic auto) {
    return std::array{y, x};
  }
#endif
} product;

double slope(double x) {
  return fg::grad([](auto v) { return product(v, v); })(x);
}
