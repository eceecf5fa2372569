// Reductions of arrays of rank 3, along single axes.
#include "reductions.hpp"

using namespace oracle::axes;

TEST_CASE("every reduction of rank 3 along axis 0", "[oracle][axes][reductions]") { check_reductions<reverse, 3, 0>(); }

TEST_CASE("every reduction of rank 3 along axis -2", "[oracle][axes][reductions]") {
  check_reductions<reverse | forward, 3, -2>();
}

TEST_CASE("every reduction of rank 3 along axis -1", "[oracle][axes][reductions]") {
  check_reductions<reverse, 3, -1>();
}
