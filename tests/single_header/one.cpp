// The half of the program that calls the other half: both see the whole library, of which this uses a little of each
// part.
#include <fusegrad/debug.hpp>
#include <vector>

namespace fg = fusegrad;

float slope_from_two(float x);

int main() {
  const std::vector<float> x{1, 2, 3};
  const auto [loss, slope] = fg::value_and_grad([](auto v) { return fg::sum(v * v); })(x);
  const std::vector<unsigned char> mask{1, 0, 1};
  const std::vector<std::size_t> counts{1, 2, 3};
  const float k = 2;
  const auto mixed = fg::hvp([k](auto v, auto m, auto n) {
    return fg::mean(fg::where(m == 1, fg::pow(v, k) * n, fg::tanh(v) + fg::lgamma(v)));
  })(x, mask, counts, x);
  std::vector<float> floor(3);
  fg::fuse([](auto v) { return fg::floor(v) + fg::fmod(v, 2) + fg::erf(v); }).on(fg::par).into(floor)(x);
  fg::variable w = 2.0;
  const auto y = w * w + 2 * w + 1;
  y.backward();
  constexpr auto product = [](auto v) { return fg::prod(v) + fg::logsumexp(v) + fg::std(v); };
  const bool agreed = static_cast<bool>(fg::check_gradient(product, x));
  const bool explained = fg::explain(fg::grad(product), x).size() > 100;
  return loss == 14.0f && slope[2u] == 6.0f && mixed.size() == 3 && floor.size() == 3 && w.grad() == 6.0 && agreed &&
                 explained && slope_from_two(3.0f) == 6.0f
             ? 0
             : 1;
}
