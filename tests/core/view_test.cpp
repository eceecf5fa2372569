// Views: what can be viewed, strides, and what a view refuses.
#include <fusegrad/core/tensor.hpp>

#include <fusegrad/core/rearrange.hpp>

#include <array>
#include <deque>
#include <span>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;

namespace {

template <class T, class View>
constexpr bool views_as = std::is_same_v<std::remove_cvref_t<decltype(fg::view_of(std::declval<T&>()))>, View>;

struct image {
  float pixels[6]{1, 2, 3, 4, 5, 6};
};

constexpr float numbers[]{1, 2, 3, 4, 5, 6};
constexpr fg::view<const float, 2> matrix(numbers, {2, 3});
constexpr fg::view<const float, 2> transposed(numbers, {3, 2}, {1, 3});
constexpr fg::view<const float, 1> backward(numbers + 5, {6}, {-1});

}  // namespace

template <>
struct fusegrad::view_traits<image> {
  static view<const float, 2> view_of(const image& i) { return {i.pixels, {2, 3}}; }
  static view<float, 2> view_of(image& i) { return {i.pixels, {2, 3}}; }
};

// every kind of argument, const-correct
static_assert(views_as<std::vector<float>, fg::view<float, 1>> &&
              views_as<const std::vector<float>, fg::view<const float, 1>>);
static_assert(views_as<std::span<double>, fg::view<double, 1>> &&
              views_as<const std::span<const int>, fg::view<const int, 1>>);
static_assert(views_as<std::array<float, 3>, fg::view<float, 1>> &&
              views_as<const std::array<bool, 3>, fg::view<const bool, 1>>);
static_assert(views_as<float[4], fg::view<float, 1>> && views_as<const double[2][3], fg::view<const double, 2>>);
static_assert(views_as<fg::tensor<float, 3>, fg::view<float, 3>> &&
              views_as<const fg::tensor<int>, fg::view<const int, 1>>);
static_assert(views_as<const fg::view<float, 2>, fg::view<float, 2>> && views_as<image, fg::view<float, 2>>);
static_assert(views_as<const image, fg::view<const float, 2>>);
static_assert(!fg::viewable<std::deque<float>> && !fg::viewable<float> && !fg::viewable<std::vector<bool>>);
static_assert(!fg::viewable<std::vector<std::string>>);

// strides
static_assert(matrix.contiguous() && matrix.strides()[0] == 3 && matrix.size() == 6 && matrix.extent(1) == 3);
static_assert(matrix(1, 0) == 4 && transposed(0, 1) == 4 && transposed(2, 1) == 6 && backward[0] == 6 &&
              backward(5) == 1);
static_assert(!transposed.contiguous() && !backward.contiguous());
static_assert(fg::view<const float, 2>(numbers, {1, 3}, {17, 1}).contiguous());  // the stride of one row is no matter
static_assert(fg::view<const float, 2>(numbers, {3, 1}, {1, 5}).contiguous());
static_assert(!fg::view<const float, 1>(numbers, {3}, {2}).contiguous());
static_assert(!fg::view<const float, 2>(numbers, {2, 2}, {3, 1}).contiguous());  // a gap after each row
static_assert(fg::view<const float, 1>().size() == 0 && fg::view<const float, 2>(nullptr, {0, 5}).size() == 0);
static_assert(std::is_convertible_v<fg::view<float, 1>, fg::view<const float, 1>>);
static_assert(!std::is_convertible_v<fg::view<const float, 1>, fg::view<float, 1>>);

TEST_CASE("shapes print in brackets", "[core][shape]") {
  CHECK(fg::to_string(fg::shape<1>{7}) == "[7]");
  CHECK(fg::to_string(fg::shape<3>{2, 0, 5}) == "[2, 0, 5]");
  CHECK(fg::to_string(fg::shape<0>{}) == "[]");
}

TEST_CASE("a view refuses a null pointer where there are elements", "[core][view]") {
  CHECK_THROWS_WITH((fg::view<float, 2>(nullptr, {2, 3})),
                    "fusegrad: a view of shape [2, 3] has a null pointer; pass the address of its first element");
  CHECK_THROWS_AS((fg::view<float, 1>(nullptr, 1)), std::invalid_argument);
  CHECK_NOTHROW((fg::view<float, 1>(nullptr, 0)));
  CHECK_NOTHROW((fg::view<float, 2>(nullptr, {3, 0})));
}

TEST_CASE("a view refuses a negative extent", "[core][view]") {
  float x[4]{};
  CHECK_THROWS_WITH((fg::view<float, 1>(x, -4)), "fusegrad: a view has the negative extent -4; extents count elements");
  CHECK_THROWS_AS((fg::view<float, 2>(x, {-1, -4})), std::invalid_argument);
  CHECK_THROWS_WITH((fg::view<float, 2>(x, {2, -2}, {1, 1})),
                    "fusegrad: a view has the negative extent -2; extents count elements");
}

TEST_CASE("a view writes through to what it views", "[core][view]") {
  image i;
  fg::view_of(i)(1, 2) = 60;
  CHECK(i.pixels[5] == 60);
  std::vector<double> v(3);
  fg::view_of(v)[1] = 5;
  CHECK(v[1] == 5);
}

// other views of what lies in device memory lie there, too
using on_device = fg::view<float, 2, fg::device>;
static_assert(fg::is_device_view<decltype(fg::squeeze(on_device(), fg::axis<0>))> &&
              fg::is_device_view<decltype(fg::reshape(on_device(), {0}))> &&
              fg::is_device_view<decltype(fg::broadcast_to(on_device(), {3, 0, 0}))> &&
              decltype(fg::unsqueeze(on_device(), fg::axis<0>))::on_device);
