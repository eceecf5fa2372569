// A transform is a function, which is called in turn.
// expect: fusegrad: fg::grad takes a function alone and makes another of it, which takes the arguments: fg::grad(f)(x)
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

auto slopes(const std::vector<float>& x) {
#ifdef MISTAKE
  return fg::grad(x, [](auto v) { return fg::sum(v * v); });
#else
  return fg::grad([](auto v) { return fg::sum(v * v); })(x);
#endif
}
