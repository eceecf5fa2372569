// Forward mode needs to know where to go.
// expect: fusegrad: jvp and hvp take the arguments of the function, then a direction for each that moves; one of these is missing
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

auto curvature(const std::vector<float>& x, [[maybe_unused]] const std::vector<float>& v) {
  constexpr auto energy = [](auto a) { return fg::sum(a * a * a); };
#ifdef MISTAKE
  return fg::hvp(energy)(x);
#else
  return fg::hvp(energy)(x, v);
#endif
}
