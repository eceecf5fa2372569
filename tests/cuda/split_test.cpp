// Calls that are split by rows: what each device has of the results, and that together they are what one device finds.
#include "compare.hpp"

namespace fg = fusegrad;
using namespace emulator;
using fg::passes::possession;

namespace {

/// What each device has of the results where arguments with a rank here are split.
template <class T, class... A>
constexpr auto possessions(const T&, std::initializer_list<int> split_rank, std::type_identity<A>...) {
  return fg::detail::split_of<fg::detail::executable_of<T, A...>>(split_rank.begin());
}
template <class... A>
constexpr bool are(const auto& facts, A... wanted) {
  int k = 0;
  return (... && (facts.of[k++] == wanted));
}

constexpr auto all = possession::all, rows = possession::rows, summand = possession::summand,
               nothing = possession::nothing;
constexpr std::type_identity<floats<2>> m;
constexpr std::type_identity<floats<1>> v;
constexpr std::type_identity<float> n;

constexpr auto regression = [](auto x, auto w, auto b) {
  return fg::mean(fg::square(fg::sum(x * w, fg::axis<-1>) + b));
};
constexpr auto layer_norm = [](auto x, auto gain, auto shift) {
  const auto centred = x - fg::mean(x, fg::axis<-1>, fg::keepdims);
  return centred * fg::rsqrt(fg::mean(fg::square(centred), fg::axis<-1>, fg::keepdims) + 1e-5) * gain + shift;
};

// the value and shared gradients are sums, gradients of rows are rows
static_assert(are(possessions(fg::value_and_grad<0, 1, 2>(regression), {2, 0, 0}, m, v, n), summand, rows, summand,
                  summand));
static_assert(are(possessions(fg::vjp<0, 1, 2>(layer_norm), {2, 0, 0, 2}, m, v, v, m), rows, rows, summand, summand));
static_assert(are(possessions(fg::fuse([](auto x, auto w) { return fg::outputs(w + 1, fg::sum(w), x * w); }), {2, 0}, m,
                              v),
                  all, all, rows));
static_assert(are(possessions(fg::fuse([](auto x) { return fg::max(x, fg::axis<-1>); }), {2}, m), rows));
// what combines rows in another way is nothing of use
static_assert(are(possessions(fg::fuse([](auto x) { return fg::outputs(fg::max(x), fg::sqrt(fg::sum(x))); }), {2}, m),
                  nothing, nothing));
static_assert(are(possessions(fg::fuse([](auto x) { return x - fg::mean(x, fg::axis<0>); }), {2}, m), nothing));
static_assert(are(possessions(fg::fuse([](auto x) { return fg::transpose(x); }), {2}, m), nothing));
static_assert(are(possessions(fg::fuse([](auto x) { return x + fg::index(x, fg::axis<0>); }), {2}, m), nothing));
static_assert(are(possessions(fg::fuse([](auto x) {
                                return fg::outputs(fg::slice(x, fg::axis<-1>, fg::range<0, 2>),
                                                   fg::slice(x, fg::axis<0>, fg::range<0, 2>));
                              }),
                              {2}, m),
                  rows, nothing));
static_assert(are(possessions(fg::fuse([](auto x, auto y) { return x + y; }), {2, 0}, m, m), nothing));
static_assert(are(possessions(fg::fuse([](auto x, auto w) { return fg::mean(x) + fg::sum(w * w); }), {2, 0}, m, v),
                  nothing));

/// Value and gradients of w and b from the rows of one device.
struct of_rows {
  float value = 0, db = 0;
  floats<1> dw;
};
of_rows part(const fg::view<const float, 2>& x, const floats<1>& w, float b, std::ptrdiff_t all_rows) {
  const auto t = fg::value_and_grad<1, 2>(regression);
  using D =
      decltype(fg::detail::device_executable_of<fg::detail::executable_of<decltype(t), floats<2>, floats<1>, float>>());
  constexpr auto facts = possessions(fg::value_and_grad<1, 2>(regression), {2, 0, 0}, m, v, n);
  of_rows made{.dw = floats<1>(w.shape())};
  const fg::results<fg::view<const float, 2>, fg::view<const float, 1>, float> in{{{x}, {fg::view_of(w)}, {b}}};
  const fg::results<float*, fg::view<float, 1>, float*> to{{{&made.value}, {fg::view_of(made.dw)}, {&made.db}}};
  void* numbers[]{&made.value, nullptr, &made.db};
  fg::simt::execution<D, decltype(in), decltype(to)> call(in, to, 1, {facts.axis, all_rows});
  std::vector<std::uint64_t> scratch(call.scratch_bytes() / 8 + 1);
  emulator::device device;
  call.run(device, scratch.data(), numbers);
  return made;
}

}  // namespace

TEST_CASE("parts of a split call add up to the whole", "[cuda]") {
  const auto x = matrix(7, 5, 1);
  const auto w = vector(5, 2);
  const auto [value, dw, db] = fg::value_and_grad<1, 2>(regression)(x, w, 0.5f);
  const of_rows first = part({x.data(), {4, 5}}, w, 0.5f, 7), second = part({x.data() + 20, {3, 5}}, w, 0.5f, 7);
  CHECK(first.value + second.value == Approx(value));
  CHECK(first.db + second.db == Approx(db));
  for (int k = 0; k < 5; ++k) CHECK(first.dw[k] + second.dw[k] == Approx(dw[k]));
}
