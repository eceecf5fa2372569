// Arrays joined, stacked, padded and repeated along axes, in all modes.
#include <cmath>
#include <fusegrad/debug.hpp>
#include <limits>
#include <vector>

#include "agreement.hpp"
#include "catch.hpp"
#include "checked.hpp"

namespace fg = fusegrad;

namespace {
constexpr auto expect = [](const auto& got, std::vector<double> want) {
  CHECK(std::vector<double>(got.data(), got.data() + got.size()) == want);
};
const std::vector<float> a{1, 2}, b{3}, c{4, 5, 6}, none;
const fg::tensor<float, 2> rows{{1, 2}, {3, 4}}, row{{5, 6}};
constexpr float missing = std::numeric_limits<float>::quiet_NaN();

/// Each element times the next one, in what is joined, with weights as long as that.
constexpr auto chain = [](auto x, auto y, auto w) {
  const auto all = fg::concatenate(x, fg::sin(y), x * x, fg::axis<-1>);
  const auto next = fg::slice(fg::pad(all, fg::axis<-1>, fg::margins<0, 1>, 2), fg::axis<-1>, fg::range<1, fg::end>);
  return fg::sum(w * all * next);
};

/// All results of a call, value by value.
template <class T, class... A>
std::vector<std::vector<double>> by_rule(const T& t, const A&... arguments) {
  std::vector<std::vector<double>> all;
  for (const auto& y : results_by_reference(fg::detail::at_run_time(t, arguments...))) {
    all.emplace_back();
    for (const auto& e : y.elements)
      all.back().push_back(fg::is_floating(y.type) ? static_cast<double>(e.real) : static_cast<double>(e.whole));
  }
  return all;
}
using lists = std::vector<std::vector<double>>;
}  // namespace

TEST_CASE("compiled calls join, pad and repeat", "[api][joins]") {
  const auto [all, seven, thrice, nothing] = fg::fuse([](auto x, auto y, auto z, auto e) {
    return fg::outputs(2 * fg::concatenate(x, y, z, fg::axis<0>),
                       fg::concatenate(e, fg::pad(x * x, fg::axis<0>, fg::margins<1, 2>, 7), e, fg::axis<0>),
                       fg::repeat<3>(x, fg::axis<0>), fg::repeat<3>(e, fg::axis<0>));
  })(a, b, c, none);
  expect(all, {2, 4, 6, 8, 10, 12});
  expect(seven, {7, 1, 4, 7, 7});
  expect(thrice, {1, 1, 1, 2, 2, 2});
  CHECK(nothing.size() == 0);

  const auto [below, columns] = fg::fuse([](auto x, auto y) {
    return fg::outputs(fg::concatenate(x, y, fg::axis<0>), fg::repeat<2>(x, fg::axis<-1>));
  })(rows, row);
  CHECK(below.shape() == fg::shape<2>{3, 2});
  expect(below, {1, 2, 3, 4, 5, 6});
  CHECK(columns.shape() == fg::shape<2>{2, 4});
  expect(columns, {1, 1, 2, 2, 3, 3, 4, 4});
}

TEST_CASE("values of fewer axes, of one element and of other types are joined", "[api][joins]") {
  const auto joined = [](auto x, auto y, auto z) {
    const auto first = fg::slice(x, fg::axis<1>, fg::range<0, 1>);
    return fg::outputs(fg::concatenate(z, x, fg::axis<-1>), fg::concatenate(first, x, 9, fg::axis<1>),
                       fg::concatenate(fg::index(z, fg::axis<0>), x[0] > 1, fg::axis<0>),
                       fg::tile<2>(y + 1, fg::axis<0>));
  };
  CHECK(by_rule(fg::fuse(joined), rows, row, a) ==
        lists{{1, 2, 1, 2, 1, 2, 3, 4}, {1, 1, 2, 9, 3, 3, 4, 9}, {0, 1, 0, 1}, {6, 7, 6, 7}});
  using X = fg::detail::executable_of<decltype(fg::fuse(joined)), fg::tensor<float, 2>, fg::tensor<float, 2>,
                                      std::vector<float>>;
  static_assert(X::program[X::program.outputs[0]].type == fg::dtype::f32);
  static_assert(X::program[X::program.outputs[2]].type == fg::dtype::i32);
}

TEST_CASE("arrays and numbers are stacked along a new axis, which costs no memory", "[api][joins]") {
  constexpr auto both = [](auto x, auto y) {
    return fg::outputs(fg::stack(x, y, fg::axis<0>), fg::stack(x, y, x, fg::axis<-1>),
                       fg::at<1>(fg::stack(x, y, fg::axis<0>)));
  };
  const auto [along_first, along_last, second] = fg::fuse(both)(a, std::vector<float>{7, 8});
  CHECK(along_first.shape() == fg::shape<2>{2, 2});
  expect(along_first, {1, 2, 7, 8});
  CHECK(along_last.shape() == fg::shape<2>{2, 3});
  expect(along_last, {1, 7, 1, 2, 8, 2});
  expect(second, {7, 8});
  constexpr auto one = [](auto x, auto y) { return fg::stack(x, y, fg::axis<0>); };
  static_assert(fg::plan<std::vector<float>, std::vector<float>>(fg::fuse(one)).kernels == 1);
  expect(fg::fuse(one)(3.0, 4.0), {3, 4});
}

TEST_CASE("an axis is padded with zeros, a number, or an array", "[api][joins]") {
  const auto padded = [](auto x, auto y) {
    return fg::outputs(fg::pad(x, fg::axis<0>, fg::margins<2, 1>), fg::pad(x, fg::axis<0>, fg::margins<0, 0>),
                       fg::pad(y, fg::axis<0>, fg::margins<1, 0>, x));
  };
  CHECK(by_rule(fg::fuse(padded), a, rows) == lists{{0, 0, 1, 2, 0}, {1, 2}, {1, 2, 1, 2, 3, 4}});
  CHECK(by_rule(fg::fuse([](auto x) { return fg::pad(x, fg::axis<0>, fg::margins<1, 1>, 2); }), none) == lists{{2, 2}});
}

TEST_CASE("derivatives go back to the pieces", "[api][joins]") {
  const std::vector<double> x{0.5, -1, 2}, y{0.25, 3}, w{1, 2, 3, 4, 5, 6, 7, 8}, v{1, -2, 0.5};
  CHECK(disagreement(fg::value_and_grad<0, 1, 2>(chain), x, y, w) < 1e-14);
  CHECK(fg::check_gradient(chain, x, y, w));
  const auto second = [](auto s, auto t, auto u) { return fg::sum(fg::square(fg::grad<0>(chain)(s, t, u))); };
  CHECK(fg::check_gradient(second, x, y, w));
  CHECK(last_result(fg::hvp<0>([](auto s) { return fg::sum(fg::square(fg::tile<2>(s * s, fg::axis<0>))); }), x, v) ==
        std::vector<double>{6, -48, 48});
  const auto repeated = [](auto s, auto t) { return fg::sum(t * fg::repeat<2>(s, fg::axis<0>)); };
  CHECK(last_result(fg::grad<0>(repeated), a, std::vector<float>{1, 2, 3, 4}) == std::vector<double>{3, 7});
  fg::tensor<float, 3> cotangent(fg::extents(2, 2, 2));
  for (int k = 0; k < 8; ++k) cotangent[k] = static_cast<float>(k);
  const auto stacked = [](auto s, auto t) { return fg::stack(s, t, fg::axis<0>); };
  CHECK(by_rule(fg::vjp<0, 1>(stacked), rows, 5.0f, cotangent) == lists{{1, 2, 3, 4, 5, 5, 5, 5}, {0, 1, 2, 3}, {22}});
}

TEST_CASE("what is beside a piece does not reach it", "[api][joins]") {
  const std::vector<float> bad{missing, std::numeric_limits<float>::infinity()};
  constexpr auto joined = [](auto s, auto t) {
    return fg::sum(fg::slice(fg::square(fg::concatenate(s, fg::sqrt(t), fg::axis<0>)), fg::axis<0>, fg::range<0, 2>));
  };
  constexpr auto stacked = [](auto s, auto t) { return fg::sum(fg::square(fg::stack(s, 1 / t, fg::axis<0>))); };
  constexpr auto padded = [](auto s) {
    const auto all = fg::pad(fg::square(s), fg::axis<0>, fg::margins<1, 1>, missing);
    return fg::sum(fg::slice(all, fg::axis<0>, fg::range<1, -1>));
  };
  expect(fg::grad<0>(joined)(a, bad), {2, 4});
  CHECK(last_result(fg::grad<0>(stacked), a, bad) == std::vector<double>{2, 4});
  CHECK(last_result(fg::grad<0>(padded), a) == std::vector<double>{2, 4});
}

TEST_CASE("shapes that do not go together are told", "[api][joins]") {
  CHECK_THROWS_WITH(
      check_arguments(fg::fuse([](auto x, auto y) { return fg::concatenate(x, y, fg::axis<1>); }), rows, row),
      "fusegrad: arguments 0 [2, 2] and 1 [1, 2] do not broadcast in 'concatenate' (axis -2: 2 vs 1); an "
      "axis of one element broadcasts only where its type says so: pass an array of fewer axes, and "
      "fg::unsqueeze it in the function");
  CHECK_THROWS_WITH(check_arguments(fg::fuse([](auto x, auto y) { return fg::stack(x, y, fg::axis<1>); }), a, c),
                    "fusegrad: arguments 0 [2] and 1 [3] do not broadcast in 'stack' (axis -1: 2 vs 3); reshape one of "
                    "them");
  CHECK_THROWS_WITH(
      check_arguments(fg::fuse([](auto x, auto y) { return y + fg::concatenate(x, x, fg::axis<0>); }), a, c),
      "fusegrad: argument 1 [3] and an axis of joined, padded or repeated elements do not broadcast in "
      "'add' (axis -1: 3 vs 4); reshape one of them");
}

TEST_CASE("explain tells what is joined, and debug looks through it", "[api][joins]") {
  const auto joined = [](auto x, auto y) { return fg::log(fg::concatenate(x, y, fg::axis<0>)); };
  CHECK_THAT(
      fg::explain(fg::fuse(joined), a, c),
      Catch::Contains("input 2 = no array but an extent, the extent of input 0 along axis -1 + the extent of input "
                      "1 along axis -1\n  input 3 = output 1, output 2 in their places along axis -1\n"));
  const auto found = fg::find_non_finite(fg::fuse(joined), a, std::vector<float>{1, -1});
  CHECK(found.element == 3);
  const auto root = [](auto x, auto y) { return 2 * fg::concatenate(x, fg::sqrt(y), fg::axis<0>); };
  CHECK_THAT(fg::find_non_finite(fg::fuse(root), a, std::vector<float>{1, -1}).text(), Catch::Contains("sqrt(x1)"));
}

TEST_CASE("functions with state join, and all cores do", "[api][joins]") {
  float scale = 2;
  std::vector<float> out(5);
  fg::fuse([scale](auto x, auto y) { return scale * fg::concatenate(x, y, fg::axis<0>); }).on(fg::par).into(out)(a, c);
  expect(out, {2, 4, 8, 10, 12});
}
