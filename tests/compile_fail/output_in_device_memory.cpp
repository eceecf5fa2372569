// What a call writes to lies where its arguments lie.
// expect: fusegrad: an output array lies in device memory, the arguments in the host's; bring them to one place, with .to(fg::device) or .to(fg::host)
#include <fusegrad/fusegrad.hpp>

namespace fg = fusegrad;

void run(fg::view<float, 1, fg::device> there, fg::view<float, 1> here) {
  const auto doubled = fg::fuse([](auto x) { return 2 * x; });
#ifdef MISTAKE
  doubled.into(there)(here);
#else
  static_cast<void>(there);
  doubled.into(here)(here);
#endif
}
