// An operation is not a loop yet.
// expect: fusegrad: an operation takes numbers and expressions, not arrays; give the array to a function: fg::fuse([](auto x) { return fg::exp(x); })(array)
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

auto exponentials(const std::vector<float>& x) {
#ifdef MISTAKE
  return fg::exp(x);
#else
  return fg::fuse([](auto a) { return fg::exp(a); })(x);
#endif
}
