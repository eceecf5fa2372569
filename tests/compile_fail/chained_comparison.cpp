// A comparison of a comparison.
// expect: fusegrad: a condition is compared with a number by <, <=, > or >=; instead of 0 < x < 1 write 0 < x && x < 1
#include <fusegrad/fusegrad.hpp>

namespace fg = fusegrad;

#ifdef MISTAKE
constexpr auto inside = [](auto x) { return 0 < x < 1; };
#else
constexpr auto inside = [](auto x) { return 0 < x && x < 1; };
#endif

bool first_inside(const fg::tensor<float, 1>& x) { return fg::fuse(inside)(x)[0]; }
