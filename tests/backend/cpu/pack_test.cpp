// Packs and masks: memory they may touch, arithmetic, comparisons, conversions, in every width.
#include <sys/mman.h>
#include <unistd.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>
#include <vector>

#include "../../catch.hpp"
#include "fusegrad/backend/cpu/simd.hpp"

namespace {

using namespace fusegrad::simd;

/// Not a macro in every template: those cost most of the compile time.
[[gnu::noinline]] void expect(bool ok, const char* what, int lane = 0, int width = 0) {
  if (ok) return;
  INFO(what << ", lane " << lane << " of " << width);
  FAIL();
}

/// Memory whose last byte lies before a page that nobody may touch.
class guarded {
 public:
  guarded() : page_(static_cast<std::size_t>(sysconf(_SC_PAGESIZE))) {
    base_ = static_cast<char*>(mmap(nullptr, 3 * page_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    REQUIRE(base_ != MAP_FAILED);
    REQUIRE(mprotect(base_ + page_, page_, PROT_READ | PROT_WRITE) == 0);
  }
  ~guarded() { munmap(base_, 3 * page_); }
  guarded(const guarded&) = delete;
  guarded& operator=(const guarded&) = delete;

  template <class T>
  T* last(int count) const {
    return reinterpret_cast<T*>(base_ + 2 * page_) - count;
  }
  template <class T>
  T* first() const {
    return reinterpret_cast<T*>(base_ + page_);
  }

 private:
  std::size_t page_;
  char* base_;
};

template <class T>
T number(int i) {
  return static_cast<T>((i * 7 + 3) % 23 - 11);
}

template <class T, int W>
pack<T, W> numbers(int from = 0) {
  T v[W];
  for (int i = 0; i < W; ++i) v[i] = number<T>(from + i);
  return pack<T, W>::load(v);
}

/// Calls f with every element type and width.
template <class T, class F>
void each_width(F f) {
  constexpr int full = native_bytes / static_cast<int>(sizeof(T));
  f(pack<T, 1>());
  f(pack<T, full / 2>());
  f(pack<T, full>());
  f(pack<T, 2 * full>());
}
template <class F>
void each_pack(F f) {
  each_width<float>(f);
  each_width<double>(f);
  each_width<std::int32_t>(f);
  each_width<std::int64_t>(f);
}

template <class P, class G>
void check(P x, G expected) {
  for (int i = 0; i < P::width; ++i) {
    expect(x[i] == static_cast<typename P::value_type>(expected(i)), "value", i, P::width);
  }
}
template <int W, int B, class G>
void check_mask(mask<W, B> m, G expected) {
  int n = 0;
  for (int i = 0; i < W; ++i) {
    expect(m[i] == expected(i), "mask", i, W);
    n += expected(i) ? 1 : 0;
  }
  expect(count(m) == n, "count(m) == n");
  expect(any(m) == (n > 0), "any(m) == (n > 0)");
  expect(all(m) == (n == W), "all(m) == (n == W)");
}

static_assert(std::is_trivially_default_constructible_v<pack<float, native_bytes / 4>>);
static_assert(std::is_trivially_copyable_v<pack<double, 64>>);
static_assert(sizeof(pack<float, 32>) == 128 && sizeof(pack<double, 2>) == 16);

}  // namespace

TEST_CASE("a pack broadcasts, loads and stores every lane", "[simd][pack]") {
  each_pack([](auto tag) {
    using P = decltype(tag);
    using T = typename P::value_type;
    check(P(T(5)), [](int) { return 5; });
    check(numbers<T, P::width>(), [](int i) { return number<T>(i); });
    T out[P::width + 1] = {};
    out[P::width] = T(99);
    numbers<T, P::width>().store(out);
    for (int i = 0; i < P::width; ++i) expect(out[i] == number<T>(i), "out[i] == number<T>(i)");
    expect(out[P::width] == T(99), "out[P::width] == T(99)");
  });
  expect(std::signbit(pack<float, 8>(-0.0f)[3]), "std::signbit(pack<float, 8>(-0.0f)[3])");
  expect(std::signbit(pack<double, 16>(-0.0)[9]), "std::signbit(pack<double, 16>(-0.0)[9])");
}

TEST_CASE("a partial load reads nothing behind its lanes and clears the others", "[simd][pack]") {
  const guarded memory;
  each_pack([&](auto tag) {
    using P = decltype(tag);
    using T = typename P::value_type;
    for (int n = -1; n <= P::width + 1; ++n) {
      const int present = n < 0 ? 0 : n > P::width ? P::width : n;
      T* p = memory.last<T>(present);
      for (int i = 0; i < present; ++i) p[i] = number<T>(i);
      check(P::load(p, n), [&](int i) { return i < n ? number<T>(i) : T(0); });
    }
  });
}

TEST_CASE("a partial store writes its lanes and nothing else", "[simd][pack]") {
  const guarded memory;
  each_pack([&](auto tag) {
    using P = decltype(tag);
    using T = typename P::value_type;
    for (int n = -1; n <= P::width + 1; ++n) {
      const int present = n < 0 ? 0 : n > P::width ? P::width : n;
      numbers<T, P::width>().store(memory.last<T>(present), n);
      for (int i = 0; i < present; ++i)
        expect(memory.last<T>(present)[i] == number<T>(i), "memory.last<T>(present)[i] == number<T>(i)");
      T beside[P::width];
      for (T& b : beside) b = T(77);
      numbers<T, P::width>().store(beside, n);
      for (int i = 0; i < P::width; ++i)
        expect(beside[i] == (i < n ? number<T>(i) : T(77)), "beside[i] == (i < n ? number<T>(i) : T(77))");
    }
  });
}

TEST_CASE("a streamed store writes the whole pack", "[simd][pack]") {
  const guarded memory;
  each_pack([&](auto tag) {
    using P = decltype(tag);
    using T = typename P::value_type;
    T* p = memory.first<T>();
    numbers<T, P::width>(5).stream(p);
    stream_fence();
    for (int i = 0; i < P::width; ++i) expect(p[i] == number<T>(5 + i), "p[i] == number<T>(5 + i)");
  });
}

namespace {

template <class S, class P>
void check_load_as(const guarded& memory) {
  using T = typename P::value_type;
  for (int n = 0; n <= P::width; ++n) {
    S* p = memory.last<S>(n);
    for (int i = 0; i < n; ++i) p[i] = static_cast<S>(std::is_same_v<S, bool> ? i % 3 == 0 : i * 37 - 50);
    check(P::load_as(p, n), [&](int i) { return i < n ? static_cast<T>(p[i]) : T(0); });
    if (n == P::width) check(P::load_as(p), [&](int i) { return static_cast<T>(p[i]); });
  }
}

}  // namespace

TEST_CASE("elements of other types are converted while they are loaded", "[simd][pack]") {
  const guarded memory;
  const auto all_sources = [&](auto tag) {
    using P = decltype(tag);
    check_load_as<bool, P>(memory);
    check_load_as<std::int8_t, P>(memory);
    check_load_as<std::uint8_t, P>(memory);
    check_load_as<std::int16_t, P>(memory);
    check_load_as<std::uint16_t, P>(memory);
    check_load_as<std::int32_t, P>(memory);
    check_load_as<std::uint32_t, P>(memory);
    check_load_as<std::int64_t, P>(memory);
    check_load_as<float, P>(memory);
    check_load_as<double, P>(memory);
  };
  all_sources(pack<float, native_bytes / 4>());
  all_sources(pack<double, native_bytes / 8>());
  all_sources(pack<double, native_bytes / 4>());
  all_sources(pack<float, 1>());
  all_sources(pack<float, 2>());
  all_sources(pack<std::int64_t, native_bytes / 4>());
  all_sources(pack<std::int32_t, native_bytes / 4>());
}

TEST_CASE("arithmetic and comparisons are those of the elements", "[simd][pack]") {
  each_pack([](auto tag) {
    using P = decltype(tag);
    using T = typename P::value_type;
    const auto a = numbers<T, P::width>(), b = numbers<T, P::width>(3), c = numbers<T, P::width>(11);
    const auto at = [](int from) { return [from](int i) { return number<T>(from + i); }; };
    const auto x = at(0), y = at(3), z = at(11);
    check(a + b, [&](int i) { return x(i) + y(i); });
    check(a - b, [&](int i) { return x(i) - y(i); });
    check(a * b, [&](int i) { return x(i) * y(i); });
    check(-a, [&](int i) { return -x(i); });
    check(fma(a, b, c), [&](int i) { return x(i) * y(i) + z(i); });
    if constexpr (std::is_floating_point_v<T>)
      check(a / (b + P(T(0.5))), [&](int i) { return x(i) / (y(i) + T(0.5)); });
    P sum = a;
    sum += b, sum *= c, sum -= a;
    check(sum, [&](int i) { return (x(i) + y(i)) * z(i) - x(i); });
    check_mask(a == b, [&](int i) { return x(i) == y(i); });
    check_mask(a != b, [&](int i) { return x(i) != y(i); });
    check_mask(a < b, [&](int i) { return x(i) < y(i); });
    check_mask(a <= b, [&](int i) { return x(i) <= y(i); });
    check_mask(a > b, [&](int i) { return x(i) > y(i); });
    check_mask(a >= b, [&](int i) { return x(i) >= y(i); });
    check(where(a < b, a, c), [&](int i) { return x(i) < y(i) ? x(i) : z(i); });
    check(min(a, b), [&](int i) { return x(i) < y(i) ? x(i) : y(i); });
    check(max(a, b), [&](int i) { return x(i) < y(i) ? y(i) : x(i); });
    check(abs(a), [&](int i) { return x(i) < 0 ? -x(i) : x(i); });
    check(per_lane([](T p, T q) { return p - 2 * q; }, a, b), [&](int i) { return x(i) - 2 * y(i); });
  });
}

TEST_CASE("comparisons with NaN are false but for inequality", "[simd][pack]") {
  const auto check_nan = [](auto tag) {
    using P = decltype(tag);
    using T = typename P::value_type;
    const P nan(std::numeric_limits<T>::quiet_NaN()), one(T(1));
    for (const P& x : {nan, one}) {
      expect(!any(nan == x), "!any(nan == x)");
      expect(!any(nan < x), "!any(nan < x)");
      expect(!any(nan <= x), "!any(nan <= x)");
      expect(!any(x < nan), "!any(x < nan)");
      expect(!any(x >= nan), "!any(x >= nan)");
      expect(all(nan != x), "all(nan != x)");
      expect(all(unordered(x, nan)), "all(unordered(x, nan))");
    }
    expect(!any(unordered(one, one)), "!any(unordered(one, one))");
  };
  each_width<float>(check_nan);
  each_width<double>(check_nan);
}

TEST_CASE("fma rounds once where the target has the instruction", "[simd][pack]") {
  const auto check_fma = [](auto tag) {
    using P = decltype(tag);
    using T = typename P::value_type;
    volatile T near_one = T(1) + std::numeric_limits<T>::epsilon();
    const P a(near_one);
    const P product = a * a;
    const T expected = has_fma ? std::fma(near_one, near_one, -product[0]) : T(0);
    check(fma(a, a, -product), [&](int) { return expected; });
    if (has_fma) expect(expected != 0, "expected != 0");
  };
  each_width<float>(check_fma);
  each_width<double>(check_fma);
}

namespace {

template <int W, int B>
void check_masks() {
  using M = mask<W, B>;
  const auto third = [](int i) { return i % 3 == 1; };
  const auto odd = [](int i) { return i % 2 == 1; };
  bool a[W], b[W];
  for (int i = 0; i < W; ++i) a[i] = third(i), b[i] = odd(i);
  const M m = M::load(a), n = M::load(b);
  check_mask(m, third);
  check_mask(M(true), [](int) { return true; });
  check_mask(M(false), [](int) { return false; });
  check_mask(m && n, [&](int i) { return third(i) && odd(i); });
  check_mask(m || n, [&](int i) { return third(i) || odd(i); });
  check_mask(!m, [&](int i) { return !third(i); });
  check_mask(m == n, [&](int i) { return third(i) == odd(i); });
  check_mask(m != n, [&](int i) { return third(i) != odd(i); });
  check_mask(mask<W, 12 - B>(m), third);
  check_mask(M(mask<W, 12 - B>(m)), third);
  check(convert<float>(m), [&](int i) { return third(i) ? 1 : 0; });
  check(convert<double>(m), [&](int i) { return third(i) ? 1 : 0; });
  check(convert<std::int64_t>(m), [&](int i) { return third(i) ? 1 : 0; });
  check(where(mask<W, 4>(m), numbers<float, W>(), numbers<float, W>(9)),
        [&](int i) { return number<float>(third(i) ? i : i + 9); });
  check(where(mask<W, 8>(m), numbers<double, W>(), numbers<double, W>(9)),
        [&](int i) { return number<double>(third(i) ? i : i + 9); });
  bool out[W];
  m.store(out);
  for (int i = 0; i < W; ++i) expect(out[i] == third(i), "out[i] == third(i)");
  const guarded memory;
  for (int count = 0; count <= W; ++count) {
    check_mask(M::first(count), [&](int i) { return i < count; });
    bool* p = memory.last<bool>(count);
    m.store(p, count);
    for (int i = 0; i < count; ++i) expect(p[i] == third(i), "p[i] == third(i)");
    check_mask(M::load(p, count), [&](int i) { return i < count && third(i); });
    std::uint8_t* bytes = memory.last<std::uint8_t>(count);
    for (int i = 0; i < count; ++i) bytes[i] = third(i) ? std::uint8_t(200) : std::uint8_t(0);
    check_mask(M::load(bytes, count), [&](int i) { return i < count && third(i); });
  }
  check_mask(M::first(-3), [](int) { return false; });
  check_mask(M::first(W + 3), [](int) { return true; });
}

}  // namespace

TEST_CASE("masks combine, convert, load and store", "[simd][mask]") {
  check_masks<1, 4>();
  check_masks<1, 8>();
  check_masks<2, 4>();
  check_masks<2, 8>();
  check_masks<4, 4>();
  check_masks<4, 8>();
  check_masks<8, 4>();
  check_masks<8, 8>();
  check_masks<16, 4>();
  check_masks<16, 8>();
  check_masks<32, 4>();
  check_masks<32, 8>();
}

namespace {

template <class T, int W>
void check_conversions() {
  const auto x = numbers<T, W>();
  check(convert<float>(x), [](int i) { return number<T>(i); });
  check(convert<double>(x), [](int i) { return number<T>(i); });
  check(convert<std::int32_t>(x), [](int i) { return number<T>(i); });
  check(convert<std::int64_t>(x), [](int i) { return number<T>(i); });
  if constexpr (W > 1) {
    check(lower(x), [](int i) { return number<T>(i); });
    check(upper(x), [](int i) { return number<T>(i + W / 2); });
    check(join(lower(x), upper(x)), [](int i) { return number<T>(i); });
  }
}

}  // namespace

TEST_CASE("packs convert between element types and split into halves", "[simd][pack]") {
  each_pack([](auto tag) { check_conversions<typename decltype(tag)::value_type, decltype(tag)::width>(); });
  check(convert<std::int32_t>(pack<double, 8>(-2.75)), [](int) { return -2; });
  check(convert<std::int64_t>(pack<float, 4>(2.75f)), [](int) { return 2; });
}

namespace {

template <class T, int W>
void check_extremes() {
  using P = pack<T, W>;
  const T inf = std::numeric_limits<T>::infinity(), nan = std::numeric_limits<T>::quiet_NaN();
  const T values[] = {T(0), -T(0), T(1), T(-1), inf, -inf, nan, std::numeric_limits<T>::denorm_min()};
  for (const T a : values)
    for (const T b : values) {
      const T lo = min(P(a), P(b))[W - 1], hi = max(P(a), P(b))[W - 1];
      if (std::isnan(a) || std::isnan(b)) {
        expect(std::isnan(lo), "std::isnan(lo)");
        expect(std::isnan(hi), "std::isnan(hi)");
      } else if (a == b) {
        expect(lo == a, "lo == a");
        expect(hi == a, "hi == a");
        expect(std::signbit(lo) == (std::signbit(a) || std::signbit(b)),
               "std::signbit(lo) == (std::signbit(a) || std::signbit(b))");
        expect(std::signbit(hi) == (std::signbit(a) && std::signbit(b)),
               "std::signbit(hi) == (std::signbit(a) && std::signbit(b))");
      } else {
        expect(lo == (a < b ? a : b), "lo == (a < b ? a : b)");
        expect(hi == (a < b ? b : a), "hi == (a < b ? b : a)");
      }
      const T c = copysign(P(a), P(b))[0];
      expect(std::signbit(c) == std::signbit(b), "std::signbit(c) == std::signbit(b)");
      if (!std::isnan(a)) expect(std::fabs(c) == std::fabs(a), "std::fabs(c) == std::fabs(a)");
    }
  for (const T a : values) {
    expect(all(isnan(P(a))) == std::isnan(a), "all(isnan(P(a))) == std::isnan(a)");
    expect(all(isinf(P(a))) == std::isinf(a), "all(isinf(P(a))) == std::isinf(a)");
    expect(all(isfinite(P(a))) == std::isfinite(a), "all(isfinite(P(a))) == std::isfinite(a)");
    expect(!std::signbit(abs(P(a))[0]), "!std::signbit(abs(P(a))[0])");
  }
}

template <class T, int W>
void check_rounding() {
  using P = pack<T, W>;
  const T values[] = {T(0),
                      -T(0),
                      T(0.5),
                      T(-0.5),
                      T(1.5),
                      T(2.5),
                      T(-2.5),
                      std::nextafter(T(0.5), T(0)),
                      std::nextafter(T(-0.5), T(0)),
                      T(0.75),
                      T(-0.25),
                      T(8388607.5),
                      T(8388608.5),
                      T(-8388609),
                      T(4503599627370495.5),
                      T(9007199254740993.0),
                      std::numeric_limits<T>::max(),
                      std::numeric_limits<T>::denorm_min(),
                      -std::numeric_limits<T>::denorm_min(),
                      std::numeric_limits<T>::infinity(),
                      -std::numeric_limits<T>::infinity()};
  const auto same = [](T got, T expected) {
    expect(got == expected, "got == expected");
    expect(std::signbit(got) == std::signbit(expected), "std::signbit(got) == std::signbit(expected)");
  };
  for (const T x : values) {
    same(floor(P(x))[0], std::floor(x));
    same(ceil(P(x))[0], std::ceil(x));
    same(trunc(P(x))[0], std::trunc(x));
    same(round(P(x))[0], std::round(x));
    same(rint(P(x))[0], std::rint(x));
  }
  expect(all(isnan(round(P(std::numeric_limits<T>::quiet_NaN())))),
         "all(isnan(round(P(std::numeric_limits<T>::quiet_NaN()))))");
}

}  // namespace

TEST_CASE("extremes and signs follow IEEE 754", "[simd][math]") {
  check_extremes<float, 1>();
  check_extremes<float, 2>();
  check_extremes<float, native_bytes / 4>();
  check_extremes<double, 1>();
  check_extremes<double, native_bytes / 8>();
  check_extremes<double, native_bytes / 4>();
}

TEST_CASE("rounding is exact and keeps the sign of zero", "[simd][math]") {
  check_rounding<float, 1>();
  check_rounding<float, native_bytes / 4>();
  check_rounding<float, native_bytes / 2>();
  check_rounding<double, 1>();
  check_rounding<double, native_bytes / 8>();
}
