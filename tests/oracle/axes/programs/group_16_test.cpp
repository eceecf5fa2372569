// Random programs with axes 119 to 119, in every mode against another library's derivatives.
// Written by tests/oracle/axes/random_programs.py: change that, not this.
#include "../check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto program_119 = [](auto x0, auto x1, auto x2) {
  auto v0 = x0 + 0.375;
  auto v1 = fg::normalize(v0, fg::axis<-1>);
  auto v2 = fg::unsqueeze(v1, fg::axis<-1>);
  auto v3 = v2 + 1;
  auto v4 = x1 - -0.75;
  auto v5 = 1 * v4;
  auto v6 = sigmoid(v5);
  auto v7 = max(x2, fg::axis<0>, fg::keepdims);
  auto v8 = fg::softmax(v3, fg::axis<-2>);
  auto v9 = sin(v7);
  auto v10 = v6 - 0.5;
  auto v11 = -v10;
  auto v12 = v9 / -0.75;
  auto v13 = clamp(v2, -1 - square(v7), 1 + square(v12));
  auto v14 = sqrt(1 + square(v8));
  auto v15 = atan2(v10, v9);
  auto v16 = v13 / (1.5 + cos(v11));
  auto v17 = v16 / (1 + square(v15));
  auto v18 = hypot(v14, v17);
  auto v19 = mean(square(v18));
  return v19;
};

}  // namespace

TEST_CASE("random program with axes 119: arguments of ranks 1, 2, 1, 31 operations, a result of rank 0",
          "[oracle][axes][programs]") {
  check<double, reverse | forward, 0, wrt<0, 1, 2>, real<1>, real<2>, real<1>>(program_119, "programs/group_16",
                                                                               "program_119");
}
