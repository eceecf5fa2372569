// Where every expression has a type of its own, an index is part of it.
// expect: an index is part of a type: instead of x[0] write fg::at<0>(x)
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

float first(const std::vector<float>& x, float weight) {
#ifdef MISTAKE
  return fg::fuse([weight](auto v) { return weight * v[0]; })(x);
#else
  return fg::fuse([weight](auto v) { return weight * fg::at<0>(v); })(x);
#endif
}
