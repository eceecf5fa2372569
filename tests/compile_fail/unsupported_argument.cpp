// A list cannot be viewed as an array.
// expect: fusegrad: an argument is neither a number nor an array of numbers; pass float, double, an integer, std::vector
#include <fusegrad/fusegrad.hpp>
#include <list>
#include <vector>

namespace fg = fusegrad;

#ifdef MISTAKE
using container = std::list<float>;
#else
using container = std::vector<float>;
#endif

float total(const container& x) {
  return fg::fuse([](auto v) { return fg::sum(v); })(x);
}
