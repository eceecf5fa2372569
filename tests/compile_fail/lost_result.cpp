// A gradient that nobody keeps.
// expect: fusegrad: the result of a call is lost
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

void differentiate(const std::vector<float>& x) {
#ifndef MISTAKE
  [[maybe_unused]] const auto slope =
#endif
      fg::grad([](auto v) { return fg::sum(v * v); })(x);
}
