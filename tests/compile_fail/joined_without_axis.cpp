// Arrays may be joined along any of their axes.
// expect: fusegrad: fg::concatenate takes values, then the axis: fg::concatenate(x, y, fg::axis<0>)
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

auto joined(const std::vector<float>& x) {
#ifdef MISTAKE
  return fg::fuse([](auto v) { return fg::concatenate(v, v); })(x);
#else
  return fg::fuse([](auto v) { return fg::concatenate(v, v, fg::axis<0>); })(x);
#endif
}
