// H3: the best loops by hand, AVX-512 intrinsics with inlined vector math. Needs AVX-512 F and DQ.
#include "../rivals.hpp"

#include "sweep.hpp"

namespace hand::h3 {
namespace {

using namespace hand::avx512;

template <class T>
T focal_of(const T* x, const T* t, T* dx, std::size_t n) {
  using V = vector_of<T>;
  double inverse = 1 / static_cast<double>(n);
  V scale_dx = broadcast<V>(inverse);
  double loss[1];
  sweep<T, 1, 1>(
      [=](auto io, std::size_t i, V* sum) __attribute__((always_inline)) {
        V one = broadcast<V>(1), tt = io.load(t + i);
        V s = fms(tt, broadcast<V>(2), one);
        V a = fnma(tt, broadcast<V>(0.5), broadcast<V>(0.75));
        V z = s * io.load(x + i);
        auto [e, small, large] = logistic_of(z);
        auto positive = z > V{};
        V q = positive ? small : large, p = positive ? large : small;
        V softplus = log1p_unit(e) - (positive ? V{} : z);
        V weight = a * q * q;
        io.add(sum[0], weight * softplus);
        // d/dz (a q^2 softplus) = -a q^2 (2 p softplus + q)
        io.store(dx + i, fnma(p + p, softplus, V{} - q) * (weight * s * scale_dx));
      },
      n, 3 * sizeof(T), {dx}, loss);
  return static_cast<T>(loss[0] * inverse);
}

template <class T>
void black_scholes_of(const T* s, const T* k, const T* t, const T* v, T r, T* price, T* delta, T* theta, T* vega,
                      std::size_t n) {
  using V = vector_of<T>;
  V rate = broadcast<V>(static_cast<double>(r));
  double none[1];
  sweep<T, 0, 1>(
      [=](auto io, std::size_t i, V*) __attribute__((always_inline)) {
        V one = broadcast<V>(1), half = broadcast<V>(0.5);
        V ss = io.load(s + i), kk = io.load(k + i), tt = io.load(t + i), vv = io.load(v + i);
        V moneyness = ss * reciprocal(kk);
        V inverse_root = reciprocal_sqrt(tt), root = tt * inverse_root;
        V spread = vv * root;
        V growth = exp(rate * tt);  // 1 / discount
        V d1 = fma(tt, fma(vv * half, vv, rate), log(moneyness)) * reciprocal(spread);
        V d2 = d1 - spread;
        V density1 = exp_scaled(d1 * d1, -0.5);
        V density2 = density1 * moneyness * growth;  // S phi(d1) = K exp(-rT) phi(d2)
        V tail1 = density1 * normal_tail(V{} - negative_abs(d1));
        V tail2 = density2 * normal_tail(V{} - negative_abs(d2));
        V n1 = d1 > V{} ? one - tail1 : tail1;
        V n2 = d2 > V{} ? one - tail2 : tail2;
        V present = kk * reciprocal(growth) * n2;
        V slope = ss * density1 * broadcast<V>(0.39894228040143267794);
        io.store(price + i, fms(ss, n1, present));
        io.store(delta + i, n1);
        io.store(theta + i, fma(slope * half, vv * inverse_root, rate * present));
        io.store(vega + i, slope * root);
      },
      n, 8 * sizeof(T), {price, delta, theta, vega}, none);
}

}  // namespace

float mse(const float* x, const float* y, float* dx, std::size_t n) {
  double inverse = 1 / static_cast<double>(n);
  f32 c = broadcast<f32>(2 * inverse);
  double loss[1];
  sweep<float, 1, 2>(
      [=](auto io, std::size_t i, f32* sum) __attribute__((always_inline)) {
        f32 d = io.load(x + i) - io.load(y + i);
        io.add(sum[0], d * d);
        io.store(dx + i, d * c);
      },
      n, 12, {dx}, loss);
  return static_cast<float>(loss[0] * inverse);
}

float huber(const float* x, const float* y, float* dx, std::size_t n) {
  double inverse = 1 / static_cast<double>(n);
  f32 c = broadcast<f32>(inverse);
  double loss[1];
  sweep<float, 1, 2>(
      [=](auto io, std::size_t i, f32* sum) __attribute__((always_inline)) {
        f32 d = io.load(x + i) - io.load(y + i);
        f32 slope = min(max(d, broadcast<f32>(-1)), broadcast<f32>(1));
        io.add(sum[0], slope * fnma(slope, broadcast<f32>(0.5), d));
        io.store(dx + i, slope * c);
      },
      n, 12, {dx}, loss);
  return static_cast<float>(loss[0] * inverse);
}

float focal(const float* x, const float* t, float* dx, std::size_t n) { return focal_of(x, t, dx, n); }
double focal(const double* x, const double* t, double* dx, std::size_t n) { return focal_of(x, t, dx, n); }

float gaussian_nll(const float* x, const float* mu, const float* lv, float* dmu, float* dlv, std::size_t n) {
  double inverse = 1 / static_cast<double>(n);
  f32 c = broadcast<f32>(inverse), half_c = broadcast<f32>(0.5 * inverse);
  double loss[1];
  sweep<float, 1, 1, true>(
      [=](auto io, std::size_t i, f32* sum) __attribute__((always_inline)) {
        f32 d = io.load(mu + i) - io.load(x + i), log_variance = io.load(lv + i);
        f32 weighted = d * exp_scaled(log_variance, -1);
        f32 square = d * weighted;
        io.add(sum[0], log_variance + square);
        io.store(dmu + i, weighted * c);
        io.store(dlv + i, fnma(square, half_c, half_c));
      },
      n, 20, {dmu, dlv}, loss);
  return static_cast<float>(loss[0] * (0.5 * inverse));
}

float giou(const float* const* a, const float* const* b, float* const* da, std::size_t n) {
  const float *ax1 = a[0], *ay1 = a[1], *ax2 = a[2], *ay2 = a[3];
  const float *bx1 = b[0], *by1 = b[1], *bx2 = b[2], *by2 = b[3];
  float *dx1 = da[0], *dy1 = da[1], *dx2 = da[2], *dy2 = da[3];
  double inverse = 1 / static_cast<double>(n);
  f32 c = broadcast<f32>(inverse);
  double loss[1];
  sweep<float, 1, 1, true>(
      [=](auto io, std::size_t i, f32* sum) __attribute__((always_inline)) {
        f32 zero = {};
        f32 x1 = io.load(ax1 + i), y1 = io.load(ay1 + i), x2 = io.load(ax2 + i), y2 = io.load(ay2 + i);
        f32 u1 = io.load(bx1 + i), v1 = io.load(by1 + i), u2 = io.load(bx2 + i), v2 = io.load(by2 + i);
        f32 width = x2 - x1, height = y2 - y1;
        f32 inner_width = max(min(x2, u2) - max(x1, u1), zero), inner_height = max(min(y2, v2) - max(y1, v1), zero);
        f32 hull_width = max(x2, u2) - min(x1, u1), hull_height = max(y2, v2) - min(y1, v1);
        f32 inner = inner_width * inner_height;
        f32 join = fma(width, height, fms(u2 - u1, v2 - v1, inner));
        f32 hull = hull_width * hull_height;
        f32 inverse_join = reciprocal(join), inverse_hull = reciprocal(hull);
        f32 iou = inner * inverse_join, cover = join * inverse_hull;
        io.add(sum[0], iou + cover);
        f32 scaled_join = inverse_join * c, scaled_hull = inverse_hull * c;
        // loss = 2 - inner / join - join / hull
        f32 by_join = fms(iou, scaled_join, scaled_hull);
        f32 by_inner = zero - scaled_join - by_join;
        f32 by_hull = cover * scaled_hull;
        // One test serves both sides: where only one is clipped, the other's derivative is multiplied by its zero.
        auto inside = (inner_width > zero) & (inner_height > zero);
        f32 by_width = inside ? by_inner * inner_height : zero, by_height = inside ? by_inner * inner_width : zero;
        f32 hull_x = by_hull * hull_height, hull_y = by_hull * hull_width;
        f32 area_x = by_join * height, area_y = by_join * width;
        io.store(dx1 + i, zero - (area_x + (x1 > u1 ? by_width : hull_x)));
        io.store(dy1 + i, zero - (area_y + (y1 > v1 ? by_height : hull_y)));
        io.store(dx2 + i, area_x + (x2 < u2 ? by_width : hull_x));
        io.store(dy2 + i, area_y + (y2 < v2 ? by_height : hull_y));
      },
      n, 48, {dx1, dy1, dx2, dy2}, loss);
  return static_cast<float>(2 - loss[0] * inverse);
}

void black_scholes(const float* s, const float* k, const float* t, const float* v, float r, float* price, float* delta,
                   float* theta, float* vega, std::size_t n) {
  black_scholes_of(s, k, t, v, r, price, delta, theta, vega, n);
}
void black_scholes(const double* s, const double* k, const double* t, const double* v, double r, double* price,
                   double* delta, double* theta, double* vega, std::size_t n) {
  black_scholes_of(s, k, t, v, r, price, delta, theta, vega, n);
}

float dice(const float* x, const float* t, float* dx, std::size_t n) {
  auto sigmoid = [](f32 z) __attribute__((always_inline)) { return reciprocal(broadcast<f32>(1) + exp_scaled(z, -1)); };
  // While everything stays in cache the probabilities wait in `dx`; beyond it recomputing them is cheaper than
  // writing and reading them once more.
  bool keep = n * 12 <= streaming_threshold;
  double sums[2];
  float* no_outputs[1] = {dx};
  if (keep) {
    sweep<float, 2, 1>(
        [=](auto io, std::size_t i, f32* sum) __attribute__((always_inline)) {
          f32 p = sigmoid(io.load(x + i)), target = io.load(t + i);
          io.add(sum[0], p * target);
          io.add(sum[1], p + target);
          io.store(dx + i, p);
        },
        n, 0, no_outputs, sums);
  } else {
    sweep<float, 2, 1>(
        [=](auto io, std::size_t i, f32* sum) __attribute__((always_inline)) {
          f32 p = sigmoid(io.load(x + i)), target = io.load(t + i);
          io.add(sum[0], p * target);
          io.add(sum[1], p + target);
        },
        n, 0, no_outputs, sums);
  }
  double inverse = 1 / sums[1];
  f32 slope = broadcast<f32>(-2 * inverse), offset = broadcast<f32>(2 * sums[0] * inverse * inverse);
  double none[1];
  if (keep) {
    sweep<float, 0, 4>(
        [=](auto io, std::size_t i, f32*) __attribute__((always_inline)) {
          f32 p = io.load(dx + i);
          io.store(dx + i, fma(io.load(t + i), slope, offset) * fnma(p, p, p));
        },
        n, 0, no_outputs, none);
  } else {
    sweep<float, 0, 2>(
        [=](auto io, std::size_t i, f32*) __attribute__((always_inline)) {
          f32 p = sigmoid(io.load(x + i));
          io.store(dx + i, fma(io.load(t + i), slope, offset) * fnma(p, p, p));
        },
        n, 12, no_outputs, none);
  }
  return static_cast<float>(1 - 2 * sums[0] * inverse);
}

}  // namespace hand::h3
