// A cast asks for a value.
// expect: fusegrad: an expression has no value yet and cannot become a number; keep it as 'auto', return it from the function
// flags: -DALONE
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

float doubled(const std::vector<float>& x) {
#ifdef MISTAKE
  return fg::fuse([](auto v) { return 2 * static_cast<float>(fg::sum(v)); })(x);
#else
  return fg::fuse([](auto v) { return 2 * fg::sum(v); })(x);
#endif
}
