// From expression types to programs. The leaves of an expression, its numbers and variables, become further inputs of
// the program, in the order in which they stand; at run time they are collected in the same order.
#pragma once

#include "index.hpp"
#include "trace.hpp"

namespace fusegrad::expr {

/// A number that a function captured, or a literal in a function with state.
template <element T>
struct captured_argument : number_argument<T> {
  static constexpr strength weight = strength::literal;
};

/// What a leaf of an expression is to the program, and the value that it brings to a call. Specialized for variables.
template <class E>
struct leaf_traits;
template <element T>
struct leaf_traits<scalar<T>> {
  using description = captured_argument<T>;
  static constexpr T bring(const scalar<T>& s) { return s.value; }
};

template <class E>
concept leaf = requires { typename leaf_traits<E>::description; };

/// The type of what F returns when it is called on placeholders.
template <class F, int... I>
constexpr auto call_on_placeholders(const F& f, std::integer_sequence<int, I...>) {
  return called(f, placeholder<F, I>{}...);
}
template <class F, int Arity>
using body_of = decltype(call_on_placeholders(std::declval<const F&>(), std::make_integer_sequence<int, Arity>{}));

// --- run time: the leaves' values ------------------------------------------------------------------------------

using fusegrad::detail::joined;
constexpr results<> joined() { return {}; }
template <class First>
constexpr First joined(const First& first) {
  return first;
}
template <class First, class Second, class Third, class... Rest>
constexpr auto joined(const First& first, const Second& second, const Third& third, const Rest&... rest) {
  return joined(joined(first, second), third, rest...);
}

/// The leaves of an expression, or of several, in order.
template <class E>
constexpr auto leaves(const E& e);

template <class... E>
constexpr auto leaves_of_all(const results<E...>& parts) {
  return [&]<std::size_t... K>(std::index_sequence<K...>) {
    return joined(leaves(get<K>(parts))...);
  }(std::index_sequence_for<E...>{});
}
template <class Op, class... E>
constexpr auto leaves_within(const node<Op, E...>& e) {
  return leaves_of_all(e.operands);
}
template <class Transform, int K, class... E>
constexpr auto leaves_within(const applied<Transform, K, E...>& e) {
  return joined(leaves_of_all(e.operands),
                leaves(call_on_placeholders(
                    e.transform.f, std::make_integer_sequence<int, Transform::template arity<sizeof...(E)>>{})));
}
template <class... E>
constexpr auto leaves_within(const results<E...>& e) {
  return leaves_of_all(e);
}
template <class Function, int I>
constexpr results<> leaves_within(const placeholder<Function, I>&) {
  return {};
}
template <int A>
constexpr results<> leaves_within(const axis_index<A>&) {
  return {};
}
template <class E>
constexpr auto leaves(const E& e) {
  if constexpr (leaf<E>) return results<E>{{{e}}};
  else if constexpr (element<E>) return results<scalar<E>>{{{scalar<E>{{}, e}}}};
  else return leaves_within(e);
}

/// The types of the leaves of an expression type.
template <class E>
using leaf_list = decltype(leaves(std::declval<const E&>()));

template <class E>
inline constexpr bool has_leaves = std::tuple_size_v<leaf_list<E>> > 0;

// --- compile time: the program ---------------------------------------------------------------------------------

/// The outermost function: where leaves become inputs.
struct root_scope {
  builder* b;
  int next_input;

  template <class E>
  constexpr symbol input() {
    using description = typename leaf_traits<E>::description;
    return argument_symbol<description>(*b, next_input++);
  }
};

/// What has been lowered of a function's body so far, for types that are one value wherever they occur.
struct lowered_types {
  struct entry {
    const char* type;
    symbol value;
  };
  buffer<entry> entries;
};
template <class E>
inline constexpr char type_address = 0;

/// A function whose placeholders stand for symbols, within the functions around it.
template <class Function, int Arity, class Outer>
struct scope {
  symbol arguments[Arity > 0 ? Arity : 1];
  Outer* outer;
  root_scope* root;
  lowered_types known{};
};
struct no_scope {};

/// A stateful function on symbols, as transforms ask for it: its body is lowered within the functions around it.
template <class F, int Arity, class Outer>
struct lowered_function {
  Outer* outer;
  root_scope* root;

  template <class... S>
  constexpr auto operator()(const S&... s) const;
};

template <class E, class Scope>
constexpr auto lower(Scope& in);

template <class E>
struct lowering;

template <class Function, int I>
struct lowering<placeholder<Function, I>> {
  template <int Arity, class Outer>
  static constexpr symbol in(scope<Function, Arity, Outer>& here) {
    return here.arguments[I];
  }
  template <class Other, int Arity, class Outer>
  static constexpr symbol in(scope<Other, Arity, Outer>& here) {
    static_assert(!std::is_same_v<Outer, no_scope>,
                  "fusegrad: an expression was used outside the function whose argument it depends on");
    return in(*here.outer);
  }
};

template <int A>
struct lowering<axis_index<A>> {
  template <class Scope>
  static constexpr symbol in(Scope& here) {
    return axis_index<A>{}.trace_in(*here.root->b);
  }
};

template <leaf E>
struct lowering<E> {
  template <class Scope>
  static constexpr symbol in(Scope& here) {
    return here.root->template input<E>();
  }
};

template <element T>
struct lowering<T> : lowering<scalar<T>> {};

template <class Op, class... E>
struct lowering<node<Op, E...>> {
  template <class Scope>
  static constexpr symbol in(Scope& here) {
    const symbol operands[]{lower<E>(here)...};
    return [&]<std::size_t... K>(std::index_sequence<K...>) {
      return Op{}(operands[K]...);
    }(std::index_sequence_for<E...>{});
  }
};

template <class Transform, int K, class... E>
struct lowering<applied<Transform, K, E...>> {
  template <class Scope>
  static constexpr symbol in(Scope& here) {
    constexpr int arity = Transform::template arity<sizeof...(E)>;
    const symbol operands[]{lower<E>(here)...};
    using function = lowered_function<typename Transform::function_type, arity, Scope>;
    return [&]<std::size_t... N>(std::index_sequence<N...>) {
      const auto made = typename Transform::template rebind<function>(function{&here, here.root}).trace(operands[N]...);
      if constexpr (is_results<std::remove_const_t<decltype(made)>>) return get<static_cast<std::size_t>(K)>(made);
      else return made;
    }(std::index_sequence_for<E...>{});
  }
};

template <class... E>
struct lowering<results<E...>> {
  template <class Scope>
  static constexpr auto in(Scope& here) {
    const symbol values[]{lower<E>(here)...};
    return [&]<std::size_t... K>(std::index_sequence<K...>) {
      return outputs(values[K]...);
    }(std::index_sequence_for<E...>{});
  }
};

template <class E, class Scope>
constexpr auto lower(Scope& in) {
  if constexpr (symbolic_expression<E> && !has_leaves<E> && ir::distinguishable<ir::input_op, ir::constant_op>) {
    for (const auto& entry : in.known.entries)
      if (entry.type == &type_address<E>) return entry.value;
    const symbol value = lowering<E>::in(in);
    in.known.entries.push_back({&type_address<E>, value});
    return value;
  } else {
    return lowering<E>::in(in);
  }
}

template <class F, int Arity, class Outer>
template <class... S>
constexpr auto lowered_function<F, Arity, Outer>::operator()(const S&... s) const {
  scope<F, Arity, Outer> here{{s...}, outer, root};
  return lower<body_of<F, Arity>>(here);
}

/// The program of a function with state on arguments of the given descriptions, which its leaves follow.
template <class F, class... A>
struct trace_expression {
  using function_type = F;
  static constexpr int arity = sizeof...(A);
  static constexpr std::size_t leaf_count =
      std::tuple_size_v<leaf_list<body_of<typename F::function_type, F::template arity<sizeof...(A)>>>>;

  static constexpr void run(builder& b, buffer<result>& outputs) {
    b.expect_arguments(arity + static_cast<int>(leaf_count));
    root_scope root{&b, arity};
    no_scope outside;
    [&]<std::size_t... K>(std::index_sequence<K...> all) {
      const symbol inputs[]{argument_symbol<A>(b, K)..., symbol()};
      using inner = typename F::function_type;
      constexpr int inner_arity = F::template arity<sizeof...(A)>;
      using function = lowered_function<inner, inner_arity, no_scope>;
      const typename F::template rebind<function> f(function{&outside, &root});
      collect(b, outputs, called_outermost(f, inputs, all));
    }(std::index_sequence_for<A...>{});
  }

  /// The leaves of the function's body.
  static constexpr auto leaves_of(const F& f) {
    return leaves(call_on_placeholders(f.f, std::make_integer_sequence<int, F::template arity<sizeof...(A)>>{}));
  }
};

/// The description of a leaf.
template <leaf E>
using leaf_description = typename leaf_traits<E>::description;

}  // namespace fusegrad::expr
