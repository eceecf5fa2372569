// Of which of them is not said.
// expect: fusegrad: a gradient needs a function with one result; return one number, or use fg::with_aux(f), if the gradient of the first is meant, or fg::vjp
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

auto slopes(const std::vector<float>& x) {
  constexpr auto f = [](auto v) { return fg::outputs(fg::sum(v * v), v / 2); };
#ifdef MISTAKE
  auto [value, slope] = fg::value_and_grad(f)(x);
#else
  auto [value, half, slope] = fg::value_and_grad(fg::with_aux(f))(x);
#endif
  return slope;
}
