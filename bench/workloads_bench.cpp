// Times every rival on every workload and size with Google Benchmark. Each (rival, workload, size) is checked against
// the reference before it is timed; a wrong one is reported as an error, not as a time. report.py drives this program.
#include "axes_problem.hpp"
#include "problem.hpp"
#include "rivals.hpp"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <map>
#include <string>
#include <type_traits>

namespace {

using problem::axes_instance;
using problem::axes_workload;
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

template <class Call, class Instance>
void run(benchmark::State& state, Instance& data, tolerance allowed) {
  static std::map<Instance*, problem::error> seen;
  auto [entry, first] = seen.try_emplace(&data);
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
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(data.elements()));
  state.counters["bytes_per_element"] = data.bytes_per_element();
  state.counters["loss_error"] = error.loss;
  state.counters["gradient_error"] = error.gradient;
}

template <class T, class Call>
void add(const char* name, workload w, const char* rival, tolerance allowed, Call) {
  std::string full = std::string(name) + (std::is_same_v<T, float> ? "/float/" : "/double/") + rival;
  benchmark::RegisterBenchmark(full.c_str(),
                               [w, allowed](benchmark::State& s) {
                                 run<Call>(s, problem::get<instance<T>>(w, static_cast<std::size_t>(s.range(0))),
                                           allowed);
                               })
      ->Arg(64)
      ->Arg(4096)
      ->Arg(1 << 20)
      ->Arg(1 << 24)
      ->UseRealTime()
      ->Unit(benchmark::kNanosecond);
}

struct shape {
  std::int64_t rows, columns;
};
template <class Call>
void add(const char* name, axes_workload w, std::initializer_list<shape> shapes, const char* rival, tolerance allowed,
         Call) {
  std::string full = std::string(name) + "/float/" + rival;
  auto* added = benchmark::RegisterBenchmark(full.c_str(), [w, allowed](benchmark::State& s) {
    auto rows = static_cast<std::size_t>(s.range(0)), columns = static_cast<std::size_t>(s.range(1));
    run<Call>(s, problem::get<axes_instance>(w, rows, columns), allowed);
  });
  for (auto [rows, columns] : shapes) added->Args({rows, columns});
  added->UseRealTime()->Unit(benchmark::kNanosecond);
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

#ifdef __AVX512F__
#define IF_AVX512(...) __VA_ARGS__
#else
#define IF_AVX512(...)
#endif
#ifdef BENCH_XTENSOR
#define IF_XTENSOR(...) __VA_ARGS__
#else
#define IF_XTENSOR(...)
#endif
#define ADD_ONE_AXES(space, rival, allowed, name, w, shapes, ...)                     \
  add(name, axes_workload::w, shapes, rival, allowed, [](axes_instance& p) -> float { \
    using namespace space;                                                            \
    __VA_ARGS__;                                                                      \
  });
/// `...` calls the workload's function, which is named in the namespace of each rival.
#define ADD_AXES(...)                                                 \
  ADD_ONE_AXES(fused, "fusegrad", strict<float>, __VA_ARGS__)         \
  IF_AVX512(ADD_ONE_AXES(hand::h3, "H3", strict<float>, __VA_ARGS__)) \
  ADD_ONE_AXES(hand::h2, "H2", loose<float>, __VA_ARGS__)             \
  ADD_ONE_AXES(hand::h1, "H1", loose<float>, __VA_ARGS__)             \
  ADD_ONE_AXES(eigen_style, "Eigen", loose<float>, __VA_ARGS__)       \
  IF_XTENSOR(ADD_ONE_AXES(xtensor_style, "xtensor", loose<float>, __VA_ARGS__))

void add_axes() {
  const auto images = {shape{409600, 10}, shape{40960, 100}, shape{4096, 1000}, shape{410, 10000}, shape{4, 1 << 20}};
  const auto layer = {shape{4096, 1024}};
  const auto digits = {shape{1797, 64}};
  const auto patients = {shape{569, 30}};
  ADD_AXES("W7_cross_entropy", cross_entropy, images, return cross_entropy(p.in[0], p.label, p.out[0], p.n, p.m))
  add("W7_cross_entropy", axes_workload::cross_entropy, images, "copy", unchecked, [](axes_instance& p) {
    hand::streaming_copy<1, 1>(p.in, p.out, p.n * p.m);
    return 0.0f;
  });
  ADD_AXES("W10_layer_norm", layer_norm, layer,
           layer_norm(p.in[0], p.in[1], p.in[2], p.in[3], p.out[0], p.out[1], p.out[2], p.out[3], p.n, p.m);
           return 0)
  add("W10_layer_norm", axes_workload::layer_norm, layer, "copy", unchecked, [](axes_instance& p) {
    const float* in[] = {p.in[0], p.in[3]};
    hand::streaming_copy<2, 2>(in, p.out, p.n * p.m);
    return 0.0f;
  });
  ADD_AXES("W11_bias_gelu", bias_gelu, layer, bias_gelu(p.in[0], p.in[1], p.in[2], p.out[0], p.out[1], p.n, p.m);
           return 0)
  add("W11_bias_gelu", axes_workload::bias_gelu, layer, "copy", unchecked, [](axes_instance& p) {
    const float* in[] = {p.in[0], p.in[2]};
    hand::streaming_copy<2, 1>(in, p.out, p.n * p.m);
    return 0.0f;
  });
  ADD_AXES(
      "W12_softmax_regression", softmax_regression, digits,
      return softmax_regression(p.in[0], p.in[1], p.in[2], p.label, p.out[0], p.out[1], p.n, p.m, problem::classes))
  ADD_AXES("W13_linear_focal", linear_focal, patients,
           return linear_focal(p.in[0], p.in[1], *p.in[2], p.in[3], p.out[0], p.out[1], p.n, p.m))
}

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
  add_axes();
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
