// C++ has no remainder of floating-point numbers.
// expect: fusegrad: '%' is for integers of C++; use fg::fmod(x, y) or fg::remainder(x, y)
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

auto rest(const std::vector<float>& x) {
#ifdef MISTAKE
  return fg::fuse([](auto v) { return v % 2; })(x);
#else
  return fg::fuse([](auto v) { return fg::fmod(v, 2); })(x);
#endif
}
