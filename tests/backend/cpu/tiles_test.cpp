// Arrays whose rows run across memory: some rows at a time are brought together and taken apart, transposed.
#include <fusegrad/fusegrad.hpp>
#include <vector>

#include "catch.hpp"
#include "loop_types.hpp"

namespace fg = fusegrad;

namespace {

template <class T, int R>
fg::tensor<T, R> numbered(const fg::shape<R>& extents, int seed) {
  fg::tensor<T, R> x(extents);
  for (std::ptrdiff_t i = 0; i < x.size(); ++i) x[i] = static_cast<T>((i * 7 + seed) % 101 - 50);
  return x;
}

template <class T>
void check_transposed(std::ptrdiff_t rows, std::ptrdiff_t columns) {
  CAPTURE(rows, columns, sizeof(T));
  const auto a = numbered<T, 2>({rows, columns}, 1);
  const auto b = numbered<T, 2>({columns, rows}, 2);
  // an input that runs across, elementwise and in rows
  const auto sum = fg::fuse([](auto x, auto y) { return x + 2 * fg::transpose(y); })(a, b);
  const auto largest = fg::fuse([](auto x, auto y) { return fg::max(x - fg::transpose(y), fg::axis<-1>); })(a, b);
  bool same = true;
  for (std::ptrdiff_t i = 0; i < rows; ++i) {
    T most = a(i, 0) - b(0, i);
    for (std::ptrdiff_t j = 0; j < columns; ++j) {
      same = same && sum(i, j) == a(i, j) + 2 * b(j, i);
      most = std::max<T>(most, a(i, j) - b(j, i));
    }
    same = same && largest[i] == most;
  }
  CHECK(same);
  // outputs that run across: a gradient, and a view that the caller gives
  const auto f = [](auto x, auto y) { return fg::sum(fg::square(x - fg::transpose(y))); };
  if constexpr (std::is_floating_point_v<T>) {
    const auto [da, db] = fg::grad<0, 1>(f)(a, b);
    bool slopes = true;
    for (std::ptrdiff_t i = 0; i < rows; ++i)
      for (std::ptrdiff_t j = 0; j < columns; ++j)
        slopes = slopes && da(i, j) == 2 * (a(i, j) - b(j, i)) && db(j, i) == -da(i, j);
    CHECK(slopes);
  }
  fg::tensor<T, 2> out({columns, rows});
  auto across = fg::transpose(out);
  fg::fuse([](auto x) { return x + 1; }).into(across)(a);
  bool written = true;
  for (std::ptrdiff_t i = 0; i < rows; ++i)
    for (std::ptrdiff_t j = 0; j < columns; ++j) written = written && out(j, i) == a(i, j) + 1;
  CHECK(written);
  // in place, with one more argument in row order
  fg::fuse([](auto x, auto y) { return x + y; }).into(across)(across, a);
  for (std::ptrdiff_t i = 0; i < rows; ++i)
    for (std::ptrdiff_t j = 0; j < columns; ++j) written = written && out(j, i) == 2 * a(i, j) + 1;
  CHECK(written);
}

}  // namespace

TEST_CASE("arrays that are transposed against each other", "[rows][tiles]") {
  for (const auto& size : {std::pair<std::ptrdiff_t, std::ptrdiff_t>{2, 3},
                           {15, 17},
                           {16, 16},
                           {33, 40},
                           {70, 33},
                           {257, 100},
                           {31, 1000},
                           {1000, 129}}) {
    for_each_loop_type([&size](auto zero) { check_transposed<decltype(zero)>(size.first, size.second); });
    check_transposed<int>(size.first, size.second);
  }
}

TEST_CASE("outer axes around what is transposed", "[rows][tiles]") {
  const auto x = numbered<float, 3>({3, 40, 50}, 1), y = numbered<float, 3>({3, 50, 40}, 2);
  const auto sum = fg::fuse([](auto a, auto b) { return a + fg::permute(b, fg::axis<0, 2, 1>); })(x, y);
  bool same = true;
  for (int k = 0; k < 3; ++k)
    for (int i = 0; i < 40; ++i)
      for (int j = 0; j < 50; ++j) same = same && sum(k, i, j) == x(k, i, j) + y(k, j, i);
  CHECK(same);
}

TEST_CASE("softmax of rows that run across memory", "[rows][tiles]") {
  const auto x = numbered<float, 2>({130, 70}, 1);
  fg::tensor<float, 2> straight({70, 130});
  for (int i = 0; i < 70; ++i)
    for (int j = 0; j < 130; ++j) straight(i, j) = x(j, i);
  const auto softmax = fg::fuse([](auto v) { return fg::softmax(v, fg::axis<-1>); });
  const auto want = softmax(straight), got = softmax(fg::transpose(x));
  bool same = true;
  for (std::ptrdiff_t i = 0; i < want.size(); ++i) same = same && got[i] == want[i];
  CHECK(same);
  const auto parallel = softmax.on(fg::par)(fg::transpose(x));
  for (std::ptrdiff_t i = 0; i < want.size(); ++i) same = same && parallel[i] == got[i];
  CHECK(same);
}
