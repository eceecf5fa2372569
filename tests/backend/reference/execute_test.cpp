// The reference executes what is traced and what is lowered, in any precision.
#include <fusegrad/backend/reference/execute.hpp>
#include <fusegrad/passes/lower.hpp>

#include "catch.hpp"

namespace fg = fusegrad;
namespace ir = fusegrad::ir;
namespace reference = fusegrad::reference;
using fg::dtype;
using ir::symbol;
using reference::array, reference::precision;

namespace {

/// Arguments 0, 1, ... of a function under construction: arrays of these ranks.
struct traced {
  ir::builder b;
  ir::buffer<ir::result> results;
  int arguments = 0;

  symbol argument(int rank, dtype type = dtype::f64) {
    const ir::axis_set axes = (ir::axis_set{1} << rank) - 1;
    const int value = b.input(arguments++, type, axes, rank > 0 ? fg::strength::array : fg::strength::scalar);
    b.expect_arguments(arguments);  // parts of them are numbered from here
    return {&b, value, ir::layout{ir::axis_map::identity(axes), rank}};
  }
  ir::run_time_program program(std::initializer_list<symbol> values) {
    for (const symbol& s : values) results.push_back({s.value(), s.dimensions()});
    return {b, results};
  }
};

/// An array, first axis first.
array of(std::initializer_list<int> shape, std::initializer_list<double> elements, dtype type = dtype::f64) {
  reference::lengths n;
  int axis = static_cast<int>(shape.size());
  for (int extent : shape) n.along[--axis] = extent;
  array made(type, (ir::axis_set{1} << shape.size()) - 1, n);
  int k = 0;
  for (double x : elements) {
    if (fg::is_floating(type)) made[k++].real = x;
    else made[k++].whole = static_cast<std::int64_t>(x);
  }
  return made;
}

bool holds(const array& found, std::initializer_list<long double> wanted) {
  if (found.size() != static_cast<std::ptrdiff_t>(wanted.size())) return false;
  std::ptrdiff_t k = 0;
  for (long double w : wanted) {
    const long double x = fg::is_floating(found.type) ? found[k].real : static_cast<long double>(found[k].whole);
    ++k;
    if (x != w && !(x != x && w != w)) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("the reference broadcasts, reduces, scans and cuts as the program says") {
  traced t;
  const symbol x = t.argument(2), s = t.argument(1), number = t.argument(0);
  const auto p = t.program({x * s + number, fg::sum(x, fg::axis<0>), fg::mean(x), fg::cumsum(x), fg::transpose(x),
                            fg::flip(x, fg::axis<1>) - s, fg::slice(x, fg::axis<-1>, fg::range<1, fg::end>),
                            fg::sum(fg::index(x, fg::axis<0>) * 10), fg::max(x, fg::axis<-1>), fg::argmax(x)});
  const array arguments[]{of({2, 3}, {1, 2, 3, 4, 5, 6}), of({3}, {10, 20, 30}), of({}, {0.5})};
  int next = 0;
  const auto y =
      reference::execute(p, arguments, 3, precision::declared, [&](int v, const array* const*, const array& result) {
        CHECK(v >= next);  // in order, without what nothing needs
        next = v + 1;
        CHECK(result.axes == p[v].axes);
      });
  CHECK(next == p.size());
  CHECK(holds(y[0], {10.5, 40.5, 90.5, 40.5, 100.5, 180.5}));
  CHECK(holds(y[1], {5, 7, 9}));
  CHECK(holds(y[2], {3.5}));
  CHECK(holds(y[3], {1, 3, 6, 4, 9, 15}));
  CHECK(holds(y[4], {1, 4, 2, 5, 3, 6}));
  CHECK(holds(y[5], {-7, -18, -29, -4, -15, -26}));
  CHECK(holds(y[6], {2, 3, 5, 6}));
  CHECK(holds(y[7], {10}));
  CHECK(holds(y[8], {3, 6}));
  CHECK(holds(y[9], {5}));
}

TEST_CASE("the reference computes in the precision that is asked for") {
  traced t;
  const symbol x = t.argument(1, dtype::f32), k = t.argument(1, dtype::i32);
  const auto p = t.program({fg::exp(x), fg::sum(x), k * k, fg::sum(k), x / 3, k > 1});
  const array arguments[]{of({3}, {1, 0x1p-30, 2}, dtype::f32), of({3}, {1, 2, 65536}, dtype::i32)};
  const auto narrow = reference::execute(p, arguments, 2),
             extended = reference::execute(p, arguments, 2, precision::extended);
  CHECK(narrow[0][0].real == __builtin_expf(1));
  CHECK(extended[0][0].real == __builtin_expl(1));
  CHECK(extended[1][0].real == 3 + 0x1p-30L);
  CHECK(holds(narrow[1], {3}));
  CHECK(holds(narrow[2], {1, 4, 0}));  // 32 bits
  CHECK(holds(narrow[3], {65539}));
  CHECK(holds(narrow[5], {0, 1, 1}));
}

TEST_CASE("the reference compensates sums") {
  traced t;
  const symbol x = t.argument(1);
  const auto p = t.program({fg::sum(x), fg::cumsum(x), fg::prod(x)});
  const array arguments[]{of({4}, {1, 1e100, 1, -1e100})};
  const auto y = reference::execute(p, arguments, 1);
  CHECK(holds(y[0], {2}));
  CHECK(y[1][3].real == 2);
}

TEST_CASE("the reference writes windows and reads them again") {
  ir::builder b;
  ir::buffer<ir::result> wanted;
  b.expect_arguments(1);
  const int x = b.input(0, dtype::f64, ir::axis_set{1}, fg::strength::array);
  const ir::cut from_one{1, fg::end, 2};
  const int part = b.sliced(x, 0, from_one);
  const int doubled = b.emit(ir::info<fg::mul_t>, part, b.constant(2.0));
  wanted.push_back({b.emit(ir::info<fg::add_t>, x, b.pad(doubled, 0, from_one, b.extents_of(x)))});
  const ir::run_time_program traced(b, wanted);
  ir::builder without;
  ir::buffer<ir::result> outputs;
  fg::passes::move_through_memory(traced, traced, without, outputs);
  const ir::run_time_program windowed(without, outputs);
  REQUIRE(windowed.window_count == 1);
  const array arguments[]{of({5}, {1, 2, 3, 4, 5})};
  CHECK(holds(reference::execute(traced, arguments, 1)[0], {1, 6, 3, 12, 5}));
  ir::run_time_program given = windowed;
  given.part_list = traced.part_list;
  given.part_count = traced.part_count;
  CHECK(holds(reference::execute(given, arguments, 1)[0], {1, 6, 3, 12, 5}));
}

TEST_CASE("the reference refuses shapes that do not fit, and extrema of nothing") {
  traced t;
  const symbol x = t.argument(1), y = t.argument(1);
  const auto p = t.program({x + y, fg::max(x)});
  const array two = of({2}, {1, 2}), three = of({3}, {1, 2, 3}), none = of({0}, {});
  const array unequal[]{two, three}, empty[]{none, none};
  CHECK_THROWS_AS(reference::execute(p, unequal, 2), std::invalid_argument);
  CHECK_THROWS_AS(reference::execute(p, empty, 2), std::invalid_argument);
}
