// The half of the program that calls the other half: both see the whole library.
#include <fusegrad/fusegrad.hpp>

#include <vector>

float slope_from_two(float x);

int main() {
  const std::vector<float> x{1, 2, 3};
  const auto [loss, slope] = fusegrad::value_and_grad([](auto v) { return fusegrad::sum(v * v); })(x);
  return loss == 14.0f && slope[2] == 6.0f && slope_from_two(3.0f) == 6.0f ? 0 : 1;
}
