// Every 12th operation of the list against the oracle.
#include "conformance.hpp"

TEST_CASE("operations conform to the oracle, part 10", "[oracle][ops]") {
  oracle::check_shard<10, 12>(fusegrad::ops::elementwise{});
}
