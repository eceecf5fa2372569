// Calls that are split over all GPUs of the machine, of which one is enough, against the CPU. Without a GPU it says so
// and is skipped.
#include <cmath>
#include <cstdio>
#include <fusegrad/fusegrad.hpp>
#include <fusegrad/interop/nccl.hpp>

#include "../../bench/workloads.hpp"
#include "../../examples/cuda/gpu.hpp"

namespace fg = fusegrad;

namespace {

int failures = 0;

void agree(const char* name, const fg::view<const float, 1>& got, const fg::view<const float, 1>& want,
           double allowed = 1e-4) {
  double worst = got.size() == want.size() ? 0 : 1;
  for (std::ptrdiff_t i = 0; i < got.size() && i < want.size(); ++i) {
    const double w = static_cast<double>(want[i]),
                 error = std::abs(static_cast<double>(got[i]) - w) / (1 + std::abs(w));
    if (!(error <= worst)) worst = error;
  }
  failures += worst >= allowed;
  std::printf("%-20s off by %.1e%s\n", name, worst, worst < allowed ? "" : "  FAILED");
}
template <int Rank>
fg::view<const float, 1> flat(const fg::tensor<float, Rank>& x) {
  return {x.data(), x.size()};
}

}  // namespace

int main() {
  if (!has_gpu()) return without_gpu;
  constexpr int rows = 1001, columns = 96;
  fg::tensor<float, 2> x({rows, columns}), dy({rows, columns});
  fg::tensor<float, 1> gain(columns), shift(columns);
  for (std::ptrdiff_t i = 0; i < x.size(); ++i) {
    x[i] = static_cast<float>(i * 31 % 101) / 50 - 1;
    dy[i] = static_cast<float>(i * 17 % 103) / 50 - 1;
  }
  for (int c = 0; c < columns; ++c) {
    gain[c] = 1 + static_cast<float>(c) / 200;
    shift[c] = static_cast<float>(c) / 100;
  }
  const fg::gpu_group gpus;
  const auto there = gpus.split(x), slopes = gpus.split(dy);
  const auto gains = gpus.share(gain), shifts = gpus.share(shift);

  const auto layer = fg::vjp<0, 1, 2>(workloads::layer_norm);
  const auto [y, dx, dgain, dshift] = gpus.run(layer, there, gains, shifts, slopes);
  const auto [want_y, want_dx, want_dgain, want_dshift] = layer(x, gain, shift, dy);
  agree("rows", flat(y.to(fg::host)), flat(want_y));
  agree("gradients of rows", flat(dx.to(fg::host)), flat(want_dx));
  agree("shared gradients", flat(dgain.to(fg::host)), flat(want_dgain));
  agree("shared gradients", flat(dshift.to(fg::host)), flat(want_dshift));

  const auto loss = fg::value_and_grad<1>([](auto v, auto w, auto k) { return fg::mean(fg::square(v * w - k)); });
  const auto [value, dw] = gpus.run(loss, there, gains, 0.5f);
  const auto [want_value, want_dw] = loss(x, gain, 0.5f);
  const float got[]{value.get()}, want[]{want_value};
  agree("a mean", fg::view_of(got), fg::view_of(want));
  agree("its gradient", flat(dw.to(fg::host)), flat(want_dw));

  // numbers of 16 bits, exact as the multiples of 1/64 that they are
  fg::tensor<fg::half, 2> coarse({rows, columns});
  fg::tensor<float, 2> exact({rows, columns});
  for (std::ptrdiff_t i = 0; i < x.size(); ++i) {
    coarse[i] = fg::half(static_cast<float>(i * 31 % 101) / 64);
    exact[i] = static_cast<float>(coarse[i]);
  }
  const auto means = fg::fuse([](auto v) { return fg::mean(v * 2, fg::axis<0>); });
  const fg::tensor<fg::half, 1> of_half = gpus.run(means, gpus.split(coarse)).to(fg::host);
  fg::tensor<float, 1> as_floats(columns);
  for (int c = 0; c < columns; ++c) as_floats[c] = static_cast<float>(of_half[c]);
  agree("means of half", flat(as_floats), flat(means(exact)), 4e-3);
  std::printf("%s on %zu GPUs\n", failures == 0 ? "all agree" : "some do not agree", gpus.size());
  return failures == 0 ? 0 : 1;
}
