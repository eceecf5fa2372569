// Derivatives of functions on symbols. A function is traced into a builder of its own, inside that of its caller; there
// it is differentiated, and what is wanted is copied out. Derivatives therefore nest, and may stand inside other
// functions.
#pragma once

#include "../config.hpp"
#include "../expr/trace.hpp"
#include "../passes/forward.hpp"
#include "../passes/reverse.hpp"

FUSEGRAD_HARDLY_RUN

namespace fusegrad::detail {

using expr::collect;
using ir::buffer;
using ir::builder;
using ir::layout;
using ir::symbol;

/// The type of f's result on symbols: a symbol, a number, or several.
template <class F, std::size_t... K>
constexpr auto result_on_symbols(const F& f, const symbol* x, std::index_sequence<K...>) {
  return expr::called(f, x[K]...);
}

/// A function traced inside that of its caller.
template <std::size_t Arity>
class inner_function {
 public:
  template <class... S>
  constexpr explicit inner_function(const S&... arguments)
      : home_(*symbol::innermost(arguments...)), inner_(&home_), inputs_(), done_() {
    (bind(symbol::in(home_, arguments), symbol::dimensions_of(arguments)), ...);
  }

  template <class F>
  constexpr auto call(const F& f) {
    symbol x[Arity > 0 ? Arity : 1];
    for (std::size_t k = 0; k < Arity; ++k) x[k] = input_symbol(static_cast<int>(k));
    auto y = result_on_symbols(f, x, std::make_index_sequence<Arity>{});
    buffer<ir::result> results;
    collect(inner_, results, y);
    for (const ir::result& r : results) {
      values_.push_back(r.value);
      layouts_.push_back(r.at);
    }
    home_.adopt_conditions(inner_);
    return y;
  }

  constexpr builder& inner() { return inner_; }
  constexpr const buffer<int>& values() const { return values_; }
  constexpr int input(int k) const { return inputs_[k]; }
  constexpr symbol input_symbol(int k) { return symbol_of(&inner_, inputs_[k], dimensions_[k]); }
  constexpr symbol result_symbol(int k) { return symbol_of(&inner_, values_[k], layouts_[k]); }

  /// The inner value as a symbol of the caller.
  constexpr symbol out(int value, const layout& at) {
    if (done_.size() == 0) done_ = buffer<int>(inner_.size(), -1);
    return symbol_of(&home_, home_.inline_value(inner_, value, done_), at);
  }
  /// Result k as a symbol of the caller.
  constexpr symbol result(int k) { return out(values_[k], layouts_[k]); }
  /// The gradient with respect to input k as a symbol of the caller.
  constexpr symbol gradient(int k, const passes::input_adjoint& adjoint) {
    layout at = dimensions_[k];  // an inner input has the axes of the argument as its dimensions
    for (int d = 0; d < at.rank; ++d)
      if (at.map[d] >= 0) at.map.set(d, adjoint.map[at.map[d]]);
    return out(adjoint.value, at);
  }

  /// A value of the caller as an inner one, brought to the axes of another; to the function it is a constant.
  constexpr int in(const symbol& outside, const symbol& like) {
    int values[]{like.value(), symbol::in(inner_, outside)};
    const layout at[]{like.dimensions(), outside.dimensions()};
    layout common = at[0];
    if (at[0].positional() && at[1].positional()) {
      if (at[1].rank > at[0].rank) inner_.fail(ir::trace_error::direction_too_large);
      else if (!ir::joined(common, at[1])) values[1] = ir::renamed_onto(inner_, values[1], at[1], common);
      if (!(common.map == at[0].map)) inner_.fail(ir::trace_error::direction_too_large);
    }
    return values[1];
  }

 private:
  static constexpr symbol symbol_of(builder* owner, int value, const layout& at) {
    return at.positional() ? symbol(owner, value, at) : symbol(owner, value);
  }
  constexpr void bind(int outside, const layout& at) {
    inputs_.push_back(inner_.bind(outside));
    dimensions_.push_back(at);
  }

  builder& home_;
  builder inner_;
  buffer<int> inputs_;
  buffer<layout> dimensions_;
  buffer<int> values_;
  buffer<layout> layouts_;
  buffer<int> done_;
};

/// Fails unless the derivative with respect to each given input exists.
template <int... I>
constexpr void require_differentiable(builder& b, const buffer<int>& sources) {
  for (int source : sources)
    if (!is_floating(b[source].type)) b.fail(ir::trace_error::integer_argument);
}

/// A gradient belongs to one number. Within another function an elementwise result will do: it is one number for each
/// element; not so if the function has combined elements before.
constexpr void require_scalar(builder& b, int result, const buffer<int>& sources, bool outermost) {
  if (b[result].axes == 0) return;
  bool scalar = !outermost;
  const buffer<bool> depends = passes::dependent(b, result + 1, sources);
  for (int v = 0; v <= result && scalar; ++v)
    if (depends[v] && passes::combines_elements(b, v, sources)) scalar = false;
  if (!scalar) b.fail(ir::trace_error::not_a_scalar);
}

/// How many results a function has that returns Y.
template <class Y>
inline constexpr std::size_t result_count = 1;
template <class... Y>
inline constexpr std::size_t result_count<results<Y...>> = sizeof...(Y);

/// The gradients of f at the given symbols, after its value if that is wanted. With auxiliary results, the gradients
/// are those of the first, and the others stand before them.
template <bool Value, bool Auxiliary, bool Outermost, int... I, class F, class... S>
constexpr auto gradient(const F& f, const S&... x) {
  inner_function<sizeof...(S)> inside(x...);
  auto y = inside.call(f);
  static_assert(Auxiliary || !is_results<decltype(y)>,
                "fusegrad: a gradient needs a function with one result; return one number, or use fg::with_aux(f), if "
                "the gradient of the first is meant, or fg::vjp");
  builder& b = inside.inner();
  buffer<int> results, sources, seeds;
  (sources.push_back(inside.input(I)), ...);
  require_differentiable(b, sources);
  results.push_back(inside.values()[0]);
  require_scalar(b, results[0], sources, Outermost);
  seeds.push_back(b.constant(1.0));
  const auto gradients = passes::reverse(b, results, seeds, sources);
  constexpr int first = Value ? 0 : 1;
  return [&]<int... V, int... K>(std::integer_sequence<int, V...>, std::integer_sequence<int, K...>) {
    if constexpr (sizeof...(V) == 0 && sizeof...(K) == 1) return (inside.gradient(I, gradients[K]), ...);
    else return outputs(inside.result(first + V)..., inside.gradient(I, gradients[K])...);
  }(std::make_integer_sequence<int, static_cast<int>(Auxiliary ? result_count<decltype(y)> : 1) - first>{},
         std::make_integer_sequence<int, sizeof...(I)>{});
}

/// A tangent or cotangent, an array that has axes where its value has but one element: there it must have one as well.
constexpr symbol single_where(const symbol& direction, const layout& value) {
  layout at = direction.dimensions();
  int v = direction.value();
  for (int d = 0; d < at.rank && d < value.rank; ++d)
    if (at.map[d] >= 0 && value.map[d] < 0) {
      v = direction.owner()->without_axis(v, at.map[d]);
      at.map.set(d, -1);
    }
  return at.positional() ? symbol(direction.owner(), v, at) : direction;
}

/// The values of f and their tangents along the last symbols, of which there is one for each I.
template <bool Value, int... I, class F, class... S>
constexpr auto tangents(const F& f, const S&... s) {
  constexpr std::size_t arity = sizeof...(S) - sizeof...(I);
  builder& home = *symbol::innermost(s...);
  const symbol all[]{symbol::lifted(&home, s)...};
  return [&]<std::size_t... K, std::size_t... T>(std::index_sequence<K...>, std::index_sequence<T...>) {
    inner_function<arity> inside(all[K]...);
    auto y = inside.call(f);
    builder& b = inside.inner();
    buffer<int> sources, directions;
    (sources.push_back(inside.input(I)), ...);
    (directions.push_back(
         inside.in(single_where(all[arity + T], inside.input_symbol(I).dimensions()), inside.input_symbol(I))),
     ...);
    require_differentiable(b, sources);
    const buffer<int> found = passes::forward(b, inside.values(), sources, directions);
    return [&]<std::size_t... N>(std::index_sequence<N...>) {
      auto tangent = [&](int k) { return inside.out(found[k], inside.result_symbol(k).dimensions()); };
      if constexpr (Value) return outputs(inside.result(N)..., tangent(N)...);
      else if constexpr (sizeof...(N) == 1) return tangent(0);
      else return outputs(tangent(N)...);
    }(std::make_index_sequence<result_count<decltype(y)>>{});
  }(std::make_index_sequence<arity>{}, std::make_index_sequence<sizeof...(I)>{});
}

/// The values of f and the gradients of its results weighted by cotangents, which are the last `Cotangents` symbols.
template <std::size_t Cotangents, int... I, class F, class... S>
constexpr auto pullback(const F& f, const S&... s) {
  constexpr std::size_t arity = sizeof...(S) - Cotangents;
  builder& home = *symbol::innermost(s...);
  const symbol all[]{symbol::lifted(&home, s)...};
  return [&]<std::size_t... K, std::size_t... C>(std::index_sequence<K...>, std::index_sequence<C...>) {
    inner_function<arity> inside(all[K]...);
    auto y = inside.call(f);
    static_assert(result_count<decltype(y)> == Cotangents,
                  "fusegrad: vjp takes one cotangent for each result of the function, after its arguments");
    builder& b = inside.inner();
    buffer<int> sources, weights;
    (sources.push_back(inside.input(I)), ...);
    (weights.push_back(
         inside.in(single_where(all[arity + C], inside.result_symbol(C).dimensions()), inside.result_symbol(C))),
     ...);
    require_differentiable(b, sources);
    const auto gradients = passes::reverse(b, inside.values(), weights, sources);
    return [&]<std::size_t... G>(std::index_sequence<G...>) {
      return outputs(inside.result(C)..., inside.gradient(I, gradients[G])...);
    }(std::make_index_sequence<sizeof...(I)>{});
  }(std::make_index_sequence<arity>{}, std::make_index_sequence<Cotangents>{});
}

}  // namespace fusegrad::detail

FUSEGRAD_HARDLY_RUN_END
