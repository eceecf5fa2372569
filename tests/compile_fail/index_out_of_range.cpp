// Arguments count from 0.
// expect: fusegrad: a derivative is asked with respect to an argument that the call does not have; arguments are counted from 0
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

auto slopes(const std::vector<float>& x) {
  constexpr auto energy = [](auto v) { return fg::sum(v * v); };
#ifdef MISTAKE
  return fg::grad<1>(energy)(x);
#else
  return fg::grad<0>(energy)(x);
#endif
}
