// What is written to cannot be constant.
// expect: fusegrad: an output is constant and cannot be written to
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

#ifdef MISTAKE
using slopes = const std::vector<float>;
#else
using slopes = std::vector<float>;
#endif

void differentiate(const std::vector<float>& x, slopes& dx) {
  fg::grad([](auto v) { return fg::sum(v * v); }).into(dx)(x);
}
