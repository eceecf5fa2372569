// The functions that users call: fuse and the derivatives. Each takes a function and is one itself: of numbers and
// arrays, which it runs on, and of symbols, so that transforms nest and may stand inside other functions.
#pragma once

#include "../expr/lower.hpp"
#include "derive.hpp"
#include "run.hpp"

namespace fusegrad {

namespace detail {

template <class A>
constexpr auto check_argument() {
  constexpr bool packed_bits = requires { requires std::same_as<typename A::value_type, bool>; } && !viewable<A>;
  static_assert(!packed_bits, "fusegrad: std::vector<bool> has no elements in memory; use an array of bool or char");
  static_assert(packed_bits || argument<A> || traced<A>,
                "fusegrad: an argument is neither a number nor an array of numbers; pass float, double, an integer, "
                "std::vector, std::span, std::array, a C array, fg::tensor or fg::view, or specialize fg::view_traits");
}

/// Says what is wrong with arguments that no call accepts.
template <class... A>
constexpr auto refuse() {
  (check_argument<A>(), ...);
  constexpr bool together = ((argument<A> || traced<A>)&&...);
  static_assert(
      !together,
      "fusegrad: an array stands beside an expression; arrays are arguments: let the function around this call "
      "take it as a further 'auto'");
}
template <class... A>
concept no_arguments = !(argument<A> && ...) && !(operand<A> && ...);

/// May an object that is about to go be written to? A view may: its elements are elsewhere.
template <class Out>
concept writable_view = viewable<const Out> && requires(const Out& out) {
  requires !std::is_const_v<typename std::remove_cvref_t<decltype(fusegrad::view_of(out))>::element_type>;
};

/// A call with the caller's memory for its results, or a chosen executor.
template <class T, class Executor, class... Out>
class [[nodiscard("fusegrad: nothing has run yet; pass the arguments: t.into(outs...)(args...)")]] call {
 public:
  constexpr call(const T& transform, Executor executor, const results<Out...>& out)
      : executor_(executor), transform_(transform), out_(out) {}

  template <argument... A>
  [[nodiscard("fusegrad: the result of a call is lost")]] FUSEGRAD_INLINE constexpr auto operator()(
      const A&... a) const {
    return run(std::index_sequence_for<Out...>{}, a...);
  }
  template <class... A>
    requires no_arguments<A...>
  constexpr auto operator()(const A&...) const {
    return refuse<A...>();
  }
  /// Where to write: variables and arrays of the caller, the value first, then the gradients.
  template <class... O>
  constexpr auto into(O&&... out) const {
    return writing_to<O...>(transform_, executor_, out...);
  }
  template <class E>
  constexpr auto on(E executor) const {
    return call<T, E, Out...>(transform_, executor, out_);
  }

 private:
  template <std::size_t... K, class... A>
  FUSEGRAD_INLINE constexpr auto run(std::index_sequence<K...>, const A&... a) const {
    return transform_.run(executor_, results<decltype(get<K>(out_))...>{{{get<K>(out_)}...}}, a...);
  }

  [[no_unique_address]] Executor executor_;
  [[no_unique_address]] T transform_;  // a copy: a call may outlive the expression that made it
  results<Out...> out_;
};

/// A call that writes to the given destinations: objects that stay it keeps by reference, views that would go by value.
template <class... Out, class T, class Executor>
constexpr auto writing_to(const T& transform, Executor executor, Out&... out) {
  constexpr bool stay = ((std::is_lvalue_reference_v<Out> || writable_view<Out>)&&...);
  static_assert(stay, "fusegrad: an output is a temporary, which would be gone with the result; pass a variable");
  if constexpr (stay) return call<T, Executor, Out...>(transform, executor, {{{out}...}});
  else return call<T, Executor>(transform, executor, {});
}

/// The executable of a transform on arguments of types A: traced by the compiler where it can call the function itself,
/// through its expression's type otherwise.
template <class T, class... A>
struct find_executable {
  template <class... E>
  static executable<expr::trace_expression<T, described<A>...>, described<A>..., expr::leaf_description<E>...>
  with_leaves(const results<E...>&);
  using type = decltype(with_leaves(expr::trace_expression<T, described<A>...>::leaves_of(std::declval<const T&>())));
};
template <class T, class... A>
  requires expr::traceable<T, described<A>...>
struct find_executable<T, A...> {
  using type = executable<expr::trace<T, described<A>...>, described<A>...>;
};
template <class T, class... A>
using executable_of = typename find_executable<T, A...>::type;

/// What all transforms share. `Self::trace(symbols...)` is the transform on symbols.
template <class Self>
struct transform {
  /// Runs on numbers and arrays, on one thread. Returns one result as it is, several for structured bindings; an array
  /// as an fg::tensor. Throws std::invalid_argument where shapes do not fit.
  template <argument... A>
    requires(!(traced<A> || ...))
  [[nodiscard("fusegrad: the result of a call is lost")]] FUSEGRAD_INLINE constexpr auto operator()(
      const A&... a) const {
    return run(seq, results<>{}, a...);
  }
  template <class... A>
    requires no_arguments<A...>
  constexpr auto operator()(const A&...) const {
    return refuse<A...>();
  }
  /// Inside another function: the result as expressions.
  template <operand... S>
    requires(traced<S> || ...)
  constexpr auto operator()(const S&... s) const {
    if constexpr ((std::same_as<S, ir::symbol> || ...)) return static_cast<const Self&>(*this).trace(s...);
    else return expr::apply_transform<Self::template results_on<S...>>(static_cast<const Self&>(*this), s...);
  }

  /// The same call writing to memory that the caller owns, the value first, then the gradients: no allocation.
  template <class... Out>
  constexpr auto into(Out&&... out) const {
    return writing_to<Out...>(static_cast<const Self&>(*this), seq, out...);
  }
  /// The same call on a chosen executor: fg::seq, fg::par, or fg::cuda(stream) for arrays in device memory.
  template <class Executor>
  constexpr auto on(Executor executor) const {
    return call<Self, Executor>(static_cast<const Self&>(*this), executor, results<>{});
  }

  template <class Executor, class... Out, class... A>
  FUSEGRAD_INLINE constexpr auto run(Executor executor, const results<Out&...>& out, const A&... a) const {
    using X = executable_of<Self, A...>;
    if constexpr (expr::traceable<Self, described<A>...>) {
      return finish<X>(executor, out, bound(a)...);
    } else {
      // what the function captured follows the arguments
      const auto leaves = expr::trace_expression<Self, described<A>...>::leaves_of(static_cast<const Self&>(*this));
      return [&]<class... E>(const results<E...>& captured) {
        return [&]<std::size_t... K>(std::index_sequence<K...>) {
          return finish<X>(executor, out, bound(a)..., expr::leaf_traits<E>::bring(get<K>(captured))...);
        }(std::index_sequence_for<E...>{});
      }(leaves);
    }
  }

 private:
  template <class X, class Executor, class... Out, class... B>
  FUSEGRAD_INLINE static constexpr auto finish(Executor executor, const results<Out&...>& out, const B&... bound) {
    if constexpr (X::traced.part_count == 0) return start<X>(executor, out, bound...);
    else return with_parts<X>([&](const auto&... inputs) { return start<X>(executor, out, inputs...); }, bound...);
  }
  template <class X, class Executor, class... Out, class... B>
  FUSEGRAD_INLINE static constexpr auto start([[maybe_unused]] Executor executor, const results<Out&...>& out,
                                              const B&... bound) {
    if constexpr (runs_on_device<B...>()) {
      if constexpr (sizeof...(Out) == 0) return device_calls<X>::run_returning(executor, bound...);
      else device_calls<X>::run_into(executor, out, bound...);
    } else {
      static_assert(std::is_empty_v<Executor>,
                    "fusegrad: fg::cuda(stream) is for arrays in device memory; these are not");
      static_assert(!X::holds_narrow,
                    "fusegrad: only a GPU computes on arrays of half or bfloat16; bring them to fg::device, or copy "
                    "them to arrays of float");
      if constexpr (X::holds_narrow) return;
      else if constexpr (sizeof...(Out) == 0) return run_returning<X, Executor>(bound...);
      else run_into<X, Executor>(out, bound...);
    }
  }
};

template <int... I>
struct indices {
  static constexpr int largest = [] {
    int found = -1;
    for (int i : {-1, I...}) found = i > found ? i : found;
    return found;
  }();
  static constexpr int smallest = [] {
    int found = 0;
    for (int i : {0, I...}) found = i < found ? i : found;
    return found;
  }();
};
template <int... I>
using indices_or_first = std::conditional_t<sizeof...(I) == 0, indices<0>, indices<I...>>;

/// Among so many results, the last of which are gradients with respect to I...: with respect to which one is result k?
/// -1: none.
template <int... I>
constexpr int argument_of(int k, int results) {
  constexpr int all[]{I...};
  const int gradient = k - results + static_cast<int>(sizeof...(I));
  return gradient < 0 ? -1 : all[gradient];
}

/// How many results F has on expressions.
template <class F, int Arity>
inline constexpr int results_on_expressions = static_cast<int>(result_count<expr::body_of<F, Arity>>);

/// Does a call with so many arguments have all those that a derivative is asked for?
template <class Indices, std::size_t Arguments>
inline constexpr bool are_among = Indices::smallest >= 0 && Indices::largest < static_cast<int>(Arguments);
template <class Indices, std::size_t Arguments>
constexpr bool has_arguments() {
  static_assert(are_among<Indices, Arguments>,
                "fusegrad: a derivative is asked with respect to an argument that the call does not have; arguments "
                "are counted from 0");
  return are_among<Indices, Arguments>;
}

/// In place of so many results that cannot be had, which the compiler has said before: no further error follows.
template <std::size_t Results>
constexpr auto no_results() {
  return []<std::size_t... K>(std::index_sequence<K...>) {
    if constexpr (Results == 1) return 0.0;
    else return outputs((static_cast<void>(K), 0.0)...);
  }(std::make_index_sequence<Results>{});
}

}  // namespace detail

template <class F>
struct [[nodiscard("fusegrad: nothing has run yet; pass the arguments: t(args...)")]] fused
    : detail::transform<fused<F>> {
  using function_type = F;
  template <class G>
  using rebind = fused<G>;
  template <std::size_t Arguments>
  static constexpr int arity = static_cast<int>(Arguments);
  template <class... S>
  static constexpr int results_on = detail::results_on_expressions<F, static_cast<int>(sizeof...(S))>;

  [[no_unique_address]] F f;
  constexpr explicit fused(F function) : f(static_cast<F&&>(function)) {}
  constexpr fused()
    requires std::default_initializable<F>
  = default;

  template <class... S>
  constexpr auto trace(const S&... s) const {
    return expr::called(f, s...);
  }
};

template <bool Value, bool Auxiliary, class F, class Indices>
struct gradient_of;
template <bool Value, bool Auxiliary, class F, int... I>
struct [[nodiscard("fusegrad: nothing has run yet; pass the arguments: t(args...)")]] gradient_of<Value, Auxiliary, F,
                                                                                                  detail::indices<I...>>
    : detail::transform<gradient_of<Value, Auxiliary, F, detail::indices<I...>>> {
  using function_type = F;
  template <class G>
  using rebind = gradient_of<Value, Auxiliary, G, detail::indices<I...>>;
  template <std::size_t Arguments>
  static constexpr int arity = static_cast<int>(Arguments);
  template <class... S>
  static constexpr int results_on =
      Value + sizeof...(I) + (Auxiliary ? detail::results_on_expressions<F, arity<sizeof...(S)>> - 1 : 0);
  /// The argument that result k is the gradient of; -1: of none.
  static constexpr int argument_of(int k, int results) { return detail::argument_of<I...>(k, results); }

  [[no_unique_address]] F f;
  constexpr explicit gradient_of(F function) : f(static_cast<F&&>(function)) {}
  constexpr gradient_of()
    requires std::default_initializable<F>
  = default;

  template <class... S>
  constexpr auto trace(const S&... s) const {
    if constexpr (detail::has_arguments<detail::indices<I...>, sizeof...(S)>())
      return detail::gradient<Value, Auxiliary, false, I...>(f, s...);
    else return detail::no_results<results_on<S...>>();
  }
  template <class... S>
  constexpr auto trace_outermost(const S&... s) const {
    if constexpr (detail::has_arguments<detail::indices<I...>, sizeof...(S)>())
      return detail::gradient<Value, Auxiliary, true, I...>(f, s...);
    else return detail::no_results<results_on<S...>>();
  }
};

template <bool Value, class F, class Indices>
struct tangent_of;
template <bool Value, class F, int... I>
struct [[nodiscard(
    "fusegrad: nothing has run yet; pass the arguments: t(args...)")]] tangent_of<Value, F, detail::indices<I...>>
    : detail::transform<tangent_of<Value, F, detail::indices<I...>>> {
  using function_type = F;
  template <class G>
  using rebind = tangent_of<Value, G, detail::indices<I...>>;
  template <std::size_t Arguments>
  static constexpr int arity = static_cast<int>(Arguments - sizeof...(I));
  template <class... S>
  static constexpr int results_on = (1 + Value) * detail::results_on_expressions<F, arity<sizeof...(S)>>;

  [[no_unique_address]] F f;
  constexpr explicit tangent_of(F function) : f(static_cast<F&&>(function)) {}
  constexpr tangent_of()
    requires std::default_initializable<F>
  = default;

  template <class... S>
  constexpr auto trace(const S&... s) const {
    constexpr bool complete =
        sizeof...(S) >= sizeof...(I) && detail::are_among<detail::indices<I...>, sizeof...(S) - sizeof...(I)>;
    static_assert(complete,
                  "fusegrad: jvp and hvp take the arguments of the function, then a direction for each that moves; one "
                  "of these is missing");
    if constexpr (complete) return detail::tangents<Value, I...>(f, s...);
    else return detail::no_results<1 + Value>();
  }
};

template <class F, class Indices>
struct pullback_of;
template <class F, int... I>
struct [[nodiscard(
    "fusegrad: nothing has run yet; pass the arguments: t(args...)")]] pullback_of<F, detail::indices<I...>>
    : detail::transform<pullback_of<F, detail::indices<I...>>> {
  using function_type = F;
  template <class G>
  using rebind = pullback_of<G, detail::indices<I...>>;
  template <std::size_t Arguments>
  static constexpr int arity = static_cast<int>(Arguments) - 1;
  template <class... S>
  static constexpr int results_on = 1 + sizeof...(I);
  static constexpr int argument_of(int k, int results) { return detail::argument_of<I...>(k, results); }

  [[no_unique_address]] F f;
  constexpr explicit pullback_of(F function) : f(static_cast<F&&>(function)) {}
  constexpr pullback_of()
    requires std::default_initializable<F>
  = default;

  template <class... S>
  constexpr auto trace(const S&... s) const {
    constexpr bool complete = sizeof...(S) >= 1 && detail::are_among<detail::indices<I...>, sizeof...(S) - 1>;
    static_assert(complete,
                  "fusegrad: vjp takes the arguments of the function, then the cotangent; one of these is missing");
    if constexpr (complete) return detail::pullback<1, I...>(f, s...);
    else return detail::no_results<1 + sizeof...(I)>();
  }
};

/// f itself, run as one loop. `f` is any callable that is generic over its arguments.
template <class F>
constexpr fused<F> fuse(F f) {
  return fused<F>(static_cast<F&&>(f));
}

/// The gradient of a function whose result is one number, with respect to arguments I... (default: the first).
/// A gradient has the shape and type of its argument.
template <int... I, class F>
constexpr auto grad(F f) {
  return gradient_of<false, false, F, detail::indices_or_first<I...>>(static_cast<F&&>(f));
}

/// {value, gradient...} in one pass.
template <int... I, class F>
constexpr auto value_and_grad(F f) {
  return gradient_of<true, false, F, detail::indices_or_first<I...>>(static_cast<F&&>(f));
}

/// Forward mode: jvp<I...>(f)(args..., tangents...) is {value, tangent}, the derivative of the result when the
/// arguments I... (default: the first) move along the tangents, one for each.
template <int... I, class F>
constexpr auto jvp(F f) {
  return tangent_of<true, F, detail::indices_or_first<I...>>(static_cast<F&&>(f));
}

/// Reverse mode: vjp<I...>(f)(args..., cotangent) is {value, gradient...}, the derivative of <result, cotangent> with
/// respect to the arguments I... (default: the first). A scalar cotangent stands for an array that is the same
/// everywhere.
template <int... I, class F>
constexpr auto vjp(F f) {
  return pullback_of<F, detail::indices_or_first<I...>>(static_cast<F&&>(f));
}

/// hvp<I>(f)(args..., v): the Hessian of f with respect to argument I, times v; forward over reverse mode.
template <int I = 0, class F>
constexpr auto hvp(F f) {
  using gradient = gradient_of<false, false, F, detail::indices<I>>;
  return tangent_of<false, gradient, detail::indices<I>>(grad<I>(static_cast<F&&>(f)));
}

}  // namespace fusegrad
