// Second derivatives of reductions.
#include "reductions.hpp"

using namespace oracle::axes;

TEST_CASE("second derivatives of every reduction of rank 2 along axis -1", "[oracle][axes][reductions]") {
  check_reductions_as<double, second, false, 2, -1>();
}

#ifdef FUSEGRAD_THOROUGH
TEST_CASE("second derivatives of every reduction of rank 3 along axes -1 and 0", "[oracle][axes][reductions]") {
  check_reductions_as<double, second, false, 3, -1, 0>();
}

TEST_CASE("second derivatives of every reduction of rank 1 along axis 0", "[oracle][axes][reductions]") {
  check_reductions_as<double, second, false, 1, 0>();
}

TEST_CASE("second derivatives of every reduction of rank 2 along axis 0", "[oracle][axes][reductions]") {
  check_reductions_as<double, second, false, 2, 0>();
}

TEST_CASE("second derivatives of every reduction of rank 2 along axes 0 and 1", "[oracle][axes][reductions]") {
  check_reductions_as<double, second, false, 2, 0, 1>();
}

TEST_CASE("second derivatives of every reduction of rank 3 along axis 0", "[oracle][axes][reductions]") {
  check_reductions_as<double, second, false, 3, 0>();
}

TEST_CASE("second derivatives of every reduction of rank 3 along axis -2", "[oracle][axes][reductions]") {
  check_reductions_as<double, second, false, 3, -2>();
}

TEST_CASE("second derivatives of every reduction of rank 3 along axis -1", "[oracle][axes][reductions]") {
  check_reductions_as<double, second, false, 3, -1>();
}

TEST_CASE("second derivatives of every reduction of rank 3 along axes 0 and 1", "[oracle][axes][reductions]") {
  check_reductions_as<double, second, false, 3, 0, 1>();
}

TEST_CASE("second derivatives of every reduction of rank 3 along axes 1 and -1", "[oracle][axes][reductions]") {
  check_reductions_as<double, second, false, 3, 1, -1>();
}

TEST_CASE("second derivatives of every reduction of rank 3 along all axes", "[oracle][axes][reductions]") {
  check_reductions_as<double, second, false, 3, 0, 1, 2>();
}
#endif
