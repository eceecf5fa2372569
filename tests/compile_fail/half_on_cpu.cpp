// Numbers of 16 bits are for a GPU to compute with.
// expect: fusegrad: only a GPU computes on arrays of half or bfloat16; bring them to fg::device, or copy them to arrays of float
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

void run(const std::vector<fg::half>& narrow, const std::vector<float>& wide) {
  const auto twice = fg::fuse([](auto x) { return 2 * x; });
#ifdef MISTAKE
  auto result = twice(narrow);
#else
  static_cast<void>(narrow);
  auto result = twice(wide);
#endif
}
