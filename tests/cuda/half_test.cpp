// Arrays of half and bfloat16 in the bodies of CUDA kernels, run by an emulation of blocks and threads: compared with
// what the CPU makes of the same numbers as floats, rounded.
#include "compare.hpp"

namespace fg = fusegrad;
using namespace emulator;

namespace {

template <class T, class U, int Rank>
fg::tensor<T, Rank> as(const fg::tensor<U, Rank>& x) {
  fg::tensor<T, Rank> made(x.shape());
  for (std::ptrdiff_t i = 0; i < x.size(); ++i) made[i] = static_cast<T>(x[i]);
  return made;
}
template <class A>
auto widened(const A& a) {
  if constexpr (requires { requires fg::is_narrow<typename A::value_type>; }) return as<float>(a);
  else return a;
}

/// Half a unit of the last place, of numbers around one.
template <class T>
constexpr float rounding = std::is_same_v<T, fg::half>       ? 0x1p-11f
                           : std::is_same_v<T, fg::bfloat16> ? 0x1p-8f
                                                             : 0;

template <class R>
void same_rounded(const R& got, const auto& want) {
  if constexpr (std::is_arithmetic_v<R>) {
    same(got, want);
  } else {
    using type = typename R::value_type;
    REQUIRE(got.shape() == want.shape());
    int wrong = 0;
    for (std::ptrdiff_t i = 0; i < got.size(); ++i)
      wrong +=
          !(std::abs(got[i] - want[i]) <= 1.01f * rounding<type> * std::abs(want[i]) + 2e-5f * (1 + std::abs(want[i])));
    CHECK(wrong == 0);
  }
}

/// Runs a transform in the emulation, and on the CPU with the same numbers as floats.
template <class T, class... A>
void compare_rounded(const T& t, int multiprocessors, unsigned seed, const A&... arguments) {
  const auto want = as_results(t(widened(arguments)...));
  const auto got = emulated(t, multiprocessors, seed, arguments...);
  [&]<std::size_t... K>(std::index_sequence<K...>) {
    (same_rounded(get<K>(got.results), get<K>(want)), ...);
  }(std::make_index_sequence<std::tuple_size_v<std::remove_const_t<decltype(want)>>>{});
}

/// The element types of the results of a call.
template <class... Elements, class T, class... A>
constexpr bool returns(const T&, const A&...) {
  using X = fg::detail::executable_of<T, A...>;
  return []<int... K>(std::integer_sequence<int, K...>) {
    return (std::is_same_v<typename X::template output_element<K>, Elements> && ...);
  }(std::make_integer_sequence<int, sizeof...(Elements)>{});
}

#if defined(FUSEGRAD_ONE_TYPE)
using narrow_types = std::tuple<fg::half>;
#else
using narrow_types = std::tuple<fg::half, fg::bfloat16>;
#endif

constexpr auto bell = [](auto x, auto y) { return fg::exp(-x * x) * fg::sin(y) + 1; };
constexpr auto error = [](auto x, auto y) { return fg::mean(fg::square(fg::tanh(x) - y)); };
constexpr auto cross_entropy = [](auto logits, auto labels) { return fg::mean(fg::cross_entropy(logits, labels)); };
constexpr auto scaled_softmax = [](auto x, auto gain) { return fg::softmax(x, fg::axis<-1>) * gain; };

}  // namespace

TEMPLATE_LIST_TEST_CASE("arrays of 16 bits are computed with in float", "[cuda][half]", narrow_types) {
  for (std::ptrdiff_t n : {0, 1, 7, 8, 9, 130, 2051, 4104}) {
    const auto x = as<TestType>(vector(n, 1)), y = as<TestType>(vector(n, 2));
    compare_rounded(fg::fuse(bell), 1, 3, x, y);
    compare_rounded(fg::fuse([](auto a) { return fg::cumsum(a * 0.125f); }), 1, 3, x);
    if (n > 0) compare_rounded(fg::value_and_grad<0, 1>(error), 1, 4, x, y);
  }
}

TEMPLATE_LIST_TEST_CASE("rows of 16 bits", "[cuda][half]", narrow_types) {
  for (auto [rows, columns] : {std::pair{1, 1}, {5, 8}, {33, 10}, {7, 130}, {3, 1504}}) {
    const auto x = as<TestType>(matrix(rows, columns, 5)), w = as<TestType>(matrix(rows, columns, 6));
    fg::tensor<int, 1> labels(rows);
    for (int r = 0; r < rows; ++r) labels[r] = r * 7 % columns;
    compare_rounded(fg::value_and_grad<0>(cross_entropy), 1, 3, x, labels);
    // gains of the same type, and of float: sums over rows are theirs
    compare_rounded(fg::vjp<0, 1>(scaled_softmax), 1, 4, x, as<TestType>(vector(columns, 7)), w);
    compare_rounded(fg::vjp<0, 1>(scaled_softmax), 1, 5, x, vector(columns, 7), w);
  }
}

TEST_CASE("results are as narrow as what they come from", "[cuda][half]") {
  const fg::tensor<fg::half, 1> h;
  const fg::tensor<fg::bfloat16, 1> b;
  const fg::tensor<float, 1> f;
  const fg::tensor<double, 1> d;
  const fg::tensor<int, 1> i;
  CHECK(returns<fg::half>(fg::fuse(bell), h, h));
  CHECK(returns<fg::half>(fg::fuse([](auto x, auto y) { return x * y; }), h, i));
  CHECK(returns<fg::half>(fg::fuse(bell), h, 2.0));
  CHECK(returns<float>(fg::fuse(bell), h, f));
  CHECK(returns<float>(fg::fuse(bell), h, b));
  CHECK(returns<double>(fg::fuse(bell), d, h));
  CHECK(returns<float, fg::half, float>(fg::value_and_grad<0, 1>(error), h, f));
  CHECK(returns<float, fg::bfloat16, fg::half>(fg::vjp<0, 1>(bell), b, h, f));
  CHECK(returns<bool>(fg::fuse([](auto x) { return x > 0; }), h));
  CHECK(fg::plan(fg::value_and_grad<0>(error), h, h).bytes == 6);
}

TEST_CASE("an output may be of any type that holds floats", "[cuda][half]") {
  const auto x = vector(1003, 1), y = vector(1003, 2);
  const auto narrow = as<fg::half>(x);
  const auto want = fg::fuse(bell)(x, y);
  fg::tensor<fg::bfloat16, 1> rounded(x.shape());
  emulate(fg::fuse(bell), fg::results<fg::tensor<fg::bfloat16, 1>&>{{{rounded}}}, 1, 1, x, y);
  same_rounded(rounded, want);
  floats<1> wide(x.shape());
  emulate(fg::fuse(bell), fg::results<floats<1>&>{{{wide}}}, 1, 1, narrow, as<fg::half>(y));
  same_rounded(wide, fg::fuse(bell)(as<float>(narrow), as<float>(as<fg::half>(y))));
}

TEST_CASE("sums of numbers of 16 bits lose nothing, and arrays may begin and stride anyhow", "[cuda][half]") {
  fg::tensor<fg::half, 1> ones(5000);
  for (fg::half& e : ones) e = fg::half(1.0f);
  float sum = 0;
  emulate(fg::fuse([](auto x) { return fg::sum(x); }), fg::results<float&>{{{sum}}}, 1, 1, ones);
  CHECK(sum == 5000);  // a half would stop at 2048
  const auto x = as<fg::half>(vector(3000, 1));
  for (std::ptrdiff_t stride : {1, 3}) {
    const fg::view<const fg::half, 1> part(x.data() + 1, {900}, {stride});
    fg::tensor<fg::half, 1> got(900);
    emulate(fg::fuse([](auto a) { return 2 * a; }), fg::results<fg::tensor<fg::half, 1>&>{{{got}}}, 1, 1, part);
    int wrong = 0;
    for (std::ptrdiff_t k = 0; k < 900; ++k) wrong += got[k] != 2 * x[1 + k * stride];
    CHECK(wrong == 0);
  }
}
