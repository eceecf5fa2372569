// Expression templates: what a function with state, or code on variables, is made of. The type of an expression spells
// the computation; the object holds nothing but the numbers met on the way, and copies of variables, so that nothing
// dangles.
#pragma once

#include "../core/results.hpp"
#include "../ops/operators.hpp"

namespace fusegrad::expr {

/// A number that is known when the expression is evaluated. Two of them are never assumed to be equal.
template <element T>
struct scalar;

template <class Op, class... E>
struct node;

template <class X>
struct part_type : std::type_identity<X> {};
template <element T>
struct part_type<T> : std::type_identity<scalar<T>> {};

/// How many parts an expression has, those that occur twice counted twice. Beyond the limit no compiler copes: without
/// it they would follow a recursion for ever.
template <class E>
inline constexpr int part_count = 1;
template <class Op, class... E>
inline constexpr int part_count<node<Op, E...>> = (1 + ... + part_count<E>);
inline constexpr int most_parts = 4096;

/// The node that an operation makes of its operands.
template <class Op, class... E>
struct node_of {
  using type = node<Op, E...>;
};
template <class Op, class First, class... E>
  requires(part_count<node<Op, First, E...>> > most_parts)
struct node_of<Op, First, E...> {
  static_assert(
      std::is_void_v<First>,
      "fusegrad: an expression has more than 4096 parts; does a function that captures, or is not constexpr, call "
      "itself? There every expression has a type of its own, and recursion no end; pass what it captures");
  using type = First;
};

/// What all expressions share.
struct expression : adl::enable {
  /// Brought into the types below, where it is better than their own for every other type.
  template <class Y>
  constexpr void operator=(const Y&) {
    static_assert(
        std::is_void_v<Y>,
        "fusegrad: in a function that captures, is not constexpr, or is too long for the compiler to evaluate, every "
        "expression has a type of its own and none can be assigned to another; pass captured numbers as arguments, or "
        "name each value anew");
  }

  using adl::enable::operator[];
  template <std::integral I>
  constexpr double operator[](I) const {
    static_assert(std::is_void_v<I>,
                  "fusegrad: of variables, and in a function that captures, is not constexpr, or is too long for the "
                  "compiler to evaluate, an index is part of a type: instead of x[0] write fg::at<0>(x)");
    return 0;
  }

  template <class Op, class... X>
  using result_of = typename node_of<Op, typename part_type<X>::type...>::type;

  /// The result of an operation on expressions and numbers.
  template <class Op, class... X>
  static constexpr result_of<Op, X...> apply(const X&... x);
};

/// A part of an expression: a number becomes a scalar.
template <class X>
constexpr typename part_type<X>::type part(const X& x) {
  if constexpr (element<X>) return {{}, x};
  else return x;
}

template <element T>
struct scalar : expression {
  T value;
};

template <element T>
constexpr ir::symbol trace_part(ir::builder& b, const scalar<T>& s) {
  return {&b, ir::symbol::in(b, s.value), ir::layout{{}, 0}};
}
template <class E>
constexpr auto trace_part(ir::builder& b, const E& e) -> decltype(e.trace_in(b)) {
  return e.trace_in(b);
}

/// An expression that belongs to no function.
template <class E>
concept closed = requires(const E& e, ir::builder& b) { trace_part(b, e); };

/// Argument I of the function that `Function` stands for.
template <class Function, int I>
struct placeholder : expression {
  using expression::operator=;
};

/// An operation on expressions.
template <class Op, class... E>
struct node : expression {
  results<E...> operands;

  using expression::operator=;

  /// The value in a function that is traced on symbols, if this belongs to none.
  constexpr ir::symbol trace_in(ir::builder& b) const
    requires(closed<E> && ...)
  {
    return [&]<std::size_t... K>(std::index_sequence<K...>) {
      return Op{}(trace_part(b, get<K>(operands))...);
    }(std::index_sequence_for<E...>{});
  }

  /// The value now, of an expression on variables.
  constexpr auto value() const { return value_of(*this); }
  /// Adds the derivative of this expression, which must be one number, to the gradients of the variables in it.
  constexpr void backward() const { backward_from(*this); }
};

/// Result K of a transform (a derivative, say) applied to expressions.
template <class Transform, int K, class... E>
struct applied : expression {
  [[no_unique_address]] Transform transform;
  results<E...> operands;

  using expression::operator=;

  constexpr auto value() const { return value_of(*this); }
  constexpr void backward() const { backward_from(*this); }
};

template <class Op, class... X>
constexpr expression::result_of<Op, X...> expression::apply(const X&... x) {
  if constexpr (std::is_same_v<result_of<Op, X...>, node<Op, typename part_type<X>::type...>>)
    return {{}, {{{part(x)}...}}};
}

/// The results of a transform applied to expressions: one as it is, several together.
template <int Results, class Transform, class... X>
constexpr auto apply_transform(const Transform& transform, const X&... x) {
  return [&]<int... K>(std::integer_sequence<int, K...>) {
    if constexpr (Results == 1) return applied<Transform, 0, decltype(part(x))...>{{}, transform, {{{part(x)}...}}};
    else return outputs(applied<Transform, K, decltype(part(x))...>{{}, transform, {{{part(x)}...}}}...);
  }(std::make_integer_sequence<int, Results>{});
}

/// Symbols stand for themselves in a program under construction; expressions are lowered to it later.
template <class T>
concept symbolic_expression = std::derived_from<T, expression>;

}  // namespace fusegrad::expr
