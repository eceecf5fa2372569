// The passes of passes/lower.hpp, in their order, on a program that is made while the user's code runs.
#pragma once

#include "../ir/run_time.hpp"
#include "lower.hpp"

namespace fusegrad::passes {

/// The program that back-ends execute, made of the program as traced.
inline ir::run_time_program lowered_at_run_time(const ir::run_time_program& traced) {
  builder parts, lowered;
  buffer<result> wanted, outputs;
  expand(traced, wanted_of(traced), parts, wanted);
  contract(parts, wanted, lowered, outputs);
  ir::run_time_program made(lowered, outputs);
  if (has_pads(made)) {
    builder without_pads;
    buffer<result> windows;
    replace_pads(made, traced, without_pads, windows);
    made = {without_pads, windows};
  }
  made.argument_count = traced.argument_count;
  made.part_list = traced.part_list;
  made.part_count = traced.part_count;
  return made;
}

}  // namespace fusegrad::passes
