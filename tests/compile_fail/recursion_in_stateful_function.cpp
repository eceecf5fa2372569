// A recursion whose types grow has no end; without captures there is but one type.
// expect: fusegrad: an expression has more than 4096 parts; does a function that captures, or is not constexpr, call itself?
// lines: 600
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

constexpr auto square_repeatedly = [](auto self, auto a, int times) {
  if (times == 0) return a;
  return self(self, a * a, times - 1);
};

auto eighth_power(const std::vector<float>& x) {
#ifdef MISTAKE
  auto& f = square_repeatedly;
  return fg::fuse([f](auto a) { return f(f, a, 3); })(x);
#else
  return fg::fuse([](auto a) { return square_repeatedly(square_repeatedly, a, 3); })(x);
#endif
}
