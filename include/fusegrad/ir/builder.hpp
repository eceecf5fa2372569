// The builder: emits instructions during constant evaluation, giving equal values one name (hash-consing) and
// asking each operation for constants and cheaper forms on the way. Assumes operands that were emitted before.
// Knows operations only through their descriptors. Compilers interpret this code statement by statement and call by
// call: what each instruction passes through reads members rather than calling functions that return them.
#pragma once

#include <bit>
#include <limits>
#include <utility>

#include "../config.hpp"
#include "buffer.hpp"
#include "instruction.hpp"

FUSEGRAD_HARDLY_RUN

namespace fusegrad::ir {

/// What can be wrong with a traced function that C++'s own type system does not see.
enum class trace_error : std::uint8_t {
  none,
  condition_in_order,   ///< a condition is compared with a number by an order
  too_long,             ///< the compiler meets its limits before it has called the function
  literal_too_large,    ///< an integer does not fit the type of the array beside it
  not_a_scalar,         ///< a gradient was asked of a function whose result is not one number
  integer_argument,     ///< a derivative was asked with respect to integers or booleans
  foreign_expression,   ///< an expression outlived the function whose argument it depends on
  coupled_elements,     ///< a derivative for each element was asked of a function that combines them
  axis_out_of_range,    ///< a value has no such axis
  axis_twice,           ///< one axis is named twice
  axis_not_single,      ///< an axis to be squeezed may have more than one element
  direction_too_large,  ///< a tangent or cotangent has dimensions that its value lacks
  unknown_extent,       ///< an index runs along an axis that no array has
  cannot_slice,         ///< a slice is asked of an axis of one element
  varying_quantile,     ///< which quantile is asked for differs from element to element
};

/// Two dimensions of inputs that an operation brings together: their extents must be equal. Or one that must have one
/// element.
struct constraint {
  static constexpr int one_element = -1;
  int first, second;  ///< sources, see extents
  op_ref op;
};

/// An operation that has no value over an empty range, and where its range is.
struct requirement {
  op_ref op;
  extents over;
};

/// So many elements: `times` as many as two extents, which sources name (-1: none), are together, and `more`.
struct length {
  int first = -1, second = -1, times = 1, more = 0;

  friend constexpr bool operator==(const length&, const length&) = default;
};

/// An input that is what a cut takes of another input, along one of its dimensions. Or no array at all, but an extent
/// that none needs to have, as dimension 0: it is part of no input, and the cut takes it of so many elements.
struct part {
  int input = 0, of = 0, dimension = 0;
  cut where{};
  length elements{};

  constexpr bool is_extent() const { return of < 0; }
};
/// An output that the program reads again: it lies in a longer array, which is an input, with others or with zeros
/// around it. The cut is along a dimension of both.
struct window {
  int input = 0, output = 0, dimension = 0;
  cut where{};
  bool filled = false;  ///< is nothing left of the array that has to be zero?
};

/// An input that is made between kernels, of an array that is written or made before it, along some dimensions: its
/// order, or its elements at the positions that array `by` holds.
struct arrangement {
  static constexpr int none = -1;
  int input = 0, of = 0, by = none;
  axis_set along = 0;  ///< dimensions, one bit each
};

/// An operation on what another one gave, and the one that was taken for both of them, because it keeps digits that
/// they lose.
struct replacement {
  std::string_view op, of, by;
  friend constexpr bool operator==(const replacement&, const replacement&) = default;
};

class builder {
 public:
  constexpr explicit builder(builder* parent = nullptr) : parent_(parent) {
    if (parent == nullptr) return;
    limit_ = parent->limit_;
    replacements_ = parent->replacements_;
  }
  constexpr builder(const builder&) = delete;

  constexpr int size() const { return size_; }
  /// Takes no more than about so many instructions: what is traced after them is nothing.
  constexpr void limit(int instructions) { limit_ = instructions; }
  constexpr bool is_full() const { return size_ >= limit_; }
  /// Counts what is not taken.
  constexpr void pass_over() { parent_ != nullptr ? parent_->pass_over() : static_cast<void>(++passed_over_); }
  constexpr int passed_over() const { return passed_over_; }
  /// Writes down what is replaced.
  constexpr void tell_replacements(buffer<replacement>& told) { replacements_ = &told; }
  /// Said of what an operation is simplified to because that keeps digits; -1 if it is not.
  constexpr int keeps_digits(int value) {
    keeps_digits_ = value >= 0;
    return value;
  }
  constexpr const instruction& operator[](int value) const { return code_[value]; }
  constexpr builder* parent() const { return parent_; }

  constexpr trace_error error() const { return error_; }
  constexpr void fail(trace_error error) {
    if (error_ == trace_error::none) error_ = error;
    if (parent_ != nullptr) parent_->fail(error);
  }

  /// What must hold of the extents of the inputs, be the results that ask for it needed in the end or not: a derivative
  /// of what has no value has none either.
  constexpr const buffer<constraint>& constraints() const { return constraints_; }
  constexpr const buffer<requirement>& requirements() const { return requirements_; }
  constexpr const buffer<extents>& shapes() const { return shapes_; }

  /// Notes in which order the dimensions of a value stand: that is the order in which its axes are best walked.
  constexpr void note_order(const layout& at) {
    ordered_ = true;
    for (int outer = 1; outer < at.rank; ++outer)
      for (int inner = 0; inner < outer && at.map[outer] >= 0; ++inner)
        if (at.map[inner] >= 0) ++around_[at.map[outer]][at.map[inner]];
  }
  /// Names of axes that follow this order, the innermost first.
  constexpr permutation natural_order() const {
    permutation names;
    if (!ordered_) return names;
    bool placed[max_axes]{};
    for (int next = 0; next < max_axes; ++next) {
      // the axis that is noted around the fewest of the rest, less often than within them
      int best = -1, least = 0;
      for (int a = 0; a < max_axes; ++a) {
        if (placed[a]) continue;
        int votes = 0;
        for (int other = 0; other < max_axes; ++other)
          if (!placed[other] && other != a) votes += around_[a][other] > around_[other][a];
        if (best < 0 || votes < least) {
          best = a;
          least = votes;
        }
      }
      placed[best] = true;
      names.to[best] = next;
    }
    return names;
  }
  constexpr const extents& extents_of(int value) const { return shapes_[code_[value].shape]; }

  /// How many arguments the outermost function has: its further inputs are parts of these.
  constexpr int arguments() const { return arguments_; }
  constexpr void expect_arguments(int count) { arguments_ = count; }
  constexpr const buffer<part>& parts() const { return parts_; }
  constexpr const buffer<window>& windows() const { return windows_; }
  constexpr void add_window(const window& w) { windows_.push_back(w); }
  constexpr const buffer<arrangement>& arrangements() const { return arrangements_; }
  constexpr void add_arrangement(const arrangement& a) { arrangements_.push_back(a); }
  constexpr void add_part(const part& p) { parts_.push_back(p); }

  // --- leaves -----------------------------------------------------------------------------------------------

  constexpr int input(int index, dtype type, axis_set axes, strength weight) {
    return input(index, type, axis_map::identity(axes), weight);
  }
  /// An input whose dimensions run along the given axes: the same input may be read along several.
  constexpr int input(int index, dtype type, axis_map map, strength weight) {
    extents where;
    for (int d = 0; d < max_axes && map.digits >> 4 * d != 0; ++d)
      if (map[d] >= 0) where.set(map[d], max_axes * index + d);
    return input(index, type, map, weight, where);
  }
  /// An input whose extents are those of other values.
  constexpr int input(int index, dtype type, axis_map map, strength weight, const extents& where) {
    return intern({.op = &input_op,
                   .index = index,
                   .map = map,
                   .axes = map.axes(),
                   .shape = map.digits == 0 ? 0 : shape_of(where),
                   .type = type,
                   .weight = weight});
  }

  constexpr int constant(number value) {
    return intern({.op = &constant_op, .immediate = value.bits(), .type = value.type()});
  }
  constexpr int constant(number value, dtype type) { return constant(value.to(type)); }

  /// The number of elements along those of the given axes along which a value varies; 1 for none.
  constexpr int count(int value, axis_set over) {
    return count(extents_of(value).within(over), over & code_[value].axes);
  }

  /// The position along an axis of a value, counted from 0.
  constexpr int index(int value, int axis) { return index(extents_of(value).within(axis_set{1} << axis), axis); }
  /// The same along an axis of whatever it meets.
  constexpr int index(const extents& where, int axis, dtype type = dtype::i32) {
    unlocated_ = unlocated_ || where[axis] < 0;
    const int shape = shape_of(where);
    return intern({.op = &index_op,
                   .index = shape,
                   .axes = axis_set{1} << axis,
                   .shape = shape,
                   .type = type,
                   .weight = strength::scalar});
  }

  constexpr bool is_constant(int value) const { return code_[value].op.info->kind == op_kind::constant; }
  constexpr bool is_constant(int value, double expected) const {
    return is_constant(value) && code_[value].immediate == number(expected).to(code_[value].type).bits();
  }
  /// The value of a constant, rounded.
  constexpr double known(int value) const {
    const instruction& i = code_[value];
    return i.type >= dtype::f32 ? std::bit_cast<double>(i.immediate) : i.value().as<double>();
  }
  constexpr bool is(int value, const op_info& op) const { return code_[value].op == &op; }

  // --- operations -------------------------------------------------------------------------------------------

  constexpr int convert(int value, dtype type) {
    const instruction& source = code_[value];
    if (source.type == type) return value;
    if (source.op == &constant_op) return constant(source.value(), type);
    if (source.op == &convert_op && type == code_[source.x[0]].type && type == dtype::f32 && source.type == dtype::f64)
      return source.x[0];
    // positions are counted in what they are wanted in: 32 bits hold only those below 2^31
    if (source.op == &index_op && bytes_of(type) == 8)
      return index(extents(extents_of(value)), lowest_axis(source.axes), type);
    // a selection between numbers is made in the type it is wanted in: literals are double until they meet an array
    if (source.op->operands == operand_rule::select && costs_nothing(source.x[1], type) &&
        costs_nothing(source.x[2], type)) {
      const instruction select = source;  // what follows may move the code
      return emit(*select.op, select.x[0], convert(select.x[1], type), convert(select.x[2], type));
    }
    return intern({.op = &convert_op,
                   .x = {value, -1, -1, -1},
                   .axes = source.axes,
                   .shape = source.shape,
                   .type = type,
                   .weight = source.weight});
  }

  /// The value along the axes of another as well, where it is the same for all elements.
  constexpr int broadcast(int value, int like) { return broadcast(value, code_[like].axes, extents_of(like)); }
  constexpr int broadcast(int value, axis_set axes, const extents& where) {
    const instruction source = code_[value];
    if ((axes & ~source.axes) == 0) return value;
    extents all = where;
    for (int axis = 0; axis < max_axes; ++axis)
      if (has_axis(source.axes, axis)) all.set(axis, shapes_[source.shape][axis]);
    axes |= source.axes;
    if (source.op == &broadcast_op) return broadcast(source.x[0], axes, all);
    const int shape = shape_of(all);
    return intern({.op = &broadcast_op,
                   .x = {value, -1, -1, -1},
                   .index = shape,
                   .axes = axes,
                   .shape = shape,
                   .type = source.type,
                   .weight = source.weight});
  }

  /// The value along all of the given axes, which its operands have.
  constexpr int broadcast_to_union(int value, const int* operands, int count, axis_set axes) {
    for (int k = 0; k < count && (axes & ~code_[value].axes) != 0; ++k) value = broadcast(value, operands[k]);
    return value;
  }

  /// Emits an elementwise operation: converts the operands to their common type, then folds, simplifies or appends.
  constexpr int emit(const op_info& op, const int* operands) {
    instruction made{.op = &op};
    for (int k = 0; k < op.arity; ++k) made.x[k] = operands[k];
    const typing common = unify(op, made.x);
    made.type = op.result == result_rule::same ? common.type : result_type(op.result, common.type);
    made.weight = common.weight;
    bool known = true, broadcasts = false;
    for (int k = 0; k < op.arity; ++k) {
      const instruction& x = code_[made.x[k]];
      const op_kind kind = x.op.info->kind;
      known = known && kind == op_kind::constant;
      broadcasts = broadcasts || kind == op_kind::broadcast;
      made.axes |= x.axes;
      if (made.shape == 0) made.shape = x.shape;
      else if (x.shape != 0 && x.shape != made.shape) made.shape = merged(made.shape, x.shape, op);
    }
    if (broadcasts)
      for (int k = 0; k < op.arity; ++k) drop_broadcast(made, k);
    if (op.commutative && comes_later(made.x[0], made.x[1])) std::swap(made.x[0], made.x[1]);
    if (known && op.fold != nullptr) {
      number values[max_arity]{}, folded;
      for (int k = 0; k < op.arity; ++k) values[k] = code_[made.x[k]].value();
      if (op.fold(common.type, values, folded)) return constant(folded, made.type);
    }
    if (op.simplify != nullptr) {
      const bool around = keeps_digits_;
      keeps_digits_ = false;
      const int simpler = op.simplify(*this, made.x);
      if (keeps_digits_ && simpler >= 0) replaced(made, simpler);
      keeps_digits_ = around;
      if (simpler >= 0)
        return made.axes == code_[simpler].axes ? simpler : broadcast(simpler, made.axes, extents(shapes_[made.shape]));
    }
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
    if (op.operands == operand_rule::real && !is_floating(code_[value].type)) value = convert(value, dtype::f64);
    if (over == 0)
      return op.expand == nullptr ? convert(value, result_type(op.result, code_[value].type))
                                  : op.expand(*this, &value, over);
    if (op.needs_elements) require_elements(op, extents_of(value).within(over));
    const instruction source = code_[value];
    const axis_set rest = source.axes & ~over;
    return intern({.op = &op,
                   .x = {value, -1, -1, -1},
                   .axes = rest,
                   .over = over,
                   .shape = rest == 0 ? 0 : shape_of(extents_of(value).within(rest)),
                   .type = result_type(op.result, source.type),
                   .weight = source.weight});
  }

  /// Runs along an axis, from the first element to the last: each result is that of all elements up to it.
  constexpr int scan(const op_info& op, int value, axis_set along) {
    value = convert(value, result_type(op.result, code_[value].type));
    const instruction source = code_[value];
    if ((along & source.axes) == 0) return value;
    return intern({.op = &op,
                   .x = {value, -1, -1, -1},
                   .axes = source.axes,
                   .over = along,
                   .shape = source.shape,
                   .type = source.type,
                   .weight = source.weight});
  }

  /// The positions of a row's elements in their order; a row is what lies along the given axes, its elements row-major.
  /// What an order has moved the order of that order brings back.
  constexpr int order(int value, axis_set along) {
    const instruction source = code_[value];
    along &= source.axes;
    if (along == 0) return constant(0, dtype::i64);
    const auto is_order = [&](int v) { return code_[v].op == &order_op && code_[v].over == along; };
    if (is_order(value) && is_order(source.x[0])) return source.x[0];
    return intern({.op = &order_op,
                   .x = {value, -1, -1, -1},
                   .axes = source.axes,
                   .over = along,
                   .shape = source.shape,
                   .type = dtype::i64,
                   .weight = source.weight});
  }

  /// The elements of rows at the positions that an order tells.
  constexpr int permuted(int value, int positions, axis_set along) {
    along &= code_[positions].axes;
    if ((code_[value].axes & along) == 0) return value;  // they are all the same
    value = broadcast(value, positions);
    positions = broadcast(positions, value);
    const instruction source = code_[value], &by = code_[positions];
    return intern({.op = &permuted_op,
                   .x = {value, positions, -1, -1},
                   .axes = source.axes,
                   .over = along,
                   .shape = source.shape == by.shape ? source.shape : merged(source.shape, by.shape, permuted_op),
                   .type = source.type,
                   .weight = source.weight});
  }

  /// What a cut takes of a value along one of its axes. What is little work is the same function of what the cut takes
  /// of its inputs; anything else is computed once, however many cuts are taken of it. A single element has that axis
  /// no more.
  constexpr int sliced(int value, int axis, const cut& where) {
    if (!has_axis(code_[value].axes, axis)) return value;
    buffer<bool> needed(value + 1);
    needed[value] = true;
    int work = 0;
    for (int v = value; v >= 0; --v) {
      if (!needed[v] || ends_cut(code_[v], axis)) continue;
      work += code_[v].is(op_kind::arrangement)                                             ? most_work_copied + 1
              : code_[v].op->operands == operand_rule::real && code_[v].op->fold == nullptr ? 4
                                                                                            : 1;
      if (work > most_work_copied) return slice(value, axis, where, sliced(extents_of(value), axis, where));
      for (int k = 0; k < code_[v].arity(); ++k)
        if (has_axis(code_[code_[v].x[k]].axes, axis)) needed[code_[v].x[k]] = true;
    }
    buffer<int> done(value + 1, -1);
    for (int v = 0; v <= value; ++v) {
      done[v] = v;
      if (!needed[v]) continue;
      instruction source = code_[v];
      if (ends_cut(source, axis)) {
        done[v] = sliced_here(v, axis, where);
        continue;
      }
      if (where.single()) source.axes &= ~(axis_set{1} << axis);
      int operands[max_arity]{-1, -1, -1, -1};
      for (int k = 0; k < source.arity(); ++k) operands[k] = done[source.x[k]];
      done[v] = copied(source, sliced(extents(shapes_[carried_shape(source)]), axis, where), operands, {});
    }
    return done[value];
  }

  /// The same as an instruction, whose extents along the axis are those of `part`.
  constexpr int slice(int value, int axis, const cut& where, const extents& part) {
    const instruction source = code_[value];
    if (!has_axis(source.axes, axis)) return value;
    instruction made{.op = &slice_op,
                     .x = {value, -1, -1, -1},
                     .axes = source.axes,
                     .over = axis_set{1} << axis,
                     .type = source.type,
                     .weight = source.weight};
    made.set_where(where);
    if (where.single()) made.axes &= ~made.over;
    else if (part[axis] < 0) fail(trace_error::unknown_extent);
    extents all = extents_of(value);
    all.set(axis, where.single() ? -1 : part[axis]);
    made.shape = made.axes == 0 ? 0 : shape_of(all);
    return intern(made);
  }

  /// The value where a cut takes elements of the longer axis whose extent is `full[axis]`, and elsewhere there `rest`,
  /// which is zero where the value stands: zero everywhere (-1), or a pad that `can_follow`. `op` is what asks for it.
  constexpr int pad(int value, int axis, const cut& where, const extents& full, int rest = -1,
                    const op_info& op = pad_op) {
    if (is_constant(value, 0)) return rest < 0 ? value : rest;
    const instruction source = code_[value];
    if (rest < 0) rest = constant(0.0, source.type);
    // what stands at the beginning of a shorter axis stands at the same places of a longer one
    if (is_pad(value, axis) && where.start == 0 && where.step == 1 && counts_from_start(value)) {
      for (; is_pad(value, axis); value = code_[value].x[1])
        rest = pad(code_[value].x[0], axis, code_[value].where(), full, rest, op);
      return rest;
    }
    instruction made{.op = &pad_op,
                     .x = {value, rest, -1, -1},
                     .axes = source.axes,
                     .over = axis_set{1} << axis,
                     .type = source.type,
                     .weight = source.weight};
    made.set_where(where);
    extents all = extents_of(value);
    all.set(axis, full[axis]);
    made.shape = shape_of(all);
    if (is_pad(rest, axis)) made.shape = merged(made.shape, code_[rest].shape, op);
    return intern(made);
  }
  /// Can a value be what is around another in a pad along an axis?
  constexpr bool can_follow(int rest, int value, int axis) const {
    return is_pad(rest, axis) && code_[rest].axes == code_[value].axes && code_[rest].type == code_[value].type;
  }

  /// The source of an extent of so many elements, or of what a cut takes of them.
  constexpr int extent(const length& elements, const cut& where = {}) {
    if (elements == length{.first = elements.first} && elements.first >= 0 && where == cut{}) return elements.first;
    for (const part& p : parts_)
      if (p.is_extent() && p.elements == elements && p.where == where) return max_axes * p.input;
    int made = arguments_ + parts_.size();
    if (parent_ != nullptr) {  // an axis of that length is what stands for it outside
      const auto outside = [this](int source) { return parent_->outside(*this, source); };
      extents there;
      there.set(0, parent_->extent({outside(elements.first), outside(elements.second), elements.times, elements.more},
                                   parent_->outside(*this, where)));
      made = bound_.size();
      bound_.push_back(parent_->index(there, 0));
    }
    parts_.push_back({made, -1, 0, where, elements});
    return max_axes * made;
  }
  /// The extent of a value along an axis; what lacks it is one element there.
  constexpr int extent_along(int value, int axis) {
    if (!has_axis(code_[value].axes, axis)) return extent({.more = 1});
    const int source = extents_of(value)[axis];
    if (source < 0) fail(trace_error::unknown_extent);
    return source;
  }
  /// Notes that values go together, before an operation of another name asks for it.
  constexpr void meet(int a, int b, const op_info& op) { merged(code_[a].shape, code_[b].shape, op); }

  /// The part that input `index` is; null if it is none.
  constexpr const part* part_at(int index) const {
    for (const part& p : parts_)
      if (p.input == index && !p.is_extent()) return &p;
    return nullptr;
  }
  /// Is input `index` another one, or a part of it?
  constexpr bool is_within(int index, int other) const {
    for (const part* p = part_at(index); index != other && p != nullptr; p = part_at(index)) index = p->of;
    return index == other;
  }

  /// Emits a copy of an instruction of another program with the same inputs, or of this one, under other names of axes.
  /// Operands are given as values of this one.
  template <class Program>
  constexpr int replay(const Program& from, int value, const int* operands, const permutation& names = {}) {
    const instruction source = from[value];
    return copied(source, from.shapes()[carried_shape(source)], operands, names);
  }

  /// The same under the same names. Where the operands are what they were there nothing has become simpler.
  template <class Program>
  constexpr int copy(const Program& from, int value, const int* operands) {
    const instruction& source = from[value];
    if (!source.is(op_kind::elementwise)) return replay(from, value, operands);
    instruction made = source;
    made.shape = 0;
    for (int k = 0, n = source.arity(); k < n; ++k) {
      const instruction &was = from[source.x[k]], &x = code_[operands[k]];
      if (x.type != was.type || x.axes != was.axes || !(x.op == was.op)) return emit(*source.op.info, operands);
      made.x[k] = operands[k];
      if (made.shape == 0) made.shape = x.shape;
      else if (x.shape != 0 && x.shape != made.shape) made.shape = merged(made.shape, x.shape, *source.op.info);
    }
    if (source.op.info->commutative && comes_later(made.x[0], made.x[1])) std::swap(made.x[0], made.x[1]);
    return intern(made);
  }

  /// Drops the values without uses; returns what the others are called now. Nothing can be emitted any more.
  constexpr buffer<int> without_unused(const buffer<int>& uses) {
    buffer<int> numbers(size_, -1);
    int* const number = numbers.data();
    int kept = 0;
    for (int v = 0; v < size_; ++v) {
      if (uses[v] == 0) continue;
      instruction& i = code_[kept] = code_[v];
      for (int k = 0, n = i.arity(); k < n; ++k) i.x[k] = number[i.x[k]];
      number[v] = kept++;
    }
    size_ = kept;
    return numbers;
  }

  /// May there be indices whose extents are not known?
  constexpr bool has_unlocated() const { return unlocated_; }
  /// The value with the extents of indices that were unknown found where another value's are.
  constexpr int located(int value, const extents& where) {
    bool unknown = false;
    for (int axis = 0; axis < max_axes; ++axis)
      unknown = unknown || (has_axis(code_[value].axes, axis) && extents_of(value)[axis] < 0 && where[axis] >= 0);
    if (!unknown) return value;
    const extents known = where;
    buffer<int> done(value + 1, -1);
    for (int v = 0; v <= value; ++v) {
      int operands[max_arity]{-1, -1, -1, -1};
      for (int k = 0; k < code_[v].arity(); ++k) operands[k] = done[code_[v].x[k]];
      const instruction source = code_[v];
      done[v] = source.is(op_kind::index) && extents_of(v)[lowest_axis(source.axes)] < 0
                    ? index(known.within(source.axes), lowest_axis(source.axes), source.type)
                : source.axes == 0 ? v
                                   : replay(*this, v, operands);
    }
    return done[value];
  }

  /// An input without one of its axes, along which it must have one element; fails for anything but inputs.
  constexpr int without_axis(int value, int axis) {
    const instruction source = code_[value];
    if (!source.is(op_kind::input) || parent_ != nullptr) {
      fail(trace_error::direction_too_large);
      return value;
    }
    axis_map map = source.map;
    for (int d = 0; d < max_axes; ++d)
      if (map[d] == axis) map.set(d, -1);
    constraints_.push_back({extents_of(value)[axis], constraint::one_element, &input_op});
    return input(source.index, source.type, map, source.weight);
  }

  /// The value under other names of axes.
  constexpr int renamed(int value, const permutation& names) {
    if (names.is_identity()) return value;
    buffer<bool> needed(value + 1);
    needed[value] = true;
    for (int v = value; v >= 0; --v)
      if (needed[v])
        for (int k = 0; k < code_[v].arity(); ++k) needed[code_[v].x[k]] = true;
    buffer<int> done(value + 1, -1);
    for (int v = 0; v <= value; ++v) {
      if (!needed[v]) continue;
      int operands[max_arity]{-1, -1, -1, -1};
      for (int k = 0; k < code_[v].arity(); ++k) operands[k] = done[code_[v].x[k]];
      done[v] = replay(*this, v, operands, names);
    }
    return done[value];
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
    const instruction source = (*parent_)[outside];
    bound_.push_back(outside);
    return input(bound_.size() - 1, source.type, source.axes, source.weight);
  }

  /// Copies the given value, and what it depends on, of a function that was built inside this one. `done` holds what
  /// earlier calls have copied: -1, or the value here.
  constexpr int inline_value(const builder& inner, int value, buffer<int>& done) {
    int* const here = done.data();
    if (here[value] >= 0) return here[value];
    buffer<bool> wanted(value + 1);
    bool* const needed = wanted.data();
    needed[value] = true;
    int first = value;
    for (int v = value; v >= 0; --v) {
      if (!needed[v]) continue;
      if (here[v] >= 0) {
        needed[v] = false;
        continue;
      }
      first = v;
      const instruction& source = inner.code_[v];
      for (int k = 0, n = source.arity(); k < n; ++k) needed[source.x[k]] = true;
    }
    for (int v = first; v <= value; ++v) {
      if (!needed[v]) continue;
      const instruction& source = inner.code_[v];
      int operands[max_arity]{-1, -1, -1, -1};
      for (int k = 0, n = source.arity(); k < n; ++k) operands[k] = here[source.x[k]];
      if (source.is(op_kind::input)) {
        here[v] = outside(inner, source);
      } else if (const int shape = carried_shape(source); shape != 0 || source.moves_elements()) {
        instruction moved = source;
        if (source.moves_elements()) moved.set_where(outside(inner, source.where()));
        here[v] = copied(moved, outside(inner, inner.shapes_[shape]), operands, {});
      } else here[v] = copy(inner, v, operands);
    }
    return here[value];
  }

  /// Takes over what a function that was built inside this one asks of extents.
  constexpr void adopt_conditions(const builder& inner) {
    for (const constraint& c : inner.constraints_) constrain(outside(inner, c.first), outside(inner, c.second), *c.op);
    for (const requirement& r : inner.requirements_) require_elements(*r.op, outside(inner, r.over));
    for (int a = 0; a < max_axes; ++a)
      for (int b = 0; inner.ordered_ && b < max_axes; ++b) around_[a][b] += inner.around_[a][b];
    ordered_ = ordered_ || inner.ordered_;
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

  // --- extents ----------------------------------------------------------------------------------------------

  /// The shape, by number, that an instruction brings with it because no operand tells it; 0 for others.
  static constexpr int carried_shape(const instruction& i) {
    switch (i.op->kind) {
      case op_kind::count: return i.index;
      case op_kind::input:
      case op_kind::index:
      case op_kind::broadcast:
      case op_kind::pad:
      case op_kind::slice: return i.shape;
      default: return 0;
    }
  }

  // --- parts ------------------------------------------------------------------------------------------------

  static constexpr int most_work_copied = 8;

  constexpr bool is_pad(int value, int axis) const {
    return code_[value].is(op_kind::pad) && has_axis(code_[value].over, axis);
  }
  /// Are the places of what a pad holds counted from the beginning of its axis, and end before that does?
  constexpr bool counts_from_start(int pad) const {
    for (const int axis = lowest_axis(code_[pad].over); is_pad(pad, axis); pad = code_[pad].x[1])
      if (code_[pad].where().start < 0 || code_[pad].where().ends_from_end()) return false;
    return true;
  }

  /// Is this value more than the same function of slices of its operands, where a cut is taken of it?
  static constexpr bool ends_cut(const instruction& i, int axis) {
    return i.is(op_kind::input) || i.is(op_kind::index) || i.is(op_kind::slice) ||
           ((i.is(op_kind::pad) || i.is(op_kind::scan) || i.is(op_kind::arrangement)) && has_axis(i.over, axis));
  }
  constexpr int sliced_here(int value, int axis, const cut& where) {
    const instruction source = code_[value];
    if (source.is(op_kind::input)) return sliced_input(source, axis, where);
    for (int p = value; is_pad(p, axis); p = code_[p].x[1])
      if (code_[p].where() == where) return code_[p].x[0];
    if (source.is(op_kind::index) && where.single() && where.start >= 0) return constant(where.start, source.type);
    const extents part = sliced(extents_of(value), axis, where);
    if (source.is(op_kind::slice)) {
      const int other = lowest_axis(source.over);
      cut both{};
      if (other > axis) return slice(sliced(source.x[0], axis, where), other, source.where(), part);
      if (other == axis && source.where().step < 0 && where.step < 0) return source.x[0];
      if (other == axis && source.where().then(where, both)) return slice(source.x[0], axis, both, part);
    }
    return slice(value, axis, where, part);
  }

  /// The input that is what a cut takes of another along a dimension: of parts, one cut along each dimension, the
  /// lowest first, and slices before flips, so that what is equal is one input. That of a function within a function
  /// stands for what it takes of the value outside.
  constexpr int part_of(int input, int dimension, const cut& where) {
    if (where == cut{}) return input;
    if (const part* found = part_at(input); found != nullptr && found->dimension >= dimension) {
      const part whole = *found;
      cut one{};
      if (whole.dimension > dimension)
        return part_of(part_of(whole.of, dimension, where), whole.dimension, whole.where);
      if (whole.where.step < 0 && where.step < 0) return whole.of;
      if (whole.where.then(where, one)) return part_of(whole.of, dimension, one);
      if (whole.where.step < 0 && where.mirrored(one)) {
        const int straight = part_of(whole.of, dimension, one);
        return one.single() ? straight : part_of(straight, dimension, cut::flipped());
      }
    }
    for (const part& p : parts_)
      if (p.of == input && p.dimension == dimension && p.where == where) return p.input;
    int made = arguments_ + parts_.size();
    if (parent_ != nullptr) {
      const int outside = parent_->sliced(bound_[input], dimension, parent_->outside(*this, where));
      made = bound_.size();
      bound_.push_back(outside);
    }
    parts_.push_back({made, input, dimension, where});
    return made;
  }
  constexpr int sliced_input(const instruction& source, int axis, const cut& where) {
    int dimension = 0;
    while (source.map[dimension] != axis) ++dimension;
    axis_map map = source.map;
    if (where.single()) map.set(dimension, -1);
    const int part = part_of(source.index, dimension, where);
    return input(part, source.type, map, source.weight, sliced(extents(shapes_[source.shape]), axis, where));
  }
  constexpr extents sliced(const extents& e, int axis, const cut& where) {
    extents made = e;
    if (where.single()) made.set(axis, -1);
    else if (made[axis] >= 0) made.set(axis, extent_of_part(made[axis], where));
    return made;
  }
  /// Where the extent of what a cut takes of a dimension is found: that of any part that is as long.
  constexpr int extent_of_part(int source, const cut& where) {
    if (where.step < 0) return source;
    for (const part& p : parts_)
      if (p.is_extent())
        if (const int known = extent_of_piece(p, source, where); known >= 0) return known;
    if (where.start == 0 && cut::is_extent(where.stop)) return cut::source_of(where.stop);
    for (const part& p : parts_)
      if (p.is_extent() && max_axes * p.input == source) return extent({.first = source}, where);
    const int dimension = source % max_axes;
    int input = source / max_axes;
    cut all = where;
    for (const part* p = part_at(input); p != nullptr; p = part_at(input)) {
      if (p->dimension == dimension && p->where.step > 0 && !p->where.then(all, all)) break;
      input = p->of;
    }
    if (all == cut{}) return max_axes * input + dimension;
    for (const part& p : parts_)
      if (p.dimension == dimension && p.where.step > 0 && p.where.as_long_as(all) && along(p.of, dimension) == input)
        return max_axes * p.input + dimension;
    return max_axes * part_of(input, dimension, all) + dimension;
  }
  /// The extent of what a cut takes where another extent was made to hold that; -1 if this one was not.
  constexpr int extent_of_piece(const part& made, int source, const cut& where) {
    const length of = made.elements;
    const int own = max_axes * made.input;
    if (!(made.where == cut{}) || of.first < 0) return -1;
    if (where.start == cut::at_extent(of.first) && where.stop == cut::at_extent(own) &&
        of == length{of.first, of.second})
      return of.second;
    if (own != source || of.second >= 0) return -1;
    const bool surrounded = of.times == 1 && where.step == 1 && where.start >= 0 && where.ends_from_end() &&
                            where.start + where.left_out() == of.more;
    const bool one_of_each =
        of.more == 0 && where.step == of.times && where.start >= 0 && where.start < of.times && where.stop == end;
    return surrounded || one_of_each ? of.first : -1;
  }
  /// The input of which this one has all along a dimension.
  constexpr int along(int input, int dimension) const {
    for (const part* p = part_at(input); p != nullptr && (p->dimension != dimension || p->where.step < 0);
         p = part_at(input))
      input = p->of;
    return input;
  }

  constexpr int shape_of(const extents& wanted) {
    for (int s = 0; s < shapes_.size(); ++s)
      if (shapes_[s] == wanted) return s;
    shapes_.push_back(wanted);
    return shapes_.size() - 1;
  }

  constexpr void constrain(int first, int second, const op_info& op) {
    if (first < 0 || second < 0 || first == second) return;
    if (first > second) std::swap(first, second);
    for (const constraint& c : constraints_)
      if (c.first == first && c.second == second) return;
    constraints_.push_back({first, second, &op});
  }

  /// The shape of what an operation makes of operands of two shapes.
  constexpr int merged(int a, int b, const op_info& op) {
    for (const merging& m : mergings_)
      if (m.first == a && m.second == b) return m.result;
    extents both = shapes_[a];
    for (int axis = 0; axis < max_axes; ++axis) {
      const int other = shapes_[b][axis];
      if (both[axis] < 0) both.set(axis, other);
      else constrain(both[axis], other, op);
    }
    const int result = shape_of(both);
    mergings_.push_back({a, b, result});
    return result;
  }

  constexpr void require_elements(const op_info& op, const extents& over) {
    for (const requirement& r : requirements_)
      if (r.over == over) return;
    requirements_.push_back({&op, over});
  }

  constexpr int count(const extents& where, axis_set over) {
    if (over == 0) return constant(1, dtype::i64);
    for (int axis = 0; axis < max_axes; ++axis)
      if (has_axis(over, axis) && where[axis] < 0) fail(trace_error::unknown_extent);
    return intern({.op = &count_op, .index = shape_of(where), .over = over, .type = dtype::i64});
  }

  constexpr int copied(const instruction& source, const extents& where, const int* operands, const permutation& names) {
    switch (source.op->kind) {
      case op_kind::input: return input(source.index, source.type, names(source.map), source.weight, names(where));
      case op_kind::constant: return constant(source.value());
      case op_kind::count: return count(names(where), names(source.over));
      case op_kind::index: return index(names(where), lowest_axis(names(source.axes)), source.type);
      case op_kind::convert: return convert(operands[0], source.type);
      case op_kind::broadcast: return broadcast(operands[0], names(source.axes), names(where));
      case op_kind::pad:
        return pad(operands[0], lowest_axis(names(source.over)), source.where(), names(where), operands[1]);
      case op_kind::slice: return slice(operands[0], lowest_axis(names(source.over)), source.where(), names(where));
      case op_kind::reduction: return reduce(*source.op, operands[0], names(source.over));
      case op_kind::scan: return scan(*source.op, operands[0], names(source.over));
      case op_kind::arrangement:
        return source.arity() == 1 ? order(operands[0], names(source.over))
                                   : permuted(operands[0], operands[1], names(source.over));
      default: return emit(*source.op, operands);
    }
  }

  // What stands here for an input of a function built inside this one, and for where extents are found there. An input
  // of such a function has the axes of the value outside as its dimensions.
  constexpr int outside(const builder& inner, const instruction& i) {
    const int value = inner.bound_[i.index];
    int from[max_axes]{}, onto[max_axes]{}, count = 0;
    for (int d = 0; d < max_axes; ++d)
      if (i.map[d] >= 0) {
        from[count] = d;
        onto[count++] = i.map[d];
      }
    return renamed(value, permutation::renaming(from, onto, count));
  }
  constexpr int outside(const builder& inner, int source) const {
    return source < 0 ? -1 : extents_of(inner.bound_[source / max_axes])[source % max_axes];
  }
  constexpr cut outside(const builder& inner, cut where) const {
    for (int* bound : {&where.start, &where.stop})
      if (cut::is_extent(*bound)) *bound = cut::at_extent(outside(inner, cut::source_of(*bound)));
    return where;
  }
  constexpr extents outside(const builder& inner, const extents& e) const {
    extents made;
    for (int axis = 0; axis < max_axes; ++axis)
      if (e[axis] >= 0) made.set(axis, outside(inner, e[axis]));
    return made;
  }

  constexpr typing unify(const op_info& op, int* x) {
    if (op.arity == 0) return {dtype::boolean, strength::literal};
    const int first = op.operands == operand_rule::select ? 1 : 0;
    typing common{code_[x[first]].type, code_[x[first]].weight};
    for (int k = first + 1; k < op.arity; ++k) {
      const instruction& i = code_[x[k]];
      if (i.type != common.type) common = promote(common, i.traits());
      else if (i.weight > common.weight) common.weight = i.weight;
    }
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
    for (int k = first; k < op.arity; ++k) {
      if (code_[x[k]].type == common.type) continue;
      if (is_constant(x[k]) && !is_floating(common.type) && !code_[x[k]].value().fits(common.type))
        fail(trace_error::literal_too_large);
      x[k] = convert(x[k], common.type);
    }
    return common;
  }

  constexpr void replaced(const instruction& asked, int by) {
    if (replacements_ == nullptr) return;
    int of = 0;
    while (of + 1 < asked.op->arity && is_constant(asked.x[of])) ++of;
    const replacement made{asked.op->name, code_[asked.x[of]].op->name, code_[by].op->name};
    for (const replacement& told : *replacements_)
      if (told == made) return;
    replacements_->push_back(made);
  }

  /// An operand need not be broadcast to axes that another operand brings.
  constexpr void drop_broadcast(instruction& made, int operand) const {
    if (!code_[made.x[operand]].is(op_kind::broadcast)) return;
    const int source = code_[made.x[operand]].x[0];
    axis_set rest = code_[source].axes;
    for (int k = 0; k < made.op->arity; ++k)
      if (k != operand) rest |= code_[made.x[k]].axes;
    if (rest == made.axes) made.x[operand] = source;
  }

  static constexpr dtype result_type(result_rule rule, dtype common) {
    if (rule == result_rule::boolean) return dtype::boolean;
    return rule == result_rule::widened && common < dtype::i64 ? dtype::i64 : common;
  }

  /// The order of a commutative operation's operands: by age, constants last.
  constexpr bool comes_later(int a, int b) const {
    const bool constant = code_[a].op.info->kind == op_kind::constant;
    return constant == (code_[b].op.info->kind == op_kind::constant) ? a > b : constant;
  }

  static constexpr bool same(const instruction& a, const instruction& b) {
    return a.op == b.op && a.x[0] == b.x[0] && a.x[1] == b.x[1] && a.x[2] == b.x[2] && a.x[3] == b.x[3] &&
           a.type == b.type && a.index == b.index && a.over == b.over && a.axes == b.axes && a.map == b.map &&
           a.immediate == b.immediate && (a.shape == b.shape || !a.moves_elements());
  }

  static constexpr std::uint32_t hash_of(const instruction& i) {
    std::uint32_t h = i.op.info->hash ^ static_cast<std::uint32_t>(i.immediate ^ (i.immediate >> 32)) * 0x9e3779b1u;
    h = (h ^ static_cast<std::uint32_t>(i.x[0])) * 0x85ebca6bu;
    h = (h ^ static_cast<std::uint32_t>(i.x[1]) ^ (h >> 15)) * 0xc2b2ae35u;
    h = (h ^ static_cast<std::uint32_t>(i.x[2]) ^ (h >> 13)) * 0x27d4eb2fu;
    h = (h ^ (static_cast<std::uint32_t>(i.index) * 8 + static_cast<std::uint32_t>(i.type)) ^ i.over << 8 ^
         i.map.digits << 12) *
        0x165667b1u;
    return h ^ (h >> 16);
  }

  constexpr int intern(const instruction& wanted) {
    if (size_ == capacity_) grow();
    const std::uint32_t h = hash_of(wanted), mask = 2 * static_cast<std::uint32_t>(capacity_) - 1;
    std::uint32_t slot = h & mask;
    for (; table_[slot].next != 0; slot = (slot + 1) & mask)
      if (table_[slot].hash == h && same(code_[table_[slot].next - 1], wanted)) return table_[slot].next - 1;
    code_[size_] = wanted;
    table_[slot] = {h, ++size_};
    return size_ - 1;
  }

  constexpr void grow() {
    const int before = 2 * capacity_;
    const instruction* const code = code_;
    const entry* const table = table_;
    capacity_ = before == 0 ? 64 : 2 * before;
    code_ = new instruction[static_cast<unsigned>(capacity_)]{};
    table_ = new entry[2 * static_cast<unsigned>(capacity_)]{};
    for (int v = 0; v < size_; ++v) code_[v] = code[v];
    const std::uint32_t mask = 2 * static_cast<std::uint32_t>(capacity_) - 1;
    for (int e = 0; e < before; ++e) {
      if (table[e].next == 0) continue;
      std::uint32_t slot = table[e].hash & mask;
      while (table_[slot].next != 0) slot = (slot + 1) & mask;
      table_[slot] = table[e];
    }
    delete[] code;
    delete[] table;
  }

  struct entry {
    std::uint32_t hash = 0;
    int next = 0;  // the number of the value that follows the entry's; 0: there is none
  };

  builder* parent_;
  int size_ = 0, capacity_ = 0;
  int limit_ = std::numeric_limits<int>::max(), passed_over_ = 0;
  buffer<replacement>* replacements_ = nullptr;
  bool keeps_digits_ = false;
  instruction* code_ = nullptr;  // `capacity_` instructions
  entry* table_ = nullptr;       // where they are found by their hash: twice as many entries
  buffer<capture> captured_;
  int arguments_ = 0;
  buffer<part> parts_;
  buffer<window> windows_;
  buffer<arrangement> arrangements_;
  buffer<int> bound_;  // for each input of a function within a function: the value outside
  struct merging {
    int first, second, result;
  };
  buffer<extents> shapes_{1, extents{}};
  buffer<merging> mergings_;
  buffer<constraint> constraints_;
  buffer<requirement> requirements_;
  int around_[max_axes][max_axes]{};  // how often axis a was noted around axis b
  bool ordered_ = false;              // was anything noted?
  bool unlocated_ = false;            // are there indices of unknown extents?
  trace_error error_ = trace_error::none;

 public:
  constexpr ~builder() {
    delete[] code_;
    delete[] table_;
  }
};

}  // namespace fusegrad::ir

FUSEGRAD_HARDLY_RUN_END
