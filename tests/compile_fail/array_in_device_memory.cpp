// What lies in device memory is for nvcc.
// expect: fusegrad: an array lies in device memory; compile this file with nvcc
#include <fusegrad/fusegrad.hpp>

namespace fg = fusegrad;

void run(fg::view<const float, 1, fg::device> there, fg::view<const float, 1> here) {
  const auto twice = fg::fuse([](auto x) { return 2 * x; });
#ifdef MISTAKE
  auto result = twice(there);
#else
  static_cast<void>(there);
  auto result = twice(here);
#endif
}
