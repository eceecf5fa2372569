// Arrays of one call have one shape, so one rank.
// expect: fusegrad: the arrays of one call differ in rank; reshape them to one rank
#include <fusegrad/fusegrad.hpp>

namespace fg = fusegrad;

#ifdef MISTAKE
using second = fg::tensor<float, 2>;
#else
using second = fg::tensor<float, 1>;
#endif

float product(const fg::tensor<float, 1>& x, const second& y) {
  return fg::fuse([](auto a, auto b) { return fg::sum(a * b); })(x, y);
}
