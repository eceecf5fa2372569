// Every 4th operation of the list against the oracle.
#include "conformance.hpp"

TEST_CASE("operations conform to the oracle, part 0", "[oracle][ops]") {
  oracle::check_shard<0, 4>(fusegrad::ops::elementwise{});
}
