// How long an array is the call knows, not the function.
// expect: fusegrad: an expression has no size yet; fg::sum(0 * x + 1) counts elements, fg::mean divides by their number
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

float average(const std::vector<float>& x) {
#ifdef MISTAKE
  return fg::fuse([](auto v) { return fg::sum(v) / v.size(); })(x);
#else
  return fg::fuse([](auto v) { return fg::mean(v); })(x);
#endif
}
