// Operations of users' own, with the same rights as the library's: written for numbers only, for anything, or composed
// of others; in every mode, in arrays and numbers.
#include <array>
#include <cmath>
#include <fusegrad/debug.hpp>
#include <vector>

#include "agreement.hpp"
#include "catch.hpp"

namespace fg = fusegrad;

namespace custom {

/// Written for plain numbers only: run lane by lane.
inline constexpr struct lambert_t : fg::elementwise<lambert_t, 1> {
  static constexpr std::string_view name = "lambert_w";
  template <std::floating_point T>
  static T value(T x) {
    T w = std::log1p(x);
    for (int i = 0; i < 20; ++i) {
      const T e = std::exp(w);
      w -= (w * e - x) / (e * (w + 1));
    }
    return w;
  }
  static constexpr auto partials(fg::symbolic auto x, fg::symbolic auto w) { return w / (x * (1 + w)); }
} lambert;

/// Written for anything that has arithmetic.
inline constexpr struct blend_t : fg::elementwise<blend_t, 3> {
  static constexpr std::string_view name = "blend";
  static constexpr auto value(auto x, auto y, auto w) { return x + (y - x) * w; }
  static constexpr auto partials(fg::symbolic auto x, fg::symbolic auto y, fg::symbolic auto w, fg::symbolic auto) {
    return std::array{1 - w, w, y - x};
  }
} blend;

/// Composed of the library's operations; its derivative is that of its parts.
inline constexpr struct swish_t : fg::composite<swish_t, 2> {
  static constexpr std::string_view name = "swish";
  static constexpr auto value(auto x, auto beta) { return x * fg::sigmoid(beta * x); }
} swish;

/// Composed, with a derivative of its own that replaces that of its parts: straight through.
inline constexpr struct quantized_t : fg::composite<quantized_t, 1> {
  static constexpr std::string_view name = "quantized";
  static constexpr auto value(auto x) { return fg::round(x * 4) * 0.25; }
  static constexpr auto partials(fg::symbolic auto, fg::symbolic auto) { return 1.0; }
} quantized;

/// Without a derivative: zero everywhere.
inline constexpr struct step_t : fg::elementwise<step_t, 1> {
  static constexpr std::string_view name = "step";
  static constexpr auto value(auto x) {
    using fg::math::where;
    return where(x > decltype(x)(0), decltype(x)(1), decltype(x)(0));
  }
} step;

/// Four operands, one of which has no influence on the derivative; fg::outputs of slopes of different kinds.
inline constexpr struct four_t : fg::elementwise<four_t, 4> {
  static constexpr std::string_view name = "four";
  static constexpr auto value(auto a, auto b, auto c, auto d) { return a * b + c * d; }
  static constexpr auto partials(fg::symbolic auto a, fg::symbolic auto b, fg::symbolic auto c, fg::symbolic auto d,
                                 fg::symbolic auto) {
    return fg::outputs(b, a, d, c);
  }
} four;

/// A reduction: the largest magnitude.
inline constexpr struct largest_magnitude_t : fg::reduction<largest_magnitude_t> {
  static constexpr std::string_view name = "largest_magnitude";
  template <class T>
  static constexpr T identity() {
    return T(0);
  }
  static constexpr auto combine(auto x, auto y) {
    using fg::math::abs, fg::math::max;
    return max(abs(x), abs(y));
  }
  static constexpr auto partials(fg::symbolic auto x, fg::symbolic auto y) {
    return fg::where(fg::abs(x) == y, fg::sign(x), 0.0);
  }
} largest_magnitude;

}  // namespace custom

using namespace custom;

namespace {

/// f at x in every mode: value v, slope d and curvature h; compiled in both precisions, for 1 to 20 elements.
template <class F>
void check_in_every_mode(F f, double x, double v, double d, double h) {
  const auto total = [](auto a) { return fg::sum(F{}(a)); };
  CHECK(fg::fuse(f)(x) == Approx(v));
  CHECK(last_result(fg::grad(f), x)[0] == Approx(d));
  CHECK(last_result(fg::grad(fg::grad(f)), x)[0] == Approx(h));
  CHECK(last_result(fg::jvp(f), x, 2.0)[0] == Approx(2 * d));
  for (std::size_t n : {1u, 20u}) {
    const std::vector<double> a(n, x), ones(n, 1.0);
    const std::vector<float> b(n, static_cast<float>(x));
    const auto last = static_cast<std::ptrdiff_t>(n) - 1;
    const auto [value, gradient] = fg::value_and_grad(total)(a);
    CHECK(value == Approx(v * static_cast<double>(n)));
    CHECK(gradient[last] == Approx(d));
    CHECK(last_result(fg::hvp(total), a, ones)[n - 1] == Approx(h));
    const auto [y, y_dot] = fg::jvp(f)(b, 1.0f);
    CHECK(static_cast<double>(y[last]) == Approx(v).epsilon(1e-5));
    CHECK(static_cast<double>(y_dot[last]) == Approx(d).epsilon(1e-5));
  }
}

}  // namespace

TEST_CASE("an operation written for numbers only runs lane by lane, in every mode", "[api][custom]") {
  // w e^w = x; at x = e: w = 1, w' = 1/(2e), w'' = -w^2 (w + 2) / (x^2 (1 + w)^3)
  const double e = std::exp(1.0);
  check_in_every_mode([](auto x) { return lambert(x); }, e, 1, 1 / (2 * e), -3 / (8 * e * e));
  CHECK(lambert(e) == Approx(1));  // and on plain numbers
  static_assert(std::is_same_v<decltype(lambert(2.0f)), float>);
}

TEST_CASE("an operation written for anything runs on vectors and in constant expressions", "[api][custom]") {
  static_assert(fg::fuse([](auto x) { return blend(x, 2 * x, 0.5); })(4.0) == 6);
  static_assert(fg::grad<2>([](auto x, auto y, auto w) { return blend(x, y, w); })(1.0, 5.0, 0.5) == 4);
  check_in_every_mode([](auto x) { return blend(x, x * x, x); }, 3, 3 + 6 * 3, 1 - 6 + 27, -2 + 18);
}

TEST_CASE("a composed operation is differentiated through its parts", "[api][custom]") {
  const double s = 1 / (1 + std::exp(-1.0)), ds = s * (1 - s), dds = ds * (1 - 2 * s);
  check_in_every_mode([](auto x) { return swish(x, 2.0); }, 0.5, 0.5 * s, s + 0.5 * 2 * ds, 2 * 2 * ds + 0.5 * 4 * dds);
  using floats = std::vector<float>;
  // its parts merge with the library's: one exponential
  static_assert(fg::plan<floats>(fg::fuse([](auto x) { return swish(x, 1.0) + fg::sigmoid(x); })).flops ==
                fg::plan<floats>(fg::fuse([](auto x) { return fg::sigmoid(x) * x + fg::sigmoid(x); })).flops);
}

TEST_CASE("a composed operation may replace the derivative of its parts", "[api][custom]") {
  check_in_every_mode([](auto x) { return quantized(x) * quantized(x); }, 1.3, 1.5625, 2.5, 2);
}

TEST_CASE("an operation without partials has the derivative zero", "[api][custom]") {
  check_in_every_mode([](auto x) { return step(x) * x; }, 2, 2, 1, 0);
}

TEST_CASE("an operation of four operands has four derivatives", "[api][custom]") {
  const std::vector<double> a{1}, b{2}, c{3}, d{4};
  const auto [value, da, db, dc, dd] = fg::value_and_grad<0, 1, 2, 3>(
      [](auto p, auto q, auto r, auto s) { return fg::sum(four(p, q, r, s)); })(a, b, c, d);
  CHECK(value == 14);
  CHECK((da[0] == 2 && db[0] == 1 && dc[0] == 4 && dd[0] == 3));
}

TEST_CASE("a reduction of the user's own", "[api][custom]") {
  for (int n : {1, 3, 17, 5000}) {
    std::vector<float> x(static_cast<std::size_t>(n), 0.25f);
    x[static_cast<std::size_t>(n / 2)] = -7;
    const auto [value, gradient] = fg::value_and_grad([](auto v) { return largest_magnitude(v); })(x);
    CHECK(value == 7);
    CHECK(gradient[n / 2] == -1);
    if (n > 1) CHECK(gradient[0] == 0);
  }
}

TEST_CASE("users' operations fuse with the library's", "[api][custom]") {
  using doubles = std::vector<double>;
  const auto loss = [](auto x, auto t) { return fg::mean(fg::square(lambert(x) - blend(x, t, 0.5))); };
  static_assert(fg::plan<doubles, doubles>(fg::value_and_grad<0, 1>(loss)).kernels == 1);
  CHECK(fg::check_gradient(loss, doubles{0.5, 1.0, 2.0}, doubles{1.0, 0.5, 0.25}));
  CHECK_THAT(fg::explain(fg::fuse(loss), doubles{}, doubles{}), Catch::Matchers::ContainsSubstring("lambert_w %"));
}
