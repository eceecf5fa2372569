// Arrays of one call lie in one place.
// expect: fusegrad: some arrays lie in device memory and some do not; bring all to one place, with .to(fg::device) or .to(fg::host)
#include <fusegrad/fusegrad.hpp>

namespace fg = fusegrad;

void run(fg::view<const float, 1, fg::device> there, fg::view<const float, 1> here) {
  const auto sum = fg::fuse([](auto x, auto y) { return x + y; });
#ifdef MISTAKE
  auto result = sum(here, there);
#else
  static_cast<void>(there);
  auto result = sum(here, here);
#endif
}
