// Scalars in, scalars out: every transform as a constant expression, to third order.
#include <fusegrad/fusegrad.hpp>

#include "catch.hpp"

namespace fg = fusegrad;

namespace {
constexpr auto polynomial = [](auto x) { return x * x + 2 * x + 1; };
constexpr auto cubic = [](auto x) { return x * x * x - 4 * x; };
constexpr auto surface = [](auto x, auto y) { return x * x * y + y * y * y; };
constexpr auto quotient = [](auto x, auto y) { return x / y; };
}  // namespace

static_assert(fg::fuse(polynomial)(2.0) == 9 && fg::grad(polynomial)(2.0) == 6.0 &&
              fg::grad<0>(polynomial)(2.0f) == 6.0f);
static_assert(fg::grad(cubic)(2.0) == 8 && fg::grad(fg::grad(cubic))(2.0) == 12 &&
              fg::grad(fg::grad(fg::grad(cubic)))(2.0) == 6);
static_assert(fg::grad(fg::grad(fg::grad(fg::grad(cubic))))(2.0) == 0);

constexpr double written(double x) {
  double value = 0, slope = 0;
  fg::value_and_grad(cubic).into(value, slope)(x);
  return value + slope;
}
static_assert(written(2.0) == fg::fuse(cubic)(2.0) + fg::grad(cubic)(2.0));

constexpr auto many_results = [](auto x) {
  return [&]<int... K>(std::integer_sequence<int, K...>) {
    return fg::outputs((x + K)...);
  }(std::make_integer_sequence<int, 65>{});
};
static_assert(fg::get<64>(fg::fuse(many_results)(2.0)) == 66);

namespace {
constexpr auto both = fg::value_and_grad<0, 1>(surface)(2.0, 3.0);
constexpr auto swapped = fg::grad<1, 0>(surface)(2.0, 3.0);
constexpr auto along = fg::jvp<0, 1>(surface)(2.0, 3.0, 1.0, -1.0);
constexpr auto along_one = fg::jvp<1>(surface)(2.0, 3.0, 2.0);
constexpr auto pulled = fg::vjp<0, 1>(surface)(2.0, 3.0, 10.0);
}  // namespace
static_assert(get<0>(both) == 39 && get<1>(both) == 12 && get<2>(both) == 31);
static_assert(get<0>(swapped) == 31 && get<1>(swapped) == 12);
static_assert(get<0>(along) == 39 && get<1>(along) == 12 - 31);
static_assert(get<0>(along_one) == 39 && get<1>(along_one) == 62);
static_assert(get<0>(pulled) == 39 && get<1>(pulled) == 120 && get<2>(pulled) == 310);
static_assert(fg::hvp<0>(surface)(2.0, 3.0, 5.0) == 30 && fg::hvp<1>(surface)(2.0, 3.0, 5.0) == 90);
static_assert(fg::grad<1>(fg::grad<0>(surface))(2.0, 3.0) == 4 && fg::grad<0>(fg::grad<1>(surface))(2.0, 3.0) == 4);
static_assert(fg::grad<0>(quotient)(1.0, 4.0) == 0.25 && fg::grad<1>(quotient)(1.0, 4.0) == -0.0625);
static_assert(get<1>(fg::jvp(fg::grad(cubic))(2.0, 1.0)) == 12 && get<1>(fg::vjp(fg::grad(cubic))(2.0, 1.0)) == 12);
static_assert(fg::grad([](auto x) { return get<1>(fg::jvp(cubic)(x, 1.0)); })(2.0) == 12);

// selection, comparison, kinks
static_assert(fg::grad([](auto x) { return fg::where(x > 0, x * x, -x); })(-3.0) == -1);
static_assert(fg::grad([](auto x) { return fg::abs(x); })(-3.0) == -1 &&
              fg::grad([](auto x) { return fg::relu(x); })(3.0) == 1);
static_assert(fg::grad([](auto x) { return fg::max(x, 2 * x); })(3.0) == 2 &&
              fg::grad([](auto x) { return fg::clamp(x, 0.0, 1.0); })(3.0) == 0);

// the types of results: floats stay floats, doubles and literals do not widen them, integers become double where they
// must
static_assert(std::is_same_v<decltype(fg::grad(polynomial)(2.0f)), float> &&
              std::is_same_v<decltype(fg::fuse(polynomial)(2)), int>);
static_assert(std::is_same_v<decltype(fg::fuse(quotient)(1, 2)), double> && fg::fuse(quotient)(1, 2) == 0.5);
static_assert(std::is_same_v<decltype(fg::fuse(quotient)(1.0f, 2.0)), double>);
static_assert(std::is_same_v<decltype(fg::fuse([](auto x, auto y) { return x < y; })(1, 2.5)), bool>);
static_assert(std::is_same_v<decltype(fg::fuse([](auto x) { return x + true; })(static_cast<short>(3))), int>);
static_assert(fg::fuse([](auto x) { return x * 2; })(3000000000u) == 6000000000);

// reductions of one number are that number
static_assert(fg::fuse([](auto x) { return fg::sum(x) + fg::mean(x) + fg::max(x); })(2.0) == 6);
static_assert(fg::grad([](auto x) { return fg::mean(x * x); })(3.0) == 6);

TEST_CASE("scalar derivatives are the same at run time", "[api][scalar]") {
  volatile double x = 2;
  CHECK(fg::grad(polynomial)(static_cast<double>(x)) == 6);
  CHECK(fg::grad(fg::grad(cubic))(static_cast<double>(x)) == 12);
  const auto [value, slope] = fg::value_and_grad(polynomial)(static_cast<double>(x));
  CHECK(value == 9);
  CHECK(slope == 6);
}

TEST_CASE("numbers go into lvalues of any arithmetic type", "[api][scalar]") {
  float value = 0;
  double slope = 0;
  fg::value_and_grad(polynomial).into(value, slope)(2.0);
  CHECK(value == 9);
  CHECK(slope == 6);
  long rounded = 0;
  fg::fuse(polynomial).into(rounded)(2.5);
  CHECK(rounded == 12);
}
