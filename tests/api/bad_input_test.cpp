// One test for each mistake that a call can find at run time: its sentence, and that nothing is written before it.
#include <array>
#include <fusegrad/fusegrad.hpp>
#include <span>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;

namespace {

constexpr auto mse = [](auto x, auto t) { return fg::mean(fg::square(x - t)); };
constexpr auto twice = [](auto x) { return x * 2; };

/// Calls and expects the message; nothing may be written to the outputs, which hold -1 before and after.
template <class Call, class... Out>
void refuses(const std::string& message, Call call, const Out&... outputs) {
  CHECK_THROWS_AS(call(), std::invalid_argument);
  CHECK_THROWS_WITH(call(), message);
  [[maybe_unused]] auto untouched = [](const auto& out) {
    if constexpr (fg::element<std::remove_cvref_t<decltype(out)>>) return out == -1;
    else {
      for (auto x : out)
        if (x != -1) return false;
      return true;
    }
  };
  CHECK((untouched(outputs) && ...));
}

}  // namespace

TEST_CASE("an axis of one element meets one of several", "[api][errors]") {
  const fg::tensor<float, 2> a({3, 4}), b({3, 1});
  refuses(
      "fusegrad: arguments 0 [3, 4] and 1 [3, 1] do not broadcast in 'add' (axis -1: 4 vs 1); an axis of one element "
      "broadcasts only where its type says so: pass an array of fewer axes, and fg::unsqueeze it in the function",
      [&] { return fg::fuse([](auto x, auto y) { return x + y; })(a, b); });
}

TEST_CASE("shapes that differ", "[api][errors]") {
  const std::vector<float> x(5), t(4);
  refuses("fusegrad: arguments 0 [5] and 1 [4] do not broadcast in 'sub' (axis -1: 5 vs 4); reshape one of them",
          [&] { return fg::fuse(mse)(x, t); });
  const fg::tensor<float, 2> a({2, 3}), b({3, 2});
  float value = -1;
  fg::tensor<float, 2> out({2, 3});
  for (float& v : out) v = -1;
  refuses(
      "fusegrad: arguments 1 [2, 3] and 3 [3, 2] do not broadcast in 'mul' (axis -1: 3 vs 2); reshape one of them",
      [&] {
        fg::value_and_grad<1>([](auto s, auto u, auto v, auto w) {
          return fg::sum(s * u * v * w);
        }).into(value, out)(2.0f, a, a, b);
      },
      value, out);
}

TEST_CASE("an array meets itself along other axes", "[api][errors]") {
  refuses(
      "fusegrad: argument 0 [2, 3] and itself do not broadcast in 'add' (axis -1 and axis -2: 3 vs 2); its axes must "
      "be "
      "of one length",
      [] { return fg::fuse([](auto x) { return x + fg::transpose(x); })(fg::tensor<float, 2>(fg::extents(2, 3))); });
}

TEST_CASE("the mean of nothing", "[api][errors]") {
  const std::vector<double> none;
  double value = -1;
  refuses("fusegrad: 'mean' of an empty array has no value; pass at least one element",
          [&] { return fg::fuse(mse)(none, none); });
  refuses(
      "fusegrad: 'mean' of an empty array has no value; pass at least one element",
      [&] { fg::fuse(mse).into(value)(none, none); }, value);
  // nor has it derivatives
  refuses("fusegrad: 'mean' of an empty array has no value; pass at least one element",
          [&] { return fg::grad(mse)(none, none); });
  refuses(
      "fusegrad: 'mean' of an empty array has no value; pass at least one element",
      [&] { fg::grad<1>([](auto x, auto s) { return fg::mean(x * s); }).into(value)(none, 2.0); }, value);
  refuses("fusegrad: 'max' of an empty array has no value; pass at least one element",
          [&] { return fg::fuse([](auto x) { return fg::max(x); })(none); });
  refuses("fusegrad: 'min' of an empty array has no value; pass at least one element", [&] {
    return fg::fuse([](auto x) { return fg::min(x); })(fg::tensor<float, 2>({3, 0}));
  });
}

TEST_CASE("an output of the wrong size", "[api][errors]") {
  const std::vector<float> x(5), t(5);
  std::vector<float> small(4, -1.0f), large(6, -1.0f), right(5, -1.0f);
  float value = -1;
  refuses(
      "fusegrad: output 1 has shape [4] where the result has [5]; resize it before the call",
      [&] { fg::value_and_grad(mse).into(value, small)(x, t); }, value, small);
  refuses(
      "fusegrad: output 0 has shape [6] where the result has [5]; resize it before the call",
      [&] { fg::grad(mse).into(large)(x, t); }, large);
  refuses(
      "fusegrad: output 2 has shape [4] where the result has [5]; resize it before the call",
      [&] { fg::value_and_grad<0, 1>(mse).into(value, right, small)(x, t); }, value, right, small);
  std::vector<float> empty;
  refuses("fusegrad: output 0 has shape [0] where the result has [5]; resize it before the call",
          [&] { fg::grad(mse).into(empty)(x, t); });
}

TEST_CASE("an output that overlaps an input in part", "[api][errors]") {
  std::vector<float> memory(10, -1.0f);
  const fg::view<float, 1> front(memory.data(), 8), back(memory.data() + 1, 8);
  refuses(
      "fusegrad: output 0 overlaps argument 0, which would be overwritten while it is needed; give it memory of its "
      "own",
      [&] { fg::fuse(twice).into(back)(front); }, memory);
  refuses(
      "fusegrad: output 0 overlaps argument 1, which would be overwritten while it is needed; give it memory of its "
      "own",
      [&] { fg::fuse([](auto x, auto y) { return x + y; }).into(front)(std::vector<float>(8), back); }, memory);
  const fg::view<float, 1> reversed(memory.data() + 7, {8}, {-1});
  refuses(
      "fusegrad: output 0 overlaps argument 0, which would be overwritten while it is needed; give it memory of its "
      "own",
      [&] { fg::fuse(twice).into(reversed)(front); }, memory);
}

TEST_CASE("an output over an input that a later loop reads again", "[api][errors]") {
  // the first loop writes x > 0 ? ... and the second needs x: 0 kernels apart they may share, 1 apart they may not
  std::vector<double> x{-1, -1};
  std::vector<double> y(2, -1.0);
  const auto f = [](auto v) { return fg::outputs(v * 2, v / fg::sum(v)); };
  refuses(
      "fusegrad: output 0 overlaps argument 0, which would be overwritten while it is needed; give it memory of its "
      "own",
      [&] { fg::fuse(f).into(x, y)(x); }, x, y);
  fg::fuse(f).into(y, x)(x);
  CHECK(x[0] == 0.5);
  CHECK(y[0] == -2);
}

TEST_CASE("an output over an input of another type", "[api][errors]") {
  union {
    float f[4];
    int i[4];
  } memory{};
  for (int& i : memory.i) i = -1;
  // the same elements, the same size, each read before it is written
  const fg::view<const int, 1> in(memory.i, 4);
  fg::fuse([](auto x) { return x * 0.5f + 1; }).into(fg::view<float, 1>(memory.f, 4))(in);
  CHECK(memory.f[3] == 0.5f);
  std::vector<double> wide(4, -1.0);
  const fg::view<const float, 1> narrow(reinterpret_cast<const float*>(wide.data()), 4);
  refuses(
      "fusegrad: output 0 overlaps argument 0, which would be overwritten while it is needed; give it memory of its "
      "own",
      [&] { fg::fuse([](auto x, auto d) { return x + d; }).into(wide)(narrow, std::vector<double>(4)); }, wide);
}

TEST_CASE("two outputs that overlap", "[api][errors]") {
  const std::vector<float> x(4), t(4);
  std::vector<float> out(6, -1.0f);
  float value = -1;
  const fg::view<float, 1> a(out.data(), 4), b(out.data() + 2, 4);
  refuses(
      "fusegrad: output 2 overlaps output 1, which would be overwritten while it is needed; give it memory of its own",
      [&] { fg::value_and_grad<0, 1>(mse).into(value, a, b)(x, t); }, value, out);
  refuses(
      "fusegrad: output 1 overlaps output 0, which would be overwritten while it is needed; give it memory of its own",
      [&] { fg::grad<0, 1>(mse).into(a, a)(x, t); }, out);
  // neighbours do not overlap
  std::vector<float> both(8);
  CHECK_NOTHROW(
      fg::grad<0, 1>(mse).into(fg::view<float, 1>(both.data(), 4), fg::view<float, 1>(both.data() + 4, 4))(x, t));
}

TEST_CASE("many arrays overlap where two share elements, in whatever order they lie", "[api][errors]") {
  const auto f = fg::value_and_grad<0, 1, 2, 3>([](auto a, auto b, auto c, auto d) { return fg::sum(a * b * c * d); });
  constexpr std::size_t n = 5;
  std::vector<float> memory(9 * n, 1.0f);
  using places = std::array<std::size_t, 8>;  // of arguments, then of gradients
  const auto call = [&](const places& begin) {
    const auto at = [&](std::size_t k) { return std::span<float>(memory).subspan(begin[k], n); };
    float value = 0;
    f.into(value, at(4), at(5), at(6), at(7))(at(0), at(1), at(2), at(3));
  };
  for (const places& order : {places{0, 1, 2, 3, 4, 5, 6, 7}, places{7, 6, 5, 4, 3, 2, 1, 0},
                              places{0, 2, 4, 6, 1, 3, 5, 7}, places{4, 5, 6, 7, 0, 1, 2, 3}}) {
    places begin{};
    for (std::size_t k = 0; k < 8; ++k) begin[k] = order[k] * n;
    CHECK_NOTHROW(call(begin));
    for (std::size_t k = 4; k < 8; ++k) {
      places moved = begin;
      moved[k] += 1;  // into the next one, if there is one
      if (order[k] == 7) CHECK_NOTHROW(call(moved));
      else CHECK_THROWS_AS(call(moved), std::invalid_argument);
    }
  }
}

TEST_CASE("views that interleave overlap only if they share elements", "[api][errors]") {
  std::vector<float> memory(12, -1.0f);
  const auto column = [&](std::ptrdiff_t k, std::ptrdiff_t step, std::ptrdiff_t n = 4) {
    return fg::view<float, 1>(memory.data() + k, {n}, {step});
  };
  const auto both = [](auto v) { return fg::outputs(v * 2, v * 3); };
  // columns of an array of three, the last one from the first
  fg::fuse(both).into(column(1, 3), column(2, 3))(std::vector<float>{1, 2, 3, 4});
  CHECK(memory == std::vector<float>{-1, 2, 3, -1, 4, 6, -1, 6, 9, -1, 8, 12});
  fg::fuse(twice).into(column(0, 3))(column(2, 3));
  CHECK(memory == std::vector<float>{6, 2, 3, 12, 4, 6, 18, 6, 9, 24, 8, 12});
  // the first half of each row from the second half
  const auto half = [&](std::ptrdiff_t k) { return fg::view<float, 2>(memory.data() + k, {2, 3}, {6, 1}); };
  fg::fuse(twice).into(half(0))(half(3));
  CHECK(memory == std::vector<float>{24, 8, 12, 12, 4, 6, 48, 16, 24, 24, 8, 12});
  const std::vector<float> before = memory;
  refuses(
      "fusegrad: output 1 overlaps output 0, which would be overwritten while it is needed; give it memory of its own",
      [&] { fg::fuse(both).into(column(1, 3), column(0, 2))(std::vector<float>(4)); });
  refuses(
      "fusegrad: output 0 overlaps argument 0, which would be overwritten while it is needed; give it memory of its "
      "own",
      [&] { fg::fuse(twice).into(half(0))(half(2)); });
  CHECK(memory == before);
  // what has no elements overlaps nothing
  fg::fuse(twice).into(fg::view<float, 1>(memory.data() + 5, 0))(fg::view<float, 1>(memory.data() + 5, 0));
}

TEST_CASE("a strided output whose elements share memory", "[api][errors]") {
  const std::vector<float> x{1, 2, 3};
  float one = -1;
  refuses(
      "fusegrad: output 0 has stride 0 along axis 0, so that its elements share memory; give each its own",
      [&] { fg::fuse(twice).into(fg::view<float, 1>(&one, {3}, {0}))(x); }, one);
}

TEST_CASE("null views and negative extents", "[api][errors]") {
  float* const nowhere = nullptr;
  refuses("fusegrad: a view of shape [3] has a null pointer; pass the address of its first element",
          [&] { return fg::fuse(twice)(fg::view<float, 1>(nowhere, 3)); });
  std::vector<float> x(3);
  refuses("fusegrad: a view has the negative extent -3; extents count elements",
          [&] { return fg::fuse(twice)(fg::view<float, 1>(x.data(), -3)); });
  refuses("fusegrad: a tensor has the negative extent -3; extents count elements",
          [&] { return fg::fuse(twice)(fg::tensor<float>(-3)); });
}

TEST_CASE("one element in common is an overlap, none is not", "[api][errors]") {
  std::vector<float> storage(16, 1.0f);
  const fg::view<const float, 1> x(storage.data(), 8);
  const auto twice = fg::fuse([](auto v) { return 2 * v; });
  CHECK_THROWS_AS(twice.into(fg::view<float, 1>(storage.data() + 7, 8))(x), std::invalid_argument);
  CHECK_NOTHROW(twice.into(fg::view<float, 1>(storage.data() + 8, 8))(x));
  CHECK(storage[8] == 2);
  const fg::view<const float, 1> end(storage.data() + 8, 8);
  CHECK_THROWS_AS(twice.into(fg::view<float, 1>(storage.data() + 1, 8))(end), std::invalid_argument);
  CHECK(storage[1] == 1);
}
