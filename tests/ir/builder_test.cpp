// The builder: equal values get one name, types meet by the table, known values fold. All of it at compile time.
#include <fusegrad/ir/program.hpp>
#include <fusegrad/ops/list.hpp>

#include "catch.hpp"

namespace fg = fusegrad;
namespace ir = fusegrad::ir;
using fg::dtype, fg::strength;
using ir::builder, ir::info;

namespace {

constexpr auto scalar = strength::scalar, array = strength::array;
constexpr ir::axis_set line = 1, plane = 3;

/// A builder with inputs of different types: arrays x, y (f32), d (f64), k (i32), c (bool), numbers s (f64), n (i64).
struct bench {
  builder b;
  int x = b.input(0, dtype::f32, line, array), y = b.input(1, dtype::f32, line, array);
  int d = b.input(2, dtype::f64, line, array), k = b.input(3, dtype::i32, line, array);
  int c = b.input(4, dtype::boolean, line, array), s = b.input(5, dtype::f64, 0, scalar);
  int n = b.input(6, dtype::i64, 0, scalar);
};
template <class F>
constexpr bool holds(F f) {
  bench b;
  return f(b);
}
template <class Op>
constexpr const ir::op_info& op = info<Op>;

}  // namespace

// --- hash-consing ----------------------------------------------------------------------------------------------------
static_assert(holds([](bench& t) { return t.b.emit(op<fg::add_t>, t.x, t.y) == t.b.emit(op<fg::add_t>, t.x, t.y); }));
static_assert(holds([](bench& t) { return t.b.emit(op<fg::sub_t>, t.x, t.y) != t.b.emit(op<fg::sub_t>, t.y, t.x); }));
static_assert(holds([](bench& t) { return t.b.input(0, dtype::f32, line, array) == t.x; }));
static_assert(holds([](bench& t) {
  return t.b.constant(2) != t.b.constant(2.0) && t.b.constant(2, dtype::f32) == t.b.constant(2.0f) &&
         t.b.constant(9007199254740993) != t.b.constant(9007199254740992);
}));
static_assert(holds([](bench& t) { return t.b.constant(0.0) != t.b.constant(-0.0); }));
static_assert(holds([](bench& t) { return t.b.constant(__builtin_nan("")) == t.b.constant(__builtin_nan("")); }));
static_assert(holds([](bench& t) {
  const int size = t.b.size();
  for (int round = 0; round < 3; ++round)
    t.b.emit(op<fg::exp_t>, t.b.emit(op<fg::mul_t>, t.x, t.b.emit(op<fg::add_t>, t.x, t.y)));
  return t.b.size() == size + 3;
}));
// operands of commutative operations have one order
static_assert(holds([](bench& t) { return t.b.emit(op<fg::mul_t>, t.x, t.y) == t.b.emit(op<fg::mul_t>, t.y, t.x); }));
static_assert(holds([](bench& t) {
  const int sum = t.b.emit(op<fg::add_t>, t.b.constant(2), t.x);
  return t.b[sum].x[0] == t.x && t.b.is_constant(t.b[sum].x[1]);
}));
// many values: the table grows and still finds them all
static_assert(holds([](bench& t) {
  int first[300]{};
  for (int i = 0; i < 300; ++i) first[i] = t.b.emit(op<fg::mul_t>, t.s, t.b.constant(i + 2));
  for (int i = 0; i < 300; ++i)
    if (t.b.emit(op<fg::mul_t>, t.s, t.b.constant(i + 2)) != first[i]) return false;
  return true;
}));

// --- types -----------------------------------------------------------------------------------------------------------
namespace {
template <class Op>
constexpr bool makes(int bench::*a, int bench::*b, dtype type, strength weight) {
  return holds([=](bench& t) {
    const int v = t.b.emit(op<Op>, t.*a, t.*b);
    return t.b[v].type == type && t.b[v].weight == weight;
  });
}
constexpr bool with_literal(int bench::*a, double value, dtype of_literal, dtype type) {
  return holds(
      [=](bench& t) { return t.b[t.b.emit(op<fg::add_t>, t.*a, t.b.constant(value, of_literal))].type == type; });
}
}  // namespace
static_assert(makes<fg::add_t>(&bench::x, &bench::y, dtype::f32, array));
static_assert(makes<fg::add_t>(&bench::x, &bench::d, dtype::f64, array));
static_assert(makes<fg::add_t>(&bench::x, &bench::s, dtype::f32, array));  // a scalar argument adapts to an array
static_assert(makes<fg::add_t>(&bench::x, &bench::k, dtype::f32, array));
static_assert(makes<fg::add_t>(&bench::k, &bench::s, dtype::f64, array));
static_assert(makes<fg::add_t>(&bench::k, &bench::n, dtype::i32, array));
static_assert(makes<fg::add_t>(&bench::s, &bench::n, dtype::f64, scalar));
static_assert(makes<fg::add_t>(&bench::c, &bench::c, dtype::i32, array));  // conditions are counted as integers
static_assert(makes<fg::less_t>(&bench::x, &bench::d, dtype::boolean, array));
static_assert(makes<fg::div_t>(&bench::k, &bench::n, dtype::f64, array));  // real operations leave the integers
static_assert(makes<fg::logical_and_t>(&bench::x, &bench::c, dtype::boolean, array));
static_assert(with_literal(&bench::x, 0.1, dtype::f64, dtype::f32) &&
              with_literal(&bench::d, 0.1, dtype::f32, dtype::f64));
static_assert(with_literal(&bench::s, 0.5, dtype::f32, dtype::f64) &&
              with_literal(&bench::k, 2, dtype::i64, dtype::i32));
static_assert(with_literal(&bench::k, 0.5, dtype::f64, dtype::f64) &&
              with_literal(&bench::x, 2, dtype::i32, dtype::f32));
// a converted literal is rounded to its new type
static_assert(holds([](bench& t) {
  const int v = t.b.emit(op<fg::mul_t>, t.x, t.b.constant(0.1));
  return t.b.known(t.b[v].x[1]) == static_cast<double>(0.1f);
}));
// selection: the condition is boolean, the branches have a common type
static_assert(holds([](bench& t) {
  const int v = t.b.emit(op<fg::where_t>, t.k, t.x, t.d);
  const ir::instruction& i = t.b[v];
  return i.type == dtype::f64 && t.b[i.x[0]].type == dtype::boolean && t.b[i.x[1]].type == dtype::f64;
}));

// --- conversions -----------------------------------------------------------------------------------------------------
static_assert(holds([](bench& t) { return t.b.convert(t.x, dtype::f32) == t.x; }));
static_assert(holds([](bench& t) {
  return t.b.convert(t.b.convert(t.x, dtype::f64), dtype::f32) == t.x;
}));  // widening is undone
static_assert(holds([](bench& t) {
  return t.b.convert(t.b.convert(t.d, dtype::f32), dtype::f64) != t.d;
}));  // narrowing is not
static_assert(holds([](bench& t) { return t.b.convert(t.b.convert(t.d, dtype::i32), dtype::f64) != t.d; }));
static_assert(holds([](bench& t) { return t.b.is_constant(t.b.convert(t.b.constant(2.75), dtype::i32), 2.0); }));
static_assert(holds([](bench& t) { return t.b.is_constant(t.b.convert(t.b.constant(-3), dtype::boolean), 1.0); }));
static_assert(holds([](bench& t) { return t.b.is_constant(t.b.constant(1e300, dtype::f32), __builtin_inf()); }));
static_assert(holds([](bench& t) { return t.b.is_constant(t.b.constant(-1e300, dtype::f32), -__builtin_inf()); }));
static_assert(holds([](bench& t) {
  return t.b.is_constant(t.b.constant(3.4028234663852886e38, dtype::f32), 3.4028234663852886e38);
}));

// a selection between literals is made in the type that it meets, not converted for each element
static_assert(holds([](bench& t) {
  const int chosen = t.b.emit(op<fg::where_t>, t.c, t.b.constant(1.0), t.b.constant(0.0));
  const ir::instruction product = t.b[t.b.emit(op<fg::mul_t>, t.x, chosen)];
  const ir::instruction& select = t.b[product.x[0] == t.x ? product.x[1] : product.x[0]];
  return t.b[chosen].type == dtype::f64 && product.type == dtype::f32 && select.op == &op<fg::where_t> &&
         select.type == dtype::f32 && t.b.is_constant(select.x[1], 1.0);
}));
// between arrays it is made first: one conversion instead of two
static_assert(holds([](bench& t) {
  const int chosen = t.b.emit(op<fg::where_t>, t.c, t.d, t.b.constant(0.0));
  return t.b[t.b.convert(chosen, dtype::f32)].op == &ir::convert_op;
}));

// --- folding and simplification --------------------------------------------------------------------------------------
namespace {
template <class Op, class... V>
constexpr bool folds_to(double expected, V... values) {
  return holds([=](bench& t) { return t.b.is_constant(t.b.emit(op<Op>, t.b.constant(values)...), expected); });
}
template <class Op, class... V>
constexpr bool does_not_fold(V... values) {
  return holds([=](bench& t) { return !t.b.is_constant(t.b.emit(op<Op>, t.b.constant(values)...)); });
}
}  // namespace
static_assert(folds_to<fg::add_t>(5, 2.0, 3.0) && folds_to<fg::mul_t>(-6, 2.0, -3.0) && folds_to<fg::neg_t>(-2, 2.0));
static_assert(folds_to<fg::less_t>(1, 2.0, 3.0) && folds_to<fg::equal_t>(0, 2.0, 3.0) &&
              folds_to<fg::div_t>(0.25, 1.0, 4.0));
static_assert(does_not_fold<fg::div_t>(1.0, 0.0));  // what is not a number, or not finite, is left to run time
static_assert(does_not_fold<fg::mul_t>(1e300, 1e300));
static_assert(holds([](bench& t) {  // in the precision of the program
  const int third = t.b.emit(op<fg::div_t>, t.b.constant(1, dtype::f32), t.b.constant(3, dtype::f32));
  return t.b.is_constant(third, static_cast<double>(1.0f / 3.0f)) && t.b[third].type == dtype::f32;
}));
static_assert(holds([](bench& t) {  // integers stay exact beyond a float's precision
  return t.b.is_constant(t.b.emit(op<fg::add_t>, t.b.constant(16777216, dtype::i32), t.b.constant(1, dtype::i32)),
                         16777217.0);
}));
static_assert(holds([](bench& t) { return t.b.emit(op<fg::mul_t>, t.x, t.b.constant(1)) == t.x; }));
static_assert(holds([](bench& t) { return t.b.emit(op<fg::neg_t>, t.b.emit(op<fg::neg_t>, t.x)) == t.x; }));
static_assert(holds([](bench& t) { return t.b.emit(op<fg::sub_t>, t.x, t.b.constant(0)) == t.x; }));
static_assert(holds([](bench& t) { return t.b.emit(op<fg::add_t>, t.x, t.b.constant(-0.0)) == t.x; }));
static_assert(holds([](bench& t) { return t.b.emit(op<fg::add_t>, t.k, t.b.constant(0, dtype::i32)) == t.k; }));
static_assert(holds([](bench& t) { return t.b.emit(op<fg::where_t>, t.c, t.x, t.x) == t.x; }));
static_assert(holds([](bench& t) {
  return t.b.emit(op<fg::where_t>, t.b.constant(1, dtype::boolean), t.x, t.y) == t.x;
}));
// what would change a result is left alone: x + 0 loses a negative zero, 0 x loses infinities and NaN, x - x too
static_assert(holds([](bench& t) { return t.b.emit(op<fg::add_t>, t.x, t.b.constant(0.0)) != t.x; }));
static_assert(holds([](bench& t) { return !t.b.is_constant(t.b.emit(op<fg::mul_t>, t.x, t.b.constant(0.0))); }));
static_assert(holds([](bench& t) { return !t.b.is_constant(t.b.emit(op<fg::sub_t>, t.x, t.x)); }));
static_assert(holds([](bench& t) { return !t.b.is_constant(t.b.emit(op<fg::equal_t>, t.x, t.x)); }));
static_assert(holds([](bench& t) { return t.b.emit(op<fg::sub_t>, t.x, t.b.constant(-0.0)) != t.x; }));

// --- axes ------------------------------------------------------------------------------------------------------------
static_assert(holds([](bench& t) { return t.b[t.b.emit(op<fg::add_t>, t.x, t.s)].axes == line; }));
static_assert(holds([](bench& t) { return t.b.broadcast(t.x, t.y) == t.x; }));
static_assert(holds([](bench& t) {
  const int wide = t.b.broadcast(t.s, t.x);
  const int p = t.b.input(7, dtype::f32, plane, array);
  return t.b[wide].axes == line && t.b[t.b.broadcast(wide, p)].axes == plane;
}));
// no broadcast where another operand brings the axes, one where none does
static_assert(holds([](bench& t) {
  const int wide = t.b.broadcast(t.s, t.x);
  return t.b.emit(op<fg::mul_t>, t.d, wide) == t.b.emit(op<fg::mul_t>, t.d, t.s) &&
         t.b[t.b.emit(op<fg::exp_t>, wide)].axes == line && t.b[t.b.emit(op<fg::exp_t>, wide)].x[0] == wide;
}));
static_assert(holds([](bench& t) {
  const int wide = t.b.broadcast(t.s, t.x), product = t.b.emit(op<fg::mul_t>, wide, wide);
  return t.b[product].axes == line;
}));
static_assert(holds([](bench& t) {
  const int total = t.b.reduce(op<fg::sum_t>, t.x, ~ir::axis_set{});
  return t.b[total].axes == 0 && t.b[total].over == line && t.b[total].type == dtype::f32;
}));
static_assert(holds([](bench& t) { return t.b.reduce(op<fg::sum_t>, t.s, line) == t.s; }));
static_assert(holds([](bench& t) { return t.b[t.b.reduce(op<fg::sum_t>, t.k, line)].type == dtype::i64; }));
static_assert(holds([](bench& t) { return t.b[t.b.reduce(op<fg::any_t>, t.x, line)].type == dtype::boolean; }));
static_assert(holds([](bench& t) {
  return t.b.is_constant(t.b.count(t.s, line), 1.0) && t.b[t.b.count(t.x, ~0u)].over == line;
}));

// an order undoes another one, and moves nothing where all elements are the same
static_assert(holds([](bench& t) {
  const int order = t.b.order(t.x, line), rank = t.b.order(order, line);
  return rank != order && t.b.order(rank, line) == order && t.b[order].type == dtype::i64 &&
         t.b[t.b.permuted(t.x, order, line)].type == dtype::f32 && t.b.permuted(t.s, order, line) == t.s &&
         t.b.is_constant(t.b.order(t.s, line), 0);
}));

// --- functions within functions --------------------------------------------------------------------------------------
static_assert(holds([](bench& t) {
  builder inner(&t.b);
  const int v = inner.bind(t.x);
  const int captured = inner.lift(&t.b, t.y);
  if (inner.lift(&t.b, t.y) != captured || captured == v || inner.lift(&inner, v) != v) return false;
  if (inner[captured].type != dtype::f32 || inner[captured].axes != line) return false;
  const int product = inner.emit(op<fg::mul_t>, v, captured), twice = inner.emit(op<fg::add_t>, product, product);
  ir::buffer<int> done(inner.size(), -1);
  const int out = t.b.inline_value(inner, twice, done);
  const int expected = t.b.emit(op<fg::mul_t>, t.x, t.y);
  return t.b[out].x[0] == expected && t.b[out].x[1] == expected && t.b.inline_value(inner, product, done) == expected;
}));
// through two levels
static_assert(holds([](bench& t) {
  builder middle(&t.b), inner(&middle);
  const int far = inner.lift(&t.b, t.x);
  const int sine = inner.emit(op<fg::sin_t>, far);
  ir::buffer<int> into_middle(inner.size(), -1);
  const int there = middle.inline_value(inner, sine, into_middle);
  ir::buffer<int> into_outer(middle.size(), -1);
  return t.b.inline_value(middle, there, into_outer) == t.b.emit(op<fg::sin_t>, t.x);
}));
// a value of a function that is no ancestor
static_assert(holds([](bench& t) {
  builder other;
  other.lift(&t.b, t.x);
  return other.error() == ir::trace_error::foreign_expression;
}));
// an inner function's error is its caller's
static_assert(holds([](bench& t) {
  builder inner(&t.b);
  inner.fail(ir::trace_error::not_a_scalar);
  inner.fail(ir::trace_error::integer_argument);
  return inner.error() == ir::trace_error::not_a_scalar && t.b.error() == ir::trace_error::not_a_scalar;
}));

namespace {
constexpr bool grows() {
  ir::buffer<int> b;
  for (int i = 0; i < 100; ++i) b.push_back(i);
  ir::buffer<int> copy = b;
  copy[0] = -1;
  return b.size() == 100 && b[0] == 0 && b.back() == 99 && copy[99] == 99 && ir::buffer<int>(3, 7)[2] == 7;
}
}  // namespace
static_assert(grows());

TEST_CASE("hash-consing, folding and types are checked by the compiler", "[ir][builder]") { SUCCEED(); }
