// Functions of std take numbers.
// expect: fusegrad: an expression has no value yet and cannot become a number; keep it as 'auto', return it from the function, and call fg::exp(x) instead of std::exp(x)
// flags: -DALONE
#include <cmath>
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

float total(const std::vector<float>& x) {
#ifdef MISTAKE
  return fg::fuse([](auto v) { return fg::sum(std::exp(v)); })(x);
#else
  return fg::fuse([](auto v) { return fg::sum(fg::exp(v)); })(x);
#endif
}
