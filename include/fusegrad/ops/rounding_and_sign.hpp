// Magnitudes, signs, roundings and remainders. Steps have no derivative: it is zero, at the steps too.
#pragma once

#include "comparison.hpp"

namespace fusegrad {

/// The sign of x: -1, 1, or x itself if it is zero or NaN. Exact. Derivative 0.
inline constexpr struct sign_t : elementwise<sign_t, 1> {
  static constexpr std::string_view name = "sign";
  static constexpr operand_rule operands = operand_rule::arithmetic;
  static constexpr bool foldable = true;
  static constexpr std::array samples{-2.0, -0.0, 0.0, 1.5};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::sign;
    return sign(x);
  }
} sign;

/// |x|. Exact. Derivative sign(x), 0 at 0.
inline constexpr struct abs_t : elementwise<abs_t, 1> {
  static constexpr std::string_view name = "abs";
  static constexpr operand_rule operands = operand_rule::arithmetic;
  static constexpr bool foldable = true;
  static constexpr std::array samples{-2.0, -0.0, 0.0, 1.5};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::abs;
    return abs(x);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto) { return sign(x); }
  static constexpr auto squared(symbolic auto x) { return x * x; }
  static constexpr int simplify(ir::builder& b, const int* x) {
    if (b.is(x[0], ir::info<neg_t>)) return b.emit(ir::info<abs_t>, b[x[0]].x[0]);  // |-x| = |x|
    return b.is(x[0], ir::info<abs_t>) ? x[0] : -1;                                 // ||x|| = |x|
  }
} abs;

/// The magnitude of x with the sign of y, which zeros have too. Exact. Derivative with respect to x: 1 where the sign
/// is kept, -1 where it changes, 0 at 0; with respect to y: 0.
inline constexpr struct copysign_t : elementwise<copysign_t, 2> {
  static constexpr std::string_view name = "copysign";
  static constexpr std::array samples{-2.0, -0.5, 1.5};
  FUSEGRAD_HD static constexpr auto value(auto x, auto y) {
    using math::copysign;
    return copysign(x, y);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto y, symbolic auto) {
    return outputs(sign(x) * copysign_t{}(1.0, y), 0.0);
  }
} copysign;

/// The largest integer that is not above x. Exact. Derivative 0.
inline constexpr struct floor_t : elementwise<floor_t, 1> {
  static constexpr std::string_view name = "floor";
  static constexpr std::array samples{-1.5, -0.0, 0.25, 2.75};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::floor;
    return floor(x);
  }
} floor;

/// The smallest integer that is not below x. Exact. Derivative 0.
inline constexpr struct ceil_t : elementwise<ceil_t, 1> {
  static constexpr std::string_view name = "ceil";
  static constexpr std::array samples{-1.5, -0.0, 0.25, 2.75};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::ceil;
    return ceil(x);
  }
} ceil;

/// The nearest integer, halves away from zero as in <cmath>. Exact. Derivative 0.
inline constexpr struct round_t : elementwise<round_t, 1> {
  static constexpr std::string_view name = "round";
  static constexpr std::array samples{-1.75, -0.0, 0.25, 2.75};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::round;
    return round(x);
  }
} round;

/// x without its fraction. Exact. Derivative 0.
inline constexpr struct trunc_t : elementwise<trunc_t, 1> {
  static constexpr std::string_view name = "trunc";
  static constexpr std::array samples{-1.5, -0.0, 0.25, 2.75};
  FUSEGRAD_HD static constexpr auto value(auto x) {
    using math::trunc;
    return trunc(x);
  }
} trunc;

/// x - n y with n = trunc(x / y), of the sign of x. Exact; NaN for infinite x and for y = 0. Derivatives 1 and -n.
inline constexpr struct fmod_t : elementwise<fmod_t, 2> {
  static constexpr std::string_view name = "fmod";
  static constexpr std::array samples{-2.0, 0.75, 3.5};
  FUSEGRAD_HD static constexpr auto value(auto x, auto y) {
    using math::fmod;
    return fmod(x, y);
  }
  // x - z is n y to within rounding, where trunc(x / y) may miss n by one
  static constexpr auto partials(symbolic auto x, symbolic auto y, symbolic auto z) {
    return outputs(1.0, -round((x - z) / y));
  }
} fmod;

/// x - n y with n the integer nearest to x / y, halves to even. Exact; NaN for infinite x and for y = 0.
/// Derivatives 1 and -n.
inline constexpr struct remainder_t : elementwise<remainder_t, 2> {
  static constexpr std::string_view name = "remainder";
  static constexpr std::array samples{-2.0, 0.75, 3.25};
  FUSEGRAD_HD static constexpr auto value(auto x, auto y) {
    using math::remainder;
    return remainder(x, y);
  }
  static constexpr auto partials(symbolic auto x, symbolic auto y, symbolic auto z) {
    return outputs(1.0, -round((x - z) / y));
  }
} remainder;

}  // namespace fusegrad
