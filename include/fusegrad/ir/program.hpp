// The program: a finished list of instructions and the values that leave it, as plain constexpr data of exact size.
// Assumes SSA order: an instruction's operands stand before it.
#pragma once

#include <initializer_list>

#include "../config.hpp"
#include "builder.hpp"

FUSEGRAD_HARDLY_RUN

namespace fusegrad::ir {

/// A value that leaves a program, and its dimensions. A value without any has its axes as dimensions.
struct result {
  int value;
  layout at{};

  constexpr result(int v = -1, layout dimensions = {}) : value(v), at(dimensions) {}
};

/// How much of everything a program holds.
struct program_size {
  int code, outputs, shapes, constraints, requirements;
  int arguments = 0, parts = 0, windows = 0, arrangements = 0;

  /// How many instructions a draft has room for whose lists have room for all of these.
  constexpr int room() const {
    const int lists = 6 * longest_list() + 6, results = 3 * outputs + 3;
    const int wanted = lists > results ? lists : results;
    return code > wanted ? code : wanted;
  }
  constexpr int longest_list() const {
    int longest = 0;
    for (int n : {shapes, constraints, requirements, parts, windows, arrangements}) longest = n > longest ? n : longest;
    return longest;
  }
  static constexpr int at_least_one(int n) { return n > 0 ? n : 1; }
};

template <program_size Size>
struct program {
  static constexpr int output_count = Size.outputs;
  static constexpr int size() { return Size.code; }

  instruction code[program_size::at_least_one(Size.code)];
  int outputs[program_size::at_least_one(Size.outputs)];
  layout layouts[program_size::at_least_one(Size.outputs)];  ///< of the outputs
  extents shape_list[program_size::at_least_one(Size.shapes)];
  constraint constraint_list[program_size::at_least_one(Size.constraints)];
  requirement requirement_list[program_size::at_least_one(Size.requirements)];
  part part_list[program_size::at_least_one(Size.parts)];  ///< inputs that are parts of arguments, and follow these
  window window_list[program_size::at_least_one(Size.windows)];
  arrangement arrangement_list[program_size::at_least_one(Size.arrangements)];

  static constexpr int shape_count = Size.shapes;
  static constexpr int constraint_count = Size.constraints;
  static constexpr int requirement_count = Size.requirements;
  static constexpr int argument_count = Size.arguments;
  static constexpr int part_count = Size.parts;
  static constexpr int window_count = Size.windows;
  static constexpr int arrangement_count = Size.arrangements;

  constexpr const instruction& operator[](int value) const { return code[value]; }
  constexpr const extents* shapes() const { return shape_list; }
  constexpr const extents& extents_of(int value) const { return shape_list[code[value].shape]; }
};

/// Most programs have fewer instructions.
inline constexpr int usual_size = 192;

/// What `Make` builds has probably no more instructions than this: what it says itself, in steps of 32, or what most
/// programs have.
template <class Make>
constexpr int expected_size() {
  if constexpr (requires { Make::expected; })
    return Make::expected > usual_size ? (Make::expected + 31) / 32 * 32 : usual_size;
  else return usual_size;
}

/// A program with room to spare, as it comes out of a builder.
template <int Capacity>
struct draft {
  static constexpr int output_capacity = Capacity / 3;
  /// Shapes, constraints and requirements are fewer than instructions.
  static constexpr int list_capacity = Capacity / 6;
  instruction code[Capacity];
  int outputs[output_capacity];
  layout layouts[output_capacity];
  extents shape_list[list_capacity];
  constraint constraint_list[list_capacity];
  requirement requirement_list[list_capacity];
  part part_list[list_capacity];
  window window_list[list_capacity];
  arrangement arrangement_list[list_capacity];
  program_size size{};
  trace_error error = trace_error::none;

  static constexpr bool fits(const program_size& s) {
    return s.code <= Capacity && s.outputs <= output_capacity && s.longest_list() <= list_capacity;
  }
};

/// How much of everything a builder and the values that leave it hold.
constexpr program_size size_of(const builder& b, const buffer<result>& outputs) {
  return {b.size(),      outputs.size(),   b.shapes().size(),  b.constraints().size(), b.requirements().size(),
          b.arguments(), b.parts().size(), b.windows().size(), b.arrangements().size()};
}

/// The size of what `Make` builds, found by building it.
template <class Make>
constexpr program_size measured() {
  builder b;
  buffer<result> outputs;
  Make::run(b, outputs);
  return size_of(b, outputs);
}

/// What `Make` asks for and the program has in another form, which keeps digits: each once, the first ones.
struct replacement_list {
  static constexpr int most = 24;
  replacement told[most];
  int count = 0;
};
template <class Make>
constexpr replacement_list replacements_in() {
  builder b;
  buffer<result> outputs;
  buffer<replacement> told;
  b.tell_replacements(told);
  Make::run(b, outputs);
  replacement_list made;
  for (const replacement& r : told)
    if (made.count < made.most) made.told[made.count++] = r;
  return made;
}

/// How many operations `Make` asks for, of which hardly any are recorded: what follows from others is not among them.
template <class Make>
constexpr int operations_asked() {
  builder b;
  buffer<result> outputs;
  b.limit(8);
  Make::run(b, outputs);
  return b.size() + b.passed_over();
}

/// Does `Make` say that what it builds is too long to be built?
template <class Make>
constexpr bool is_too_long() {
  if constexpr (requires { Make::too_long; }) return Make::too_long;
  else return false;
}

/// Writes what a builder holds, its axes in their natural order, to a program that has room for it.
template <class Program>
constexpr void finish(const builder& b, const buffer<result>& outputs, Program& made) {
  const permutation names = b.natural_order();
  const bool rename = !names.is_identity();
  for (int v = 0; v < b.size(); ++v) {
    instruction& i = made.code[v] = b[v];
    if (rename) {
      i.axes = names(i.axes);
      i.over = names(i.over);
      i.map = names(i.map);
    }
  }
  for (int k = 0; k < outputs.size(); ++k) {
    made.outputs[k] = outputs[k].value;
    layout at = outputs[k].at;
    if (!at.positional()) {
      const axis_set axes = b[outputs[k].value].axes;
      at = {axis_map::identity(axes), 0};
      while (axes >> at.rank != 0) ++at.rank;
    }
    made.layouts[k] = {names(at.map), at.rank};
  }
  for (int s = 0; s < b.shapes().size(); ++s) made.shape_list[s] = names(b.shapes()[s]);
  for (int c = 0; c < b.constraints().size(); ++c) made.constraint_list[c] = b.constraints()[c];
  for (int r = 0; r < b.requirements().size(); ++r) made.requirement_list[r] = b.requirements()[r];
  for (int k = 0; k < b.parts().size(); ++k) made.part_list[k] = b.parts()[k];
  for (int k = 0; k < b.windows().size(); ++k) made.window_list[k] = b.windows()[k];
  for (int k = 0; k < b.arrangements().size(); ++k) made.arrangement_list[k] = b.arrangements()[k];
}

/// What `Make::run(builder&, buffer<result>& outputs)` builds; its size alone where there is not room enough for it.
template <class Make, int Capacity>
constexpr draft<Capacity> drafted() {
  draft<Capacity> made{};
  if constexpr (is_too_long<Make>()) {
    made.error = trace_error::too_long;
    return made;
  }
  builder b;
  buffer<result> outputs;
  Make::run(b, outputs);
  made.size = size_of(b, outputs);
  made.error = b.error();
  if (made.fits(made.size) && made.error == trace_error::none) finish(b, outputs, made);
  return made;
}

/// The program that `Make::run(builder&, buffer<result>& outputs)` builds, kept as a constant of exact size. Small
/// programs, which most are, are built once; larger ones once more when their size is known.
template <class Make>
struct frozen {
  template <const auto& Draft>
  static constexpr auto exact() {
    program<Draft.size> made{};
    for (int v = 0; v < Draft.size.code; ++v) made.code[v] = Draft.code[v];
    for (int k = 0; k < Draft.size.outputs; ++k) {
      made.outputs[k] = Draft.outputs[k];
      made.layouts[k] = Draft.layouts[k];
    }
    for (int s = 0; s < Draft.size.shapes; ++s) made.shape_list[s] = Draft.shape_list[s];
    for (int c = 0; c < Draft.size.constraints; ++c) made.constraint_list[c] = Draft.constraint_list[c];
    for (int r = 0; r < Draft.size.requirements; ++r) made.requirement_list[r] = Draft.requirement_list[r];
    for (int k = 0; k < Draft.size.parts; ++k) made.part_list[k] = Draft.part_list[k];
    for (int k = 0; k < Draft.size.windows; ++k) made.window_list[k] = Draft.window_list[k];
    for (int k = 0; k < Draft.size.arrangements; ++k) made.arrangement_list[k] = Draft.arrangement_list[k];
    return made;
  }
  static constexpr draft<expected_size<Make>()> first = drafted<Make, expected_size<Make>()>();
  static constexpr trace_error error = first.error;
  static constexpr auto build() {
    if constexpr (error != trace_error::none) {
      return program<program_size{}>{};
    } else if constexpr (first.fits(first.size)) {
      return exact<first>();
    } else {
      return exact<larger<first.size.room()>>();
    }
  }
  template <int Size>
  static constexpr draft<Size> larger = drafted<Make, Size>();

  static constexpr auto value = build();
};

/// How often each value of a program is used by what the wanted values need; 0: it is not needed.
template <class Program>
constexpr buffer<int> uses_of(const Program& from, const buffer<result>& wanted) {
  buffer<int> uses(from.size());
  int* const count = uses.data();
  for (const result& r : wanted) ++count[r.value];
  for (int v = from.size() - 1; v >= 0; --v) {
    if (count[v] == 0) continue;
    const instruction& i = from[v];
    for (int k = 0, n = i.arity(); k < n; ++k) ++count[i.x[k]];
  }
  return uses;
}

/// Copies what is used of a program, one instruction at a time. `each(v, operands)` returns the value that takes the
/// place of instruction v, whose operands are given as values of the copy, or -1 where v is to be copied.
template <class Program, class Each>
constexpr void rebuild(const Program& from, const buffer<int>& uses, const buffer<result>& wanted, builder& b,
                       buffer<result>& outputs, Each each) {
  const int* const needed = uses.data();
  buffer<int> copies(from.size(), -1);
  int* const copy = copies.data();
  for (int v = 0, size = from.size(); v < size; ++v) {
    if (needed[v] == 0) continue;
    const instruction& i = from[v];
    int operands[max_arity]{-1, -1, -1, -1};
    for (int k = 0, n = i.arity(); k < n; ++k) operands[k] = copy[i.x[k]];
    const int made = each(v, operands);
    copy[v] = made < 0 ? b.copy(from, v, operands) : made;
  }
  for (const result& r : wanted) outputs.push_back({copy[r.value], r.at});
}
template <class Program, class Each>
constexpr void rebuild(const Program& from, const buffer<result>& wanted, builder& b, buffer<result>& outputs,
                       Each each) {
  rebuild(from, uses_of(from, wanted), wanted, b, outputs, each);
}

/// Drops what no result needs.
constexpr void prune(builder& b, buffer<result>& outputs) {
  const buffer<int> number = b.without_unused(uses_of(b, outputs));
  for (result& r : outputs) r.value = number[r.value];
}

}  // namespace fusegrad::ir

FUSEGRAD_HARDLY_RUN_END
