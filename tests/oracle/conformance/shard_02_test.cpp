// Every 4th operation of the list against the oracle.
#include "conformance.hpp"

TEST_CASE("operations conform to the oracle, part 2", "[oracle][ops]") {
  oracle::check_shard<2, 4>(fusegrad::ops::elementwise{});
}
