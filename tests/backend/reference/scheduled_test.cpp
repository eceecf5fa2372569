// A schedule that is executed says what the program says; a broken one is noticed.
#include <fusegrad/backend/reference/scheduled.hpp>
#include <fusegrad/passes/lower.hpp>
#include <fusegrad/passes/schedule.hpp>

#include "catch.hpp"

namespace fg = fusegrad;
namespace ir = fusegrad::ir;
namespace passes = fusegrad::passes;
namespace reference = fusegrad::reference;
using reference::array;

namespace {

/// x[2, 3], lowered: softmax of rows times their place, twice the largest of its sums over columns, and a running sum.
struct example {
  ir::run_time_program program;
  ir::run_time_schedule schedule;
  array x;

  example() {
    ir::builder traced, b;
    ir::buffer<ir::result> wanted, outputs;
    traced.expect_arguments(1);
    const ir::layout rows{ir::axis_map::identity(3), 2};
    const ir::symbol s{&traced, traced.input(0, fg::dtype::f64, ir::axis_set{3}, fg::strength::array), rows};
    const ir::symbol weighted = fg::softmax(s, fg::axis<-1>) * (fg::index(s, fg::axis<-2>) + 1);
    for (const ir::symbol& y : {weighted, 2 * fg::max(fg::sum(weighted, fg::axis<0>)), fg::cumsum(weighted)})
      wanted.push_back({y.value(), y.dimensions()});
    const ir::run_time_program before(traced, wanted);
    passes::expand(before, passes::wanted_of(before), b, outputs);
    program = {b, outputs};
    REQUIRE(passes::schedule_at_run_time(program, before, ir::target::memory, schedule));
    reference::lengths n;
    n.along[0] = 3;
    n.along[1] = 2;
    x = array(fg::dtype::f64, 3, n);
    for (int k = 0; k < 6; ++k) x[k].real = k * k / 8.0;
  }
  ir::buffer<array> scheduled() const { return reference::execute_scheduled(program, schedule, &x, 1); }
};

}  // namespace

TEST_CASE("what a schedule computes is what the program says") {
  const example e;
  const auto plain = reference::execute(e.program, &e.x, 1), scheduled = e.scheduled();
  REQUIRE(scheduled.size() == 3);
  for (int k = 0; k < 3; ++k) {
    REQUIRE(scheduled[k].size() == plain[k].size());
    for (std::ptrdiff_t j = 0; j < plain[k].size(); ++j) CHECK(scheduled[k][j].real == plain[k][j].real);
  }
}

TEST_CASE("a value that a schedule forgets is noticed") {
  const example good;
  const ir::schedule<512, 64, 32, 64>& s = good.schedule;
  int forgotten = 0;
  for (int v = 0; v < good.program.size(); ++v) {
    for (int l = 0; l < s.loops; ++l)
      if (s.in_loop[l][v] != ir::presence::absent) {
        example e;
        e.schedule.in_loop[l][v] = ir::presence::absent;
        CHECK_THROWS_AS(e.scheduled(), std::logic_error);
        ++forgotten;
      }
    if (s.kind[v] == ir::reduction_kind::row) {
      example e;
      --e.schedule.reduced_in[v];  // a loop too early, or before all of them
      CHECK_THROWS_AS(e.scheduled(), std::logic_error);
    }
  }
  CHECK(forgotten > 5);
}

TEST_CASE("a number that is computed before its kernel is noticed") {
  example e;
  REQUIRE(e.schedule.stage[e.program.outputs[1]] > 1);
  e.schedule.stage[e.program.outputs[1]] = 1;
  CHECK_THROWS_AS(e.scheduled(), std::logic_error);
}
