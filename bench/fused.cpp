// fusegrad behind the same plain functions as its rivals, through its public interface alone.
#include "rivals.hpp"
#include "workloads.hpp"

#include <span>

namespace fused {
namespace {

namespace fg = fusegrad;

template <class T>
auto in(const T* p, std::size_t n) {
  return std::span<const T>(p, n);
}
template <class T>
auto out(T* p, std::size_t n) {
  return std::span<T>(p, n);
}

}  // namespace

#define FUSED_DEFINE(T)                                                                                              \
  T mse(const T* x, const T* y, T* dx, std::size_t n) {                                                              \
    T loss;                                                                                                          \
    fg::value_and_grad<0>(workloads::mse).into(loss, out(dx, n))(in(x, n), in(y, n));                                \
    return loss;                                                                                                     \
  }                                                                                                                  \
  T huber(const T* x, const T* y, T* dx, std::size_t n) {                                                            \
    T loss;                                                                                                          \
    fg::value_and_grad<0>(workloads::huber).into(loss, out(dx, n))(in(x, n), in(y, n));                              \
    return loss;                                                                                                     \
  }                                                                                                                  \
  T focal(const T* x, const T* t, T* dx, std::size_t n) {                                                            \
    T loss;                                                                                                          \
    fg::value_and_grad<0>(workloads::focal).into(loss, out(dx, n))(in(x, n), in(t, n));                              \
    return loss;                                                                                                     \
  }                                                                                                                  \
  T gaussian_nll(const T* x, const T* mu, const T* lv, T* dmu, T* dlv, std::size_t n) {                              \
    T loss;                                                                                                          \
    fg::value_and_grad<1, 2>(workloads::gaussian_nll)                                                                \
        .into(loss, out(dmu, n), out(dlv, n))(in(x, n), in(mu, n), in(lv, n));                                       \
    return loss;                                                                                                     \
  }                                                                                                                  \
  T giou(const T* const* a, const T* const* b, T* const* da, std::size_t n) {                                        \
    T loss;                                                                                                          \
    fg::value_and_grad<0, 1, 2, 3>(workloads::giou)                                                                  \
        .into(loss, out(da[0], n), out(da[1], n), out(da[2], n), out(da[3], n))(                                     \
            in(a[0], n), in(a[1], n), in(a[2], n), in(a[3], n), in(b[0], n), in(b[1], n), in(b[2], n), in(b[3], n)); \
    return loss;                                                                                                     \
  }                                                                                                                  \
  void black_scholes(const T* s, const T* k, const T* t, const T* v, T r, T* price, T* delta, T* theta, T* vega,     \
                     std::size_t n) {                                                                                \
    fg::fuse(workloads::greeks)                                                                                      \
        .into(out(price, n), out(delta, n), out(theta, n), out(vega, n))(in(s, n), in(k, n), in(t, n), in(v, n), r); \
  }                                                                                                                  \
  T dice(const T* x, const T* t, T* dx, std::size_t n) {                                                             \
    T loss;                                                                                                          \
    fg::value_and_grad<0>(workloads::dice).into(loss, out(dx, n))(in(x, n), in(t, n));                               \
    return loss;                                                                                                     \
  }

FUSED_DEFINE(float)
FUSED_DEFINE(double)

}  // namespace fused
