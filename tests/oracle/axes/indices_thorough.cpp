// Positions along axes, against derivatives from elsewhere.
// Written by tests/oracle/axes/generate.py: change that, not this.
#include "check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto hot = [](auto x, auto y) {
  auto hot = fg::index(fg::axis<-1>) == fg::unsqueeze(y, fg::axis<-1>);
  return fg::where(hot, 2 * x, -x) + 1;
};

constexpr auto causal_batch = [](auto x) {
  return fg::softmax(fg::where(fg::index(x, fg::axis<2>) <= fg::index(x, fg::axis<1>), x, -1e30), fg::axis<-1>);
};

constexpr auto lower = [](auto x) {
  return fg::sum(fg::where(fg::index(fg::axis<-2>) >= fg::index(fg::axis<-1>), fg::sin(x), 0), fg::axis<0>);
};

constexpr auto first_rows = [](auto x) {
  return fg::sum(fg::where(fg::index(x, fg::axis<0>) < 2, fg::exp(x), 0), fg::axis<0>);
};

}  // namespace

TEST_CASE("one-hot rows scale a matrix", "[oracle][axes]") {
  check<double, reverse | forward, 2, wrt<0>, real<2>, integer<1>>(hot, "indices", "hot");
}

TEST_CASE("a causal mask in a batch", "[oracle][axes]") {
  check<double, reverse | forward, 3, wrt<0>, real<3>>(causal_batch, "indices", "causal_batch");
}

TEST_CASE("the sum of a lower triangle", "[oracle][axes]") {
  check<double, reverse | forward, 1, wrt<0>, real<2>>(lower, "indices", "lower");
}

TEST_CASE("the first two rows are selected", "[oracle][axes]") {
  check<double, reverse | forward, 1, wrt<0>, real<2>>(first_rows, "indices", "first_rows");
}
