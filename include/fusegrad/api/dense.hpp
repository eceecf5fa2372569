// Dense derivatives, for functions of a few components for each element: every entry of a Jacobian or Hessian is a
// result of its own, a number or an array, and all of them come from one pass. What derivatives share is computed once.
#pragma once

#include "transforms.hpp"

namespace fusegrad {

namespace detail {

/// Fails where elements of a source that varies are combined: a result then depends on several of them, and its
/// derivatives do not fit in one entry for each element.
constexpr void require_separate_elements(builder& b, const buffer<int>& sources) {
  buffer<int> varying;
  for (int source : sources)
    if (b[source].axes != 0) varying.push_back(source);
  const buffer<bool> depends = passes::dependent(b, b.size(), varying);
  for (int v = 0; v < b.size(); ++v)
    if (depends[v] && passes::combines_elements(b, v, varying)) b.fail(ir::trace_error::coupled_elements);
}

/// The derivatives of the given values with respect to one source.
constexpr buffer<int> column(builder& b, const buffer<int>& values, int source) {
  buffer<int> along, tangents;
  along.push_back(source);
  tangents.push_back(b.constant(1.0));
  return passes::forward(b, values, along, tangents);
}

/// Entries in row-major order as results, each with the dimensions of the result that its row belongs to: one as it is.
template <std::size_t Entries, std::size_t PerResult, class Inside>
constexpr auto entries(Inside& inside, const buffer<int>& values) {
  return [&]<std::size_t... K>(std::index_sequence<K...>) {
    auto entry = [&](std::size_t k) {
      const int result = static_cast<int>(k / PerResult);
      return inside.out(values[static_cast<int>(k)], inside.result_symbol(result).dimensions());
    };
    if constexpr (Entries == 1) return entry(0);
    else return outputs(entry(K)...);
  }(std::make_index_sequence<Entries>{});
}

template <int... I, class F, class... S>
constexpr auto jacobian(const F& f, const S&... x) {
  inner_function<sizeof...(S)> inside(x...);
  auto y = inside.call(f);
  constexpr int columns = sizeof...(I), rows = static_cast<int>(result_count<decltype(y)>);
  builder& b = inside.inner();
  buffer<int> sources;
  (sources.push_back(inside.input(I)), ...);
  require_differentiable(b, sources);
  require_separate_elements(b, sources);
  buffer<int> found(rows * columns, -1);
  for (int j = 0; j < columns; ++j) {
    const buffer<int> slopes = column(b, inside.values(), sources[j]);
    for (int i = 0; i < rows; ++i) found[i * columns + j] = slopes[i];
  }
  return entries<static_cast<std::size_t>(rows * columns), static_cast<std::size_t>(columns)>(inside, found);
}

template <int... I, class F, class... S>
constexpr auto hessian(const F& f, const S&... x) {
  inner_function<sizeof...(S)> inside(x...);
  auto y = inside.call(f);
  static_assert(!is_results<decltype(y)>,
                "fusegrad: a Hessian needs a function with one result; use fg::jacobian of fg::grad for several");
  constexpr int size = sizeof...(I);
  builder& b = inside.inner();
  buffer<int> sources, seeds;
  (sources.push_back(inside.input(I)), ...);
  require_differentiable(b, sources);
  require_separate_elements(b, sources);
  // reverse mode sums what a number does to the elements of a result; they are apart in forward mode
  const int y_value = inside.values()[0];
  bool alike = true;
  for (int source : sources) {
    if ((b[source].axes & ~b[y_value].axes) != 0) b.fail(ir::trace_error::coupled_elements);
    alike = alike && b[source].axes == b[y_value].axes;
  }
  buffer<int> gradients;
  if (alike) {
    seeds.push_back(b.constant(1.0));
    const auto adjoints = passes::reverse(b, inside.values(), seeds, sources);
    for (int k = 0; k < size; ++k)
      gradients.push_back(b.renamed(adjoints[k].value, passes::from_to(adjoints[k].map, b[sources[k]].map)));
  } else {
    for (int source : sources) gradients.push_back(column(b, inside.values(), source)[0]);
  }
  buffer<int> found(size * size, -1);
  for (int j = 0; j < size; ++j) {
    const buffer<int> slopes = column(b, gradients, sources[j]);
    for (int i = 0; i <= j; ++i) found[i * size + j] = found[j * size + i] = slopes[i];
  }
  return entries<static_cast<std::size_t>(size * size), static_cast<std::size_t>(size * size)>(inside, found);
}

}  // namespace detail

template <class F, class Indices>
struct jacobian_of;
template <class F, int... I>
struct [[nodiscard(
    "fusegrad: nothing has run yet; pass the arguments: t(args...)")]] jacobian_of<F, detail::indices<I...>>
    : detail::transform<jacobian_of<F, detail::indices<I...>>> {
  using function_type = F;
  template <class G>
  using rebind = jacobian_of<G, detail::indices<I...>>;
  template <std::size_t Arguments>
  static constexpr int arity = static_cast<int>(Arguments);
  template <class... S>
  static constexpr int results_on =
      static_cast<int>(sizeof...(I)) * detail::results_on_expressions<F, static_cast<int>(sizeof...(S))>;

  [[no_unique_address]] F f;
  constexpr explicit jacobian_of(F function) : f(static_cast<F&&>(function)) {}
  constexpr jacobian_of()
    requires std::default_initializable<F>
  = default;

  template <class... S>
  constexpr auto trace(const S&... s) const {
    if constexpr (detail::has_arguments<detail::indices<I...>, sizeof...(S)>()) return detail::jacobian<I...>(f, s...);
    else return detail::no_results<sizeof...(I)>();
  }
};

template <class F, class Indices>
struct hessian_of;
template <class F, int... I>
struct [[nodiscard(
    "fusegrad: nothing has run yet; pass the arguments: t(args...)")]] hessian_of<F, detail::indices<I...>>
    : detail::transform<hessian_of<F, detail::indices<I...>>> {
  using function_type = F;
  template <class G>
  using rebind = hessian_of<G, detail::indices<I...>>;
  template <std::size_t Arguments>
  static constexpr int arity = static_cast<int>(Arguments);
  template <class... S>
  static constexpr int results_on = static_cast<int>(sizeof...(I) * sizeof...(I));

  [[no_unique_address]] F f;
  constexpr explicit hessian_of(F function) : f(static_cast<F&&>(function)) {}
  constexpr hessian_of()
    requires std::default_initializable<F>
  = default;

  template <class... S>
  constexpr auto trace(const S&... s) const {
    if constexpr (detail::has_arguments<detail::indices<I...>, sizeof...(S)>()) return detail::hessian<I...>(f, s...);
    else return detail::no_results<sizeof...(I) * sizeof...(I)>();
  }
};

/// The derivative of each result of f with respect to each of the arguments I... (default: the first), row by row: all
/// those of the first result, then those of the second. Each is of the result's type and shape: an array or a number.
/// Arrays are taken element by element, so f may reduce nothing that depends on an array among these arguments.
///
///     auto [xr, xa, yr, ya] = fg::jacobian<0, 1>([](auto r, auto a) {
///       return fg::outputs(r * fg::cos(a), r * fg::sin(a));
///     })(radius, angle);
template <int... I, class F>
constexpr auto jacobian(F f) {
  return jacobian_of<F, detail::indices_or_first<I...>>(static_cast<F&&>(f));
}

/// The second derivatives of f, which has one result, with respect to each pair of the arguments I... (default: the
/// first), row by row; the matrix is symmetric, and both halves are returned. f is taken element by element of those of
/// these arguments that are arrays; numbers may meet arrays, and f may reduce where all are numbers, a loss say. Each
/// is of the result's shape. Its elements are of the type of whichever of its two arguments is named first in I..., as
/// the gradient is that is differentiated; of numbers beside arrays, of that of the result.
template <int... I, class F>
constexpr auto hessian(F f) {
  return hessian_of<F, detail::indices_or_first<I...>>(static_cast<F&&>(f));
}

}  // namespace fusegrad
