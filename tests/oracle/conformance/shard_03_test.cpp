// Every 4th operation of the list against the oracle.
#include "conformance.hpp"

TEST_CASE("operations conform to the oracle, part 3", "[oracle][ops]") {
  oracle::check_shard<3, 4>(fusegrad::ops::elementwise{});
}
