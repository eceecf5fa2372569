// The operators of symbols and expressions. They stand before the operations, whose partials are written with them.
#pragma once

#include "../core/view.hpp"
#include "../ir/symbol.hpp"

namespace fusegrad {

/// What operations accept: numbers, symbols and expressions.
template <class T>
concept operand = traced<T> || element<T>;

struct neg_t;
struct add_t;
struct sub_t;
struct mul_t;
struct div_t;
struct equal_t;
struct not_equal_t;
struct less_t;
struct less_equal_t;
struct logical_and_t;
struct logical_or_t;
struct logical_not_t;

namespace adl {

template <class X, class Y>
concept operable = (traced<X> && operand<Y>) || (element<X> && traced<Y>);

// The operation is complete when its operator is called, not where the operator is declared.
template <class Op, class... X>
constexpr auto apply(const X&... x) {
  return Op{}(x...);
}

template <traced X>
constexpr X operator+(const X& x) {
  return x;
}
template <traced X>
constexpr auto operator-(const X& x) {
  return apply<neg_t>(x);
}
template <traced X>
constexpr auto operator!(const X& x) {
  return apply<logical_not_t>(x);
}

template <class X, class Y>
  requires operable<X, Y>
constexpr auto operator+(const X& x, const Y& y) {
  return apply<add_t>(x, y);
}

template <class X, class Y>
  requires operable<X, Y>
constexpr auto operator-(const X& x, const Y& y) {
  return apply<sub_t>(x, y);
}

template <class X, class Y>
  requires operable<X, Y>
constexpr auto operator*(const X& x, const Y& y) {
  return apply<mul_t>(x, y);
}

template <class X, class Y>
  requires operable<X, Y>
constexpr auto operator/(const X& x, const Y& y) {
  return apply<div_t>(x, y);
}

template <class X, class Y>
  requires operable<X, Y>
constexpr auto operator==(const X& x, const Y& y) {
  return apply<equal_t>(x, y);
}

template <class X, class Y>
  requires operable<X, Y>
constexpr auto operator!=(const X& x, const Y& y) {
  return apply<not_equal_t>(x, y);
}

template <class X, class Y>
  requires operable<X, Y>
constexpr auto operator<(const X& x, const Y& y) {
  return apply<less_t>(x, y);
}

template <class X, class Y>
  requires operable<X, Y>
constexpr auto operator<=(const X& x, const Y& y) {
  return apply<less_equal_t>(x, y);
}

template <class X, class Y>
  requires operable<X, Y>
constexpr auto operator&&(const X& x, const Y& y) {
  return apply<logical_and_t>(x, y);
}

template <class X, class Y>
  requires operable<X, Y>
constexpr auto operator||(const X& x, const Y& y) {
  return apply<logical_or_t>(x, y);
}

template <class X, class Y>
  requires operable<X, Y>
constexpr auto operator>(const X& x, const Y& y) {
  return apply<less_t>(y, x);
}

template <class X, class Y>
  requires operable<X, Y>
constexpr auto operator>=(const X& x, const Y& y) {
  return apply<less_equal_t>(y, x);
}

template <class X, class Y>
  requires operable<X, Y>
constexpr auto operator^(const X& x, const Y&) {
  static_assert(std::is_void_v<X>, "fusegrad: '^' is no power in C++; use fg::pow(x, y), or fg::square(x)");
  return x;
}

template <class X, class Y>
concept array_beside_expression = (traced<X> && viewable<Y>) || (viewable<X> && traced<Y>);

template <class X, class Y>
constexpr auto refuse_array(const X& x, const Y& y) {
  static_assert(!array_beside_expression<X, Y>,
                "fusegrad: an array stands beside an expression; arrays are arguments: let the function take it as a "
                "further 'auto' and pass it in the call");
  if constexpr (traced<X>) return x;
  else return y;
}

template <class X, class Y>
  requires array_beside_expression<X, Y>
constexpr auto operator+(const X& x, const Y& y) {
  return refuse_array(x, y);
}

template <class X, class Y>
  requires array_beside_expression<X, Y>
constexpr auto operator-(const X& x, const Y& y) {
  return refuse_array(x, y);
}

template <class X, class Y>
  requires array_beside_expression<X, Y>
constexpr auto operator*(const X& x, const Y& y) {
  return refuse_array(x, y);
}

template <class X, class Y>
  requires array_beside_expression<X, Y>
constexpr auto operator/(const X& x, const Y& y) {
  return refuse_array(x, y);
}

template <class X, class Y>
  requires operable<X, Y>
constexpr auto operator%(const X& x, const Y&) {
  static_assert(std::is_void_v<X>, "fusegrad: '%' is for integers of C++; use fg::fmod(x, y) or fg::remainder(x, y)");
  return x;
}

template <class X, class Y>
  requires operable<X, Y>
constexpr auto operator&(const X& x, const Y&) {
  static_assert(std::is_void_v<X>, "fusegrad: conditions meet by '&&', which takes all elements of both");
  return x;
}

template <class X, class Y>
  requires operable<X, Y>
constexpr auto operator|(const X& x, const Y&) {
  static_assert(std::is_void_v<X>, "fusegrad: conditions meet by '||', which takes all elements of both");
  return x;
}

// Where none can be assigned to, the assignment says so; and where, if the type is deduced.
template <class X, class Y>
constexpr auto& assign(X& x, const Y& y) {
  static_assert(traced<X>,
                "fusegrad: a number cannot take up an expression, as 'sum += x' asks; let the sum begin as one: "
                "auto sum = 0 * x");
  if constexpr (traced<X>) x = y;
  return x;
}

template <class X, class Y>
  requires operable<X, Y>
constexpr auto& operator+=(X& x, const Y& y) {
  return assign(x, x + y);
}

template <class X, class Y>
  requires operable<X, Y>
constexpr auto& operator-=(X& x, const Y& y) {
  return assign(x, x - y);
}

template <class X, class Y>
  requires operable<X, Y>
constexpr auto& operator*=(X& x, const Y& y) {
  return assign(x, x * y);
}

template <class X, class Y>
  requires operable<X, Y>
constexpr auto& operator/=(X& x, const Y& y) {
  return assign(x, x / y);
}

}  // namespace adl
}  // namespace fusegrad
