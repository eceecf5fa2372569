// A function compiled for a device: the same program under a name that CUDA accepts, its schedule for a device, and
// what a launch passes on of a call's arguments.
#pragma once

#include "../backend/cuda/function.hpp"
#include "../backend/cuda/kernel.hpp"
#include "../core/results.hpp"
#include "../ir/code.hpp"
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

/// What takes the place of executable X on a device, as an object of its type: an alias would name X on the way.
template <class X>
constexpr auto device_executable_of() {
  return []<int... I>(std::integer_sequence<int, I...>) {
    return device_executable_named(ir::code_of<X>(), std::type_identity<typename X::template input_type<I>>{}...);
  }(std::make_integer_sequence<int, X::input_count>{});
}

}  // namespace fusegrad::detail
