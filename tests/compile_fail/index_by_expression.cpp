// Which element it is is not known where the function is traced.
// expect: fusegrad: an element is taken by an integer, as in x[2] or fg::at<fg::all, 2>(x); the one at an expression i is fg::sum(fg::where(fg::index(x, fg::axis<0>) == i, x, 0))
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

float chosen(const std::vector<float>& x, int k) {
#ifdef MISTAKE
  return fg::fuse([](auto v, auto i) { return v[i]; })(x, k);
#else
  return fg::fuse([](auto v, auto i) { return fg::sum(fg::where(fg::index(v, fg::axis<0>) == i, v, 0)); })(x, k);
#endif
}
