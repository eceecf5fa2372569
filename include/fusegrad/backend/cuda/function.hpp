// A program of numbers as a function that device code can call: in a kernel of the user's own, or as a functor of
// Thrust.
#pragma once

#include "values.hpp"

namespace fusegrad::simt {

/// Argument I of several.
template <int I, class First, class... Rest>
FUSEGRAD_KERNEL auto argument(First first, [[maybe_unused]] Rest... rest) {
  if constexpr (I == 0) return first;
  else return argument<I - 1>(rest...);
}

template <class X, int V>
inline constexpr int input_index = X::program[V].index;

template <class X>
struct compute_on_arguments {
  template <int V, class... A>
  FUSEGRAD_KERNEL static void run(value_file<X>& values, A... arguments) {
    if constexpr (fact<X, V>::kind == op_kind::input)
      values.template of<V>() = static_cast<value_type<X, V>>(argument<input_index<X, V>>(arguments...));
    else if constexpr (fact<X, V>::kind != op_kind::constant)
      values.template of<V>() = computed<X, V, axis_set{0}>(values, values);
  }
};

/// Calls like the function that it was made of, with numbers; several results come as an array-like struct of one type.
template <class X>
class function {
 public:
  template <class... A>
  FUSEGRAD_KERNEL auto operator()(A... arguments) const {
    value_file<X> values;
    run(all_values<X>{}, values, arguments...);
    if constexpr (X::program.output_count == 1) {
      return operand<X, output<X, 0>, axis_set{0}>(values, values);
    } else {
      several made;
      gather(std::make_integer_sequence<int, X::program.output_count>{}, values, made);
      return made;
    }
  }

 private:
  template <int... V, class... A>
  FUSEGRAD_KERNEL static void run(std::integer_sequence<int, V...>, value_file<X>& values, A... arguments) {
    (compute_on_arguments<X>::template run<V>(values, arguments...), ...);
  }
  struct several {
    value_type<X, output<X, 0>> at[X::program.output_count];
    FUSEGRAD_KERNEL auto operator[](int k) const { return at[k]; }
  };
  template <int... K>
  FUSEGRAD_KERNEL static void gather(std::integer_sequence<int, K...>, const value_file<X>& values, several& made) {
    ((made.at[K] = static_cast<value_type<X, output<X, 0>>>(operand<X, output<X, K>, axis_set{0}>(values, values))),
     ...);
  }
};

}  // namespace fusegrad::simt
