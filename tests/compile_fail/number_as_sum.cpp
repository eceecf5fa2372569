// What is summed decides what the sum is.
// expect: fusegrad: a number cannot take up an expression, as 'sum += x' asks; let the sum begin as one: auto sum = 0 * x
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

auto powers(const std::vector<float>& x) {
#ifdef MISTAKE
  return fg::fuse([](auto v) {
    auto s = 0;
    for (int k = 1; k < 4; ++k) s += fg::pow(v, k);
    return s;
  })(x);
#else
  return fg::fuse([](auto v) {
    auto s = 0 * v;
    for (int k = 1; k < 4; ++k) s += fg::pow(v, k);
    return s;
  })(x);
#endif
}
