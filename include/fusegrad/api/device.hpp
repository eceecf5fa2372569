// A function compiled for a device: the same program under a name that CUDA accepts, its schedule for a device, and
// what a launch passes on of a call's arguments.
#pragma once

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

template <class X, class Inputs = std::make_integer_sequence<int, X::input_count>>
struct find_device_executable;
template <class X, int... I>
struct find_device_executable<X, std::integer_sequence<int, I...>> {
  using type = device_executable<ir::code_of<X>, typename X::template input_type<I>...>;
};
/// What takes the place of executable X on a device.
template <class X>
using device_executable_of = typename find_device_executable<X>::type;

}  // namespace fusegrad::detail
