// A number has no elements.
// expect: fusegrad: an axis is named that the value does not have; axes are counted from 0, or from -1 at the end
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

float first(const std::vector<float>& x) {
#ifdef MISTAKE
  return fg::fuse([](auto v) { return fg::sum(v)[0]; })(x);
#else
  return fg::fuse([](auto v) { return fg::sum(v[0]); })(x);
#endif
}
