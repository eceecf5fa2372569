// One axis under two names.
// expect: fusegrad: an axis is named twice
#include <fusegrad/fusegrad.hpp>

namespace fg = fusegrad;

#ifdef MISTAKE
constexpr auto all = [](auto x) { return fg::sum(x, fg::axis<1, -1>); };
#else
constexpr auto all = [](auto x) { return fg::sum(x, fg::axis<0, -1>); };
#endif

float sum(const fg::tensor<float, 2>& x) { return fg::fuse(all)(x); }
