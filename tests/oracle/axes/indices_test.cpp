// Positions along axes, against derivatives from elsewhere.
// Written by tests/oracle/axes/generate.py: change that, not this.
#include "check.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

constexpr auto lookup = [](auto x, auto y) {
  auto hot = fg::index(fg::axis<-1>) == fg::unsqueeze(y, fg::axis<-1>);
  return fg::sum(fg::where(hot, x, 0), fg::axis<-1>);
};

constexpr auto likelihood = [](auto x, auto y) {
  auto hot = fg::index(fg::axis<-1>) == fg::unsqueeze(y, fg::axis<-1>);
  return -fg::mean(fg::sum(fg::where(hot, fg::log_softmax(x, fg::axis<-1>), 0), fg::axis<-1>));
};

constexpr auto causal = [](auto x) {
  return fg::softmax(fg::where(fg::index(fg::axis<-1>) <= fg::index(fg::axis<-2>), x, -INFINITY), fg::axis<-1>);
};

constexpr auto positional = [](auto x) { return x * fg::index(x, fg::axis<1>) + fg::square(x); };

constexpr auto ramp = [](auto x) {
  return fg::sum(x * (fg::index(fg::axis<-1>) + 10 * fg::index(fg::axis<-2>) + 1), fg::axis<-1>);
};

}  // namespace

TEST_CASE("a label looks up an element of its row", "[oracle][axes]") {
  check<double, reverse | forward | thorough(value), 1, wrt<0>, real<2>, integer<1>>(lookup, "indices", "lookup");
  check<float, thorough(reverse), 1, wrt<0>, real<2>, integer<1>>(lookup, "indices", "lookup");
}

TEST_CASE("the likelihood of labels, written with a one-hot", "[oracle][axes]") {
  check<double, reverse | thorough(forward | second), 0, wrt<0>, real<2>, integer<1>>(likelihood, "indices",
                                                                                      "likelihood");
}

TEST_CASE("a causal mask before a softmax", "[oracle][axes]") {
  check<double, reverse | thorough(value | forward | second), 2, wrt<0>, real<2>>(causal, "indices", "causal");
  check<float, thorough(reverse), 2, wrt<0>, real<2>>(causal, "indices", "causal");
}

TEST_CASE("positions weigh the elements of a middle axis", "[oracle][axes]") {
  check<double, reverse | thorough(forward), 3, wrt<0>, real<3>>(positional, "indices", "positional");
}

TEST_CASE("positions along every axis of a matrix", "[oracle][axes]") {
  check<double, reverse | thorough(forward), 1, wrt<0>, real<2>>(ramp, "indices", "ramp");
}
