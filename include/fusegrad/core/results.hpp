// Several results in one object, for structured bindings: a tuple that costs no header.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

namespace fusegrad {

namespace detail {
template <std::size_t I, class T>
struct result_slot {
  [[no_unique_address]] T value;
};

template <class Indices, class... T>
struct result_slots;
template <std::size_t... I, class... T>
struct result_slots<std::index_sequence<I...>, T...> : result_slot<I, T>... {};

template <std::size_t I, class T>
constexpr T& slot_of(result_slot<I, T>& s) {
  return s.value;
}
template <std::size_t I, class T>
constexpr const T& slot_of(const result_slot<I, T>& s) {
  return s.value;
}
template <std::size_t I, class T>
constexpr T&& slot_of(result_slot<I, T>&& s) {
  return static_cast<T&&>(s.value);
}
template <std::size_t I, class T>
std::type_identity<T> slot_type(const result_slot<I, T>&);
}  // namespace detail

/// Several results of one call, in order; usable with structured bindings and get<I>.
template <class... T>
struct [[nodiscard]] results : detail::result_slots<std::index_sequence_for<T...>, T...> {};

template <class... T>
results(T...) -> results<T...>;

template <std::size_t I, class... T>
constexpr decltype(auto) get(results<T...>& r) {
  return detail::slot_of<I>(r);
}
template <std::size_t I, class... T>
constexpr decltype(auto) get(const results<T...>& r) {
  return detail::slot_of<I>(r);
}
template <std::size_t I, class... T>
constexpr decltype(auto) get(results<T...>&& r) {
  return detail::slot_of<I>(static_cast<results<T...>&&>(r));
}

namespace detail {
template <class... A, class... B>
constexpr results<A..., B...> joined(const results<A...>& a, const results<B...>& b) {
  return [&]<std::size_t... I, std::size_t... K>(std::index_sequence<I...>, std::index_sequence<K...>) {
    return results<A..., B...>{{{get<I>(a)}..., {get<K>(b)}...}};
  }(std::index_sequence_for<A...>{}, std::index_sequence_for<B...>{});
}
}  // namespace detail

/// Gives a function several results: `return fg::outputs(a, b);`.
template <class... T>
constexpr results<T...> outputs(T... values) {
  return {{{static_cast<T&&>(values)}...}};
}

template <class T>
inline constexpr bool is_results = false;
template <class... T>
inline constexpr bool is_results<results<T...>> = true;

}  // namespace fusegrad

template <class... T>
struct std::tuple_size<fusegrad::results<T...>> : std::integral_constant<std::size_t, sizeof...(T)> {};
template <std::size_t I, class... T>
struct std::tuple_element<I, fusegrad::results<T...>>
    : decltype(fusegrad::detail::slot_type<I>(std::declval<const fusegrad::results<T...>&>())) {};

namespace std {
// not std's to be added to by others, but generic code on tuples spells it so, and no type of std is concerned
using fusegrad::get;
}  // namespace std
