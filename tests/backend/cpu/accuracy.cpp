// The largest error of each vector function in units in the last place: float against the double-precision library,
// double against its long double.
// Usage: accuracy [every] [name...]: every float bit pattern that is a multiple of `every` (default 251; 1 takes
// about a minute a function), and as many doubles; names choose functions.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <random>
#include <string_view>

#include "fusegrad/backend/cpu/simd.hpp"

namespace {

namespace simd = fusegrad::simd;

template <class T>
constexpr int width = simd::native_bytes / static_cast<int>(sizeof(T));

template <class T>
using wider = std::conditional_t<std::is_same_v<T, float>, double, long double>;

/// Distance of `y` from the exact result in units of the last place of T at the exact result; huge if not comparable.
template <class T>
double ulps(T y, wider<T> exact) {
  const T nearest = static_cast<T>(exact);
  if (std::isnan(exact) || std::isnan(y)) return std::isnan(exact) && std::isnan(y) ? 0 : 1e30;
  if (std::isinf(nearest) || std::isinf(y)) {
    if (nearest == y) return 0;
    // one step beyond the largest number is an error of about one ulp, not an infinite one
    const T largest = std::numeric_limits<T>::max();
    const bool close = (std::isinf(y) ? std::fabs(nearest) : std::fabs(y)) == largest && (y > 0) == (exact > 0);
    return close ? 1 : 1e30;
  }
  if (exact == 0 && y == 0) return std::signbit(exact) == std::signbit(y) ? 0 : 1e30;
  const T size = std::fabs(nearest);
  int exponent = 0;
  std::frexp(size, &exponent);
  const int least = std::numeric_limits<T>::min_exponent;
  if (size == 0 || exponent < least) exponent = least;
  const auto ulp = std::ldexp(static_cast<wider<T>>(1), exponent - std::numeric_limits<T>::digits);
  return static_cast<double>(std::fabs(static_cast<wider<T>>(y) - exact) / ulp);
}

struct worst {
  double error = 0, x = 0, y = 0;
  void see(double e, double at, double second = 0) {
    if (e > error) error = e, x = at, y = second;
  }
};

int chosen_count = 0;
char** chosen = nullptr;
long every = 251;

bool wanted(std::string_view name) {
  if (chosen_count == 0) return true;
  for (int i = 0; i < chosen_count; ++i)
    if (name == chosen[i]) return true;
  return false;
}

void report(const char* name, const char* type, const worst& w) {
  std::printf("%-16s %-7s %10.3f ulp at %.17g %.17g\n", name, type, w.error, w.x, w.y);
  std::fflush(stdout);
}

/// Every `every`-th float, or as many doubles spread over [low, high] in bit patterns.
template <class T, class F>
void for_all(T low, T high, F f) {
  if constexpr (sizeof(T) == 4) {
    T lanes[width<T>];
    int filled = 0;
    for (std::uint64_t bits = 0; bits < (std::uint64_t{1} << 32); bits += static_cast<std::uint64_t>(every)) {
      const auto b = static_cast<std::uint32_t>(bits);
      T x;
      std::memcpy(&x, &b, 4);
      if (!(x >= low && x <= high) && !(std::isnan(x) && low == -INFINITY)) continue;
      lanes[filled++] = x;
      if (filled == width<T>) f(lanes), filled = 0;
    }
    for (int i = filled; i < width<T>; ++i) lanes[i] = low;
    f(lanes);
  } else {
    std::mt19937_64 random(1);
    const long blocks = (std::int64_t{1} << 32) / every / width<T> / 8;
    T lanes[width<T>];
    const bool narrow = std::isfinite(low) && std::isfinite(high);
    std::uniform_real_distribution<T> between(narrow ? low : T(-60), narrow ? high : T(60));
    for (long k = 0; k < blocks; ++k) {
      for (T& x : lanes) {
        const auto b = random();
        // a third each: any bit pattern, ordinary sizes, close to 1
        if (k % 3 == 0) std::memcpy(&x, &b, 8);
        else if (k % 3 == 1) x = between(random);
        else x = std::ldexp(T(b >> 11), -53) * (b & 1 ? 2 : -2);
        if (!(x >= low && x <= high) && !(std::isnan(x) && low == -INFINITY)) x = low;
      }
      f(lanes);
    }
  }
}

template <class T, class F, class G>
void one(const char* name, F ours, G exact, T low = -INFINITY, T high = INFINITY) {
  worst w;
  for_all<T>(low, high, [&](const T* x) {
    T y[width<T>];
    ours(simd::pack<T, width<T>>::load(x)).store(y);
    for (int i = 0; i < width<T>; ++i)
      w.see(ulps<T>(y[i], exact(static_cast<wider<T>>(x[i]))), static_cast<double>(x[i]));
  });
  report(name, sizeof(T) == 4 ? "float" : "double", w);
}

template <class T, class F, class G>
void two(const char* name, F ours, G exact, T limit) {
  worst w;
  std::mt19937_64 random(2);
  std::uniform_real_distribution<T> between(-limit, limit);
  const long blocks = (std::int64_t{1} << 30) / every / width<T>;
  T x[width<T>], y[width<T>], z[width<T>];
  for (long k = 0; k < blocks; ++k) {
    for (int i = 0; i < width<T>; ++i) {
      x[i] = between(random), y[i] = between(random);
      const auto b = random();
      if (k % 3 == 0) std::memcpy(&x[i], &b, sizeof(T));
      if (k % 3 == 1)
        x[i] = std::ldexp(x[i], static_cast<int>(b % 61) - 30),
        y[i] = std::ldexp(y[i], static_cast<int>(b / 61 % 61) - 30);
    }
    using P = simd::pack<T, width<T>>;
    ours(P::load(x), P::load(y)).store(z);
    for (int i = 0; i < width<T>; ++i)
      w.see(ulps<T>(z[i], exact(static_cast<wider<T>>(x[i]), static_cast<wider<T>>(y[i]))), static_cast<double>(x[i]),
            static_cast<double>(y[i]));
  }
  report(name, sizeof(T) == 4 ? "float" : "double", w);
}

#define ONE(name, ...)                                                                                     \
  if (wanted(#name)) {                                                                                     \
    one<float>(                                                                                            \
        #name, [](auto x) { return name(x); }, [](double x) { return std::name(x); }, ##__VA_ARGS__);      \
    one<double>(                                                                                           \
        #name, [](auto x) { return name(x); }, [](long double x) { return std::name(x); }, ##__VA_ARGS__); \
  }
#define TWO(name, expression, limit)                                                  \
  if (wanted(#name)) {                                                                \
    const auto ours = [](auto x, auto y) { return name(x, y); };                      \
    two<float>(                                                                       \
        #name, ours, [](double x, double y) { return expression; }, limit);           \
    two<double>(                                                                      \
        #name, ours, [](long double x, long double y) { return expression; }, limit); \
  }
#define SPECIAL(name, expression, low, high)                                                         \
  if (wanted(#name)) {                                                                               \
    one<float>(                                                                                      \
        #name, [](auto x) { return name(x); }, [](double x) { return expression; }, low, high);      \
    one<double>(                                                                                     \
        #name, [](auto x) { return name(x); }, [](long double x) { return expression; }, low, high); \
  }

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1) every = std::atol(argv[1]);
  if (every < 1) every = 1;
  if (argc > 2) chosen = argv + 2, chosen_count = argc - 2;
  ONE(exp)
  ONE(exp2)
  ONE(expm1)
  ONE(log)
  ONE(log2)
  ONE(log10)
  ONE(log1p)
  ONE(tanh)
  ONE(sinh)
  ONE(cosh)
  ONE(erf)
  ONE(erfc)
  ONE(sin)
  ONE(cos)
  ONE(tan)
  ONE(asin)
  ONE(acos)
  ONE(atan)
  ONE(asinh)
  ONE(acosh)
  ONE(atanh)
  ONE(cbrt)
  ONE(sqrt)
  ONE(floor)
  ONE(ceil)
  ONE(round)
  ONE(trunc)
  ONE(rint)
  ONE(lgamma)
  SPECIAL(rsqrt, 1 / std::sqrt(x), -INFINITY, INFINITY)
  SPECIAL(sign, x > 0 ? 1 : x < 0 ? -1 : x, -INFINITY, INFINITY)
  SPECIAL(reciprocal, 1 / x, -INFINITY, INFINITY)
  SPECIAL(reciprocal_12, 1 / x, 1, 2)
  SPECIAL(exp_nonpositive, std::exp(x), -INFINITY, 0)
  SPECIAL(decay, std::exp(-std::fabs(x)), -INFINITY, INFINITY)
  SPECIAL(log_1p2, std::log1p(x), 0, 1)
  SPECIAL(normal_tail, std::erfc(x * std::sqrt(0.5L)) * std::exp(x * static_cast<long double>(x) / 2) / 2, 0, 14)
  TWO(pow, std::pow(x, y), 30)
  TWO(atan2, std::atan2(x, y), 10)
  TWO(hypot, std::hypot(x, y), 10)
  TWO(fmod, std::fmod(x, y), 100)
  TWO(remainder, std::remainder(x, y), 100)
  TWO(divide, x / y, 10)
}
