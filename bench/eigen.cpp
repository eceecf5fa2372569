// The workloads in Eigen, arrays and expressions as a practised user writes them: shared subexpressions are evaluated
// into temporaries, the rest stays lazy.
#include "rivals.hpp"

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

}  // namespace eigen_style
