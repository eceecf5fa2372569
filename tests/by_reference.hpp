// The reference executes calls for tests. It is compiled once for each way to compile tests, not by each of them.
#pragma once

#include <fusegrad/api/at_run_time.hpp>
#include <fusegrad/fusegrad.hpp>

/// The results of a call, value by value.
fusegrad::ir::buffer<fusegrad::reference::array> results_by_reference(const fusegrad::run_time_call& call);
/// The same of the program that the passes make of the call's, which is what back-ends execute.
fusegrad::ir::buffer<fusegrad::reference::array> lowered_results_by_reference(const fusegrad::run_time_call& call);
