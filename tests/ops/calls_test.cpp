// How operations are called: on numbers, on expressions, qualified and not, with default parameters, and what they keep
// of their operands' types.
#include "slopes.hpp"

namespace fg = fusegrad;

// Numbers: what every compiler can evaluate, it evaluates at compile time.
static_assert(fg::relu(-2.0) == 0 && fg::relu(2.0f) == 2.0f && fg::relu(3) == 3);
static_assert(fg::abs(-3) == 3 && fg::sign(-0.5) == -1 && fg::max(1, 2) == 2 && fg::min(1.0f, 2.0f) == 1.0f);
static_assert(fg::clamp(5, 0, 3) == 3 && fg::square(3) == 9 && fg::lerp(1.0, 3.0, 0.5) == 2.0);
static_assert(fg::leaky_relu(-2.0f, 0.5f) == -1.0f && fg::hardtanh(7) == 1 && fg::hardswish(4.0) == 4.0);
static_assert(std::is_same_v<decltype(fg::relu(2.0f)), float> && std::is_same_v<decltype(fg::relu(2)), int>);
static_assert(std::is_same_v<decltype(fg::sigmoid(2.0f)), float> && std::is_same_v<decltype(fg::exp(2)), double>);
static_assert(std::is_same_v<decltype(fg::elu(2.0f)), float> && std::is_same_v<decltype(fg::pow(2.0f, 3)), float>);

// Functions that compute on float alone, as networks on plain numbers do, stay there.
template <class... Op>
constexpr bool compute_in_float(fg::type_list<Op...>) {
  const auto result = []<class O>(O op) {
    if constexpr (O::arity == 1) return decltype(op(0.5f)){};
    else if constexpr (O::arity == 2) return decltype(op(0.5f, 0.5f)){};
    else return decltype(op(0.5f, 0.5f, 0.5f)){};
  };
  return ((std::is_same_v<decltype(result(Op{})), float> || std::is_same_v<decltype(result(Op{})), bool>)&&...);
}
static_assert(compute_in_float(fg::ops::elementwise{}));

namespace {
// Numeric code that knows nothing of the library.
auto generic(auto x, auto y) {
  using std::exp, std::max, std::abs, std::log1p, std::pow;
  return max(exp(x), abs(y)) + log1p(pow(x, 2)) + max(x, y);
}
}  // namespace

TEST_CASE("unqualified calls find the library's functions", "[ops]") {
  const double plain = generic(0.5, -3.0);
  CHECK(fg::fuse([](auto x, auto y) { return generic(x, y); })(0.5, -3.0) == Approx(plain));
  CHECK(fg::fuse([](auto x) { return tanh(x) + sigmoid(x) + where(x > 0, x, -x); })(0.5) ==
        Approx(std::tanh(0.5) + 1 / (1 + std::exp(-0.5)) + 0.5));
  CHECK(fg::fuse([](auto x) { return logsumexp(x) + mean(x) + norm(x); })(std::vector<double>{1, 1}) ==
        Approx(1 + std::log(2.0) + 1 + std::sqrt(2.0)));
}

TEST_CASE("parameters have defaults", "[ops]") {
  CHECK(fg::leaky_relu(-2.0) == Approx(-0.02));
  CHECK(fg::elu(-2.0) == Approx(std::expm1(-2.0)));
  CHECK(fg::celu(-2.0) == Approx(std::expm1(-2.0)));
  CHECK(fg::squareplus(0.0) == 1);
  CHECK(fg::fuse([](auto x) { return leaky_relu(x) + elu(x) + squareplus(x); })(0.0f) == 1);
}

TEST_CASE("literals do not widen float arrays", "[ops]") {
  const std::vector<float> x{0.5f};
  const auto is_float = [&x](auto f) {
    const auto y = fg::fuse(f)(x);
    return std::is_same_v<std::remove_cvref_t<decltype(y[0])>, float>;
  };
  CHECK(is_float([](auto v) { return fg::gelu(v); }));
  CHECK(is_float([](auto v) { return fg::pow(v, 2.5); }));
  CHECK(is_float([](auto v) { return fg::clamp(v, 0.0, 1.0); }));
  CHECK(is_float([](auto v) { return fg::softplus(2 * v + 1.0); }));
}

TEST_CASE("the logistic functions share one exponential", "[ops]") {
  constexpr auto one = [](auto x) { return fg::sigmoid(x); };
  constexpr auto all = [](auto x) {
    return fg::outputs(fg::sigmoid(x), fg::softplus(x), fg::log_sigmoid(x), fg::silu(x),
                       fg::grad<0>([](auto v) { return fg::silu(v) + fg::softplus(v) + fg::log_sigmoid(v); })(x));
  };
  const std::vector<float> x{0.5f};
  const auto exponentials = [&x](auto f) {
    const std::string text = fg::explain(fg::fuse(f), x);
    int count = 0;
    for (const char* name : {" exp ", " decay "})  // decay is exp(-|x|)
      for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) ++count;
    return count;
  };
  CHECK(exponentials(one) == 1);
  CHECK(exponentials(all) == 1);
}

TEST_CASE("powers with a small literal exponent are products", "[ops]") {
  const std::vector<float> x{2.0f};
  const auto calls_pow = [&x](auto f) { return fg::explain(fg::fuse(f), x).find("pow") != std::string::npos; };
  CHECK_FALSE(calls_pow([](auto v) { return fg::pow(v, 2); }));
  CHECK_FALSE(calls_pow([](auto v) { return fg::pow(v, 3.0) + fg::pow(v, -2) + fg::pow(v, 0.5) + fg::pow(v, 8); }));
  CHECK_FALSE(calls_pow([](auto v) { return fg::grad<0>([](auto u) { return fg::pow(u, 7) + fg::pow(u, 0.5); })(v); }));
  CHECK(calls_pow([](auto v) { return fg::pow(v, 2.5); }));
}
