// A function of two arguments cannot be called with one.
// expect: fusegrad: the function cannot be called with expressions for the arguments of this call; it must take as many as it is passed
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

auto slopes(const std::vector<float>& x, [[maybe_unused]] const std::vector<float>& y) {
  constexpr auto product = [](auto a, auto b) { return fg::sum(a * b); };
#ifdef MISTAKE
  return fg::grad(product)(x);
#else
  return fg::grad(product)(x, y);
#endif
}
