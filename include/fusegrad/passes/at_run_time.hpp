// The passes of passes/lower.hpp, in their order, on a program that is made while the user's code runs.
#pragma once

#include "../config.hpp"
#include "../ir/run_time.hpp"
#include "lower.hpp"

FUSEGRAD_HARDLY_RUN

namespace fusegrad::passes {

/// The program that back-ends execute, made of the program as traced.
inline ir::run_time_program lowered_at_run_time(const ir::run_time_program& traced) {
  builder parts, lowered;
  buffer<result> wanted, outputs;
  expand(traced, wanted_of(traced), parts, wanted);
  contract(parts, wanted, lowered, outputs);
  ir::run_time_program made(lowered, outputs);
  if (moves_elements(made)) {
    builder in_memory;
    buffer<result> windows;
    move_through_memory(made, traced, in_memory, windows);
    made = {in_memory, windows};
  }
  made.argument_count = traced.argument_count;
  buffer<ir::part> parts_of_all = traced.part_list;
  for (const ir::part& p : made.part_list) parts_of_all.push_back(p);
  made.part_list = parts_of_all;
  made.part_count = parts_of_all.size();
  return made;
}

}  // namespace fusegrad::passes

FUSEGRAD_HARDLY_RUN_END
