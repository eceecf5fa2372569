// What a call does on the host: its launches, what it allocates and waits for, how it takes errors, and what it refuses
// where there are two GPUs. Linked with a runtime that only writes down what it is asked for, so that no GPU is needed.
// At the end it prints how long a call takes on the host, without CUDA's own part.
#include <chrono>
#include <cstdio>
#include <fusegrad/debug.hpp>

#include "../../../bench/workloads.hpp"
#include "runtime.hpp"

namespace fg = fusegrad;

namespace {

int failures = 0;
void check(bool good, const char* what) {
  failures += !good;
  if (!good) std::printf("FAILED: %s\n", what);
}

/// Nothing that takes memory, moves it or waits.
bool only_launches(const runtime::record& r) {
  for (const char* name : {"cudaMallocFromPoolAsync", "cudaFreeAsync", "cudaMemcpyAsync", "cudaMemsetAsync",
                           "cudaStreamSynchronize", "cudaEventCreateWithFlags", "cudaStreamWaitEvent", "cudaSetDevice"})
    if (r.count(name) > 0) return false;
  return true;
}
template <class Error, class Call>
std::string said_by(Call call) {
  try {
    call();
  } catch (const Error& e) { return e.what(); }
  return {};
}
bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

using vector = fg::tensor<float, 1, fg::device>;
using matrix = fg::tensor<float, 2, fg::device>;
constexpr auto loss = fg::value_and_grad<0>(workloads::mse);

void check_calls() {
  const vector x(1000), y(1000);
  vector slope(1000);
  fg::device_number<float> mean;
  const auto call = [&] { loss.on(fg::cuda()).into(mean, slope)(x, y); };
  runtime::taken();
  call();
  const runtime::record first = runtime::taken();
  check(first.launches.size() == 1 && first.count("cudaMallocFromPoolAsync") == 1,
        "a first call takes scratch memory once");
  for (int k = 0; k < 3; ++k) {
    call();
    const runtime::record again = runtime::taken();
    check(again.launches.size() == 1 && only_launches(again), "a further call is one launch, and nothing else");
  }
  {
    const auto [value, gradient] = loss(x, y);
    const runtime::record r = runtime::taken();
    check(r.launches.size() == 1 && r.count("cudaMallocFromPoolAsync") == 2 && r.count("cudaStreamSynchronize") == 0,
          "a call that returns allocates its results, and waits for nothing");
    static_cast<void>(value.get());
    const runtime::record read = runtime::taken();
    check(read.count("cudaMemcpyAsync") == 1 && read.count("cudaStreamSynchronize") == 1, "a number is read once");
  }
  check(runtime::taken().count("cudaFreeAsync") == 2, "results give their memory back");
  float here = 0;
  loss.on(fg::cuda()).into(here, slope)(x, y);
  const runtime::record on_host = runtime::taken();
  check(on_host.count("cudaMemcpyAsync") == 1 && on_host.count("cudaStreamSynchronize") == 1 &&
            on_host.count("cudaMallocFromPoolAsync") == 0,
        "a number of the host's is waited for");

  const std::size_t bytes = fg::plan(loss, x, y).scratch_bytes;
  fg::tensor<char, 1, fg::device> scratch(bytes);
  const cudaStream_t stream = runtime::new_stream(0);
  runtime::taken();
  loss.on(fg::cuda(stream).scratch(scratch.data(), bytes)).into(mean, slope)(x, y);
  const runtime::record own = runtime::taken();
  check(own.launches.size() == 1 && own.launches[0].stream == stream && own.count("cudaMallocFromPoolAsync") == 0 &&
            own.count("cudaMemsetAsync") == 1,
        "scratch memory of one's own, on a stream");
  loss.on(fg::cuda(stream)).into(mean, slope)(x, y);
  check(runtime::taken().count("cudaMallocFromPoolAsync") == 1, "a stream has scratch memory of its own");
  check(has(said_by<std::invalid_argument>(
                [&] { loss.on(fg::cuda(stream).scratch(scratch.data(), bytes - 1)).into(mean, slope)(x, y); }),
            "bytes of scratch memory"),
        "too little scratch memory is refused");
  vector shorter(999);
  check(said_by<std::invalid_argument>([&] { loss.on(fg::cuda()).into(mean, shorter)(x, y); }).size() > 0,
        "an output of another shape is refused");
  check(runtime::taken().launches.empty(), "what is refused launches nothing");
}

/// Outputs that share memory with arguments.
void check_sharing() {
  vector x(100), y(100), z(100);
  const auto refused = [](auto call) { return has(said_by<std::invalid_argument>(call), "overlaps argument"); };
  fg::device_number<float> mean;
  check(!refused([&] { loss.on(fg::cuda()).into(mean, x)(x, y); }), "a gradient may take its argument's place");
  matrix a({40, 64});
  vector v(64);
  const auto softmax = fg::fuse([](auto p) { return fg::softmax(p, fg::axis<-1>); });
  check(!refused([&] { softmax.into(a)(a); }), "a softmax may take its argument's place");
  // on the CPU two kernels, here three, the last of which reads the argument again
  const auto deviations = fg::fuse([](auto p) { return fg::outputs(fg::exp(p), fg::var(p, fg::axis<0>)); });
  check(refused([&] { deviations.into(a, v)(a); }), "what a later kernel reads may not be overwritten");
  // nothing says that the argument is read before what does not depend on it is written
  const auto crossed = fg::fuse([](auto p, auto q) { return fg::outputs(q * 2, p + 1); });
  check(refused([&] { crossed.into(x, z)(x, y); }), "what is written depends on what is read");
}

void check_recording() {
  const vector x(70'000), y(70'000);
  vector slope(70'000);
  fg::device_number<float> mean;
  const cudaStream_t stream = runtime::new_stream(0);
  const auto call = [&] { loss.on(fg::cuda(stream)).into(mean, slope)(x, y); };
  runtime::begin_recording(stream);
  check(has(said_by<std::logic_error>(call), "make the call once before"), "a recorded call needs scratch memory");
  runtime::begin_recording(nullptr);
  call();
  runtime::taken();
  runtime::begin_recording(stream);
  call();
  runtime::begin_recording(nullptr);
  const runtime::record r = runtime::taken();
  check(r.launches.size() == 1 && only_launches(r), "which the call has once it was made");
}

void check_rows() {
  const auto t = fg::value_and_grad<0>(workloads::cross_entropy);
  fg::device_number<float> mean;
  for (std::ptrdiff_t columns : {10, 1000, 4096, 32'000, 128'000}) {
    const matrix x({300, columns});
    matrix slope({300, columns});
    const fg::tensor<int, 1, fg::device> labels(300);
    t.on(fg::cuda()).into(mean, slope)(x, labels);
    runtime::taken();
    t.on(fg::cuda()).into(mean, slope)(x, labels);
    const runtime::record r = runtime::taken();
    check(r.launches.size() == 1 && only_launches(r), "rows of any length are one launch");
    const std::size_t held = r.launches[0].shared_bytes, row = 4 * static_cast<std::size_t>(columns);
    check(columns > 57'000 ? held > (200 << 10) : held >= (columns > 1024 ? row : 8 * row), "rows find room");
  }
  const matrix x({300, 1024}), w({300, 1024});
  const vector gain(1024), shift(1024);
  matrix y({300, 1024}), dx({300, 1024});
  vector dgain(1024), dshift(1024);
  const auto norm = fg::vjp<0, 1, 2>(workloads::layer_norm);
  norm.on(fg::cuda()).into(y, dx, dgain, dshift)(x, gain, shift, w);
  runtime::taken();
  norm.on(fg::cuda()).into(y, dx, dgain, dshift)(x, gain, shift, w);
  const runtime::record r = runtime::taken();
  check(r.launches.size() == 2 && only_launches(r), "layer normalisation and its gradients are two launches");
}

void check_errors() {
  const vector x(5000), y(5000);
  vector slope(5000);
  fg::device_number<float> mean;
  const cudaStream_t stream = runtime::new_stream(0);
  const int before = runtime::pieces();
  runtime::taken();
  runtime::fail("cudaMallocFromPoolAsync", cudaErrorMemoryAllocation);
  const auto call = [&] { loss.on(fg::cuda(stream)).into(mean, slope)(x, y); };
  const std::string memory = said_by<fg::simt::error>(call);
  check(has(memory, "allocation of device memory") && has(memory, "cudaErrorMemoryAllocation"),
        "an error names what failed, and CUDA's error");
  check(said_by<fg::simt::error>([&] { static_cast<void>(loss.on(fg::cuda(stream))(x, y)); }).size() > 0,
        "results that find no memory");
  check(runtime::taken().launches.empty() && runtime::pieces() == before, "without memory all is as it was");
  runtime::fail("cudaMallocFromPoolAsync", cudaSuccess);
  runtime::fail("cudaLaunchKernel", cudaErrorLaunchOutOfResources);
  check(has(said_by<fg::simt::error>(call), "launch of a kernel"), "a launch that fails says so");
  runtime::fail("cudaLaunchKernel", cudaSuccess);
  call();
  check(runtime::taken().launches.size() == 1 && cudaGetLastError() == cudaSuccess, "and the next one works");
}

void check_debugging() {
  const std::vector<float> x{0.5f, 0, 2};
  const auto found = fg::find_non_finite(fg::fuse([](auto v) { return fg::mean(fg::log(v * 3)); }), x);
  check(found.element == 1 && found.expression == "log(x0 * 3)", "nvcc compiles the reference back-end, too");
}

void check_two_gpus() {
  const vector a(300, fg::cuda(1)), b(300, fg::cuda(1)), elsewhere(300, fg::cuda(0));
  vector slope(300, fg::cuda(1));
  fg::device_number<float> mean(fg::cuda(1));
  check(runtime::taken().count("cudaMemPoolSetAccess") == 1, "other GPUs may reach what lies on one");
  loss.on(fg::cuda(1)).into(mean, slope)(a, b);
  const runtime::record r = runtime::taken();
  int current = -1;
  cudaGetDevice(&current);
  check(r.launches.size() == 1 && r.launches[0].gpu == 1 && current == 0,
        "a call runs on its GPU, and leaves the current");
  const cudaStream_t stream = runtime::new_stream(1);
  loss.on(fg::cuda(stream)).into(mean, slope)(a, b);
  check(runtime::taken().launches.at(0).gpu == 1, "a stream is its GPU's");
  const std::string mixed =
      said_by<std::invalid_argument>([&] { loss.on(fg::cuda(1)).into(mean, slope)(a, elsewhere); });
  check(has(mixed, "argument 1 lies on GPU 0") && runtime::taken().launches.empty(), "arrays on two GPUs are refused");
  const vector copied = a.to(fg::device, fg::cuda(0));
  const runtime::record copy = runtime::taken();
  check(copy.count("cudaMemcpyAsync") == 1 && copy.count("cudaStreamWaitEvent") == 2, "a copy is ordered on both GPUs");
  check(copied.where().gpu == 0, "and lies there");
}

void measure() {
  const vector x(1000), y(1000);
  vector slope(1000);
  fg::device_number<float> mean;
  constexpr int calls = 100'000;
  double best = 1e9;
  for (int k = 0; k < 5; ++k) {
    const auto start = std::chrono::steady_clock::now();
    for (int c = 0; c < calls; ++c) loss.on(fg::cuda()).into(mean, slope)(x, y);
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
    best = took.count() / calls < best ? took.count() / calls : best;
    runtime::taken();
  }
  std::printf("a call takes %.2f microseconds on the host besides what CUDA does\n", best);
}

}  // namespace

int main() {
  runtime::set_gpus(2);
  const int before = runtime::pieces();
  check_calls();
  check_sharing();
  check_recording();
  check_rows();
  check_errors();
  check_debugging();
  check_two_gpus();
  measure();
  std::printf(
      failures == 0 ? "all is as it should be; %d pieces of scratch memory are kept for streams\n" : "%d pieces\n",
      runtime::pieces() - before);
  return failures == 0 ? 0 : 1;
}
