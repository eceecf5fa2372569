// Every rule of programs, seen failing once.
#include <fusegrad/ir/verify.hpp>
#include <fusegrad/ops/list.hpp>

#include <string_view>

#include "catch.hpp"

namespace fg = fusegrad;
namespace ir = fusegrad::ir;
using fg::dtype;
using ir::info, ir::instruction;

namespace {

constexpr ir::axis_set line = 1, plane = 3;

// x: f32[i], s: f32, c: bool[i], x*x, sum of it, convert to f64, where(c, x, x*x), broadcast of s, 2, count
using sample = ir::program<ir::program_size{10, 1, 1, 0, 0}>;
enum value { x, s, c, product, total, wide, chosen, spread, two, number };

constexpr sample good() {
  sample p{};
  p.code[x] = {.op = &ir::input_op, .axes = line, .type = dtype::f32};
  p.code[s] = {.op = &ir::input_op, .index = 1, .type = dtype::f32};
  p.code[c] = {.op = &ir::input_op, .index = 2, .axes = line, .type = dtype::boolean};
  p.code[product] = {.op = &info<fg::mul_t>, .x = {x, x, -1, -1}, .axes = line, .type = dtype::f32};
  p.code[total] = {.op = &info<fg::sum_t>, .x = {product, -1, -1, -1}, .over = line, .type = dtype::f32};
  p.code[wide] = {.op = &ir::convert_op, .x = {x, -1, -1, -1}, .axes = line, .type = dtype::f64};
  p.code[chosen] = {.op = &info<fg::where_t>, .x = {c, x, product, -1}, .axes = line, .type = dtype::f32};
  p.code[spread] = {.op = &ir::broadcast_op, .x = {s, -1, -1, -1}, .axes = line, .type = dtype::f32};
  p.code[two] = {.op = &ir::constant_op, .immediate = fg::number(2.0f).bits(), .type = dtype::f32};
  p.code[number] = {.op = &ir::count_op, .over = line, .type = dtype::i64};
  p.outputs[0] = total;
  return p;
}

/// Does the sample, after one change, break exactly this rule?
template <class Change>
constexpr bool breaks(std::string_view rule, Change change) {
  sample p = good();
  change(p);
  const char* found = ir::verify(p);
  return found != nullptr && rule == found;
}

constexpr ir::op_info five_operands{.name = "five", .arity = 5};

}  // namespace

static_assert(ir::verify(good()) == nullptr);
static_assert(breaks("an instruction has no operation", [](sample& p) { p.code[two].op = nullptr; }));
static_assert(breaks("an operation has more operands than an instruction holds",
                     [](sample& p) { p.code[two].op = &five_operands; }));
static_assert(breaks("an instruction has an operand too many", [](sample& p) { p.code[wide].x[1] = x; }));
static_assert(breaks("an operand does not stand before its use", [](sample& p) { p.code[product].x[1] = product; }));
static_assert(breaks("an operand does not stand before its use", [](sample& p) { p.code[product].x[1] = -1; }));
static_assert(breaks("a constant varies", [](sample& p) { p.code[two].axes = line; }));
static_assert(breaks("a constant varies", [](sample& p) { p.code[number].axes = line; }));
static_assert(breaks("an index runs along no axis, or several", [](sample& p) { p.code[two].op = &ir::index_op; }));
static_assert(breaks("a conversion changes axes", [](sample& p) { p.code[wide].axes = plane; }));
static_assert(breaks("a conversion changes nothing", [](sample& p) { p.code[wide].type = dtype::f32; }));
static_assert(breaks("a broadcast adds no axes", [](sample& p) { p.code[spread].x[0] = x; }));
static_assert(breaks("a broadcast adds no axes", [](sample& p) {
  p.code[x].axes = p.code[c].axes = p.code[product].axes = p.code[wide].axes = p.code[chosen].axes = plane;
  p.code[total].axes = plane & ~line;
  p.code[spread].x[0] = x;  // and loses one
}));
static_assert(breaks("a broadcast changes the type", [](sample& p) { p.code[spread].type = dtype::f64; }));
static_assert(breaks("a reduction removes axes that its operand lacks", [](sample& p) { p.code[total].over = plane; }));
static_assert(breaks("a reduction removes axes that its operand lacks", [](sample& p) { p.code[total].over = 0; }));
static_assert(breaks("a reduction keeps the wrong axes", [](sample& p) { p.code[total].axes = line; }));
static_assert(breaks("an operation's axes are not the union of its operands'",
                     [](sample& p) { p.code[product].axes = 0; }));
static_assert(breaks("a selection's condition is not boolean", [](sample& p) { p.code[chosen].x[0] = x; }));
static_assert(breaks("an operation's operands differ in type", [](sample& p) { p.code[chosen].x[1] = wide; }));
static_assert(breaks("an operation's result has the wrong type", [](sample& p) { p.code[product].type = dtype::f64; }));
static_assert(breaks("an operation's result has the wrong type",
                     [](sample& p) { p.code[product].op = &info<fg::less_t>; }));
static_assert(breaks("a real operation has operands that are not floating-point", [](sample& p) {
  p.code[product] = {.op = &info<fg::pow_t>, .x = {c, c, -1, -1}, .axes = line, .type = dtype::f32};
}));
static_assert(breaks("an output is no value of the program", [](sample& p) { p.outputs[0] = 10; }));
static_assert(breaks("an output is no value of the program", [](sample& p) { p.outputs[0] = -1; }));

TEST_CASE("every rule of programs is checked by the compiler", "[ir][verify]") { CHECK(ir::verify(good()) == nullptr); }
