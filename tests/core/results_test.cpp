// Several results in one object.
#include <fusegrad/core/results.hpp>

#include <memory>
#include <type_traits>

#include "catch.hpp"

namespace fg = fusegrad;

namespace {
constexpr auto three = fg::outputs(1, 2.5, 3.0f);
constexpr double added = [] {
  auto [a, b, c] = three;
  return a + b + static_cast<double>(c);
}();
}  // namespace

static_assert(get<0>(three) == 1 && get<1>(three) == 2.5 && get<2>(three) == 3.0f && added == 6.5);
static_assert(std::get<1>(three) == 2.5);  // as generic code on tuples spells it
static_assert(std::tuple_size_v<decltype(three)> == 3);
static_assert(std::is_same_v<std::tuple_element_t<1, decltype(fg::outputs(1, 2.5))>, double>);
static_assert(fg::is_results<fg::results<int>> && fg::is_results<fg::results<>> && !fg::is_results<int>);
static_assert(std::is_empty_v<fg::results<>>);

TEST_CASE("results may be changed and moved out", "[core][results]") {
  auto pair = fg::outputs(1, std::make_unique<int>(7));
  get<0>(pair) = 5;
  auto& [number, pointer] = pair;
  number += 1;
  CHECK(get<0>(pair) == 6);
  const std::unique_ptr<int> taken = get<1>(std::move(pair));
  CHECK(*taken == 7);
  CHECK(pointer == nullptr);
}
