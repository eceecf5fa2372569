// Integers are inputs without a derivative.
// expect: fusegrad: a derivative with respect to an integer or boolean argument does not exist; pass it as float or double
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

auto slopes(const std::vector<float>& x, const std::vector<int>& label) {
  constexpr auto loss = [](auto v, auto y) { return fg::sum(fg::where(y == 1, v * v, v)); };
#ifdef MISTAKE
  return fg::grad<1>(loss)(x, label);
#else
  return fg::grad<0>(loss)(x, label);
#endif
}
