// What the list of operations does not name: the other comparisons, polygamma, and powers with a literal exponent,
// which the library turns into products.
#include "conformance.hpp"

TEST_CASE("the oracle's tables are found and the measure of errors is right", "[oracle]") {
  const oracle::table t = oracle::read_table("tanh");
  REQUIRE(t.arity == 1);
  CHECK(t.rows.size() > 200);
  CHECK(oracle::ulp_error(1.0f, 1.0 + 0x1p-24) == 0);
  CHECK(oracle::ulp_error(1.0f, 1.0 + 0x1p-23) == 1);
  CHECK(oracle::ulp_error(0.0, 0x1p-1074) == 1);
  CHECK(oracle::ulp_error(std::numeric_limits<double>::max(), HUGE_VAL) == 1);
  CHECK(oracle::ulp_error(1.0, HUGE_VAL) == HUGE_VAL);
  CHECK(oracle::ulp_difference(-0.0f, 0x1p-149f) == 1);
}

TEST_CASE("the other comparisons conform to the oracle", "[oracle][ops]") {
  oracle::check_operation<oracle::greater>();
  oracle::check_operation<oracle::greater_equal>();
}

TEST_CASE("polygamma conforms to the oracle", "[oracle][ops]") {
  oracle::check_operation<oracle::polygamma_of_order<1>>();
  oracle::check_operation<oracle::polygamma_of_order<2>>();
}

TEST_CASE("powers with a literal exponent that is negative or small conform to the oracle", "[oracle][ops]") {
  oracle::check_operation<oracle::integral_power<-7>>();
  oracle::check_operation<oracle::integral_power<-2>>();
  oracle::check_operation<oracle::integral_power<-1>>();
  oracle::check_operation<oracle::integral_power<0>>();
  oracle::check_operation<oracle::integral_power<1>>();
}

TEST_CASE("powers with a larger literal exponent conform to the oracle", "[oracle][ops]") {
  oracle::check_operation<oracle::integral_power<2>>();
  oracle::check_operation<oracle::integral_power<3>>();
  oracle::check_operation<oracle::integral_power<5>>();
  oracle::check_operation<oracle::integral_power<8>>();
  oracle::check_operation<oracle::integral_power<13>>();
}
