// Scalar special functions that no C library has: the gamma function's higher derivatives and the functions that stand
// in derivatives of operations where a closed form would cancel. Float is computed in double. Knows of no programs.
#pragma once

#include <utility>

#include "math.hpp"

namespace fusegrad::math {
inline namespace FUSEGRAD_ISA {

namespace detail {

/// The distance to the nearest integer, signed; exact.
FUSEGRAD_HD constexpr double from_integer(double x) { return x - round(x); }

/// pi / tan(pi x).
FUSEGRAD_HD constexpr double pi_cotangent(double x) {
  constexpr double pi = 3.14159265358979324;
  return pi / tan(pi * from_integer(x));
}

/// The n-th derivative of pi cot(pi x), n <= 12: a polynomial in c = cot(pi x), for dc/dx = -pi (1 + c^2).
FUSEGRAD_HD constexpr double cotangent_derivative(int n, double x) {
  constexpr double pi = 3.14159265358979324;
  double p[16]{0, pi};
  for (int k = 1; k <= n; ++k) {
    double d[16]{};
    for (int i = 1; i <= k; ++i) {
      d[i - 1] -= pi * i * p[i];
      d[i + 1] -= pi * i * p[i];
    }
    for (int i = 0; i <= k + 1; ++i) p[i] = d[i];
  }
  const double c = pi_cotangent(x) / pi;
  double sum = p[n + 1];
  for (int i = n; i >= 0; --i) sum = sum * c + p[i];
  return sum;
}

/// psi(x) for x > 0: upwards by psi(x) = psi(x + 1) - 1/x to where the asymptotic series (A&S 6.3.18) holds.
FUSEGRAD_HD constexpr double positive_digamma(double x) {
  double sum = 0;
  for (; x < 10; x += 1) sum -= 1 / x;
  const double z = 1 / (x * x);
  const double series =
      z *
      (1. / 12 - z * (1. / 120 -
                      z * (1. / 252 -
                           z * (1. / 240 - z * (1. / 132 - z * (691. / 32760 - z * (1. / 12 - z * (3617. / 8160))))))));
  return sum + (log(x) - (0.5 / x + series));
}

/// |psi_n(x)| for x > 0 and n >= 1: n! times the sum over k of (x + k)^-(n+1), its tail by A&S 6.4.11.
FUSEGRAD_HD constexpr double positive_polygamma(int n, double x) {
  constexpr double bernoulli[]{1. / 6, -1. / 30,     1. / 42,      -1. / 30,       5. / 66,       -691. / 2730,
                               7. / 6, -3617. / 510, 43867. / 798, -174611. / 330, 854513. / 138, -236364091. / 2730};
  double factorial = 1;  // (n - 1)!
  for (int k = 2; k < n; ++k) factorial *= k;
  double sum = 0;
  for (; x < 12 + n; x += 1) sum += n * pow(x, -(n + 1.0));
  const double z = 1 / (x * x);
  double tail = 1 + 0.5 * n / x, term = n * z / 2;  // term k: z^k (2k + n - 1)! / ((2k)! (n - 1)!)
  term *= n + 1;
  for (int k = 1; k <= 12; ++k) {
    tail += bernoulli[k - 1] * term;
    term *= z * (2 * k + n) * (2 * k + n + 1) / ((2. * k + 1) * (2 * k + 2));
  }
  return factorial * (sum + pow(x, -static_cast<double>(n)) * tail);
}

}  // namespace detail

/// The derivative of log |gamma(x)|; NaN at negative integers.
template <std::floating_point T>
FUSEGRAD_HD constexpr T digamma(T argument) {
  const double x = static_cast<double>(argument);
  if (x == 0) return static_cast<T>(-1 / x);
  if (x > 0) return static_cast<T>(x < __builtin_inf() ? detail::positive_digamma(x) : x);
  if (x == trunc(x)) return static_cast<T>(__builtin_nan(""));
  return static_cast<T>(detail::positive_digamma(1 - x) - detail::pi_cotangent(x));
}

/// The n-th derivative of digamma, n = 0 to 12.
template <std::floating_point T>
FUSEGRAD_HD constexpr T polygamma(T order, T argument) {
  const double x = static_cast<double>(argument);
  if (order == 0) return digamma(argument);
  if (!(order >= 1 && order <= 12) || order != trunc(order)) return static_cast<T>(__builtin_nan(""));
  const int n = static_cast<int>(order);
  const double sign = n % 2 == 0 ? -1 : 1;
  if (x == 0) return static_cast<T>(n % 2 == 0 ? -1 / x : __builtin_inf());
  if (x > 0) return static_cast<T>(x < __builtin_inf() ? sign * detail::positive_polygamma(n, x) : 0);
  return static_cast<T>(-detail::positive_polygamma(n, 1 - x) - detail::cotangent_derivative(n, x));
}

/// The n-th derivative of sin(pi x) / (pi x). Around 0 its power series; elsewhere upwards in n, by Leibniz's rule on
/// x sinc(x) = sin(pi x) / pi: x f_n + n f_(n-1) is the n-th derivative of the right side.
template <std::floating_point T>
FUSEGRAD_HD constexpr T sinc_derivative(T order, T argument) {
  constexpr double pi = 3.14159265358979324;
  const double x = static_cast<double>(argument), t = pi * x;
  const int n = static_cast<int>(order);
  double scale = 1;  // pi^n
  for (int k = 0; k < n; ++k) scale *= pi;
  if (abs(t) < n + 0.5) {
    // (-1)^((m+n)/2) t^m / (m! (m+n+1)) over all m for which m + n is even
    double power = n % 2 == 0 ? 1 : t, sum = 0;
    int sign = (n + 1) / 2 % 2 == 0 ? 1 : -1;
    for (int m = n % 2; m < 40; m += 2) {
      sum += sign * power / (m + n + 1);
      power *= t * t / ((m + 1.) * (m + 2.));
      sign = -sign;
    }
    return static_cast<T>(scale * sum);
  }
  const double turn = pi * (x - 2 * round(0.5 * x)), s = sin(turn), c = cos(turn);
  double value = s / t, factor = 1;  // pi^(k-1)
  for (int k = 1; k <= n; ++k) {
    const double side = k % 4 == 0 ? s : k % 4 == 1 ? c : k % 4 == 2 ? -s : -c;
    value = (factor * side - k * value) / x;
    factor *= pi;
  }
  return static_cast<T>(value);
}

/// The inverse of the error function. Winitzki's estimate (2008) is right to 0.002, and Halley's steps, on whichever of
/// erf and erfc is small, each make a cube of that. Computed in double at least. Error: 3 ulp.
template <std::floating_point T>
FUSEGRAD_HD constexpr T erfinv(T argument) {
  using wide = std::conditional_t<extended<T>, T, double>;
  const wide x = abs(static_cast<wide>(argument)), rest = 1 - x;
  if (!(rest > 0))
    return static_cast<T>(rest < 0 || x != x ? wide(__builtin_nan(""))
                                             : copysign(wide(__builtin_inf()), static_cast<wide>(argument)));
  const wide a = wide(0.147), slope = wide(1.12837916709551257390L);
  const wide tail = log(rest * (1 + x)), middle = 2 / (wide(3.14159265358979323846L) * a) + tail / 2;
  wide y = sqrt(sqrt(middle * middle - tail / a) - middle);
  for (int step = 0; step < 3; ++step) {
    const wide off = (x < wide(0.5) ? erf(y) - x : rest - erfc(y)) / (slope * exp(-y * y));
    y -= off / (1 + y * off);
  }
  return static_cast<T>(copysign(y, static_cast<wide>(argument)));
}

/// expm1(x) - x exp(x): what an exponential's deviation from 1 loses when its argument is stretched.
template <std::floating_point T>
FUSEGRAD_HD constexpr T stretched_expm1(T argument) {
  const double x = static_cast<double>(argument);
  if (x == -__builtin_inf()) return T(-1);
  if (abs(x) >= 1) return static_cast<T>(expm1(x) - x * exp(x));
  double sum = 0, factorial = 51090942171709440000.0;  // the series -x^2 (1/2! + 2 x/3! + 3 x^2/4! + ...), 21! first
  for (int k = 19; k >= 0; --k) {
    sum = sum * x + (k + 1) / factorial;
    factorial /= k + 2;
  }
  return static_cast<T>(-x * x * sum);
}

/// exp(a^2) erfc(a) (a + 4) for a in [0, 10.1] as a polynomial in (a - 4) / (a + 4), in single precision, the highest
/// power first. From tests/oracle/minimax.py.
inline constexpr float erfc_by_quotient[]{-0.000722239260f, -0.000317424914f, 0.00623510312f, -0.0263415799f,
                                          0.0763499513f,    -0.174015194f,    0.330856591f,   -0.540853620f,
                                          0.773208380f,     -0.976548731f,    1.09599566f};

#if defined(__CUDA_ARCH__)
namespace on_gpu {
template <int K>
inline constexpr float erfc_coefficient = erfc_by_quotient[K];
template <int... K>
__device__ float erfc_polynomial(float q, std::integer_sequence<int, K...>) {
  float y = erfc_coefficient<0>;
  ((y = __builtin_fmaf(y, q, erfc_coefficient<K + 1>)), ...);
  return y;
}
/// In a few instructions without a branch; from 14.2 on what it is there. The error of the estimated 1 / (a + 4) is
/// carried along. Error: 3 ulp.
__device__ inline float normal_tail(float x) {
  const float a = min(0.707106781f * x, 10.1f), sum = a + 4.0f, lost = a - (sum - 4.0f);
  float inverse;
  asm("rcp.approx.ftz.f32 %0, %1;" : "=f"(inverse) : "f"(sum));
  const float error = __builtin_fmaf(-lost, inverse, __builtin_fmaf(-sum, inverse, 1.0f));
  const float q = __builtin_fmaf(-8.0f * inverse, error, __builtin_fmaf(inverse, -8.0f, 1.0f));
  const float y = 0.5f * inverse * erfc_polynomial(q, std::make_integer_sequence<int, 10>{});
  return __builtin_fmaf(y, error, y);
}
}  // namespace on_gpu
#endif

/// Phi(-x) exp(x^2/2) for x >= 0, Phi the distribution function of the standard normal distribution.
template <std::floating_point T>
FUSEGRAD_HD constexpr T normal_tail(T x) {
#if defined(__CUDA_ARCH__)
  if (!__builtin_is_constant_evaluated()) {
    if constexpr (single<T>) return on_gpu::normal_tail(x);
    else if constexpr (!extended<T>)
      return 0.5 * ::erfcx(0.707106781186547524 * x);  // CUDA's exp(x^2) erfc(x), to 4 ulp
  }
#endif
  if constexpr (!std::is_same_v<T, double>) {
    return static_cast<T>(normal_tail(static_cast<double>(x)));
  } else {
    if (!(x > 5)) return 0.5 * erfc(0.707106781186547524 * x) * exp(0.5 * x * x);
    double fraction = x;  // 1 / (x + 1 / (x + 2 / (x + ...))), A&S 26.2.14
    for (int k = 30; k > 0; --k) fraction = x + k / fraction;
    return 0.398942280401432678 / fraction;
  }
}

}  // namespace FUSEGRAD_ISA
}  // namespace fusegrad::math
