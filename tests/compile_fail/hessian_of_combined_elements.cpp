// The Hessian of a sum has an entry for each pair of elements, not for each element.
// expect: fusegrad: a Jacobian or Hessian has one entry for each element, but this function combines elements; use fg::jvp, fg::vjp or fg::hvp
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

auto curvature(const std::vector<float>& x) {
#ifdef MISTAKE
  return fg::hessian([](auto v) { return fg::sum(v * v); })(x);
#else
  return fg::hessian([](auto v) { return v * v; })(x);
#endif
}
