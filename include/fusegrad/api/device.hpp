// A function compiled for a device: the same program under a name that CUDA accepts, its schedule for a device, and
// what a launch passes on of a call's arguments.
#pragma once

#include "../backend/cuda/function.hpp"
#include "../backend/cuda/kernel.hpp"
#include "../core/results.hpp"
#include "../ir/code.hpp"
#include "../passes/lower.hpp"
#include "../passes/schedule.hpp"

namespace fusegrad::detail {

/// `Code` is the program; `Stored` are the element types of its inputs.
template <class Code, class... Stored>
struct device_executable {
  static constexpr auto& program = Code::lowered::value;
  static constexpr auto& schedule =
      passes::scheduled<typename Code::lowered, typename Code::traced, ir::target::device>::value;
  template <int I>
  using input_type = std::tuple_element_t<static_cast<std::size_t>(I), results<Stored...>>;
};

template <class Code, class... Stored>
constexpr device_executable<Code, Stored...> device_executable_named(Code, std::type_identity<Stored>...) {
  return {};
}

/// The same executable where nothing is left that only the CPU executes: mean and deviations of columns in one pass.
template <class X>
struct executable_in_parts : X {
  static constexpr auto& program = passes::lowered_to_parts<typename X::traced_program>::value;
};
template <class X>
constexpr bool has_parts() {
  for (int v = 0; v < X::program.size(); ++v)
    if (X::program[v].op->expands_rows_only) return true;
  return false;
}
template <class X>
constexpr bool scans() {
  for (int v = 0; v < X::program.size(); ++v)
    if (X::program[v].is(ir::op_kind::scan)) return true;
  return false;
}

/// What takes the place of executable X on a device, as an object of its type: an alias would name X on the way.
template <class X>
constexpr auto device_executable_of() {
  static_assert(!scans<X>(), "fusegrad: fg::cumsum does not run on a GPU yet; bring its argument to fg::host");
  if constexpr (has_parts<X>()) {
    return device_executable_of<executable_in_parts<X>>();
  } else {
    return []<int... I>(std::integer_sequence<int, I...>) {
      return device_executable_named(ir::code_of<X>(), std::type_identity<typename X::template input_type<I>>{}...);
    }(std::make_integer_sequence<int, X::input_count>{});
  }
}

}  // namespace fusegrad::detail
