// There is no element yet to go to.
// expect: fusegrad: an expression stands for all elements at once and is no range; write what becomes of one, and fg::sum it
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

float total(const std::vector<float>& x) {
#ifdef MISTAKE
  return fg::fuse([](auto v) {
    for ([[maybe_unused]] const auto& element : v) return fg::sum(v);
    return fg::sum(v);
  })(x);
#else
  return fg::fuse([](auto v) { return fg::sum(v); })(x);
#endif
}
