// A call whose function is traced while the program runs, for the reference to execute instead of compiled loops. The
// compiler sees no program: it is what looks for faults in numbers, and what tests of rules compile quickly with.
#pragma once

#include "../backend/reference/array.hpp"
#include "../config.hpp"
#include "../ir/run_time.hpp"
#include "transforms.hpp"

FUSEGRAD_HARDLY_RUN

namespace fusegrad {

/// What stands beside a call that runs this way: the program as it was traced, and the arguments as the reference takes
/// them.
struct run_time_call {
  ir::run_time_program program;
  ir::buffer<reference::array> arguments;
};

namespace detail {

template <element T>
reference::number reference_number(T x) {
  reference::number y;
  if constexpr (is_floating(dtype_of<T>)) y.real = static_cast<long double>(x);
  else y.whole = static_cast<std::int64_t>(x);
  return y;
}
template <storable T>
  requires is_narrow<T>
reference::number reference_number(T x) {
  return reference_number(static_cast<float>(x));
}

template <element T>
reference::array reference_array(ir::axis_set, T x) {
  reference::array made(dtype_of<T>, 0, {});
  made[0] = reference_number(x);
  return made;
}
/// The elements of a view. Dimensions that are not among `axes` have one element.
template <class T, int Rank>
reference::array reference_array(ir::axis_set axes, const view<T, Rank>& v) {
  reference::lengths n;
  for (int d = 0; d < Rank; ++d) n.along[d] = v.extent(Rank - 1 - d);
  reference::array made(dtype_of<std::remove_const_t<T>>, axes, n);
  std::ptrdiff_t k = 0;
  for (reference::place at(axes, made.n); at.exists(); at.next()) {
    std::ptrdiff_t offset = 0;
    for (int d = 0; d < Rank; ++d) offset += at[d] * v.strides()[static_cast<std::size_t>(Rank - 1 - d)];
    made[k++] = reference_number(v.data()[offset]);
  }
  return made;
}

/// The function that traces transform T on arguments of which D are the descriptions.
template <class T, class... D>
struct run_time_trace : std::type_identity<expr::trace_expression<T, D...>> {};
template <expr::stateless T, class... D>
struct run_time_trace<T, D...> : std::type_identity<expr::tracing<T, D...>> {};

template <class... D, class T>
run_time_call call_at_run_time(const T& t, ir::buffer<reference::array> arguments) {
  using trace = typename run_time_trace<T, D...>::type;
  ir::builder b;
  ir::buffer<ir::result> wanted;
  trace::run(b, wanted);
  if (b.error() != ir::trace_error::none)
    raise(std::logic_error(
        "fusegrad: the function cannot be traced on these arguments; call it as usual for the reason"));
  run_time_call made{{b, wanted}, static_cast<ir::buffer<reference::array>&&>(arguments)};
  if constexpr (!expr::stateless<T>)  // what the function captured follows the arguments
    [&]<class... E>(const results<E...>& captured) {
      [&]<std::size_t... K>(std::index_sequence<K...>) {
        (made.arguments.push_back(
             reference_array(expr::leaf_description<E>::axes, expr::leaf_traits<E>::bring(get<K>(captured)))),
         ...);
      }(std::index_sequence_for<E...>{});
    }(trace::leaves_of(t));
  return made;
}

template <class... A>
ir::buffer<reference::array> reference_arrays(const A&... a) {
  ir::buffer<reference::array> made;
  (made.push_back(reference_array(described<A>::axes, bound(a))), ...);
  return made;
}

template <class T, class... A>
run_time_call at_run_time(const T& t, const A&... a) {
  return call_at_run_time<described<A>...>(t, reference_arrays(a...));
}

/// What the reference computed, as a call would return it.
template <class Out, int Rank>
auto result_of_reference(const reference::array& y) {
  const auto number = [&](std::ptrdiff_t k) {
    return is_floating(y.type) ? static_cast<Out>(y[k].real) : static_cast<Out>(y[k].whole);
  };
  if constexpr (Rank == 0) {
    return number(0);
  } else {
    shape<Rank> extents{};
    for (int d = 0; d < Rank; ++d) extents[static_cast<std::size_t>(Rank - 1 - d)] = y.n.along[d];
    tensor<Out, Rank> made(extents, uninitialized_t{});
    for (std::ptrdiff_t k = 0; k < made.size(); ++k) made[k] = number(k);
    return made;
  }
}

/// All results of executable X, as its call would return them.
template <class X>
auto results_of_reference(const ir::buffer<reference::array>& computed) {
  return [&]<std::size_t... K>(std::index_sequence<K...>) {
    const auto result = [&]<int N>(std::integral_constant<int, N>) {
      return result_of_reference<typename X::template output_element<N>, X::template output_rank<N>>(computed[N]);
    };
    if constexpr (sizeof...(K) == 1) return result(std::integral_constant<int, 0>{});
    else return outputs(result(std::integral_constant<int, static_cast<int>(K)>{})...);
  }(std::make_index_sequence<static_cast<std::size_t>(X::result_count)>{});
}

}  // namespace detail
}  // namespace fusegrad

FUSEGRAD_HARDLY_RUN_END
