#include "by_reference.hpp"

#include <fusegrad/debug.hpp>
#include <fusegrad/passes/at_run_time.hpp>

fusegrad::ir::buffer<fusegrad::reference::array> results_by_reference(const fusegrad::run_time_call& call) {
  return fusegrad::reference::execute(call.program, call.arguments.data(), call.arguments.size());
}
fusegrad::ir::buffer<fusegrad::reference::array> lowered_results_by_reference(const fusegrad::run_time_call& call) {
  return fusegrad::reference::execute(fusegrad::passes::lowered_at_run_time(call.program), call.arguments.data(),
                                      call.arguments.size());
}
