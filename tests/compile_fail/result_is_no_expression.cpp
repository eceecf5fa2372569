// A fused function returns expressions or numbers, not a container of them.
// expect: fusegrad: a fused function must return an expression, a number, or several as fg::outputs(a, b)
#include <fusegrad/fusegrad.hpp>
#include <utility>
#include <vector>

namespace fg = fusegrad;

auto sum_and_mean(const std::vector<float>& x) {
  return fg::fuse([](auto v) {
#ifdef MISTAKE
    return std::pair(fg::sum(v), fg::mean(v));
#else
    return fg::outputs(fg::sum(v), fg::mean(v));
#endif
  })(x);
}
