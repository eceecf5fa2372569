// Reductions of arrays of rank 3, along several axes.
#include "reductions.hpp"

using namespace oracle::axes;

#ifdef FUSEGRAD_THOROUGH
TEST_CASE("every reduction of rank 3 along axes 0 and 1", "[oracle][axes][reductions]") {
  check_reductions<reverse, 3, 0, 1>();
}
#endif

TEST_CASE("every reduction of rank 3 along axes -1 and 0", "[oracle][axes][reductions]") {
  check_reductions<reverse, 3, -1, 0>();
}

TEST_CASE("every reduction of rank 3 along axes 1 and -1", "[oracle][axes][reductions]") {
  check_reductions<reverse, 3, 1, -1>();
}

#ifdef FUSEGRAD_THOROUGH
TEST_CASE("every reduction of rank 3 along all axes", "[oracle][axes][reductions]") {
  check_reductions<reverse, 3, 0, 1, 2>();
}
#endif
