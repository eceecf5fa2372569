// Executes any program, instruction by instruction, on plain loops over whole arrays. It is slow and knows no schedule:
// what it computes is what a program means. Sums are compensated, all else is computed in the operations' own way.
#pragma once

#include "../../config.hpp"
#include "../../ir/run_time.hpp"
#include "operations.hpp"

FUSEGRAD_HARDLY_RUN

namespace fusegrad::reference {

/// What floating-point numbers are computed in, whatever their type: each in its own type, or all in one. What stands
/// in the program as a constant, and functions that no C library has (the gamma function's derivatives and a few more),
/// are exact to double at best.
enum class precision : std::uint8_t { declared, narrow, wide, extended };

/// The arithmetic of values of a type.
constexpr arithmetic arithmetic_of(dtype type, precision in) {
  if (!is_floating(type)) return type == dtype::u64 ? arithmetic::natural : arithmetic::whole;
  switch (in) {
    case precision::narrow: return arithmetic::narrow;
    case precision::wide: return arithmetic::wide;
    case precision::extended: return arithmetic::extended;
    default: return type == dtype::f32 ? arithmetic::narrow : arithmetic::wide;
  }
}

/// The number as a number of another type.
inline number converted(const number& x, dtype from, dtype to, arithmetic in) {
  number y;
  if (is_floating(to)) {
    const long double real = is_floating(from)    ? x.real
                             : from == dtype::u64 ? static_cast<long double>(static_cast<std::uint64_t>(x.whole))
                                                  : static_cast<long double>(x.whole);
    y.real = in == arithmetic::narrow ? static_cast<float>(real)
             : in == arithmetic::wide ? static_cast<double>(real)
                                      : real;
  } else if (to == dtype::boolean) {
    y.whole = is_floating(from) ? x.real != 0 : x.whole != 0;
  } else if (to == dtype::u64 && is_floating(from) && x.real >= 0x1p63L && x.real < 0x1p64L) {
    y.whole = static_cast<std::int64_t>(static_cast<std::uint64_t>(x.real));
  } else {
    const long double limit = to == dtype::i32 ? 0x1p31L : 0x1p63L;
    const std::int64_t lowest = -static_cast<std::int64_t>(to == dtype::i32 ? 0x7fffffff : 0x7fffffffffffffff) - 1;
    y.whole = !is_floating(from)                      ? x.whole
              : x.real > -limit - 1 && x.real < limit ? static_cast<std::int64_t>(x.real)
                                                      : lowest;  // as x86 does
    if (to == dtype::i32) y.whole = static_cast<std::int32_t>(y.whole);
  }
  return y;
}

/// Where element k of what a cut takes lies, of n.
constexpr std::ptrdiff_t place_in_whole(const ir::cut& where, std::ptrdiff_t n, std::ptrdiff_t k) {
  return (where.start < 0 ? where.start + n : where.start) + where.step * k;
}
/// Where element `at` of a part lies in the array that a cut takes it from.
inline std::ptrdiff_t offset_in_whole(const array& whole, const place& at, int axis, const ir::cut& where) {
  const std::ptrdiff_t there = place_in_whole(where, whole.n.along[axis], at[axis]);
  return whole.offset(at) + (there - at[axis]) * whole.stride(axis);
}

/// How many of n elements a cut takes.
inline std::ptrdiff_t elements_of_cut(const ir::cut& where, std::ptrdiff_t n) {
  const std::ptrdiff_t first = place_in_whole(where, n, 0);
  const std::ptrdiff_t stop = where.stop == end ? n : where.stop < 0 ? where.stop + n : where.stop;
  if (where.step > 0 && (first < 0 || stop > n || first - stop >= where.step))
    fusegrad::detail::raise(std::invalid_argument("fusegrad: a slice does not lie within an argument"));
  return where.step < 0 ? n : (stop - first + where.step - 1) / where.step;
}
/// What a cut takes of an array along an axis.
inline array cut_from(const array& whole, int axis, const ir::cut& where) {
  lengths lengths_of_part = whole.n;
  lengths_of_part.along[axis] = elements_of_cut(where, whole.n.along[axis]);
  array part(whole.type, whole.axes, lengths_of_part);
  std::ptrdiff_t k = 0;
  for (place at(part.axes, part.n); at.exists(); at.next()) part[k++] = whole[offset_in_whole(whole, at, axis, where)];
  return part;
}

/// Writes an array to where a cut would take it from.
inline void put_into(array& whole, const array& part, int axis, const ir::cut& where) {
  std::ptrdiff_t k = 0;
  for (place at(part.axes, part.n); at.exists(); at.next()) whole[offset_in_whole(whole, at, axis, where)] = part[k++];
}

/// Sorts positions by merging runs; of equal ones the earlier stays before the later.
template <class Less>
void sort_positions(ir::buffer<std::ptrdiff_t>& positions, Less less) {
  const int n = positions.size();
  for (int width = 1; width < n; width *= 2) {
    const ir::buffer<std::ptrdiff_t> from = positions;
    for (int begin = 0; begin < n; begin += 2 * width) {
      const int middle = begin + width < n ? begin + width : n, end = middle + width < n ? middle + width : n;
      for (int to = begin, left = begin, right = middle; to < end; ++to) {
        const bool later = right < end && (left == middle || less(from[right], from[left]));
        positions[to] = later ? from[right++] : from[left++];
      }
    }
  }
}

/// The positions of the elements of rows in their order, or, given positions, the elements there.
inline array arranged(const array& x, const array* by, axis_set along) {
  array made(by == nullptr ? dtype::i64 : x.type, x.axes, x.n);
  ir::buffer<std::ptrdiff_t> offsets, sorted;
  for (place within(along, x.n); within.exists(); within.next()) offsets.push_back(x.offset(within));
  for (place row(x.axes & ~along, x.n); row.exists(); row.next()) {
    const std::ptrdiff_t begin = x.offset(row);
    const auto element = [&](std::ptrdiff_t k) { return begin + offsets[static_cast<int>(k)]; };
    const auto less = [&](std::ptrdiff_t a, std::ptrdiff_t b) {
      const number &p = x[element(a)], &q = x[element(b)];
      if (is_floating(x.type)) return p.real < q.real || (p.real == p.real && q.real != q.real);
      return x.type == dtype::u64 ? static_cast<std::uint64_t>(p.whole) < static_cast<std::uint64_t>(q.whole)
                                  : p.whole < q.whole;
    };
    if (by != nullptr) {
      for (int k = 0; k < offsets.size(); ++k) made[element(k)] = x[element((*by)[element(k)].whole)];
      continue;
    }
    sorted = {};
    for (int k = 0; k < offsets.size(); ++k) sorted.push_back(k);
    sort_positions(sorted, less);
    for (int k = 0; k < offsets.size(); ++k) made[element(k)].whole = sorted[k];
  }
  return made;
}

/// The inputs of a program: its arguments, the arrays around its windows, what is arranged of these, and the parts of
/// all that it reads as inputs of their own.
class inputs {
 public:
  inputs(const ir::program_view& p, const array* arguments, int count)
      : p_(p),
        all_(count + p.part_count + p.window_count + p.arrangement_count, array()),
        made_(all_.size(), false),
        written_(p.window_count, false) {
    for (int k = 0; k < count; ++k) all_[k] = arguments[k];
    ir::buffer<bool> known(all_.size(), false);
    for (int k = 0; k < count; ++k) known[k] = true;
    for (int k = 0; k < p.part_count; ++k)
      if (const ir::part& part = p.part_list[k]; part.is_extent() || known[part.of]) {
        find(part);
        known[part.input] = true;
      }
    for (int k = 0; k < p.constraint_count; ++k) {
      const ir::constraint& c = p.constraint_list[k];
      const bool one = c.second == ir::constraint::one_element;
      if (extent(c.first) == (one ? 1 : extent(c.second))) continue;
      const auto where = [&](int source) {
        return fusegrad::detail::text_of(extent(source), " elements along axis ", -1 - source % ir::max_axes,
                                         " of input ", source / ir::max_axes);
      };
      fusegrad::detail::raise(std::invalid_argument(
          fusegrad::detail::text_of("fusegrad: shapes do not fit in '", c.op->name, "': ", where(c.first), ", ",
                                    one ? "where it has to be one" : where(c.second))));
    }
    for (int k = 0; k < p.requirement_count; ++k)
      for (int axis = 0; axis < ir::max_axes; ++axis)
        if (const int source = p.requirement_list[k].over[axis]; source >= 0 && extent(source) == 0)
          fusegrad::detail::raise(std::invalid_argument(
              fusegrad::detail::text_of("fusegrad: there is no ", p.requirement_list[k].op->name, " of no elements")));
    for (int v = 0; v < p.size(); ++v)
      if (p[v].is(op_kind::input))
        if (const ir::window* w = window_of(p[v].index); w != nullptr && all_[w->input].axes == 0) {
          lengths n;
          axis_set dimensions = 0;
          for (int d = 0; d < ir::max_axes; ++d)
            if (p[v].map[d] >= 0) {
              n.along[d] = extent(p.extents_of(v)[p[v].map[d]]);
              dimensions |= axis_set{1} << d;
            }
          all_[w->input] = array(p[v].type, dimensions, n);
        }
  }

  const array& operator[](int k) const { return all_[k]; }

  /// A cut whose bounds are numbers.
  ir::cut known(ir::cut where) const {
    for (int* bound : {&where.start, &where.stop})
      if (ir::cut::is_extent(*bound)) *bound = static_cast<int>(extent(ir::cut::source_of(*bound)));
    return where;
  }
  /// The extent that a source names.
  std::ptrdiff_t extent(int source) const { return all_[source / ir::max_axes].n.along[source % ir::max_axes]; }
  /// The extents of a shape along some axes; what is found nowhere is left as it is.
  void find(const ir::extents& where, axis_set axes, lengths& n) const {
    for (int axis = 0; axes >> axis != 0; ++axis)
      if (ir::has_axis(axes, axis) && where[axis] >= 0) n.along[axis] = extent(where[axis]);
  }

  /// Notes the windows that output k is written to.
  void write_window(int k, const array& value) {
    for (int w = 0; w < p_.window_count; ++w)
      if (p_.window_list[w].output == k) {
        put_into(all_[p_.window_list[w].input], along_dimensions(value, p_.layouts[k].map), p_.window_list[w].dimension,
                 known(p_.window_list[w].where));
        written_[w] = true;
        if (is_written(p_.window_list[w].input)) find_what_is_made_of(p_.window_list[w].input);
      }
  }
  /// The value with its dimensions as axes, as arguments and results are.
  static array along_dimensions(const array& value, const ir::axis_map& map) {
    lengths n;
    axis_set dimensions = 0;
    for (int d = 0; d < ir::max_axes; ++d)
      if (map[d] >= 0) {
        dimensions |= axis_set{1} << d;
        n.along[d] = value.n.along[map[d]];
      }
    array made(value.type, dimensions, n);
    std::ptrdiff_t k = 0;
    for (place at(made.axes, made.n); at.exists(); at.next()) {
      std::ptrdiff_t from = 0;
      for (int d = 0; d < ir::max_axes; ++d)
        if (map[d] >= 0) from += at[d] * value.stride(map[d]);
      made[k++] = value[from];
    }
    return made;
  }

 private:
  void find(const ir::part& part) {
    if (!part.is_extent()) {
      all_[part.input] = cut_from(all_[part.of], part.dimension, known(part.where));
      return;
    }
    const auto [first, second, times, more] = part.elements;
    const std::ptrdiff_t all = times * ((first < 0 ? 0 : extent(first)) + (second < 0 ? 0 : extent(second))) + more;
    all_[part.input].n.along[0] = elements_of_cut(known(part.where), all);
  }
  bool is_written(int input) const {
    for (int w = 0; w < p_.window_count; ++w)
      if (p_.window_list[w].input == input && !written_[w]) return false;
    return true;
  }
  void find_what_is_made_of(int input) {
    made_[input] = true;
    find_parts(input);
    for (int k = 0; k < p_.arrangement_count; ++k) {
      const ir::arrangement& a = p_.arrangement_list[k];
      if ((a.of != input && a.by != input) || !made_[a.of] || (a.by >= 0 && !made_[a.by])) continue;
      all_[a.input] = arranged(all_[a.of], a.by < 0 ? nullptr : &all_[a.by], a.along);
      find_what_is_made_of(a.input);
    }
  }
  void find_parts(int input) {
    for (int k = 0; k < p_.part_count; ++k)
      if (const ir::part& part = p_.part_list[k]; part.of == input) {
        find(part);
        find_parts(part.input);
      }
  }
  const ir::window* window_of(int input) const {
    for (int w = 0; w < p_.window_count; ++w)
      if (p_.window_list[w].input == input) return &p_.window_list[w];
    return nullptr;
  }

  ir::program_view p_;
  ir::buffer<array> all_;
  ir::buffer<bool> made_;     // which of the arrays in memory are there
  ir::buffer<bool> written_;  // which windows
};

/// Computes single values of a program.
class evaluation {
 public:
  evaluation(const ir::program_view& p, precision in) : p_(p), precision_(in), run_(p.size(), nullptr) {
    for (int v = 0; v < p.size(); ++v)
      if (const op_kind kind = p[v].op->kind;
          (kind == op_kind::elementwise && !is_composed(v)) || kind == op_kind::reduction || kind == op_kind::scan)
        run_[v] = function_of(*p[v].op, arithmetic_in(operand_type(v)));
  }

  /// Value v, given its operands.
  [[gnu::noinline]] array compute(int v, const array* const* x, const inputs& in) const {
    const ir::instruction& i = p_[v];
    if (is_composed(v)) return composed(i, x);
    array y(i.type, i.axes, extents(v, x, in));
    switch (i.op->kind) {
      case op_kind::input: read(i, in[i.index], y); break;
      case op_kind::constant: y[0] = constant(v); break;
      case op_kind::count: {
        lengths n;
        in.find(p_.shape_list[i.index], i.over, n);
        y[0].whole = n.count(i.over);
        break;
      }
      case op_kind::index:
        for (std::ptrdiff_t k = 0; k < y.size(); ++k) y[k] = index(v, k);
        break;
      case op_kind::convert:
        for (std::ptrdiff_t k = 0; k < y.size(); ++k) y[k] = converted(v, (*x[0])[k]);
        break;
      case op_kind::broadcast: {
        std::ptrdiff_t k = 0;
        for (place at(y.axes, y.n); at.exists(); at.next()) y[k++] = (*x[0])[x[0]->offset(at)];
        break;
      }
      case op_kind::pad:
        if (x[1]->axes != 0) y.elements = x[1]->elements;
        put_into(y, *x[0], ir::lowest_axis(i.over), in.known(i.where()));
        break;
      case op_kind::slice: y.elements = cut_from(*x[0], ir::lowest_axis(i.over), in.known(i.where())).elements; break;
      case op_kind::elementwise: apply(v, x, y); break;
      case op_kind::reduction: reduce(v, *x[0], y); break;
      case op_kind::scan: scan(v, *x[0], y); break;
      case op_kind::arrangement: y.elements = arranged(*x[0], i.arity() > 1 ? x[1] : nullptr, i.over).elements; break;
    }
    return y;
  }

  /// One element of value v, given those of its operands; or, of reductions and scans, what n elements come to.
  void compute(int v, const number* x, std::ptrdiff_t n, number* y, std::ptrdiff_t results = 1) const {
    if (run_[v] == nullptr)
      fusegrad::detail::raise(std::logic_error(fusegrad::detail::text_of(
          "fusegrad: the reference does not know ", p_[v].op->name, " of ", to_string(operand_type(v)))));
    run_[v](x, n, y);
    if (p_[v].type == dtype::i32)
      for (std::ptrdiff_t k = 0; k < results; ++k) y[k].whole = static_cast<std::int32_t>(y[k].whole);
  }
  bool is_composed(int v) const { return p_[v].is(op_kind::elementwise) && p_[v].op->expand != nullptr; }
  number constant(int v) const {
    number y;
    if (is_floating(p_[v].type)) y.real = p_[v].value().as<long double>();
    else y.whole = p_[v].value().as<std::int64_t>();
    return y;
  }
  number index(int v, std::ptrdiff_t at) const {
    number position;
    position.whole = at;
    return reference::converted(position, dtype::i64, p_[v].type, arithmetic_in(p_[v].type));
  }
  number converted(int v, const number& x) const {
    return reference::converted(x, operand_type(v), p_[v].type, arithmetic_in(p_[v].type));
  }

 private:
  lengths extents(int v, const array* const* x, const inputs& in) const {
    const ir::instruction& i = p_[v];
    lengths n;
    if (i.is(op_kind::input)) {
      for (int d = 0; d < ir::max_axes; ++d)
        if (i.map[d] >= 0) n.along[i.map[d]] = in[i.index].n.along[d];
      return n;
    }
    in.find(p_.extents_of(v), i.axes, n);
    for (int k = 0; k < i.arity(); ++k)
      for (int axis = 0; x[k]->axes >> axis != 0; ++axis) {
        if (!ir::has_axis(x[k]->axes & i.axes, axis) || (i.moves_elements() && ir::has_axis(i.over, axis))) continue;
        const std::ptrdiff_t here = x[k]->n.along[axis];
        if (p_.extents_of(v)[axis] < 0) n.along[axis] = here;
        else if (n.along[axis] != here)
          fusegrad::detail::raise(std::logic_error(fusegrad::detail::text_of(
              "fusegrad: value ", v, " has ", here, " elements along an axis, where its shape says ", n.along[axis])));
      }
    return n;
  }

  static void read(const ir::instruction& i, const array& from, array& y) {
    std::ptrdiff_t k = 0;
    for (place at(y.axes, y.n); at.exists(); at.next()) {
      std::ptrdiff_t offset = 0;
      for (int d = 0; from.axes >> d != 0; ++d)
        if (ir::has_axis(from.axes, d) && i.map[d] >= 0) offset += at[i.map[d]] * from.stride(d);
      y[k++] = from[offset];
    }
  }
  void apply(int v, const array* const* x, array& y) const {
    number operands[ir::max_arity];
    std::ptrdiff_t k = 0;
    for (place at(y.axes, y.n); at.exists(); at.next(), ++k) {
      for (int o = 0; o < p_[v].arity(); ++o) operands[o] = (*x[o])[x[o]->axes == y.axes ? k : x[o]->offset(at)];
      compute(v, operands, p_[v].arity(), &y[k]);
    }
  }
  /// What is composed of other operations is what its parts make of it.
  array composed(const ir::instruction& i, const array* const* x) const;

  /// The elements along some axes from a place on.
  static void gather(const array& x, const place& from, axis_set along, ir::buffer<number>& elements) {
    int count = 0;
    for (place within(along, x.n); within.exists(); within.next())
      elements[count++] = x[x.offset(from) + x.offset(within)];
  }
  void reduce(int v, const array& x, array& y) const {
    const axis_set over = p_[v].over;
    ir::buffer<number> elements(static_cast<int>(x.n.count(over)), number{});
    std::ptrdiff_t k = 0;
    for (place at(y.axes, y.n); at.exists(); at.next()) {
      gather(x, at, over, elements);
      compute(v, elements.data(), elements.size(), &y[k++]);
    }
  }
  void scan(int v, const array& x, array& y) const {
    const axis_set over = p_[v].over;
    ir::buffer<number> elements(static_cast<int>(x.n.count(over)), number{}), sums = elements;
    for (place at(x.axes & ~over, x.n); at.exists(); at.next()) {
      gather(x, at, over, elements);
      compute(v, elements.data(), elements.size(), sums.data(), elements.size());
      int count = 0;
      for (place within(over, x.n); within.exists(); within.next()) y[x.offset(at) + x.offset(within)] = sums[count++];
    }
  }

  arithmetic arithmetic_in(dtype type) const { return arithmetic_of(type, precision_); }
  /// The type of an operation's operands: that of the last, because conditions come first.
  dtype operand_type(int v) const { return p_[p_[v].x[p_[v].arity() - 1]].type; }

  ir::program_view p_;
  precision precision_;
  ir::buffer<detail::function> run_;  // null for what is no operation, and for what is composed
};

/// What looks on while a program is executed: nothing, or a function object that outlives the execution.
class observer {
 public:
  observer() = default;
  template <class F>
    requires(!std::same_as<F, observer>)
  observer(const F& f)
      : seen_by_(&f), see_([](const void* by, int v, const array* const* x, const array& y) {
          (*static_cast<const F*>(by))(v, x, y);
        }) {}

  void operator()(int v, const array* const* x, const array& y) const {
    if (see_ != nullptr) see_(seen_by_, v, x, y);
  }

 private:
  const void* seen_by_ = nullptr;
  void (*see_)(const void*, int, const array* const*, const array&) = nullptr;
};

/// Executes a program and returns its results, with their dimensions as axes. `observe(v, operands, result)` is called
/// for each value that results need, in turn: its number, an array of pointers to what its operands were, and the array
/// that it has become.
[[gnu::noinline]] inline ir::buffer<array> execute(const ir::program_view& p, const array* arguments, int count,
                                                   precision in = precision::declared, const observer& observe = {}) {
  inputs given(p, arguments, count);
  const evaluation evaluate(p, in);
  ir::buffer<int> last_use(p.size(), -1);  // -1: needed for nothing
  for (int k = 0; k < p.output_count; ++k) last_use[p.outputs[k]] = p.size();
  for (int v = p.size() - 1; v >= 0; --v)
    for (int k = 0; k < p[v].arity() && last_use[v] >= 0; ++k)
      if (int& last = last_use[p[v].x[k]]; last < v) last = v;
  ir::buffer<array> values(p.size(), array()), results(p.output_count, array());
  for (int v = 0; v < p.size(); ++v) {
    if (last_use[v] < 0) continue;
    const array* x[ir::max_arity]{};
    for (int k = 0; k < p[v].arity(); ++k) x[k] = &values[p[v].x[k]];
    values[v] = evaluate.compute(v, x, given);
    observe(v, x, values[v]);
    for (int k = 0; k < p.output_count; ++k)
      if (p.outputs[k] == v) {
        results[k] = inputs::along_dimensions(values[v], p.layouts[k].map);
        given.write_window(k, values[v]);
      }
    for (int k = 0; k < p[v].arity(); ++k)  // the memory of what is needed no more
      if (last_use[p[v].x[k]] == v) values[p[v].x[k]].elements = {};
  }
  return results;
}
inline array evaluation::composed(const ir::instruction& i, const array* const* x) const {
  ir::builder b;
  b.expect_arguments(i.arity());
  ir::buffer<array> operands(i.arity(), array());
  int inputs[ir::max_arity]{};
  for (int k = 0; k < i.arity(); ++k) {
    operands[k] = *x[k];
    inputs[k] = b.input(k, x[k]->type, x[k]->axes, strength::array);
  }
  ir::buffer<ir::result> results;
  results.push_back({b.convert(i.op->expand(b, inputs, i.over), i.type)});
  ir::run_time_program parts(b, results);
  return execute(parts, operands.data(), i.arity(), precision_)[0];
}

}  // namespace fusegrad::reference

FUSEGRAD_HARDLY_RUN_END
