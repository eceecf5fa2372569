// Scalar functions: the derivative by fusegrad beside the one written by hand, with the same numerics (a sigmoid by
// hand is as safe at +-800 as the library's). Names pair up as fused_NAME and hand_NAME; gradients are written to
// `out`.
#pragma once

#include <fusegrad/fusegrad.hpp>

#include <cmath>

namespace fg = fusegrad;

// W9a: x^2 + 2x + 1
inline double fused_parabola(double x) {
  return fg::grad<0>([](auto a) { return a * a + 2 * a + 1; })(x);
}
inline double hand_parabola(double x) { return 2 * x + 2; }

inline double fused_polynomial(double x) {
  return fg::grad<0>([](auto a) { return 4 * fg::pow(a, 4) - 3 * fg::pow(a, 3) + 2 * fg::square(a) - 7 * a + 5; })(x);
}
inline double hand_polynomial(double x) { return 16 * x * x * x - 9 * x * x + 4 * x - 7; }

inline double fused_sigmoid(double x) {
  return fg::grad<0>([](auto a) { return fg::sigmoid(a); })(x);
}
inline double hand_sigmoid(double x) {
  double e = std::exp(-std::fabs(x)), r = 1 / (1 + e);
  return e * r * r;
}

inline void fused_rosenbrock(double x, double y, double* out) {
  fg::grad<0, 1>([](auto a, auto b) {
    return fg::square(1 - a) + 100 * fg::square(b - a * a);
  }).into(out[0], out[1])(x, y);
}
inline void hand_rosenbrock(double x, double y, double* out) {
  double d = y - x * x;
  out[0] = -2 * (1 - x) - 400 * x * d;
  out[1] = 200 * d;
}

inline void fused_quotient(double x, double y, double* out) {
  auto [value, dx, dy] = fg::value_and_grad<0, 1>([](auto a, auto b) { return a / b; })(x, y);
  out[0] = value;
  out[1] = dx;
  out[2] = dy;
}
inline void hand_quotient(double x, double y, double* out) {
  double r = 1 / y, q = x * r;
  out[0] = q;
  out[1] = r;
  out[2] = -q * r;
}

// W9b: (x y + sin x) exp(y / z) - log(z + x^2)
inline void fused_mixture(double x, double y, double z, double* out) {
  auto [dx, dy, dz] = fg::grad<0, 1, 2>(
      [](auto a, auto b, auto c) { return (a * b + fg::sin(a)) * fg::exp(b / c) - fg::log(c + a * a); })(x, y, z);
  out[0] = dx;
  out[1] = dy;
  out[2] = dz;
}
inline void hand_mixture(double x, double y, double z, double* out) {
  double r = 1 / z, q = y * r, e = std::exp(q), g = (x * y + std::sin(x)) * e * r, s = 1 / (z + x * x);
  out[0] = (y + std::cos(x)) * e - 2 * x * s;
  out[1] = x * e + g;
  out[2] = -g * q - s;
}
