// A variable of a number's type asks for a value.
// expect: fusegrad: an expression has no value yet and cannot become a number; keep it as 'auto', return it from the function, and call fg::exp(x) instead of std::exp(x)
// flags: -DALONE
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

float total(const std::vector<float>& x) {
#ifdef MISTAKE
  return fg::fuse([](auto v) {
    float s = fg::sum(v);
    return s;
  })(x);
#else
  return fg::fuse([](auto v) {
    auto s = fg::sum(v);
    return s;
  })(x);
#endif
}
