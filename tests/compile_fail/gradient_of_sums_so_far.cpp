// An inner gradient of what is one number for each element, of which each depends on those before it.
// expect: fusegrad: a gradient needs a function whose result is one number; reduce the result with fg::sum or fg::mean, or use fg::vjp
#include <fusegrad/fusegrad.hpp>

namespace fg = fusegrad;

constexpr auto running = [](auto x) {
#ifdef MISTAKE
  return fg::cumsum(x);
#else
  return fg::sum(fg::cumsum(x));
#endif
};

fg::tensor<float, 1> slopes(const fg::tensor<float, 1>& x) {
  return fg::fuse([](auto v) { return fg::grad(running)(v) * v; })(x);
}
