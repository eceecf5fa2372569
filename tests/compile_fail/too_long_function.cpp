// A loop that takes the compiler more steps than it allows.
// expect: fusegrad: the function is too long for the compiler to call within its limits; raise them, with g++ by -fconstexpr-ops-limit=1000000000, with clang by -fconstexpr-steps=100000000, with nvcc by -Xcudafe --max_cost_constexpr_call=1000000000
// flags of g++: -fconstexpr-ops-limit=1000000
// flags of clang: -fconstexpr-steps=60000
#include <fusegrad/fusegrad.hpp>

namespace fg = fusegrad;

#ifdef MISTAKE
constexpr int steps = 200;
#else
constexpr int steps = 5;
#endif
constexpr auto recurrence = [](auto x, auto s) {
  auto step = [&](auto y) { return y * s + x; };
  auto y = x;
  for (int i = 0; i < steps; ++i) {
    auto next = step(y), after = step(next * s);
    y = after;
  }
  return y;
};

double last(double x, double s) { return fg::grad<1>(recurrence)(x, s); }
