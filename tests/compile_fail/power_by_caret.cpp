// A caret is no power.
// expect: fusegrad: '^' is no power in C++; use fg::pow(x, y), or fg::square(x)
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

float energy(const std::vector<float>& x) {
#ifdef MISTAKE
  return fg::fuse([](auto v) { return fg::sum(v ^ 2); })(x);
#else
  return fg::fuse([](auto v) { return fg::sum(fg::square(v)); })(x);
#endif
}
