// Batches that the host prepares while the GPU computes: pinned arrays, copied and used in turns on two streams.
#include <cstdio>
#include <fusegrad/fusegrad.hpp>

#include "gpu.hpp"

namespace fg = fusegrad;

namespace {

constexpr int batch = 1 << 16;

/// A batch on its way: the host's array and the GPU's, on a stream of their own.
struct lane {
  explicit lane(cudaStream_t s) : stream(s), there(batch, s), mean(s) {}
  cudaStream_t stream;
  fg::tensor<float, 1> here = fg::tensor<float, 1>(fg::extents(batch));
  fg::pinned pin{here};  // copies from it need not wait
  fg::tensor<float, 1, fg::device> there;
  fg::device_number<float> mean;
};

}  // namespace

int main() {
  if (!has_gpu()) return without_gpu;
  cudaStream_t streams[2];
  for (cudaStream_t& s : streams) fg::simt::check("making a stream", cudaStreamCreate(&s));
  {
    lane lanes[]{lane(streams[0]), lane(streams[1])};
    const auto mean_square = fg::fuse([](auto x) { return fg::mean(fg::square(x)); });
    for (int k = 0; k < 6; ++k) {
      lane& l = lanes[k % 2];
      if (k >= 2) std::printf("batch %d: %.3f\n", k - 2, l.mean.get());  // waits for this stream only
      for (float& x : l.here) x = static_cast<float>(k);
      l.there.copy_from(l.here);
      mean_square.on(fg::cuda(l.stream)).into(l.mean)(l.there);
    }
    for (int k = 4; k < 6; ++k) std::printf("batch %d: %.3f\n", k, lanes[k % 2].mean.get());
  }
  for (cudaStream_t s : streams) fg::simt::check("ending", cudaStreamDestroy(s));
}
