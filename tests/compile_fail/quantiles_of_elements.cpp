// Another quantile for each of the elements of which it is one.
// expect: fusegrad: fg::quantile takes one q for each row; one that varies along the axes that are reduced is several quantiles: call it for each
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

float chosen(const std::vector<float>& x, const std::vector<float>& q) {
  constexpr auto quantile = [](auto v, auto p) { return fg::sum(fg::quantile(v, p)); };
#ifdef MISTAKE
  return fg::fuse(quantile)(x, q);
#else
  return fg::fuse(quantile)(x, q[0]);
#endif
}
