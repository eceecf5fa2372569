// One loop over every reduction that has a derivative: reverse mode against differences, forward against reverse,
// second order against differences of the first.
#include <fusegrad/debug.hpp>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;

namespace {

template <class Op>
concept of_conditions = std::same_as<Op, fg::any_t> || std::same_as<Op, fg::all_t> || std::same_as<Op, fg::count_t>;
template <class Op>
concept of_positions = std::same_as<Op, fg::argmax_t> || std::same_as<Op, fg::argmin_t>;

template <class Op>
void check() {
  if constexpr (!(of_conditions<Op> || of_positions<Op>)) {
    const auto report = fg::check_gradient(
        [](auto x) {
          if constexpr (std::same_as<Op, fg::quantile_t>) return fg::square(Op{}(x, 0.3));
          else return fg::square(Op{}(x));
        },
        std::vector{0.3, -1.2, 2.0, 0.7, 1.1});
    INFO(Op::name << ": " << report.text());
    CHECK(report);
    CHECK(report.comparisons == 5 + 1 + 5);
  }
}

template <class... Op>
void check_all(fg::type_list<Op...>) {
  (check<Op>(), ...);
}

}  // namespace

TEST_CASE("every reduction agrees in every mode to second order", "[ops][reductions]") {
  check_all(fg::ops::reductions{});
  check<fg::largest_t>();
  check<fg::smallest_t>();
}
