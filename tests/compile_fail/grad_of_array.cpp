// A gradient is that of one number; this result is an array.
// expect: fusegrad: a gradient needs a function whose result is one number; reduce the result with fg::sum or fg::mean, or use fg::vjp
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

auto slopes(const std::vector<float>& x) {
#ifdef MISTAKE
  return fg::grad([](auto v) { return v * v; })(x);
#else
  return fg::grad([](auto v) { return fg::sum(v * v); })(x);
#endif
}
