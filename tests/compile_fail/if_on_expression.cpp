// An `if` asks for a value that an expression does not have yet.
// expect: fusegrad: an expression has no value yet and cannot steer 'if', '?:' or 'while'; use fg::where(condition, a, b)
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

float positive_part(const std::vector<float>& x) {
  return fg::fuse([](auto v) {
#ifdef MISTAKE
    if (v > 0) return fg::sum(v);
    return fg::sum(0 * v);
#else
    return fg::sum(fg::where(v > 0, v, 0));
#endif
  })(x);
}
