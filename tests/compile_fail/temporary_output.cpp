// What is written to a temporary is lost.
// expect: fusegrad: an output is a temporary, which would be gone with the result; pass a variable
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

void differentiate(const std::vector<float>& x, std::vector<float>& dx) {
  constexpr auto energy = [](auto a) { return fg::sum(a * a); };
#ifdef MISTAKE
  fg::grad(energy).into(std::vector<float>(dx))(x);
#else
  fg::grad(energy).into(dx)(x);
#endif
}
