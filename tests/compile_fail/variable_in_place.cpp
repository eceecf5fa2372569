// A variable is changed through its value.
// expect: fusegrad: a variable stays the same variable and cannot be assigned to; change what it holds: x.value() = ...
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

void descend() {
  fg::variable w = 3.0;
#ifdef MISTAKE
  w *= 0.9;
#else
  w.value() *= 0.9;
#endif
}
