// Every 4th operation of the list against the oracle.
#include "conformance.hpp"

TEST_CASE("operations conform to the oracle, part 1", "[oracle][ops]") {
  oracle::check_shard<1, 4>(fusegrad::ops::elementwise{});
}
