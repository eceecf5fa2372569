// What is sorted along two axes at once has no place for each element.
// expect: fusegrad: elements are sorted along one axis: fg::sort(x, fg::axis<0>)
#include <fusegrad/fusegrad.hpp>

namespace fg = fusegrad;

fg::tensor<float, 2> sorted(const fg::tensor<float, 2>& x) {
#ifdef MISTAKE
  return fg::fuse([](auto v) { return fg::sort(v, fg::axis<0, 1>); })(x);
#else
  return fg::fuse([](auto v) { return fg::sort(v, fg::axis<0>); })(x);
#endif
}
