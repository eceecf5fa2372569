// In NumPy conditions meet so.
// expect: fusegrad: conditions meet by '&&', which takes all elements of both
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

auto inside(const std::vector<float>& x) {
#ifdef MISTAKE
  return fg::fuse([](auto v) { return (v > 0) & (v < 1); })(x);
#else
  return fg::fuse([](auto v) { return v > 0 && v < 1; })(x);
#endif
}
