// A result keeps its type: nothing is converted on the way to memory.
// expect: fusegrad: an output's element type differs from that of the result
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

#ifdef MISTAKE
using slopes = std::vector<double>;
#else
using slopes = std::vector<float>;
#endif

void differentiate(const std::vector<float>& x, slopes& dx) {
  fg::grad([](auto v) { return fg::sum(v * v); }).into(dx)(x);
}
