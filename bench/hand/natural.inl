// H1 and H2: the loops as anyone would write them, in scalar C++, sums in the element type included. Text of h1.cpp
// and h2.cpp, which differ in their flags and in what HAND_LOOP and HAND_RESTRICT say; they open the namespace.

namespace {

template <class T>
T mse_of(const T* HAND_RESTRICT x, const T* HAND_RESTRICT y, T* HAND_RESTRICT dx, std::size_t n) {
  T c = 2 / static_cast<T>(n), sum = 0;
  HAND_LOOP
  for (std::size_t i = 0; i < n; ++i) {
    T d = x[i] - y[i];
    sum += d * d;
    dx[i] = d * c;
  }
  return sum / static_cast<T>(n);
}

template <class T>
T huber_of(const T* HAND_RESTRICT x, const T* HAND_RESTRICT y, T* HAND_RESTRICT dx, std::size_t n) {
  T c = 1 / static_cast<T>(n), sum = 0;
  HAND_LOOP
  for (std::size_t i = 0; i < n; ++i) {
    T d = x[i] - y[i];
    T slope = d < -1 ? T(-1) : d > 1 ? T(1) : d;
    sum += slope * (d - T(0.5) * slope);
    dx[i] = slope * c;
  }
  return sum / static_cast<T>(n);
}

template <class T>
T focal_of(const T* HAND_RESTRICT x, const T* HAND_RESTRICT t, T* HAND_RESTRICT dx, std::size_t n) {
  T c = 1 / static_cast<T>(n), sum = 0;
  HAND_LOOP
  for (std::size_t i = 0; i < n; ++i) {
    T s = 2 * t[i] - 1, z = s * x[i], a = T(0.75) - T(0.5) * t[i];
    T e = std::exp(-std::fabs(z)), large = 1 / (1 + e), small = e * large;
    T q = z > 0 ? small : large, p = z > 0 ? large : small;
    T softplus = std::log1p(e) + (z > 0 ? T(0) : -z);
    sum += a * q * q * softplus;
    dx[i] = -a * q * q * (2 * p * softplus + q) * s * c;
  }
  return sum / static_cast<T>(n);
}

template <class T>
T gaussian_nll_of(const T* HAND_RESTRICT x, const T* HAND_RESTRICT mu, const T* HAND_RESTRICT lv,
                  T* HAND_RESTRICT dmu, T* HAND_RESTRICT dlv, std::size_t n) {
  T c = 1 / static_cast<T>(n), sum = 0;
  HAND_LOOP
  for (std::size_t i = 0; i < n; ++i) {
    T d = mu[i] - x[i], w = std::exp(-lv[i]);
    sum += T(0.5) * (lv[i] + d * d * w);
    dmu[i] = d * w * c;
    dlv[i] = T(0.5) * (1 - d * d * w) * c;
  }
  return sum / static_cast<T>(n);
}

template <class T>
T giou_of(const T* const* a, const T* const* b, T* const* da, std::size_t n) {
  const T *HAND_RESTRICT ax1 = a[0], *HAND_RESTRICT ay1 = a[1], *HAND_RESTRICT ax2 = a[2], *HAND_RESTRICT ay2 = a[3];
  const T *HAND_RESTRICT bx1 = b[0], *HAND_RESTRICT by1 = b[1], *HAND_RESTRICT bx2 = b[2], *HAND_RESTRICT by2 = b[3];
  T *HAND_RESTRICT dx1 = da[0], *HAND_RESTRICT dy1 = da[1], *HAND_RESTRICT dx2 = da[2], *HAND_RESTRICT dy2 = da[3];
  T c = 1 / static_cast<T>(n), sum = 0;
  HAND_LOOP
  for (std::size_t i = 0; i < n; ++i) {
    T x1 = ax1[i], y1 = ay1[i], x2 = ax2[i], y2 = ay2[i], u1 = bx1[i], v1 = by1[i], u2 = bx2[i], v2 = by2[i];
    T iw = (x2 < u2 ? x2 : u2) - (x1 > u1 ? x1 : u1), ih = (y2 < v2 ? y2 : v2) - (y1 > v1 ? y1 : v1);
    T hw = (x2 > u2 ? x2 : u2) - (x1 < u1 ? x1 : u1), hh = (y2 > v2 ? y2 : v2) - (y1 < v1 ? y1 : v1);
    iw = iw > 0 ? iw : 0;
    ih = ih > 0 ? ih : 0;
    T inner = iw * ih, join = (x2 - x1) * (y2 - y1) + (u2 - u1) * (v2 - v1) - inner, hull = hw * hh;
    T iou = inner / join, cover = join / hull;
    sum += 2 - iou - cover;
    T by_join = (iou / join - 1 / hull) * c, by_inner = -c / join - by_join, by_hull = cover / hull * c;
    T by_iw = iw > 0 ? by_inner * ih : 0, by_ih = ih > 0 ? by_inner * iw : 0;
    dx1[i] = -by_join * (y2 - y1) - (x1 > u1 ? by_iw : by_hull * hh);
    dy1[i] = -by_join * (x2 - x1) - (y1 > v1 ? by_ih : by_hull * hw);
    dx2[i] = by_join * (y2 - y1) + (x2 < u2 ? by_iw : by_hull * hh);
    dy2[i] = by_join * (x2 - x1) + (y2 < v2 ? by_ih : by_hull * hw);
  }
  return sum / static_cast<T>(n);
}

template <class T>
void black_scholes_of(const T* HAND_RESTRICT s, const T* HAND_RESTRICT k, const T* HAND_RESTRICT t,
                      const T* HAND_RESTRICT v, T r, T* HAND_RESTRICT price, T* HAND_RESTRICT delta,
                      T* HAND_RESTRICT theta, T* HAND_RESTRICT vega, std::size_t n) {
  HAND_LOOP
  for (std::size_t i = 0; i < n; ++i) {
    T root = std::sqrt(t[i]), spread = v[i] * root;
    T d1 = (std::log(s[i] / k[i]) + (r + T(0.5) * v[i] * v[i]) * t[i]) / spread, d2 = d1 - spread;
    T n1 = T(0.5) * std::erfc(T(-0.70710678118654752440) * d1), n2 = T(0.5) * std::erfc(T(-0.70710678118654752440) * d2);
    T present = k[i] * std::exp(-r * t[i]) * n2;
    T slope = s[i] * T(0.39894228040143267794) * std::exp(T(-0.5) * d1 * d1);
    price[i] = s[i] * n1 - present;
    delta[i] = n1;
    theta[i] = T(0.5) * slope * v[i] / root + r * present;
    vega[i] = slope * root;
  }
}

template <class T>
T dice_of(const T* HAND_RESTRICT x, const T* HAND_RESTRICT t, T* HAND_RESTRICT dx, std::size_t n) {
  T both = 0, sum = 0;
  HAND_LOOP
  for (std::size_t i = 0; i < n; ++i) {
    T p = 1 / (1 + std::exp(-x[i]));
    both += p * t[i];
    sum += p + t[i];
    dx[i] = p;
  }
  T slope = -2 / sum, offset = 2 * both / (sum * sum);
  HAND_LOOP
  for (std::size_t i = 0; i < n; ++i) {
    T p = dx[i];
    dx[i] = (slope * t[i] + offset) * p * (1 - p);
  }
  return 1 - 2 * both / sum;
}

}  // namespace

#define HAND_DEFINE(T)                                                                                               \
  T mse(const T* x, const T* y, T* dx, std::size_t n) { return mse_of(x, y, dx, n); }                                \
  T huber(const T* x, const T* y, T* dx, std::size_t n) { return huber_of(x, y, dx, n); }                            \
  T focal(const T* x, const T* t, T* dx, std::size_t n) { return focal_of(x, t, dx, n); }                            \
  T gaussian_nll(const T* x, const T* mu, const T* lv, T* dmu, T* dlv, std::size_t n) {                              \
    return gaussian_nll_of(x, mu, lv, dmu, dlv, n);                                                                  \
  }                                                                                                                  \
  T giou(const T* const* a, const T* const* b, T* const* da, std::size_t n) { return giou_of(a, b, da, n); }         \
  void black_scholes(const T* s, const T* k, const T* t, const T* v, T r, T* price, T* delta, T* theta, T* vega,     \
                     std::size_t n) {                                                                                \
    black_scholes_of(s, k, t, v, r, price, delta, theta, vega, n);                                                   \
  }                                                                                                                  \
  T dice(const T* x, const T* t, T* dx, std::size_t n) { return dice_of(x, t, dx, n); }

HAND_DEFINE(float)
HAND_DEFINE(double)
#undef HAND_DEFINE
