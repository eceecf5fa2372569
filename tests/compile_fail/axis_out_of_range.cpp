// An axis that the array does not have.
// expect: fusegrad: an axis is named that the value does not have; axes are counted from 0, or from -1 at the end
#include <fusegrad/fusegrad.hpp>

namespace fg = fusegrad;

#ifdef MISTAKE
constexpr auto rows = [](auto x) { return fg::sum(x, fg::axis<2>); };
#else
constexpr auto rows = [](auto x) { return fg::sum(x, fg::axis<1>); };
#endif

fg::tensor<float, 1> sums(const fg::tensor<float, 2>& x) { return fg::fuse(rows)(x); }
