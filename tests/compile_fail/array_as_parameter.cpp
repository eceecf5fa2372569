// What stands for an array in the function has a type of its own.
// expect: fusegrad: an operation takes numbers and expressions, not arrays; give the array to a function: fg::fuse([](auto x) { return fg::exp(x); })(array)
// lines: 60
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

float total(const std::vector<float>& x) {
#ifdef MISTAKE
  return fg::fuse([](std::vector<float> v) { return fg::norm1(v); })(x);
#else
  return fg::fuse([](auto v) { return fg::norm1(v); })(x);
#endif
}
