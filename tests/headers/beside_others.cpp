// The header beside headers that take common words for macros, and compiled as users may: with GNU's extensions,
// without exceptions, with warnings that the library itself does not follow.
#include <vector>

#define I _Complex_I
#define small char
#define near
#define far
#define slots
#define emit
#define check(condition) static_assert(condition)
#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ((a) > (b) ? (a) : (b))
#include <fusegrad/fusegrad.hpp>

#if FUSEGRAD_VERSION < 100
#error "FUSEGRAD_VERSION is one number"
#endif
check(max(1, 2) == 2 && sizeof(small) == 1);  // they are the user's again

namespace fg = fusegrad;

float slope(const std::vector<float>& x) {
  const auto loss = [](auto v) { return fg::sum((fg::max)(v, 0) * fg::sqrt(v)); };
  return fg::grad(loss).on(fg::par)(x)[0] + fg::tensor<float>(x.size())[0];
}
