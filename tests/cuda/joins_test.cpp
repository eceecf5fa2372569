// Joined and stacked arrays on a device.
#include "compare.hpp"

namespace fg = fusegrad;
using namespace emulator;

TEST_CASE("what is joined and stacked is read as one array", "[cuda]") {
  const auto joined = [](auto x, auto y) {
    return fg::stack(fg::concatenate(x, y * y, fg::axis<-1>), fg::pad(x, fg::axis<-1>, fg::margins<0, 31>),
                     fg::axis<-2>);
  };
  compare(fg::fuse(joined), 3, 1, vector(130, 1), vector(31, 2));
}

TEST_CASE("derivatives of what is joined go to the pieces", "[cuda]") {
  const auto squares = [](auto x, auto y) { return fg::sum(fg::square(fg::concatenate(x, y, fg::axis<-1>))); };
  compare(fg::grad<0, 1>(squares), 3, 1, matrix(37, 5, 1), matrix(37, 19, 2));
}
