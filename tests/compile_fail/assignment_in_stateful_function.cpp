// With captures, the type of an expression is the whole computation.
// expect: fusegrad: in a function that captures, is not constexpr, or is too long for the compiler to evaluate, every expression has a type of its own and none can be assigned to another
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

auto powers(const std::vector<float>& x, float k) {
#ifdef MISTAKE
  return fg::fuse([k](auto a) {
    auto y = a;
    for (int i = 0; i < 3; ++i) y = y * k;
    return y;
  })(x);
#else
  return fg::fuse([](auto a, auto factor) {
    auto y = a;
    for (int i = 0; i < 3; ++i) y = y * factor;
    return y;
  })(x, k);
#endif
}
