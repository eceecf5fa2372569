// Sums, products and quotients. Their algebraic rules change no result except by rounding: what is stated beside each
// holds for signed zeros, infinities and NaN.
#pragma once

#include "../core/math.hpp"
#include "operation.hpp"

namespace fusegrad {

/// -x.
inline constexpr struct neg_t : elementwise<neg_t, 1> {
  static constexpr std::string_view name = "neg";
  static constexpr operand_rule operands = operand_rule::arithmetic;
  static constexpr bool foldable = true;
  static constexpr std::array samples{-2.0, -0.0, 0.0, 3.5};
  FUSEGRAD_HD static constexpr auto value(auto x) { return math::negative(x); }
  static constexpr auto partials(symbolic auto, symbolic auto) { return -1.0; }
  static constexpr int simplify(ir::builder& b, const int* x) {
    return b.is(x[0], ir::info<neg_t>) ? b[x[0]].x[0] : -1;  // -(-x) = x
  }
} neg;

/// x + y.
inline constexpr struct add_t : elementwise<add_t, 2> {
  static constexpr std::string_view name = "add";
  static constexpr operand_rule operands = operand_rule::arithmetic;
  static constexpr bool commutative = true, foldable = true;
  static constexpr std::array samples{-2.0, 0.0, 1.5};
  FUSEGRAD_HD static constexpr auto value(auto x, auto y) { return math::sum(x, y); }
  static constexpr auto partials(symbolic auto, symbolic auto, symbolic auto) { return std::array{1.0, 1.0}; }
  static constexpr int simplify(ir::builder& b, const int* x);
} add;

namespace detail {
/// What an operation says of a value of its own, `of` being one of its functions for that; -1: nothing.
constexpr int better(ir::builder& b, int value, auto ir::op_info::*of) {
  const ir::instruction made = b[value];  // what follows may move the code
  return (*made.op).*of == nullptr ? -1 : b.keeps_digits(((*made.op).*of)(b, made.x));
}
}  // namespace detail

/// x - y.
inline constexpr struct sub_t : elementwise<sub_t, 2> {
  static constexpr std::string_view name = "sub";
  static constexpr operand_rule operands = operand_rule::arithmetic;
  static constexpr bool foldable = true;
  static constexpr std::array samples{-2.0, 0.0, 1.5};
  FUSEGRAD_HD static constexpr auto value(auto x, auto y) { return math::difference(x, y); }
  static constexpr auto partials(symbolic auto, symbolic auto, symbolic auto) { return std::array{1.0, -1.0}; }
  static constexpr int simplify(ir::builder& b, const int* x) {
    if (b.is_constant(x[1], 0.0)) return x[0];                                            // x - 0 = x
    if (b.is(x[1], ir::info<neg_t>)) return b.emit(ir::info<add_t>, x[0], b[x[1]].x[0]);  // x - (-y) = x + y
    if (b.is_constant(x[0], 1.0)) return detail::better(b, x[1], &ir::op_info::complement);
    return b.is_constant(x[1], 1.0) ? less_one(b, x[0]) : -1;
  }
  /// y - 1 as -(1 - y).
  static constexpr int less_one(ir::builder& b, int y) {
    const int complement = detail::better(b, y, &ir::op_info::complement);
    return complement < 0 ? -1 : b.emit(ir::info<neg_t>, complement);
  }
} sub;

constexpr int add_t::simplify(ir::builder& b, const int* x) {
  if (b.is_constant(x[1], -0.0)) return x[0];  // x + (-0) = x; integers have one zero
  if (b.is(x[1], ir::info<neg_t>)) return b.emit(ir::info<sub_t>, x[0], b[x[1]].x[0]);  // x + (-y) = x - y
  if (b.is(x[0], ir::info<neg_t>)) return b.emit(ir::info<sub_t>, x[1], b[x[0]].x[0]);
  return b.is_constant(x[1], -1.0) ? sub_t::less_one(b, x[0]) : -1;
}

/// x y.
inline constexpr struct mul_t : elementwise<mul_t, 2> {
  static constexpr std::string_view name = "mul";
  static constexpr operand_rule operands = operand_rule::arithmetic;
  static constexpr bool commutative = true, foldable = true;
  static constexpr std::array samples{-2.0, 0.0, 1.5};
  FUSEGRAD_HD static constexpr auto value(auto x, auto y) { return math::product(x, y); }
  static constexpr auto partials(symbolic auto x, symbolic auto y, symbolic auto) { return std::array{y, x}; }
  static constexpr int simplify(ir::builder& b, const int* x) {
    const ir::op_info &negation = ir::info<neg_t>, &product = ir::info<mul_t>;
    if (b.is_constant(x[1])) {
      const double c = b.known(x[1]);
      if (c == 1) return x[0];                     // x 1 = x
      if (c == -1) return b.emit(negation, x[0]);  // x (-1) = -x
      if (b.is(x[0], negation) && (moderate(c) || is_floating(b[x[1]].type)))
        return b.emit(product, b[x[0]].x[0], b.constant(-c, b[x[1]].type));  // (-x) c = x (-c)
      // (x c) d = x (cd), which rounds differently; for factors so near to 1 that none of the products could overflow
      // alone
      if (b.is(x[0], product) && b.is_constant(b[x[0]].x[1]) && moderate(c) && moderate(b.known(b[x[0]].x[1])))
        return b.emit(product, b[x[0]].x[0], b.constant(c * b.known(b[x[0]].x[1]), b[x[1]].type));
    }
    if (b.is(x[0], negation) && b.is(x[1], negation)) return b.emit(product, b[x[0]].x[0], b[x[1]].x[0]);
    if (x[0] == x[1])
      if (const int squared = detail::better(b, x[0], &ir::op_info::squared); squared >= 0) return squared;
    return regroup(b, x);
  }

 private:
  static constexpr bool moderate(double c) { return (c < 0 ? -c : c) >= 1e-3 && (c < 0 ? -c : c) <= 1e3; }

  // (x a) s = x (a s), which rounds differently, where a varies along fewer axes than x a, and s is a share: one
  // product for many elements instead of one for each. A share is moderate or small, so that a s overflows no sooner.
  static constexpr int regroup(ir::builder& b, const int* x);

 public:
  /// Is v one divided by a number of elements, perhaps times moderate constants? It is finite.
  static constexpr bool is_share(const ir::builder& b, int v, int depth = 0);
} mul;

/// 1 / x. At 0: infinity of x's sign.
inline constexpr struct reciprocal_t : elementwise<reciprocal_t, 1> {
  static constexpr std::string_view name = "reciprocal";
  static constexpr bool foldable = true, divides = true;
  static constexpr int flops = 1;
  static constexpr std::array samples{-2.0, 0.5, 3.0};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::reciprocal;
    return reciprocal(x);
  }
  static constexpr auto partials(symbolic auto, symbolic auto y) { return -(y * y); }
} reciprocal;

constexpr bool mul_t::is_share(const ir::builder& b, int v, int depth) {
  if (b[v].axes != 0 || b[v].arity() == 0 || depth > 4) return false;
  if (b.is(v, ir::info<mul_t>))
    return b.is_constant(b[v].x[1]) && moderate(b.known(b[v].x[1])) && is_share(b, b[v].x[0], depth + 1);
  if (b.is(v, ir::info<neg_t>) || b[v].is(op_kind::convert)) return is_share(b, b[v].x[0], depth + 1);
  if (!b.is(v, ir::info<reciprocal_t>)) return false;
  int number = b[v].x[0];
  while (b[number].is(op_kind::convert)) number = b[number].x[0];
  return b[number].is(op_kind::count);
}
constexpr int mul_t::regroup(ir::builder& b, const int* x) {
  for (int k = 0; k < 2; ++k) {
    const int share = x[k], made = x[1 - k];
    if (b[share].axes != 0 || b[made].axes == 0 || !b.is(made, ir::info<mul_t>) || !is_share(b, share)) continue;
    for (int l = 0; l < 2; ++l)
      if (const int steady = b[made].x[l], varying = b[made].x[1 - l]; b[steady].axes != b[made].axes)
        return b.emit(ir::info<mul_t>, varying, b.emit(ir::info<mul_t>, steady, share));
  }
  return -1;
}

/// x / y. Integers are divided as floating-point numbers. Derivatives share one reciprocal of y: where 1/y (second
/// order: 1/y^2) overflows or vanishes and x is 0 or infinite, they are NaN.
inline constexpr struct div_t : elementwise<div_t, 2> {
  static constexpr std::string_view name = "div";
  static constexpr bool foldable = true, divides = true;
  static constexpr std::array samples{-2.0, 0.5, 3.0};
  FUSEGRAD_HD static constexpr auto value(auto x, auto y) {
    using math::divide;
    return divide(x, y);
  }
  static constexpr auto partials(symbolic auto, symbolic auto y, symbolic auto z) {
    const auto r = reciprocal(y);
    return std::array{r, -(z * r)};
  }
  static constexpr int simplify(ir::builder& b, const int* x) {
    if (b.is_constant(x[0], 1.0)) return b.emit(ir::info<reciprocal_t>, x[1]);
    if (b.is_constant(x[1])) {
      const double c = b.known(x[1]), size = c < 0 ? -c : c;
      if (c == 1) return x[0];
      // a constant divisor becomes a factor, which rounds differently; never near the ends of float's range
      if (size > 1e-30 && size < 1e30) return b.emit(ir::info<mul_t>, x[0], b.constant(1 / c, b[x[1]].type));
    }
    return -1;
  }
} div;

/// x y + z, rounded once.
inline constexpr struct fma_t : elementwise<fma_t, 3> {
  static constexpr std::string_view name = "fma";
  static constexpr int flops = 2;
  static constexpr std::array samples{-2.0, 0.5, 3.0};
  // without the instruction packs would round twice: then the C library is asked, number by number
  FUSEGRAD_HD static constexpr auto value(auto x, auto y, auto z)
    requires(math::has_fma || std::floating_point<decltype(x)>)
  {
    using math::fma;
    return fma(x, y, z);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto y, symbolic auto, symbolic auto) {
    return outputs(y, x, 1.0);
  }
} fma;

/// x y + z, rounded once or twice: what the target does fastest. Programs use it for a product that only a sum needs.
inline constexpr struct multiply_add_t : elementwise<multiply_add_t, 3> {
  static constexpr std::string_view name = "multiply_add";
  static constexpr int flops = 2;
  static constexpr std::array samples{-2.0, 0.5, 3.0};
  FUSEGRAD_HD static constexpr auto value(auto x, auto y, auto z) {
    using math::multiply_add;
    return multiply_add(x, y, z);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto y, symbolic auto, symbolic auto) {
    return outputs(y, x, 1.0);
  }
} multiply_add;

/// x^2.
inline constexpr struct square_t : composite<square_t, 1> {
  static constexpr std::string_view name = "square";
  static constexpr operand_rule operands = operand_rule::arithmetic;
  static constexpr std::array samples{-2.0, 0.0, 1.5};
  static constexpr auto value(auto x) { return x * x; }
} square;

namespace parts {
template <class T>
struct cast_to : operation<cast_to<T>, 1> {
  static_assert(std::is_same_v<T, bool> || (sizeof(T) == sizeof(type_of<dtype_of<T>>) &&
                                            std::is_signed_v<T> == std::is_signed_v<type_of<dtype_of<T>>>),
                "fusegrad: programs compute in bool, std::int32_t, std::int64_t, std::uint64_t, float and double; "
                "fg::cast makes one of these");
  static constexpr int trace(ir::builder& b, const int* x) { return b.convert(x[0], dtype_of<T>); }
};
}  // namespace parts

/// x as a number of type T, as C++ converts it; towards integers, what T does not hold is anything. Derivative 1
/// between floating-point types. `fg::sum(fg::cast<double>(x))` adds floats up in double.
template <element T, traced X>
constexpr auto cast(const X& x) {
  return adl::apply<parts::cast_to<T>>(x);
}
template <element T, element X>
constexpr T cast(X x) {
  return static_cast<T>(x);
}

/// x where values pass and derivatives do not: d/dx = 0.
inline constexpr struct stop_gradient_t : elementwise<stop_gradient_t, 1> {
  static constexpr std::string_view name = "stop_gradient";
  static constexpr operand_rule operands = operand_rule::any;
  static constexpr int flops = 0;
  static constexpr std::array samples{-2.0, 0.0, 1.5};
  FUSEGRAD_HD static constexpr auto value(auto x) { return x; }
} stop_gradient;

}  // namespace fusegrad
