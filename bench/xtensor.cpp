// The workloads with axes in xtensor, in the style of NumPy: reductions with kept axes, intermediate results evaluated
// where they are used again.
#include "rivals.hpp"

#include <array>
#include <cmath>

#define XTENSOR_USE_XSIMD
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#include <xtensor/xadapt.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xnoalias.hpp>
#include <xtensor/xtensor.hpp>
#include <xtensor/xview.hpp>

namespace xtensor_style {
namespace {

template <class T, std::size_t Rank>
auto array(T* p, std::array<std::size_t, Rank> shape) {
  std::size_t size = 1;
  for (std::size_t extent : shape) size *= extent;
  return xt::adapt(p, size, xt::no_ownership(), shape);
}
using matrix = xt::xtensor<float, 2>;
using vector = xt::xtensor<float, 1>;
const auto keep = xt::keep_dims | xt::evaluation_strategy::immediate;
constexpr auto now = xt::evaluation_strategy::immediate;

}  // namespace

float cross_entropy(const float* x_, const std::int32_t* label, float* dx_, std::size_t n, std::size_t m) {
  auto x = array<const float, 2>(x_, {n, m});
  auto dx = array<float, 2>(dx_, {n, m});
  const float c = 1 / static_cast<float>(n);
  matrix largest = xt::amax(x, {1}, keep);
  xt::noalias(dx) = xt::exp(x - largest);
  matrix sum = xt::sum(dx, {1}, keep);
  matrix scale = c / sum;
  dx *= scale;
  float loss = xt::sum(xt::log(sum) + largest, now)();
  for (std::size_t i = 0; i < n; ++i) {
    const auto l = static_cast<std::size_t>(label[i]);
    loss -= x(i, l);
    dx(i, l) -= c;
  }
  return loss * c;
}

void layer_norm(const float* x_, const float* gamma_, const float* beta_, const float* dy_, float* y_, float* dx_,
                float* dgamma_, float* dbeta_, std::size_t n, std::size_t m) {
  auto x = array<const float, 2>(x_, {n, m}), dy = array<const float, 2>(dy_, {n, m});
  auto gamma = array<const float, 1>(gamma_, {m}), beta = array<const float, 1>(beta_, {m});
  auto y = array<float, 2>(y_, {n, m}), dx = array<float, 2>(dx_, {n, m});
  auto dgamma = array<float, 1>(dgamma_, {m}), dbeta = array<float, 1>(dbeta_, {m});
  const float c = 1 / static_cast<float>(m);
  matrix mean = xt::sum(x, {1}, keep) * c;
  matrix normal = x - mean;
  matrix square = xt::sum(normal * normal, {1}, keep);
  matrix r = 1.0f / xt::sqrt(square * c + 1e-5f);
  normal *= r;
  xt::noalias(y) = normal * gamma + beta;
  matrix g = dy * gamma;
  matrix by_mean = xt::sum(g, {1}, keep) * c, by_scale = xt::sum(g * normal, {1}, keep) * c;
  xt::noalias(dx) = r * (g - by_mean - normal * by_scale);
  xt::noalias(dgamma) = xt::sum(dy * normal, {0}, now);
  xt::noalias(dbeta) = xt::sum(dy, {0}, now);
}

void bias_gelu(const float* x_, const float* b_, const float* dy_, float* dx_, float* db_, std::size_t n,
               std::size_t m) {
  auto x = array<const float, 2>(x_, {n, m}), dy = array<const float, 2>(dy_, {n, m});
  auto b = array<const float, 1>(b_, {m});
  auto dx = array<float, 2>(dx_, {n, m});
  auto db = array<float, 1>(db_, {m});
  matrix z = x + b;
  xt::noalias(dx) = dy * (0.5f + 0.5f * xt::erf(z * 0.70710678f) + z * 0.39894228f * xt::exp(-0.5f * z * z));
  xt::noalias(db) = xt::sum(dx, {0}, now);
}

float softmax_regression(const float* x_, const float* w_, const float* b_, const std::int32_t* label, float* dw_,
                         float* db_, std::size_t n, std::size_t m, std::size_t classes) {
  auto x = array<const float, 2>(x_, {n, m}), w = array<const float, 2>(w_, {classes, m});
  auto b = array<const float, 1>(b_, {classes});
  auto dw = array<float, 2>(dw_, {classes, m});
  auto db = array<float, 1>(db_, {classes});
  matrix logits({n, classes}), g({n, classes});
  for (std::size_t k = 0; k < classes; ++k)
    xt::view(logits, xt::all(), k) = xt::sum(x * xt::view(w, k, xt::all()), {1}, now) + b(k);
  const float loss = cross_entropy(logits.data(), label, g.data(), n, classes);
  for (std::size_t k = 0; k < classes; ++k) {
    matrix column = xt::view(g, xt::all(), xt::range(k, k + 1));
    xt::view(dw, k, xt::all()) = xt::sum(x * column, {0}, now);
  }
  xt::noalias(db) = xt::sum(g, {0}, now);
  return loss;
}

float linear_focal(const float* x_, const float* w_, float b, const float* t_, float* dw_, float* db, std::size_t n,
                   std::size_t m) {
  auto x = array<const float, 2>(x_, {n, m});
  auto w = array<const float, 1>(w_, {m});
  auto t = array<const float, 2>(t_, {n, 1});
  auto dw = array<float, 1>(dw_, {m});
  const float c = 1 / static_cast<float>(n);
  matrix logit = xt::sum(x * w, {1}, keep) + b;
  matrix s = 2.0f * t - 1.0f;
  matrix z = s * logit;
  matrix e = xt::exp(-xt::abs(z));
  matrix large = 1.0f / (1.0f + e);
  matrix q = xt::where(z > 0.0f, e * large, large);
  matrix softplus = xt::log1p(e) + xt::maximum(-z, 0.0f);
  matrix weight = (0.75f - 0.5f * t) * q * q;
  matrix g = weight * s * (2.0f * (q - 1.0f) * softplus - q) * c;
  xt::noalias(dw) = xt::sum(x * g, {0}, now);
  *db = xt::sum(g, now)();
  return xt::sum(weight * softplus, now)() * c;
}

}  // namespace xtensor_style
#pragma GCC diagnostic pop
