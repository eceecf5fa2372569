// Reductions of arrays of rank 1 and 2 along every set of axes. Of rank 2 their kernels are compiled: one that works on
// rows, and one on columns side by side.
#include "reductions.hpp"

using namespace oracle::axes;

TEST_CASE("every reduction of rank 1 along axis 0", "[oracle][axes][reductions]") { check_reductions<reverse, 1, 0>(); }

TEST_CASE("every reduction of rank 2 along axis 0", "[oracle][axes][reductions]") {
  check_reductions<reverse, 2, 0>(as_users{});
}

TEST_CASE("every reduction of rank 2 along axis -1", "[oracle][axes][reductions]") {
  check_reductions<reverse, 2, -1>(as_users{});
  check_reductions_as<double, forward, false, 2, -1>();
  check_reductions_as<double, reverse, true, 2, -1>();
}

#ifdef FUSEGRAD_THOROUGH
TEST_CASE("every reduction of rank 2 along axes 0 and 1", "[oracle][axes][reductions]") {
  check_reductions<reverse, 2, 0, 1>();
}
#endif
