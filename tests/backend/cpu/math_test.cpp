// The vector functions against the C library's long double: ordinary points, random bit patterns and special values.
// The bounds are the documented errors, those without fma; `accuracy.cpp` measures them over all floats.
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "../../catch.hpp"
#include "fusegrad/backend/cpu/simd.hpp"

namespace {

using namespace fusegrad::simd;

template <class T>
constexpr int full = native_bytes / static_cast<int>(sizeof(T));

/// Error of y in units of the last place of the exact result; infinite where the kinds of number differ.
template <class T>
double ulps(T y, long double exact) {
  const T nearest = static_cast<T>(exact);
  if (std::isnan(exact) || std::isnan(y)) return std::isnan(exact) == std::isnan(y) ? 0 : INFINITY;
  if (nearest == y) return std::signbit(nearest) == std::signbit(y) ? 0 : INFINITY;
  if (std::isinf(nearest) || std::isinf(y)) {
    const T largest = std::numeric_limits<T>::max();  // next to overflow, one step is one ulp
    return std::fabs(std::isinf(y) ? nearest : y) == largest && (y > 0) == (exact > 0) ? 1 : INFINITY;
  }
  int exponent = std::numeric_limits<T>::min_exponent;
  if (std::fabs(nearest) >= std::numeric_limits<T>::min()) std::frexp(nearest, &exponent);
  return static_cast<double>(std::fabs(static_cast<long double>(y) - exact) /
                             std::ldexp(1.0L, exponent - std::numeric_limits<T>::digits));
}

template <class T>
using many = void (*)(const T* x, const T* y, T* z, int packs);

/// What is tested of a function of one or two arguments.
struct subject {
  std::string name;
  many<float> f32;
  many<double> f64;
  long double (*exact)(long double, long double);
  double bound_f32, bound_f64;
  long double lowest = -INFINITY, highest = INFINITY;
};

template <class F, class T>
void apply_one(const T* x, const T*, T* z, int packs) {
  for (int i = 0; i < packs * full<T>; i += full<T>) F{}(pack<T, full<T>>::load(x + i)).store(z + i);
}
template <class F, class T>
void apply_two(const T* x, const T* y, T* z, int packs) {
  using P = pack<T, full<T>>;
  for (int i = 0; i < packs * full<T>; i += full<T>) F{}(P::load(x + i), P::load(y + i)).store(z + i);
}
template <class F>
subject one(const char* name, F, long double (*exact)(long double, long double), double bound_f32, double bound_f64,
            long double lowest = -INFINITY, long double highest = INFINITY) {
  return {name, apply_one<F, float>, apply_one<F, double>, exact, bound_f32, bound_f64, lowest, highest};
}
template <class F>
subject two(const char* name, F, long double (*exact)(long double, long double), double bound_f32, double bound_f64) {
  return {name, apply_two<F, float>, apply_two<F, double>, exact, bound_f32, bound_f64};
}

using ld = long double;

#define ONE(f, bound_f32, bound_f64) \
  one(                               \
      #f, [](auto x) { return f(x); }, [](ld x, ld) -> ld { return std::f(x); }, bound_f32, bound_f64)
#define TWO(f, bound_f32, bound_f64) \
  two(                               \
      #f, [](auto x, auto y) { return f(x, y); }, [](ld x, ld y) -> ld { return std::f(x, y); }, bound_f32, bound_f64)

const std::vector<subject>& subjects_of_one() {
  static const std::vector<subject> all{
      ONE(exp, 1.1, 1.2),
      ONE(exp2, 1.1, 1.2),
      ONE(expm1, 1.7, 2.2),
      ONE(log, 1.5, 1.9),
      ONE(log2, 1.7, 1.7),
      ONE(log10, 2.6, 2.2),
      ONE(log1p, 1.7, 1.9),
      ONE(tanh, 2.7, 2.7),
      ONE(sinh, 2.5, 2.5),
      ONE(cosh, 1.6, 1.7),
      ONE(asinh, 2.3, 2.6),
      ONE(acosh, 2.4, 2.5),
      ONE(atanh, 2.6, 2.6),
      ONE(erf, 2.4, 1.9),
      ONE(erfc, 5.9, 6),
      ONE(sin, 2.6, 2.1),
      ONE(cos, 2.6, 2.1),
      ONE(tan, 3.2, 2.8),
      ONE(asin, 2.5, 2.4),
      ONE(acos, 1.3, 1.3),
      ONE(atan, 1.7, 1.9),
      ONE(cbrt, 1.2, 1.2),
      ONE(sqrt, 0.51, 0.51),
      ONE(floor, 0, 0),
      ONE(ceil, 0, 0),
      ONE(round, 0, 0),
      ONE(trunc, 0, 0),
      ONE(rint, 0, 0),
      one(
          "abs", [](auto x) { return abs(x); }, [](ld x, ld) { return std::fabs(x); }, 0, 0),
      one(
          "sign", [](auto x) { return sign(x); }, [](ld x, ld) { return x * x > 0 ? std::copysign(ld(1), x) : x; }, 0,
          0),
      one(
          "rsqrt", [](auto x) { return rsqrt(x); }, [](ld x, ld) { return 1 / std::sqrt(x); }, 1.5, 1.5),
      one(
          "reciprocal", [](auto x) { return reciprocal(x); }, [](ld x, ld) { return 1 / x; }, 0.6, 0.7),
      one(
          "reciprocal_12", [](auto x) { return reciprocal_12(x); }, [](ld x, ld) { return 1 / x; }, 0.51, 0.51, 1, 2),
      one(
          "exp_nonpositive", [](auto x) { return exp_nonpositive(x); }, [](ld x, ld) { return std::exp(x); }, 1.1, 1.1,
          -INFINITY, 0),
      one(
          "decay", [](auto x) { return decay(x); }, [](ld x, ld) { return std::exp(-std::fabs(x)); }, 1.1, 1.2),
      one(
          "normal_tail", [](auto x) { return normal_tail(x); },
          [](ld x, ld) -> ld { return std::erfc(x * std::sqrt(0.5L)) * std::exp(x * x / 2) / 2; }, 4.9, 4.8, 0, 14),
      one(
          "log_1p2", [](auto x) { return log_1p2(x); }, [](ld x, ld) { return std::log1p(x); }, 1.5, 1.6, 4.9e-324L, 1),
  };
  return all;
}

const std::vector<subject>& subjects_of_two() {
  static const std::vector<subject> all{
      TWO(pow, 1.3, 3.1),
      TWO(atan2, 1.8, 1.8),
      TWO(hypot, 1.3, 1.3),
      TWO(fmod, 0, 0),
      TWO(remainder, 0, 0),
      TWO(copysign, 0, 0),
      two(
          "divide", [](auto x, auto y) { return divide(x, y); }, [](ld x, ld y) { return x / y; }, 0.51, 0.51),
  };
  return all;
}

template <class T>
std::vector<T> special_values() {
  using L = std::numeric_limits<T>;
  std::vector<T> v;
  for (const T x : {T(0),
                    L::denorm_min(),
                    T(3) * L::denorm_min(),
                    L::min() / T(3),
                    L::min(),
                    L::epsilon() / T(2),
                    L::epsilon(),
                    T(1e-5),
                    T(0.1),
                    T(0.25),
                    T(0.5),
                    T(1) - L::epsilon() / T(2),
                    T(1),
                    T(1) + L::epsilon(),
                    T(1.5),
                    T(2),
                    T(2.5),
                    T(3),
                    T(3.14159265358979323846),
                    T(4),
                    T(7),
                    T(10),
                    T(88.5),
                    T(88.75),
                    T(89.4),
                    T(100),
                    T(709.5),
                    T(710),
                    T(710.4),
                    T(1000),
                    T(1e5),
                    T(99999.5),
                    T(1e9),
                    T(8388607.5),
                    T(16777215),
                    T(1e15),
                    T(1e30),
                    L::max() / T(2),
                    L::max(),
                    L::infinity()}) {
    v.push_back(x);
    v.push_back(-x);
  }
  v.push_back(L::quiet_NaN());
  return v;
}

template <class T>
T random_value(std::mt19937_64& random, int kind) {
  const std::uint64_t bits = random();
  if (kind == 0) {
    T x;
    std::memcpy(&x, &bits, sizeof(T));
    return x;
  }
  if (kind == 1) return static_cast<T>(std::uniform_real_distribution<double>(-12, 12)(random));
  return static_cast<T>(
      std::ldexp(std::uniform_real_distribution<double>(-2, 2)(random), -static_cast<int>(bits % 12)));
}

template <class T>
void check(const subject& s, std::vector<T> x, std::vector<T> y) {
  while (x.size() % static_cast<std::size_t>(full<T>) != 0) x.push_back(x[0]), y.push_back(y[0]);
  std::vector<T> z(x.size());
  const int packs = static_cast<int>(x.size()) / full<T>;
  if constexpr (sizeof(T) == 4) s.f32(x.data(), y.data(), z.data(), packs);
  else s.f64(x.data(), y.data(), z.data(), packs);
  const double bound = sizeof(T) == 4 ? s.bound_f32 : s.bound_f64;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const long double exact = s.exact(x[i], y[i]);
    const double error = ulps(z[i], exact);
    if (error <= bound) continue;
    INFO(s.name << (sizeof(T) == 4 ? " of float " : " of double ") << std::hexfloat << x[i] << ", " << y[i] << " gives "
                << z[i] << " for " << exact << std::defaultfloat << ": " << error << " ulp");
    CHECK(error <= bound);
  }
}

template <class T>
void check_one(const subject& s) {
  std::vector<T> x;
  const auto add = [&](T v) {
    if ((v >= s.lowest && v <= s.highest) || (std::isnan(v) && std::isinf(s.lowest))) x.push_back(v);
  };
  for (const T v : special_values<T>()) add(v);
  std::mt19937_64 random(42);
  for (int i = 0; i < 6000; ++i) add(random_value<T>(random, i % 3));
  check<T>(s, x, x);
}

template <class T>
void check_two(const subject& s) {
  std::vector<T> x, y;
  for (const T a : special_values<T>())
    for (const T b : special_values<T>()) x.push_back(a), y.push_back(b);
  std::mt19937_64 random(43);
  for (int i = 0; i < 9000; ++i) {
    x.push_back(random_value<T>(random, i % 3));
    y.push_back(random_value<T>(random, i / 3 % 3));
  }
  check<T>(s, x, y);
}

template <class T>
constexpr int full_width = full<T>;

template <class F, class T>
void check_widths(F f) {
  constexpr int n = 4 * full_width<T>;
  T x[n];
  std::mt19937_64 random(7);
  for (T& v : x) v = random_value<T>(random, 1);
  const auto same = [&](auto tag) {
    using P = decltype(tag);
    for (int i = 0; i < n; i += P::width) {
      T expected[n], got[n];
      for (int j = 0; j < n; j += full_width<T>) f(pack<T, full_width<T>>::load(x + j)).store(expected + j);
      f(P::load(x + i)).store(got + i);
      for (int j = i; j < i + P::width; ++j) {
        INFO("width " << P::width << ", x = " << x[j]);
        const bool equal = got[j] == expected[j] || (std::isnan(got[j]) && std::isnan(expected[j]));
        if (!equal) CHECK(got[j] == expected[j]);
      }
    }
  };
  same(pack<T, 1>());
  same(pack<T, full_width<T> / 2>());
  same(pack<T, 2 * full_width<T>>());
}

}  // namespace

TEST_CASE("functions of one argument keep their promised accuracy", "[simd][math]") {
  for (const subject& s : subjects_of_one()) {
    check_one<float>(s);
    check_one<double>(s);
  }
}

TEST_CASE("functions of two arguments keep their promised accuracy and special cases", "[simd][math]") {
  for (const subject& s : subjects_of_two()) {
    check_two<float>(s);
    check_two<double>(s);
  }
}

TEST_CASE("a function gives the same bits in packs of every width", "[simd][math]") {
  check_widths<decltype([](auto x) { return exp(x); }), float>({});
  check_widths<decltype([](auto x) { return exp(x); }), double>({});
  check_widths<decltype([](auto x) { return log(abs(x)); }), float>({});
  check_widths<decltype([](auto x) { return erf(x); }), double>({});
  check_widths<decltype([](auto x) { return sin(x); }), float>({});
  check_widths<decltype([](auto x) { return pow(abs(x), x); }), float>({});
  check_widths<decltype([](auto x) { return rsqrt(abs(x)); }), double>({});
}

TEST_CASE("lgamma and digamma agree with tabulated values", "[simd][math]") {
  // mpmath, 20 digits
  struct point {
    double x, lgamma, digamma;
  };
  const point points[] = {
      {1e-10, 23.025850929882735176, -10000000000.577215664},
      {0.125, 2.0194183575537963454, -8.3884926632958548678},
      {0.5, 0.57236494292470008707, -1.9635100260214234794},
      {1, 0, -0.57721566490153286061},
      {1.4616321449683623, -0.12148629053584960809, -9.2412655217294275e-17},
      {2, 0, 0.42278433509846713939},
      {3.75, 1.4868155785934170555, 1.1825373886117962286},
      {10, 12.801827480081469611, 2.2517525890667211076},
      {1000, 5905.2204232091812118, 6.9072551956488120521},
      {1e15, 33538776394910668.91, 34.53877639491068476},
      {-0.5, 1.2655121234846454, 0.036489973978576520559},
      {-3.75, -1.3172679424463636739, -1.6923885983113303432},
  };
  for (const point& p : points) {
    INFO("x = " << p.x);
    const double l = lgamma(pack<double, 4>(p.x))[1], d = digamma(pack<double, 4>(p.x))[3];
    CHECK(l == Approx(p.lgamma).epsilon(1e-14).margin(1e-15));
    CHECK(d == Approx(p.digamma).epsilon(1e-13).margin(1e-14));
    const float x = static_cast<float>(p.x);
    CHECK(lgamma(pack<float, 16>(x))[7] == Approx(p.lgamma).epsilon(1e-5).margin(1e-6));
    CHECK(digamma(pack<float, 16>(x))[15] == Approx(p.digamma).epsilon(1e-5).margin(1e-6));
  }
  REQUIRE(all(isnan(digamma(pack<double, 4>(-2.0)))));
  REQUIRE(all(lgamma(pack<double, 4>(-2.0)) == pack<double, 4>(std::numeric_limits<double>::infinity())));
}
