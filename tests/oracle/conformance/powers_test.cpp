// Powers with a literal exponent, which the library turns into products.
#include "conformance.hpp"

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
