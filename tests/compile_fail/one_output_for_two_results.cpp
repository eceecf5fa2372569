// A value and a gradient need two places to go.
// expect: fusegrad: into() takes one output for each result: the value, then the gradients
// lines: 100
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

void differentiate(const std::vector<float>& x, float& value, std::vector<float>& dx) {
  constexpr auto energy = [](auto v) { return fg::sum(v * v); };
#ifdef MISTAKE
  fg::value_and_grad(energy).into(value)(x);
#else
  fg::value_and_grad(energy).into(value, dx)(x);
#endif
}
