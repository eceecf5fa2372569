// The workloads in Eigen, arrays and expressions as a practised user writes them: shared subexpressions are evaluated
// into temporaries, the rest stays lazy.
#include "rivals.hpp"

#include <cmath>

// GCC 12 warns of uninitialised values inside Eigen's AVX-512 packets.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#include <Eigen/Core>
#include <unsupported/Eigen/SpecialFunctions>
#pragma GCC diagnostic pop

namespace eigen_style {
namespace {

template <class T>
using array = Eigen::Array<T, Eigen::Dynamic, 1>;
template <class T>
auto in(const T* p, std::size_t n) {
  return Eigen::Map<const array<T>>(p, static_cast<Eigen::Index>(n));
}
template <class T>
auto out(T* p, std::size_t n) {
  return Eigen::Map<array<T>>(p, static_cast<Eigen::Index>(n));
}

template <class T>
T mse_of(const T* x, const T* y, T* dx, std::size_t n) {
  auto d = in(x, n) - in(y, n);
  out(dx, n) = d * (2 / static_cast<T>(n));
  return d.square().mean();
}

template <class T>
T huber_of(const T* x, const T* y, T* dx, std::size_t n) {
  auto d = in(x, n) - in(y, n);
  auto slope = d.max(T(-1)).min(T(1));
  out(dx, n) = slope / static_cast<T>(n);
  return (slope * (d - T(0.5) * slope)).mean();
}

template <class T>
T focal_of(const T* x_, const T* t_, T* dx, std::size_t n) {
  auto x = in(x_, n), t = in(t_, n);
  auto s = 2 * t - 1;
  array<T> z = s * x;
  array<T> e = (-z.abs()).exp();
  array<T> large = (1 + e).inverse();
  array<T> q = (z > 0).select(e * large, large);
  array<T> softplus = (1 + e).log() + (-z).max(T(0));  // log1p has no vector form for double
  array<T> weight = (T(0.75) - T(0.5) * t) * q.square();
  out(dx, n) = weight * s * (2 * (q - 1) * softplus - q) / static_cast<T>(n);
  return (weight * softplus).mean();
}

template <class T>
T gaussian_nll_of(const T* x, const T* mu, const T* lv_, T* dmu, T* dlv, std::size_t n) {
  auto lv = in(lv_, n);
  auto d = in(mu, n) - in(x, n);
  array<T> weighted = d * (-lv).exp();
  array<T> square = d * weighted;
  out(dmu, n) = weighted / static_cast<T>(n);
  out(dlv, n) = (1 - square) * (T(0.5) / static_cast<T>(n));
  return T(0.5) * (lv + square).mean();
}

template <class T>
T giou_of(const T* const* a, const T* const* b, T* const* da, std::size_t n) {
  auto x1 = in(a[0], n), y1 = in(a[1], n), x2 = in(a[2], n), y2 = in(a[3], n);
  auto u1 = in(b[0], n), v1 = in(b[1], n), u2 = in(b[2], n), v2 = in(b[3], n);
  T c = 1 / static_cast<T>(n);
  auto width = x2 - x1, height = y2 - y1;
  array<T> iw = (x2.min(u2) - x1.max(u1)).max(T(0)), ih = (y2.min(v2) - y1.max(v1)).max(T(0));
  array<T> hw = x2.max(u2) - x1.min(u1), hh = y2.max(v2) - y1.min(v1);
  array<T> inner = iw * ih;
  array<T> inverse_join = (width * height + (u2 - u1) * (v2 - v1) - inner).inverse();
  array<T> inverse_hull = (hw * hh).inverse();
  array<T> iou = inner * inverse_join;
  array<T> cover = inverse_hull * inverse_join.inverse();
  array<T> by_join = (iou * inverse_join - inverse_hull) * c;
  // Masks as numbers: select() on comparisons is not vectorised, these short loops are.
  auto number = [](const auto& mask) -> array<T> { return mask.template cast<T>(); };
  array<T> by_inner = (-inverse_join * c - by_join) * number(inner > 0);
  array<T> by_hull = cover * inverse_hull * c;
  array<T> inner_x = by_inner * ih, inner_y = by_inner * iw, hull_x = by_hull * hh, hull_y = by_hull * hw;
  out(da[0], n) = -by_join * height - hull_x + number(x1 > u1) * (hull_x - inner_x);
  out(da[1], n) = -by_join * width - hull_y + number(y1 > v1) * (hull_y - inner_y);
  out(da[2], n) = by_join * height + hull_x - number(x2 < u2) * (hull_x - inner_x);
  out(da[3], n) = by_join * width + hull_y - number(y2 < v2) * (hull_y - inner_y);
  return (2 - iou - cover).mean();
}

template <class T>
void black_scholes_of(const T* s_, const T* k_, const T* t_, const T* v_, T r, T* price, T* delta, T* theta, T* vega,
                      std::size_t n) {
  auto s = in(s_, n), k = in(k_, n), t = in(t_, n), v = in(v_, n);
  array<T> root = t.sqrt();
  array<T> spread = v * root;
  array<T> d1 = ((s / k).log() + (r + T(0.5) * v.square()) * t) / spread;
  constexpr T root_half = T(0.70710678118654752440);
  array<T> n1 = T(0.5) + T(0.5) * (d1 * root_half).erf();
  array<T> present = k * (-r * t).exp() * (T(0.5) + T(0.5) * ((d1 - spread) * root_half).erf());
  array<T> slope = s * T(0.39894228040143267794) * (T(-0.5) * d1.square()).exp();
  out(price, n) = s * n1 - present;
  out(delta, n) = n1;
  out(theta, n) = T(0.5) * slope * v / root + r * present;
  out(vega, n) = slope * root;
}

template <class T>
T dice_of(const T* x, const T* t_, T* dx, std::size_t n) {
  auto t = in(t_, n);
  array<T> p = (1 + (-in(x, n)).exp()).inverse();
  T both = (p * t).sum(), sum = p.sum() + t.sum();
  out(dx, n) = (t * (-2 / sum) + 2 * both / (sum * sum)) * p * (1 - p);
  return 1 - 2 * both / sum;
}

using rows = Eigen::Array<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using row = Eigen::Array<float, 1, Eigen::Dynamic>;
using matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

template <class M>
auto in(const float* p, std::size_t n, std::size_t m) {
  return Eigen::Map<const M>(p, static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(m));
}
template <class M>
auto out(float* p, std::size_t n, std::size_t m) {
  return Eigen::Map<M>(p, static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(m));
}

}  // namespace

#define EIGEN_STYLE_DEFINE(T)                                                                                    \
  T mse(const T* x, const T* y, T* dx, std::size_t n) { return mse_of(x, y, dx, n); }                            \
  T huber(const T* x, const T* y, T* dx, std::size_t n) { return huber_of(x, y, dx, n); }                        \
  T focal(const T* x, const T* t, T* dx, std::size_t n) { return focal_of(x, t, dx, n); }                        \
  T gaussian_nll(const T* x, const T* mu, const T* lv, T* dmu, T* dlv, std::size_t n) {                          \
    return gaussian_nll_of(x, mu, lv, dmu, dlv, n);                                                              \
  }                                                                                                              \
  T giou(const T* const* a, const T* const* b, T* const* da, std::size_t n) { return giou_of(a, b, da, n); }     \
  void black_scholes(const T* s, const T* k, const T* t, const T* v, T r, T* price, T* delta, T* theta, T* vega, \
                     std::size_t n) {                                                                            \
    black_scholes_of(s, k, t, v, r, price, delta, theta, vega, n);                                               \
  }                                                                                                              \
  T dice(const T* x, const T* t, T* dx, std::size_t n) { return dice_of(x, t, dx, n); }

EIGEN_STYLE_DEFINE(float)
EIGEN_STYLE_DEFINE(double)

// Row by row where a row is used more than once, so that it stays in cache.

float cross_entropy(const float* x_, const std::int32_t* label, float* dx_, std::size_t n, std::size_t m) {
  auto x = in<rows>(x_, n, m);
  auto dx = out<rows>(dx_, n, m);
  const float c = 1 / static_cast<float>(n);
  float loss = 0;
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    const float largest = x.row(i).maxCoeff();
    dx.row(i) = (x.row(i) - largest).exp();
    const float sum = dx.row(i).sum();
    loss += std::log(sum) + largest - x(i, label[i]);
    dx.row(i) *= c / sum;
    dx(i, label[i]) -= c;
  }
  return loss * c;
}

void layer_norm(const float* x_, const float* gamma_, const float* beta_, const float* dy_, float* y_, float* dx_,
                float* dgamma_, float* dbeta_, std::size_t n, std::size_t m) {
  auto x = in<rows>(x_, n, m), dy = in<rows>(dy_, n, m);
  auto y = out<rows>(y_, n, m), dx = out<rows>(dx_, n, m);
  auto gamma = in<row>(gamma_, 1, m), beta = in<row>(beta_, 1, m);
  auto dgamma = out<row>(dgamma_, 1, m), dbeta = out<row>(dbeta_, 1, m);
  dgamma.setZero();
  dbeta.setZero();
  row normal(x.cols()), g(x.cols());
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    normal = x.row(i) - x.row(i).mean();
    const float r = 1 / std::sqrt(normal.square().mean() + 1e-5f);
    normal *= r;
    g = dy.row(i) * gamma;
    const float by_mean = g.mean(), by_scale = (g * normal).mean();
    y.row(i) = normal * gamma + beta;
    dx.row(i) = r * (g - by_mean - normal * by_scale);
    dgamma += dy.row(i) * normal;
    dbeta += dy.row(i);
  }
}

void bias_gelu(const float* x_, const float* b_, const float* dy_, float* dx_, float* db_, std::size_t n,
               std::size_t m) {
  auto x = in<rows>(x_, n, m), dy = in<rows>(dy_, n, m);
  auto dx = out<rows>(dx_, n, m);
  auto b = in<row>(b_, 1, m);
  auto db = out<row>(db_, 1, m);
  db.setZero();
  row z(x.cols());
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    z = x.row(i) + b;
    dx.row(i) = dy.row(i) * (0.5f + 0.5f * (z * 0.70710678f).erf() + z * 0.39894228f * (-0.5f * z.square()).exp());
    db += dx.row(i);
  }
}

float softmax_regression(const float* x_, const float* w_, const float* b, const std::int32_t* label, float* dw,
                         float* db, std::size_t n, std::size_t m, std::size_t classes) {
  auto x = in<matrix>(x_, n, m), w = in<matrix>(w_, classes, m);
  const float c = 1 / static_cast<float>(n);
  matrix p = (x * w.transpose()).rowwise() + in<row>(b, 1, classes).matrix();
  float loss = 0;
  for (Eigen::Index i = 0; i < p.rows(); ++i) loss -= p(i, label[i]);
  Eigen::VectorXf largest = p.rowwise().maxCoeff();
  p = (p.colwise() - largest).array().exp();
  Eigen::VectorXf sum = p.rowwise().sum();
  loss += (sum.array().log() + largest.array()).sum();
  p.array().colwise() *= c / sum.array();
  for (Eigen::Index i = 0; i < p.rows(); ++i) p(i, label[i]) -= c;
  out<matrix>(dw, classes, m).noalias() = p.transpose() * x;
  out<row>(db, 1, classes) = p.array().colwise().sum();
  return loss * c;
}

float linear_focal(const float* x_, const float* w, float b, const float* t, float* dw, float* db, std::size_t n,
                   std::size_t m) {
  auto x = in<matrix>(x_, n, m);
  array<float> logit = (x * in(w, m).matrix()).array() + b, g(logit.size());
  const float loss = focal_of(logit.data(), t, g.data(), n);
  out(dw, m).matrix().noalias() = x.transpose() * g.matrix();
  *db = g.sum();
  return loss;
}

}  // namespace eigen_style
