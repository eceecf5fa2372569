// Work on a stream of one's own, recorded once as a CUDA graph and then replayed: nothing in a call allocates or waits.
#include <cstdio>
#include <fusegrad/fusegrad.hpp>
#include <vector>

#include "gpu.hpp"

namespace fg = fusegrad;

int main() {
  if (!has_gpu()) return without_gpu;
  cudaStream_t stream = nullptr;
  fg::simt::check("making a stream", cudaStreamCreate(&stream));
  {
    const std::vector<float> start(1 << 16, 2.0f);
    auto x = fg::to(start, fg::device, stream);
    fg::tensor<float, 1, fg::device> slope(x.shape(), stream);
    fg::device_number<float> loss(stream);

    const auto value_and_slope = fg::value_and_grad<0>([](auto v) { return fg::mean(fg::square(v - 1)); });
    fg::tensor<char, 1, fg::device> scratch(fg::plan(value_and_slope, x).scratch_bytes, stream);
    const auto own = fg::cuda(stream).scratch(scratch.data(), scratch.size());
    const auto step = [&] {
      value_and_slope.on(own).into(loss, slope)(x);
      fg::fuse([](auto v, auto d) { return v - 8192.0f * d; }).on(fg::cuda(stream)).into(x)(x, slope);
    };
    step();  // once as usual: the second call's scratch memory is the stream's, and is there from now on

    cudaGraph_t graph = nullptr;
    cudaGraphExec_t replay = nullptr;
    fg::simt::check("recording", cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal));
    step();
    fg::simt::check("recording", cudaStreamEndCapture(stream, &graph));
    fg::simt::check("making a graph", cudaGraphInstantiate(&replay, graph, 0));
    for (int epoch = 0; epoch < 4; ++epoch) {
      for (int k = 0; k < 5; ++k) fg::simt::check("replaying", cudaGraphLaunch(replay, stream));
      std::printf("after %2d steps: loss %.3e\n", 5 * (epoch + 1), loss.get());
    }
    fg::simt::check("ending", cudaGraphExecDestroy(replay));
    fg::simt::check("ending", cudaGraphDestroy(graph));
  }
  fg::simt::check("ending", cudaStreamDestroy(stream));
}
