// Everything that is timed, as plain functions with one signature a workload, each defined in a translation unit of its
// own so that no rival is inlined into the timing loop or sees another's flags. Arrays never overlap; every function
// writes all gradients and returns the loss. README.md defines the workloads.
#pragma once

#include <cstddef>
#include <cstdint>

#define RIVAL_DECLARE(T)                                                                                         \
  T mse(const T* x, const T* y, T* dx, std::size_t n);                                                           \
  T huber(const T* x, const T* y, T* dx, std::size_t n);                                                         \
  T focal(const T* x, const T* t, T* dx, std::size_t n);                                                         \
  T gaussian_nll(const T* x, const T* mu, const T* lv, T* dmu, T* dlv, std::size_t n);                           \
  T giou(const T* const* a, const T* const* b, T* const* da, std::size_t n);                                     \
  void black_scholes(const T* s, const T* k, const T* t, const T* v, T r, T* price, T* delta, T* theta, T* vega, \
                     std::size_t n);                                                                             \
  T dice(const T* x, const T* t, T* dx, std::size_t n);

/// Matrices are dense and row-major, n rows of m columns; the linear models have rows of m features.
#define RIVAL_DECLARE_AXES                                                                                             \
  float cross_entropy(const float* x, const std::int32_t* label, float* dx, std::size_t n, std::size_t m);             \
  void layer_norm(const float* x, const float* gamma, const float* beta, const float* dy, float* y, float* dx,         \
                  float* dgamma, float* dbeta, std::size_t n, std::size_t m);                                          \
  void bias_gelu(const float* x, const float* b, const float* dy, float* dx, float* db, std::size_t n, std::size_t m); \
  float softmax_regression(const float* x, const float* w, const float* b, const std::int32_t* label, float* dw,       \
                           float* db, std::size_t n, std::size_t m, std::size_t classes);                              \
  float linear_focal(const float* x, const float* w, float b, const float* t, float* dw, float* db, std::size_t n,     \
                     std::size_t m);

/// AVX-512 intrinsics; float, and double for the two workloads that are timed in double.
namespace hand::h3 {
RIVAL_DECLARE(float)
RIVAL_DECLARE_AXES
double focal(const double* x, const double* t, double* dx, std::size_t n);
void black_scholes(const double* s, const double* k, const double* t, const double* v, double r, double* price,
                   double* delta, double* theta, double* vega, std::size_t n);
}  // namespace hand::h3

/// Natural loop, -ffast-math, ivdep, restrict.
namespace hand::h2 {
RIVAL_DECLARE(float)
RIVAL_DECLARE(double)
RIVAL_DECLARE_AXES
}  // namespace hand::h2

/// Natural loop.
namespace hand::h1 {
RIVAL_DECLARE(float)
RIVAL_DECLARE(double)
RIVAL_DECLARE_AXES
}  // namespace hand::h1

/// Eigen arrays, expression style.
namespace eigen_style {
RIVAL_DECLARE(float)
RIVAL_DECLARE(double)
RIVAL_DECLARE_AXES
}  // namespace eigen_style

/// xtensor, expression style; the workloads with axes only.
namespace xtensor_style {
RIVAL_DECLARE_AXES
}  // namespace xtensor_style

/// fusegrad through its public interface.
namespace fused {
RIVAL_DECLARE(float)
RIVAL_DECLARE(double)
RIVAL_DECLARE_AXES
}  // namespace fused

namespace hand {
/// The bandwidth limit: reads `in` arrays, writes `out` arrays (out <= in), next to no arithmetic.
template <std::size_t In, std::size_t Out, class T>
void streaming_copy(const T* const* in, T* const* out, std::size_t n);

/// Reads only; the sum keeps the loads alive. Twice this and a copy is what a two-pass loss must move.
template <std::size_t In, class T>
T streaming_read(const T* const* in, std::size_t n);
}  // namespace hand

#undef RIVAL_DECLARE
#undef RIVAL_DECLARE_AXES
