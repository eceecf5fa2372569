// The owning array: zeros, copies, moves, alignment, indices.
#include <fusegrad/core/tensor.hpp>

#include <fusegrad/core/rearrange.hpp>

#include <numeric>
#include <sstream>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;

static_assert(std::is_nothrow_move_constructible_v<fg::tensor<float, 2>> &&
              std::is_copy_assignable_v<fg::tensor<float>>);
static_assert(!std::is_convertible_v<int, fg::tensor<float>>);

TEST_CASE("a new tensor holds zeros, aligned for the widest vectors", "[core][tensor]") {
  for (int n : {1, 3, 64, 1000}) {
    const fg::tensor<float> t(n);
    CHECK(reinterpret_cast<std::uintptr_t>(t.data()) % fg::tensor<float>::alignment == 0);
    CHECK(t.size() == n);
    CHECK(std::accumulate(t.begin(), t.end(), 0.0f) == 0);
  }
  const fg::tensor<double, 3> cube(fg::extents(2, 3, 4));
  CHECK(cube.size() == 24);
  CHECK(cube.extent(1) == 3);
  CHECK(cube.shape() == fg::shape<3>{2, 3, 4});
}

TEST_CASE("extents are named at every rank, and of any integer types", "[core][tensor]") {
  static_assert(std::is_same_v<decltype(fg::extents(8, std::size_t{2})), fg::shape<2>>);
  static_assert(fg::extents(2, 3, 4) == fg::shape<3>{2, 3, 4});
  CHECK(fg::tensor<float, 1>(fg::extents(8)).size() == 8);
  CHECK(fg::tensor<float, 1>({8}).size() == 1);  // elements in braces
  CHECK(fg::tensor<std::ptrdiff_t>(fg::extents(8)).size() == 8);
  CHECK(fg::tensor<float, 4>(fg::extents(2, 1, 3u, 5L)).shape() == fg::shape<4>{2, 1, 3, 5});
  float numbers[6]{1, 2, 3, 4, 5, 6};
  CHECK(fg::view(numbers, fg::extents(2, 3))(1, 0) == 4);
}

TEST_CASE("a tensor without elements owns nothing", "[core][tensor]") {
  CHECK(fg::tensor<float>().data() == nullptr);
  CHECK(fg::tensor<float, 2>(fg::extents(0, 7)).data() == nullptr);
  CHECK(fg::tensor<float, 2>(fg::extents(0, 7)).size() == 0);
  CHECK(fg::tensor<float, 2>(fg::extents(0, 7)).extent(1) == 7);
}

TEST_CASE("copies are deep and a moved-from tensor is empty", "[core][tensor]") {
  fg::tensor<int> a{1, 2, 3};
  fg::tensor<int> b = a;
  b[0] = 10;
  CHECK(a[0] == 1);
  CHECK(b.size() == 3);
  fg::tensor<int> c = std::move(b);
  CHECK(c[0] == 10);
  CHECK(b.size() == 0);  // NOLINT: what a moved-from tensor is, is promised
  CHECK(b.data() == nullptr);
  a = c;
  CHECK(a[0] == 10);
  a = std::move(c);
  CHECK(a[2] == 3);
  CHECK(c.size() == 0);
  fg::tensor<int>& same = a;
  a = same;
  CHECK(a[2] == 3);
}

TEST_CASE("indices follow row-major order", "[core][tensor]") {
  fg::tensor<int, 2> t(fg::extents(2, 3));
  std::iota(t.begin(), t.end(), 0);
  CHECK(t(0, 2) == 2);
  CHECK(t(1, 0) == 3);
  CHECK(t[5] == t(1, 2));
  const auto& constant = t;
  CHECK(constant(1, 1) == 4);
}

TEST_CASE("a tensor refuses a negative extent", "[core][tensor]") {
  CHECK_THROWS_WITH(fg::tensor<float>(-3), "fusegrad: a tensor has the negative extent -3; extents count elements");
  CHECK_THROWS_AS((fg::tensor<float, 2>(fg::extents(-2, -2))), std::invalid_argument);
  CHECK_THROWS_AS((fg::tensor<float, 2>(fg::extents(0, -2))), std::invalid_argument);
}

TEST_CASE("elements are found by indices of any integral type", "[core][tensor]") {
  const fg::tensor<float> t{1, 2, 3};
  const fg::view<const float, 1> v(t.data(), 3);
  const std::size_t i = 2;
  CHECK(t[i] == 3);
  CHECK(t[1u] == 2);
  CHECK(t[std::int8_t{0}] == 1);
  CHECK(v[i] == 3);
  CHECK(v[1u] == 2);
}

TEST_CASE("tensors are made of rows and of arrays, and become vectors and text", "[core][tensor]") {
  const fg::tensor<float, 2> rows{{1, 2}, {3, 4}, {5, 6}};
  CHECK(rows.shape() == fg::shape<2>{3, 2});
  CHECK(fg::to_string(rows) == "[[1, 2], [3, 4], [5, 6]]");
  CHECK_THROWS_WITH((fg::tensor<float, 2>{{1, 2}, {3}}), "fusegrad: the rows of a tensor have different lengths");

  // a view of a view that is gone; a copy of it lies in order
  const fg::tensor turned(fg::transpose(fg::slice(rows, fg::axis<0>, 1, 3)));
  CHECK(fg::to_string(turned) == "[[3, 5], [4, 6]]");
  CHECK(turned[1] == 5);

  const std::vector<float> x{1, 2.5f};
  const fg::tensor<float> copy(x);
  const std::vector<float> back = copy;
  CHECK(back == x);
  std::ostringstream text;
  text << copy << fg::tensor<int>{};
  CHECK(text.str() == "[1, 2.5][]");

  CHECK(rows.at(2, 1) == 6);
  CHECK_THROWS_WITH(rows.at(1, 2), "fusegrad: an index lies outside a tensor of shape [3, 2]");
  CHECK_THROWS_AS(rows.at(-1, 0), std::out_of_range);
}
