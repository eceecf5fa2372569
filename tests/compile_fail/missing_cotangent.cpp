// Reverse mode needs to know what to weigh the result with.
// expect: fusegrad: vjp takes the arguments of the function, then the cotangent; one of these is missing
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

auto slopes(const std::vector<float>& x) {
  constexpr auto cube = [](auto a) { return a * a * a; };
#ifdef MISTAKE
  return fg::vjp(cube)(x);
#else
  return fg::vjp(cube)(x, 1.0f);
#endif
}
