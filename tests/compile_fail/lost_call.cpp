// A call in two steps of which the second is forgotten.
// expect: fusegrad: nothing has run yet; pass the arguments: t.into(outs...)(args...)
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

void differentiate(const std::vector<float>& x, float& value, std::vector<float>& slope) {
#ifdef MISTAKE
  static_cast<void>(x);
  fg::value_and_grad([](auto v) { return fg::sum(v * v); }).into(value, slope);
#else
  fg::value_and_grad([](auto v) { return fg::sum(v * v); }).into(value, slope)(x);
#endif
}
