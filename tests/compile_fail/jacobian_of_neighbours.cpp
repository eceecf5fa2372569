// Each result depends on two elements, so that its derivatives are no entry for each element.
// expect: fusegrad: a Jacobian or Hessian has one entry for each element, but this function combines elements; use fg::jvp, fg::vjp or fg::hvp
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

auto slopes(const std::vector<float>& x) {
#ifdef MISTAKE
  return fg::jacobian([](auto v) { return v * fg::flip(v, fg::axis<0>); })(x);
#else
  return fg::jacobian([](auto v) { return v * v; })(x);
#endif
}
