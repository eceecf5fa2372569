// The streaming copies that mark the bandwidth limit: as many arrays read and written as a workload has, one addition
// per surplus input, non-temporal stores (outputs 64-byte aligned). Plain scalar loops without AVX-512.
#include "../rivals.hpp"

#ifdef __AVX512F__
#include <immintrin.h>
#endif

namespace hand {

template <std::size_t In, std::size_t Out, class T>
void streaming_copy(const T* const* in, T* const* out, std::size_t n) {
  static_assert(Out <= In);
  const T* x[In];
  T* y[Out];
  for (std::size_t k = 0; k < In; ++k) x[k] = in[k];
  for (std::size_t k = 0; k < Out; ++k) y[k] = out[k];
  std::size_t i = 0;
#ifdef __AVX512F__
  constexpr std::size_t lanes = 64 / sizeof(T);
#pragma GCC unroll 4
  for (; i + lanes <= n; i += lanes) {
    __m512 v[In];
    for (std::size_t k = 0; k < In; ++k) v[k] = _mm512_loadu_ps(reinterpret_cast<const float*>(x[k] + i));
    for (std::size_t k = Out; k < In; ++k) v[k % Out] += v[k];
    for (std::size_t k = 0; k < Out; ++k) _mm512_stream_ps(reinterpret_cast<float*>(y[k] + i), v[k]);
  }
  _mm_sfence();
#endif
  for (; i < n; ++i) {
    T v[In];
    for (std::size_t k = 0; k < In; ++k) v[k] = x[k][i];
    for (std::size_t k = Out; k < In; ++k) v[k % Out] += v[k];
    for (std::size_t k = 0; k < Out; ++k) y[k][i] = v[k];
  }
}

template void streaming_copy<1, 1>(const float* const*, float* const*, std::size_t);
template void streaming_copy<2, 1>(const float* const*, float* const*, std::size_t);
template void streaming_copy<2, 2>(const float* const*, float* const*, std::size_t);
template void streaming_copy<3, 2>(const float* const*, float* const*, std::size_t);
template void streaming_copy<8, 4>(const float* const*, float* const*, std::size_t);
template void streaming_copy<4, 4>(const float* const*, float* const*, std::size_t);
template void streaming_copy<2, 1>(const double* const*, double* const*, std::size_t);
template void streaming_copy<4, 4>(const double* const*, double* const*, std::size_t);

template <std::size_t In, class T>
T streaming_read(const T* const* in, std::size_t n) {
  T total = 0;
  std::size_t i = 0;
#ifdef __AVX512F__
  constexpr std::size_t lanes = 64 / sizeof(T);
  __m512 sum[2 * In] = {};
  for (; i + 2 * lanes <= n; i += 2 * lanes)
    for (std::size_t k = 0; k < In; ++k)
      for (std::size_t u = 0; u < 2; ++u)
        sum[2 * k + u] += _mm512_loadu_ps(reinterpret_cast<const float*>(in[k] + i + u * lanes));
  alignas(64) float lane[16];
  for (__m512 s : sum) {
    _mm512_store_ps(lane, s);
    for (float x : lane) total += static_cast<T>(x);
  }
#endif
  for (; i < n; ++i)
    for (std::size_t k = 0; k < In; ++k) total += in[k][i];
  return total;
}

template float streaming_read<2>(const float* const*, std::size_t);

}  // namespace hand
