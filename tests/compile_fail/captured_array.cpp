// Arrays are passed, numbers may be captured.
// expect: fusegrad: an array stands beside an expression; arrays are arguments: let the function take it as a further
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

float product(const std::vector<float>& x, const std::vector<float>& y) {
#ifdef MISTAKE
  return fg::fuse([&](auto a) { return fg::sum(a * y); })(x);
#else
  return fg::fuse([](auto a, auto b) { return fg::sum(a * b); })(x, y);
#endif
}
