// fusegrad on the workloads with axes, through its public interface alone.
#include "rivals.hpp"
#include "workloads.hpp"

#include <cstddef>

namespace fused {
namespace {

namespace fg = fusegrad;

template <class T>
auto vector(T* p, std::size_t n) {
  return fg::view<T, 1>(p, {static_cast<std::ptrdiff_t>(n)});
}
template <class T>
auto matrix(T* p, std::size_t n, std::size_t m) {
  return fg::view<T, 2>(p, {static_cast<std::ptrdiff_t>(n), static_cast<std::ptrdiff_t>(m)});
}

}  // namespace

float cross_entropy(const float* x, const std::int32_t* label, float* dx, std::size_t n, std::size_t m) {
  float loss;
  fg::value_and_grad<0>(workloads::cross_entropy).into(loss, matrix(dx, n, m))(matrix(x, n, m), vector(label, n));
  return loss;
}

void layer_norm(const float* x, const float* gamma, const float* beta, const float* dy, float* y, float* dx,
                float* dgamma, float* dbeta, std::size_t n, std::size_t m) {
  fg::vjp<0, 1, 2>(workloads::layer_norm)
      .into(matrix(y, n, m), matrix(dx, n, m), vector(dgamma, m), vector(dbeta, m))(matrix(x, n, m), vector(gamma, m),
                                                                                    vector(beta, m), matrix(dy, n, m));
}

void bias_gelu(const float* x, const float* b, const float* dy, float* dx, float* db, std::size_t n, std::size_t m) {
  fg::grad<0, 1>(workloads::bias_gelu)
      .into(matrix(dx, n, m), vector(db, m))(matrix(x, n, m), vector(b, m), matrix(dy, n, m));
}

float softmax_regression(const float* x, const float* w, const float* b, const std::int32_t* label, float* dw,
                         float* db, std::size_t n, std::size_t m, std::size_t classes) {
  float loss;
  fg::value_and_grad<1, 2>(workloads::softmax_regression)
      .into(loss, matrix(dw, classes, m), vector(db, classes))(matrix(x, n, m), matrix(w, classes, m),
                                                               vector(b, classes), vector(label, n));
  return loss;
}

float linear_focal(const float* x, const float* w, float b, const float* t, float* dw, float* db, std::size_t n,
                   std::size_t m) {
  float loss;
  fg::value_and_grad<1, 2>(workloads::linear_focal)
      .into(loss, vector(dw, m), *db)(matrix(x, n, m), vector(w, m), b, vector(t, n));
  return loss;
}

}  // namespace fused
