// Running sums in the bodies of CUDA kernels, run by an emulation of blocks and threads: along rows from turn to turn,
// along everything from block to block.
#include "compare.hpp"

namespace fg = fusegrad;
using namespace emulator;

namespace {

template <int Rank>
fg::tensor<double, Rank> doubles(const fg::shape<Rank>& extents, unsigned seed) {
  fg::tensor<double, Rank> x(extents);
  std::mt19937 random(seed);
  for (double& e : x) e = std::uniform_real_distribution<double>(-2, 2)(random);
  return x;
}

constexpr auto running = [](auto x) { return fg::cumsum(x); };
constexpr auto twice = [](auto x) { return fg::cumsum(fg::exp(-fg::square(fg::cumsum(x)))); };
constexpr auto loss = [](auto x, auto y) { return fg::mean(fg::square(fg::cumsum(fg::sin(x) * y) - x)); };

}  // namespace

TEST_CASE("running sums along rows", "[cuda][scan]") {
  for (auto [rows, columns] :
       {std::pair{0, 5}, {1, 1}, {5, 3}, {33, 10}, {7, 130}, {3, 1024}, {3, 1501}, {1, 66'000}}) {
    const auto x = doubles<2>({rows, columns}, 1), w = doubles<2>({rows, columns}, 2);
    CHECK(compare(fg::fuse(running), 1, 3, x) == 1);
    compare(fg::vjp<0>(running), 2, 4, x, w);
  }
}

TEST_CASE("running sums of running sums, and of what rows are reduced to", "[cuda][scan]") {
  constexpr auto of_softmax = [](auto x) { return fg::cumsum(fg::softmax(x, fg::axis<-1>)) * fg::cumsum(x); };
  for (auto [rows, columns] : {std::pair{4, 3}, {5, 131}, {2, 1300}}) {
    const auto x = doubles<2>({rows, columns}, 1), w = doubles<2>({rows, columns}, 2);
    compare(fg::vjp<0>(twice), 1, 3, x, w);
    compare(fg::vjp<0>(of_softmax), 1, 4, x, w);
    compare(fg::value_and_grad<0, 1>(loss), 1, 5, x, doubles<1>({columns}, 3));
    compare(fg::fuse([](auto a, auto b) { return a + fg::cumsum(b); }), 1, 6, x, doubles<1>({columns}, 3));
    compare(fg::fuse([](auto a) { return fg::cumsum(fg::where(a > 0, 1, 0)) + fg::sum(fg::cumsum(a)); }), 1, 7, x);
  }
}

TEST_CASE("running sums of everything, from block to block", "[cuda][scan]") {
  for (auto [n, multiprocessors] : {std::pair{0, 1}, {1, 1}, {255, 2}, {512, 1}, {513, 1}, {1026, 2}, {9001, 1}}) {
    const auto x = doubles<1>({n}, 1), w = doubles<1>({n}, 2);
    // the vectors of one block hold all elements, or blocks need to know what those before them come to
    CHECK(compare(fg::fuse(running), multiprocessors, 3, x) == (n > 512 ? 2 : 1));
    CHECK(compare(fg::fuse(twice), multiprocessors, 3, x) == (n > 512 ? 3 : 1));
    compare(fg::vjp<0>(twice), multiprocessors, 4, x, w);
    if (n > 0) compare(fg::value_and_grad<0, 1>(loss), multiprocessors, 5, x, w);
  }
}

TEST_CASE("running sums of arrays with gaps, and in place", "[cuda][scan]") {
  const auto x = doubles<2>({11, 37}, 1);
  const fg::view<const double, 2> every_third(x.data(), {11, 12}, {37, 3});
  compare(fg::fuse(running), 1, 3, every_third);
  compare(fg::fuse(running), 1, 3, fg::view<const double, 1>(x.data() + 1, {100}, {4}));
  auto in_place = doubles<1>({3001}, 4);
  const auto want = fg::fuse(running)(in_place);
  emulate(fg::fuse(running), fg::results<fg::tensor<double, 1>&>{{{in_place}}}, 1, 5, in_place);
  same(in_place, want);
}

TEST_CASE("running sums are the same bits whatever the order of blocks", "[cuda][scan]") {
  const auto x = made(5003, 1);
  const auto square = matrix(37, 135, 2);
  std::vector<float> flat(x.size()), first_flat;
  floats<2> rows(square.shape()), first_rows;
  for (unsigned seed : {1u, 2u, 3u}) {
    emulate(fg::fuse(twice), fg::results<std::vector<float>&>{{{flat}}}, 1, seed, x);
    emulate(fg::fuse(twice), fg::results<floats<2>&>{{{rows}}}, 1, seed, square);
    if (seed == 1) first_flat = flat;
    if (seed == 1) first_rows = rows;
    CHECK(flat == first_flat);
    CHECK(std::equal(rows.begin(), rows.end(), first_rows.begin()));
  }
}

TEST_CASE("running extrema and logarithms of sums, along rows and from block to block", "[cuda][scan]") {
  constexpr auto largest = [](auto x) { return fg::cummax(x); };
  constexpr auto logarithms = [](auto x) { return fg::logcumsumexp(x); };
  for (auto [rows, columns] : {std::pair{5, 3}, {3, 300}}) {
    const auto x = doubles<2>({rows, columns}, 1), w = doubles<2>({rows, columns}, 2);
    compare(fg::vjp<0>(largest), 1, 3, x, w);
    compare(fg::fuse(logarithms), 1, 3, x);
  }
  const auto x = doubles<1>({1026}, 1), w = doubles<1>({1026}, 2);
  compare(fg::vjp<0>(largest), 2, 3, x, w);
  compare(fg::fuse(logarithms), 2, 3, x);
}
