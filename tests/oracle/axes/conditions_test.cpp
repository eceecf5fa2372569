// Conditions, counts and positions of extrema along axes.
#include "reductions.hpp"

using namespace oracle::axes;

#ifdef FUSEGRAD_THOROUGH
TEST_CASE("conditions and positions of rank 1 along axis 0", "[oracle][axes][reductions]") {
  check_conditions<1, 0>();
  check_positions<1, 0>();
}

TEST_CASE("conditions and positions of rank 2 along axis 0", "[oracle][axes][reductions]") {
  check_conditions<2, 0>();
  check_positions<2, 0>();
}
#endif

TEST_CASE("conditions and positions of rank 2 along axis -1", "[oracle][axes][reductions]") {
  check_conditions<2, -1>();
  check_positions<2, -1>();
}

TEST_CASE("conditions and positions of rank 2 along axes 0 and 1", "[oracle][axes][reductions]") {
  check_conditions<2, 0, 1>();
  check_positions<2, 0, 1>();
}

#ifdef FUSEGRAD_THOROUGH
TEST_CASE("conditions and positions of rank 3 along axis 0", "[oracle][axes][reductions]") {
  check_conditions<3, 0>();
  check_positions<3, 0>();
}
#endif

TEST_CASE("conditions and positions of rank 3 along axis -2", "[oracle][axes][reductions]") {
  check_conditions<3, -2>();
  check_positions<3, -2>();
}

#ifdef FUSEGRAD_THOROUGH
TEST_CASE("conditions and positions of rank 3 along axis -1", "[oracle][axes][reductions]") {
  check_conditions<3, -1>();
  check_positions<3, -1>();
}

TEST_CASE("conditions and positions of rank 3 along axes 0 and 1", "[oracle][axes][reductions]") {
  check_conditions<3, 0, 1>();
}

TEST_CASE("conditions and positions of rank 3 along axes -1 and 0", "[oracle][axes][reductions]") {
  check_conditions<3, -1, 0>();
}

TEST_CASE("conditions and positions of rank 3 along axes 1 and -1", "[oracle][axes][reductions]") {
  check_conditions<3, 1, -1>();
}

TEST_CASE("conditions and positions of rank 3 along all axes", "[oracle][axes][reductions]") {
  check_conditions<3, 0, 1, 2>();
  check_positions<3, 0, 1, 2>();
}
#endif
