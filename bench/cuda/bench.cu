// Fused calls on a GPU against hand-written kernels and a copy, in one process: for each workload and size the median
// time of a call, the bytes that it must move, and the ratio to the rival. Before anything is timed, both are compared
// with the results of the CPU. Writes lines of tab-separated text; with the argument --check it only compares.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fusegrad/fusegrad.hpp>
#include <random>
#include <string>
#include <vector>

#include "../../examples/cuda/gpu.hpp"
#include "../workloads.hpp"
#include "hand.hpp"

namespace fg = fusegrad;
using fg::simt::check;

namespace {

using on_device = fg::tensor<float, 1, fg::device>;
using matrix_view = fg::view<const float, 2, fg::device>;

int wrong = 0;
bool only_checks = false;

// --- measuring -------------------------------------------------------------------------------------------------------

/// Of a call: the median of 21 batches of calls that are put on the stream together, so that what the host does for one
/// is hidden behind the one before.
template <class Call>
double microseconds(Call call) {
  constexpr int batch = 16;
  cudaEvent_t begin, end;
  check("an event", cudaEventCreate(&begin));
  check("an event", cudaEventCreate(&end));
  for (int k = 0; k < 3; ++k) call();
  std::vector<double> times;
  for (int k = 0; k < 21; ++k) {
    check("an event", cudaEventRecord(begin));
    for (int c = 0; c < batch; ++c) call();
    check("an event", cudaEventRecord(end));
    check("waiting", cudaEventSynchronize(end));
    float milliseconds = 0;
    check("a time", cudaEventElapsedTime(&milliseconds, begin, end));
    times.push_back(1e3 * static_cast<double>(milliseconds) / batch);
  }
  check("a kernel", cudaGetLastError());
  check("an event", cudaEventDestroy(begin));
  check("an event", cudaEventDestroy(end));
  std::nth_element(times.begin(), times.begin() + 10, times.end());
  return times[10];
}

/// `scale` makes small gradients of means count as much as values do.
void agrees(const std::string& name, const char* whose, const fg::tensor<float>& got, const float* want, double scale) {
  double worst = 0;
  for (std::ptrdiff_t i = 0; i < got.size(); ++i) {
    const double g = scale * static_cast<double>(got[i]), w = scale * static_cast<double>(want[i]);
    const double error = std::abs(g - w) / (1 + std::abs(w));
    if (!(error <= worst)) worst = error;
  }
  const bool good = worst < 1e-4;
  wrong += !good;
  if (only_checks || !good) std::printf("%s, %s: off by %.1e%s\n", name.c_str(), whose, worst, good ? "" : "  WRONG");
}

on_device random_numbers(std::ptrdiff_t n, unsigned seed, double low, double high) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> of(static_cast<float>(low), static_cast<float>(high));
  fg::tensor<float, 1> x(std::min<std::ptrdiff_t>(n, 1 << 20)), all(n);
  for (float& e : x) e = of(random);
  for (std::ptrdiff_t i = 0; i < n; i += x.size())
    std::memcpy(all.data() + i, x.data(), sizeof(float) * static_cast<std::size_t>(std::min(x.size(), n - i)));
  return fg::to(all, fg::device);
}

/// What hand-written kernels share.
struct own_workspace {
  fg::tensor<double, 1, fg::device> parts{1 << 16};
  fg::tensor<unsigned, 1, fg::device> ticket{1};
  on_device columns{std::ptrdiff_t{1} << 25};
  hand::workspace get() { return {parts.data(), ticket.data(), columns.data()}; }
};

double copy_time(std::ptrdiff_t n) {
  const auto x = random_numbers(n, 1, -3, 3);
  on_device y(n);
  return microseconds([&] { hand::run<hand::copy>(nullptr, {{x.data()}, {y.data()}}, n, 0, {}, nullptr); });
}

/// `bytes` are moved by the workload for each element, 8 by the copy. What finds room in the cache of the GPU says
/// nothing of its memory: there the bandwidth is left out.
void report(const std::string& name, std::ptrdiff_t n, double ours, double rival, double copy, double bytes) {
  static const double cache = [] {
    int found = 0;
    check("asking for the size of the cache", cudaDeviceGetAttribute(&found, cudaDevAttrL2CacheSize, 0));
    return static_cast<double>(found);
  }();
  const double elements = static_cast<double>(n), bandwidth = bytes * elements / ours, limit = 8 * elements / copy;
  std::printf("%s\t%td\t%.2f\t%.2f\t%.3f", name.c_str(), n, ours, rival, ours / rival);
  if (8 * elements > 2 * cache) std::printf("\t%.0f\t%.1f%%\n", bandwidth * 1e-3, 100 * bandwidth / limit);
  else std::printf("\t-\t-\n");
}

// --- element by element ----------------------------------------------------------------------------------------------

struct range {
  double low, high;
};

/// A workload of arrays of one length: `transform` against the kernel W, which has its mean or not.
template <class W, class Transform, class... Numbers>
void flat(const char* name, const Transform& transform, std::initializer_list<range> ranges, std::ptrdiff_t n,
          double copy, own_workspace& shared, Numbers... numbers) {
  std::vector<on_device> in, out, hand_out;
  for (range r : ranges) in.push_back(random_numbers(n, static_cast<unsigned>(in.size() + 1), r.low, r.high));
  for (int k = 0; k < W::outputs; ++k) out.emplace_back(n), hand_out.emplace_back(n);
  fg::device_number<float> mean, hand_mean;
  hand::arrays<W> arrays{};
  for (std::size_t k = 0; k < W::inputs; ++k) arrays.in[k] = in[k].data();
  for (std::size_t k = 0; k < W::outputs; ++k) arrays.out[k] = hand_out[k].data();
  const float scale = [&] {
    if constexpr (sizeof...(Numbers) > 0) return (numbers, ...);
    else return 1 / static_cast<float>(n);
  }();
  const auto fused = [&]<std::size_t... I, std::size_t... K>(std::index_sequence<I...>, std::index_sequence<K...>) {
    if constexpr (W::has_mean) transform.on(fg::cuda()).into(mean, out[K]...)(in[I]..., numbers...);
    else transform.on(fg::cuda()).into(out[K]...)(in[I]..., numbers...);
  };
  const auto ours = [&] { fused(std::make_index_sequence<W::inputs>{}, std::make_index_sequence<W::outputs>{}); };
  const auto rival = [&] { hand::run<W>(nullptr, arrays, n, scale, shared.get(), hand_mean.data()); };
  if (only_checks) {
    ours();
    rival();
    [&]<std::size_t... I, std::size_t... K>(std::index_sequence<I...>, std::index_sequence<K...>) {
      const auto want = transform(in[I].to(fg::host)..., numbers...);
      const double by = W::has_mean ? static_cast<double>(n) : 1;
      if constexpr (W::has_mean)
        for (const auto* m : {&mean, &hand_mean})
          agrees(name, m == &mean ? "mean" : "mean by hand", {m->get()}, &get<0>(want), 1);
      (agrees(name, "fused", out[K].to(fg::host), get<K + W::has_mean>(want).data(), by), ...);
      (agrees(name, "by hand", hand_out[K].to(fg::host), get<K + W::has_mean>(want).data(), by), ...);
    }(std::make_index_sequence<W::inputs>{}, std::make_index_sequence<W::outputs>{});
    return;
  }
  report(name, n, microseconds(ours), microseconds(rival), copy, 4.0 * (W::inputs + W::outputs));
}

void all_flat(std::ptrdiff_t n, own_workspace& shared) {
  using namespace workloads;
  const double copy = only_checks ? 0 : copy_time(n);
  if (!only_checks) report("copy", n, copy, copy, copy, 8);
  constexpr range any{-3, 3}, unit{0, 1}, low{0, 0.5}, high{0.6, 1};
  flat<hand::mse>("mean squared error", fg::value_and_grad<0>(mse), {any, any}, n, copy, shared);
  flat<hand::focal>("focal loss", fg::value_and_grad<0>(focal), {any, unit}, n, copy, shared);
  flat<hand::gaussian_nll>("Gaussian likelihood", fg::value_and_grad<1, 2>(gaussian_nll), {any, any, unit}, n, copy,
                           shared);
  flat<hand::giou>("GIoU", fg::value_and_grad<0, 1, 2, 3>(giou), {low, low, high, high, low, low, high, high}, n, copy,
                   shared);
  flat<hand::black_scholes>("Black-Scholes with greeks", fg::fuse(greeks), {{80, 120}, {80, 120}, {0.1, 2}, {0.1, 0.5}},
                            n, copy, shared, 0.02f);
}

// --- rows
// --------------------------------------------------------------------------------------------------------------

void cross_entropy(std::ptrdiff_t rows, std::ptrdiff_t columns, own_workspace& shared) {
  const std::ptrdiff_t n = rows * columns;
  const std::string name = "cross-entropy x " + std::to_string(columns);
  const auto values = random_numbers(n, 1, -3, 3);
  const matrix_view x(values.data(), {rows, columns});
  fg::tensor<float, 2, fg::device> dx({rows, columns});
  on_device hand_dx(n);
  fg::tensor<int, 1> wanted(rows);
  for (std::ptrdiff_t r = 0; r < rows; ++r) wanted[r] = static_cast<int>(r * 7919 % columns);
  const auto labels = fg::to(wanted, fg::device);
  fg::device_number<float> mean, hand_mean;
  const auto transform = fg::value_and_grad<0>(workloads::cross_entropy);
  const auto ours = [&] { transform.on(fg::cuda()).into(mean, dx)(x, labels); };
  const auto rival = [&] {
    hand::cross_entropy(nullptr, values.data(), labels.data(), hand_dx.data(), rows, columns, shared.get(),
                        hand_mean.data());
  };
  if (only_checks) {
    ours();
    rival();
    const auto here = values.to(fg::host);
    const auto [loss, slope] = transform(fg::view<const float, 2>(here.data(), {rows, columns}), wanted);
    const double by = static_cast<double>(rows);
    const auto fused = dx.to(fg::host);
    agrees(name, "mean", {mean.get()}, &loss, 1);
    agrees(name, "mean by hand", {hand_mean.get()}, &loss, 1);
    agrees(name, "by hand", hand_dx.to(fg::host), slope.data(), by);
    agrees(name, "by hand and fused", hand_dx.to(fg::host), fused.data(), by);
    return;
  }
  report(name, n, microseconds(ours), microseconds(rival), copy_time(n), 8);
}

template <int Vectors>
void layer_norm(std::ptrdiff_t rows, own_workspace& shared) {
  constexpr std::ptrdiff_t columns = 1024 * Vectors;
  const std::ptrdiff_t n = rows * columns;
  const std::string name = "layer norm forward and backward x " + std::to_string(columns);
  const auto values = random_numbers(n, 1, -3, 3), slopes = random_numbers(n, 2, -1, 1);
  const auto gamma = random_numbers(columns, 3, 0.5, 1.5), beta = random_numbers(columns, 4, -1, 1);
  const matrix_view x(values.data(), {rows, columns}), dy(slopes.data(), {rows, columns});
  fg::tensor<float, 2, fg::device> y({rows, columns}), dx({rows, columns});
  on_device dgamma(columns), dbeta(columns), hand_y(n), hand_dx(n), hand_dgamma(columns), hand_dbeta(columns);
  const auto transform = fg::vjp<0, 1, 2>(workloads::layer_norm);
  const auto ours = [&] { transform.on(fg::cuda()).into(y, dx, dgamma, dbeta)(x, gamma, beta, dy); };
  const auto rival = [&] {
    hand::layer_norm<Vectors>(nullptr, values.data(), gamma.data(), beta.data(), slopes.data(), hand_y.data(),
                              hand_dx.data(), hand_dgamma.data(), hand_dbeta.data(), rows, shared.get());
  };
  if (only_checks) {
    ours();
    rival();
    const auto here = values.to(fg::host), there = slopes.to(fg::host);
    const auto [want_y, want_dx, want_dgamma, want_dbeta] =
        transform(fg::view<const float, 2>(here.data(), {rows, columns}), gamma.to(fg::host), beta.to(fg::host),
                  fg::view<const float, 2>(there.data(), {rows, columns}));
    agrees(name, "dgamma", dgamma.to(fg::host), want_dgamma.data(), 1);
    agrees(name, "y by hand", hand_y.to(fg::host), want_y.data(), 1);
    agrees(name, "dx by hand", hand_dx.to(fg::host), want_dx.data(), 1);
    agrees(name, "dgamma by hand", hand_dgamma.to(fg::host), want_dgamma.data(), 1);
    agrees(name, "dbeta by hand", hand_dbeta.to(fg::host), want_dbeta.data(), 1);
    return;
  }
  report(name, n, microseconds(ours), microseconds(rival), copy_time(n), 16);
}

void bias_gelu(std::ptrdiff_t rows, std::ptrdiff_t columns, own_workspace& shared) {
  const std::ptrdiff_t n = rows * columns;
  const std::string name = "bias and GELU backward x " + std::to_string(columns);
  const auto values = random_numbers(n, 1, -3, 3), slopes = random_numbers(n, 2, -1, 1);
  const auto bias = random_numbers(columns, 3, -1, 1);
  const matrix_view x(values.data(), {rows, columns}), dy(slopes.data(), {rows, columns});
  fg::tensor<float, 2, fg::device> dx({rows, columns});
  on_device dbias(columns), hand_dx(n), hand_dbias(columns);
  const auto transform = fg::grad<0, 1>(workloads::bias_gelu);
  const auto ours = [&] { transform.on(fg::cuda()).into(dx, dbias)(x, bias, dy); };
  const auto rival = [&] {
    hand::bias_gelu(nullptr, values.data(), bias.data(), slopes.data(), hand_dx.data(), hand_dbias.data(), rows,
                    columns, shared.get());
  };
  if (only_checks) {
    ours();
    rival();
    const auto here = values.to(fg::host), there = slopes.to(fg::host);
    const auto [want_dx, want_dbias] =
        transform(fg::view<const float, 2>(here.data(), {rows, columns}), bias.to(fg::host),
                  fg::view<const float, 2>(there.data(), {rows, columns}));
    agrees(name, "dbias", dbias.to(fg::host), want_dbias.data(), 1);
    agrees(name, "dx by hand", hand_dx.to(fg::host), want_dx.data(), 1);
    agrees(name, "dbias by hand", hand_dbias.to(fg::host), want_dbias.data(), 1);
    return;
  }
  report(name, n, microseconds(ours), microseconds(rival), copy_time(n), 12);
}

/// Matrices of about n elements.
void all_rows(std::ptrdiff_t n, own_workspace& shared) {
  for (std::ptrdiff_t columns : {1000, 32'000, 128'000}) cross_entropy(n / columns, columns, shared);
  layer_norm<1>(n / 1024, shared);
  layer_norm<4>(n / 4096, shared);
  for (std::ptrdiff_t columns : {1024, 4096}) bias_gelu(n / columns, columns, shared);
}

}  // namespace

int main(int count, char** arguments) {
  if (!has_gpu()) return without_gpu;
  own_workspace shared;
  only_checks = true;
  all_flat(4096, shared);
  all_rows(1 << 18, shared);
  if (wrong > 0) return 1;
  if (count > 1 && std::strcmp(arguments[1], "--check") == 0) return 0;
  only_checks = false;
  std::printf("workload\telements\tfused us\thand us\tratio\tGB/s\tof copy\n");
  for (int log2 = 12; log2 <= 28; log2 += 2) try {
      all_flat(std::ptrdiff_t{1} << log2, shared);
    } catch (const fg::simt::error& e) { std::printf("2^%d elements: %s\n", log2, e.what()); }
  all_rows(1 << 26, shared);
}
