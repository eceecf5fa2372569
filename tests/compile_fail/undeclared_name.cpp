// A slip that has nothing to do with the library stays alone, though calls stand beside it.
// expect: undeclared_name
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

float slope(const std::vector<float>& x) {
  const auto first = fg::grad([](auto v) { return fg::sum(v * v); })(x);
#ifdef MISTAKE
  const float factor = undeclared_name;
#else
  const float factor = 2;
#endif
  const auto second = fg::grad([](auto v) { return fg::logsumexp(v); })(x);
  return factor * (first[0] + second[0]);
}
