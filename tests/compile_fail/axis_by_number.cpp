// Its place in the type of the result is what an axis decides.
// expect: fusegrad: an operation has too few or too many operands; the axes of a reduction are named by type: fg::sum(x, fg::axis<1>)
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

auto sums(const fg::tensor<float, 2>& x) {
#ifdef MISTAKE
  return fg::fuse([](auto v) { return fg::sum(v, 1); })(x);
#else
  return fg::fuse([](auto v) { return fg::sum(v, fg::axis<1>); })(x);
#endif
}
