// One loop over contiguous arrays: lanes, vectors in flight, partial vectors, accumulators and blocks, on every
// instruction set.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <fusegrad/fusegrad.hpp>
#include <limits>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;
namespace cpu = fusegrad::cpu;

namespace {

template <class F, class... A>
using executable = fg::detail::executable_of<fg::fused<F>, A...>;

using floats = std::vector<float>;
using doubles = std::vector<double>;

template <class F, class... A>
constexpr int lanes(F) {
  return cpu::loop_plan<executable<F, A...>, 0>::lanes;
}

}  // namespace

// --- lanes: as many as a native register holds of the widest type computed with -------------------------------------
static_assert(lanes<decltype([](auto x) { return x + 1; }), floats>({}) == fg::simd::native_bytes / 4);
static_assert(lanes<decltype([](auto x) { return x + 1; }), doubles>({}) == fg::simd::native_bytes / 8);
static_assert(lanes<decltype([](auto x, auto y) { return x + y; }), floats, doubles>({}) == fg::simd::native_bytes / 8);
static_assert(lanes<decltype([](auto x) { return x + 1; }), std::vector<std::int8_t>>({}) ==
              fg::simd::native_bytes / 4);
// short bodies need more vectors in flight to cover an addition's latency
static_assert(cpu::vectors_in_flight(4) >= cpu::vectors_in_flight(20) && cpu::vectors_in_flight(500) == 1);

// --- numbers: slots by type, constants take none --------------------------------------------------------------------
static_assert([] {
  using X = executable<decltype([](auto s, auto t) { return s * 2.0 + t; }), double, float>;
  return cpu::number_slots<X>.count[static_cast<int>(fg::dtype::f64)] >= 2 &&
         cpu::number_slots<X>.count[static_cast<int>(fg::dtype::f32)] == 1 && cpu::number_slots<X>.count[0] == 0;
}());
TEST_CASE("totals of blocks carry their rounding errors", "[backend][loop]") {
  cpu::compensated<double> total;
  for (double x : {1.0, 1e100, 1.0, -1e100}) total.add(x);
  CHECK(total.value() == 2);
  cpu::compensated<float> many;
  for (int i = 0; i < 1000; ++i) many.add(0.1);
  CHECK(many.value() == 100.0f);
  cpu::compensated<double> infinite;
  for (double x : {1.0, std::numeric_limits<double>::infinity(), 1.0}) infinite.add(x);
  CHECK(infinite.value() == std::numeric_limits<double>::infinity());
  infinite.add(-std::numeric_limits<double>::infinity());
  CHECK(std::isnan(infinite.value()));
  cpu::compensated<double> a, b;
  a.add(1e100);
  a.add(1.0);
  b.add(-1e100);
  a.add(b);
  CHECK(a.value() == 1);
  cpu::compensated<double> none, carried;
  for (double x : {1e100, 1.0, -1e100}) carried.add(x);
  none.add(carried);
  CHECK(none.value() == 1);
}

TEST_CASE("reductions of every kind are right at every length", "[backend][loop]") {
  for (int n = 1; n <= 130; ++n) {
    INFO("n = " << n);
    doubles x(static_cast<std::size_t>(n));
    for (int i = 0; i < n; ++i) x[static_cast<std::size_t>(i)] = (i * 37 % 101) / 50.0 - 1.001;
    double sum = 0, product = 1, largest = -10, smallest = 10;
    std::int64_t positive = 0;
    for (double v : x)
      sum += v, product *= v, largest = std::max(largest, v), smallest = std::min(smallest, v), positive += v > 0;
    const auto [s, p, hi, lo, c, any, all] = fg::fuse([](auto v) {
      return fg::outputs(fg::sum(v), fg::prod(v), fg::max(v), fg::min(v), fg::count(v > 0), fg::any(v > 0.9),
                         fg::all(v > -1));
    })(x);
    CHECK(s == Approx(sum).margin(1e-12));
    CHECK(p == Approx(product).epsilon(1e-12));
    CHECK(hi == largest);
    CHECK(lo == smallest);
    CHECK(c == positive);
    CHECK(any == (largest > 0.9));
    CHECK(all == (smallest > -1));
  }
}

TEST_CASE("lanes beyond the end raise no errors and leave sums alone", "[backend][loop]") {
  // 0/0 and log(0) would come of zeros beyond the end
  for (std::size_t n : {1u, 3u, 5u, 17u, 33u}) {
    const doubles x(n, 2.0);
    CHECK(fg::fuse([](auto v) { return fg::sum(fg::log(v) / v); })(x) ==
          Approx(static_cast<double>(n) * std::log(2.0) / 2));
    CHECK(fg::fuse([](auto v) { return fg::max(-v); })(x) == -2);
    CHECK(fg::fuse([](auto v) { return fg::prod(v * 0.5); })(x) == 1);
  }
}

TEST_CASE("integers and conditions are reduced in 64 bits", "[backend][loop]") {
  const std::vector<int> x(1000, 2000000000);
  CHECK(fg::fuse([](auto v) { return fg::sum(v); })(x) == 2000000000000);
  std::vector<std::uint32_t> u(10, 4000000000u);
  CHECK(fg::fuse([](auto v) { return fg::sum(v); })(u) == 40000000000);
  const auto [hi, lo] = fg::fuse([](auto v) { return fg::outputs(fg::max(v), fg::min(v)); })(
      std::vector<std::int64_t>{-5000000000, 3, 7});
  CHECK(hi == 7);
  CHECK(lo == -5000000000);
}

TEST_CASE("the same elements give the same bits wherever they lie", "[backend][loop]") {
  // summation order depends on the length alone, not on alignment
  floats x(5000 + 64);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = 1.0f / static_cast<float>(i % 5000 + 1);
  const auto f = fg::fuse([](auto v) { return fg::sum(fg::sin(v)); });
  float first = 0;
  for (std::size_t shift = 0; shift < 64; shift += 7) {
    for (std::size_t i = 0; i < 5000; ++i) x[shift + i] = 1.0f / static_cast<float>(i + 1);
    const float s = f(fg::view<const float, 1>(x.data() + shift, 5000));
    if (shift == 0) first = s;
    CHECK(s == first);
  }
}

TEST_CASE("long bodies are right for whole and partial vectors", "[backend][loop]") {
  const auto f = [](auto x) {
    auto y = x;
    for (int i = 0; i < 12; ++i) y = fg::where(y > 1, y * 0.5 - x, y * 1.5 + 0.25) + x / (2 + y * y);
    return fg::outputs(y, fg::sum(y));
  };
  for (int n : {1, 5, 16, 17, 63, 64, 65, 130}) {
    doubles x(static_cast<std::size_t>(n));
    double total = 0;
    for (int i = 0; i < n; ++i) x[static_cast<std::size_t>(i)] = 0.01 * i - 0.3;
    const auto [y, sum] = fg::fuse(f)(x);
    for (int i = 0; i < n; ++i) {
      const double v = x[static_cast<std::size_t>(i)];
      double e = v;
      for (int k = 0; k < 12; ++k) e = (e > 1 ? e * 0.5 - v : e * 1.5 + 0.25) + v / (2 + e * e);
      total += e;
      CHECK(y[i] == Approx(e).epsilon(1e-9));
    }
    CHECK(sum == Approx(total).epsilon(1e-9));
  }
}

TEST_CASE("an output may be an argument itself, a constant or a condition", "[backend][loop]") {
  const floats x{1, -2, 3};
  const auto [same, wide, condition, one] = fg::fuse([](auto v) { return fg::outputs(v, v * 0 + 2.0, v > 0, 7); })(x);
  CHECK(same[1] == -2);
  CHECK(wide[2] == 2);
  CHECK((condition[0] && !condition[1]));
  CHECK(one == 7);
  // any non-zero byte is true
  const std::vector<std::uint8_t> bytes{0, 1, 200};
  const auto t = fg::fuse([](auto b) { return fg::where(b, 1.0, 0.0); })(bytes);
  CHECK((t[0] == 0 && t[1] == 1 && t[2] == 1));
}

// --- what a vector has accumulated: every lane counts, in an order that is the same for all -------------------------
namespace {

template <class T, int W>
void check_across_lanes() {
  using cpu::across_lanes;
  using pack = fg::simd::pack<T, W>;
  T v[W], sum = 0, product = 1;
  for (int i = 0; i < W; ++i) {
    v[i] = static_cast<T>(i * 7 % W - W / 2);
    sum = static_cast<T>(sum + v[i]);
  }
  CHECK(across_lanes<fg::sum_t>(pack::load(v)) == sum);
  CHECK(across_lanes<fg::smallest_t>(pack::load(v)) == *std::min_element(v, v + W));
  CHECK(across_lanes<fg::largest_t>(pack::load(v)) == *std::max_element(v, v + W));
  for (int i = 0; i < W; ++i) v[i] = static_cast<T>(i % 4 == 0 ? 2 : 1), product = static_cast<T>(product * v[i]);
  CHECK(across_lanes<fg::prod_t>(pack::load(v)) == product);
  if constexpr (std::is_floating_point_v<T> && W > 1) {
    // halves are added first, so that a large term and its negative cancel whatever lies between
    T tree[W];
    for (int i = 0; i < W; ++i) tree[i] = i == 0 ? T(1e20) : i == W / 2 ? T(-1e20) : T(1);
    CHECK(across_lanes<fg::sum_t>(pack::load(tree)) == T(W - 2));
    v[W - 1] = std::numeric_limits<T>::quiet_NaN();
    CHECK(std::isnan(across_lanes<fg::smallest_t>(pack::load(v))));
    CHECK(std::isnan(across_lanes<fg::largest_t>(pack::load(v))));
  }
}

}  // namespace

TEST_CASE("accumulators take every lane, in one order for all", "[loop]") {
  constexpr int lanes = fg::simd::native_bytes;
  check_across_lanes<float, lanes / 4>();
  check_across_lanes<double, lanes / 8>();
  check_across_lanes<float, lanes / 8>();
  check_across_lanes<std::int32_t, lanes / 4>();
  check_across_lanes<std::int64_t, lanes / 8>();
}
