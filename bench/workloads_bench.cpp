// Times every rival on every workload and size with Google Benchmark. Each (rival, workload, size) is checked against
// the reference before it is timed; a wrong one is reported as an error, not as a time. report.py drives this program.
#include "problem.hpp"
#include "rivals.hpp"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <type_traits>
#include <utility>

namespace {

using problem::workload;
template <class T>
using instance = problem::instance<T>;

struct tolerance {
  double loss, gradient;
};
template <class T>
constexpr tolerance strict = {std::is_same_v<T, float> ? 3e-6 : 1e-13, std::is_same_v<T, float> ? 2e-5 : 1e-12};
/// Loops that sum in one variable lose digits at large n by nature (and with them the gradients of dice): reported.
template <class T>
constexpr tolerance loose = {1.0, 0.1};
constexpr tolerance unchecked = {1e300, 1e300};

template <class T, class Call>
void run(benchmark::State& state, workload w, tolerance allowed) {
  auto& data = problem::get<T>(w, static_cast<std::size_t>(state.range(0)));
  static std::map<std::pair<workload, std::size_t>, typename instance<T>::error> seen;
  auto [entry, first] = seen.try_emplace({w, data.n});
  if (first) {
    data.spoil();
    entry->second = data.check(static_cast<double>(Call{}(data)));
  }
  auto error = entry->second;
  if (!(error.loss <= allowed.loss) || !(error.gradient <= allowed.gradient)) {
    char text[128];
    std::snprintf(text, sizeof text, "wrong: loss off by %.2g, gradient by %.2g", error.loss, error.gradient);
    state.SkipWithError(text);
    return;
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(Call{}(data));
    benchmark::ClobberMemory();
  }
  auto [inputs, outputs, has_loss] = problem::shape_of(w);
  double moved = static_cast<double>(inputs + outputs + (w == workload::dice ? 2 : 0)) * sizeof(T);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(data.n));
  state.counters["bytes_per_element"] = moved;
  state.counters["loss_error"] = error.loss;
  state.counters["gradient_error"] = error.gradient;
}

template <class T, class Call>
void add(const char* name, workload w, const char* rival, tolerance allowed, Call) {
  std::string full = std::string(name) + (std::is_same_v<T, float> ? "/float/" : "/double/") + rival;
  benchmark::RegisterBenchmark(full.c_str(), [w, allowed](benchmark::State& s) { run<T, Call>(s, w, allowed); })
      ->Arg(64)
      ->Arg(4096)
      ->Arg(1 << 20)
      ->Arg(1 << 24)
      ->UseRealTime()
      ->Unit(benchmark::kNanosecond);
}

#ifdef __AVX512F__
#define ADD_H3(T, name, w, ...)                              \
  add<T>(name, w, "H3", strict<T>, [](instance<T>& p) -> T { \
    using namespace hand::h3;                                \
    __VA_ARGS__;                                             \
  });
#else
#define ADD_H3(T, name, w, ...)
#endif
#define ADD(T, name, w, ...)                                       \
  add<T>(name, w, "fusegrad", strict<T>, [](instance<T>& p) -> T { \
    using namespace fused;                                         \
    __VA_ARGS__;                                                   \
  });                                                              \
  ADD_H3(T, name, w, __VA_ARGS__)                                  \
  add<T>(name, w, "H2", loose<T>, [](instance<T>& p) -> T {        \
    using namespace hand::h2;                                      \
    __VA_ARGS__;                                                   \
  });                                                              \
  add<T>(name, w, "H1", loose<T>, [](instance<T>& p) -> T {        \
    using namespace hand::h1;                                      \
    __VA_ARGS__;                                                   \
  });                                                              \
  add<T>(name, w, "Eigen", loose<T>, [](instance<T>& p) -> T {     \
    using namespace eigen_style;                                   \
    __VA_ARGS__;                                                   \
  });
#define ADD_COPY(T, name, w, inputs, outputs)                  \
  add<T>(name, w, "copy", unchecked, [](instance<T>& p) -> T { \
    hand::streaming_copy<inputs, outputs>(p.in, p.out, p.n);   \
    return 0;                                                  \
  });

void add_all() {
  ADD(float, "W1_mse", workload::mse, return mse(p.in[0], p.in[1], p.out[0], p.n))
  ADD_COPY(float, "W1_mse", workload::mse, 2, 1)
  ADD(float, "W2_huber", workload::huber, return huber(p.in[0], p.in[1], p.out[0], p.n))
  ADD_COPY(float, "W2_huber", workload::huber, 2, 1)
  ADD(float, "W3_focal", workload::focal, return focal(p.in[0], p.in[1], p.out[0], p.n))
  ADD_COPY(float, "W3_focal", workload::focal, 2, 1)
  ADD(double, "W3_focal", workload::focal, return focal(p.in[0], p.in[1], p.out[0], p.n))
  ADD_COPY(double, "W3_focal", workload::focal, 2, 1)
  ADD(float, "W4_gaussian_nll", workload::gaussian_nll,
      return gaussian_nll(p.in[0], p.in[1], p.in[2], p.out[0], p.out[1], p.n))
  ADD_COPY(float, "W4_gaussian_nll", workload::gaussian_nll, 3, 2)
  ADD(float, "W5_giou", workload::giou, return giou(p.in, p.in + 4, p.out, p.n))
  ADD_COPY(float, "W5_giou", workload::giou, 8, 4)
  ADD(float, "W6_black_scholes", workload::black_scholes,
      black_scholes(p.in[0], p.in[1], p.in[2], p.in[3], static_cast<float>(problem::rate), p.out[0], p.out[1], p.out[2],
                    p.out[3], p.n);
      return 0)
  ADD_COPY(float, "W6_black_scholes", workload::black_scholes, 4, 4)
  ADD(double, "W6_black_scholes", workload::black_scholes,
      black_scholes(p.in[0], p.in[1], p.in[2], p.in[3], problem::rate, p.out[0], p.out[1], p.out[2], p.out[3], p.n);
      return 0)
  ADD_COPY(double, "W6_black_scholes", workload::black_scholes, 4, 4)
  ADD(float, "W8_dice", workload::dice, return dice(p.in[0], p.in[1], p.out[0], p.n))
  add<float>("W8_dice", workload::dice, "copy", unchecked, [](instance<float>& p) {
    float all = hand::streaming_read<2>(p.in, p.n);
    hand::streaming_copy<2, 1>(p.in, p.out, p.n);
    return all;
  });
}

}  // namespace

int main(int argc, char** argv) {
  add_all();
#ifdef BENCH_COMPILER
  benchmark::AddCustomContext("compiler", BENCH_COMPILER);
  benchmark::AddCustomContext("flags", BENCH_FLAGS);
#endif
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
