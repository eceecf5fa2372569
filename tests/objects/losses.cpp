// Programs of each kind of kernel, to see what becomes of them in an object.
#include <fusegrad/fusegrad.hpp>
#include <vector>

namespace fg = fusegrad;

using array = std::vector<float>;
using matrix = fg::view<const float, 2>;

auto elements_and_sums(const array& x, const array& y) {
  constexpr auto f = [](auto a, auto b) { return fg::mean(fg::square(fg::tanh(a) - b)); };
  return fg::value_and_grad<0, 1>(f)(x, y);
}

auto rows(matrix logits, const std::vector<int>& label, matrix scale) {
  constexpr auto f = [](auto x, auto l, auto s) { return fg::cross_entropy(x * s, l); };
  return fg::value_and_grad<0, 2>(f)(logits, label, scale);
}

auto running_and_transposed(matrix x, matrix y) {
  constexpr auto f = [](auto a, auto b) { return fg::sum(fg::cumsum(a) * fg::transpose(b)); };
  return fg::grad(f)(x, y);
}

auto sums_of_columns(matrix x, matrix y) {
  constexpr auto f = [](auto a, auto b) {
    return fg::sum(fg::unsqueeze(a, fg::axis<-1>) * fg::unsqueeze(b, fg::axis<0>), fg::axis<-2>);
  };
  return fg::fuse(f)(x, y);
}

auto what_is_sorted(matrix x) {
  constexpr auto f = [](auto a) {
    return fg::sum(fg::square(fg::sort(a)) * fg::median(a, fg::axis<-1>, fg::keepdims));
  };
  return fg::grad(f)(x);
}

auto slices_of_what_is_computed(const array& x) {
  constexpr auto f = [](auto a) {
    const auto y = fg::exp(a);
    return fg::sum(
        fg::square(fg::slice(y, fg::axis<-1>, fg::range<1, fg::end>) - fg::slice(y, fg::axis<-1>, fg::range<0, -1>)));
  };
  return fg::grad(f)(x);
}
