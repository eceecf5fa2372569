// A step of gradient descent changes the value of a variable, not the variable.
// expect: fusegrad: a variable stays the same variable and cannot be assigned to; change what it holds: x.value() = ...
#include <fusegrad/fusegrad.hpp>

namespace fg = fusegrad;

double descend() {
  fg::variable x = 2.0;
  auto y = x * x;
  y.backward();
#ifdef MISTAKE
  x = x - 0.1 * x.grad();
#else
  x.value() -= 0.1 * x.grad();
#endif
  return x.value();
}
