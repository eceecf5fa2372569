// The builder: emits instructions during constant evaluation, giving equal values one name (hash-consing) and
// asking each operation for constants and cheaper forms on the way. Assumes operands that were emitted before.
// Knows operations only through their descriptors.
#pragma once

#include <bit>
#include <utility>

#include "buffer.hpp"
#include "instruction.hpp"

namespace fusegrad::ir {

/// What can be wrong with a traced function that C++'s own type system does not see.
enum class trace_error : std::uint8_t {
  none,
  not_a_scalar,        ///< a gradient was asked of a function whose result is not one number
  integer_argument,    ///< a derivative was asked with respect to integers or booleans
  foreign_expression,  ///< an expression outlived the function whose argument it depends on
  too_many_results,    ///< more than 64
  coupled_elements,    ///< a derivative for each element was asked of a function that combines them
};

class builder {
 public:
  constexpr explicit builder(builder* parent = nullptr) : parent_(parent) {}
  constexpr builder(const builder&) = delete;

  constexpr int size() const { return code_.size(); }
  constexpr const instruction& operator[](int value) const { return code_[value]; }
  constexpr builder* parent() const { return parent_; }

  constexpr trace_error error() const { return error_; }
  constexpr void fail(trace_error error) {
    if (error_ == trace_error::none) error_ = error;
    if (parent_ != nullptr) parent_->fail(error);
  }

  /// The first operation met that has no value over an empty range, be its result needed in the end or not: a
  /// derivative of what has no value has none either.
  constexpr op_ref needs_elements() const { return needs_elements_; }

  // --- leaves -----------------------------------------------------------------------------------------------

  constexpr int input(int index, dtype type, axis_set axes, strength weight) {
    return intern({.op = &input_op, .index = index, .axes = axes, .type = type, .weight = weight});
  }

  constexpr int constant(double value, dtype type = dtype::f64) {
    return intern({.op = &constant_op, .immediate = rounded(value, type), .type = type});
  }

  /// The number of elements along the given axes; 1 for none.
  constexpr int count(axis_set over) {
    if (over == 0) return constant(1, dtype::i64);
    return intern({.op = &count_op, .over = over, .type = dtype::i64});
  }

  constexpr bool is_constant(int value) const { return code_[value].op == &constant_op; }
  constexpr bool is_constant(int value, double expected) const {
    return is_constant(value) &&
           std::bit_cast<std::uint64_t>(code_[value].immediate) == std::bit_cast<std::uint64_t>(expected);
  }
  constexpr bool is(int value, const op_info& op) const { return code_[value].op == &op; }

  // --- operations -------------------------------------------------------------------------------------------

  constexpr int convert(int value, dtype type) {
    const instruction& source = code_[value];
    if (source.type == type) return value;
    if (source.op == &constant_op) return constant(source.immediate, type);
    if (source.op == &convert_op && type == code_[source.x[0]].type && type == dtype::f32 && source.type == dtype::f64)
      return source.x[0];
    // a selection between numbers is made in the type it is wanted in: literals are double until they meet an array
    if (source.op->operands == operand_rule::select && costs_nothing(source.x[1], type) &&
        costs_nothing(source.x[2], type)) {
      const instruction select = source;  // what follows may move the code
      return emit(*select.op, select.x[0], convert(select.x[1], type), convert(select.x[2], type));
    }
    return intern(
        {.op = &convert_op, .x = {value, -1, -1, -1}, .axes = source.axes, .type = type, .weight = source.weight});
  }

  /// The value along further axes, where it is the same for all elements.
  constexpr int broadcast(int value, axis_set axes) {
    const instruction& source = code_[value];
    if ((axes & ~source.axes) == 0) return value;
    if (source.op == &broadcast_op) return broadcast(source.x[0], axes | source.axes);
    return intern({.op = &broadcast_op,
                   .x = {value, -1, -1, -1},
                   .axes = axes | source.axes,
                   .type = source.type,
                   .weight = source.weight});
  }

  /// Emits an elementwise operation: converts the operands to their common type, then folds, simplifies or appends.
  constexpr int emit(const op_info& op, const int* operands) {
    instruction made{.op = &op};
    for (int k = 0; k < op.arity; ++k) made.x[k] = operands[k];
    const typing common = unify(op, made.x);
    made.type = result_type(op.result, common.type);
    made.weight = common.weight;
    for (int k = 0; k < op.arity; ++k) made.axes |= code_[made.x[k]].axes;
    for (int k = 0; k < op.arity; ++k) drop_broadcast(made, k);
    if (op.commutative && comes_later(made.x[0], made.x[1])) std::swap(made.x[0], made.x[1]);
    if (op.fold != nullptr) {
      double values[max_arity]{}, folded = 0;
      bool known = true;
      for (int k = 0; k < op.arity && known; ++k) {
        known = is_constant(made.x[k]);
        values[k] = code_[made.x[k]].immediate;
      }
      if (known && op.fold(common.type, values, folded)) return constant(folded, made.type);
    }
    if (op.simplify != nullptr)
      if (const int simpler = op.simplify(*this, made.x); simpler >= 0) return simpler;
    return intern(made);
  }

  template <std::same_as<int>... X>
  constexpr int emit(const op_info& op, X... operands) {
    const int x[]{operands...};
    return emit(op, x);
  }

  /// Reduces a value over those of the given axes along which it varies.
  constexpr int reduce(const op_info& op, int value, axis_set over) {
    over &= code_[value].axes;
    if (op.operands == operand_rule::logical) value = convert(value, dtype::boolean);
    if (over == 0) return value;
    if (op.needs_elements) require_elements(op);
    const instruction& source = code_[value];
    return intern({.op = &op,
                   .x = {value, -1, -1, -1},
                   .axes = source.axes & ~over,
                   .over = over,
                   .type = result_type(op.result, source.type),
                   .weight = source.weight});
  }

  /// Emits a copy of an instruction of another program, whose operands are given as values of this one.
  constexpr int replay(const instruction& source, const int* operands) {
    switch (source.op->kind) {
      case op_kind::input: return input(source.index, source.type, source.axes, source.weight);
      case op_kind::constant: return constant(source.immediate, source.type);
      case op_kind::count: return count(source.over);
      case op_kind::convert: return convert(operands[0], source.type);
      case op_kind::broadcast: return broadcast(operands[0], source.axes);
      case op_kind::reduction: return reduce(*source.op, operands[0], source.over);
      default: return emit(*source.op, operands);
    }
  }

  // --- functions within functions ---------------------------------------------------------------------------

  /// The value that stands here for a value of this builder or of one that encloses it. A value from outside becomes
  /// an input: with respect to this function it is a constant.
  constexpr int lift(const builder* owner, int value) {
    if (owner == this) return value;
    if (parent_ == nullptr) {
      fail(trace_error::foreign_expression);
      return constant(0);
    }
    const int outside = parent_->lift(owner, value);
    for (const auto& [from, here] : captured_)
      if (from == outside) return here;
    const int here = bind(outside);
    captured_.push_back({outside, here});
    return here;
  }

  /// A new input of this function that stands for a value of the enclosing one.
  constexpr int bind(int outside) {
    const instruction& source = (*parent_)[outside];
    bound_.push_back(outside);
    return input(bound_.size() - 1, source.type, source.axes, source.weight);
  }

  /// Copies the given value, and what it depends on, of a function that was built inside this one. `done` holds what
  /// earlier calls have copied: -1, or the value here.
  constexpr int inline_value(const builder& inner, int value, buffer<int>& done) {
    buffer<bool> needed(value + 1, false);
    needed[value] = true;
    for (int v = value; v >= 0; --v)
      if (needed[v] && done[v] < 0)
        for (int k = 0; k < inner[v].arity(); ++k) needed[inner[v].x[k]] = true;
    for (int v = 0; v <= value; ++v) {
      if (!needed[v] || done[v] >= 0) continue;
      const instruction& source = inner[v];
      int operands[max_arity]{-1, -1, -1, -1};
      for (int k = 0; k < source.arity(); ++k) operands[k] = done[source.x[k]];
      done[v] = source.is(op_kind::input) ? inner.bound_[source.index] : replay(source, operands);
    }
    return done[value];
  }

 private:
  /// Can a value be converted outside of the loops, or without conversion?
  constexpr bool costs_nothing(int value, dtype type) const {
    const instruction& source = code_[value];
    return source.axes == 0 || (source.op == &convert_op && code_[source.x[0]].type == type && type == dtype::f32 &&
                                source.type == dtype::f64);
  }

  struct capture {
    int outside;
    int here;
  };

  constexpr void require_elements(const op_info& op) {
    if (needs_elements_ == nullptr) needs_elements_ = &op;
    if (parent_ != nullptr) parent_->require_elements(op);
  }

  constexpr typing unify(const op_info& op, int* x) {
    typing common{dtype::boolean, strength::literal};
    if (op.arity == 0) return common;
    const int first = op.operands == operand_rule::select ? 1 : 0;
    common = code_[x[first]].traits();
    for (int k = first + 1; k < op.arity; ++k) common = promote(common, code_[x[k]].traits());
    switch (op.operands) {
      case operand_rule::arithmetic:
        if (common.type == dtype::boolean) common.type = dtype::i32;
        break;
      case operand_rule::real:
        if (!is_floating(common.type)) common.type = dtype::f64;
        break;
      case operand_rule::logical: common.type = dtype::boolean; break;
      case operand_rule::select: x[0] = convert(x[0], dtype::boolean); break;
      case operand_rule::any: return common;
    }
    for (int k = first; k < op.arity; ++k) x[k] = convert(x[k], common.type);
    return common;
  }

  /// An operand need not be broadcast to axes that another operand brings.
  constexpr void drop_broadcast(instruction& made, int operand) const {
    if (code_[made.x[operand]].op != &broadcast_op) return;
    const int source = code_[made.x[operand]].x[0];
    axis_set rest = code_[source].axes;
    for (int k = 0; k < made.op->arity; ++k)
      if (k != operand) rest |= code_[made.x[k]].axes;
    if (rest == made.axes) made.x[operand] = source;
  }

  static constexpr dtype result_type(result_rule rule, dtype common) {
    if (rule == result_rule::boolean) return dtype::boolean;
    return rule == result_rule::widened && !is_floating(common) ? dtype::i64 : common;
  }

  /// The order of a commutative operation's operands: by age, constants last.
  constexpr bool comes_later(int a, int b) const {
    if (is_constant(a) != is_constant(b)) return is_constant(a);
    return a > b;
  }

  static constexpr double rounded(double value, dtype type) {
    switch (type) {
      case dtype::f64: return value;
      case dtype::f32: {
        // the conversion of a value beyond the range of float is no constant expression
        constexpr double limit = 3.4028235677973366e38;
        if (value >= limit) return __builtin_inf();
        if (value <= -limit) return -__builtin_inf();
        return value != value ? value : static_cast<double>(static_cast<float>(value));
      }
      case dtype::boolean: return value != 0;
      default: return static_cast<double>(static_cast<std::int64_t>(value));
    }
  }

  static constexpr bool same(const instruction& a, const instruction& b) {
    return a.op == b.op && a.x[0] == b.x[0] && a.x[1] == b.x[1] && a.x[2] == b.x[2] && a.x[3] == b.x[3] &&
           a.type == b.type && a.index == b.index && a.over == b.over && a.axes == b.axes &&
           std::bit_cast<std::uint64_t>(a.immediate) == std::bit_cast<std::uint64_t>(b.immediate);
  }

  static constexpr std::uint32_t hash_of(const instruction& i) {
    const auto bits = std::bit_cast<std::uint64_t>(i.immediate);
    std::uint32_t h = i.op->hash ^ static_cast<std::uint32_t>(bits ^ (bits >> 32)) * 0x9e3779b1u;
    h = (h ^ static_cast<std::uint32_t>(i.x[0])) * 0x85ebca6bu;
    h = (h ^ static_cast<std::uint32_t>(i.x[1]) ^ (h >> 15)) * 0xc2b2ae35u;
    h = (h ^ static_cast<std::uint32_t>(i.x[2]) ^ (h >> 13)) * 0x27d4eb2fu;
    h = (h ^ static_cast<std::uint32_t>(i.index * 8 + static_cast<int>(i.type)) ^ i.over << 8) * 0x165667b1u;
    return h ^ (h >> 16);
  }

  constexpr int intern(const instruction& wanted) {
    if (2 * (code_.size() + 1) > slots_) grow();
    for (std::uint32_t slot = hash_of(wanted);; ++slot) {
      int& entry = table_[static_cast<int>(slot & static_cast<std::uint32_t>(slots_ - 1))];
      if (entry < 0) {
        entry = code_.size();
        code_.push_back(wanted);
        return entry;
      }
      if (same(code_[entry], wanted)) return entry;
    }
  }

  constexpr void grow() {
    slots_ = slots_ == 0 ? 128 : 4 * slots_;
    delete[] table_;
    table_ = new int[static_cast<unsigned>(slots_)];
    for (int i = 0; i < slots_; ++i) table_[i] = -1;
    for (int v = 0; v < code_.size(); ++v) {
      std::uint32_t slot = hash_of(code_[v]);
      while (table_[slot & static_cast<std::uint32_t>(slots_ - 1)] >= 0) ++slot;
      table_[slot & static_cast<std::uint32_t>(slots_ - 1)] = v;
    }
  }

  builder* parent_;
  buffer<instruction> code_;
  int* table_ = nullptr;
  int slots_ = 0;
  buffer<capture> captured_;
  buffer<int> bound_;  // for each input of a function within a function: the value outside
  trace_error error_ = trace_error::none;
  op_ref needs_elements_;

 public:
  constexpr ~builder() { delete[] table_; }
};

}  // namespace fusegrad::ir
