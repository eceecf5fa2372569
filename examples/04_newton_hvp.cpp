// Newton's method in 1000 dimensions without a Hessian: conjugate gradients need only its product with a vector.
#include <fusegrad/fusegrad.hpp>

#include <cmath>
#include <cstdio>
#include <vector>

namespace fg = fusegrad;
using array = std::vector<double>;

/// Logits z whose softmax comes close to the distribution t. The Hessian is dense: every z touches every other.
constexpr auto objective = [](auto z, auto t) { return fg::logsumexp(z) - fg::sum(t * z) + 1e-4 * fg::sum(z * z); };
constexpr auto evaluate = fg::fuse(objective);
constexpr auto dot = fg::fuse([](auto a, auto b) { return fg::sum(a * b); });
constexpr auto add_scaled = fg::fuse([](auto a, auto s, auto b) { return a + s * b; });

/// Solves H d = g where H is known by its action alone.
array conjugate_gradients(auto hessian_times, const array& g) {
  array d(g.size(), 0.0), r = g, p = g;
  double rr = dot(r, r);
  const double goal = 1e-16 * rr;
  for (int k = 0; k < 200 && rr > goal; ++k) {
    const auto hp = hessian_times(p);
    const double step = rr / dot(p, hp);
    add_scaled.into(d)(d, step, p);
    add_scaled.into(r)(r, -step, hp);
    const double before = rr;
    rr = dot(r, r);
    add_scaled.into(p)(r, rr / before, p);
  }
  return d;
}

int main() {
  const std::size_t n = 1000;
  array z(n, 0.0), t(n), g(n);
  double total = 0;
  for (std::size_t i = 0; i < n; ++i) total += t[i] = 1 / static_cast<double>(1 + i);  // Zipf's law
  for (double& share : t) share /= total;

  double value = 0, length = 1;
  std::printf("step      objective     |gradient|\n");
  for (int step = 0; length > 1e-12 && step < 20; ++step) {
    fg::value_and_grad<0>(objective).into(value, g)(z, t);
    length = std::sqrt(dot(g, g));
    std::printf("%4d %14.10f %14.3e\n", step, value, length);
    const array d = conjugate_gradients([&](const array& v) { return fg::hvp<0>(objective)(z, t, v); }, g);
    double stride = 1;
    const array from = z;
    for (add_scaled.into(z)(from, -1.0, d); evaluate(z, t) > value + 1e-12; add_scaled.into(z)(from, -stride, d))
      stride /= 2;
  }
  return length <= 1e-12 ? 0 : 1;
}
