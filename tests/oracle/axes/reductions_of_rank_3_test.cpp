// Reductions of arrays of rank 3, along single axes.
#include "reductions.hpp"

using namespace oracle::axes;

TEST_CASE("every reduction of rank 3 along axis 0", "[oracle][axes][reductions]") {
  check_reductions<double, false, 3, 0>();
  check_reductions<double, true, 3, 0>();
  check_kept<3, 0>();
}

TEST_CASE("every reduction of rank 3 along axis -2", "[oracle][axes][reductions]") {
  check_reductions<double, false, 3, -2>();
  check_reductions<double, true, 3, -2>();
  check_kept<3, -2>();
}

TEST_CASE("every reduction of rank 3 along axis -1", "[oracle][axes][reductions]") {
  check_reductions<double, false, 3, -1>();
  check_reductions<double, true, 3, -1>();
  check_kept<3, -1>();
}
