// What looks like std::mdspan: here a small one of our own, row-major, column-major and with any strides.
#include <array>
#include <fusegrad/fusegrad.hpp>
#include <fusegrad/interop/mdspan.hpp>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;

namespace {

/// As much of std::mdspan as matters.
template <class T, std::size_t Rank>
struct span_of_rank {
  using element_type = T;
  struct extents_type {
    std::array<std::size_t, Rank> values;
    constexpr std::size_t extent(std::size_t r) const { return values[r]; }
  };
  struct mapping_type {
    std::array<std::size_t, Rank> values;
    constexpr std::size_t stride(std::size_t r) const { return values[r]; }
  };

  T* pointer;
  extents_type e;
  mapping_type m;

  static constexpr std::size_t rank() { return Rank; }
  constexpr T* data_handle() const { return pointer; }
  constexpr const extents_type& extents() const { return e; }
  constexpr const mapping_type& mapping() const { return m; }
  constexpr std::size_t size() const { return e.extent(0); }
};

static_assert(std::is_same_v<decltype(fg::view_of(std::declval<const span_of_rank<float, 2>&>())), fg::view<float, 2>>);

}  // namespace

TEST_CASE("an mdspan is an argument and an output, of any layout", "[interop][mdspan]") {
  const std::vector<float> rows{1, 2, 3, 4, 5, 6}, columns{1, 4, 2, 5, 3, 6};
  std::vector<float> padded(8, -1.0f);
  const span_of_rank<const float, 2> a{rows.data(), {{2, 3}}, {{3, 1}}}, b{columns.data(), {{2, 3}}, {{1, 2}}};
  const span_of_rank<float, 2> out{padded.data(), {{2, 3}}, {{4, 1}}};
  fg::fuse([](auto x, auto y) { return 10 * x + y; }).into(out)(a, b);
  CHECK(padded == std::vector<float>{11, 22, 33, -1, 44, 55, 66, -1});
  fg::fuse([](auto x) { return -x; }).into(span_of_rank<float, 2>(out))(a);  // a temporary that owns nothing
  CHECK(padded[4] == -4);
  const auto gradient = fg::grad([](auto x) { return fg::sum(x * x); })(a);
  CHECK(gradient.shape() == fg::shape<2>{2, 3});
  CHECK(gradient(1, 2) == 12);
}
