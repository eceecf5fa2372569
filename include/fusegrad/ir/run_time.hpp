// Programs that are made while the user's code runs. Passes take them as they take constants, so that they can be
// tried on programs that no compiler sees.
#pragma once

#include "../config.hpp"
#include "program.hpp"

FUSEGRAD_HARDLY_RUN

namespace fusegrad::ir {

/// What a builder holds, as a program: a `program` whose size is known only at run time.
struct run_time_program {
  buffer<instruction> code;
  buffer<int> outputs;
  buffer<layout> layouts;
  buffer<extents> shape_list;
  buffer<constraint> constraint_list;
  buffer<requirement> requirement_list;
  buffer<part> part_list;
  buffer<window> window_list;
  buffer<arrangement> arrangement_list;
  int output_count = 0, shape_count = 0, constraint_count = 0, requirement_count = 0;
  int argument_count = 0, part_count = 0, window_count = 0, arrangement_count = 0;

  run_time_program() = default;
  run_time_program(const builder& b, const buffer<result>& wanted) : run_time_program(size_of(b, wanted)) {
    finish(b, wanted, *this);
  }

  int size() const { return code.size(); }
  const instruction& operator[](int value) const { return code[value]; }
  const extents* shapes() const { return shape_list.data(); }
  const extents& extents_of(int value) const { return shape_list[code[value].shape]; }

 private:
  explicit run_time_program(const program_size& s)
      : code(s.code, {}),
        outputs(s.outputs, 0),
        layouts(s.outputs, {}),
        shape_list(s.shapes, {}),
        constraint_list(s.constraints, {0, 0, nullptr}),
        requirement_list(s.requirements, {}),
        part_list(s.parts, {}),
        window_list(s.windows, {}),
        arrangement_list(s.arrangements, {}),
        output_count(s.outputs),
        shape_count(s.shapes),
        constraint_count(s.constraints),
        requirement_count(s.requirements),
        argument_count(s.arguments),
        part_count(s.parts),
        window_count(s.windows),
        arrangement_count(s.arrangements) {}
};

/// Any program, for code that is compiled once for all of them. It must live as long.
struct program_view {
  const instruction* code;
  const int* outputs;
  const layout* layouts;
  const extents* shape_list;
  const requirement* requirement_list;
  const constraint* constraint_list;
  const part* part_list;
  const window* window_list;
  const arrangement* arrangement_list;
  int instruction_count, output_count, requirement_count, constraint_count, argument_count, part_count, window_count,
      arrangement_count;

  template <class Program>
  constexpr program_view(const Program& p)
      : code(first(p.code)),
        outputs(first(p.outputs)),
        layouts(first(p.layouts)),
        shape_list(first(p.shape_list)),
        requirement_list(first(p.requirement_list)),
        constraint_list(first(p.constraint_list)),
        part_list(first(p.part_list)),
        window_list(first(p.window_list)),
        arrangement_list(first(p.arrangement_list)),
        instruction_count(p.size()),
        output_count(p.output_count),
        requirement_count(p.requirement_count),
        constraint_count(p.constraint_count),
        argument_count(p.argument_count),
        part_count(p.part_count),
        window_count(p.window_count),
        arrangement_count(p.arrangement_count) {}

  constexpr int size() const { return instruction_count; }
  constexpr const instruction& operator[](int value) const { return code[value]; }
  constexpr const extents& extents_of(int value) const { return shape_list[code[value].shape]; }

 private:
  template <class T>
  static constexpr const T* first(const buffer<T>& list) {
    return list.data();
  }
  template <class T>
  static constexpr const T* first(const T* list) {
    return list;
  }
};

}  // namespace fusegrad::ir

FUSEGRAD_HARDLY_RUN_END
