// An integer beside an array of a type that does not hold it.
// expect: fusegrad: a literal does not fit the integer type of the array or number beside it; convert that with fg::cast<std::int64_t>(x), or pass the number as an argument
#include <fusegrad/fusegrad.hpp>

namespace fg = fusegrad;

#ifdef MISTAKE
constexpr auto below = [](auto x) { return x < 3000000000; };
#else
constexpr auto below = [](auto x) { return x < 2000000000; };
#endif

bool first_below(const fg::tensor<int, 1>& x) { return fg::fuse(below)(x)[0]; }
