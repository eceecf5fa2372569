// A NaN that made a value NaN appears in the derivative with respect to it, in both modes, so that whoever looks at
// gradients sees it. Exempt is what is linear piece by piece: its slope is that of the piece, a constant.
#include "slopes.hpp"

namespace fg = fusegrad;
using slopes::quiet_nan;

namespace {

constexpr auto weighted_sum = [](auto y) { return fg::sum(y * (1 + fg::index(y, fg::axis<-1>))); };

/// The gradients of functions of a row, and their tangents.
template <class... F>
struct slopes_of_row {
  static constexpr std::size_t count = 2 * sizeof...(F);
  constexpr auto operator()(auto x) const {
    return fg::outputs(fg::grad<0>(F{})(x)..., get<1>(fg::jvp<0>(F{})(x, 1.0))...);
  }
};
constexpr auto of_row = []<class... F>(F...) { return slopes_of_row<F...>{}; }(
                            [](auto v) { return fg::max(v); }, [](auto v) { return fg::min(v); },
                            [](auto v) { return fg::norm_inf(v); }, [](auto v) { return fg::norm(v); },
                            [](auto v) { return fg::logsumexp(v); }, [](auto v) { return fg::std(v); },
                            [](auto v) { return fg::prod(v); }, [](auto v) { return fg::cross_entropy(v, 0); },
                            [](auto v) { return weighted_sum(fg::softmax(v, fg::axis<-1>)); },
                            [](auto v) { return weighted_sum(fg::log_softmax(v, fg::axis<-1>)); },
                            [](auto v) { return weighted_sum(fg::normalize(v, fg::axis<-1>)); });

template <std::size_t Count, class R>
void check_slopes(const R& found) {
  [&]<std::size_t... K>(std::index_sequence<K...>) {
    (
        [&] {
          INFO("slope " << K);
          CHECK(std::isnan(slopes::at<double>(get<K>(found), 1)));
        }(),
        ...);
  }(std::make_index_sequence<Count>{});
}

/// Steps, whose slope is zero, and pieces of lines.
template <class Op>
constexpr bool has_constant_slopes = [] {
  for (auto name : {"neg", "stop_gradient", "sign", "floor", "ceil", "round", "trunc", "relu", "relu6", "hardtanh",
                    "hardsigmoid", "selu", "nan_to_num", "isnan", "isinf", "isfinite", "logical_not"})
    if (Op::name == name) return true;
  return false;
}();

/// The derivatives of operations of one operand.
template <class List>
struct slopes_of_each;
template <class... Op>
struct slopes_of_each<fg::type_list<Op...>> {
  template <class X>
  constexpr auto operator()(X x) const {
    return fg::outputs(slope<Op>(x)...);
  }
  template <class O, class X>
  static constexpr auto slope(X x) {
    if constexpr (O::arity == 1 && !has_constant_slopes<O>) return fg::grad<0>(O{})(x);
    else return fg::results<>{};
  }
};

}  // namespace

TEST_CASE("a NaN among the elements of a row has a NaN as its slope", "[ops][nan]") {
  constexpr std::size_t count = decltype(of_row)::count;
  check_slopes<count>(oracle::run(fg::fuse(of_row), std::vector<float>{1, NAN, 2, -1, 3}));
  check_slopes<count>(oracle::run(fg::fuse(of_row), std::vector<double>{1, NAN, 2, -1, 3}));
}

TEST_CASE("what is not NaN has no share in an extremum that is", "[ops][nan]") {
  const auto slope = fg::grad<0>([](auto x) { return fg::max(x); })(std::vector<float>{1, NAN, 2});
  CHECK((slope[0] == 0 && slope[2] == 0));
}

TEST_CASE("operations of one operand have a NaN as their slope at NaN", "[ops][nan]") {
  const auto found = fg::fuse(slopes_of_each<fg::ops::elementwise>{})(quiet_nan);
  check_slopes<std::tuple_size_v<std::remove_const_t<decltype(found)>>>(found);
}

TEST_CASE("of two operands of an extremum the one that is NaN has a NaN as its slope, the other none", "[ops][nan]") {
  const auto check = [](auto f) {
    const auto [of_nan, of_number] = fg::grad<0, 1>(f)(quiet_nan, 1.0);
    CHECK((std::isnan(of_nan) && of_number == 0));
    const auto [of_first, of_second] = fg::grad<0, 1>(f)(1.0, quiet_nan);
    CHECK((of_first == 0 && std::isnan(of_second)));
  };
  check([](auto x, auto y) { return fg::max(x, y); });
  check([](auto x, auto y) { return fg::min(x, y); });
}
