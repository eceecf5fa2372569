// From a function to a program: the only door. A function without state is called at compile time on symbols.
#pragma once

#include <array>
#include <concepts>

#include "../core/results.hpp"
#include "../ir/program.hpp"
#include "../ir/symbol.hpp"

namespace fusegrad::expr {

using ir::buffer;
using ir::builder;
using ir::result;
using ir::symbol;

/// An array of T. Its elements vary along all axes but those of which its type says that they have one element.
template <storable T, int Rank, ir::axis_set Single = 0>
struct array_argument {
  using type = T;
  static constexpr int rank = Rank;
  static constexpr ir::axis_set axes = ((ir::axis_set{1} << Rank) - 1) & ~Single;
  static constexpr strength weight = strength::array;
};
/// A number.
template <element T>
struct number_argument {
  using type = T;
  static constexpr int rank = 0;
  static constexpr ir::axis_set axes = 0;
  static constexpr strength weight = strength::scalar;
};

/// Argument `index` of a function under construction.
template <class A>
constexpr symbol argument_symbol(builder& b, int index) {
  return {&b, b.input(index, dtype_of<typename A::type>, A::axes, A::weight),
          ir::layout{ir::axis_map::identity(A::axes), A::rank}};
}

/// A function that has no state, so that the compiler can call it.
template <class F>
concept stateless = std::is_empty_v<F> && std::default_initializable<F>;

/// Calls what a user wrote, on symbols or placeholders. What returns nothing, or cannot be called, is taken for 0 once
/// the compiler has said so: no further error follows.
template <class F, class... S>
constexpr auto called(const F& f, const S&... s) {
  constexpr bool callable = requires { f(s...); };
  static_assert(callable,
                "fusegrad: the function cannot be called with expressions for the arguments of this call; it must take "
                "as many as it is passed, each as 'auto', and not be 'mutable'");
  if constexpr (callable) {
    constexpr bool returns = !std::is_void_v<decltype(f(s...))>;
    static_assert(returns,
                  "fusegrad: a fused function must return an expression, a number, or several as fg::outputs(a, b)");
    if constexpr (returns) return f(s...);
    else return 0;
  } else {
    return 0;
  }
}

/// Appends the values of what a traced function returned: one symbol or number, or several.
template <class Y>
constexpr void collect(builder& b, buffer<result>& values, const Y& y) {
  if constexpr (is_results<Y>)
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      (collect(b, values, get<K>(y)), ...);
    }(std::make_index_sequence<std::tuple_size_v<Y>>{});
  else if constexpr (traced<Y> || element<Y>) values.push_back({symbol::in(b, y), symbol::dimensions_of(y)});
  else
    static_assert(traced<Y>,
                  "fusegrad: a fused function must return an expression, a number, or several as fg::outputs(a, b)");
}

/// What a function gives for so many symbols; a transform may trace itself in another way where no function is around
/// it.
template <class F, std::size_t... K>
constexpr auto called_outermost(const F& f, const symbol* inputs, std::index_sequence<K...>) {
  if constexpr (requires { f.trace_outermost(inputs[K]...); }) return f.trace_outermost(inputs[K]...);
  else return f(inputs[K]...);
}

/// Builds the program of a stateless function on arguments of the given descriptions.
template <class F, class... A>
struct tracing {
  using function_type = F;
  static constexpr void run(builder& b, buffer<result>& outputs) {
    b.expect_arguments(sizeof...(A));
    [&]<std::size_t... K>(std::index_sequence<K...> all) {
      const F f{};
      const symbol inputs[]{argument_symbol<A>(b, K)..., symbol()};
      collect(b, outputs, called_outermost(f, inputs, all));
    }(std::index_sequence_for<A...>{});
  }
};

/// What tracing comes to: a program that is probably short, one of this size, one that is too long for the compiler, or
/// nothing.
struct short_program {};
template <ir::program_size Size>
struct long_program {
  static constexpr int expected = Size.room();
};
struct too_long_program {
  static constexpr bool too_long = true;
};
struct untraced {};

/// Calls a function to see what comes of it, first with hardly anything recorded: nothing if it looks at what only
/// running code knows. Where it asks for much, its program is measured; where the compiler gives up on that, it is too
/// long.
template <class Tracing>
struct trial {
  static constexpr int many_operations = 64;

  template <class T>
  static auto asked(int) -> std::integral_constant<int, ir::operations_asked<T>()>;
  template <class>
  static std::integral_constant<int, -1> asked(...);
  template <class T>
  static auto whole(int) -> long_program<ir::measured<T>()>;
  template <class>
  static too_long_program whole(...);

  static constexpr auto found() {
    constexpr int operations = decltype(asked<Tracing>(0))::value;
    if constexpr (operations < 0) return untraced{};
    else if constexpr (operations < many_operations) return short_program{};
    else return decltype(whole<Tracing>(0)){};
  }
  using type = decltype(found());
};

/// The program of a stateless function on arguments of the given descriptions.
template <class F, class... A>
struct trace : tracing<F, A...>, trial<tracing<F, A...>>::type {};

/// Can the compiler call the function itself? Not if it has state, or looks at what only running code knows.
template <class F, class... A>
concept traceable = stateless<F> && !std::is_same_v<typename trial<tracing<F, A...>>::type, untraced>;

}  // namespace fusegrad::expr
